"""What hands type (playbook language, what YAML takes in silence or refuses cryptically): one playbook a slip.

The number in a file's name is the row of the table that it belongs to. Each has its finding with the mended line and nothing
else; a file with `ok` in its name is understood as it stands. What is said stands in `expected/`; `PDO_UPDATE=1` writes it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pdo.commands.cells import text_width
from tests.cli.inside import call

CASE = Path(__file__).parent / "typed"
FILES = sorted((CASE / "playbooks").glob("*.yaml"), key=lambda path: path.stem)
ROWS = 13


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASE)


def said(path: Path, language: str, *options: str) -> str:
    return call("validate", f"playbooks/{path.name}", *options, PDO_LANG=language).stdout


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_said(path: Path) -> None:
    text = f"{said(path, 'zh')}\n{said(path, 'en')}"
    expected = CASE / "expected" / f"{path.stem}.txt"
    if os.environ.get("PDO_UPDATE"):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(text, "utf-8")
    assert text == expected.read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_slip_is_one_finding_with_a_way_out(path: Path) -> None:
    found = json.loads(said(path, "zh", "--format", "json"))["diagnostics"]
    assert len(found) == (0 if "-ok-" in path.stem else 1)
    assert all(one["hint"] for one in found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_carets_stand_under_what_is_meant(path: Path) -> None:
    lines = said(path, "zh").splitlines()
    for one in json.loads(said(path, "zh", "--format", "json"))["diagnostics"]:
        if "\t" in (source := path.read_text("utf-8").split("\n")[one["line"] - 1]):
            continue  # shown as four blanks
        before, meant = source[: one["column"] - 1], source[one["column"] - 1 : one["end_column"] - 1]
        place = lines.index(next(line for line in lines if line.startswith(f"{one['line']} | ")))
        carets = lines[place + 1].partition("| ")[2]
        at = text_width(before)
        assert carets.index("^") == at
        assert carets.count("^") >= text_width(meant) or "\u200b" in meant or "\u0301" in meant


def test_every_row_is_there() -> None:
    assert {int(path.stem[:2]) for path in FILES} == set(range(1, ROWS + 1))
    assert sorted(path.stem for path in (CASE / "expected").glob("*")) == [path.stem for path in FILES]
