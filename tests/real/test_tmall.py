"""A month of orders of a Tmall shop, in the three encodings that such exports come in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real.places import TMALL, needs, shop_of

FILES = {
    "utf-8": "tmall_order_report.csv",
    "gb18030": "tmall_order_report.gb18030.csv",
    "utf-16": "tmall_order_report.utf16le_bom_tab.txt",
}
SETTINGS = """\
timezone: Asia/Shanghai
language: zh
attributes:
  orders:
    收货地址: text
mappings:
  天猫订单报表:
    kind: orders
    columns:
      order_id: 订单编号
      paid: 买家实际支付金额
      created_at: 订单创建时间
      paid_at: 订单付款时间
      refunded: 退款金额
    paid_is: net
"""

pytestmark = [pytest.mark.slow, needs(TMALL)]


def test_three_encodings_give_one_store_and_the_known_figures(tmp_path: Path) -> None:
    states = set()
    for encoding, name in FILES.items():
        shop = shop_of(tmp_path / encoding, SETTINGS)
        importing = ("import", "orders", str(TMALL / name), "--mapping", "天猫订单报表")
        (tried,) = shop.data(*importing, "--dry-run")["files"]
        assert (tried["encoding"], tried["read"], tried["new"], tried["rejected"]) == (encoding, 28_010, 28_010, 0)
        assert tried["figures"] == {"paid_orders": 24_087, "net_minor": 190_248_715, "refunded_minor": 57_233_592}
        assert tried["unused"] == ["总金额"]
        told = shop.pdo(*importing).stdout
        assert "订单 28,010 笔，已付款 24,087 笔，净额 1,902,487.15 元，退款 572,335.92 元。" in told
        (again,) = shop.data(*importing)["files"]
        assert (again["new"], again["changed"], again["same"]) == (0, 0, 28_010)
        states.add(shop.state())
    assert len(states) == 1
