"""`pdo import --inbox`: what people drop into a folder comes in once, in the right order, whatever happens meanwhile."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from filelock import FileLock

from pdo.api.inbox import LOCK
from tests.cli.inside import Shop
from tests.ingest.profiles.exports import JD, TAOBAO_DETAILS, TAOBAO_ORDERS

LONG_AGO = 1_700_000_000
ITEMS = "订单号,商品编码,数量\nO1,S1,2\n"
ORDERS = "订单号,客户编号,付款时间,实付金额\nO1,C1,2026-03-01 10:00:00,12.50\n"
CUSTOMERS = "客户编号,姓名\nC1,王\n"
PRODUCTS = "商品编码,商品名称\nS1,牛奶\n"


@pytest.fixture
def shop(new_project: Shop, tmp_path: Path) -> Shop:
    shop = Shop(new_project.copy(tmp_path / "shop").root)
    (shop.root / "inbox").mkdir()
    return shop


def drop(shop: Shop, name: str, content: str | bytes) -> Path:
    """A file that is complete since long."""
    path = shop.root / "inbox" / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def take(shop: Shop, *options: str, code: int = 0) -> str:
    return shop.pdo("import", "--inbox", str(shop.root / "inbox"), *options, code=code).stdout


def lying(shop: Shop) -> list[str]:
    """What lies in the inbox and below, days as DAY."""
    inbox = shop.root / "inbox"
    found = (path.relative_to(inbox) for path in inbox.rglob("*") if path.is_file() and path.name != LOCK)
    return sorted("/".join("DAY" if part[:2] == "20" else part for part in path.parts) for path in found)


@pytest.mark.slow
def test_files_come_in_in_the_order_in_which_they_need_each_other(shop: Shop) -> None:
    # Their names say the opposite.
    for name, text in (("1.csv", ITEMS), ("2.csv", ORDERS), ("3.csv", CUSTOMERS), ("4.csv", PRODUCTS)):
        drop(shop, name, text)
    lines = take(shop).splitlines()
    assert [line.split("：")[0] for line in lines] == ["✓ 4.csv", "✓ 3.csv", "✓ 2.csv", "✓ 1.csv"]
    assert "items 读 1 新 1 改 0 拒 0" in lines[-1]
    assert lying(shop) == ["done/DAY/1.csv", "done/DAY/2.csv", "done/DAY/3.csv", "done/DAY/4.csv"]
    assert take(shop) == "收件夹是空的。\n"


@pytest.mark.slow
def test_platforms_are_known_and_rejects_lie_beside_their_file(shop: Shop) -> None:
    inbox = shop.root / "inbox"
    for export in (TAOBAO_DETAILS, TAOBAO_ORDERS, JD):
        path = export.write(inbox)
        os.utime(path, (LONG_AGO, LONG_AGO))
    said = take(shop, code=4)
    assert "淘宝/天猫宝贝明细 ExportOrderDetailList：products 读 3 新 2" in said
    done = [name for name in lying(shop) if "rejects" in name]
    assert done == [f"done/DAY/{export.name}.csv.rejects.csv" for export in (TAOBAO_DETAILS, TAOBAO_ORDERS)]
    (rejects,) = inbox.glob(f"done/*/{TAOBAO_ORDERS.name}.csv.rejects.csv")
    assert "IM122" in rejects.read_text(encoding="utf-8-sig")
    assert rejects.stat().st_mode & 0o777 == 0o600
    assert {path.stat().st_mode & 0o777 for path in inbox.glob("done/*/*.csv")} == {0o600}


def test_what_nobody_knows_moves_away_with_the_reason_and_does_not_keep_out_the_others(shop: Shop) -> None:
    drop(shop, "odd.csv", "甲,乙\n1,2\n")
    drop(shop, "photo.csv", b"\x89PNG\r\n\x1a\n....")
    drop(shop, "customers.csv", CUSTOMERS)
    done = shop.pdo("import", "--inbox", str(shop.root / "inbox"), code=2)
    assert "✓ customers.csv" in done.stdout
    assert "✗ odd.csv：认不出" in done.stdout
    assert lying(shop) == [
        "done/DAY/customers.csv",
        "failed/DAY/odd.csv",
        "failed/DAY/odd.csv.txt",
        "failed/DAY/photo.csv",
        "failed/DAY/photo.csv.txt",
    ]
    (why,) = (shop.root / "inbox").glob("failed/*/odd.csv.txt")
    assert "表头是：甲, 乙" in why.read_text(encoding="utf-8-sig")
    # The next call has nothing to complain of.
    assert take(shop) == "收件夹是空的。\n"


def test_what_may_not_be_whole_is_left(shop: Shop) -> None:
    drop(shop, "customers.csv.crdownload", CUSTOMERS)
    drop(shop, ".hidden.csv", CUSTOMERS)
    drop(shop, "~$订单.xlsx", "x")
    os.utime(drop(shop, "new.csv", CUSTOMERS))
    said = take(shop)
    assert [line.split("：")[0] for line in said.splitlines()] == ["… customers.csv.crdownload", "… new.csv"]
    assert "done" not in " ".join(lying(shop))
    os.utime(shop.root / "inbox" / "new.csv", (LONG_AGO, LONG_AGO))
    assert "✓ new.csv" in take(shop)


def test_the_same_name_on_two_days_keeps_both(shop: Shop) -> None:
    drop(shop, "订单.2026.csv", ORDERS)
    take(shop)
    drop(shop, "订单.2026.csv", ORDERS.replace("12.50", "13.50"))
    assert "改 1" in take(shop)
    assert lying(shop) == ["done/DAY/订单-2.2026.csv", "done/DAY/订单.2026.csv"]


def test_strict_files_with_a_rejected_row_write_nothing_and_fail(shop: Shop) -> None:
    drop(shop, "orders.csv", ORDERS + "O2,C1,2026-03-32,5\n")
    take(shop, "--strict", code=4)
    assert lying(shop) == ["failed/DAY/orders.csv", "failed/DAY/orders.csv.rejects.csv"]
    assert "sales_order" not in shop.state()


@pytest.mark.slow
def test_a_busy_store_leaves_files_where_they_are(shop: Shop) -> None:
    drop(shop, "customers.csv", CUSTOMERS)
    with sqlite3.connect(shop.root / "pdo.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        shop.apart().pdo("import", "--inbox", str(shop.root / "inbox"), code=11)
        other.execute("ROLLBACK")
    assert lying(shop) == ["customers.csv"]
    assert "✓ customers.csv" in take(shop)


@pytest.mark.slow
def test_two_at_a_time_do_not_meet(shop: Shop) -> None:
    drop(shop, "customers.csv", CUSTOMERS)
    with FileLock(shop.root / "inbox" / LOCK):
        done = shop.apart().pdo("import", "--inbox", str(shop.root / "inbox"), code=11)
    assert "正在由另一个 pdo 导入" in done.stderr
    assert lying(shop) == ["customers.csv"]


def test_killed_before_a_file_moved_it_comes_in_again_and_says_nothing_new(shop: Shop) -> None:
    path = drop(shop, "orders.csv", ORDERS)
    take(shop)
    state = shop.state()
    # As if the move had not happened.
    (moved,) = (shop.root / "inbox").glob("done/*/orders.csv")
    moved.rename(path)
    assert "orders 读 1 新 0 改 0 拒 0" in take(shop)
    assert shop.state() == state
    assert lying(shop) == ["done/DAY/orders.csv"]


def test_json_names_every_file(shop: Shop) -> None:
    drop(shop, "customers.csv", CUSTOMERS)
    data = shop.data("import", "--inbox", str(shop.root / "inbox"))
    (item,) = data["items"]
    assert (data["new"], item["verdict"], item["files"][0]["kind"]) == (1, "done", "customers")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "没有写要导入什么"),
        (("customers",), "没有写要导入什么"),
        (("customers", "a.csv", "--inbox", "."), "--inbox 自己认种类"),
        (("--inbox", "nowhere"), "没有收件夹 nowhere"),
        (("auto", "pdo.yaml", "--mapping", "x"), "--mapping 不能和 auto"),
        (("auto", "-"), "标准输入认不出种类"),
    ],
)
def test_wrong_calls_are_told(shop: Shop, arguments: tuple[str, ...], said: str) -> None:
    assert said in shop.pdo("import", *arguments, code=2).stderr
