"""A newcomer's trial: playbooks written by hand from the language page, with the mistakes that hands make.

`expected.txt` names the lines that had to be found, written down before the checker was asked, and those that came to light
later; the codes were put to them afterwards. `found.*.txt` is what is said now (`PDO_UPDATE=1` writes it anew). `followed.txt`
is the same project with every hint followed to the letter: `FILE LINE|the new line`; nothing after the bar takes the line out,
`\\n` puts another one in.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pdo.commands.frame import render_frame
from pdo.core.diagnostics import Severity
from pdo.core.wording import Language
from pdo.playbook.project import load_project
from pdo.playbook.settings import read_settings

TRIAL = Path(__file__).parent / "trial"
CASES = sorted(path.name for path in TRIAL.iterdir())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", CASES)
def test_what_is_found(case: str, language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TRIAL / case)
    settings, findings = read_settings(Path())
    assert settings is not None
    assert not findings.sorted()
    found = load_project(settings)[1].sorted()
    said = "\n".join(render_frame(each, language, color=False) for each in found)
    path = TRIAL / case / f"found.{language}.txt"
    if os.environ.get("PDO_UPDATE"):
        path.write_text(said, "utf-8")
    assert path.read_text("utf-8") == said


@pytest.mark.parametrize("case", CASES)
def test_hints_mend_what_they_are_given_for(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One run tells everything: with its hints followed, the next one has nothing to say but advice."""
    shutil.copytree(TRIAL / case, tmp_path / case)
    monkeypatch.chdir(tmp_path / case)
    for name, edits in followed(TRIAL / case / "followed.txt").items():
        path = next(path for path in Path().rglob(name))
        lines = path.read_text("utf-8").split("\n")
        mended = [edits.get(number, line) for number, line in enumerate(lines, 1)]
        path.write_text("\n".join(line for number, line in enumerate(mended, 1) if edits.get(number) != ""), "utf-8")
    settings, findings = read_settings(Path())
    assert settings is not None
    assert not findings.sorted()
    found = [each for each in load_project(settings)[1].sorted() if each.severity is not Severity.ADVICE]
    assert "\n".join(render_frame(each, "zh", color=False) for each in found) == ""


def followed(path: Path) -> dict[str, dict[int, str]]:
    """File → line → what it says afterwards."""
    edits: dict[str, dict[int, str]] = {}
    for line in path.read_text("utf-8").splitlines():
        place, _, text = line.partition("|")
        name, number = place.split()
        edits.setdefault(name, {})[int(number)] = text.replace("\\n", "\n")
    return edits


def test_every_expected_line_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = []
    for case in CASES:
        monkeypatch.chdir(TRIAL / case)
        settings, _ = read_settings(Path())
        assert settings is not None
        found = load_project(settings)[1].sorted()
        places = {(Path(each.span.source.path).name, each.span.line, each.code) for each in found if each.span}
        for line in (TRIAL / case / "expected.txt").read_text("utf-8").splitlines():
            name, number, code = line.split()[:3]
            if (name, int(number), code) not in places:
                missing.append((case, line))
    assert missing == []
