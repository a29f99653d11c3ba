"""爱水果 over the sample data, counted apart: with the csv module, a row at a time, as somebody would who does not know `pdo`."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from tests.cli.inside import Shop, call
from tests.support.project import SAMPLE

NOW = datetime.fromisoformat("2026-03-02 09:00:00")
CONDITION = "items: {where: {category: 水果}}"
PLAYBOOK = f"version: 1\nplaybook: 偏好\ntags: {{爱水果: {{group: 消费偏好, when: {{{CONDITION}}}}}}}\n"
Row = dict[str, str]


def rows(name: str, encoding: str = "utf-8-sig") -> list[Row]:
    with (SAMPLE / name).open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def can_be_read(row: Row, *, moments: tuple[str, ...] = (), amounts: tuple[str, ...] = ()) -> bool:
    try:
        for name in moments:
            datetime.fromisoformat(row[name] or "2000-01-01")
        for name in amounts:
            Decimal(row[name] or "0")
    except (ValueError, InvalidOperation):
        return False
    return True


def counts(order: Row) -> bool:
    if not order["付款时间"] or datetime.fromisoformat(order["付款时间"]) > NOW:
        return False
    is_still_to_come = bool(order["退款时间"]) and datetime.fromisoformat(order["退款时间"]) > NOW
    refunded = Decimal(0 if is_still_to_come else order["退款金额"] or 0)
    return refunded == 0 or refunded < Decimal(order["实付金额"])


def fruit_buyers() -> tuple[set[str], set[str]]:
    """Who bought fruit, and who ordered some that was never paid or given back in full."""
    fruit = {row["商品编码"] for row in rows("products.csv") if row["品类"] == "水果"}
    orders = {
        row["订单号"]: row
        for row in rows("orders.csv", "gb18030")
        if row["订单号"] and can_be_read(row, moments=("付款时间", "退款时间"), amounts=("实付金额", "退款金额"))
    }
    buyers: set[str] = set()
    others: set[str] = set()
    for item in rows("items.csv"):
        order = orders.get(item["订单号"])
        if order and order["客户编号"] and item["商品编码"] in fruit and can_be_read(item, amounts=("金额",)):
            (buyers if counts(order) else others).add(order["客户编号"])
    return buyers, others - buyers


@pytest.mark.slow
def test_who_bought_fruit_and_nobody_else(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("pdo.yaml", "timezone: Asia/Shanghai\nlanguage: zh\ndatabase: pdo.db\n")
    shop.write("playbooks/偏好.yaml", PLAYBOOK)
    assert call("init", str(tmp_path)).returncode == 0
    for kind in ("products", "orders", "items"):
        shop.pdo("import", kind, str(SAMPLE / f"{kind}.csv"))
    shop.pdo("run", "--as-of", NOW.isoformat())
    buyers, disappointed = fruit_buyers()
    assert (len(buyers), len(disappointed)) == (811, 23)
    with closing(sqlite3.connect(tmp_path / "pdo.db")) as connection:
        tagged = connection.execute("SELECT customer FROM v_customer_tag WHERE tag = '爱水果' AND until IS NULL")
        assert {customer for (customer,) in tagged} == buyers
    assert shop.data("count", CONDITION, "--as-of", NOW.isoformat())["matched"] == len(buyers)
