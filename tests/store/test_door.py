from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING, Any

import adbc_driver_sqlite.dbapi as adbc
import duckdb
import pyarrow as pa
import pytest
from sqlalchemy import (
    Integer,
    String,
    Table,
    case,
    delete,
    func,
    literal,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.types import TypeDecorator

from pdo.core.errors import StoppedError, StorageError
from pdo.store.door import Door, open_door
from pdo.store.tables import METADATA, Assignment, Customer, Identity, Label, SalesOrder, Staff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NULLS = 2_000
"""More than the 1,024 rows of the driver's first batch."""

CUSTOMER: Any = METADATA.tables["customer"]
STAFF: Any = METADATA.tables["staff"]


def staff(*keys: str, **more: list[Any]) -> pa.Table:
    return pa.table({"key": list(keys), "row_hash": [0] * len(keys), "import_id": [0] * len(keys), **more})


def staff_keys(path: Path) -> list[str]:
    with open_door(path, write=False) as door:
        return [key for (key,) in door.rows(select(STAFF.c.key).order_by(STAFF.c.key))]


def plain_type(column: Any) -> type:
    type_ = column.type
    while isinstance(type_, TypeDecorator):
        type_ = type_.impl
    return int if isinstance(type_, Integer) else str


def fill(path: Path, table: Table) -> None:
    """2,000 rows with NULL wherever it may stand, and one with a value everywhere."""
    names = [column.name for column in table.columns]

    def value(column: Any, row: int) -> Any:
        if column.nullable and row < NULLS:
            return None
        return row + 1 if plain_type(column) is int else f"00{row}"

    rows = [[value(column, row) for column in table.columns] for row in range(NULLS + 1)]
    with sqlite3.connect(path) as connection:
        quoted = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join("?" * len(names))
        connection.execute(f'DELETE FROM "{table.name}"')  # a new store says which one it is
        connection.executemany(f'INSERT INTO "{table.name}" ({quoted}) VALUES ({marks})', rows)
    connection.close()


@pytest.mark.parametrize("name", sorted(METADATA.tables))
@pytest.mark.slow
def test_two_thousand_nulls_do_not_change_the_type_of_any_column(path: Path, name: str) -> None:
    table = METADATA.tables[name]
    fill(path, table)
    with open_door(path, write=False) as door:
        found = door.read(select(table)).read_all()
    assert found.num_rows == NULLS + 1
    for column in table.columns:
        kind = plain_type(column)
        assert found.schema.field(column.name).type == (pa.int64() if kind is int else pa.string())
        values = [value for value in found.column(column.name).to_pylist() if value is not None]
        assert len(values) == (1 if column.nullable else NULLS + 1), column.name
        assert {type(value) for value in values} == {kind}


@pytest.mark.parametrize("name", sorted(METADATA.tables))
def test_an_empty_table_has_the_types_of_its_columns(path: Path, name: str) -> None:
    table = METADATA.tables[name]
    with open_door(path, write=False) as door:
        found = door.read(select(table)).read_all()
    assert found.num_rows == (name == "store_state")
    expected = [pa.int64() if plain_type(column) is int else pa.string() for column in table.columns]
    assert found.schema.types == expected


def test_order_is_kept(path: Path) -> None:
    with open_door(path, write=True, doing="test") as door:
        door.append(Staff, staff(*(f"{n:05}" for n in range(5_000))))
        statement = select(STAFF.c.key).where(STAFF.c.key >= "01000").order_by(STAFF.c.key.desc())
        found = [key for (key,) in door.rows(statement)]
    assert found == [f"{n:05}" for n in range(4_999, 999, -1)]


def test_values_travel_as_parameters(path: Path) -> None:
    odd = ["a'b", 'a"b', "?", ":x", "a\x00b", "%s", "é", "李雷", "; DROP TABLE staff", "", "\\"]
    with open_door(path, write=True, doing="test") as door:
        door.append("staff", staff(*odd))
        for key in odd:
            assert door.rows(select(STAFF.c.key).where(STAFF.c.key == key)) == [(key,)]
        assert len(door.rows(select(STAFF.c.key).where(STAFF.c.key.in_(odd)))) == len(odd)
        assert door.rows(select(STAFF.c.key).where(STAFF.c.key.in_([]))) == []


def test_dates_are_compared_as_text(path: Path) -> None:
    row = {"key": ["a"], "seed": ["s"], "birthday": ["1990-02-28"], "row_hash": [0], "import_id": [0]}
    with open_door(path, write=True, doing="test") as door:
        door.append(Customer, pa.table(row))
        born = select(CUSTOMER.c.birthday).where(CUSTOMER.c.birthday > date(1990, 1, 1))
        assert door.rows(born) == [("1990-02-28",)]


def test_columns_that_are_computed_have_types_too(path: Path) -> None:
    with open_door(path, write=True, doing="test") as door:
        door.append(Staff, staff("a", "b", name=["x", None]))
        statement = select(
            func.count().label("n"),
            func.max(STAFF.c.name).label("last"),
            func.coalesce(func.sum(STAFF.c.row_hash), 0).label("sum"),
            literal("t").label("word"),
            case((func.count() > 1, 1), else_=0).label("many"),
            literal_column("NULL", String).label("absent"),
        )
        assert door.rows(statement) == [(2, "x", 0, "t", 1, None)]


@pytest.mark.parametrize(
    "statement",
    [
        select(CUSTOMER.c.key, STAFF.c.key).join(STAFF, STAFF.c.id == CUSTOMER.c.owner_id),
        select(literal_column("1.5").label("x")),
        select(literal(1.5).label("x")),
    ],
)
def test_a_statement_that_the_door_cannot_type_is_our_bug(path: Path, statement: Any) -> None:
    with open_door(path, write=False) as door, pytest.raises(RuntimeError, match="column"):
        door.read(statement)


def test_a_text_in_an_integer_column_is_damage_wherever_it_stands(path: Path) -> None:
    for row in (0, 70_000):
        with sqlite3.connect(path) as connection:
            connection.execute("DELETE FROM staff")
            rows = [(f"{n:06}", "many" if n == row else n) for n in range(row + 10)]
            connection.executemany("INSERT INTO staff (key, capacity, row_hash, import_id) VALUES (?, ?, 0, 0)", rows)
        connection.close()
        statement = select(STAFF.c.capacity).order_by(STAFF.c.key)
        with pytest.raises(StorageError) as caught, open_door(path, write=False) as door:
            door.rows(statement)
        assert caught.value.key == "error.not_a_database"


def test_rows_are_matched_by_name_and_streamed(path: Path) -> None:
    schema = pa.schema([("import_id", pa.int64()), ("key", pa.string()), ("row_hash", pa.int64())])

    def batches() -> Iterator[pa.RecordBatch]:
        for n in range(3):
            yield pa.record_batch([[n], [f"k{n}"], [-n]], schema=schema)

    with open_door(path, write=True, doing="test") as door:
        assert door.append(Staff, pa.RecordBatchReader.from_batches(schema, batches())) == 3
        statement = select(STAFF.c.id, STAFF.c.key, STAFF.c.import_id, STAFF.c.row_hash, STAFF.c.name)
        found = door.rows(statement)
    assert found == [(1, "k0", 0, 0, None), (2, "k1", 1, -1, None), (3, "k2", 2, -2, None)]


def test_stage_upsert_update_and_delete(path: Path) -> None:
    with open_door(path, write=True, doing="test") as door:
        door.append(Staff, staff("a", "b", "c", name=["A", "B", "C"]))
        rows = pa.table({"key": ["b", "d"], "name": pa.array([None, "D"], pa.string()), "n": [7, 8]})
        came = door.stage("came", rows)
        source = select(came.c.key, came.c.name, came.c.n, literal(0)).where(true())
        upsert = insert(STAFF).from_select(["key", "name", "row_hash", "import_id"], source)
        given = {"name": upsert.excluded.name, "row_hash": upsert.excluded.row_hash}
        assert door.execute(upsert.on_conflict_do_update(index_elements=["key"], set_=given)) == 2
        more = update(STAFF).values(capacity=came.c.n).where(came.c.key == STAFF.c.key)
        assert door.execute(more) == 2
        assert door.execute(delete(STAFF).where(STAFF.c.key == "a")) == 1
        assert door.execute(delete(STAFF).where(STAFF.c.key == "a")) == 0
    with open_door(path, write=False) as door:
        found = door.rows(select(STAFF.c.key, STAFF.c.name, STAFF.c.capacity).order_by(STAFF.c.key))
    assert found == [("b", None, 7), ("c", "C", None), ("d", "D", 8)]


def test_a_staged_column_of_nulls_keeps_its_type(path: Path) -> None:
    rows = pa.table(
        {"n": pa.array([None] * 2_000 + [1], pa.int64()), "t": pa.array([None] * 2_000 + ["01"], pa.string())}
    )
    with open_door(path, write=True, doing="test") as door:
        came = door.stage("came", rows)
        assert door.read(select(came)).read_all().equals(rows)


def test_an_engine_reads_and_writes_through_the_door(path: Path) -> None:
    with open_door(path, write=True, doing="test") as door, duckdb.connect() as engine:
        door.append(Staff, staff(*(f"{n}" for n in range(200_000))))
        engine.register("staff", door.read(select(STAFF.c.id, STAFF.c.key)).read_all())
        query = "SELECT 'x' || key AS key, CAST(0 AS BIGINT) AS row_hash, CAST(0 AS BIGINT) AS import_id FROM staff"
        assert door.append(Staff, engine.sql(query).to_arrow_reader(10_000)) == 200_000
        assert door.rows(select(func.count().label("n")).select_from(STAFF)) == [(400_000,)]


def test_a_stream_that_nobody_reads_to_its_end_does_not_keep_the_door_open(path: Path) -> None:
    with open_door(path, write=True, doing="test") as door:
        door.append(Staff, staff(*(f"{n}" for n in range(200_000))))
        reader = door.read(select(STAFF.c.key))
        assert reader.read_next_batch().num_rows > 0
    assert len(staff_keys(path)) == 200_000


def test_an_exception_undoes_everything(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_door(path, write=True, doing="test") as door:  # noqa: PT012  (what fails is the door's end)
        door.append(Staff, staff("a"))
        _ = 1 / 0
    assert staff_keys(path) == []


def test_a_row_that_breaks_a_rule_is_our_bug_and_undoes_everything(path: Path) -> None:
    for rows in (staff("b", "b"), staff("c", store_id=[99])):
        with pytest.raises(Exception, match=r"(UNIQUE|FOREIGN KEY) constraint failed"):  # noqa: PT012, SIM117
            with open_door(path, write=True, doing="test") as door:
                door.append(Staff, staff("a"))
                door.append(Staff, rows)
        assert staff_keys(path) == []


def test_a_door_that_failed_refuses_to_go_on(path: Path) -> None:
    with (  # noqa: PT012  (what fails is the door's end)
        pytest.raises(RuntimeError, match="after it had failed"),
        open_door(path, write=True, doing="test") as door,
    ):
        with pytest.raises(Exception, match="UNIQUE"):
            door.append(Staff, staff("b", "b"))
        with pytest.raises(RuntimeError, match="after it had failed"):
            door.append(Staff, staff("c"))
    assert staff_keys(path) == []


def test_a_signal_that_comes_while_an_engine_reads_stays_what_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> pa.RecordBatch:
        raise StoppedError(15)

    with (  # noqa: PT012  (what fails is the door's end)
        pytest.raises(StoppedError),
        open_door(path, write=True, doing="test") as door,
        duckdb.connect() as engine,
    ):
        door.append(Staff, staff("a"))
        monkeypatch.setattr(Door, "_typed", stop)
        engine.register("staff", door.read(select(STAFF.c.key)))
        engine.execute("SELECT * FROM staff").fetchall()
    monkeypatch.undo()
    assert staff_keys(path) == []


def test_a_door_that_reads_cannot_write(path: Path) -> None:
    with pytest.raises(StorageError) as caught, open_door(path, write=False) as door:
        door.append(Staff, staff("a"))
    assert caught.value.key == "error.not_permitted"


def test_the_driver_is_set_up(path: Path) -> None:
    with open_door(path, write=True, doing="test") as door:
        cursor = door._cursor()
        found = {}
        for name in ("foreign_keys", "synchronous", "temp_store", "cache_size", "busy_timeout"):
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchall()[0][0]
    assert found == {
        "foreign_keys": 1,
        "synchronous": 2,
        "temp_store": 1,
        "cache_size": -131_072,
        "busy_timeout": 2_000,
    }


def test_many_tables_in_one_transaction(path: Path) -> None:
    with open_door(path, write=True, doing="test") as door:
        door.append(Customer, pa.table({"key": ["a"], "seed": ["s"], "row_hash": [0], "import_id": [0]}))
        door.append(SalesOrder, pa.table({"key": ["o"], "customer_id": [1], "row_hash": [0], "import_id": [0]}))
        door.append(Label, pa.table({"kind": ["tag"], "scope": [""], "name": ["x"], "playbook": [""]}))
        held = {"label_id": [1], "customer_id": [1], "source": ["rule"], "since": [5], "run_id": [0]}
        door.append(Assignment, pa.table(held))
    with open_door(path, write=False) as door:
        held_table = METADATA.tables["assignment"]
        assert door.rows(select(held_table.c.since, held_table.c.until)) == [(5, None)]


def test_indexes_that_were_off_are_what_they_were(path: Path) -> None:
    def definitions() -> list[tuple[str, str]]:
        with sqlite3.connect(path) as connection:
            query = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'identity' AND sql IS NOT NULL ORDER BY name"
            return connection.execute(query).fetchall()

    def add(value: str | None) -> None:
        with open_door(path, write=True, doing="test") as door:
            door.append(Customer, pa.table({"key": ["a"], "seed": ["s"], "row_hash": [0], "import_id": [0]}))
            with door.without_indexes(Identity):
                door.append(Identity, pa.table({"kind": ["own"], "value": [value], "customer_id": [1]}))

    before = definitions()
    assert [name for name, _ in before] == ["identity", "ix_identity_customer"]
    with pytest.raises(adbc.Error, match="NOT NULL"):
        add(None)
    assert definitions() == before
    add("a")
    assert definitions() == before
    with sqlite3.connect(path) as connection:
        query = "SELECT value FROM identity INDEXED BY ix_identity_customer WHERE customer_id = 1"
        assert connection.execute(query).fetchall() == [("a",)]
