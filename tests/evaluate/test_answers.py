"""What is told of a run: why somebody has a tag, and the members of a segment in their order."""

from __future__ import annotations

from typing import Any

from pdo.evaluate.engine import open_engine
from pdo.evaluate.explain import Memory, Standing, explain
from pdo.evaluate.members import read_members
from pdo.model.fields import Type
from pdo.model.playbook import Rule
from pdo.model.reports import ExplainNode, Explanation
from tests.evaluate.conftest import NOW, Make, Scene, instant

PLAYBOOK = """\
metrics:
  累计消费: {orders: amount}
  客单价: {orders: average}
tags:
  大客户: {group: 价值, when: {points: 10.., orders: {count: 2.., last: ..30d}}}
  别处: {group: 价值, when: {any: [{city: 北京}, {tag: 大客户}]}}
segments:
  名单:
    when: everyone
    rank_by: {客单价: desc}
    columns: [customer_id, 累计消费, 客单价]
"""
ORDERS: list[dict[str, Any]] = [
    {"id": 1, "key": "o1", "customer_id": 1, "paid_at": instant("2026-02-01"), "paid": 10_001},
    {"id": 2, "key": "o2", "customer_id": 1, "paid_at": instant("2026-02-20 18:00"), "paid": 10_000},
    {"id": 3, "key": "o3", "customer_id": 2, "paid_at": instant("2026-02-01"), "paid": 10_000},
    {"id": 4, "key": "o4", "customer_id": 3, "paid_at": instant("2026-02-01"), "paid": 10_000},
]


def shop(scene: Make) -> Scene:
    """Three customers with orders and one without; the second and the third are level."""
    found = scene(PLAYBOOK, a={"points": 12, "city": "上海"}, c={}, b={}, d={})
    found.facts.kinds["orders"] = ORDERS
    return found


def flat(node: ExplainNode) -> list[tuple[str, bool, str]]:
    """A tree as lines."""
    return [(node.label, node.holds, node.value), *(line for child in node.children for line in flat(child))]


def why(found: Scene, tag: str) -> list[tuple[str, bool, str]]:
    """Why the first customer has a tag or not."""
    found.facts.kinds["customers"] = found.facts.kinds["customers"][:1]
    with open_engine() as engine:
        (told,) = explain(
            engine,
            (found.facts, found.facts),
            found.project,
            found.settings,
            NOW,
            customer_key="a",
            rules=(Rule("tag", tag),),
            memory=Memory({("tag", "", "大客户"): Standing(since=instant("2026-02-21 08:00"))}, {}),
        )
    assert told.holds
    assert told.since == ("2026-02-21 08:00:00" if tag == "大客户" else None)
    return [line for node in told.nodes for line in flat(node)]


def test_a_tree_shows_the_values_that_decided(scene: Make) -> None:
    whole, *parts = why(shop(scene), "大客户")
    assert whole[1:] == (True, "")
    assert [(holds, value) for _, holds, value in parts] == [
        (True, "12"),
        (True, "2"),
        (True, "2026-02-20 18:00:00 (10d)"),
    ]
    assert [label for label, _, _ in parts] == ["points: 10..", "orders: count: 2..", "orders: last: ..30d"]


def test_a_tree_says_which_part_does_not_hold(scene: Make) -> None:
    lines = why(shop(scene), "别处")
    assert [(holds, value) for _, holds, value in lines[-2:]] == [(False, "上海"), (True, "大客户")]


def test_members_come_by_their_ranking_then_by_key_absent_values_last(scene: Make) -> None:
    found = shop(scene)
    for key in ("d", "c", "b", "a"):
        found.give(key, "名单")
    number = next(number for number, label in found.facts.names.items() if label[0] == "segment")
    with open_engine() as engine:
        types, rows, total = read_members(
            engine,
            found.facts,
            found.project,
            found.settings,
            NOW,
            segment=found.project.segments["名单"],
            label_ids=frozenset({number}),
            limit=3,
        )
    assert types == {"customer_id": Type.TEXT, "累计消费": Type.MONEY, "客单价": Type.MONEY}
    assert total == 4
    assert rows.to_pylist() == [
        {"customer_id": "a", "累计消费": 20_001, "客单价": 10_000},
        {"customer_id": "b", "累计消费": 10_000, "客单价": 10_000},
        {"customer_id": "c", "累计消费": 10_000, "客单价": 10_000},
    ]


def test_a_segment_that_nobody_ever_belonged_to_is_empty(scene: Make) -> None:
    found = shop(scene)
    with open_engine() as engine:
        segment = found.project.segments["名单"]
        told = read_members(
            engine, found.facts, found.project, found.settings, NOW, segment=segment, label_ids=frozenset()
        )
    assert (told[1].num_rows, told[2]) == (0, 0)


def explained(found: Scene, tag: str, memory: Memory) -> Explanation:
    """What is told of the first customer's tag."""
    with open_engine() as engine:
        (told,) = explain(
            engine,
            (found.facts, found.facts),
            found.project,
            found.settings,
            NOW,
            customer_key="a",
            rules=(Rule("tag", tag),),
            memory=memory,
        )
    return told


def test_a_tag_that_another_excludes_says_which(scene: Make) -> None:
    text = "tags:\n  高: {group: G, when: {points: 10..}}\n  低: {group: G, when: {points: 1..}}\n"
    found = scene(f"{text}tag_groups: {{G: {{exclusive: true}}}}\n", a={"points": 20})
    told = explained(found, "低", Memory({}, {}))
    assert (told.holds, told.nodes[0].holds, told.excluded_by) == (False, True, "高")
    found.give("a", "低", by="staff")
    held = Memory({("tag", "", "低"): Standing(since=instant("2026-01-01"), by_hand=True)}, {})
    assert explained(found, "高", held).excluded_by == "低"
    assert explained(found, "低", held).excluded_by == ""


def test_a_tag_that_ran_out_says_so(scene: Make) -> None:
    found = scene("tags:\n  新: {when: {points: 1..}, expires: 3d}\n", a={"points": 1})
    for when in ("2026-02-20 09:00", "2026-02-24 09:00"):
        found.run(when)
    told = explained(found, "新", Memory({}, {}))
    assert (told.holds, told.nodes[0].holds, told.expired) == (False, True, True)


def test_a_family_s_condition_is_told_with_its_values(scene: Make) -> None:
    text = '  爱{品类}:\n    each: {品类: [水果]}\n    when: {items: {where: {category: "{品类}"}}, none: [{city: "{品类}"}]}\n'
    found = scene(f"tags:\n{text}", a={})
    labels = [node.label for node in explained(found, "爱水果", Memory({}, {})).nodes[0].children]
    assert labels == ["items {where: {category: 水果}}: count: 1..", "none"]
