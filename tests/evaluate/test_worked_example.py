"""From the text of a playbook to whom its rules mean, over the rows of the worked example."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdo.core.calendar import Moment, parse_moment
from pdo.evaluate.changes import difference
from pdo.evaluate.engine import open_engine
from pdo.evaluate.outcome import evaluate
from pdo.model.playbook import Project
from pdo.model.settings import Settings
from pdo.playbook.project import load_project
from tests.support.memory import MemoryFacts

PLAYBOOK = """\
version: 1
playbook: fresh-retail
metrics:
  累计消费: {orders: amount}
tags:
  爱水果:
    group: 消费偏好
    when: {items: {where: {category: 水果}}}
  重要客户将流失:
    group: 价值
    when: {orders: {count: 3.., last: 30d..60d, amount: 500..}}
lifecycles:
  客户阶段:
    stages: [新客户, 初步沟通, 意向客户, 成交, 无意向]
    initial: 新客户
    final: [成交]
    transitions:
      - {from: 新客户, to: 初步沟通, when: {events: {type: 客户回复}}}
      - {from: [新客户, 初步沟通], to: 意向客户, when: {events: {type: 询价}}}
      - {from: any, to: 成交, when: {orders: {}}}
      - {from: [初步沟通, 意向客户], to: 无意向, after: 30d, when: {events: {within: 30d, count: 0}}}
segments:
  高价值将流失:
    when: {tag: 重要客户将流失}
    rank_by: {累计消费: desc}
    top: 20
    columns: [customer_id, name, 累计消费]
"""
ZONE = "Asia/Shanghai"


def _at(day: str) -> int:
    return parse_moment(day, ZONE).at


FACTS = MemoryFacts(
    {
        "customers": [{"id": 1, "key": "a", "name": "王芳"}, {"id": 2, "key": "b"}],
        "orders": [
            {"id": place, "key": f"o{place}", "customer_id": 1, "paid_at": _at(day), "paid": 20_000}
            for place, day in enumerate(("2025-11-02", "2025-12-02", "2026-01-20"), 1)
        ],
        "items": [{"order_id": 1, "line": "1", "product_id": 1, "amount": 20_000}],
        "products": [{"id": 1, "key": "s1", "category": "水果"}],
        "events": [{"id": 1, "key": "e", "customer_id": 2, "type": "客户回复", "occurred_at": _at("2026-02-01")}],
    }
)


@pytest.fixture
def project(tmp_path: Path) -> tuple[Settings, Project]:
    """The project that the playbook makes."""
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "fresh.yaml").write_text(PLAYBOOK, "utf-8")
    settings = Settings(tmp_path, tmp_path / "pdo.db")
    found, findings = load_project(settings)
    assert found is not None, findings
    return settings, found


def gained(project: tuple[Settings, Project], now: Moment) -> dict[str, tuple[str, ...]]:
    """Who gains what in the first run."""
    with open_engine() as engine:
        steps = difference(evaluate(engine, FACTS, project[1], project[0], now), FACTS).steps
    assert {step.change for step in steps} <= {"gained"}
    return {step.name: step.sample for step in steps}


def test_a_has_both_tags_and_is_won(project: tuple[Settings, Project]) -> None:
    assert gained(project, parse_moment("2026-03-02T09:00", ZONE)) == {
        "爱水果": ("a",),
        "重要客户将流失": ("a",),
        "成交": ("a",),
        "初步沟通": ("b",),
        "高价值将流失": ("a",),
    }


@pytest.mark.parametrize(
    ("now", "about_to_leave"),
    [
        ("2026-02-18T23:59:59", False),  # 29 days after the last order
        ("2026-02-19T00:00", True),
        ("2026-03-21T23:59:59", True),
        ("2026-03-22T00:00", False),  # 61 days after it
    ],
)
def test_the_window_opens_and_closes_at_midnight(
    project: tuple[Settings, Project], now: str, about_to_leave: bool
) -> None:
    found = gained(project, parse_moment(now, ZONE))
    assert ("重要客户将流失" in found) is about_to_leave
    assert ("高价值将流失" in found) is about_to_leave
