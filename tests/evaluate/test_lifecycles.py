"""Stages: how far a customer goes in one run, what time asks for, and what is written of it."""

from __future__ import annotations

import pytest

from pdo.core.calendar import parse_moment
from pdo.model.reports import Move
from tests.evaluate.conftest import ZONE, Make

LADDER = """\
lifecycles:
  阶段:
    stages: [新, 熟, 热, 冷]
    initial: 新
    final: [热]
    transitions:
      - {from: 新, to: 熟, when: {points: 1..}}
      - {from: 熟, to: 热, when: {points: 10..}}
      - {from: any, to: 冷, when: {city: 北京}}
      - {from: 冷, to: 新, when: {city: 上海}}
      - {from: [新, 熟], to: 冷, after: 30d}
"""


def test_whoever_has_no_stage_begins_at_the_first_and_goes_as_far_as_it_holds(scene: Make) -> None:
    found = scene(LADDER, a={"points": 10}, b={"points": 1}, c={}, d={"city": "北京", "points": 1})
    assert found.changes() == {"gained 热": ("a",), "gained 熟": ("b",), "gained 新": ("c",), "gained 冷": ("d",)}


def test_nothing_is_written_where_nothing_moves(scene: Make) -> None:
    found = scene(LADDER, a={"points": 1})
    found.give("a", "熟", scope="阶段", since="2026-02-20")
    made = found.difference()
    assert (made.steps, made.moves) == ((), ())


def test_only_the_last_stage_is_written(scene: Make) -> None:
    found = scene(LADDER, a={"points": 10})
    found.give("a", "新", scope="阶段", since="2026-02-20")
    made = found.difference()
    steps, moves = made.steps, made.moves
    assert {(step.change, step.name) for step in steps} == {("lost", "新"), ("gained", "热")}
    assert moves == (Move("阶段", "新", "热", 1, ("a",)),)


def test_nobody_leaves_a_final_stage(scene: Make) -> None:
    found = scene(LADDER, a={"city": "北京"})
    found.give("a", "热", scope="阶段")
    assert found.changes() == {}


LOOP = """\
lifecycles:
  圈:
    stages: [甲, 乙, 丙]
    initial: 甲
    transitions:
      - {from: 甲, to: 乙, when: {points: 1..}}
      - {from: 乙, to: 丙, when: {points: 2..}}
      - {from: 丙, to: 甲, when: {points: 3..}}
      - {from: 乙, to: 甲, when: {points: 1..}}
"""


@pytest.mark.parametrize(("points", "last"), [(0, "甲"), (1, "乙"), (2, "丙"), (3, "丙")])
def test_a_circle_ends_before_a_stage_that_was_visited(scene: Make, points: int, last: str) -> None:
    found = scene(LOOP, a={"points": points})
    found.give("a", "甲", scope="圈")
    assert found.changes() == ({} if last == "甲" else {"gained " + last: ("a",), "lost 甲": ("a",)})


def test_the_next_run_may_go_on_round(scene: Make) -> None:
    found = scene(LOOP, a={"points": 3})
    found.give("a", "丙", scope="圈")
    assert found.changes() == {"gained 乙": ("a",), "lost 丙": ("a",)}


FIRST = """\
lifecycles:
  序:
    stages: [起, 左, 右]
    initial: 起
    transitions:
      - {from: 左, to: 右, when: {points: 2..}}
      - {from: 起, to: 左, when: {points: 1..}}
      - {from: 起, to: 右, when: {points: 1..}}
"""


@pytest.mark.parametrize(("points", "last"), [(1, "左"), (2, "右")])
def test_the_first_transition_in_the_file_fires_and_then_from_the_top_again(
    scene: Make, points: int, last: str
) -> None:
    assert scene(FIRST, a={"points": points}).changes() == {f"gained {last}": ("a",)}


@pytest.mark.parametrize(
    ("since", "moves"),
    [("2026-01-31 23:59:59", True), ("2026-02-01 00:00:00", False), ("2026-01-31 00:00:00", True)],
)
def test_after_counts_local_days_from_entry(scene: Make, since: str, moves: bool) -> None:
    found = scene(LADDER, a={})
    found.give("a", "新", scope="阶段", since=since)
    assert found.changes() == ({"gained 冷": ("a",), "lost 新": ("a",)} if moves else {})


def test_after_does_not_hold_for_a_stage_entered_in_this_run(scene: Make) -> None:
    found = scene(LADDER, a={"points": 1}, b={})
    found.give("a", "新", scope="阶段", since="2025-01-01")
    assert found.changes() == {"gained 熟": ("a",), "lost 新": ("a",), "gained 新": ("b",)}


def test_after_months_take_the_last_day_of_a_short_one(scene: Make) -> None:
    playbook = LADDER.replace("after: 30d", "after: 1mo")
    for day, moves in (("2026-02-28", True), ("2026-03-01", False)):
        found = scene(playbook, a={})
        found.give("a", "新", scope="阶段", since=day)
        assert bool(found.changes(parse_moment("2026-03-31", ZONE))) is moves


def test_a_stage_set_by_hand_holds_until_a_transition_fires_from_it(scene: Make) -> None:
    found = scene(LADDER, a={}, b={"city": "上海"})
    found.give("a", "冷", scope="阶段", by="staff")
    found.give("b", "冷", scope="阶段", by="staff")
    assert found.changes() == {"gained 新": ("b",), "lost 冷": ("b",)}


def test_a_stage_given_by_hand_after_the_as_of_stands(scene: Make) -> None:
    """A run whose as-of lies before the clock must not undo what a hand did since."""
    found = scene(LADDER, a={})
    found.give("a", "冷", scope="阶段", by="staff", since="2026-03-03")
    assert found.changes() == {}


def test_a_stage_that_is_gone_is_left_for_the_first(scene: Make) -> None:
    found = scene(LADDER, a={}, b={"points": 1})
    found.give("a", "已删", scope="阶段")
    found.give("b", "旧", scope="别的周期")
    assert found.changes() == {"gained 新": ("a",), "gained 熟": ("b",), "lost 已删": ("a",), "lost 旧": ("b",)}


DERIVED = """\
lifecycles:
  层级:
    take: {take}
    derived: {{低: {{points: 1..}}, 中: {{points: 10..}}, 高: {{points: 100..}}}}
    otherwise: 无
"""


@pytest.mark.parametrize(("take", "stage"), [("first", "低"), ("highest", "高")])
def test_a_derived_stage_is_the_first_or_the_highest_that_holds(scene: Make, take: str, stage: str) -> None:
    found = scene(DERIVED.format(take=take), a={"points": 100}, b={})
    found.give("b", "高", scope="层级")
    assert found.changes() == {f"gained {stage}": ("a",), "gained 无": ("b",), "lost 高": ("b",)}


def test_without_otherwise_there_may_be_no_stage(scene: Make) -> None:
    found = scene(DERIVED.format(take="first").replace("    otherwise: 无\n", ""), a={})
    found.give("a", "低", scope="层级")
    made = found.difference()
    steps, moves = made.steps, made.moves
    assert [(step.change, step.name) for step in steps] == [("lost", "低")]
    assert moves == (Move("层级", "低", "", 1, ("a",)),)
