"""Points, cuts and ranks, with numbers as schools teach them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from hashlib import sha256
from math import floor
from typing import TYPE_CHECKING, Any

from pdo.model.conditions import Level, Middle, Top
from pdo.model.playbook import Fading

if TYPE_CHECKING:
    from tests.property.naive_measures import Row

Values = Mapping[int, Any]
"""Customer → the value, of those who have it."""


def rankable(value: Any) -> Any:
    """What ranks go by: whole ten-thousandths of what is a quotient."""
    return Fraction(floor(value * 10_000), 10_000) if isinstance(value, Fraction) else value


def best(values: Values, keys: Mapping[int, str], *, descending: bool = True) -> list[int]:
    """The customers, best first, ties by natural key."""
    order = sorted(values, key=lambda one: keys[one])
    return sorted(order, key=lambda one: rankable(values[one]), reverse=descending)


def how_many(total: int, count: int | None, share: int | None) -> int:
    """How many a top is of so many."""
    if share is not None:
        return total * share // 10_000
    return total if count is None else count


def in_top(test: Top, values: Values, keys: Mapping[int, str]) -> frozenset[int]:
    """Who is among the highest."""
    return frozenset(best(values, keys)[: how_many(len(values), test.count, test.share)])


def middle_of(values: Sequence[Any], middle: Middle) -> Fraction:
    """The average or the median."""
    if middle is Middle.AVERAGE:
        return Fraction(sum(map(Fraction, values)), len(values))
    return quantile(values, Fraction(1, 2))


def quantile(values: Sequence[Any], share: Fraction) -> Fraction:
    """By linear interpolation between the two nearest (type 7 of Hyndman and Fan)."""
    ordered = sorted(map(Fraction, values))
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def on_level(test: Level, values: Values) -> frozenset[int]:
    """Who is strictly above or below the middle."""
    if not values:
        return frozenset()
    ranked = {one: rankable(value) for one, value in values.items()}
    middle = middle_of(list(ranked.values()), test.middle)
    return frozenset(one for one, value in ranked.items() if (value > middle if test.above else value < middle))


def quintiles(values: Values, *, unit: int = 1) -> dict[int, int]:
    """1 to 5 for each: one more than there are cuts that the value has reached; a cut is one unit above the quantile.

    Source: the R package `rfm`.
    """
    cuts = [quantile(list(values.values()), Fraction(place, 5)) + unit for place in range(1, 5)] if values else []
    return {one: 1 + sum(cut <= value for cut in cuts) for one, value in values.items()}


def faded(add: int, age: int, fades: tuple[Fading, int] | None) -> int:
    """The points of a row so many whole days later, rounded half up to whole thousandths."""
    if fades is None:
        return add
    how, days = fades
    if how is Fading.TO_ZERO_IN:
        return floor(Fraction(add * max(days - age, 0), days) + Fraction(1, 2))
    if age % days == 0:
        return floor(Fraction(add, 2 ** (age // days)) + Fraction(1, 2))
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(add) * Decimal(2) ** (Decimal(-age) / Decimal(days))
        return floor(exact + Decimal("0.5"))


def hundredth(customer: Row) -> int:
    """The stable hundredth of a customer, 0 to 99."""
    digits = sha256(f"bucket||{customer['seed']}".encode()).hexdigest()[:16]
    return int(digits, 16) * 100 // 2**64
