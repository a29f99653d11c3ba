"""A fresh database, and nobody who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pdo.store import door, engine, schema

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A path with everything in it that a path may have, and a fresh database there."""
    found = tmp_path / "数据 50% #1?" / "pdo.db"
    assert schema.create(found)
    return found


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock in a test."""
    monkeypatch.setattr(door, "BUSY_MS", 20)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.02)
