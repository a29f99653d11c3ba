"""What rules remember from run to run: expiry, how long something is held, renames, whose rule it is, and edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.calendar import parse_moment
from pdo.evaluate.changes import difference
from pdo.evaluate.engine import open_engine
from pdo.evaluate.outcome import evaluate
from tests.evaluate.conftest import ZONE, instant

if TYPE_CHECKING:
    from tests.evaluate.conftest import Make

EXPIRING = "tags:\n  三日内新客: {when: {points: 1..}, expires: 3d}\n"


def test_a_tag_expires_though_its_condition_holds_and_comes_again_only_after_it_failed(scene: Make) -> None:
    found = scene(EXPIRING, a={"points": 1})
    assert found.run("2026-03-01 09:00") == {"gained 三日内新客": ("a",)}
    assert found.run("2026-03-03 09:00") == {}
    assert found.run("2026-03-04 00:01") == {"lost 三日内新客": ("a",)}
    assert found.run("2026-03-05 09:00") == {}
    assert found.run("2026-06-05 09:00") == {}
    found.facts.kinds["customers"][0]["points"] = 0
    assert found.run("2026-06-06 09:00") == {}
    found.facts.kinds["customers"][0]["points"] = 1
    assert found.run("2026-06-07 09:00") == {"gained 三日内新客": ("a",)}


def test_for_counts_from_who_put_it_on_first_and_is_nothing_in_the_run_that_does(scene: Make) -> None:
    text = "tags:\n  A: {when: {points: 1..}}\n  久: {when: {tag: {is: A, for: 30d..}}}\n"
    text += "  新: {when: {tag: {is: A, for: ..0d}}}\n"
    found = scene(text, a={"points": 1}, b={"points": 1}, c={"points": 0})
    found.give("a", "A", since="2026-02-15")
    found.give("a", "A", since="2026-01-31", by="staff")
    found.give("c", "A", since="2026-01-01", by="staff")
    assert found.changes() == {"gained A": ("b",), "gained 久": ("a", "c"), "gained 新": ("b",)}


def test_for_of_a_stage_is_nothing_for_who_moves_now(scene: Make) -> None:
    text = """\
lifecycles:
  阶段:
    stages: [新, 熟]
    initial: 新
    transitions: [{from: 新, to: 熟, when: {points: 1..}}]
tags:
  老熟: {when: {stage: {of: 阶段, is: 熟, for: 7d..}}}
  老新: {when: {stage: {of: 阶段, is: 新, for: 7d..}}}
"""
    found = scene(text, a={"points": 1}, b={"points": 1}, c={})
    found.give("a", "熟", scope="阶段", since="2026-02-23 23:59")
    found.give("b", "新", scope="阶段", since="2026-01-01")
    found.give("c", "新", scope="阶段", since="2026-02-24 00:00")
    assert found.changes() == {"gained 熟": ("b",), "lost 新": ("b",), "gained 老熟": ("a",)}


def test_a_renamed_rule_takes_nothing_away(scene: Make) -> None:
    found = scene("tags:\n  新名: {was: 旧名, when: {points: 1..}}\n", a={"points": 1}, b={"points": 1})
    found.give("a", "旧名")
    made = found.difference()
    assert found.changes() == {"gained 新名": ("b",)}
    assert list(made.renamed.values()) == [("旧名", "新名")]


def test_one_playbook_changes_only_its_own(scene: Make) -> None:
    found = scene("tags:\n  A: {when: {points: 1..}}\n", a={"points": 1})
    found.facts.names[77] = ("tag", "", "别人的", "other")
    found.facts.held.append((77, 1, 0, "rule"))
    now = parse_moment("2026-03-02 09:00", ZONE)
    with open_engine() as engine:
        outcome = evaluate(engine, found.facts, found.project, found.settings, now)
        mine = {(one.change, one.name) for one in difference(outcome, found.facts, only="p").steps}
        others = {(one.change, one.name) for one in difference(outcome, found.facts, only="other").steps}
    assert mine == {("gained", "A")}
    assert others == {("lost", "别人的")}


def test_an_alert_fires_when_the_tag_comes_but_not_on_the_first_run_of_its_rule(scene: Make) -> None:
    found = scene("tags:\n  A: {when: {points: 1..}, alert: {to: owner, text: 请回访}}\n", a={"points": 1}, b={})
    assert found.difference().alerts == ()
    found.run("2026-03-02 09:00")
    assert found.difference().alerts == ()
    found.facts.kinds["customers"][1]["points"] = 1
    assert [(one.name, one.sample) for one in found.difference().alerts] == [("A", ("b",))]


SINCE_STAGE = """\
lifecycles:
  阶段:
    stages: [新, 熟, 热]
    initial: 新
    transitions:
      - {from: 新, to: 熟, when: {points: 1..}}
      - {from: 熟, to: 热, when: {events: {since: stage, count: 1..}}}
tags:
  本阶段有事: {when: {events: {since: {stage: 阶段}}}}
"""


def test_since_stage_begins_with_the_stage_of_this_run(scene: Make) -> None:
    found = scene(SINCE_STAGE, a={}, b={"points": 1}, c={}, d={"points": 1})
    rows = [("a", "2026-02-01 10:00"), ("b", "2026-02-01 10:00"), ("c", "2026-02-01 08:00"), ("d", "2026-02-01 10:00")]
    found.facts.kinds["events"] = [
        {"id": place, "key": f"e{place}", "customer_id": found.number(key), "type": "x", "occurred_at": instant(when)}
        for place, (key, when) in enumerate(rows, 1)
    ]
    found.give("a", "新", scope="阶段", since="2026-02-01 09:00")
    found.give("b", "新", scope="阶段", since="2026-02-01 09:00")
    found.give("c", "新", scope="阶段", since="2026-02-01 09:00")
    found.give("d", "熟", scope="阶段", since="2026-02-01 09:00")
    # b moves on now, so that nothing has happened in its stage; d goes to the last stage for what happened in its second.
    assert found.changes() == {
        "gained 熟": ("b",),
        "lost 新": ("b",),
        "gained 热": ("d",),
        "lost 熟": ("d",),
        "gained 本阶段有事": ("a",),
    }
