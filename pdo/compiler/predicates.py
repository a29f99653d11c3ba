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
    Anniversary,
    Calendar,
    Completed,
    DayRange,
    Duration,
    Filled,
    Has,
    InWindow,
    Level,
    Negated,
    OneOf,
    Range,
    Since,
    Test,
    TextTest,
    Top,
    Turns,
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
        per: the divisor of an average, kept apart so that limits are compared as products; above 0 where the value is there.
        search: makes the condition that a test is met which is answered once for each different value; None where the value
            stands in no column.
        among: makes the condition that the value stands so among those of all customers; None where it cannot be asked.
        anchor: the moment that a window since it begins at; None where there is none.
    """

    type: Type
    number: exp.Expr
    day: exp.Expr | None = None
    per: exp.Expr | None = None
    search: Callable[[TextTest | Has | Anniversary], exp.Expr] | None = None
    among: Callable[[Top | Level], exp.Expr] | None = None
    anchor: Callable[[Since], Value] | None = None


def predicate(test: Test, value: Value, clock: Clock) -> exp.Expr:  # noqa: C901, PLR0911, PLR0912 - one line a test
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
        case AgeRange(low, high):
            return sql.known(_age(low, high, value, clock))
        case AheadRange(low, high):
            return sql.known(_ahead(low, high, value, clock))
        case DayRange():
            return sql.known(window(test, value, clock))
        case InWindow(wanted):
            return sql.known(window(wanted, value, clock))
        case Completed() | Turns():
            first, last = _births(test, clock)
            return sql.known(_between(_day_of(value), first, last))
        case Anniversary(_, None):
            # There is always one still to come.
            return sql.present(value.number.copy())
        case Anniversary(_, high) if high is not None and (value.search is None or clock.bounds is not None):
            stretches = clock.anniversaries(test.low, high)
            return sql.known(exp.paren(sql.some(_between(_day_of(value), *one) for one in stretches)))
        case TextTest() | Has() | Anniversary():
            if value.search is None:
                message = "text is searched in columns only"
                raise TypeError(message)
            return value.search(test)
        case Top() | Level():
            if value.among is None:
                message = "a rank is one among customers"
                raise TypeError(message)
            return value.among(test)


def _births(test: Completed | Turns, clock: Clock) -> tuple[exp.Expr | None, exp.Expr | None]:
    """The first and the last day of birth that an age allows."""
    if isinstance(test, Turns):
        latest = None if test.high is None else clock.turning_by(test.age, test.high)
        return clock.turning_from(test.age, test.low), latest
    last = None if test.low is None else clock.born_by(test.low)
    if test.high is None:
        return None, last
    above = test.high if test.below else Duration(test.high.count + 1, test.high.unit)
    return clock.born_after(above), last


def _between(day: exp.Expr, first: exp.Expr | None, last: exp.Expr | None) -> exp.Expr:
    limits: list[exp.Expr] = []
    if first is not None:
        limits.append(exp.GTE(this=day.copy(), expression=first))
    if last is not None:
        limits.append(exp.LTE(this=day.copy(), expression=last))
    return sql.every(limits) if limits else sql.present(day.copy())


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
    """The condition that a moment lies in a window: `30d` is today and the 29 days before, `24h` counts back from now."""
    match wanted:
        case None:
            return exp.true()
        case Ages(low, below):
            return sql.every([*_old_enough(low, value, clock), *_young_enough(below, value, clock)])
        case Calendar():
            return _between(_day_of(value), *clock.stretch(wanted))
        case DayRange(first, last):
            day = _day_of(value)
            limits: list[exp.Expr] = [exp.GTE(this=day.copy(), expression=clock.day(first))] if first else []
            limits += [exp.LTE(this=day.copy(), expression=clock.day(last))] if last else []
            return sql.every(limits)
        case Since():
            if value.anchor is None:
                message = f"no moment to begin at: {wanted.anchor}"
                raise TypeError(message)
            start = value.anchor(wanted)
            mine = _day_of(value) if start.type is Type.DATE else value.number
            return sql.known(exp.GTE(this=mine.copy(), expression=start.number))


def _old_enough(low: tuple[Duration, ...], value: Value, clock: Clock) -> list[exp.Expr]:
    if not low:
        return []
    if low[0].is_exact:
        return [exp.LTE(this=value.number.copy(), expression=clock.seconds_before(*low))]
    return [exp.LTE(this=_day_of(value).copy(), expression=clock.days_before(*low))]


def _young_enough(below: tuple[Duration, ...], value: Value, clock: Clock) -> list[exp.Expr]:
    if not below:
        return []
    if below[0].is_exact:
        return [exp.GT(this=value.number.copy(), expression=clock.seconds_before(*below))]
    return [exp.GT(this=_day_of(value).copy(), expression=clock.days_before(*below))]
