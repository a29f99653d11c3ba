"""Making a database and bringing it to this program's schema. Only here is Alembic loaded."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from pdo.core.committed import note_commit
from pdo.core.errors import SchemaVersionError, StorageError
from pdo.store.engine import make_engine
from pdo.store.handles import only_handle
from pdo.store.lock import announce
from pdo.store.session import translated
from pdo.store.version import SCHEMA_VERSION, VERSION_QUERY, require_file
from pdo.store.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

PAGE_BYTES = 16_384
PRIVATE = 0o600
"""The mode of the database; SQLite gives its `-wal` and `-shm` files the same."""


def create(path: Path) -> bool:
    """Make a database with all tables and views, for its owner only.

    It is made under another name beside its place and linked there when it is whole, so a command that is
    killed leaves either nothing or a database.

    Args:
        path: where; missing folders are made.

    Returns:
        Whether it was made; False where there is something already, which is left as it is.

    Raises:
        StorageError: the folder cannot be written, or the disk is full.
    """
    if path.exists():
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new.db", dir=path.parent)
    except OSError as error:
        raise StorageError("error.not_permitted", path=path) from error
    os.close(descriptor)
    made = Path(name)
    try:
        made.chmod(PRIVATE)
        _set_up(made)
        return _link(made, path)
    finally:
        for left in (name, f"{name}-wal", f"{name}-shm", f"{name}-journal"):
            with suppress(FileNotFoundError):
                Path(left).unlink()


def upgrade(path: Path) -> tuple[str, str]:
    """Bring a database to this program's schema, in one transaction, and make its views anew.

    Returns:
        The version before and the version after.

    Raises:
        NoDatabaseError: there is no database.
        SchemaVersionError: it is newer than this program.
        LockedError: another process writes.
        StorageError: it is no database of pdo, it is damaged, or rows would be left without what they refer
            to.
    """
    found = version(path)
    if found is None:
        raise StorageError("error.not_of_pdo", path=path)
    if found > SCHEMA_VERSION:
        raise SchemaVersionError("error.schema_new", found=found, expected=SCHEMA_VERSION)
    with announce(path, "upgrade"):
        _set_up(path)
    return found, SCHEMA_VERSION


def version(path: Path) -> str | None:
    """The revision of a database; None for one that pdo did not make.

    Raises:
        NoDatabaseError: there is no database.
        LockedError: another process is changing it as a whole.
        StorageError: it is no database, or it is damaged.
    """
    with only_handle(path, "schema"):
        require_file(path)
        engine = make_engine(path, write=False)
        try:
            with translated(path), engine.connect() as connection:
                found = connection.exec_driver_sql(VERSION_QUERY).scalar()
                return None if found is None else str(found)
        except StorageError as error:
            if error.key == "error.not_of_pdo":
                return None
            raise
        finally:
            engine.dispose()


def _set_up(path: Path) -> None:
    """Run the missing revisions and make the views, all in one transaction."""
    with only_handle(path, "schema"), translated(path):
        # Without foreign keys, because SQLite changes a table by making it anew; they are checked before the
        # commit.
        engine = make_engine(path, write=True, foreign_keys=False)
        try:
            with engine.connect() as connection, _known_revisions(path):
                _set_journal(connection)
                with connection.begin():
                    for name in _views(connection):
                        connection.exec_driver_sql(f'DROP VIEW "{name}"')
                    config = Config()
                    config.set_main_option(
                        "script_location", str(Path(__file__).parent / "migrations").replace("%", "%%")
                    )
                    config.attributes["connection"] = connection
                    command.upgrade(config, SCHEMA_VERSION)
                    for statement in VIEWS.values():
                        connection.exec_driver_sql(statement)
                    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                        raise StorageError("error.not_a_database", path=path, reason="foreign key check")
                note_commit()
        finally:
            engine.dispose()


@contextmanager
def _known_revisions(path: Path) -> Iterator[None]:
    """A version that no revision of this program has comes from something else."""
    try:
        yield
    except CommandError as error:
        raise StorageError("error.not_of_pdo", path=path) from error


def _set_journal(connection: Connection) -> None:
    """Write-ahead logging, so that readers go on while one process writes. Not settable in a transaction."""
    driver = connection.connection.dbapi_connection
    if driver is not None:
        cursor = driver.cursor()
        try:
            # Of no effect on a database that has tables. Fewer, larger pages: a first import takes a fifth less time.
            cursor.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            cursor.execute("PRAGMA journal_mode = WAL")
        except Exception as error:
            raise DBAPIError.instance("PRAGMA journal_mode", None, error, Exception) from error
        finally:
            cursor.close()


def _views(connection: Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'view' AND name LIKE 'v\\_%' ESCAPE '\\'"
    return [str(name) for (name,) in connection.exec_driver_sql(query)]


def _link(made: Path, path: Path) -> bool:
    """Give the database its name, unless somebody else was faster."""
    with made.open("rb") as stream:
        os.fsync(stream.fileno())
    try:
        os.link(made, path)
    except FileExistsError:
        return False
    except OSError:
        # A file system without hard links.
        made.rename(path)
    return True
