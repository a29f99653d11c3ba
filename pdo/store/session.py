"""Sessions: single rows of the store as SQLModel objects, in one transaction."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from pdo.core.committed import noting_commit
from pdo.store.engine import make_engine
from pdo.store.failures import translate
from pdo.store.handles import only_handle
from pdo.store.lock import announce, require_free
from pdo.store.version import COUNT_WRITE, VERSION_QUERY, require_file, require_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def open_session(path: Path, *, write: bool = False, doing: str = "") -> Iterator[Session]:
    """Open a session; commit on leaving, roll back on an exception. Objects stay readable after it.

    Args:
        path: the database.
        write: take the write lock now and hold it to the end.
        doing: what for, told to others who find the store locked; never personal data.

    Raises:
        NoDatabaseError: there is no database.
        SchemaVersionError: its schema is older or newer than this program's.
        LockedError: another process writes.
        StorageError: the file is no database of pdo, damaged or forbidden, or the disk is full; nothing was
            written.
        RuntimeError: this process has the file open already: our bug.
    """
    with ExitStack() as stack:
        stack.enter_context(only_handle(path, "session"))
        require_file(path)
        if write:
            require_free(path)
        stack.enter_context(translated(path))
        engine = make_engine(path, write=write)
        stack.callback(engine.dispose)
        session = stack.enter_context(Session(engine, expire_on_commit=False))
        found: Any = session.connection().exec_driver_sql(VERSION_QUERY).scalar()
        require_version(found, path)
        if write:
            stack.enter_context(announce(path, doing))
        try:
            yield session
            if write:
                _count_write(session)
            with noting_commit() if write else nullcontext():
                session.commit()
        except BaseException:
            session.rollback()
            raise


def _count_write(session: Session) -> None:
    """Let the serial move, if anything was written."""
    session.flush()
    connection = session.connection()
    if connection.exec_driver_sql("SELECT total_changes()").scalar():
        connection.exec_driver_sql(COUNT_WRITE)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what the driver raises into the program's exceptions; what is our bug stays as it is."""
    try:
        yield
    except DBAPIError as error:
        found = translate(error.orig or error, path)
        if found is None:
            raise
        raise found from error
