"""How points lose weight: worked out once for every whole day of age, so that a program only adds integers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TYPE_CHECKING

from pdo.model.playbook import Fading

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 40_000
"""Days: no row is older."""
DIGITS = 50


def points_by_age(fading: Fading, days: int, add: int) -> Iterator[tuple[int, int]]:
    """What a row of each age in whole days is worth, until it is worth nothing.

    Args:
        days: the half-life, or until it is worth nothing.
        add: what it is worth on its day, in thousandths of a point.

    Returns:
        Pairs of age and thousandths of a point, rounded half away from zero.
    """
    with localcontext() as context:
        context.prec = DIGITS
        step = Decimal(2) ** (Decimal(-1) / days)
        weight = Decimal(1)
        for age in range(LONGEST if fading is Fading.HALF_LIFE else days):
            left = weight if fading is Fading.HALF_LIFE else Decimal(days - age) / days
            points = int((left * add).quantize(Decimal(1), ROUND_HALF_UP))
            if points == 0 and fading is Fading.HALF_LIFE:
                return
            yield age, points
            weight *= step
