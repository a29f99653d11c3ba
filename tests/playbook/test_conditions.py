"""Conditions: what is understood, in the units of what is compared."""

from datetime import date

import pytest

from pdo.core.calendar import day_number
from pdo.model.conditions import (
    AgeRange,
    Ages,
    AheadRange,
    All,
    AnyOf,
    AttributeTest,
    Day,
    DayRange,
    Duration,
    Everyone,
    Filled,
    Measure,
    MeasureName,
    MeasureTest,
    MetricTest,
    Negated,
    NoneOf,
    OneOf,
    Range,
    Rows,
    StageTest,
    TagTest,
    Test,
    TextOperator,
    TextTest,
    Unit,
)
from tests.playbook.conftest import Ask, Read, Wrong

DAYS = Unit.DAY


def day(year: int, month: int, number: int) -> Day:
    return Day(day_number(date(year, month, number)))


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("city: 北京", OneOf(("北京",))),
        ("city: [北京, 上海, 北京]", OneOf(("北京", "上海"))),
        ("phone: 13800138000", OneOf(("13800138000",))),
        ("customer_id: 007", OneOf(("007",))),
        ("member_level: no", OneOf(("no",))),
        ("city: '3..'", OneOf(("3..",))),
        ("city: {not: 北京}", Negated(OneOf(("北京",)))),
        ("city: {not: {contains: 京}}", Negated(TextTest(TextOperator.CONTAINS, "京"))),
        ("city: {matches: '^(北|南)京$'}", TextTest(TextOperator.MATCHES, "^(北|南)京$")),
        ("city: {exists: 否}", Filled(exists=False)),
        ("is_friend: 是", OneOf((1,))),
        ("points: 1,000..", Range(1000, None)),
        ("points: [3, 5]", OneOf((3, 5))),
        ("points: {above: 3, below: 5}", Range(3, 5, low_open=True, high_open=True)),
        ("points: '>3'", Range(3, None, low_open=True)),
        ("birthday: 2000-01-31", DayRange(day(2000, 1, 31), day(2000, 1, 31))),
        ("added_at: {after: 2026-01-31}", DayRange(day(2026, 2, 1), None)),
        ("added_at: {before: today}", DayRange(None, Day(-1, relative=True))),
        ("added_at: {on: yesterday}", DayRange(Day(-1, relative=True), Day(-1, relative=True))),
        ("added_at: {after: 2026-01-01, before: 2026-01-03}", DayRange(day(2026, 1, 2), day(2026, 1, 2))),
        ("added_at: 2026-01-01..2026-01-31", DayRange(day(2026, 1, 1), day(2026, 1, 31))),
        ("added_at: ..2026-01-31", DayRange(None, day(2026, 1, 31))),
        ("added_at: 30d..60d", AgeRange(Duration(30, DAYS), Duration(60, DAYS))),
        ("added_at: ..24h", AgeRange(None, Duration(24, Unit.HOUR))),
        ("vip_until: {in: ..30d}", AheadRange(None, Duration(30, DAYS))),
    ],
)
def test_tests_on_attributes(text: str, test: Test, ask: Ask) -> None:
    condition = ask(text)
    assert isinstance(condition, AttributeTest)
    assert condition.test.test == test


@pytest.mark.parametrize(
    ("text", "measure", "test"),
    [
        ("orders: {}", MeasureName.COUNT, Range(1, None)),
        ("orders: {count: 0}", MeasureName.COUNT, OneOf((0,))),
        ("orders: {amount: 99.9..}", MeasureName.AMOUNT, Range(9990, None)),
        ("orders: {average: {above: 120}}", MeasureName.AVERAGE, Range(12000, None, low_open=True)),
        ("items: {quantity: 1.5..}", MeasureName.QUANTITY, Range(1500, None)),
        ("items: {orders: 2..}", MeasureName.ORDERS, Range(2, None)),
        ("orders: {last: 30~60天}", MeasureName.LAST, AgeRange(Duration(30, DAYS), Duration(60, DAYS))),
        ("orders: {days_since_last: 30..60}", MeasureName.DAYS_SINCE_LAST, Range(30, 60)),
        ("events: {days: 15..}", MeasureName.DAYS, Range(15, None)),
    ],
)
def test_measures(text: str, measure: MeasureName, test: Test, ask: Ask) -> None:
    condition = ask(text)
    assert isinstance(condition, MeasureTest)
    assert (condition.measure.name, condition.test) == (measure, test)


def test_equal_measures_are_equal(ask: Ask) -> None:
    both = ask("orders: [{within: 30d, count: 3..}, {within: 30d, count: ..9}]")
    assert isinstance(both, All)
    first, second = both.parts
    assert isinstance(first, MeasureTest)
    assert isinstance(second, MeasureTest)
    assert first.measure == second.measure == Measure(Rows("orders", (), Ages((), (Duration(30, DAYS),))), MeasureName.COUNT)


def test_type_of_events_is_short_for_where(ask: Ask) -> None:
    short, long = ask("events: {type: 询价}"), ask("events: {where: {type: 询价}}")
    assert isinstance(short, MeasureTest)
    assert isinstance(long, MeasureTest)
    assert short.measure == long.measure


def test_every_key_must_hold_and_lists_nest(ask: Ask) -> None:
    condition = ask("city: 北京\nany: [{points: 1..}, {points: ..0}]\nnone: [{gender: 男}]\nnot: {is_friend: true}")
    assert isinstance(condition, All)
    assert [type(part) for part in condition.parts] == [AttributeTest, AnyOf, NoneOf, NoneOf]


def test_everyone(ask: Ask) -> None:
    assert isinstance(ask("everyone"), Everyone)


PROJECT = """\
metrics: {累计消费: {orders: amount}, 买过品类数: {items: {distinct: category}}}
lifecycles:
  甲: {derived: {新: {city: 北京}, 老: {city: 上海}}, otherwise: 其他}
tags:
  一: {when: {累计消费: 99.9..}}
  二: {when: {stage: [新, 老]}}
  三: {when: {stage: {of: 甲, is: 其他}}}
  四: {when: {tag: {all: [一, 二]}}}
  五: {when: {tag: {not: 一}, points: 1..}}
  六: {group: 手工}
"""


def test_names(read: Read) -> None:
    project, found = read(PROJECT)
    assert not found
    when = {name: tag.when for name, tag in project.tags.items()}
    metric, stages, stage, tags = when["一"], when["二"], when["三"], when["四"]
    assert isinstance(metric, MetricTest)
    assert metric.test == Range(9990, None)
    assert isinstance(stages, StageTest)
    assert (stages.lifecycle, stages.stages) == ("甲", ("新", "老"))
    assert isinstance(stage, StageTest)
    assert stage.stages == ("其他",)
    assert isinstance(tags, TagTest)
    assert tags.every
    assert when["六"] is None
    assert project.metrics["买过品类数"].measure.of == "category"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("city: [北京，上海]\npoints: abc", ["PB107.comma", "PB301.integer"]),
        ("orders: {where: {category: 水果, brand: 甲}}", ["PB207", "PB207"]),
        ("orders: {count: 3..1, amount: x, within: 30}", ["PB304", "PB301.money", "PB302.unit"]),
        ("city: {top: 3}", ["PB115"]),
        ("rfm: {全店: HHH}", ["PB115"]),
        ("orders: {streak: 3}", ["PB115"]),
        ("orders: {first_ever: true, full_days: 7}", ["PB115", "PB115"]),
        ("orders: {within: this_week}", ["PB115"]),
        ("tag: {is: 甲, for: 30d..}", ["PB201", "PB115"]),
        ("orders: {last: {in: ..3d}}", ["PB305"]),
        ("points: 3d..", ["PB301.integer"]),
        ("is_friend: 1..", ["PB308"]),
        ("", ["PB118.condition"]),
        ("city", ["PB116.mapping_not_text"]),
        ("all: []", ["PB118"]),
        ("where: {}", ["PB202.measure"]),
    ],
)
def test_one_cause_one_finding(text: str, keys: list[str], wrong: Wrong) -> None:
    assert wrong(text) == keys


@pytest.mark.parametrize(
    "text", ["added_at: ..30d", "points: 3…", "orders: {within: ..30d}", "orders: {amount: 500元..}"]
)
def test_understood_without_a_word(text: str, wrong: Wrong) -> None:
    assert wrong(text) == []
