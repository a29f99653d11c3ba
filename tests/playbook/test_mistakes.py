"""A playbook with many different mistakes: all of them are found in one go, at the right place, in the right words."""

import json
import os
from pathlib import Path

import pytest

from pdo.commands.frame import as_json, concise, render_frame
from pdo.core.diagnostics import Diagnostic
from pdo.core.wording import Language
from pdo.playbook.project import load_project
from pdo.playbook.settings import read_settings

CASE = Path(__file__).parents[1] / "cases" / "mistakes"


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> tuple[Diagnostic, ...]:
    monkeypatch.chdir(CASE)
    settings, findings = read_settings(Path())
    assert settings is not None
    assert not findings.sorted()
    project, findings = load_project(settings)
    assert project is None
    return findings.sorted()


def test_at_least_twenty_different_mistakes(found: tuple[Diagnostic, ...]) -> None:
    assert len({diagnostic.key for diagnostic in found}) >= 20


def kept(name: str, text: str) -> str:
    """What is expected; `PDO_UPDATE=1` writes it as it is now."""
    if os.environ.get("PDO_UPDATE"):
        (CASE / name).write_text(text, "utf-8")
    return (CASE / name).read_text("utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_frames(language: Language, found: tuple[Diagnostic, ...]) -> None:
    text = "\n".join(render_frame(diagnostic, language, color=False) for diagnostic in found)
    assert text == kept(f"expected.{language}.txt", text)


def test_concise(found: tuple[Diagnostic, ...]) -> None:
    text = "".join(concise(diagnostic, "zh") + "\n" for diagnostic in found)
    assert text == kept("expected.concise.txt", text)


def test_json(found: tuple[Diagnostic, ...]) -> None:
    text = json.dumps([as_json(diagnostic, "en") for diagnostic in found], ensure_ascii=False, indent=2) + "\n"
    assert text == kept("expected.json", text)
