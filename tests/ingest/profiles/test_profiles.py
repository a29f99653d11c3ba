"""Each platform's export comes in untouched, to rows checked by hand; saved otherwise, to the same rows."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pdo.api.arrivals import ImportOptions
from pdo.api.importing import ImportOutcome, import_files
from pdo.api.profiles import BUILT_IN, load_profiles
from pdo.core.calendar import Moment, parse_moment
from pdo.core.errors import UsageError
from pdo.ingest.macros import MACROS
from pdo.model.made import CLEANERS
from tests.ingest.conftest import NOW, Shop
from tests.ingest.profiles.exports import (
    DOUYIN,
    EXPORTS,
    JD,
    PDD,
    TAOBAO_DETAILS,
    TAOBAO_ORDERS,
    WECOM,
    YOUZAN_CUSTOMERS,
    YOUZAN_ORDERS,
    Export,
)

ZONE = "Asia/Shanghai"
SHOWN = {
    "customer": ("key", "name", "remark_name", "phone", "owner"),
    "assignment": ("label_name", "customer"),
    "follow": ("customer", "staff", "add_way"),
    "staff": ("key", "name"),
    "product": ("key", "product"),
    "sales_order": ("key", "customer", "paid_at", "status", "channel", "paid", "refunded"),
    "order_item": ("order", "line", "product", "quantity", "amount"),
}
"""What is checked by hand, by table: those that a file does not touch are not looked at."""

W = "wecom:小明 13800138000"
Y = "youzan:小明 13800138000"
B = "youzan_buyer:小明 13800138000"
P = "taobao_phone: 13800138000"


def at(text: str) -> int:
    return parse_moment(text, ZONE).at


EXPECTED: dict[str, dict[str, list[tuple[Any, ...]]]] = {
    "youzan.customers": {
        "customer": [
            (Y, "王明", "小明", "13800138000", "王芳"),
            ("youzan:小蓝 2025-01-02", None, "小蓝", None, None),
            ("youzan:小蓝 2025-01-03", None, "小蓝", None, None),
        ],
        "assignment": [("VIP", Y), ("老客", Y)],
    },
    "youzan.orders": {
        "customer": [(B, None, "小明", "13800138000", None)],
        "product": [("牛奶", "牛奶"), ("车厘子,2斤装", "车厘子,2斤装")],
        "sales_order": [
            ("E20260301100000012345601", B, at("2026-03-01 10:01"), "交易完成", "网店", 99_00, 50_00),
            # A masked phone is nobody.
            ("E20260302100000012345602", None, at("2026-03-02 10:01"), "已发货", "网店", 50_00, 0),
        ],
        "order_item": [("E20260301100000012345601", "车厘子,2斤装#1", "车厘子,2斤装", None, 109_00)],
    },
    "taobao.orders": {
        "customer": [
            ("taobao:tb小明", "王明", None, "13800138000", None),
            ("taobao:tb小红", "李红", None, "13800138001", None),
        ],
        "sales_order": [
            ("1234567890123456781", "taobao:tb小明", at("2016-05-23 22:05"), "交易成功", "淘宝", 99_00, 9_00),
            (
                "1234567890123456782",
                "taobao:tb小明",
                at("2016-05-24 22:05"),
                "买家已付款，等待卖家发货",
                "淘宝",
                50_00,
                None,
            ),
            ("1234567890123456783", None, None, "等待买家付款", "淘宝", 0, None),
        ],
    },
    "taobao.details": {
        "product": [("CHE-2", "车厘子2斤"), ("鲜牛奶,950ml", "鲜牛奶，950ml")],
        "order_item": [
            ("1234567890123456781", "CHE-2#1", "CHE-2", 2_000, 99_00),
            ("1234567890123456782", "鲜牛奶,950ml#1", "鲜牛奶,950ml", 2_000, 50_00),
        ],
    },
    "taobao.orders_new": {
        "customer": [(P, "王明", None, "13800138000", None)],
        "product": [("牛奶", "牛奶"), ("车厘子2斤", "车厘子2斤")],
        "sales_order": [
            ("2234567890123456781", P, at("2026-03-01 10:00"), "交易成功", "淘宝", 99_00, None),
            ("2234567890123456782", None, None, "等待买家付款", "淘宝", 50_00, None),
        ],
        "order_item": [
            ("2234567890123456781", "车厘子2斤#1", "车厘子2斤", None, None),
            ("2234567890123456782", "牛奶#1", "牛奶", None, None),
        ],
    },
    "jd.orders": {
        "customer": [("jd:jd_li", None, None, None, None), ("jd:jd_wang", "王明", None, "13800138000", None)],
        "product": [("5001", "车厘子"), ("MILK", "牛奶")],
        # The total of order 100 stands on two rows and is taken once.
        "sales_order": [
            ("100", "jd:jd_wang", at("2026-03-01 10:01"), "完成", "京东", 149_00, None),
            ("101", "jd:jd_li", at("2026-03-02 10:01"), "完成", "京东", 50_00, None),
            ("102", None, None, "等待付款", "京东", 50_00, None),
        ],
        "order_item": [
            ("100", "5001#1", "5001", 2_000, 99_00),
            ("100", "MILK#1", "MILK", 1_000, 50_00),
            ("101", "MILK#1", "MILK", 1_000, 50_00),
            ("102", "MILK#1", "MILK", 1_000, 50_00),
        ],
    },
    "pdd.orders": {
        "customer": [],
        "product": [("700002", "牛奶"), ("CHE-2", "车厘子2斤")],
        "sales_order": [
            ("260301-123456789012345", None, at("2026-03-01 10:01"), "已签收", "拼多多", 99_00, None),
            ("260302-123456789012346", None, at("2026-03-02 10:01"), "已发货，退款成功", "拼多多", 50_00, 50_00),
        ],
        "order_item": [
            ("260301-123456789012345", "CHE-2#1", "CHE-2", 2_000, 109_00),
            ("260302-123456789012346", "700002#1", "700002", 1_000, 50_00),
        ],
    },
    "douyin.orders": {
        "customer": [],
        "product": [("36000002", "牛奶"), ("CHE-2", "车厘子2斤")],
        "sales_order": [
            ("690000000000000001", None, at("2026-03-01 10:00"), "已完成", "抖音", 139_00, None),
            ("690000000000000003", None, None, "已关闭", "抖音", 20_00, None),
        ],
        "order_item": [
            ("690000000000000001", "690000000000000001", "CHE-2", 1_000, 99_00),
            ("690000000000000001", "690000000000000002", "36000002", 2_000, 40_00),
            ("690000000000000003", "690000000000000003", "36000002", 1_000, 20_00),
        ],
    },
    "1688.orders": {
        "customer": [("ali1688:明哥批发", None, None, None, None)],
        "product": [("牛奶 整箱", "牛奶 整箱"), ("车厘子 整箱", "车厘子 整箱")],
        "sales_order": [
            ("3300000000000000001", "ali1688:明哥批发", at("2026-03-01 10:00"), "交易成功", "1688", 1980_00, None),
            ("3300000000000000002", "ali1688:明哥批发", None, "等待买家付款", "1688", None, None),
        ],
        "order_item": [
            ("3300000000000000001", "牛奶 整箱#1", "牛奶 整箱", 2_500, None),
            ("3300000000000000001", "车厘子 整箱#1", "车厘子 整箱", 10_000, None),
            ("3300000000000000002", "牛奶 整箱#1", "牛奶 整箱", 1_000, None),
        ],
    },
    "wecom.customers": {
        # Added by two colleagues, and one customer; of two who are called alike and have no phone nobody can say.
        "customer": [
            (W, None, "小明", "13800138000", "LiLi"),
            ("wecom:小红🍎 2026-01-03", None, "小红🍎", None, "LiLi"),
            ("wecom:小红🍎 2026-01-04", None, "小红🍎", None, "LiLi"),
        ],
        "staff": [("LiLi", "李丽"), ("WangFang", "王芳")],
        "assignment": [("VIP", W), ("水果", W), ("海鲜", W)],
        "follow": [
            (W, "LiLi", "名片分享"),
            (W, "WangFang", "扫描二维码"),
            ("wecom:小红🍎 2026-01-03", "LiLi", "群聊"),
            ("wecom:小红🍎 2026-01-04", "LiLi", "群聊"),
        ],
    },
}
REJECTED: dict[str, set[tuple[str, int, str]]] = {
    "youzan.customers": {("customers", 6, "IM121")},
    "youzan.orders": {("orders", 4, "IM122"), ("items", 4, "IM122")},
    "taobao.orders": {("orders", 5, "IM122")},
    "taobao.details": {("items", 4, "IM122")},
}
"""Kind, line and code of what Excel has damaged; everything else comes in."""

QUICK = ("youzan.customers", "taobao.orders", "jd.orders", "wecom.customers")
"""The files that together have every quirk; the others take their time."""

each_export = pytest.mark.parametrize("export", EXPORTS.values(), ids=list(EXPORTS))


def bring(shop: Shop, path: Path, **options: Any) -> ImportOutcome:
    found = import_files(
        shop.settings, "auto", (path,), ImportOptions(**options), now=Moment(NOW, ZONE), actor="tester"
    )
    assert not found.failures
    return found


def prepared(shop: Shop, export: Export) -> None:
    """Items need their orders."""
    if export is TAOBAO_DETAILS:
        bring(shop, TAOBAO_ORDERS.write(shop.folder))


def tables(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of the store, keys that are digests as people would say them."""
    rows = [json.loads(line) for line in shop.dump()]
    called = {}
    for row in rows:
        if row["table"] == "customer":
            source, _, rest = row["key"].partition(":")
            known = row["phone"] or Moment(row["added_at"] or 0, ZONE).local.date()
            digest = re.fullmatch("[0-9a-f]{16}", rest)
            called[row["key"]] = f"{source}:{row['remark_name'] or ''} {known}" if digest else row["key"]
    found = defaultdict[str, list[tuple[Any, ...]]](list)
    for row in rows:
        if row["table"] in SHOWN:
            cells = (row[column] for column in SHOWN[row["table"]])
            found[row["table"]].append(
                tuple(called.get(cell, cell) if isinstance(cell, str) else cell for cell in cells)
            )
    return {table: sorted(lines, key=repr) for table, lines in found.items()}


@pytest.mark.parametrize(
    "export",
    [
        pytest.param(export, id=name, marks=() if name in QUICK else pytest.mark.slow)
        for name, export in EXPORTS.items()
    ],
)
def test_rows_are_those_that_hands_found(shop: Shop, export: Export) -> None:
    prepared(shop, export)
    found = bring(shop, export.write(shop.folder))
    here = tables(shop)
    expected = {table: sorted(rows, key=repr) for table, rows in EXPECTED[export.profile].items()}
    assert {table: here.get(table, []) for table in expected} == expected
    assert {report.profile for report in found.reports} == {export.profile}
    rejected = {(report.kind, cell.line, cell.code) for report in found.reports for cell in report.rejects}
    assert rejected == REJECTED.get(export.profile, set())
    assert all(
        report.read == report.new + report.changed + report.same + report.duplicate + report.rejected + report.blank
        for report in found.reports
    )


@pytest.mark.slow
@each_export
def test_saved_otherwise_it_is_the_same(new_shop: Callable[[], Shop], export: Export) -> None:
    def dump(write: Callable[[Path], Path]) -> list[str]:
        shop = new_shop()
        prepared(shop, export)
        bring(shop, write(shop.folder))
        return shop.dump()

    def encoded(encoding: str, *above: str) -> Callable[[Path], Path]:
        def write(folder: Path) -> Path:
            path = folder / "saved.csv"
            path.write_bytes(export.text(above=above).encode(encoding))
            return path

        return write

    downloaded = dump(export.write)
    assert downloaded
    assert dump(export.write_saved) == downloaded
    assert dump(encoded("utf-8-sig")) == downloaded
    assert dump(encoded("gb18030")) == downloaded
    assert dump(encoded("utf-8", "某某旗舰店 2026年3月 导出", "")) == downloaded


@pytest.mark.slow
@each_export
def test_again_it_says_nothing_new(shop: Shop, export: Export) -> None:
    prepared(shop, export)
    path = export.write(shop.folder)
    bring(shop, path)
    before = shop.dump()
    again = bring(shop, path)
    assert [(report.new, report.changed) for report in again.reports] == [(0, 0)] * len(again.reports)
    assert shop.dump() == before


@pytest.mark.slow
@each_export
def test_a_dry_run_says_the_same_and_writes_nothing(shop: Shop, export: Export) -> None:
    prepared(shop, export)
    before = shop.dump()
    path = export.write(shop.folder)
    dry = bring(shop, path, dry_run=True)
    assert shop.dump() == before
    counted = [(report.kind, report.new, report.duplicate, report.rejected) for report in bring(shop, path).reports]
    assert [(report.kind, report.new, report.duplicate, report.rejected) for report in dry.reports] == counted
    assert [report.import_id for report in dry.reports] == [None] * len(counted)


@pytest.mark.slow
def test_a_record_that_two_kinds_reject_is_in_the_file_of_rejects_once_and_comes_back_mended(shop: Shop) -> None:
    rejects = shop.folder / "rejects.csv"
    bring(shop, YOUZAN_ORDERS.write(shop.folder), rejects_path=rejects)
    header, *rows = csv.reader(rejects.read_text(encoding="utf-8-sig").splitlines())
    assert len(rows) == 1
    row = dict(zip(header, rows[0], strict=True))
    assert (row["reject_line"], row["reject_column"], row["reject_code"]) == ("4", "订单号", "IM122")
    text = rejects.read_text(encoding="utf-8").replace("2.0260303E+23", "E20260303100000012345603")
    rejects.write_text(text, encoding="utf-8")
    found = bring(shop, rejects)
    assert {report.kind: report.new for report in found.reports}["orders"] == 1


@pytest.mark.slow
def test_three_platforms_meet_in_one_person(shop: Shop) -> None:
    """By the phone that is the same in all of them; the colleague is an account here and a name there."""
    for export in (WECOM, YOUZAN_CUSTOMERS, YOUZAN_ORDERS, TAOBAO_ORDERS, JD):
        bring(shop, export.write(shop.folder))
    rows = [json.loads(line) for line in shop.dump()]
    (person,) = (row for row in rows if row["table"] == "customer" and row["phone"] == "13800138000")
    assert (person["name"], person["remark_name"], person["owner"]) == ("王明", "小明", "WangFang")
    orders = {row["key"] for row in rows if row["table"] == "sales_order" and row["customer"] == person["key"]}
    assert orders == {"E20260301100000012345601", "1234567890123456781", "1234567890123456782", "100"}
    assert {row["staff"] for row in rows if row["table"] == "sales_order"} == {"WangFang", None}


def test_a_project_s_own_profile_goes_before_ours(shop: Shop) -> None:
    folder = shop.folder / "profiles"
    folder.mkdir()
    ours = (BUILT_IN / "taobao.yaml").read_text(encoding="utf-8")
    (folder / "taobao.yaml").write_text(ours.replace("          phone: 联系手机\n", ""), encoding="utf-8")
    bring(shop, TAOBAO_ORDERS.write(shop.folder))
    assert {row[3] for row in tables(shop)["customer"]} == {None}


def test_a_named_profile_must_fit(shop: Shop) -> None:
    found = import_files(
        shop.settings,
        "auto",
        (JD.write(shop.folder),),
        ImportOptions(profile="taobao"),
        now=Moment(NOW, ZONE),
        actor="tester",
    )
    assert [failure.key for failure in found.failures] == ["error.import_profile_misfit"]
    with pytest.raises(UsageError) as wrong:
        load_profiles(shop.settings, "taoboa")
    assert wrong.value.params["near"] == "taobao"


def test_one_kind_of_a_profile_alone(shop: Shop) -> None:
    found = import_files(
        shop.settings,
        "orders",
        (PDD.write(shop.folder),),
        ImportOptions(profile="pdd"),
        now=Moment(NOW, ZONE),
        actor="tester",
    )
    assert [report.kind for report in found.reports] == ["orders"]
    assert "order_item" not in tables(shop)


def test_every_cleaner_has_a_macro() -> None:
    text = "\n".join(MACROS)
    assert all(f"MACRO clean_{cleaner}(" in text for cleaner in CLEANERS)


def test_every_layout_has_an_export(shop: Shop) -> None:
    layouts = {
        f"{profile.name}.{layout.name}" for profile in load_profiles(shop.settings) for layout in profile.layouts
    }
    # Task sheets are ours.
    assert {name for name in layouts if not name.startswith("tasks.")} == set(EXPORTS) == set(EXPECTED)


def test_amounts_of_an_order_that_differ_are_told(shop: Shop) -> None:
    text = DOUYIN.text().replace("\t40.00,\t139.00", "\t40.00,\t40.00")
    found = bring(shop, shop.file(text, "differs.csv"))
    counts = {report.kind: dict(report.note_counts) for report in found.reports}
    assert counts == {"products": {}, "orders": {"IM150": 1}, "items": {}}
