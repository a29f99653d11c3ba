"""The SQLAlchemy engine behind sessions and migrations.

Python's own SQLite, one connection, explicit transactions.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

BUSY_SECONDS = 2.0
"""How long to wait for another process's write before saying that the store is locked."""

PRAGMAS = ("PRAGMA synchronous = FULL", "PRAGMA cache_size = -32768")


def make_engine(path: Path, *, write: bool, foreign_keys: bool = True) -> Engine:
    """An engine that keeps no connection: closed means closed, because the door may come next.

    Args:
        path: the database; it must be there.
        write: begin with `BEGIN IMMEDIATE`; a deferred transaction that writes late fails at once when
            another process wrote in between.
        foreign_keys: off only for migrations, which check them at their end.
    """

    def connect() -> sqlite3.Connection:
        # `mode=rw`, because SQLite would make a file that is missing; no `isolation_level`, because Python's
        # sqlite3 begins deferred transactions by itself.
        return sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            *PRAGMAS,
            f"PRAGMA foreign_keys = {int(foreign_keys)}",
            f"PRAGMA query_only = {int(not write)}",
        ):
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    @event.listens_for(engine, "before_cursor_execute")
    def see_transaction(connection: Connection, _cursor: Any, sql: str, *_rest: Any) -> None:
        # A full disk makes SQLite roll back by itself; what came after it would be kept, each statement for
        # itself.
        driver: Any = connection.connection.dbapi_connection
        if not driver.in_transaction and not sql.startswith("BEGIN"):
            raise RuntimeError("the transaction is gone; what follows would not be part of it")

    return engine
