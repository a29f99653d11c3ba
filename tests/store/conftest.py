"""A fresh database, and nobody who waits."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from pdo.store import door, engine, schema

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without rows, made once and copied for each test."""
    found = tmp_path_factory.mktemp("fresh") / "pdo.db"
    assert schema.create(found)
    return found


@pytest.fixture
def path(tmp_path: Path, fresh: Path) -> Path:
    """A path with everything in it that a path may have, and a fresh database there."""
    found = tmp_path / "数据 50% #1?" / "pdo.db"
    found.parent.mkdir()
    shutil.copy(fresh, found)
    return found


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock in a test."""
    monkeypatch.setattr(door, "BUSY_MS", 20)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.02)
