"""Copies, erasing and forgetting of people, through the command line: afterwards no byte of them is found anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.project import Project
from tests.support.workbooks import write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

SHOP = """customer_id,name,phone,unionid,生日
MEMBER-0001,欧阳独一,13911112222,oUNION0001,1990-01-01
MEMBER-0002,张三,13911113333,oUNION0002,1990-01-02
MEMBER-0003,李四,13911112222x,,1990-02-30
"""
TAOBAO = """customer_id,name,phone
taobao:lonely_buyer,欧阳独一,13911112222
taobao:other_buyer,张三,13911113333
"""
ORDERS = """order_id,customer_id,paid_at,paid
O-1,MEMBER-0001,2026-02-01,10
O-2,taobao:lonely_buyer,2026-02-02,20
O-3,MEMBER-0002,2026-02-03,30
"""
ITEMS = """order_id,sku,quantity
O-1,S1,1
O-3,S1,1
"""
GONE = ("13911112222", "欧阳独一", "MEMBER-0001", "oUNION0001", "lonely_buyer")
KEPT = ("13911113333", "MEMBER-0002", "other_buyer")


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    project = Project.make(tmp_path / "shop")
    inbox = project.root / "inbox"
    done = inbox / "done" / "2026-11-01"
    for kind, name, text in (
        ("customers", "shop", SHOP),
        ("customers", "taobao", TAOBAO),
        ("orders", "orders", ORDERS),
        ("items", "items", ITEMS),
    ):
        path = project.write(f"inbox/{name}.csv", text)
        project.pdo("import", kind, str(path), code=4 if name == "shop" else 0)
        done.mkdir(parents=True, exist_ok=True)
        path.rename(done / path.name)
    (done / "gbk.csv").write_bytes(SHOP.encode("gb18030"))
    write_workbook(done / "book.xlsx", {"客户": [line.split(",") for line in SHOP.splitlines()]})
    project.pdo("import", "customers", str(project.write("again.csv", SHOP.replace("张三", "张叁"))), code=4)
    (project.root / "again.csv").unlink()
    return project


def bytes_below(root: Path) -> Iterator[tuple[Path, bytes]]:
    import zipfile

    for path in sorted(root.rglob("*")):
        if path.is_file():
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as book:
                    yield path, b"\n".join(book.read(name) for name in book.namelist())
            else:
                yield path, path.read_bytes()


def holding(root: Path, text: str) -> list[str]:
    spelt = {text.encode(encoding) for encoding in ("utf-8", "gb18030", "utf-16-le")}
    return [str(path) for path, content in bytes_below(root) if any(one in content for one in spelt)]


def test_after_erasing_no_byte_of_a_person_is_found(shop: Project) -> None:
    shop.pdo("customer", "export", "MEMBER-0001")
    shop.pdo("customer", "export", "MEMBER-0001", "--file-type", "xlsx")
    shop.pdo("customer", "show", "MEMBER-0001", "--reveal")
    done = shop.data("customer", "erase", "taobao:lonely_buyer", "--yes")
    assert done["own_ids"] == 2
    assert done["failed"] == []
    assert done["scrubbed"] is True
    shop.pdo("db", "backup")
    assert {text: holding(shop.root, text) for text in GONE} == {text: [] for text in GONE}
    assert all(holding(shop.root, text) for text in KEPT)
    shop.pdo("db", "check")
    again = shop.write("again.csv", "".join(SHOP.splitlines(keepends=True)[:3]))
    report = shop.data("import", "customers", str(again), "--rejects", str(shop.root / "bad.csv"), code=4)
    assert (report["rejected"], report["same"] + report["changed"]) == (1, 1)
    assert "IM170" in (shop.root / "bad.csv").read_text(encoding="utf-8-sig")
    again.unlink()
    orders = shop.write("orders.csv", ORDERS + "O-4,MEMBER-0002,2026-02-04,40\n")
    assert shop.data("import", "orders", str(orders), code=4)["rejected"] == 2
    orders.unlink()
    assert {text: holding(shop.root, text) for text in GONE} == {text: [] for text in GONE}
    assert [entry["action"] for entry in shop.data("db", "log")["log"]] == ["erase", "reveal"]


def test_a_restore_erases_again_who_was_erased_since(shop: Project) -> None:
    copy = shop.data("db", "backup")["path"]
    shop.pdo("customer", "erase", "MEMBER-0001", "--yes")
    after = shop.state()
    done = shop.data("db", "restore", copy)
    assert done["erased_again"] == 2
    assert shop.state() == after
    assert Path(done["replaced"]).stat().st_mode & 0o777 == 0o600
    Path(copy).unlink()
    assert {text: holding(shop.root, text) for text in GONE} == {text: [] for text in GONE}


def test_without_the_key_nothing_comes_in(shop: Project) -> None:
    shop.pdo("customer", "erase", "MEMBER-0001", "--yes")
    key = shop.root / "pdo.db.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.unlink()
    path = shop.write("new.csv", "customer_id,name\nM9,孙\n")
    assert "pdo.db.key" in shop.pdo("import", "customers", str(path), code=13).stderr


def test_a_copy_holds_what_is_known_of_all_own_ids(shop: Project) -> None:
    report = shop.data("customer", "export", "taobao:lonely_buyer")
    known = json.loads(Path(report["path"]).read_text(encoding="utf-8"))["data"]
    assert [row["key"] for row in known["sales_order"]] == ["O-1", "O-2"]
    assert [row["product"] for row in known["order_item"]] == ["S1"]
    assert known["customer"][0]["phone"] == "13911112222"
    assert [row["customer_id"] for row in known["own_ids"]] == ["MEMBER-0001", "taobao:lonely_buyer"]


def test_who_is_silent_for_as_long_as_data_are_kept_is_purged(shop: Project) -> None:
    shop.pdo("db", "purge", code=2)
    with (shop.root / "pdo.yaml").open("a", encoding="utf-8") as file:
        file.write("retention_days: 36500\n")
    before = shop.state()
    assert shop.data("db", "purge", "--dry-run")["customers"] == 0
    assert shop.state() == before
    events = shop.write("events.csv", "customer_id,type,occurred_at\nMEMBER-0002,visit,2026-11-20\n")
    shop.pdo("import", "events", str(events))
    text = (shop.root / "pdo.yaml").read_text(encoding="utf-8").replace("36500", "30")
    (shop.root / "pdo.yaml").write_text(text, encoding="utf-8")
    assert shop.data("db", "purge", "--dry-run")["customers"] == 1
    assert shop.data("db", "purge")["customers"] == 1
    assert "MEMBER-0001" not in shop.state()
    assert "MEMBER-0002" in shop.state()
    shop.pdo("db", "check")


def test_phones_are_masked_unless_asked_for_and_that_is_noted(shop: Project) -> None:
    assert "13911113333" not in shop.pdo("customer", "show", "MEMBER-0002").stdout
    assert "13911113333" in shop.pdo("customer", "show", "MEMBER-0002", "--reveal").stdout
    assert "13911113333" in shop.pdo("customer", "find", "张三", "--reveal").stdout
    assert [entry["detail"] for entry in shop.data("db", "log")["log"]] == [
        '{"command": "customer find"}',
        '{"command": "customer show"}',
    ]
