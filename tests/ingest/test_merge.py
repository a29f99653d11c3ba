"""Rows meet the store: every record one verdict, twice is once, order and split of files are free."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pdo.model.fields import Column, Type
from pdo.model.reports import ImportReport
from pdo.model.settings import Attribute, Settings
from tests.ingest.conftest import Shop, mapping

VERDICTS = ("read", "new", "changed", "same", "duplicate", "rejected", "blank")

CUSTOMERS = "客户编号,姓名,手机号,生日,积分,是否好友,跟进人,所属门店\nC1,王伟,13800138000,1990-02-28,5,是,S1,M1\nC2,李娜,,,,,,\n"
PRODUCTS = "sku,title,category,price\nP1,苹果,水果,12.50\nP2,牛奶,乳品,8\n"
STORES = "门店编号,门店名称,店长\nM1,一店,S1\nM2,二店,\n"
STAFF = "工号,姓名,所属门店\nS1,小张,M1\nS2,小李,M2\n"
ORDERS = (
    "订单号,客户编号,付款时间,实付金额,退款金额,门店编号,导购\n"
    "O1,C1,2024-01-05 09:30:00,100.00,20,M1,S1\nO2,C9,2024-01-06 10:00:00,50,,M3,\nO3,,,,,,\n"
)
ITEMS = "订单号,商品编码,数量,金额\nO1,P1,2,25\nO1,P1,2,25\nO1,P9,0.5,3.20\nO2,P2,1,8\n"
EVENTS = "客户编号,事件类型,发生时间\nC1,询价,2024-01-05 09:30:00\nC1,询价,2024-01-05 09:30:00\nC7,打卡,2024-01-06\n"
FILES = {
    "customers": CUSTOMERS,
    "products": PRODUCTS,
    "stores": STORES,
    "staff": STAFF,
    "orders": ORDERS,
    "items": ITEMS,
    "events": EVENTS,
}


def verdicts(report: ImportReport) -> dict[str, int]:
    counts = {name: getattr(report, name) for name in VERDICTS}
    assert counts["read"] == sum(counts.values()) - counts["read"]
    return {name: count for name, count in counts.items() if count and name != "read"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Shop:
    """A shop into which every file came; nobody changes it."""
    folder = tmp_path_factory.mktemp("whole")
    shop = Shop(folder, Settings(root=folder, database=Path(shutil.copy(empty_store, folder / "store.db"))))
    for kind, content in FILES.items():
        shop.bring(kind, content)
    return shop


QUICK = ("customers", "items", "events")
"""Kinds that quick tests bring twice; `test_several_files_through_one_door` does so with all of them."""


@pytest.mark.parametrize(
    "kind", [kind if kind in QUICK else pytest.param(kind, marks=pytest.mark.slow) for kind in FILES]
)
def test_twice_is_once(shop: Shop, kind: str) -> None:
    if kind == "items":
        shop.bring("orders", ORDERS)
    rows = FILES[kind].count("\n") - 1
    assert verdicts(shop.bring(kind, FILES[kind])) == {"new": rows}
    before = shop.dump()
    assert verdicts(shop.bring(kind, FILES[kind])) == {"same": rows}
    assert shop.dump() == before


def test_what_is_stored(whole: Shop) -> None:
    assert whole.rows("customer", "key", "name", "phone", "birthday", "points", "is_friend") == [
        ("C1", "王伟", "13800138000", "1990-02-28", 5, 1),
        ("C2", "李娜", None, None, None, None),
        ("C7", None, None, None, None, None),
        ("C9", None, None, None, None, None),
    ]
    assert whole.rows("sales_order", "key", "paid", "refunded", "paid_at") == [
        ("O1", 10_000, 2_000, 1_704_418_200),
        ("O2", 5_000, None, 1_704_506_400),
        ("O3", None, None, None),
    ]
    assert whole.rows("order_item", "line", "quantity", "amount") == [
        ("P1#1", 2_000, 2_500),
        ("P1#2", 2_000, 2_500),
        ("P2#1", 1_000, 800),
        ("P9#1", 500, 320),
    ]
    assert [kind for kind, _ in whole.rows("identity", "kind", "value")] == ["own"] * 4 + ["phone"]
    assert whole.rows("event", "type") == [("打卡",), ("询价",), ("询价",)]
    assert whole.rows("product", "key") == [("P1",), ("P2",), ("P9",)]
    assert whole.rows("store", "key") == [("M1",), ("M2",), ("M3",)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_order_and_split_of_files_are_free(shop: Shop, whole: Shop, seed: int) -> None:
    chance = random.Random(seed)
    pieces = []
    for kind, content in FILES.items():
        header, *rows = content.splitlines(keepends=True)
        # Rows that only their number in the file tells apart stay together.
        size = len(rows) if kind in ("items", "events") else 1
        pieces += [(kind, header + "".join(rows[at : at + size])) for at in range(0, len(rows), size)]
    chance.shuffle(pieces)
    pieces.sort(key=lambda piece: piece[0] == "items")
    for kind, content in pieces:
        shop.bring(kind, content)
    assert shop.dump() == whole.dump()


def test_empty_cells_and_missing_columns_wipe_nothing(shop: Shop) -> None:
    shop.bring("customers", CUSTOMERS)
    before = shop.dump()
    assert verdicts(shop.bring("customers", "客户编号,姓名\nC1,\nC2,李娜\n")) == {"same": 2}
    assert verdicts(shop.bring("customers", "客户编号\nC1\n")) == {"same": 1}
    assert shop.dump() == before


def test_a_change_changes_only_what_it_says(shop: Shop) -> None:
    shop.bring("customers", CUSTOMERS)
    assert verdicts(shop.bring("customers", "客户编号,积分,跟进人\nC1,9,S2\nC2,,\nC3,1,\n")) == {
        "changed": 1,
        "same": 1,
        "new": 1,
    }
    assert shop.rows("customer", "key", "name", "phone", "points") == [
        ("C1", "王伟", "13800138000", 9),
        ("C2", "李娜", None, None),
        ("C3", None, None, 1),
    ]
    # The digest of the merged row stands: bringing all of it again finds nothing new.
    again = "客户编号,姓名,手机号,生日,积分,是否好友,跟进人,所属门店\nC1,王伟,13800138000,1990-02-28,9,是,S2,M1\n"
    assert verdicts(shop.bring("customers", again)) == {"same": 1}


@pytest.mark.slow
def test_a_new_phone_is_found_beside_the_old_one(shop: Shop) -> None:
    shop.bring("customers", "客户编号,手机号,external_userid\nC1,13800138000,wm1\nC2,13800138000,\n")
    assert verdicts(shop.bring("customers", "客户编号,手机号,external_userid\nC1,13900139000,\nC2,,wm2\n")) == {
        "changed": 2
    }
    assert verdicts(shop.bring("customers", "客户编号,手机号,external_userid\nC1,13900139000,wm1\nC2,,wm2\n")) == {
        "same": 2
    }
    assert shop.rows("identity", "kind", "value") == [
        ("external", "wm1"),
        ("external", "wm2"),
        ("own", "C1"),
        ("own", "C2"),
        ("phone", "13800138000"),
        ("phone", "13800138000"),
        ("phone", "13900139000"),
    ]


@pytest.mark.slow
def test_changed_items_orders_and_events(shop: Shop) -> None:
    shop.bring("orders", ORDERS)
    shop.bring("items", "订单号,行号,商品编码,数量\nO1,1,P1,2\nO1,2,P2,1\n")
    assert verdicts(shop.bring("items", "订单号,行号,商品编码,数量\nO1,1,P1,3\nO1,2,P2,1\nO1,3,P2,1\n")) == {
        "changed": 1,
        "same": 1,
        "new": 1,
    }
    assert shop.rows("order_item", "line", "quantity") == [("1", 3_000), ("2", 1_000), ("3", 1_000)]
    assert verdicts(shop.bring("orders", "订单号,退款金额,退款时间\nO2,50,2024-02-01\n")) == {"changed": 1}
    assert shop.rows("sales_order", "key", "paid", "refunded")[1] == ("O2", 5_000, 5_000)
    shop.bring("events", "事件编号,客户编号,事件类型,发生时间\nE1,C1,询价,2024-01-05\n")
    assert verdicts(shop.bring("events", "事件编号,客户编号,事件类型,发生时间\nE1,C1,打卡,2024-01-05\n")) == {
        "changed": 1
    }
    assert shop.rows("event", "key", "type") == [("E1", "打卡")]


def test_rows_of_one_key_go_one_over_the_other(shop: Shop) -> None:
    content = "客户编号,姓名,积分\nC1,王,1\nC2,李,2\nC1,,9\nC2,李,2\nC1,王伟,\n"
    report = shop.bring("customers", content)
    assert verdicts(report) == {"new": 2, "duplicate": 3}
    assert shop.rows("customer", "key", "name", "points") == [("C1", "王伟", 9), ("C2", "李", 2)]
    assert [(note.line, note.code, note.params["other"]) for note in report.notes] == [
        (2, "IM150", 6),
        (3, "IM151", 5),
        (4, "IM150", 6),
        (2, "IM153", 6),
    ]
    assert report.note_counts == {"IM150": 2, "IM151": 1, "IM153": 1}
    assert report.notes[0].message("zh") == "与第 6 行的编号相同，内容不同；以后面的行为准。"


@pytest.mark.parametrize("kind", ["orders", "events", "items"])
@pytest.mark.slow
def test_repeated_keys_of_every_shape(shop: Shop, kind: str) -> None:
    contents = {
        "orders": "订单号,客户编号,实付金额\nO1,C1,1\nO1,C2,\n",
        "events": "事件编号,客户编号,事件类型,发生时间\nE1,C1,询价,2024-01-05\nE1,C1,打卡,2024-01-06\n",
        "items": "订单号,行号,商品编码,数量\nO1,1,P1,1\nO1,1,P2,\n",
    }
    if kind == "items":
        shop.bring("orders", ORDERS)
    assert verdicts(shop.bring(kind, contents[kind])) == {"new": 1, "duplicate": 1}
    assert verdicts(shop.bring(kind, contents[kind]))["duplicate"] == 1


def test_some_events_have_ids(shop: Shop) -> None:
    content = "事件编号,客户编号,事件类型,发生时间\nE1,C1,询价,2024-01-05\n,C1,询价,2024-01-05\n,C1,询价,2024-01-05\n"
    assert verdicts(shop.bring("events", content)) == {"new": 3}
    assert verdicts(shop.bring("events", content)) == {"same": 3}


@pytest.mark.slow
def test_attributes_are_merged_one_by_one(shop: Shop) -> None:
    declared = tuple(Attribute(Column(name, Type.INTEGER, name)) for name in ("b", "a", "c"))
    settings = replace(shop.settings, attributes={"customers": declared})
    shop.bring("customers", "客户编号,a,b\nC1,1,2\n", settings=settings)
    report = shop.bring("customers", "客户编号,c,a,b\nC1,3,,2\nC1,,7,\n", settings=settings)
    assert verdicts(report) == {"changed": 1, "duplicate": 1}
    assert shop.rows("customer", "extra") == [('{"a":7,"b":2,"c":3}',)]
    # What is no longer declared is not read, and what was kept of it stays.
    assert verdicts(shop.bring("customers", "客户编号,a\nC1,8\n")) == {"same": 1}
    assert shop.rows("customer", "extra") == [('{"a":7,"b":2,"c":3}',)]


def test_an_item_needs_its_order(shop: Shop) -> None:
    shop.bring("orders", "订单号\nO1\n")
    report = shop.bring("items", "订单号,商品编码\nO1,P1\nO9,P2\n")
    assert verdicts(report) == {"new": 1, "rejected": 1}
    (fault,) = report.rejects
    assert (fault.line, fault.column, fault.value, fault.code) == (3, "订单号", "O9", "IM130")
    assert "pdo import orders" in fault.hint("en")


def test_what_was_paid_net_is_kept_gross(shop: Shop) -> None:
    given = mapping("orders", {"order_id": "id", "paid": "实付", "refunded": "退款", "paid_at": "时间"}, paid_is="net")
    report = shop.bring("orders", "id,实付,退款,时间\nO1,80,20,2024-01-05\nO2,7,,2024-01-05\nO3,0,0,\n", mapping=given)
    assert shop.rows("sales_order", "key", "paid", "refunded") == [
        ("O1", 10_000, 2_000),
        ("O2", 700, None),
        ("O3", 0, 0),
    ]
    assert report.figures == {"paid_orders": 2, "net_minor": 8_700, "refunded_minor": 2_000}


def test_statuses_are_renamed(shop: Shop) -> None:
    given = mapping("orders", {"order_id": "id", "status": "状态"}, statuses={"交易成功": "done"})
    shop.bring("orders", "id,状态\nO1,交易成功\nO2,其它\n", mapping=given)
    assert shop.rows("sales_order", "key", "status") == [("O1", "done"), ("O2", "其它")]


def test_a_dry_run_says_all_and_writes_nothing(shop: Shop) -> None:
    shop.bring("customers", CUSTOMERS)
    before, journal = shop.dump(), shop.rows("file_import", "id")
    report = shop.bring("customers", "客户编号,姓名,跟进人\nC1,王,S9\nC2,李娜,\nC3,x,\n,y,\n", dry_run=True)
    assert verdicts(report) == {"new": 1, "changed": 1, "same": 1, "rejected": 1}
    assert report.import_id is None
    assert (shop.dump(), shop.rows("file_import", "id")) == (before, journal)


def test_the_journal(shop: Shop) -> None:
    report = shop.bring("customers", "客户编号,手机号\nC1,13800138000\nC2,12\n\nC1,13800138000\n".encode("gb18030"))
    assert report.import_id == 1
    (row,) = shop.rows("file_import", "kind", "encoding", "actor", "started_at", *VERDICTS)
    assert row == ("customers", "gb18030", "tester", 1_772_000_000, 4, 1, 0, 0, 1, 1, 1)
    assert shop.rows("reject", "import_id", "line", "column", "value", "code", "params") == [
        (1, 3, "手机号", "12", "IM120", "{}")
    ]


def test_masked_phones_are_left_out_and_told(shop: Shop) -> None:
    report = shop.bring("customers", "客户编号,手机号\nC1,138****8000\nC2,$$abc$$\nC3,\n")
    assert verdicts(report) == {"new": 3}
    assert report.note_counts == {"IM152": 2}
    assert [note.line for note in report.notes] == [2, 3]
    assert shop.rows("identity", "kind") == [("own",)] * 3


def test_all_faults_of_a_record_are_told(shop: Shop) -> None:
    report = shop.bring("customers", "客户编号,手机号,生日,积分\n1.2E+17,12,1990-02-30,x\nC1,,,\n")
    assert verdicts(report) == {"new": 1, "rejected": 1}
    assert [(fault.line, fault.column, fault.code) for fault in report.rejects] == [
        (2, "客户编号", "IM122"),
        (2, "手机号", "IM120"),
        (2, "生日", "IM118"),
        (2, "积分", "IM111"),
    ]


def test_a_required_column_that_is_empty(shop: Shop) -> None:
    report = shop.bring("events", "客户编号,类型,时间\nC1,,2024-01-05\n,,\n")
    assert verdicts(report) == {"rejected": 1, "blank": 1}
    assert [(fault.column, fault.code) for fault in report.rejects] == [("类型", "IM110")]


@pytest.mark.slow
def test_several_files_through_one_door(shop: Shop) -> None:
    from pdo.ingest.importer import import_file
    from pdo.model.fields import KINDS
    from pdo.store.door import open_door

    with open_door(shop.settings.database, write=True, doing="test") as door:
        for number, (kind, content) in enumerate((*FILES.items(), *FILES.items())):
            path = shop.file(content, f"{number}.csv")
            report = import_file(door, path, KINDS[kind], settings=shop.settings, now=1, actor="x")
            # Customers, products, stores named before by others are there, bare, and get their content now.
            assert report.rejected == 0
            assert number < len(FILES) or report.same == report.read
    assert len(shop.rows("file_import", "id")) == 14


def test_many_nulls_before_the_first_value(shop: Shop) -> None:
    rows = "".join(f"C{number},,,\n" for number in range(2_000))
    content = f"客户编号,姓名,手机号,生日\n{rows}D1,王,13800138000,1990-01-01\n"
    assert verdicts(shop.bring("customers", content)) == {"new": 2_001}
    assert verdicts(shop.bring("customers", content.replace("王", "王伟"))) == {"same": 2_000, "changed": 1}


@pytest.mark.slow
def test_many_rows_give_what_few_give(shop: Shop, whole: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many rows all of the store's keys are read at once; of few they are looked up."""
    orphan = ITEMS + "O9,P1,1,1\n"
    for module in ("references", "merge", "persons"):
        monkeypatch.setattr(f"pdo.ingest.{module}.FEW_KEYS", 0)
    for kind, content in (FILES | {"items": orphan}).items():
        shop.bring(kind, content)
    assert shop.dump() == whole.dump()
    assert verdicts(shop.bring("items", orphan)) == {"same": 4, "rejected": 1}
    assert verdicts(shop.bring("orders", ORDERS.replace("100.00", "101"))) == {"same": 2, "changed": 1}
