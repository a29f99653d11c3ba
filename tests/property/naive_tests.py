"""The tests of the language on one value of one customer."""

from __future__ import annotations

import re
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pdo.model.conditions import (
    AgeRange,
    AheadRange,
    Anniversary,
    Completed,
    DayRange,
    Duration,
    Filled,
    Has,
    Negated,
    OneOf,
    Range,
    Test,
    TextOperator,
    TextTest,
    Turns,
)
from pdo.model.fields import Type
from tests.property.naive_time import Clock, in_year, is_between, number_day, shift

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

Value = str | int | Fraction | tuple[str, ...] | None

TIMES = (Type.INSTANT, Type.DATE)


def holds(test: Test, value: Value, type_: Type, clock: Clock) -> bool:
    """Whether a test holds of a value; absent values satisfy nothing but `exists: false` and what is turned round."""
    if isinstance(test, Negated):
        return not holds(test.test, value, type_, clock)
    if isinstance(test, Filled):
        return (value is not None) is test.exists
    return value is not None and TESTS[type(test)](test, value, type_, clock)


def day_in(value: Any, type_: Type, clock: Clock) -> date:
    """The local date of an instant or of a day number."""
    return clock.day_of(value) if type_ is Type.INSTANT else number_day(value)


def _is_one_of(test: OneOf, value: Any, type_: Type, clock: Clock) -> bool:
    if type_ in TIMES:
        return any(day_in(value, type_, clock) == number_day(int(one)) for one in test.values)
    return any(value == one for one in test.values)


def _is_in_range(test: Range, value: Any, _type: Type, _clock: Clock) -> bool:
    if test.low is not None and (value < test.low or (test.low_open and value == test.low)):
        return False
    return not (test.high is not None and (value > test.high or (test.high_open and value == test.high)))


def _is_found(test: TextTest, value: Any, _type: Type, _clock: Clock) -> bool:
    match test.operator:
        case TextOperator.CONTAINS:
            return test.value in value
        case TextOperator.STARTS_WITH:
            return str(value).startswith(test.value)
        case TextOperator.ENDS_WITH:
            return str(value).endswith(test.value)
        case TextOperator.MATCHES:
            return re.search(test.value, value) is not None


def _is_so_old(test: AgeRange, value: Any, type_: Type, clock: Clock) -> bool:
    day = day_in(value, type_, clock)
    if day > clock.today:
        return False
    exact = [end for end in (test.low, test.high) if end is not None and end.is_exact]
    if exact and value > clock.at:
        return False
    if test.low is not None and not _at_least(test.low, value, day, clock):
        return False
    return test.high is None or _at_most(test.high, value, day, clock)


def _at_least(length: Duration, value: Any, day: date, clock: Clock) -> bool:
    return clock.at - value >= length.seconds if length.is_exact else day <= shift(clock.today, length, -1)


def _at_most(length: Duration, value: Any, day: date, clock: Clock) -> bool:
    return clock.at - value <= length.seconds if length.is_exact else day >= shift(clock.today, length, -1)


def _lies_ahead(low: Duration | None, high: Duration | None, day: date, clock: Clock) -> bool:
    """Between so far and so far from today on, both included; without a lower end from today on."""
    first = clock.today if low is None else shift(clock.today, low)
    return day >= first and (high is None or day <= shift(clock.today, high))


def _is_so_far_ahead(test: AheadRange, value: Any, type_: Type, clock: Clock) -> bool:
    return _lies_ahead(test.low, test.high, day_in(value, type_, clock), clock)


def _is_in_days(test: DayRange, value: Any, type_: Type, clock: Clock) -> bool:
    return is_between(test, day_in(value, type_, clock), clock)


def _has_anniversary(test: Anniversary, value: Any, type_: Type, clock: Clock) -> bool:
    day = day_in(value, type_, clock)
    years = range(day.year + 1, max(clock.today.year, day.year) + 60)
    return any(_lies_ahead(test.low, test.high, in_year(day, year), clock) for year in years)


def _has_completed(test: Completed, value: Any, type_: Type, clock: Clock) -> bool:
    birth = day_in(value, type_, clock)
    if test.low is not None and shift(birth, test.low) > clock.today:
        return False
    if test.high is None:
        return True
    beyond = test.high if test.below else Duration(test.high.count + 1, test.high.unit)
    return clock.today < shift(birth, beyond)


def _turns(test: Turns, value: Any, type_: Type, clock: Clock) -> bool:
    return _lies_ahead(test.low, test.high, shift(day_in(value, type_, clock), test.age), clock)


def _has(test: Has, value: Any, _type: Type, _clock: Clock) -> bool:
    found = [one in value for one in test.values]
    return all(found) if test.every else any(found)


TESTS: Mapping[type, Callable[[Any, Any, Type, Clock], bool]] = MappingProxyType(
    {
        OneOf: _is_one_of,
        Range: _is_in_range,
        TextTest: _is_found,
        AgeRange: _is_so_old,
        AheadRange: _is_so_far_ahead,
        DayRange: _is_in_days,
        Anniversary: _has_anniversary,
        Completed: _has_completed,
        Turns: _turns,
        Has: _has,
    }
)
"""What can be said of a value alone; `Top` and `Level` need everybody's, `InWindow` the customer (see `oracle`)."""
