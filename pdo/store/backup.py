"""Copies of the store that can be relied on: made while others work, tried before they are kept and before they are used."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pdo.core.errors import LockedError, PdoError, SchemaVersionError, StorageError, UsageError
from pdo.store.engine import BUSY_SECONDS
from pdo.store.failures import translate
from pdo.store.handles import only_handle
from pdo.store.lock import holder
from pdo.store.space import LEAST, require_space
from pdo.store.version import SCHEMA_VERSION, VERSION_QUERY, require_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PRIVATE, PRIVATE_FOLDER = 0o600, 0o700
_COUNTED = ("customer", "sales_order", "event", "assignment", "message")


@dataclass(frozen=True, slots=True)
class BackupEntry:
    """A backup, opened and tried.

    Args:
        path: of the file.
        version: of its schema.
        rows: table → rows, of the tables that people know.
        size: in bytes.
    """

    path: Path
    version: str
    rows: Mapping[str, int]
    size: int


def backup(database: Path, folder: Path, *, stamp: str, keep: int | None) -> tuple[BackupEntry, tuple[Path, ...]]:
    """Copy the store while others may read and write it, and try the copy.

    Args:
        database: the store.
        folder: where copies are kept; made where it is missing.
        stamp: the moment, for the name.
        keep: how many copies stay, this one among them; None for all.

    Returns:
        The copy, and older ones that are gone.

    Raises:
        NoDatabaseError: there is no database.
        StorageError: it is damaged, or the folder cannot be written.
    """
    require_file(database)
    target = folder / f"{database.stem}-{stamp}.db"
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        with _made(target) as part:
            with only_handle(database, "backup"), _translated(database):
                _copy(database, part)
            entry = tried(part)
            part.replace(target)
    except OSError as error:
        raise StorageError("error.not_permitted", path=folder) from error
    gone = backups(folder, database)[: -keep or None] if keep else []
    for path in gone:
        path.unlink(missing_ok=True)
    return BackupEntry(target, entry.version, entry.rows, entry.size), tuple(gone)


def backups(folder: Path, database: Path) -> list[Path]:
    """The copies of a store in a folder, oldest first."""
    return sorted(folder.glob(f"{database.stem}-[0-9]*.db"))


def tried(path: Path) -> BackupEntry:
    """Open a copy and look it through.

    Raises:
        UsageError: there is no such file.
        StorageError: it is no database of pdo, or damaged.
        SchemaVersionError: it is of a newer program.
    """
    if not path.is_file():
        raise UsageError("error.no_backup", path=path)
    with only_handle(path, "backup"), _translated(path), closing(_connect(path, "ro")) as copy:
        version = copy.execute(VERSION_QUERY).fetchone()
        if version is None:
            raise StorageError("error.not_of_pdo", path=path)
        if version[0] > SCHEMA_VERSION:
            raise SchemaVersionError("error.schema_new", found=version[0], expected=SCHEMA_VERSION)
        told = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        lost = copy.execute("PRAGMA foreign_key_check").fetchone()
        if told != "ok" or lost is not None:
            raise StorageError("error.backup_unsound", path=path, reason=told if told != "ok" else lost[0])
        rows = {table: int(copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in _COUNTED}  # noqa: S608
    return BackupEntry(path, str(version[0]), rows, path.stat().st_size)


def restore(database: Path, source: Path, *, stamp: str) -> tuple[BackupEntry, Path | None]:
    """Put a copy in the place of the store, after it was tried; what stood there is kept beside it.

    Args:
        database: the store; it may be missing or damaged.
        source: the copy, which stays where it is.
        stamp: the moment, for the name of what is kept.

    Returns:
        What was put there, and where the replaced file is.

    Raises:
        UsageError: there is no such copy.
        LockedError: somebody writes, or reads, so that the file cannot be replaced.
        StorageError: the copy or the folder cannot be used, or the disk has too little room.
    """
    entry = tried(source)
    require_space(database, max(entry.size, LEAST))
    aside = database.with_name(f"{database.stem}-before-restore-{stamp}.db")
    try:
        with _made(database.with_name(f".{database.name}.restored")) as part:
            with only_handle(source, "backup"), _translated(source):
                _copy(source, part)
            if tried(part).rows != entry.rows:
                raise StorageError("error.backup_unsound", path=source, reason="rows")
            with _connect_wal(part) as copy:
                copy.execute("PRAGMA journal_mode = WAL")
            replaced = _step_aside(database, aside) if database.exists() else None
            part.replace(database)
    except OSError as error:
        raise StorageError("error.not_permitted", path=database) from error
    return entry, replaced


def scrub(database: Path) -> None:
    """Make the file anew, so that nothing of what was deleted is left in it or in its journal.

    Raises:
        LockedError: somebody else has it open; what was deleted is gone, but may be found in the file still.
        StorageError: the disk is full.
    """
    with only_handle(database, "scrub"), _translated(database), _connect_wal(database) as store:
        store.execute("VACUUM")
        busy = store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise LockedError("error.scrub_busy", path=database)


def _step_aside(database: Path, aside: Path) -> Path:
    """Rename the store; nobody may be writing, and its journal goes into it first."""
    with only_handle(database, "backup"):
        try:
            with _connect_wal(database) as store:
                store.execute("BEGIN EXCLUSIVE")
                store.execute("COMMIT")
                busy = store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            known = translate(error, database)
            if isinstance(known, LockedError):
                raise known from error
            # Damaged: that is why it is replaced. Its journal goes with it.
            busy = 0
        if busy:
            raise LockedError("error.locked", path=database, holder=holder(database) or "-")
        database.rename(aside)
        for ending in ("-wal", "-shm"):
            journal = database.with_name(database.name + ending)
            if journal.exists():
                journal.rename(aside.with_name(aside.name + ending))
    return aside


@contextmanager
def _made(target: Path) -> Iterator[Path]:
    """An empty file of mode 0600 beside a target, gone at the end unless it was renamed."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(descriptor)
    part = Path(name)
    part.chmod(PRIVATE)
    try:
        yield part
    finally:
        for left in (name, f"{name}-wal", f"{name}-shm", f"{name}-journal"):
            with suppress(OSError):
                Path(left).unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Page by page, as of one moment."""
    with closing(_connect(source, "ro")) as opened, closing(sqlite3.connect(target)) as copy:
        opened.backup(copy)
        # One file, without a journal beside it.
        copy.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _connect_wal(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(_connect(path, "rw")) as connection:
        yield connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        known: PdoError | BaseException | None = translate(error, path)
        if known is None:
            raise
        raise known from error
