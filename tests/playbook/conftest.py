"""Helpers of these tests: a project written in one text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pdo.core.diagnostics import Diagnostic, Findings
from pdo.core.source import Source
from pdo.model.conditions import Condition
from pdo.model.playbook import Project
from pdo.model.settings import Settings
from pdo.playbook.project import parse_condition_text, read_project
from pdo.playbook.reading import Reading
from pdo.playbook.settings import read_settings

Read = Callable[[str], tuple[Project, tuple[Diagnostic, ...]]]
Ask = Callable[[str], Condition]
Wrong = Callable[[str], list[str]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, tmp_path / "pdo.db")


@pytest.fixture
def read(settings: Settings) -> Read:
    """The project that a text makes (its head is written already), and what was found."""

    def of(text: str) -> tuple[Project, tuple[Diagnostic, ...]]:
        reading = Reading(settings, Findings())
        project = read_project((Source("p.yaml", f"version: 1\nplaybook: p\n{text}"),), reading)
        return project, reading.findings.sorted()

    return of


SCENE_SETTINGS = """\
attributes: {customers: {兴趣: list, 皮肤: {type: text, values: [油性, 干性]}, 签约日: date}}
tables:
  children: {time: birthday, columns: {birthday: date, gender: text}}
  地址: {columns: {城区: text}}
"""
SCENE = """\
version: 1
playbook: p
metrics: {累计消费: {orders: amount}}
scores: {意向分: {rules: [{when: {city: 北京}, add: 5}]}}
rfm: {全店: {recency: {score: quintile, high: 4..}, frequency: {high: 3..}, money: {high: above average}}}
tags: {甲: {when: {city: 北京}}, 乙: {when: {city: 上海}}}
segments: {名单: {when: {city: 北京}}}
lifecycles:
  客户阶段: {stages: [新, 成交], initial: 新, transitions: [{from: 新, to: 成交, when: {orders: {}}}]}
  人生: {derived: {少: {birthday: {age: ..17y}}, 老: {birthday: {age: 60y..}}}, otherwise: 其他}
"""


@pytest.fixture
def scene(tmp_path: Path) -> tuple[Settings, Project]:
    """A project with a block of every kind that conditions refer to, declared tables, and lists of customers."""
    (tmp_path / "pdo.yaml").write_text(SCENE_SETTINGS, "utf-8")
    (tmp_path / "老客.csv").write_text("姓名,客户编号\n王,b\n李,a\n王,b\n", "utf-8")
    (tmp_path / "gbk.csv").write_bytes("会员ID\nc\n".encode("gb18030"))
    (tmp_path / "卡号.csv").write_text("卡号\n1\n", "utf-8")
    (tmp_path / "空.csv").write_text("customer_id\n\n", "utf-8")
    settings, findings = read_settings(tmp_path)
    assert settings is not None
    reading = Reading(settings, findings)
    project = read_project((Source("p.yaml", SCENE),), reading)
    assert not findings.sorted(), [found.message("zh") for found in findings]
    return settings, project


@pytest.fixture
def ask(scene: tuple[Settings, Project]) -> Ask:
    """A condition that must be right."""

    def of(text: str) -> Condition:
        condition, findings = parse_condition_text(text, *scene)
        assert not findings.has_errors, [found.message("zh") for found in findings]
        assert condition is not None
        return condition

    return of


@pytest.fixture
def wrong(scene: tuple[Settings, Project]) -> Wrong:
    """The keys of what is found in a condition."""

    def of(text: str) -> list[str]:
        return [found.key for found in parse_condition_text(text, *scene)[1]]

    return of
