"""What a SQLite library says, as one of the program's exceptions.

ADBC passes on no codes, only SQLite's own English sentences, which have not changed in twenty years and are
the same in both libraries. They are matched here and nowhere else; what is not among them is our bug and
stays as it is.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.errors import LockedError, PdoError, StorageError
from pdo.store.lock import holder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "database is locked": "error.locked",
        "file is not a database": "error.not_a_database",
        "database disk image is malformed": "error.not_a_database",
        "malformed database schema": "error.not_a_database",
        "Type mismatch in column": "error.not_a_database",
        "no such table: alembic_version": "error.not_of_pdo",
        "database or disk is full": "error.disk_full",
        "disk I/O error": "error.disk_full",
        "attempt to write a readonly database": "error.not_permitted",
        "unable to open database file": "error.not_permitted",
        "failed to open '": "error.not_permitted",
    }
)


def translate(error: BaseException, path: Path) -> PdoError | None:
    """The exception that tells the user what a driver's exception means.

    Args:
        error: of ADBC, `sqlite3` or SQLAlchemy, or of Arrow when it passes one on.
        path: the database.

    Returns:
        None for an error that is our bug.
    """
    said = str(error)
    for sentence, key in SENTENCES.items():
        if sentence in said:
            return _exception(key, sentence, path)
    return None


def _exception(key: str, sentence: str, path: Path) -> PdoError:
    if key == "error.locked":
        who = holder(path)
        return LockedError("error.locked", holder=who) if who else LockedError("error.locked_elsewhere", path=path)
    return StorageError(key, path=path, reason=sentence)
