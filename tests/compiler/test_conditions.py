"""What each operator means, case by case: a condition as it is written, and the customers for whom it holds."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.members import strangers
from pdo.compiler.program import Wants
from pdo.compiler.ranks import KEY
from pdo.core.calendar import parse_moment
from pdo.evaluate.engine import open_engine
from pdo.evaluate.outcome import evaluate
from pdo.model.conditions import Condition
from pdo.model.playbook import Project
from pdo.model.settings import Settings
from pdo.playbook.project import parse_condition_text
from tests.support.memory import MemoryFacts

ZONE = "Asia/Shanghai"
NOW = parse_moment("2026-03-02 09:00", ZONE)
"""A Monday; 30 days ago was 31 January, a month ago 2 February."""
SETTINGS = Settings(Path("/nowhere"), Path("/nowhere/pdo.db"))


def at(text: str) -> int:
    """The instant of a local time."""
    return parse_moment(text, ZONE).at


# a buys a lot, b has two refunds, c is nobody, d has odd texts and an order that is not paid
CUSTOMERS: list[dict[str, Any]] = [
    {"id": 1, "key": "a", "name": "王芳", "city": "北京", "member_level": "金卡", "points": 1000, "is_friend": 1}
    | {"birthday": "1990-03-02", "added_at": at("2026-01-31 00:00:00"), "owner_id": 7},
    {"id": 2, "key": "b", "name": "O'Brien", "city": "上海", "member_level": "银卡", "points": 999, "is_friend": 0}
    | {"birthday": "2026-03-03", "added_at": at("2026-01-30 23:59:59"), "vip_until": "2026-03-10"},
    {"id": 3, "key": "c"},
    {"id": 4, "key": "d", "name": "100%_折", "city": "北京市", "points": 0, "vip_until": "2026-03-09"}
    | {"added_at": NOW.at + 1, "phone": "13800138000"},
]
ORDERS: list[dict[str, Any]] = [
    {"id": 1, "key": "o1", "customer_id": 1, "paid_at": at("2026-01-31 00:00:00"), "paid": 10_000, "channel": "门店"},
    {"id": 2, "key": "o2", "customer_id": 1, "paid_at": at("2026-02-01 23:59:59"), "paid": 20_000, "refunded": 5_000},
    {"id": 3, "key": "o3", "customer_id": 1, "paid_at": at("2026-03-02 00:00:00"), "paid": 1, "channel": "抖音"},
    {"id": 4, "key": "o4", "customer_id": 2, "paid_at": at("2026-01-30 23:59:59"), "paid": 10_000, "refunded": 10_000}
    | {"refunded_at": NOW.at + 1},
    {"id": 5, "key": "o5", "customer_id": 2, "paid_at": at("2026-02-28 12:00:00"), "paid": 10_000, "refunded": 10_000}
    | {"refunded_at": NOW.at, "status": "已退款"},
    {
        "id": 6,
        "key": "o6",
        "customer_id": 4,
        "created_at": at("2026-03-01 12:00:00"),
        "paid": 8_000,
        "status": "待付款",
    },
    {"id": 7, "key": "o7", "customer_id": None, "paid_at": at("2026-03-01 12:00:00"), "paid": 9_000},
    {"id": 8, "key": "o8", "customer_id": 4, "paid_at": NOW.at + 1, "paid": 9_000},
]
ITEMS: list[dict[str, Any]] = [
    {"order_id": 1, "line": "1", "product_id": 1, "amount": 6_000, "quantity": 1_500},
    {"order_id": 1, "line": "2", "product_id": 1, "amount": 4_000, "quantity": 1_500},
    {"order_id": 2, "line": "1", "product_id": 2, "amount": 20_000},
    {"order_id": 4, "line": "1", "product_id": 1, "amount": 10_000, "quantity": 1_000},
    {"order_id": 5, "line": "1", "product_id": 3, "amount": 10_000, "quantity": 1_000},
    {"order_id": 7, "line": "1", "product_id": 1, "amount": 9_000},
]
PRODUCTS: list[dict[str, Any]] = [
    {"id": 1, "key": "s1", "product": "车厘子", "category": "水果"},
    {"id": 2, "key": "s2", "product": "带鱼", "category": "海鲜"},
    {"id": 3, "key": "s3", "product": "礼券"},
]
EVENTS: list[dict[str, Any]] = [
    {"id": 1, "key": "e1", "customer_id": 1, "type": "浏览商品", "occurred_at": NOW.at - 86_400},
    {"id": 2, "key": "e2", "customer_id": 2, "type": "浏览商品", "occurred_at": NOW.at - 86_399},
    {"id": 3, "key": "e3", "customer_id": 3, "type": "客户回复", "occurred_at": NOW.at + 1},
    {"id": 4, "key": "e4", "customer_id": 4, "type": "客户回复", "occurred_at": NOW.at},
]
FACTS = MemoryFacts(
    {
        "customers": CUSTOMERS,
        "orders": ORDERS,
        "items": ITEMS,
        "products": PRODUCTS,
        "events": EVENTS,
        "staff": [{"id": 7, "key": "张三"}],
    }
)

CASES = {
    "texts": {
        "city: 北京": "a",
        "city: [北京, 上海]": "ab",
        "city: {contains: 北京}": "ad",
        "city: {starts_with: 上}": "b",
        "city: {ends_with: 市}": "d",
        "city: {matches: '^北京$'}": "a",
        "city: {matches: 京}": "ad",
        'name: {contains: "%"}': "d",
        'name: {contains: "_"}': "d",
        'name: "O\'Brien"': "b",
        "name: {starts_with: o}": "",
        "owner: 张三": "a",
        "phone: 13800138000": "d",
        "customer_id: [a, c]": "ac",
    },
    "numbers": {
        "points: 1000": "a",
        "points: 999..": "ab",
        "points: ..999": "bd",
        "points: 1..999": "b",
        "points: {above: 999}": "a",
        "points: {below: 999}": "d",
        "points: {above: 0, below: 1000}": "b",
        "is_friend: true": "a",
        "is_friend: false": "b",
    },
    "absent and not": {
        "points: {exists: true}": "abd",
        "points: {exists: false}": "c",
        "member_level: {not: 金卡}": "bcd",
        "member_level: {not: {exists: false}}": "ab",
        "none: [{member_level: 金卡}, {points: 0}]": "bc",
        "not: {points: 0..}": "c",
        "everyone": "abcd",
    },
    "dates": {
        "added_at: 30d..": "ab",
        "added_at: ..30d": "ad",
        "added_at: 31d..": "b",
        "added_at: 0d..0d": "d",
        "added_at: ..1h": "",
        "added_at: 720h..": "ab",
        "added_at: {on: 2026-01-31}": "a",
        "added_at: {before: 2026-01-31}": "b",
        "added_at: {after: 2026-01-31}": "d",
        "added_at: {after: 2026-01-30}": "ad",
        "added_at: {on: today}": "d",
        "added_at: {on: yesterday}": "",
        "vip_until: {in: ..7d}": "d",
        "vip_until: {in: 0d..8d}": "bd",
        "vip_until: {in: 8d..}": "b",
        "birthday: 36y..": "a",
        "birthday: 432mo..": "a",
        "birthday: {in: 1d}": "b",
        "birthday: ..100y": "a",
    },
    "counts": {
        "orders: {}": "ab",
        "orders: {count: 3..}": "a",
        "orders: {count: 0}": "cd",
        "orders: {count: ..1}": "bcd",
        "orders: {count: {not: 0}}": "ab",
        "orders: {days: 3}": "a",
        "orders: {distinct: {of: channel, is: 2}}": "a",
        "orders: {distinct: {of: channel, is: 0}}": "bcd",
        "items: {}": "ab",
        "items: {count: 3}": "a",
        "items: {orders: 2}": "a",
        "items: {quantity: 3}": "a",
        "items: {quantity: 0}": "cd",
        "items: {distinct: {of: sku, is: 2..}}": "a",
        "events: {}": "abd",
        "events: {count: 0}": "c",
    },
    "money": {
        "orders: {amount: 250.01}": "a",
        "orders: {amount: 100..}": "ab",
        "orders: {amount: {above: 100}}": "a",
        "orders: {amount: 0}": "cd",
        "orders: {average: 83.33..83.34}": "a",
        "orders: {average: ..100}": "ab",
        "orders: {average: {exists: false}}": "cd",
        "orders: {average: {not: 100}}": "acd",
        "items: {amount: 100}": "b",
        "items: {where: {category: 水果}, amount: 100}": "ab",
    },
    "windows": {
        "orders: {within: 30d}": "a",
        "orders: {within: 30d, count: 2}": "a",
        "orders: {within: 31d, count: 3}": "a",
        "orders: {within: 31d, count: 1..}": "a",
        "orders: {within: 32d, count: 1}": "b",
        "orders: {within: 1d}": "a",
        "orders: {within: 1mo, count: 1}": "a",
        "orders: {within: 1w, amount: ..0}": "bcd",
        "orders: {within: 10h}": "a",
        "orders: {within: 9h}": "",
        "events: {within: 24h}": "bd",
        "events: {within: 1d}": "d",
        "events: {within: 2d}": "abd",
    },
    "first and last": {
        "orders: {last: 30d..}": "b",
        "orders: {last: 31d..31d}": "b",
        "orders: {last: ..30d}": "a",
        "orders: {last: {not: ..30d}}": "bcd",
        "orders: {first: 30d}": "a",
        "orders: {first: ..1mo}": "",
        "orders: {first: 2026-01-31..2026-02-01}": "a",
        "orders: {days_since_last: 0}": "a",
        "orders: {days_since_first: 30..31}": "ab",
        "orders: {last: {exists: false}}": "cd",
        "events: {last: 24h..}": "a",
        "events: {last: ..0h}": "d",
    },
    "where": {
        "orders: {where: {channel: 门店}}": "a",
        "orders: {where: {channel: {exists: false}}}": "ab",
        "orders: {where: {paid: 100..}, count: 2}": "a",
        "orders: {where: {paid_at: ..29d}, count: 2}": "a",
        "orders: {where: {refunded: {exists: false}}}": "ab",
        "orders: {where: {refunded: 50}}": "a",
        "orders: {where: {status: 待付款}}": "d",
        "orders: {where: {status: 待付款}, within: 2d}": "d",
        "orders: {where: {status: 待付款}, within: 1d}": "",
        "orders: {where: {status: 待付款}, amount: 80}": "d",
        "orders: {where: {status: 已退款}, amount: 0, count: 1}": "b",
        "orders: {where: {status: {exists: false}}}": "ab",
        "items: {where: {category: 水果}}": "ab",
        "items: {where: {category: 海鲜}}": "a",
        "items: {where: {product: 礼券}}": "",
        "items: {where: {category: 水果}, within: 31d}": "a",
        "items: {where: {category: 水果, quantity: 1}}": "b",
        "items: {where: {status: 已退款}}": "b",
        "events: {type: 浏览商品}": "ab",
        "events: {where: {type: {contains: 客户}}}": "d",
    },
    "logic": {
        "{city: 北京, points: 1000..}": "a",
        "{city: 北京, points: ..999}": "",
        "all: [{points: 0..}, {points: ..999}]": "bd",
        "any: [{city: 上海}, {orders: {count: 3..}}]": "ab",
        "none: [{orders: {}}, {events: {}}]": "c",
        "orders: [{count: 3..}, {within: 1d}]": "a",
        "not: {orders: {within: 30d}}": "bcd",
    },
}
WRITTEN = {text: holders for group in CASES.values() for text, holders in group.items()}


def parsed(text: str) -> Condition:
    """The condition that is written."""
    condition, findings = parse_condition_text(text, SETTINGS, Project())
    assert condition is not None, findings
    return condition


@cache
def holders() -> dict[str, str]:
    """Whom each case holds for: all of them in one program, as a project would have them."""
    asked = {text: parsed(text) for text in WRITTEN}
    with open_engine() as engine:
        outcome = evaluate(engine, FACTS, Project(), SETTINGS, NOW, Wants(asked=asked))
        assert not any(strangers(one) for one in (outcome.program.each, outcome.program.among) if one is not None)
        rows = engine.rows(exp.select("*").from_("outcome").order_by(sql.column(KEY)))
    columns = outcome.program.answers
    return {text: "".join(row[KEY] for row in rows if row[columns[text]]) for text in asked}


@pytest.mark.parametrize(("text", "expected"), WRITTEN.items(), ids=WRITTEN)
def test_a_condition_holds_for(text: str, expected: str) -> None:
    assert holders()[text] == expected


@pytest.mark.parametrize("text", ["orders: {distinct: {of: paid_at, is: 1}, where: {paid_at: ..60d}}"])
def test_a_condition_means_the_same_alone(text: str) -> None:
    with open_engine() as engine:
        outcome = evaluate(engine, FACTS, Project(), SETTINGS, NOW, Wants(asked={"it": parsed(text)}))
        assert outcome.how_many("it") == 1
