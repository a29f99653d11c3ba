"""Copies of the store, and putting them back."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from tests.support.project import Project

pytestmark = pytest.mark.slow

CUSTOMERS = "customer_id,name\nM1,张三\nM2,李四\n"


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    project = Project.make(tmp_path / "shop")
    project.pdo("import", "customers", str(project.write("a.csv", CUSTOMERS)))
    return project


def test_a_restored_copy_is_the_store_it_was_made_of_and_what_it_replaces_is_kept(shop: Project) -> None:
    before = shop.state()
    made = shop.data("db", "backup")
    assert made["rows"]["customer"] == 2
    assert Path(made["path"]).stat().st_mode & 0o777 == 0o600
    shop.pdo("import", "customers", str(shop.write("b.csv", "customer_id,name\nM3,王五\n")))
    later = shop.state()
    done = shop.data("db", "restore", made["path"])
    assert shop.state() == before
    shop.data("db", "restore", done["replaced"])
    assert shop.state() == later
    shop.pdo("db", "check")


def test_only_the_latest_copies_stay(shop: Project) -> None:
    first = shop.data("db", "backup", "--keep", "2")["path"]
    removed = []
    for _ in range(2):
        time.sleep(1.1)  # a copy is called after its second
        removed.append(shop.data("db", "backup", "--keep", "2")["removed"])
    assert removed == [[], [first]]
    assert len(list((shop.root / "backups").iterdir())) == 2


def test_a_damaged_copy_replaces_nothing(shop: Project) -> None:
    made = Path(shop.data("db", "backup")["path"])
    before = shop.state()
    content = bytearray(made.read_bytes())
    content[20_000:60_000] = b"x" * 40_000
    made.write_bytes(content)
    shop.pdo("db", "restore", str(made), code=13)
    shop.pdo("db", "restore", str(shop.write("no.db", "no database")), code=13)
    shop.pdo("db", "restore", str(shop.root / "nowhere.db"), code=2)
    assert shop.state() == before
    assert not list(shop.root.glob("*before-restore*"))


def test_a_damaged_store_is_replaced_by_a_copy(shop: Project) -> None:
    made = shop.data("db", "backup")["path"]
    before = shop.state()
    (shop.root / "pdo.db").write_bytes(b"x" * 100_000)
    shop.pdo("db", "check", code=13)
    shop.pdo("db", "restore", made)
    assert shop.state() == before


def test_nothing_is_replaced_while_somebody_writes(shop: Project) -> None:
    made = shop.data("db", "backup")["path"]
    with sqlite3.connect(shop.root / "pdo.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        shop.pdo("db", "restore", made, code=11)
        shop.pdo("db", "backup", "--to", str(shop.root / "meanwhile"))
        other.execute("ROLLBACK")
    other.close()


def test_what_follows_from_the_rest_is_mended(shop: Project) -> None:
    database = shop.root / "pdo.db"
    database.chmod(0o644)
    with sqlite3.connect(database) as other:
        other.execute("DROP VIEW v_customer")
    other.close()
    shop.pdo("db", "check", code=3)
    assert shop.data("db", "check", "--repair")["mended"] == ["store.mended_mode", "store.mended_views"]
    assert shop.data("db", "check", "--repair")["mended"] == []
