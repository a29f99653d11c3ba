"""A newcomer's trial: playbooks written by hand from the language page, with the mistakes that hands make.

Each was written with a list of what must be found in it, before the checker was asked. What is said of it now stands beside it;
`PDO_UPDATE=1` writes it anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pdo.commands.frame import render_frame
from pdo.core.wording import Language
from pdo.playbook.project import load_project
from pdo.playbook.settings import read_settings

TRIAL = Path(__file__).parent / "trial"
CASES = sorted(path.name for path in TRIAL.iterdir())
OWN = "PB950"
"""What this version does not do yet is no mistake of a hand."""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", CASES)
def test_what_is_found(case: str, language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TRIAL / case)
    settings, findings = read_settings(Path())
    assert settings is not None
    assert not findings.sorted()
    found = [each for each in load_project(settings)[1].sorted() if each.code != OWN]
    said = "\n".join(render_frame(each, language, color=False) for each in found)
    path = TRIAL / case / f"found.{language}.txt"
    if os.environ.get("PDO_UPDATE"):
        path.write_text(said, "utf-8")
    assert path.read_text("utf-8") == said


def test_every_expected_line_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The places that were written down first; the codes were put to them afterwards."""
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
