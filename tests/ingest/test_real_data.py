"""Real exports, where they are at hand."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.ingest.conftest import Shop, mapping
from tests.support.workbooks import Cell, write_workbook

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"

TMALL = mapping(
    "orders",
    {
        "order_id": "订单编号",
        "paid": "买家实际支付金额",
        "created_at": "订单创建时间",
        "paid_at": "订单付款时间",
        "refunded": "退款金额",
    },
    paid_is="net",
)
CN_SALE = mapping(
    "orders",
    {"order_id": "order_id", "customer_id": "user_id", "paid_at": "create_time", "paid": "amount"},
    required=("paid_at", "paid"),
)


@pytest.mark.skipif(not (DATA / "tmall_2020").is_dir(), reason="needs the real data")
@pytest.mark.slow
def test_a_report_in_three_encodings_is_one_store(new_shop: Callable[[], Shop]) -> None:
    dumps, encodings = [], []
    for path in sorted((DATA / "tmall_2020").iterdir()):
        shop = new_shop()
        report = shop.bring("orders", path, mapping=TMALL)
        assert (report.read, report.new, report.rejected) == (28_010, 28_010, 0)
        assert report.figures == {"paid_orders": 24_087, "net_minor": 190_248_715, "refunded_minor": 57_233_592}
        assert report.unused == ("总金额", "收货地址")
        dumps.append(shop.dump())
        encodings.append(report.encoding)
    assert sorted(encodings) == ["gb18030", "utf-16", "utf-8"]
    assert dumps[0] == dumps[1] == dumps[2]


@pytest.mark.slow
@pytest.mark.skipif(not (DATA / "tmall_2020").is_dir(), reason="needs the real data")
def test_the_report_saved_as_a_workbook_is_the_same_store(new_shop: Callable[[], Shop]) -> None:
    by_text, by_sheet = new_shop(), new_shop()
    path = DATA / "tmall_2020" / "tmall_order_report.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    moments = [place for place, cell in enumerate(header) if cell.strip() in ("订单创建时间", "订单付款时间")]
    amounts = [place for place, cell in enumerate(header) if cell.strip() in ("总金额", "买家实际支付金额", "退款金额")]
    sheet: list[list[Cell]] = [list(header)]
    for row in rows:
        cells: list[Cell] = list(row)
        for place in moments:
            cells[place] = datetime.fromisoformat(row[place]) if row[place] else None
        for place in amounts:
            cells[place] = float(row[place])
        sheet.append(cells)
    workbook = write_workbook(by_sheet.folder / "订单.xlsx", {"Sheet1": sheet})
    by_text.bring("orders", path, mapping=TMALL)
    report = by_sheet.bring("orders", workbook, mapping=TMALL)
    assert (report.read, report.new, report.rejected, report.encoding) == (28_010, 28_010, 0, "xlsx")
    assert by_sheet.dump() == by_text.dump()


@pytest.mark.skipif(not (DATA / "meal_orders").is_dir(), reason="needs the real data")
def test_guests_of_a_restaurant_by_phone(shop: Shop) -> None:
    (path,) = (DATA / "meal_orders").iterdir()
    guests = mapping("customers", {"customer_id": "phone", "phone": "phone", "name": "name"})
    report = shop.bring("customers", path, mapping=guests)
    assert (report.encoding, report.read, report.new, report.rejected) == ("gb18030", 945, 551, 0)
    phones = [value for kind, value in shop.rows("identity", "kind", "value") if kind == "phone"]
    assert len(phones) == len(set(phones)) == 551
    assert report.note_counts["IM153"] == len([note for note in report.notes if note.code == "IM153"]) == 79
    with path.open(encoding="gb18030", newline="") as file:
        rows = list(csv.DictReader(file))
    for note in report.notes:
        if note.code == "IM153":
            first, other = rows[note.line - 2], rows[int(str(note.params["other"])) - 2]
            assert first["phone"] == other["phone"] == note.value
            assert first["name"] != other["name"]


@pytest.mark.skipif(not (DATA / "cn_sale_2018").is_dir(), reason="needs the real data")
@pytest.mark.slow
def test_orders_of_members(shop: Shop) -> None:
    path = DATA / "cn_sale_2018" / "sale.csv"
    report = shop.bring("orders", path, mapping=CN_SALE)
    assert (report.read, report.new, report.rejected) == (76_050, 76_041, 9)
    faults = [(fault.line, fault.column) for fault in report.rejects]
    assert [line for line, column in faults if column == "create_time"] == [74, 231]
    assert [line for line, column in faults if column == "amount"] == [22, 116, 235, 262, 56_389, 63_262, 71_203]
    lines = path.read_text().splitlines()
    stored = {key for (key,) in shop.rows("customer", "key")}
    rejected = {lines[line - 1].split(",")[0] for line, _ in faults}
    assert (len(stored), len(stored | rejected)) == (55_540, 55_548)
