"""`pdo report match`: what is joined and what is not, counted by hand."""

from __future__ import annotations

import re

import pytest

from tests.cli.inside import Shop

FILES = {
    "staff": "员工编号,姓名\nS1,王芳\n",
    "products": "商品编码,商品名称,品类\nA,牛奶,乳品\nB,车厘子,\n",
    # C1 and C2 are friends by follows, C3 by its column; C4's colleague has let go of it.
    "customers": "客户编号,企微好友,跟进人\nC1,,S1\nC2,,小李\nC3,是,\nC4,否,\n",
    "follows": "客户编号,跟进人,删除时间\nC1,S1,\nC2,小李,\nC4,S1,2026-01-01\n",
    "orders": "订单号,客户编号,渠道,导购\nO1,C1,门店,S1\nO2,C1,门店,小李\nO3,,淘宝,\nO4,C4,淘宝,\n",
    # C is known by its code only.
    "items": "订单号,商品编码\nO1,A\nO1,B\nO2,B\nO3,C\n",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, new_project: Shop) -> Shop:
    shop = Shop(new_project.copy(tmp_path_factory.mktemp("match") / "shop").root)
    for kind, text in FILES.items():
        shop.pdo("import", kind, str(shop.write(f"{kind}.csv", text)))
    return shop


def test_shares_are_those_that_hands_count(shop: Shop) -> None:
    found = shop.data("report", "match")
    shares = {(share["name"], share["of"]): (share["matched"], share["total"]) for share in found["shares"]}
    assert shares == {
        ("orders", ""): (3, 4),
        ("orders", "门店"): (2, 2),
        ("orders", "淘宝"): (1, 2),
        ("friends", ""): (1, 3),
        ("items", ""): (3, 4),
        ("items", "category"): (1, 4),
        ("follows", ""): (2, 3),
        ("orders_staff", ""): (1, 2),
    }
    assert found["shares"][3]["permille"] == 333
    # Named by a follow, an order and as an owner.
    assert found["unknown_staff"] == [{"name": "小李", "rows": 3}]
    assert found["uncategorised"] == [{"title": "车厘子", "items": 2}, {"title": "C", "items": 1}]


def test_people_read_it_as_a_table(shop: Shop) -> None:
    said = shop.pdo("report", "match").stdout
    assert re.search(r"好友 → 订单（打通率） +1 +3 +33.3%", said)
    assert "不认识的员工：小李 (3)" in said


def test_nothing_is_no_share(new_project: Shop) -> None:
    assert {share["permille"] for share in new_project.data("report", "match")["shares"]} == {None}
