"""Tags and segments: what rules give, what hands keep, and what later rules see of it."""

from __future__ import annotations

from tests.evaluate.conftest import Make

RICH = """\
tags:
  大客户: {group: 价值, when: {points: 10..}}
"""


def test_a_tag_comes_and_goes_with_its_condition(scene: Make) -> None:
    found = scene(RICH, a={"points": 10}, b={"points": 9}, c={"points": 10})
    found.give("b", "大客户")
    found.give("c", "大客户")
    assert found.changes() == {"gained 大客户": ("a",), "lost 大客户": ("b",)}


def test_a_kept_tag_is_never_taken_off_by_rule(scene: Make) -> None:
    kept = RICH.replace("10..}}", "10..}, keep: true}")
    found = scene(kept, a={"points": 0}, b={"points": 0})
    found.give("a", "大客户")
    found.give("b", "大客户", since="2026-03-03")
    assert found.changes() == {}


def test_a_kept_tag_outlives_its_condition_in_the_playbook(scene: Make) -> None:
    found = scene(
        "tags:\n  老客: {group: 价值, keep: true}\n  看见: {group: 价值, when: {tag: 老客}}\n", a={}, b={}, c={}
    )
    found.give("a", "老客")
    found.give("c", "老客")
    found.block("c", "老客")
    assert found.changes() == {"gained 看见": ("a",), "lost 老客": ("c",)}


SEES = RICH + "  看见: {group: 价值, when: {tag: 大客户}}\n"


def test_what_a_hand_put_on_stays_and_is_seen(scene: Make) -> None:
    found = scene(SEES, a={}, b={})
    found.give("a", "大客户", by="staff")
    found.give("b", "大客户", by="file")
    assert found.changes() == {"gained 看见": ("a", "b")}


def test_the_rule_gives_its_own_beside_the_hand(scene: Make) -> None:
    found = scene(RICH, a={"points": 10})
    found.give("a", "大客户", by="staff")
    assert found.changes() == {"gained 大客户": ("a",)}


def test_a_blocked_tag_stays_off_and_is_not_seen(scene: Make) -> None:
    found = scene(SEES, a={"points": 10}, b={"points": 10})
    found.give("a", "大客户")
    found.block("a", "大客户")
    assert found.changes() == {"gained 大客户": ("b",), "gained 看见": ("b",), "lost 大客户": ("a",)}


def test_a_tag_without_a_condition_is_left_to_hands(scene: Make) -> None:
    found = scene("tags:\n  星标: {group: 手工, keep: true}\n  看见: {group: 手工, when: {tag: 星标}}\n", a={}, b={})
    found.give("a", "星标", by="staff")
    assert found.changes() == {"gained 看见": ("a",)}


def test_rules_that_are_gone_are_closed_for_everybody(scene: Make) -> None:
    found = scene(RICH, a={"points": 10}, b={})
    found.give("a", "大客户")
    for key in ("a", "b"):
        found.give(key, "旧标签")
    found.give("a", "手工旧标签", by="staff")
    steps = found.difference().steps
    assert [(step.name, step.change, step.count, step.playbook) for step in steps] == [("旧标签", "lost", 2, "p")]


def test_a_project_without_rules_closes_what_was_given(scene: Make) -> None:
    found = scene("metrics:\n  单数: {orders: count}\n", a={})
    assert found.changes() == {}
    found.give("a", "旧标签")
    assert found.changes() == {"lost 旧标签": ("a",)}


RANKED = """\
segments:
  前二:
    when: everyone
    rank_by: {points: desc}
    top: 2
  其余: {when: {not: {segment: 前二}}}
"""


def test_the_best_come_first_ties_go_by_key_and_absent_values_last(scene: Make) -> None:
    found = scene(RANKED, c={"points": 5}, b={"points": 5}, a={}, d={"points": 4})
    assert found.changes() == {"gained 前二": ("b", "c"), "gained 其余": ("a", "d")}


def test_ascending_too_puts_absent_values_last(scene: Make) -> None:
    found = scene(RANKED.replace("desc", "asc"), c={"points": 5}, a={}, d={"points": 4})
    assert found.changes() == {"gained 前二": ("c", "d"), "gained 其余": ("a",)}


def test_whoever_drops_out_of_the_best_is_lost(scene: Make) -> None:
    found = scene(RANKED, a={"points": 3}, b={"points": 2}, c={"points": 1})
    found.give("c", "前二")
    found.give("b", "前二")
    assert found.changes() == {"gained 前二": ("a",), "lost 前二": ("c",), "gained 其余": ("c",)}
