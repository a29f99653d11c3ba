"""A plain file is known by its header; where several kinds fit alike, its name decides, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pdo.core.errors import UsageError
from pdo.ingest.recognising import header_of, recognise
from pdo.model.settings import Settings
from tests.ingest.conftest import Shop, mapping

SETTINGS = Settings(Path(), Path("pdo.db"))


def kind_of(header: str, name: str = "in.csv", settings: Settings = SETTINGS) -> str:
    ((kind, _),) = recognise(Path(name), header.split(","), settings, ()).parts
    return kind


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("客户编号,姓名,手机号", "customers"),
        ("订单号,客户编号,付款时间,实付金额", "orders"),
        ("订单编号 ,商品编码,数量,金额", "items"),
        ("商品编码,商品名称,品类", "products"),
        ("员工编号,姓名", "staff"),
        ("门店编号,门店名称", "stores"),
        ("客户编号,标签", "tags"),
        ("客户编号,事件类型,发生时间", "events"),
        ("渠道,日期,花费", "spend"),
        ("群编号,客户编号,入群时间", "members"),
        ("券码,面额", "coupons"),
    ],
)
def test_kinds_by_their_headers(header: str, kind: str) -> None:
    assert kind_of(header) == kind


def test_the_name_of_a_file_decides_between_kinds_that_fit() -> None:
    with pytest.raises(UsageError) as wrong:
        kind_of("客户编号,渠道")
    assert wrong.value.key == "error.import_auto_several"
    assert wrong.value.params["kinds"] == "channels, customers"
    assert kind_of("客户编号,渠道", "channels-2026.csv") == "channels"
    assert kind_of("客户编号,渠道", "客户0301.csv") == "customers"


def test_what_nothing_fits_is_told_with_its_headers() -> None:
    with pytest.raises(UsageError) as wrong:
        kind_of("甲,乙")
    assert (wrong.value.key, wrong.value.params["found"]) == ("error.import_auto_unknown", "甲, 乙")


def test_a_mapping_of_the_project_is_meant_where_all_its_headers_are_there() -> None:
    mine = mapping("orders", {"order_id": "单号", "paid": "买家实付"})
    settings = replace(SETTINGS, mappings={"mine": mine})
    found = recognise(Path("in.csv"), ("单号", "买家实付", "别的"), settings, ())
    assert (found.parts, found.label) == ((("orders", mine),), "mine")


def test_the_header_is_found_below_titles(shop: Shop) -> None:
    path = shop.file("某店导出\n\n订单号,客户编号,实付金额\nO1,C1,5\n")
    assert header_of(path, shop.settings, ()) == ("订单号", "客户编号", "实付金额")
