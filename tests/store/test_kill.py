"""A process that dies in the middle of a door's transaction, and a disk that is full."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from sqlalchemy import func, select

from pdo.core.errors import StorageError
from pdo.store.check import check
from pdo.store.door import open_door
from pdo.store.dump import dump_state
from pdo.store.session import open_session
from pdo.store.tables import METADATA, Staff
from tests.store.children import child, run_child

if TYPE_CHECKING:
    from pathlib import Path

STAFF = METADATA.tables["staff"]

WRITES = """
door.WRITING_CACHE = "PRAGMA cache_size = 20"  # so that pages reach the file long before the commit
table = T.METADATA.tables["staff"]
def batches():
    for n in range(10):
        point(f"batch {n}")
        yield staff(*(f"{n}-{k}" for k in range(500))).to_batches()[0]
with open_door(path, write=True, doing="test") as opened:
    point("begun")
    schema = staff("x").schema
    opened.append(T.Staff, pa.RecordBatchReader.from_batches(schema, batches()))
    point("appended")
    came = opened.stage("came", staff("0-0", "new"))
    point("staged")
    source = select(came.c.key, came.c.row_hash, came.c.import_id).where(true())
    upsert = insert(table).from_select(["key", "row_hash", "import_id"], source)
    opened.execute(upsert.on_conflict_do_update(index_elements=["key"], set_={"name": "again"}))
    point("upserted")
    opened.append(T.Product, staff("p"))
    point("done")
point("committed")
"""


def kill_at(path: Path, wanted: str) -> None:
    """Let the child run to a point and kill it there."""
    with child(WRITES, path) as other:
        while other.point() != wanted:
            other.go_on()
        other.kill()


def assert_before_or_after(path: Path, *, after: bool) -> None:
    assert check(path).unsound == ()
    assert len(list(dump_state(path))) == (5_002 + 1 if after else 1)


def prepare(path: Path) -> None:
    with open_session(path, write=True, doing="test") as session:
        session.add(Staff(key="before", row_hash=0, import_id=0))


@pytest.mark.parametrize("wanted", [pytest.param("batch 7", marks=pytest.mark.slow), "done", "committed"])
def test_killed_at_a_point_the_store_is_as_before_or_as_after(path: Path, wanted: str) -> None:
    prepare(path)
    kill_at(path, wanted)
    assert_before_or_after(path, after=wanted == "committed")
    if wanted != "committed":
        assert run_child(WRITES, path)[-1] == "committed"
        assert_before_or_after(path, after=True)


@pytest.mark.kill
@pytest.mark.parametrize("seed", range(25))
def test_killed_anywhere_the_store_is_as_before_or_as_after(path: Path, seed: int) -> None:
    prepare(path)
    chance = random.Random(seed)
    with child(WRITES, path) as other:
        steps = chance.randrange(16)
        for _ in range(steps):
            other.point()
            other.go_on()
        for _ in range(chance.randrange(200_000)):
            pass
        other.kill()
    lines = len(list(dump_state(path)))
    assert lines in (1, 5_003)
    assert check(path).unsound == ()
    if lines == 1:
        run_child(WRITES, path)
        assert_before_or_after(path, after=True)


FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
def by_door():
    with open_door(path, write=True, doing="test") as opened:
        opened.append(T.Staff, staff(*(f"{n:08}" for n in range(20_000))))
def by_session():
    with open_session(path, write=True, doing="test") as session:
        session.add_all(T.Staff(key=f"{n:08}", row_hash=0, import_id=0) for n in range(10_000))
def by_session_that_goes_on():
    engine.PRAGMAS = ("PRAGMA cache_size = 20",)  # so that the disk is full before the commit
    with open_session(path, write=True, doing="test") as session:
        from sqlalchemy import exc, insert
        add = insert(T.Staff)
        try:
            session.execute(add, [{"key": f"{n:08}", "row_hash": 0, "import_id": 0} for n in range(20_000)])
        except exc.OperationalError:
            pass
        session.execute(add, [{"key": "kept by mistake", "row_hash": 0, "import_id": 0}])
for write in (by_door, by_session, by_session_that_goes_on):
    try:
        write()
        print("written")
    except PdoError as error:
        print(error.key, error.params["path"] == path)
    except RuntimeError as error:
        print(error)
"""


@pytest.mark.slow
def test_a_full_disk_is_told_and_leaves_the_store_as_it_was(path: Path) -> None:
    prepare(path)
    said = run_child(FULL, path)
    assert said[:2] == ["error.disk_full True"] * 2
    assert said[2].startswith("the transaction is gone")
    assert_before_or_after(path, after=False)


def test_a_full_database_is_told_and_leaves_the_store_as_it_was(path: Path) -> None:
    prepare(path)
    rows = pa.table({"key": [f"{n}" for n in range(50_000)], "row_hash": [0] * 50_000, "import_id": [0] * 50_000})
    with pytest.raises(StorageError) as caught, open_door(path, write=True, doing="test") as door:  # noqa: PT012  (what fails is the door's end)
        door._run("PRAGMA max_page_count = 100")
        door.append(Staff, rows)
    assert caught.value.key == "error.disk_full"
    assert_before_or_after(path, after=False)
    with open_door(path, write=False) as door:
        assert door.rows(select(func.count().label("n")).select_from(STAFF)) == [(1,)]
