"""Two processes and two SQLite libraries on one file."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from sqlalchemy import select

from pdo.core.errors import LockedError
from pdo.core.wording import WORDING, say
from pdo.store import handles, lock, schema
from pdo.store.door import open_door
from pdo.store.dump import dump_state
from pdo.store.session import open_session
from pdo.store.tables import METADATA, Staff
from tests.store.children import child, run_child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

STAFF = METADATA.tables["staff"]

ADD_BY_SESSION = """
with open_session(path, write=True, doing="add") as session:
    session.add(T.Staff(key="session", row_hash=0, import_id=0))
"""
ADD_BY_DOOR = """
with open_door(path, write=True, doing="add") as opened:
    opened.append(T.Staff, staff("door"))
"""
TRY = """
for opener in (open_door, open_session):
    try:
        with opener(path, write=True, doing="late"):
            print("in")
    except PdoError as error:
        print(error.key, error.params)
"""


@contextmanager
def held_by_door(path: Path) -> Iterator[None]:
    with open_door(path, write=True, doing="import orders"):
        yield


@contextmanager
def held_by_session(path: Path) -> Iterator[None]:
    with open_session(path, write=True, doing="import orders"):
        yield


def keys(path: Path) -> list[str]:
    with open_door(path, write=False) as door:
        return [key for (key,) in door.rows(select(STAFF.c.key).order_by(STAFF.c.key))]


def staff(*names: str) -> pa.Table:
    return pa.table({"key": list(names), "row_hash": [0] * len(names), "import_id": [0] * len(names)})


@pytest.mark.parametrize("script", [pytest.param(ADD_BY_SESSION, marks=pytest.mark.slow), ADD_BY_DOOR])
@pytest.mark.slow
def test_a_row_that_another_process_committed_is_not_lost(path: Path, script: str) -> None:
    with open_door(path, write=False) as door:
        assert door.rows(select(STAFF.c.key)) == []
        run_child(script, path)
        # One state of the store from the first read to the end.
        assert door.rows(select(STAFF.c.key)) == []
    with open_session(path, write=True, doing="test") as session:
        session.add(Staff(key="here", row_hash=0, import_id=0))
    with open_door(path, write=True, doing="test") as door:
        door.append(Staff, staff("here too"))
    assert keys(path) == sorted([script.split('"')[-2], "here", "here too"])


@pytest.mark.parametrize("hold", [held_by_door, pytest.param(held_by_session, marks=pytest.mark.slow)])
def test_who_comes_second_is_told_who_came_first(
    path: Path, hold: Callable[[Path], AbstractContextManager[None]]
) -> None:
    with hold(path):
        said = run_child(TRY, path)
    assert len(said) == 2
    for line in said:
        assert line.startswith("error.locked {'holder': 'pid ")
        assert f"pid {os.getpid()} @ " in line
        assert ": import orders, 20" in line
    assert run_child(TRY, path) == ["in", "in"]


@pytest.mark.slow
def test_the_lock_is_taken_before_the_first_fact_is_read(path: Path) -> None:
    with open_door(path, write=True, doing="run") as door:
        assert door.rows(select(STAFF.c.key)) == []
        assert all("error.locked" in line for line in run_child(TRY, path))
        # A deferred transaction would fail here if the other one had written.
        assert door.append(Staff, staff("a")) == 1
    assert keys(path) == ["a"]


def test_reading_goes_on_while_another_process_writes(path: Path) -> None:
    script = ADD_BY_DOOR + 'point("written")\n'
    script = script.replace('staff("door"))', 'staff("door")); point("appended")')
    with child(script, path) as other:
        assert other.point() == "appended"
        assert keys(path) == []
        with open_session(path) as session:
            assert session.connection().execute(select(STAFF.c.key)).all() == []
        other.go_on()
        assert other.point() == "written"
        assert keys(path) == ["door"]


@pytest.mark.usefixtures("impatient")
def test_a_holder_that_is_not_pdo_has_no_name(path: Path) -> None:
    script = """
import sqlite3
connection = sqlite3.connect(path, isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
point("held")
"""
    lock.lock_path(path).write_text("pid 1 @ elsewhere: a text that a dead process left")
    with child(script, path) as other:
        assert other.point() == "held"
        for opener in (open_door, open_session):
            with pytest.raises(LockedError) as caught, opener(path, write=True, doing="test"):
                pass
            assert caught.value.key == "error.locked_elsewhere"
            assert str(path) in say(caught.value.key, "en", **caught.value.params)


@pytest.mark.usefixtures("impatient")
def test_the_text_of_a_killed_process_is_not_believed(path: Path) -> None:
    with child('with open_door(path, write=True, doing="import") as d: point("held")', path) as other:
        assert other.point() == "held"
        assert "import" in (lock.holder(path) or "")
        other.kill()
    assert "import" in lock.lock_path(path).read_text()
    assert lock.holder(path) is None
    with open_door(path, write=True, doing="test"):
        pass


def test_a_lock_file_that_cannot_be_made_fails_nothing(path: Path) -> None:
    lock.lock_path(path).mkdir()
    with open_door(path, write=True, doing="test") as door:
        door.append(Staff, staff("a"))
    assert lock.holder(path) is None
    assert keys(path) == ["a"]


def test_what_stands_in_a_lock_file_is_cleaned_and_cut(path: Path) -> None:
    with child('with open_door(path, write=True, doing="import") as d: point("held")', path) as other:
        assert other.point() == "held"
        lock.lock_path(path).write_bytes(b"\x1b[31mred\n\n\xff" + b"x" * 10_000)
        said = lock.holder(path)
    assert said is not None
    assert said.isprintable()
    assert len(said) < 600


def openers(path: Path) -> dict[str, Callable[[], Any]]:
    def door() -> None:
        with open_door(path, write=False):
            pass

    def session() -> None:
        with open_session(path):
            pass

    return {
        "door": door,
        "session": session,
        "upgrade": lambda: schema.upgrade(path),
        "dump": lambda: list(dump_state(path)),
    }


@pytest.mark.parametrize("second", ["door", "session", "upgrade", "dump"])
@pytest.mark.parametrize("first", [open_door, open_session])
def test_one_process_has_one_handle(
    path: Path, tmp_path: Path, first: Callable[..., AbstractContextManager[Any]], second: str
) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(path)
    with first(path, write=False):
        for name in (path, link):
            with pytest.raises(RuntimeError, match="open in this process already"):
                openers(name)[second]()
    openers(path)[second]()
    assert handles._open == {}


def test_a_handle_that_could_not_be_opened_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "pdo.db").write_text("no database" * 100)
    for opener in (open_door, open_session):
        with pytest.raises(Exception, match=r"error\."), opener(tmp_path / "pdo.db", write=True):
            pass
    assert handles._open == {}


@pytest.mark.slow
def test_opens_and_closes_do_not_overlap(path: Path) -> None:
    script = """
import os
from pdo.store import schema
from pdo.store.check import check
from pdo.store.dump import dump_state
held, seen = [], []
def files():
    names = []
    for number in os.listdir("/proc/self/fd"):
        try:
            names.append(os.readlink(f"/proc/self/fd/{number}"))
        except OSError:
            pass
    return [name for name in names if name.startswith(str(path)) and not name.endswith(".lock")]
def hook(event, args):
    if event == "pdo.store.open":
        assert not held, held
        assert not files(), files()
        held.append(args[1])
        seen.append(args[1])
    elif event == "pdo.store.close":
        assert not files(), files()
        held.remove(args[1])
    elif event == "sqlite3.connect":
        assert held and held[0] != "door", held
sys.addaudithook(hook)
path = path.with_name("second.db")
schema.create(path)
schema.upgrade(path)
with open_door(path, write=True, doing="x") as opened:
    opened.append(T.Staff, staff("a"))
    reader = opened.read(select(T.METADATA.tables["staff"]))
with open_session(path, write=True, doing="x") as session:
    session.add(T.Staff(key="b", row_hash=0, import_id=0))
list(dump_state(path))
check(path)
print(*seen)
"""
    assert run_child(script, path) == ["schema schema schema door session door session"]


def test_every_key_has_its_wording() -> None:
    for key in ("error.locked", "error.locked_elsewhere", "error.not_of_pdo", "error.disk_full"):
        assert key in WORDING
