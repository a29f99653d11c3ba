"""Hypothesis strategies for tests: what a playbook may ask of a value of a type."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pdo.model.conditions import (
    AgeRange,
    AheadRange,
    Anniversary,
    Completed,
    Day,
    DayRange,
    Duration,
    Filled,
    Has,
    Level,
    Middle,
    Negated,
    OneOf,
    Range,
    Test,
    TextOperator,
    TextTest,
    Top,
    Turns,
    Unit,
)
from pdo.model.fields import Type
from tests.property.populations import AMOUNTS, TASTES, WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

    from pdo.core.calendar import Moment

NUMBERS: Mapping[Type, tuple[int, ...]] = MappingProxyType(
    {
        Type.INTEGER: (0, 1, 2, 3, 7, 30, 60, 365),
        Type.NUMBER: (0, 1000, 1500, 3000, 4500),
        Type.MONEY: (*AMOUNTS, 5_000, 15_000, 30_000, 60_000),
    }
)
DAYS = tuple(Duration(count, Unit.DAY) for count in (0, 1, 2, 7, 30, 60, 365))
SPANS = (
    *DAYS,
    Duration(1, Unit.WEEK),
    Duration(1, Unit.MONTH),
    Duration(2, Unit.MONTH),
    Duration(1, Unit.YEAR),
    Duration(18, Unit.YEAR),
)
EXACT = (Duration(1, Unit.HOUR), Duration(24, Unit.HOUR), Duration(48, Unit.HOUR), Duration(60, Unit.MINUTE))
UNITS_OF_AGE = (
    *(Duration(count, Unit.YEAR) for count in (0, 1, 2, 17, 18, 25, 35)),
    *(Duration(count, Unit.MONTH) for count in (-10, -1, 0, 1, 2, 6, 11, 12, 24)),
    *(Duration(count, Unit.DAY) for count in (-30, -7, 0, 1, 30, 365)),
    Duration(1, Unit.WEEK),
)
PATTERNS = ("^水果", "礼盒$", "a.b", "[0-9]+%", "(果|鲜)", "^a_b$", "É")


@cache
def _ranges(values: tuple[int, ...]) -> SearchStrategy[Range]:
    ordered = st.tuples(st.sampled_from(values), st.sampled_from(values)).map(lambda ends: (min(ends), max(ends)))
    both = ordered.map(lambda ends: Range(ends[0], ends[1]))
    open_ends = st.builds(Range, st.sampled_from(values), st.none(), st.booleans())
    below = st.builds(
        lambda high, is_open: Range(None, high, high_open=is_open), st.sampled_from(values), st.booleans()
    )
    apart = ordered.filter(lambda ends: ends[0] < ends[1])
    strict = apart.map(lambda ends: Range(ends[0], ends[1], low_open=True, high_open=True))
    return st.one_of(both, open_ends, below, strict)


@cache
def _words() -> SearchStrategy[Test]:
    words = st.sampled_from((*WORDS, "客户回复", "已付款", "张三", "s1", "油性", "o1", "没有"))
    return st.lists(words, min_size=1, max_size=4, unique=True).map(lambda found: OneOf(tuple(found)))


@cache
def _searches() -> SearchStrategy[Test]:
    operators = st.sampled_from([one for one in TextOperator if one is not TextOperator.MATCHES])
    parts = st.sampled_from(("果", "水", "%", "_", "a", "盒", "'", '"', "0", "\\", "["))
    matches = st.builds(TextTest, st.just(TextOperator.MATCHES), st.sampled_from(PATTERNS))
    return st.one_of(st.builds(TextTest, operators, parts), st.builds(TextTest, operators, parts), matches)


@cache
def lengths(known: tuple[Duration, ...]) -> SearchStrategy[tuple[Duration | None, Duration | None]]:
    """From a length, up to one, or between two of the same unit."""
    one = st.sampled_from(known)
    ordered = [(low, high) for low in known for high in known if low.unit is high.unit and low.count <= high.count]
    return st.one_of(
        one.map(lambda low: (low, None)),
        one.map(lambda high: (None, high)),
        st.sampled_from(ordered),
        st.sampled_from(ordered),
    )


@st.composite
def days(draw: st.DrawFn, now: Moment) -> Day:
    """Dates as they are written, fixed or relative."""
    if draw(st.booleans()):
        return Day(draw(st.sampled_from((0, -1, 1, -2))), relative=True)
    return Day(now.today - draw(st.sampled_from((0, 1, 7, 30, 60, 365, -1, -7))))


@cache
def day_ranges(now: Moment) -> SearchStrategy[DayRange]:
    """From a day, up to one, or one alone."""
    return st.one_of(
        st.builds(DayRange, days(now), st.none()),
        st.builds(DayRange, st.none(), days(now)),
        days(now).map(lambda day: DayRange(day, day)),
    )


def _some_days(now: Moment) -> SearchStrategy[Test]:
    fixed = st.integers(-3, 60).map(lambda age: now.today - age)
    return st.lists(fixed, min_size=1, max_size=3, unique=True).map(lambda found: OneOf(tuple(found)))


@cache
@st.composite
def completed(draw: st.DrawFn) -> Completed:
    """Ages in completed units, before birth too."""
    low, high = draw(lengths(UNITS_OF_AGE))
    return Completed(low, high, below=high is not None and draw(st.booleans()))


@cache
@st.composite
def turns(draw: st.DrawFn) -> Turns:
    """Days on which an age is reached."""
    age = draw(st.sampled_from([one for one in UNITS_OF_AGE if one.count > 0]))
    return Turns(age, *draw(lengths((*DAYS, Duration(1, Unit.MONTH), Duration(1, Unit.YEAR)))))


@cache
def tops() -> SearchStrategy[Top]:
    """The highest so many, or such a share."""
    shares = (1, 1_000, 2_500, 3_333, 5_000, 9_999, 10_000)
    return st.one_of(
        st.sampled_from((1, 2, 3, 100)).map(Top), st.sampled_from(shares).map(lambda share: Top(None, share))
    )


@cache
def levels() -> SearchStrategy[Level]:
    """Above or below the middle of all."""
    return st.builds(Level, st.booleans(), st.sampled_from(Middle))


def _of_times(now: Moment, type_: Type, *, past: bool) -> list[SearchStrategy[Test]]:
    found: list[SearchStrategy[Test]] = [
        lengths(SPANS).map(lambda ends: AgeRange(*ends)),
        day_ranges(now),
        _some_days(now),
        lengths((*DAYS, Duration(1, Unit.MONTH))).map(lambda ends: Anniversary(*ends)),
        completed(),
        turns(),
    ]
    if type_ is Type.INSTANT:
        found.append(lengths(EXACT).map(lambda ends: AgeRange(*ends)))
    if not past:
        found.append(lengths(SPANS).map(lambda ends: AheadRange(*ends)))
    return found


def _of_numbers(type_: Type, *, ranked: bool) -> list[SearchStrategy[Test]]:
    values = NUMBERS[type_]
    several = st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)
    found: list[SearchStrategy[Test]] = [_ranges(values), several.map(lambda ones: OneOf(tuple(ones)))]
    return [*found, tops(), levels()] if ranked else found


def plain_tests(type_: Type, now: Moment, *, past: bool = False, ranked: bool = False) -> list[SearchStrategy[Test]]:
    """Tests of the kinds that a type allows, a strategy for each kind.

    Args:
        past: nothing can be asked of the future.
        ranked: each customer has one such value.
    """
    if type_ in (Type.TEXT, Type.PHONE):
        return [_words(), _searches()]
    if type_ is Type.BOOLEAN:
        return [st.sampled_from((0, 1)).map(lambda flag: OneOf((flag,)))]
    if type_ is Type.LIST:
        tastes = st.lists(st.sampled_from(TASTES), min_size=1, max_size=2, unique=True).map(tuple)
        return [st.builds(Has, tastes, st.booleans())]
    if type_ in NUMBERS:
        return _of_numbers(type_, ranked=ranked)
    return _of_times(now, type_, past=past)


@cache
def predicates(type_: Type, now: Moment, *, past: bool = False, ranked: bool = False) -> SearchStrategy[Test]:
    """Any test of a value of a type, also turned round once or twice."""
    plain = st.one_of(plain_tests(type_, now, past=past, ranked=ranked))
    either = st.one_of(plain, plain, plain, st.booleans().map(Filled))
    return st.one_of(either, either, either, either.map(Negated), either.map(Negated).map(Negated))
