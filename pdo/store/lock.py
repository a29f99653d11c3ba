"""The lock file beside the database says who writes, so that others can be told.

It excludes nobody: `BEGIN IMMEDIATE` does. So nothing that goes wrong with it may fail a command, and a text
that a dead process left is harmless: who reads it first sees whether anybody still holds the file.

A second file keeps others out between the transactions of a command that has several, as a night has (`hold`).
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import BaseFileLock, FileLock, Timeout

from pdo.core.errors import LockedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_held: set[str] = set()
"""The databases that this process keeps others out of."""

LONGEST_TEXT = 500
"""Bytes of the lock file that are believed; somebody may have put anything there."""


def lock_path(path: Path) -> Path:
    """The lock file of a database."""
    return path.with_name(path.name + ".lock")


def hold_path(path: Path) -> Path:
    """The file that is locked while somebody keeps others out of a database."""
    return path.with_name(path.name + ".hold")


@contextmanager
def hold(path: Path, doing: str) -> Iterator[None]:
    """Keep other processes from writing to a database, also between this one's transactions.

    Args:
        path: the database.
        doing: what for, as `nightly`; never personal data.

    Raises:
        LockedError: another process keeps others out, or writes.
    """
    writing = holder(path)
    lock = _take(hold_path(path)) if writing is None else None
    if lock is None:
        raise LockedError("error.locked", holder=writing or _who(hold_path(path)))
    _note(hold_path(path), doing)
    _held.add(os.path.realpath(path))
    try:
        yield
    finally:
        _held.discard(os.path.realpath(path))
        with suppress(OSError):
            lock.release()


def require_free(path: Path) -> None:
    """See that no other process keeps this one out of a database.

    Raises:
        LockedError: one does.
    """
    file = hold_path(path)
    if os.path.realpath(path) in _held or not file.exists():
        return
    lock = _take(file)
    if lock is None:
        raise LockedError("error.locked", holder=_who(file))
    with suppress(OSError):
        lock.release()


@contextmanager
def announce(path: Path, doing: str) -> Iterator[None]:
    """Say, while it lasts, that this process writes to a database. Call it with the write transaction open.

    Args:
        path: the database.
        doing: what for, as `import orders`; never personal data.
    """
    lock = _take(lock_path(path))
    if lock is not None:
        _note(lock_path(path), doing)
    try:
        yield
    finally:
        if lock is not None:
            with suppress(OSError):
                lock.release()


def _note(file: Path, doing: str) -> None:
    with suppress(OSError):
        file.write_text(f"pid {os.getpid()} @ {socket.gethostname()}: {doing}", encoding="utf-8")


def holder(path: Path) -> str | None:
    """Who writes to a database, since when (UTC), doing what; None if no `pdo` says so."""
    file = lock_path(path)
    said = _who(file)
    if not said:
        return None
    free = _take(file)
    if free is not None:
        with suppress(OSError):
            free.release()
        return None
    return said


def _who(file: Path) -> str:
    """What a lock file says, with the time at which it was written; empty where it says nothing."""
    try:
        with file.open("rb") as stream:
            text = stream.read(LONGEST_TEXT).decode("utf-8", "replace")
            # The file's own time stamp: nothing on this floor reads the clock.
            since = datetime.fromtimestamp(os.fstat(stream.fileno()).st_mtime, UTC)
    except OSError:
        return ""
    said = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return f"{said}, {since.strftime('%Y-%m-%dT%H:%M:%SZ')}" if said else ""


def _take(file: Path) -> BaseFileLock | None:
    """Take a lock file if nobody has it."""
    lock = FileLock(file, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return None
    return lock
