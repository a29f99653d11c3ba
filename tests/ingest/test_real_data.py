"""Real exports, where they are at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.conftest import Shop, mapping

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


@pytest.mark.skipif(not (DATA / "cn_sale_2018").is_dir(), reason="needs the real data")
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
