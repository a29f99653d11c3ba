"""The folder beside the store for what an engine cannot hold in memory.

On the store's disk, for that is where there is room: `/tmp` is often small, or is memory itself. Nobody else may look into it.
Its owner holds a lock on it as long as it lives, so that what a killed process left is known by being free.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    import filelock
else:
    filelock = late("filelock")  # examples have no store

LOCK = "lock"
LOCK_SECONDS = 5
"""How long somebody who clears up may hold a folder that was just made."""


@contextmanager
def spill_folder(database: Path | None) -> Iterator[Path]:
    """A folder that is gone when the block ends; those that killed processes left beside the store go first.

    Args:
        database: the store beside which it is made; None for the system's place for what is passing.
    """
    if database is None:
        with tempfile.TemporaryDirectory(prefix="pdo-") as passing:
            yield Path(passing)
        return
    clear_left(database)
    with _made(database) as folder:
        yield folder


def left_folders(database: Path) -> list[Path]:
    """Spill folders beside a store that nobody uses any longer."""
    return [folder for folder in _folders(database) if not _is_used(folder)]


def clear_left(database: Path) -> None:
    """Remove what killed processes left beside a store."""
    for folder in _folders(database):
        with suppress(OSError, filelock.Timeout), filelock.FileLock(folder / LOCK, timeout=0, mode=0o600):
            shutil.rmtree(folder, ignore_errors=True)


def _folders(database: Path) -> list[Path]:
    try:
        return sorted(database.parent.glob(f"{_prefix(database)}*"))
    except OSError:
        return []


def _prefix(database: Path) -> str:
    return f".{database.name}-spill-"


def _is_used(folder: Path) -> bool:
    try:
        with filelock.FileLock(folder / LOCK, timeout=0, mode=0o600):
            return False
    except (OSError, filelock.Timeout):
        return True


@contextmanager
def _made(database: Path) -> Iterator[Path]:
    while True:
        folder = _new(database)
        lock = filelock.FileLock(folder / LOCK, timeout=LOCK_SECONDS, mode=0o600)
        with suppress(OSError, filelock.Timeout):
            lock.acquire()
        # Between its making and its lock somebody who clears up may have taken it for left.
        if folder.exists():
            break
        lock.release()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def _new(database: Path) -> Path:
    """A new folder that only its owner may look into; where the store lies nobody may be allowed to write who only reads it."""
    with suppress(OSError):
        return Path(tempfile.mkdtemp(prefix=_prefix(database), dir=database.parent))
    return Path(tempfile.mkdtemp(prefix="pdo-"))
