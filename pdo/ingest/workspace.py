"""A scratch DuckDB and a private folder beside the store; nothing of either outlives the import."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp

from pdo.core.memory import share_of, told_short
from pdo.core.sizes import MEGABYTE
from pdo.core.spill import spill_folder
from pdo.ingest.macros import MACROS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from pdo.model.settings import Settings

MOST_MEMORY = 900 * MEGABYTE
"""What DuckDB takes at most, for more makes no import faster; beyond it, it spills into the private folder."""

STREAM_ROWS = 65_536
"""Rows of one Arrow batch on the way to the store."""

Statement = exp.Expr | str


@contextmanager
def open_workspace(settings: Settings | None = None) -> Iterator[Workspace]:
    """Make a workspace and remove it at the end.

    Args:
        settings: of the project, beside whose store the folder is made, and which bounds its memory; None for work
            without a store.

    Raises:
        StorageError: while it is open, memory, or the disk beside the store, turns out to be too small.
    """
    share = share_of(settings.memory if settings else None)
    with spill_folder(settings.database if settings else None) as folder, told_short(share, folder):
        connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{min(share.engine, MOST_MEMORY)}B",
                "threads": share.threads,
                "temp_directory": str(folder / "spill"),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        try:
            for macro in MACROS:
                connection.execute(macro)
            yield Workspace(connection, folder)
        finally:
            connection.close()


class Workspace:
    """An open workspace. Made by `open_workspace`.

    Args:
        connection: its DuckDB.
        folder: readable by this user only.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._connection = connection
        self.folder = folder

    def run(self, statement: Statement) -> None:
        """Run a statement for what it does."""
        self._connection.execute(_text(statement))

    def rows(self, statement: Statement) -> list[tuple[Any, ...]]:
        """A few rows."""
        return self._connection.execute(_text(statement)).fetchall()

    def number(self, statement: Statement) -> int:
        """The one number that a query gives; 0 for NULL."""
        return int(self.rows(statement)[0][0] or 0)

    def stream(self, statement: Statement) -> pa.RecordBatchReader:
        """Many rows. A cursor of its own: a connection has one result at a time."""
        cursor = self._connection.cursor()
        # `sql`, not `execute`: that one works the whole result out before its first row.
        return cursor.sql(_text(statement)).to_arrow_reader(STREAM_ROWS)

    def load(self, name: str, rows: pa.RecordBatchReader | pa.Table) -> None:
        """Keep rows as a table."""
        self._connection.register("incoming_arrow", rows)
        try:
            self.create(name, exp.select("*").from_("incoming_arrow"))
        finally:
            self._connection.unregister("incoming_arrow")

    def create(self, name: str, query: exp.Expr) -> None:
        """Keep the rows of a query as a table."""
        self.run(exp.Create(this=exp.to_identifier(name), kind="TABLE", expression=query))

    def view(self, name: str, query: exp.Expr) -> None:
        """Name a query."""
        self.run(exp.Create(this=exp.to_identifier(name), kind="VIEW", expression=query))

    def stage_name(self, name: str) -> str:
        """A name for a temporary table of the store: several files may come in through one door."""
        return f"stage_{self.folder.name.rpartition('-')[2]}_{name}"


def _text(statement: Statement) -> str:
    return statement if isinstance(statement, str) else statement.sql(dialect="duckdb")


def name(column: str, table: str | None = None) -> exp.Column:
    """A column, quoted."""
    return exp.column(column, table=table, quoted=True)


def call(function: str, *arguments: exp.Expr | str | int) -> exp.Expression:
    """A call printed as it stands: `exp.func` would translate what it takes for another engine's function."""
    return exp.Anonymous(
        this=function, expressions=[found if isinstance(found, exp.Expr) else exp.convert(found) for found in arguments]
    )


def ref_table(kind: str) -> str:
    """The workspace's table of a kind's keys."""
    return f"ref_{kind}"


def absent_from(known: str, column: str, table: str) -> exp.Expression:
    """The condition that a table's row has no counterpart in another one, by a column of both."""
    same = name(column, known).eq(name(column, table))
    return exp.Exists(this=exp.select(exp.convert(1)).from_(known).where(same)).not_()
