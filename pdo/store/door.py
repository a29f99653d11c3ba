"""The door: bulk reads and writes of the store as Arrow, in one transaction.

A door that writes begins with `BEGIN IMMEDIATE` and holds it to the commit, so what it reads is what it
changes; one that only reads sees one state of the store from its first read to its end. Statements are
SQLAlchemy Core; their values travel as parameters, so no value ever stands in a statement or in an error.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
from sqlalchemy import Select, String, column, select, table

from pdo.core.committed import noting_commit
from pdo.core.errors import PdoError, StorageError
from pdo.store.driver import adbc
from pdo.store.failures import translate
from pdo.store.handles import only_handle
from pdo.store.lock import announce, require_free
from pdo.store.statements import compiled, readable, sql_type
from pdo.store.version import COUNT_WRITE, SERIAL_QUERY, VERSION_QUERY, require_file, require_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Executable, TableClause
    from sqlmodel import SQLModel

BUSY_MS = 2_000
"""How long to wait for another process's write before saying that the store is locked."""

BATCH_ROWS = 65_536
"""Rows of one Arrow batch that a read gives."""

# The driver's defaults: no waiting, no foreign keys, 2 MB of cache. Sorting and staging may take more than
# memory has, so they stay in files (which SQLite unlinks as it opens them).
PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = FILE",
)
WRITING_CACHE = "PRAGMA cache_size = -131072"
READING_CACHE = "PRAGMA cache_size = -32768"
READ_ONLY = "PRAGMA query_only = ON"
# SQLite sorts as many rows at once as its cache may hold, and of many at once it sorts slowly: with the driver's default an index
# takes a third of the time that it takes with the cache for writing. A second thread sorts while the first one reads.
SORTING = ("PRAGMA cache_size = -2000", "PRAGMA threads = 1")
ALONE = "PRAGMA threads = 0"

_REFUSALS = (adbc.Error, pa.ArrowException, OSError)


@contextmanager
def open_door(
    path: Path, *, write: bool, doing: str = "", resolved: bool = False, frugal: bool = False
) -> Iterator[Door]:
    """Open the door; commit on leaving, roll back on an exception.

    Args:
        path: the database.
        write: take the write lock now and hold it to the end.
        doing: what for, told to others who find the store locked; never personal data.
        resolved: every reference that will be written was read from the store in this transaction, so SQLite need not look
            each up again, which takes as long as the writing itself. Before it deletes, who holds such a door must look for
            what refers to the rows.
        frugal: whether memory is short, so that no more of the store is kept in it for writing than for reading.

    Raises:
        NoDatabaseError: there is no database.
        SchemaVersionError: its schema is older or newer than this program's.
        LockedError: another process writes.
        StorageError: the file is no database of pdo, damaged or forbidden, or the disk is full; nothing was
            written.
        RuntimeError: this process has the file open already: our bug.
    """
    with ExitStack() as stack:
        stack.enter_context(only_handle(path, "door"))
        require_file(path)
        if write:
            require_free(path)
        door = Door(path, write=write, resolved=resolved, frugal=frugal)
        stack.callback(door.close)
        door.begin()
        if write:
            stack.enter_context(announce(path, doing))
        try:
            yield door
        except BaseException as error:
            door.rollback()
            # An engine that read from the door reports our failure in its own words; who wrote into it may know its own better.
            if door.failure is not None and door.failure not in (error, error.__cause__):
                raise door.failure from error
            raise
        door.commit()


class Door:
    """An open door. Made by `open_door`.

    Args:
        path: the database.
        write: whether it may change the store.
        resolved: whether references are known to be right.
        frugal: whether memory is short.
    """

    def __init__(self, path: Path, *, write: bool, resolved: bool = False, frugal: bool = False) -> None:
        self.failure: BaseException | None = None
        self._path = path
        self._write = write
        self._has_written = False
        self._cache = READING_CACHE if frugal or not write else WRITING_CACHE
        self._foreign_keys = "OFF" if resolved else "ON"
        self._cursors: list[adbc.Cursor] = []
        self._beside: adbc.Connection | None = None
        # `mode=rw`, because SQLite would make a file that is missing. Without autocommit the driver has begun
        # a deferred transaction by itself, which fails at once when it writes after another process did.
        try:
            self._connection = self._connect()
        except adbc.Error as error:
            raise self._failed(error) from error

    def _connect(self) -> adbc.Connection:
        return adbc.connect(f"{self._path.resolve().as_uri()}?mode=rw", autocommit=True)

    def read(self, statement: Select[*tuple[Any, ...]]) -> pa.RecordBatchReader:
        """Read rows as a stream; it must be read before the door closes, and before its table is written.

        A column's Arrow type comes from the statement (int64 for integers and instants, string for texts and
        dates), not from the rows: the driver guesses types from its first batch, and NULLs there would make
        any column an integer.

        Args:
            statement: each of its columns has a type and a name of its own.

        Raises:
            StorageError: the file is damaged, or a column holds what its type does not allow.
        """
        return self._read(statement, self._cursor())

    def read_beside(self, statement: Select[*tuple[Any, ...]]) -> pa.RecordBatchReader | None:
        """Read as `read` does, while that reads something else: two processors decode more rows than one.

        Returns:
            None where a second connection would not see what this one does: it has written, or another process just did.
        """
        if self._has_written or (self._beside is None and not self._open_beside()) or self._beside is None:
            return None
        return self._read(statement, self._cursor(self._beside))

    def _open_beside(self) -> bool:
        """Open a connection that only reads; whether it sees the same state of the store, which its serial tells."""
        beside = self._connect()
        try:
            seen = []
            for connection in (self._connection, beside):
                cursor = self._cursor(connection)
                if connection is beside:
                    for statement in (f"PRAGMA busy_timeout = {BUSY_MS}", READING_CACHE, READ_ONLY, "BEGIN"):
                        cursor.execute(statement)
                cursor.execute(SERIAL_QUERY)
                seen.append(cursor.fetchall())
                self._release(cursor)
        except _REFUSALS as error:
            raise self._failed(error) from error
        self._beside = beside
        if seen[0] != seen[1]:
            self._close_beside()
        return self._beside is not None

    def _close_beside(self) -> None:
        """Let go of the second connection, before a commit: while somebody reads an old state the log cannot be emptied."""
        if self._beside is not None:
            beside, self._beside = self._beside, None
            beside.close()

    def _read(self, statement: Select[*tuple[Any, ...]], cursor: adbc.Cursor) -> pa.RecordBatchReader:
        self._require_sound()
        schema, sql, values = readable(statement)
        try:
            cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH_ROWS)})
            cursor.execute(sql, values or None)
            reader = cursor.fetch_record_batch()
        except _REFUSALS as error:
            raise self._failed(error) from error
        return pa.RecordBatchReader.from_batches(schema, self._batches(cursor, reader, schema))

    def rows(self, statement: Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Read a few rows as tuples of int, str and None, dates as text."""
        columns = [chunk.to_pylist() for chunk in self.read(statement).read_all().columns]
        return list(zip(*columns, strict=True))

    def append(self, target: type[SQLModel] | str, rows: pa.RecordBatchReader | pa.Table) -> int:
        """Add rows to a table, matched by column name; absent columns become NULL or, as `id`, are given.

        Args:
            target: the table's class or name.
            rows: read as a stream.

        Returns:
            How many rows were added.
        """
        name = target if isinstance(target, str) else str(target.__tablename__)
        return self._ingest(name, rows, mode="append")

    def stage(self, name: str, rows: pa.RecordBatchReader | pa.Table) -> TableClause:
        """Put rows into a new temporary table, gone with the door.

        Returns:
            The table, for statements.
        """
        self._ingest(name, rows, mode="create", temporary=True)
        return table(name, *(column(field.name, sql_type(field.type)) for field in rows.schema))

    def execute(self, statement: Executable) -> int:
        """Run an insert from a select, an update or a delete.

        An insert from a select with `on_conflict_…` needs a `where` (`where(true())`): without one SQLite
        takes `ON` for a join.

        Returns:
            How many rows it changed.
        """
        self._require_sound()
        sql, values = compiled(statement)
        cursor = self._cursor()
        try:
            cursor.execute(sql, values or None)
            cursor.execute("SELECT changes()")
            changed = cursor.fetchall()
        except _REFUSALS as error:
            raise self._failed(error) from error
        self._release(cursor)
        self._has_written |= changed[0][0] > 0
        return int(changed[0][0])

    @contextmanager
    def without_indexes(self, target: type[SQLModel]) -> Iterator[None]:
        """Take a table's indexes off while many rows are added: to sort once is quicker than to meet them row by row.

        Part of the transaction as everything else. What its keys need stays.
        """
        name = str(target.__tablename__)
        of = table(
            "sqlite_master", column("type"), column("tbl_name"), column("name", String()), column("sql", String())
        )
        query = select(of.c.name, of.c.sql).where(of.c.type == "index", of.c.tbl_name == name, of.c.sql.is_not(None))
        found = self.rows(query.order_by(of.c.name))
        self._run(*(f'DROP INDEX "{index}"' for index, _ in found))
        yield
        self.build_indexes(*(sql for _, sql in found))

    def build_indexes(self, *statements: str) -> None:
        """Build indexes over the rows that are there, in the transaction as everything else.

        Args:
            statements: `CREATE INDEX`, put together from names of our own tables only.
        """
        self._require_sound()
        self._run(*SORTING, *statements, ALONE, self._cache)

    def define(self, *statements: str) -> None:
        """Define temporary triggers, which are gone with the connection.

        Args:
            statements: put together from names of our own tables only.
        """
        self._require_sound()
        self._run(*statements)

    def begin(self) -> None:
        """Set the connection up, begin the transaction and see that the schema is this program's."""
        # First of all the waiting: the other pragmas may already need a lock.
        self._run(f"PRAGMA busy_timeout = {BUSY_MS}")
        self._run(f"PRAGMA foreign_keys = {self._foreign_keys}")
        self._run(*PRAGMAS, self._cache, *(() if self._write else (READ_ONLY,)))
        self._run("BEGIN IMMEDIATE" if self._write else "BEGIN")
        cursor = self._cursor()
        try:
            cursor.execute(VERSION_QUERY)
            found = cursor.fetchone()
        except _REFUSALS as error:
            raise self._failed(error) from error
        self._release(cursor)
        require_version(found[0] if found else None, self._path)

    def commit(self) -> None:
        """Keep what was done."""
        self._require_sound()
        self._release_all()
        self._close_beside()
        try:
            if self._has_written:
                self._run(COUNT_WRITE)
            with noting_commit() if self._has_written else nullcontext():
                self._run("COMMIT")
        except BaseException:
            self.rollback()
            raise

    def rollback(self) -> None:
        """Undo what was done; SQLite itself may have done so before, when the disk was full."""
        self._release_all()
        with suppress(adbc.Error):
            cursor = self._cursor()
            cursor.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection; what is not committed is undone."""
        self._release_all()
        self._close_beside()
        self._connection.close()

    def _ingest(
        self,
        name: str,
        rows: pa.RecordBatchReader | pa.Table,
        *,
        mode: Literal["append", "create"],
        temporary: bool = False,
    ) -> int:
        self._require_sound()
        cursor = self._cursor()
        try:
            count = cursor.adbc_ingest(name, rows, mode=mode, temporary=temporary)
        except _REFUSALS as error:
            raise self._failed(error) from error
        self._release(cursor)
        self._has_written |= count > 0 and not temporary
        return int(count)

    def _batches(
        self, cursor: adbc.Cursor, reader: pa.RecordBatchReader, schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        """The batches of a read without the header row, which stands first."""
        skip = 1
        try:
            for batch in reader:
                yield self._typed(batch.slice(skip), schema)
                skip = 0
        except GeneratorExit:
            raise
        except BaseException as error:
            # An engine that reads this stream tells in its own words what went wrong, even a signal.
            raise self._failed(error) from error
        finally:
            self._release(cursor)

    def _typed(self, batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
        """A batch with the statement's names; the driver widens a column where a text stands among integers."""
        if batch.schema.types != schema.types:
            raise StorageError("error.not_a_database", path=self._path, reason="a column holds another type")
        return pa.RecordBatch.from_arrays(batch.columns, schema=schema)

    def _run(self, *statements: str) -> None:
        """Run constants of this module, or definitions that the store itself holds."""
        cursor = self._cursor()
        try:
            for statement in statements:
                cursor.execute(statement)
        except _REFUSALS as error:
            raise self._failed(error) from error
        self._release(cursor)

    def _cursor(self, connection: adbc.Connection | None = None) -> adbc.Cursor:
        cursor = (connection or self._connection).cursor()
        self._cursors.append(cursor)
        return cursor

    def _release(self, cursor: adbc.Cursor) -> None:
        if cursor in self._cursors:
            self._cursors.remove(cursor)
            cursor.close()

    def _release_all(self) -> None:
        """Close every statement: an engine may have left a stream half read."""
        for cursor in tuple(self._cursors):
            self._release(cursor)

    def _failed(self, error: BaseException) -> BaseException:
        """Remember that the transaction may be gone: SQLite rolls back by itself when the disk is full."""
        known = isinstance(error, PdoError)
        self.failure = error if known else translate(error, self._path) or error
        return self.failure

    def _require_sound(self) -> None:
        if self.failure is not None:
            raise RuntimeError(
                "the door was used after it had failed; what follows would not be part of the transaction"
            )
