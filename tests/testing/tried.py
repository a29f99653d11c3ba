"""Playbooks with examples, tried in this process."""

from __future__ import annotations

from pathlib import Path

from pdo.api.project import open_project, open_settings
from pdo.api.testing import file_reader, run_examples
from pdo.model.examples import Example
from pdo.model.playbook import Project
from pdo.model.settings import Settings
from pdo.model.verdicts import ExampleReport

HERE = Path(__file__).parent
SETTINGS = (HERE / "project" / "pdo.yaml").read_text("utf-8")
RULES = (HERE / "project" / "playbooks" / "规则.yaml").read_text("utf-8")


def opened(root: Path) -> tuple[Project, Settings]:
    """A project of a folder."""
    settings = open_settings(root)
    return open_project(settings, actor="").project, settings


def tried(root: Path, chosen: tuple[Example, ...] | None = None) -> ExampleReport:
    """The examples of a project."""
    project, settings = opened(root)
    return run_examples(project, settings, file_reader(settings), chosen=chosen)


def written(root: Path, examples: str, *, settings: str = SETTINGS, rules: str = RULES) -> Path:
    """The project of this folder with other examples."""
    (root / "playbooks").mkdir(exist_ok=True)
    (root / "pdo.yaml").write_text(settings, "utf-8")
    (root / "playbooks" / "规则.yaml").write_text(rules, "utf-8")
    (root / "playbooks" / "例.cases.yaml").write_text(f"version: 1\nexamples:\n{examples}", "utf-8")
    return root
