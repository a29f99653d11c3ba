"""Every case says what its transcript says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cases import TRANSCRIPT, replay

CASES = sorted(path.parent for path in Path(__file__).parent.glob(f"*/{TRANSCRIPT}"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_transcript(case: Path, tmp_path: Path) -> None:
    kept, found = replay(case, tmp_path / case.name)
    assert found == kept
