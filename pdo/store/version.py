"""Which schema this program reads and writes, and how a database is judged by it.

Every handle asks on its own connection, as the first read of its transaction: no second open, no Alembic.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from pdo.core.errors import NoDatabaseError, SchemaVersionError, StorageError

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_VERSION = "0007"
"""The Alembic revision that this program reads and writes. Revisions are numbers, so they can be compared."""

VERSION_QUERY = "SELECT version_num FROM alembic_version"

SERIAL_QUERY = "SELECT version_num, serial FROM alembic_version, store_state"
"""Two connections that find the same see the same state of the store."""

COUNT_WRITE = "UPDATE store_state SET serial = serial + 1"
"""Part of every transaction that wrote something; see `StoreState`."""


def require_file(path: Path) -> None:
    """See that there is something to open, because SQLite would make what is missing.

    Raises:
        NoDatabaseError: there is no such file.
        StorageError: it is a folder, or nobody may look.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoDatabaseError("error.no_database", path=path) from error
    except OSError as error:
        raise StorageError("error.not_permitted", path=path) from error
    if stat.S_ISDIR(mode):
        raise StorageError("error.file_is_folder", path=path)


def require_version(found: str | None, path: Path) -> None:
    """See that a database has the schema of this program.

    Args:
        found: what `VERSION_QUERY` gave; None for nothing.
        path: for the message.

    Raises:
        SchemaVersionError: it is older or newer.
        StorageError: it has no version at all.
    """
    if found is None:
        raise StorageError("error.not_of_pdo", path=path)
    if found != SCHEMA_VERSION:
        key = "error.schema_new" if found > SCHEMA_VERSION else "error.schema_old"
        raise SchemaVersionError(key, found=found, expected=SCHEMA_VERSION)
