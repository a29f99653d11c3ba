"""Sets of values that a test lets through: stretches of numbers, and words.

A limit is a cut between numbers: `(3, 0)` lies just before 3, `(3, 1)` just behind it, so that open and closed ends are told
apart without fractions. Sets are plain tuples, for every test of every rule makes one.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf

Cut = tuple[float, int]
Numbers = tuple[tuple[Cut, Cut], ...]
"""Stretches in rising order, none empty, none touching the next."""

Words = tuple[bool, frozenset[object]]
"""These, or (with `False`) all but these."""

LEAST, MOST = (-inf, 0), (inf, 1)
EVERY: Numbers = ((LEAST, MOST),)


def between(low: int | None, high: int | None, *, low_open: bool = False, high_open: bool = False) -> Numbers:
    """The numbers from one limit to another; None is no limit."""
    start = LEAST if low is None else (low, int(low_open))
    end = MOST if high is None else (high, int(not high_open))
    return ((start, end),) if start < end else ()


def points(values: tuple[int, ...]) -> Numbers:
    """These numbers alone."""
    return tuple(((value, 0), (value, 1)) for value in sorted(set(values)))


def common(one: Numbers, other: Numbers, *, whole: bool) -> Numbers:
    """What both have; of `whole` numbers a stretch without any is nothing."""
    found = []
    for low, high in one:
        for start, end in other:
            left, right = max(low, start), min(high, end)
            if left < right and not (whole and _is_hollow(left, right)):
                found.append((left, right))
    return tuple(found)


def _is_hollow(low: Cut, high: Cut) -> bool:
    return low[0] + low[1] > high[0] - (1 - high[1])


def outside(numbers: Numbers) -> Numbers:
    """All numbers that are not there."""
    edges = [LEAST, *(edge for stretch in numbers for edge in stretch), MOST]
    return tuple((low, high) for low, high in list(pairwise(edges))[::2] if low < high)


def least(numbers: Numbers) -> float:
    """The lowest whole number at or above which all lie; infinite where there is none."""
    if not numbers:
        return inf
    value, side = numbers[0][0]
    return value + side


def greatest(numbers: Numbers) -> float:
    """The highest whole number at or below which all lie."""
    if not numbers:
        return -inf
    value, side = numbers[-1][1]
    return value - (1 - side)


def both_words(one: Words, other: Words) -> Words:
    """What both let through."""
    if one[0] and other[0]:
        return True, one[1] & other[1]
    if one[0]:
        return True, one[1] - other[1]
    if other[0]:
        return True, other[1] - one[1]
    return False, one[1] | other[1]
