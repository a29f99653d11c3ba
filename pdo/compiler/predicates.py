"""Tests on values: from a `Test` to a condition that is true or false, never unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.model.conditions import (
    AgeRange,
    Ages,
    AheadRange,
    DayRange,
    Duration,
    Filled,
    Negated,
    OneOf,
    Range,
    Test,
    TextTest,
    Window,
)
from pdo.model.fields import Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdo.compiler.clock import Clock


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a test looks at.

    Args:
        type: what it is.
        number: the value itself: text, integer in the type's units, seconds of an instant, day number of a date.
        day: the local day number of an instant or date.
        per: the divisor of an average, kept apart so that limits are compared as products.
        search: makes the condition that a text is found by a search; None for what is no text column.
    """

    type: Type
    number: exp.Expr
    day: exp.Expr | None = None
    per: exp.Expr | None = None
    search: Callable[[TextTest], exp.Expr] | None = None


def predicate(test: Test, value: Value, clock: Clock) -> exp.Expr:
    """The condition that a value passes a test.

    Absent values pass nothing but `Filled(exists=False)` and what is turned round.
    """
    match test:
        case Negated(inner):
            return sql.opposite(predicate(inner, value, clock))
        case Filled(exists):
            return sql.present(value.number.copy()) if exists else sql.absent(value.number.copy())
        case OneOf(values):
            return sql.known(_one_of(values, value))
        case Range():
            return sql.known(_range(test, value))
        case TextTest():
            if value.search is None:
                message = "text is searched in columns only"
                raise TypeError(message)
            return value.search(test)
        case AgeRange(low, high):
            return sql.known(_age(low, high, value, clock))
        case AheadRange(low, high):
            return sql.known(_ahead(low, high, value, clock))
        case DayRange(first, last):
            day = _day_of(value)
            limits: list[exp.Expr] = [exp.GTE(this=day.copy(), expression=clock.day(first))] if first else []
            limits += [exp.LTE(this=day.copy(), expression=clock.day(last))] if last else []
            return sql.known(sql.every(limits))


def _day_of(value: Value) -> exp.Expr:
    return value.number if value.day is None else value.day


def _scaled(limit: int | str, value: Value) -> exp.Expr:
    """The limit, times the divisor where the value is an average."""
    if value.per is None:
        return sql.literal(limit)
    return exp.Mul(this=sql.literal(limit), expression=value.per.copy())


def _one_of(values: tuple[str | int, ...], value: Value) -> exp.Expr:
    if value.per is not None:
        return sql.some(exp.EQ(this=value.number.copy(), expression=_scaled(one, value)) for one in values)
    # A date that a moment is compared with means its whole day.
    number = _day_of(value) if value.type is Type.INSTANT else value.number
    if len(values) == 1:
        return exp.EQ(this=number.copy(), expression=sql.literal(values[0]))
    return exp.In(this=number.copy(), expressions=[sql.literal(one) for one in values])


def _range(test: Range, value: Value) -> exp.Expr:
    limits: list[exp.Expr] = []
    if test.low is not None:
        above = exp.GT if test.low_open else exp.GTE
        limits.append(above(this=value.number.copy(), expression=_scaled(test.low, value)))
    if test.high is not None:
        below = exp.LT if test.high_open else exp.LTE
        limits.append(below(this=value.number.copy(), expression=_scaled(test.high, value)))
    return sql.every(limits)


def _age(low: Duration | None, high: Duration | None, value: Value, clock: Clock) -> exp.Expr:
    """How long ago. A moment to come has no age, so it never holds."""
    day = _day_of(value)
    limits: list[exp.Expr] = []
    if low is None:
        limits.append(exp.LTE(this=day.copy(), expression=clock.today()))
    elif low.is_exact:
        limits.append(exp.LTE(this=value.number.copy(), expression=clock.seconds_before(low)))
    else:
        limits.append(exp.LTE(this=day.copy(), expression=clock.days_before(low)))
    if high is not None and high.is_exact:
        limits.append(exp.GTE(this=value.number.copy(), expression=clock.seconds_before(high)))
        limits.append(exp.LTE(this=value.number.copy(), expression=clock.instant()))
    elif high is not None:
        limits.append(exp.GTE(this=day.copy(), expression=clock.days_before(high)))
    return sql.every(limits)


def _ahead(low: Duration | None, high: Duration | None, value: Value, clock: Clock) -> exp.Expr:
    day = _day_of(value)
    limits: list[exp.Expr] = []
    if low is not None and low.is_exact:
        limits.append(exp.GTE(this=value.number.copy(), expression=clock.seconds_after(low)))
    else:
        from_day = clock.today() if low is None else clock.days_after(low)
        limits.append(exp.GTE(this=day.copy(), expression=from_day))
    if high is not None and high.is_exact:
        limits.append(exp.LTE(this=value.number.copy(), expression=clock.seconds_after(high)))
    elif high is not None:
        limits.append(exp.LTE(this=day.copy(), expression=clock.days_after(high)))
    return sql.every(limits)


def window(wanted: Window | None, value: Value, clock: Clock) -> exp.Expr:
    """The condition that a moment lies in a window."""
    if wanted is None:
        return exp.true()
    if not isinstance(wanted, Ages):
        raise NotImplementedError
    (within,) = wanted.below
    if within.is_exact:
        return exp.GT(this=value.number.copy(), expression=clock.seconds_before(within))
    return exp.GT(this=_day_of(value).copy(), expression=clock.days_before(within))
