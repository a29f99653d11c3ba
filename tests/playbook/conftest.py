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


@pytest.fixture
def ask(settings: Settings) -> Ask:
    """A condition that must be right."""

    def of(text: str) -> Condition:
        condition, findings = parse_condition_text(text, settings, Project())
        assert not findings.has_errors, [found.message("zh") for found in findings]
        assert condition is not None
        return condition

    return of


@pytest.fixture
def wrong(settings: Settings) -> Wrong:
    """The keys of what is found in a condition."""

    def of(text: str) -> list[str]:
        return [found.key for found in parse_condition_text(text, settings, Project())[1]]

    return of
