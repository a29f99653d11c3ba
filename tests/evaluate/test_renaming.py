"""A segment or a stage that is called otherwise now: nobody loses it and gains it again."""

from __future__ import annotations

from tests.evaluate.conftest import Make, Scene, instant

STAGES = """\
lifecycles:
  段:
    stages: [新, 有意向]
    initial: 新
    was: {有意向: 意向}
    transitions: [{from: 新, to: 有意向, when: {points: 1..}}]
"""


def held_before(scene: Scene, customer: str, kind: str, scope: str, name: str) -> None:
    """What a run of the playbook of before gave."""
    scene.facts.names[1] = (kind, scope, name, "p")
    scene.facts.held.append((1, scene.number(customer), instant("2026-01-01"), "rule"))


def test_a_renamed_segment_takes_nobody_out(scene: Make) -> None:
    found = scene("segments:\n  新单: {was: 旧单, when: {points: 1..}}\n", a={"points": 1}, b={"points": 1})
    held_before(found, "a", "segment", "", "旧单")
    assert found.changes() == {"gained 新单": ("b",)}


def test_a_renamed_stage_moves_nobody(scene: Make) -> None:
    found = scene(STAGES, a={}, b={})
    held_before(found, "a", "stage", "段", "意向")
    assert found.changes() == {"gained 新": ("b",)}
