"""The engine: DuckDB in memory, with a bound on it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp

from pdo.core.memory import lacks_disk, share_of, short_of
from pdo.core.spill import spill_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from pdo.core.memory import Share
    from pdo.evaluate.facts import Rows
    from pdo.model.settings import Settings


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

    def load(self, name: str, rows: Rows) -> None:
        """Keep Arrow rows as a table; of two streams the second is read meanwhile, where memory allows."""
        if not isinstance(rows, tuple):
            self._arrive(rows, lambda arrived: self.create(name, arrived))
            return
        first, second = rows
        if not self._share.has_plenty:
            self._arrive(first, lambda arrived: self.create(name, arrived))
            self._arrive(second, lambda arrived: self.add(name, arrived))
            return
        with ThreadPoolExecutor(1) as beside:
            rest = beside.submit(second.read_all)
            self._arrive(first, lambda arrived: self.create(name, arrived))
            self._arrive(rest.result(), lambda arrived: self.add(name, arrived))

    def _arrive(self, rows: pa.RecordBatchReader | pa.Table, take: Callable[[exp.Expr], None]) -> None:
        self._connection.register("arriving", rows)
        take(exp.select(exp.Star()).from_("arriving"))
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
        with self._told():
            self._connection.execute(statement.sql("duckdb"))

    def table(self, query: exp.Expr) -> pa.Table:
        """The rows of a query."""
        with self._told():
            return self._connection.sql(query.sql("duckdb")).to_arrow_table()

    def rows(self, query: exp.Expr) -> list[dict[str, Any]]:
        """The few rows of a query, as dicts."""
        found: list[dict[str, Any]] = self.table(query).to_pylist()
        return found

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what DuckDB lacks."""
        try:
            yield
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            if isinstance(error, duckdb.IOException) and not lacks_disk(error):
                raise
            raise short_of(error, self._share, self._folder) from error


@contextmanager
def open_engine(settings: Settings | None = None) -> Iterator[Engine]:
    """An engine that is gone, with all it spilt, when the block ends.

    Args:
        settings: of the project, whose store it works beside and which bounds its memory; None for work without a store.

    Raises:
        StorageError: while it works, memory or the disk turn out to be too small.
    """
    share = share_of(settings.memory if settings else None)
    with spill_folder(settings.database if settings else None) as folder:
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
