"""The lock file beside the database says who writes, so that others can be told.

It excludes nobody: `BEGIN IMMEDIATE` does. So nothing that goes wrong with it may fail a command, and a text
that a dead process left is harmless: who reads it first sees whether anybody still holds the file.
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import BaseFileLock, FileLock, Timeout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_TEXT = 500
"""Bytes of the lock file that are believed; somebody may have put anything there."""


def lock_path(path: Path) -> Path:
    """The lock file of a database."""
    return path.with_name(path.name + ".lock")


@contextmanager
def announce(path: Path, doing: str) -> Iterator[None]:
    """Say, while it lasts, that this process writes to a database. Call it with the write transaction open.

    Args:
        path: the database.
        doing: what for, as `import orders`; never personal data.
    """
    lock = _take(path)
    if lock is not None:
        with suppress(OSError):
            lock_path(path).write_text(f"pid {os.getpid()} @ {socket.gethostname()}: {doing}", encoding="utf-8")
    try:
        yield
    finally:
        if lock is not None:
            with suppress(OSError):
                lock.release()


def holder(path: Path) -> str | None:
    """Who writes to a database, since when (UTC), doing what; None if no `pdo` says so."""
    file = lock_path(path)
    try:
        with file.open("rb") as stream:
            text = stream.read(LONGEST_TEXT).decode("utf-8", "replace")
            # The file's own time stamp: nothing on this floor reads the clock.
            since = datetime.fromtimestamp(os.fstat(stream.fileno()).st_mtime, UTC)
    except OSError:
        return None
    free = _take(path)
    if free is not None:
        with suppress(OSError):
            free.release()
        return None
    said = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return f"{said}, {since.strftime('%Y-%m-%dT%H:%M:%SZ')}" if said else None


def _take(path: Path) -> BaseFileLock | None:
    """Take the lock file if nobody has it."""
    lock = FileLock(lock_path(path), timeout=0, mode=0o600)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return None
    return lock
