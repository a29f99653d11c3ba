"""Rows, windows and patterns: what is understood, spelt out in the few measures that the compiler knows."""

from __future__ import annotations

from datetime import date

import pytest

from pdo.core.calendar import day_number
from pdo.core.diagnostics import Findings
from pdo.core.nodes import Mapping, parse_nodes
from pdo.core.source import Source
from pdo.model.conditions import (
    Ages,
    All,
    Anchor,
    Calendar,
    ColumnTest,
    Condition,
    Day,
    DayRange,
    Duration,
    Following,
    InWindow,
    LatestTest,
    Measure,
    MeasureName,
    MeasureTest,
    Negated,
    OneOf,
    Pieces,
    Range,
    Rows,
    Since,
    Streak,
    Unit,
    Window,
)
from pdo.model.fields import Type
from pdo.model.playbook import Project, Rule
from pdo.model.settings import Settings
from pdo.playbook.conditions import read_condition
from pdo.playbook.reading import Reading
from tests.playbook.conftest import Ask, Read, Wrong


def days(count: int) -> Duration:
    return Duration(count, Unit.DAY)


def day(year: int, month: int, number: int) -> Day:
    return Day(day_number(date(year, month, number)))


def younger(count: int) -> Ages:
    return Ages((), (days(count),))


AT_LEAST_ONE = Range(1, None)
JANUARY = DayRange(day(2026, 1, 1), day(2026, 1, 31))


def measured(condition: Condition) -> MeasureTest:
    assert isinstance(condition, MeasureTest)
    return condition


# Windows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("within: 30d", younger(30)),
        ("within: 24h", Ages((), (Duration(24, Unit.HOUR),))),
        ("within: 3个月", Ages((), (Duration(3, Unit.MONTH),))),
        ("within: {full_days: 7}", Ages((days(1),), (days(8),))),
        ("full_days: 7", Ages((days(1),), (days(8),))),
        *((f"within: {word.value}", word) for word in Calendar),
        ("between: [2026-01-01, 2026-01-31]", JANUARY),
        ("between: 2026-01-01..2026-01-31", JANUARY),
        ("within: {between: [2026-01-01, 2026-01-31]}", JANUARY),
        ("between: [2026-01-01, today]", DayRange(day(2026, 1, 1), Day(0, relative=True))),
        ("since: 2026-01-01", DayRange(day(2026, 1, 1), None)),
        ("since: vip_from", Since(Anchor.ATTRIBUTE, "vip_from", Type.DATE)),
        ("since: added_at", Since(Anchor.ATTRIBUTE, "added_at", Type.INSTANT)),
        ("since: 签约日", Since(Anchor.ATTRIBUTE, "签约日", Type.DATE)),
        ("within: {since: 签约日}", Since(Anchor.ATTRIBUTE, "签约日", Type.DATE)),
        ("since: stage", Since(Anchor.STAGE, "客户阶段")),
        ("since: {stage: 人生}", Since(Anchor.STAGE, "人生")),
    ],
)
def test_windows(text: str, window: Window, ask: Ask) -> None:
    assert measured(ask(f"orders: {{{text}}}")).measure == Measure(Rows("orders", (), window), MeasureName.COUNT)


def test_a_transition_means_its_own_stage(read: Read) -> None:
    project, found = read(
        "lifecycles:\n"
        "  一: {stages: [甲, 乙], initial: 甲, transitions: [{from: 甲, to: 乙, when: {orders: {since: stage}}}]}\n"
        "  二: {stages: [丙, 丁], initial: 丙, transitions: [{from: 丙, to: 丁, when: {orders: {since: stage}}}]}\n"
    )
    assert not found
    for name, lifecycle in project.lifecycles.items():
        (move,) = lifecycle.transitions
        assert move.when is not None
        assert measured(move.when).measure.rows.window == Since(Anchor.STAGE, name)


@pytest.mark.parametrize("rows", ["{since: {stage: 一}}", "{first_ever: true, since: {stage: 一}}"])
def test_what_begins_with_a_stage_comes_after_its_lifecycle(rows: str, read: Read) -> None:
    project, found = read(
        f"tags: {{复购: {{when: {{orders: {rows}}}}}}}\n"
        "lifecycles:\n"
        "  一: {stages: [甲, 乙], initial: 甲, transitions: [{from: 甲, to: 乙, when: {orders: {}}}]}\n"
    )
    assert not found
    assert project.order == (Rule("lifecycle", "一"), Rule("tag", "复购"))


@pytest.mark.parametrize("anchor", [Anchor.ENTRY, Anchor.MESSAGE])
def test_journeys_and_goals_know_more_moments(anchor: Anchor, settings: Settings) -> None:
    text = f"orders: {{since: {anchor}}}"
    root = parse_nodes(Source("p.yaml", text), text, lambda line, column: (line, column)).root
    assert isinstance(root, Mapping)
    inside = Reading(settings, Findings(), anchors=frozenset((anchor, Anchor.ATTRIBUTE)))
    condition = read_condition(root, "when", inside)
    assert condition is not None
    assert measured(condition).measure.rows.window == Since(anchor)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("within: 30d, since: vip_from", ["PB317"]),
        ("within: this_weak", ["PB318"]),
        ("within: 2026-01-01", ["PB318.date"]),
        ("within: 30d..60d", ["PB302"]),
        ("within: {full_day: 7}", ["PB114.near"]),
        ("within: {}", ["PB118"]),
        ("full_days: 0", ["PB301.positive"]),
        ("full_days: 1mo", ["PB318.full_days"]),
        ("between: [2026-01-01]", ["PB318.between"]),
        ("between: [2026-01-31, 2026-01-01]", ["PB304"]),
        ("between: [2026-02-30, 2026-03-01]", ["PB303.impossible"]),
        ("within: 近30天", ["PB318.recent"]),
        ("within: 最近7天", ["PB318.recent"]),
        ("last: 本周", ["PB318.moment"]),
        ("last: last_month", ["PB318.moment"]),
        ("today: true", ["PB318.key"]),
        ("since: assigned", ["PB115"]),
        ("since: entry", ["PB210.entry"]),
        ("since: message", ["PB210.message"]),
        ("since: 添加时间", ["PB211.near"]),
        ("since: 成交", ["PB211.stage"]),
        ("since: points", ["PB211.type"]),
        ("since: 双十一", ["PB211"]),
        ("since: {stage: 客户阶断}", ["PB201.near"]),
        ("since: {stage: 成交}", ["PB201.near"]),
        ("since: {lifecycle: 客户阶段}", ["PB114"]),
    ],
)
def test_mistakes_in_windows(text: str, keys: list[str], wrong: Wrong) -> None:
    assert wrong(f"orders: {{{text}}}") == keys


def test_no_stage_to_begin_with(read: Read) -> None:
    keys = [found.key for found in read("tags: {甲: {when: {orders: {since: stage}}}}\n")[1]]
    assert keys == ["PB212.none"]


# Patterns ---------------------------------------------------------------------------------------------------------

EVENTS = Rows("events")
TALKS = ColumnTest("type", Type.TEXT, OneOf(("询价",)))


def test_first_ever_looks_at_all_rows(ask: Ask) -> None:
    condition = measured(ask("orders: {first_ever: true, within: 30d}"))
    assert condition.measure == Measure(Rows("orders"), MeasureName.FIRST)
    assert condition.test == InWindow(younger(30))
    opposite = measured(ask("orders: {first_ever: false, within: 30d}"))
    assert opposite.test == Negated(condition.test)


def test_stopped_is_an_old_last_row(ask: Ask) -> None:
    condition = measured(ask("events: {type: 询价, stopped: {active: 14d, silent: 7d}}"))
    assert condition.measure == Measure(Rows("events", (TALKS,)), MeasureName.LAST)
    assert condition.test == InWindow(Ages((days(7),), (days(7), days(14))))


def test_restarted_is_three_counts(ask: Ask) -> None:
    condition = ask("events: {restarted: {silent: 30d, active: 7d}}")
    assert isinstance(condition, All)
    assert [(measured(part).measure.rows.window, measured(part).test) for part in condition.parts] == [
        (Ages((), (days(7),)), AT_LEAST_ONE),
        (Ages((days(7),), (days(7), days(30))), OneOf((0,))),
        (Ages((days(7), days(30)), ()), AT_LEAST_ONE),
    ]


@pytest.mark.parametrize(
    ("window", "per", "pieces"),
    [
        ("within: 28d", "7d", [(), 7, 14, 21, 28]),
        ("within: 30d", "1w", [(), 7, 14, 21, 28]),
        ("within: 14d", "7d", [(), 7, 14]),
    ],
)
def test_regularly_cuts_the_window_into_whole_pieces(window: str, per: str, pieces: list[int], ask: Ask) -> None:
    condition = measured(ask(f"events: {{{window}, regularly: {{per: {per}, in: 2}}}}"))
    shape = condition.measure.shape
    assert isinstance(shape, Pieces)
    ends = [[sum(one.count * (7 if one.unit is Unit.WEEK else 1) for one in piece.below)] for piece in shape.windows]
    assert ends == [[end] for end in pieces[1:]]
    assert [piece.low for piece in shape.windows[1:]] == [piece.below for piece in shape.windows[:-1]]
    assert (shape.windows[0].low, shape.count) == ((), AT_LEAST_ONE)
    assert condition.measure.rows == EVENTS
    assert condition.test == OneOf((2,))


def test_regularly_by_months_and_by_whole_days(ask: Ask) -> None:
    monthly = measured(ask("events: {within: 1y, regularly: {count: 2, per: 1mo, in: 10..}}")).measure.shape
    assert isinstance(monthly, Pieces)
    assert monthly.count == Range(2, 2)
    assert [piece.below for piece in monthly.windows] == [(Duration(n, Unit.MONTH),) for n in range(1, 13)]
    whole = measured(ask("events: {full_days: 14, regularly: {per: 7d, in: 2}}")).measure.shape
    assert isinstance(whole, Pieces)
    assert whole.windows == (Ages((days(1),), (days(1), days(7))), Ages((days(1), days(7)), (days(1), days(14))))


def test_bought_all_asks_for_each_sku(ask: Ask) -> None:
    condition = ask("items: {within: 30d, bought_all: [A, B, A]}")
    assert isinstance(condition, All)
    rows = [measured(part).measure.rows for part in condition.parts]
    assert rows == [Rows("items", (ColumnTest("sku", Type.TEXT, OneOf((sku,))),), younger(30)) for sku in ("A", "B")]
    assert measured(ask("items: {bought_all: A}")).test == AT_LEAST_ONE


def test_latest_looks_at_the_last_row_of_the_window(ask: Ask) -> None:
    condition = ask("events: {within: 30d, latest: {has: {type: 询价}}}")
    assert isinstance(condition, LatestTest)
    assert (condition.rows, condition.has) == (Rows("events", (), younger(30)), (TALKS,))


def test_followed_by_says_which_rows(ask: Ask) -> None:
    condition = measured(ask("events: {followed_by: {orders: {where: {channel: 门店}}, within: 24h}, count: 2..}"))
    shop = ColumnTest("channel", Type.TEXT, OneOf(("门店",)))
    follows = Following(Rows("orders", (shop,)), Duration(24, Unit.HOUR))
    assert condition.measure == Measure(Rows("events", followed_by=follows), MeasureName.COUNT)
    assert condition.test == Range(2, None)
    assert measured(ask("events: {followed_by: {events: {type: 询价}, within: 7d}}")).test == AT_LEAST_ONE


@pytest.mark.parametrize(
    ("text", "streak"),
    [
        ("{per: 1d, grace: 1, is: 7..}", Streak(1, 1)),
        ("{per: 2w, is: 7..}", Streak(14, 0)),
        ("{is: 7..}", Streak(1, 0)),
    ],
)
def test_streaks(text: str, streak: Streak, ask: Ask) -> None:
    condition = measured(ask(f"events: {{within: 90d, streak: {text}}}"))
    assert condition.measure == Measure(Rows("events", (), younger(90)), MeasureName.STREAK, shape=streak)
    assert condition.test == Range(7, None)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("orders: {first_ever: true}", ["PB317.missing"]),
        ("orders: {first_ever: 3, within: 30d}", ["PB308"]),
        ("orders: {within: 30d, stopped: {active: 14d, silent: 7d}}", ["PB317.own"]),
        ("orders: {within: 30d, restarted: {silent: 30d, active: 7d}}", ["PB317.own"]),
        ("orders: {stopped: {active: 14d, silent: 12h}}", ["PB321"]),
        ("orders: {stopped: {active: 14, silnt: 7d}}", ["PB302.unit", "PB114.near"]),
        ("orders: {restarted: 30d}", ["PB116.of"]),
        ("children: {stopped: {active: 24h, silent: 24h}}", ["PB302.hours", "PB302.hours"]),
        ("events: {regularly: {per: 7d, in: 3}}", ["PB317.missing"]),
        ("events: {within: this_month, regularly: {per: 7d, in: 3}}", ["PB317.missing"]),
        ("events: {within: 28d, regularly: {}}", ["PB117", "PB117"]),
        ("events: {within: 28d, regularly: {per: 24h, in: 3}}", ["PB321.pieces"]),
        ("events: {within: 28d, regularly: {count: [1, 3], per: 7d, in: 3}}", ["PB301.range"]),
        ("events: {within: 7d, regularly: {per: 14d, in: 1}}", ["PB321.longer"]),
        ("events: {within: 400d, regularly: {per: 1d, in: 1..}}", ["PB321.many"]),
        ("events: {within: 28d, regularly: {per: 7d, in: 5..}}", ["PB325"]),
        ("orders: {bought_all: [A]}", ["PB207"]),
        ("events: {bought_all: [A]}", ["PB309"]),
        ("events: {latest: {type: 询价}}", ["PB116.latest"]),
        ("events: {latest: {has: {typ: 询价}}}", ["PB203.near"]),
        ("events: {latest: {}}", ["PB117"]),
        ("events: {followed_by: {orders: {}}}", ["PB117"]),
        ("events: {followed_by: {within: 24h}}", ["PB117"]),
        ("events: {followed_by: {orders: {}, items: {}, within: 24h}}", ["PB311"]),
        ("events: {followed_by: {orders: {count: 3..}, within: 24h}}", ["PB114"]),
        ("events: {followed_by: {order: {}, within: 24h}}", ["PB114.near"]),
        ("events: {followed_by: {orders: {}, within: 1mo}}", ["PB321.months"]),
        ("events: {followed_by: {children: {}, within: 24h}}", ["PB302.hours"]),
        ("events: {followed_by: {地址: {}, within: 24h}}", ["PB322"]),
        ("events: {streak: 7..}", ["PB116.of"]),
        ("events: {streak: {per: 1h, grace: -1, is: 七}}", ["PB321.days", "PB301.integer", "PB301.integer"]),
        ("orders: {sum: 500..}", ["PB116.of"]),
        ("orders: {sum: {of: status, is: 3..}}", ["PB323"]),
        ("orders: {max: {of: status, is: 3}}", ["PB323"]),
        ("orders: {sum: {of: sku, is: 3..}}", ["PB207"]),
        ("orders: {sum: {}}", ["PB117", "PB117"]),
        ("events: {quantity: 3..}", ["PB309"]),
        ("orders: {quantity: 3..}", ["PB207"]),
        ("orders: [{within: 30}, {count: x}]", ["PB302.unit", "PB301.integer"]),
    ],
)
def test_mistakes_in_patterns(text: str, keys: list[str], wrong: Wrong) -> None:
    assert sorted(wrong(text)) == sorted(keys)


def test_units_of_columns(scene: tuple[Settings, Project], ask: Ask) -> None:
    assert scene[0].subjects["children"].time_type is Type.DATE
    condition = measured(ask("children: {max: {of: birthday, is: {age: 3y..}}}"))
    assert (condition.measure.of, condition.measure.type) == ("birthday", Type.DATE)
