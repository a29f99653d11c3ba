from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from pdo.core.errors import NoDatabaseError, SchemaVersionError, StorageError
from pdo.store import schema
from pdo.store.door import open_door
from pdo.store.session import open_session
from pdo.store.tables import METADATA
from pdo.store.version import SCHEMA_VERSION
from pdo.store.views import VIEWS


def set_version(path: Path, version: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.close()


def structure(connection: sqlite3.Connection, table: str) -> dict[str, Any]:
    """What SQLite itself says of a table, in no order that does not matter."""
    columns = connection.execute(f'PRAGMA table_xinfo("{table}")').fetchall()
    indexes = {}
    for _, name, unique, origin, partial in connection.execute(f'PRAGMA index_list("{table}")').fetchall():
        keys = [row[2] for row in connection.execute(f'PRAGMA index_xinfo("{name}")').fetchall() if row[5]]
        indexes[origin, tuple(keys), unique, partial] = name if origin == "c" else ""
    references = [row[2:5] for row in connection.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()]
    (without,) = connection.execute("SELECT wr FROM pragma_table_list WHERE name = ?", (table,)).fetchone()
    return {
        "columns": sorted((name, type_, null, default, key) for _, name, type_, null, default, key, _ in columns),
        "indexes": indexes,
        "references": sorted(references),
        "without_rowid": without,
    }


def test_the_revisions_make_what_the_models_say(path: Path) -> None:
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(path), poolclass=NullPool)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


@pytest.fixture(scope="module")
def made_of_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("models") / "models.db"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(found), poolclass=NullPool)
    METADATA.create_all(engine)
    engine.dispose()
    return found


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_sqlite_sees_no_difference_between_revisions_and_models(fresh: Path, made_of_models: Path, table: str) -> None:
    migrated, modelled = sqlite3.connect(fresh), sqlite3.connect(made_of_models)
    try:
        assert structure(migrated, table) == structure(modelled, table)
    finally:
        migrated.close()
        modelled.close()


def test_the_newest_revision_is_the_one_that_the_program_reads() -> None:
    versions = Path(schema.__file__).parent / "migrations" / "versions"
    numbers = sorted(file.name.partition("_")[0] for file in versions.glob("[0-9]*.py"))
    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]
    assert numbers[-1] == SCHEMA_VERSION


def test_all_views_can_be_read(path: Path) -> None:
    connection = sqlite3.connect(path)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    assert names == set(VIEWS)
    for name in names:
        assert connection.execute(f'SELECT * FROM "{name}"').fetchall() == []
    connection.close()


def test_a_database_and_its_journals_are_for_their_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "new" / "pdo.db"
        assert schema.create(path)
        with open_door(path, write=True, doing="test"):
            modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
        with open_session(path, write=True, doing="test"):
            more = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    names = ("pdo.db", "pdo.db-shm", "pdo.db-wal", "pdo.db.lock")
    assert modes == more == dict.fromkeys(names, 0o600)


def test_create_leaves_what_is_there(path: Path) -> None:
    before = path.read_bytes()
    assert not schema.create(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["pdo.db"]


def test_create_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StorageError("error.disk_full", path="x")

    monkeypatch.setattr(schema, "_views", fail)
    with pytest.raises(StorageError):
        schema.create(tmp_path / "pdo.db")
    assert list(tmp_path.iterdir()) == []


def test_create_where_a_file_stands_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError) as caught:
        schema.create(tmp_path / "file" / "pdo.db")
    assert caught.value.key == "error.not_permitted"


def test_write_ahead_log_is_on(path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_upgrade_of_a_current_database_changes_nothing_but_its_views(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP VIEW v_order")
    connection.execute("CREATE VIEW my_view AS SELECT 1")
    connection.close()
    assert schema.upgrade(path) == (SCHEMA_VERSION, SCHEMA_VERSION)
    assert schema.version(path) == SCHEMA_VERSION
    connection = sqlite3.connect(path)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    connection.close()
    assert names == {*VIEWS, "my_view"}


@pytest.mark.parametrize(("found", "key"), [("0000", "error.schema_old"), ("9999", "error.schema_new")])
def test_another_version_is_refused(path: Path, found: str, key: str) -> None:
    set_version(path, found)
    for opener in (open_door, open_session):
        for write in (False, True):
            with pytest.raises(SchemaVersionError) as caught, opener(path, write=write):
                pass
            assert caught.value.key == key
            assert caught.value.params == {"found": found, "expected": SCHEMA_VERSION}
    assert schema.version(path) == found


def test_a_newer_database_is_not_touched_by_upgrade(path: Path) -> None:
    set_version(path, "9999")
    with pytest.raises(SchemaVersionError) as caught:
        schema.upgrade(path)
    assert caught.value.key == "error.schema_new"


def test_a_version_that_no_revision_has(path: Path) -> None:
    set_version(path, "0000")
    with pytest.raises(StorageError) as caught:
        schema.upgrade(path)
    assert caught.value.key == "error.not_of_pdo"


def broken(tmp_path: Path, how: str) -> Path:
    path = tmp_path / "pdo.db"
    match how:
        case "text":
            path.write_text("not a database\n" * 100)
        case "empty":
            path.touch()
        case "foreign":
            connection = sqlite3.connect(path)
            connection.execute("CREATE TABLE t (x)")
            connection.close()
        case "no version":
            schema.create(path)
            connection = sqlite3.connect(path, isolation_level=None)
            connection.execute("DELETE FROM alembic_version")
            connection.close()
        case "damaged":
            schema.create(path)
            size = path.stat().st_size
            with path.open("r+b") as stream:
                stream.seek(100)
                stream.write(b"\xff" * (size - 100))
        case "folder":
            path.mkdir()
    return path


@pytest.mark.parametrize(
    ("how", "key"),
    [
        ("text", "error.not_a_database"),
        ("damaged", "error.not_a_database"),
        ("empty", "error.not_of_pdo"),
        ("foreign", "error.not_of_pdo"),
        ("no version", "error.not_of_pdo"),
        ("folder", "error.file_is_folder"),
    ],
)
def test_what_is_no_database_is_told_and_left_alone(tmp_path: Path, how: str, key: str) -> None:
    path = broken(tmp_path, how)
    before = None if path.is_dir() else path.read_bytes()
    for opener in (open_door, open_session):
        for write in (False, True):
            with pytest.raises(StorageError) as caught, opener(path, write=write):
                pass
            assert caught.value.key == key
    with pytest.raises(StorageError) as caught:
        schema.upgrade(path)
    assert caught.value.key == key
    assert before is None or path.read_bytes() == before


def test_there_is_no_database(tmp_path: Path) -> None:
    for path in (tmp_path / "pdo.db", tmp_path / "no" / "folder" / "pdo.db"):
        for opener in (open_door, open_session):
            with pytest.raises(NoDatabaseError), opener(path, write=True):
                pass
        with pytest.raises(NoDatabaseError):
            schema.version(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may do anything")
def test_a_folder_that_is_read_only(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        for opener in (open_door, open_session):
            with pytest.raises(StorageError) as caught, opener(path, write=True):
                pass
            assert caught.value.key == "error.not_permitted"
    finally:
        path.parent.chmod(0o700)


def test_the_reference_names_every_view_with_all_its_columns_and_every_table(path: Path) -> None:
    reference = (Path(__file__).parents[2] / "docs" / "reference" / "store.md").read_text(encoding="utf-8")
    connection = sqlite3.connect(path)
    for name in VIEWS:
        columns = " ".join(f"`{row[1]}`" for row in connection.execute(f"PRAGMA table_info({name})"))
        assert any(f"`{name}`" in line and f" {columns} |" in line for line in reference.splitlines()), name
    connection.close()
    for name in METADATA.tables:
        assert f"`{name}`" in reference
