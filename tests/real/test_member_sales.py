"""A year of orders of the members of a shop: rows without a date or an amount, dates like 2018/1/1, no customer file."""

from __future__ import annotations

import csv
import sqlite3
from collections import defaultdict
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.inside import Shop
from tests.real.places import MEMBER_SALES, needs, shop_of

SETTINGS = """\
timezone: Asia/Shanghai
language: zh
mappings:
  会员销售:
    kind: orders
    columns: {order_id: order_id, customer_id: user_id, paid_at: create_time, paid: amount}
    required: [paid_at, paid]
"""
PLAYBOOK = """\
version: 1
playbook: 会员
metrics:
  累计消费: {orders: amount}
  单数: {orders: count}
  最近消费天数: {orders: days_since_last}
tags:
  复购: {when: {orders: {count: 2..}}}
  重要客户将流失: {when: {orders: {count: 3.., last: 30d..60d, amount: 5000..}}}
segments:
  高价值将流失:
    when: {tag: 重要客户将流失}
    rank_by: {累计消费: desc}
    top: 20
    columns: [customer_id, 累计消费, 单数, 最近消费天数]
  好客人:
    when: {orders: {count: 3.., amount: 5000..}}
"""
WITHOUT_A_DATE = {74, 231}
WITHOUT_AN_AMOUNT = {22, 116, 235, 262, 56_389, 63_262, 71_203}
FINDING = ("import", "orders", str(MEMBER_SALES), "--mapping", "会员销售")

pytestmark = [pytest.mark.slow, needs(MEMBER_SALES)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = shop_of(tmp_path_factory.mktemp("real") / "shop", SETTINGS)
    shop.write("playbooks/会员.yaml", PLAYBOOK)
    (found,) = shop.data(*FINDING)["files"]
    assert [found[name] for name in ("read", "new", "duplicate", "rejected")] == [76_050, 76_041, 0, 9]
    return shop


@pytest.fixture(scope="module")
def records() -> list[dict[str, str]]:
    with MEMBER_SALES.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def is_usable(record: dict[str, str]) -> bool:
    return bool(record["create_time"] and record["amount"])


def column(shop: Shop, query: str) -> set[str]:
    with closing(sqlite3.connect(shop.root / "pdo.db")) as connection:
        return {value for (value,) in connection.execute(query)}


def test_incomplete_rows_are_rejected_by_line(shop: Shop, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    shop.pdo(*FINDING, "--rejects", str(rejects))
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        found = [(int(row["reject_line"]), row["reject_column"]) for row in csv.DictReader(file)]
    expected = dict.fromkeys(WITHOUT_A_DATE, "create_time") | dict.fromkeys(WITHOUT_AN_AMOUNT, "amount")
    assert found == sorted(expected.items())


def test_every_id_is_accounted_for(shop: Shop, records: list[dict[str, str]]) -> None:
    everybody = {record["user_id"] for record in records}
    made = column(shop, "SELECT customer FROM v_customer")
    assert (len(everybody), len(made)) == (55_548, 55_540)
    assert made == {record["user_id"] for record in records if is_usable(record)}
    assert everybody - made == {record["user_id"] for record in records if not is_usable(record)} - made


def test_a_playbook_runs_and_exports(shop: Shop, records: list[dict[str, str]], tmp_path: Path) -> None:
    amounts = defaultdict(list)
    for record in filter(is_usable, records):
        amounts[record["user_id"]].append(Decimal(record["amount"]))
    shop.pdo("run", "--as-of", "2018-12-31T09:00")
    tagged = column(shop, "SELECT customer FROM v_customer_tag WHERE tag = '复购'")
    assert tagged == {customer for customer, each in amounts.items() if len(each) >= 2}
    assert len(tagged) == 16_410
    good = column(shop, "SELECT customer FROM v_segment_member WHERE segment = '好客人'")
    assert good == {customer for customer, each in amounts.items() if len(each) >= 3 and sum(each) >= 5000}
    path = tmp_path / "out.csv"
    shop.pdo("segment", "export", "高价值将流失", "--output", str(path))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    spent = [Decimal(row["累计消费"]) for row in rows]
    assert spent == [sum(amounts[row["customer_id"]]) for row in rows]
    assert spent == sorted(spent, reverse=True)
    assert all(30 <= int(row["最近消费天数"]) <= 60 for row in rows)
    assert shop.pdo("run", "--as-of", "2018-12-31T09:00").stdout.splitlines()[-1] == "没有变化。"
