"""Conditions: what is understood, in the units of what is compared."""

from datetime import date

import pytest

from pdo.core.calendar import day_number
from pdo.model.conditions import (
    AgeRange,
    Ages,
    AheadRange,
    All,
    Anniversary,
    AnyOf,
    AttributeTest,
    Completed,
    Day,
    DayRange,
    Duration,
    Everyone,
    Filled,
    Has,
    Level,
    Measure,
    MeasureName,
    MeasureTest,
    MetricTest,
    Middle,
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
    Top,
    Turns,
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
        ("birthday: {anniversary_in: ..7d}", Anniversary(None, Duration(7, DAYS))),
        ("birthday: {anniversary_in: 0d..7d}", Anniversary(Duration(0, DAYS), Duration(7, DAYS))),
        ("birthday: {age: 18y..25y}", Completed(Duration(18, Unit.YEAR), Duration(25, Unit.YEAR))),
        ("birthday: {age: 18岁~25岁}", Completed(Duration(18, Unit.YEAR), Duration(25, Unit.YEAR))),
        ("birthday: {age: 6月龄..}", Completed(Duration(6, Unit.MONTH), None)),
        ("birthday: {age: 6mo..2y}", Completed(Duration(6, Unit.MONTH), Duration(2, Unit.YEAR))),
        ("birthday: {age: ..-1d}", Completed(None, Duration(-1, DAYS))),
        ("birthday: {age: -9mo..-1mo}", Completed(Duration(-9, Unit.MONTH), Duration(-1, Unit.MONTH))),
        ("birthday: {age: 3y}", Completed(Duration(3, Unit.YEAR), Duration(3, Unit.YEAR))),
        ("birthday: {not: {age: 18y..}}", Negated(Completed(Duration(18, Unit.YEAR), None))),
        ("birthday: {turns: 6mo, in: ..14d}", Turns(Duration(6, Unit.MONTH), None, Duration(14, DAYS))),
        ("签约日: {in: 0d..30d}", AheadRange(Duration(0, DAYS), Duration(30, DAYS))),
        ("points: {top: 100}", Top(100)),
        ("points: {top: 10%}", Top(None, 1000)),
        ("points: {top: 0.5％}", Top(None, 50)),
        ("points: {not: {top: 10%}}", Negated(Top(None, 1000))),
        ("points: {above: average}", Level(above=True, middle=Middle.AVERAGE)),
        ("points: {below: 中位数}", Level(above=False, middle=Middle.MEDIAN)),
        ("兴趣: {has: 海鲜}", Has(("海鲜",))),
        ("兴趣: {has: [海鲜, 水果, 海鲜]}", Has(("海鲜", "水果"))),
        ("兴趣: {has_all: [海鲜, 水果]}", Has(("海鲜", "水果"), every=True)),
        ("兴趣: {not: {has: 海鲜}}", Negated(Has(("海鲜",)))),
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
        ("orders: {days_since_last: 30d..60d}", MeasureName.DAYS_SINCE_LAST, Range(30, 60)),
        ("orders: {gap: ..30天}", MeasureName.GAP, Range(None, 30)),
        ("orders: {amount: {top: 10%}}", MeasureName.AMOUNT, Top(None, 1000)),
        ("orders: {average: {above: average}}", MeasureName.AVERAGE, Level(above=True, middle=Middle.AVERAGE)),
        ("items: {distinct: {of: sku, is: 3..}}", MeasureName.DISTINCT, Range(3, None)),
        ("orders: {sum: {of: paid, is: 99.9..}}", MeasureName.SUM, Range(9990, None)),
        ("items: {max: {of: quantity, is: 2.5}}", MeasureName.MAX, OneOf((2500,))),
        ("orders: {min: {of: paid_at, is: 30d..}}", MeasureName.MIN, AgeRange(Duration(30, DAYS), None)),
        ("children: {count: 2..}", MeasureName.COUNT, Range(2, None)),
        ("children: {last: ..3y}", MeasureName.LAST, AgeRange(None, Duration(3, Unit.YEAR))),
        ("地址: {distinct: {of: 城区, is: 2..}}", MeasureName.DISTINCT, Range(2, None)),
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
    assert (
        first.measure
        == second.measure
        == Measure(Rows("orders", (), Ages((), (Duration(30, DAYS),))), MeasureName.COUNT)
    )


@pytest.mark.parametrize(
    ("subject", "column"), [("events", "type"), ("chats", "type"), ("tasks", "type"), ("messages", "campaign")]
)
def test_one_column_is_short_for_where(subject: str, column: str, ask: Ask) -> None:
    short, long = ask(f"{subject}: {{{column}: 询价}}"), ask(f"{subject}: {{where: {{{column}: 询价}}}}")
    assert isinstance(short, MeasureTest)
    assert isinstance(long, MeasureTest)
    assert short.measure == long.measure


def test_every_key_must_hold_and_lists_nest(ask: Ask) -> None:
    condition = ask("city: 北京\nany: [{points: 1..}, {points: ..0}]\nnone: [{gender: 男}]\nnot: {is_friend: true}")
    assert isinstance(condition, All)
    assert [type(part) for part in condition.parts] == [AttributeTest, AnyOf, NoneOf, NoneOf]


@pytest.mark.parametrize("name", ["意向分", "全店.R", "累计消费"])
def test_scores_and_parts_of_rfm_are_values(name: str, ask: Ask) -> None:
    condition = ask(f"{name}: 4..")
    assert isinstance(condition, MetricTest)
    units = {"意向分": 4000, "全店.R": 4, "累计消费": 400}
    assert (condition.metric, condition.test) == (name, Range(units[name], None))


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
    distinct = project.metrics["买过品类数"].measure
    assert isinstance(distinct, Measure)
    assert distinct.of == "category"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("city: [北京，上海]\npoints: abc", ["PB107.comma", "PB301.integer"]),
        ("orders: {where: {category: 水果, brand: 甲}}", ["PB207", "PB207"]),
        ("orders: {count: 3..1, amount: x, within: 30}", ["PB304", "PB301.money", "PB302.unit"]),
        ("points: 3d..", ["PB301.integer"]),
        ("is_friend: 1..", ["PB308"]),
        ("", ["PB118.condition"]),
        ("city", ["PB116.mapping_not_text"]),
        ("all: []", ["PB118"]),
        ("where: {}", ["PB202.measure"]),
        ("城区: 朝阳", ["PB202.column"]),
        ("stopped: {}", ["PB202.measure"]),
        ("since: added_at", ["PB202.measure"]),
        ("全店: HHH", ["PB202.name"]),
        ("全店.M: 4..", ["PB214"]),
        ("city: {top: 3}", ["PB305"]),
        ("birthday: {top: 3}", ["PB305"]),
        ("points: {has: 3}", ["PB305"]),
        ("orders: {last: {in: ..3d}}", ["PB305"]),
        ("orders: {last: {top: 3}}", ["PB305"]),
        ("orders: {where: {paid: {top: 3}}}", ["PB305"]),
        ("orders: {where: {paid: {above: average}}}", ["PB320"]),
        ("points: {above: average, below: 5}", ["PB311"]),
        ("points: {top: 3, above: average}", ["PB311"]),
        ("points: {top: 0}", ["PB301.positive"]),
        ("points: {top: 0%}", ["PB319.share"]),
        ("points: {top: 一百}", ["PB319"]),
        ("birthday: {age: 18..25}", ["PB302.age"]),
        ("birthday: {age: 25y..18y}", ["PB304"]),
        ("birthday: {age: 24h..}", ["PB302.hours"]),
        ("birthday: {anniversary_in: ..24h}", ["PB302.hours"]),
        ("birthday: {anniversary_in: 7d}", ["PB903"]),
        ("birthday: {turns: 6mo}", ["PB117"]),
        ("birthday: {turns: 0mo, in: ..7d}", ["PB301.positive"]),
        ("birthday: {turns: 6, in: ..7}", ["PB302.age", "PB302.unit"]),
        ("city: {age: 18y..}", ["PB305"]),
        ("兴趣: 海鲜", ["PB305.has"]),
        ("兴趣: [海鲜]", ["PB305.has"]),
        ("皮肤: {has: 油性}", ["PB305"]),
        ("children: {where: {birthdya: {age: 3y..}}}", ["PB203.near"]),
        ("地址: {within: 30d}", ["PB322"]),
        ("地址: {last: ..30d}", ["PB322"]),
        ("地址: {stopped: {active: 14d, silent: 7d}}", ["PB322"]),
        ("children: {within: 24h}", ["PB302.hours"]),
    ],
)
def test_one_cause_one_finding(text: str, keys: list[str], wrong: Wrong) -> None:
    assert wrong(text) == keys


@pytest.mark.parametrize(
    "text",
    [
        "added_at: ..30d",
        "points: 3…",
        "orders: {within: ..30d}",
        "orders: {amount: 500元..}",
        "orders: {within: 本周}",
        "orders: {within: 上个月}",
        "orders: {within: This-Week}",
        "orders: {full_days: 7天}",
        "orders: {between: 2026年1月1日~2026年1月31日}",
        "orders: {since: 2026-01-01}",
        "birthday: {age: 18~25岁}",
        "rfm: HHH",
        "rfm: {全店: hhh}",
        "orders: {stopped: {active: ..14d, silent: ..7d}}",
    ],
)
def test_understood_without_a_word(text: str, wrong: Wrong) -> None:
    assert wrong(text) == []
