"""The engine: DuckDB in memory, with a bound on it."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from itertools import repeat, zip_longest
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from pdo.compiler import sql
from pdo.core.ahead import made_ahead
from pdo.core.memory import share_of, told_short
from pdo.core.spill import spill_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pdo.core.memory import Share
    from pdo.evaluate.facts import Rows
    from pdo.model.settings import Settings


_ORDERED = "ordered"
"""A table on its way to another's name."""
_BATCH = 100_000
"""Rows that come out at a time."""
_IN_MEMORY = 16
"""Of what it may hold, rows of one result that take more than one of so many parts lie in a file."""


class Engine:
    """A DuckDB connection that takes sqlglot expressions and gives Arrow. Made by `open_engine`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, share: Share, folder: Path) -> None:
        self._connection = connection
        self._share = share
        self._folder = folder
        self._views: set[str] = set()

    def create(self, name: str, query: exp.Expr) -> None:
        """Keep the rows of a query as a table."""
        self._run(exp.Create(this=exp.to_table(name), kind="TABLE", expression=query))

    def define(self, name: str, query: exp.Expr) -> None:
        """Give a query a name, under which its rows are worked out whenever they are looked at."""
        self._run(exp.Create(this=exp.to_table(name), kind="VIEW", expression=query))
        self._views.add(name)

    def add(self, name: str, query: exp.Expr) -> None:
        """Add the rows of a query to a table, in the order of its columns."""
        self._run(exp.Insert(this=exp.to_table(name), expression=query))

    def order(self, name: str, by: str) -> None:
        """Lay the rows of a table or a defined query by a column, so that some of its values are read without the rest."""
        query = exp.select(exp.Star()).from_(name).order_by(sql.column(by))
        self._run(exp.Create(this=exp.to_table(_ORDERED), kind="TABLE", expression=query))
        self.drop(name)
        self._run(
            exp.Alter(this=exp.to_table(_ORDERED), kind="TABLE", actions=[exp.AlterRename(this=exp.to_table(name))])
        )

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Take over what is added to tables in the block at its end: piece by piece that costs as much as to work it out."""
        self._connection.begin()
        yield
        self._connection.commit()

    @property
    def room(self) -> int:
        """Bytes that it may hold before it spills."""
        return self._share.engine

    def load(self, name: str, rows: Rows) -> None:
        """Keep Arrow rows as a table; two streams are read at the same time."""
        if isinstance(rows, tuple):
            rows = pa.RecordBatchReader.from_batches(rows[0].schema, _side_by_side(*rows))
        self._connection.register("arriving", rows)
        self.create(name, exp.select(exp.Star()).from_("arriving"))
        self._connection.unregister("arriving")

    def drop(self, name: str) -> None:
        """Forget a table or a defined query."""
        kind = "VIEW" if name in self._views else "TABLE"
        self._run(exp.Drop(tables=[exp.to_table(name)], kind=kind, exists=True))
        self._views.discard(name)

    def clear(self) -> None:
        """Forget everything."""
        for name in tuple(self._views):
            self.drop(name)
        for (name,) in self._connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            self.drop(name)

    def _run(self, statement: exp.Expr) -> None:
        self._connection.execute(statement.sql("duckdb"))

    def table(self, query: exp.Expr) -> pa.Table:
        """The rows of a query; so many that they would crowd out what the engine holds lie in a file that goes with them."""
        reader = self._connection.sql(query.sql("duckdb")).to_arrow_reader(_BATCH)
        batches: list[pa.RecordBatch] = []
        for batch in reader:
            batches.append(batch)
            if sum(one.nbytes for one in batches) > self.room // _IN_MEMORY:
                return self._filed(batches, reader)
        return pa.Table.from_batches(batches, reader.schema)

    def _filed(self, batches: list[pa.RecordBatch], rest: pa.RecordBatchReader) -> pa.Table:
        """Rows in a file that the system reads as they are looked at, and that is gone when nobody does any longer."""
        handle, name = tempfile.mkstemp(".arrow", dir=self._folder)
        with pa.PythonFile(os.fdopen(handle, "wb")) as file, pa.ipc.new_file(file, rest.schema) as writer:
            for one in batches:
                writer.write_batch(one)
            batches.clear()
            for one in rest:
                writer.write_batch(one)
        return pa.ipc.open_file(pa.memory_map(name)).read_all()

    def rows(self, query: exp.Expr) -> list[dict[str, Any]]:
        """The few rows of a query, as dicts."""
        found: list[dict[str, Any]] = self.table(query).to_pylist()
        return found


def _side_by_side(*streams: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The batches of some streams in turn, of each a few read ahead in a thread of its own."""
    for batches in zip_longest(*map(_read_ahead, streams)):
        yield from (batch for batch in batches if batch is not None)


def _read_ahead(stream: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    for batch in made_ahead(lambda _: next(stream, None), repeat(None)):
        if batch is None:
            return
        yield batch


@contextmanager
def open_engine(settings: Settings | None = None) -> Iterator[Engine]:
    """An engine that is gone, with all it spilt, when the block ends.

    Args:
        settings: of the project, whose store it works beside and which bounds its memory; None for work without a store.

    Raises:
        StorageError: while it works, memory or the disk turn out to be too small.
    """
    share = share_of(settings.memory if settings else None)
    with spill_folder(settings.database if settings else None) as folder, told_short(share, folder):
        config: dict[str, Any] = {
            "memory_limit": f"{share.engine}B",
            "threads": share.threads,
            "temp_directory": str(folder),
            "preserve_insertion_order": False,
        }
        connection = duckdb.connect(":memory:", config=config)
        # Bars of its own would stand among results, wherever they are printed.
        connection.execute("SET enable_progress_bar = false")
        try:
            yield Engine(connection, share, folder)
        finally:
            connection.close()
