"""Every case says what its transcript says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cases import TRANSCRIPT, replay

CASES = sorted(path.parent for path in Path(__file__).parent.glob(f"*/{TRANSCRIPT}"))
LONG = ("boundaries", "hands", "import-again", "messages", "renamed", "stages", "views")
"""Weeks of a shop; what happens in them is tested piece by piece in `tests/cli`, `tests/evaluate` and `tests/outbox`."""


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.name, marks=[pytest.mark.slow] * (case.name in LONG)) for case in CASES]
)
def test_transcript(case: Path, tmp_path: Path) -> None:
    kept, found = replay(case, tmp_path / case.name)
    assert found == kept
