"""Hypothesis strategies for small populations, heavy on boundaries: midnights, exact ages, ties, refunds, nothing there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pdo.core.calendar import Moment, parse_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

Row = dict[str, Any]

MOMENTS = (
    *(parse_moment(f"2026-03-02 {hour}", "Asia/Shanghai") for hour in ("09:00", "00:00:00", "23:59:59")),
    *(parse_moment(f"2024-{day}", "Asia/Shanghai") for day in ("02-29 12:00", "03-31 08:00", "12-30 10:00")),
    *(parse_moment(f"2026-{when}", "America/New_York") for when in ("03-08 03:30", "11-01 01:30")),
    parse_moment("2025-12-31 23:59:59", "UTC"),
)
"""Nights, leap days, ends of months, and the days on which the clocks are changed; a zone with many changes is slow."""

AGES = (0, 1, 2, 3, 6, 7, 8, 28, 29, 30, 31, 59, 60, 61, 90, 364, 365, 366, 730, 6570, 13000)
CLOCKS = (0, 1, 32400, 43200, 86398, 86399)
LAGS = (0, 1, 3599, 3600, 3601, 86399, 86400, 86401, 172800, -1, -3600, -86400, -30 * 86400)
WORDS = ("水果", "海鲜", "水果礼盒", "100%", "a_b", "axb", "O'Brien", '"引"', "[x](y)", "a\\b", "É", "金卡", "0")
"""Texts that attributes and columns hold; some look like patterns, quotes or markup."""

KEYS = ("a", "B", "b", "甲", "乙", "a10", "a9", "-", "z%", "ü", "01", "1")
TASTES = ("辣", "甜", "辣椒", "100%", '"引"', "a_b")
"""What lists hold; one is part of another."""

AMOUNTS = (0, 1, 9_999, 10_000, 10_001, 20_000, 33_333, 50_000)


@cache
@st.composite
def instants(draw: st.DrawFn, now: Moment, *, past_days: int = 0) -> int:
    """Instants around what conditions ask: whole days back at the edges of the day, or exact lags.

    Args:
        past_days: at least so many local days before today.
    """
    if past_days == 0 and draw(st.booleans()):
        return now.at - draw(st.sampled_from(LAGS))
    age = draw(st.sampled_from([age for age in AGES if age >= past_days] or [past_days]))
    midnight = now.local.replace(hour=0, minute=0, second=0, fold=0) - timedelta(days=age)
    second = draw(st.sampled_from(CLOCKS))
    return int((midnight + timedelta(seconds=second)).timestamp())


@cache
@st.composite
def dates(draw: st.DrawFn, now: Moment) -> str:
    """ISO dates around today, in the past and to come; 29 February among them."""
    age = draw(st.sampled_from((*AGES, -1, -6, -7, -8, -30, -31, -365)))
    day = (now.local - timedelta(days=age)).date().isoformat()
    return draw(st.sampled_from((day, day, day, "2000-02-29", "1986-05-04")))


def maybe(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """A value, or nothing there."""
    return st.one_of(values, values, st.none())


WORD = maybe(st.sampled_from(WORDS))


@dataclass
class Population:
    """Rows by kind, and what the store holds about the customers.

    Args:
        held: (label, customer, since, source) of open assignments.
        off: (label, customer) of tags that a hand took off.
        names: label → kind, scope, name, playbook.
    """

    now: Moment
    kinds: dict[str, list[Row]]
    held: list[tuple[int, int, int, str]] = field(default_factory=list)
    off: list[tuple[int, int]] = field(default_factory=list)
    names: dict[int, tuple[str, str, str, str]] = field(default_factory=dict)


@cache
def _customer(now: Moment) -> SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "name": WORD,
            "city": WORD,
            "member_level": WORD,
            "phone": maybe(st.sampled_from(("13800138000", "010-1234"))),
            "birthday": maybe(dates(now)),
            "vip_from": maybe(dates(now)),
            "vip_until": maybe(dates(now)),
            "added_at": maybe(instants(now)),
            "owner_id": st.sampled_from((None, 1, 2)),
            "store_id": st.sampled_from((None, 1, 2)),
            "points": maybe(st.sampled_from((-5, 0, 1, 2, 3, 1000))),
            "is_friend": st.sampled_from((None, 0, 1)),
            "sms_consent": st.sampled_from((None, 0, 1)),
            "seed": st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}"),
            "extra": extras(
                {
                    "肤质": st.sampled_from(("油性", "100%")),
                    "孩子数": st.integers(0, 3),
                    "预算": st.sampled_from(AMOUNTS),
                    "评分": st.sampled_from((0, 1000, 1500, 4500)),
                    "口味": st.lists(st.sampled_from(TASTES), min_size=1, max_size=3, unique=True),
                }
            ),
        }
    )


def extras(columns: dict[str, SearchStrategy[Any]]) -> SearchStrategy[str | None]:
    """Declared columns as the store keeps them: a JSON object without what is absent, or nothing."""
    some = st.fixed_dictionaries({}, optional=columns)
    return st.one_of(some, some, some).map(
        lambda row: json.dumps(row, ensure_ascii=False, sort_keys=True) if row else None
    )


@cache
def _order(now: Moment, customers: tuple[int, ...], past_days: int) -> SearchStrategy[Row]:
    moment = instants(now, past_days=past_days)
    return st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from((*customers, *customers, *customers, None)),
            "created_at": maybe(moment),
            "paid_at": st.one_of(moment, moment, moment, st.none()),
            "status": maybe(st.sampled_from(("已付款", "待付款", "100%"))),
            "channel": WORD,
            "store_id": st.sampled_from((None, 1, 2)),
            "staff_id": st.sampled_from((None, 1, 2)),
            "coupon": WORD,
            "discount": maybe(st.sampled_from(AMOUNTS)),
            "paid": st.one_of(*[st.sampled_from(AMOUNTS)] * 5, st.none()),
            "refunded": st.sampled_from((None, None, None, 0, 1, 5_000, 10_000, 50_000)),
            "refunded_at": maybe(moment),
        }
    )


def _item(orders: int) -> SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "order_id": st.integers(1, orders),
            "product_id": st.integers(1, 4),
            "quantity": maybe(st.sampled_from((0, 1000, 1500, 3000))),
            "amount": maybe(st.sampled_from(AMOUNTS)),
        }
    )


@cache
def _event(now: Moment, customers: tuple[int, ...], past_days: int) -> SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(customers),
            "type": st.sampled_from(("客户回复", "浏览商品", "100%")),
            "occurred_at": instants(now, past_days=past_days),
            "extra": extras({"页面": st.sampled_from(("水果", "a_b")), "秒": st.sampled_from((0, 30, 60))}),
        }
    )


@cache
def _others(now: Moment, customers: tuple[int, ...], past_days: int) -> Mapping[str, SearchStrategy[Row]]:
    """Rows of the other subjects, as the source of facts serves them."""
    moment = instants(now, past_days=past_days)
    owner = st.sampled_from(customers)
    staff = st.sampled_from((None, "张三", "a_b"))
    shapes: dict[str, dict[str, SearchStrategy[Any]]] = {
        "chats": {
            "chat_id": st.sampled_from(("g1", "g2")),
            "name": WORD,
            "type": st.sampled_from((None, "福利群", "100%")),
            "store": st.sampled_from((None, "旗舰店")),
            "owner": staff,
            "joined_at": moment,
            "join_way": WORD,
        },
        "follows": {"staff": staff, "added_at": maybe(moment), "add_way": WORD, "state": WORD},
        "coupons": {
            "code": st.sampled_from(("c1", "c2", "c_3")),
            "offer": WORD,
            "campaign": WORD,
            "value": maybe(st.sampled_from(AMOUNTS)),
            "issued_at": maybe(moment),
            "status": maybe(st.sampled_from(("已用", "未用"))),
        },
        "tasks": {
            "type": st.sampled_from((None, "回访", "100%")),
            "staff": staff,
            "created_at": maybe(moment),
            "due_on": maybe(dates(now)),
            "result": WORD,
        },
        "messages": {
            "campaign": st.sampled_from(("回店", "100%")),
            "channel": st.sampled_from(("file", "wecom")),
            "status": st.sampled_from(("sent", "draft")),
            "planned_on": maybe(dates(now)),
            "at": moment,
        },
        "referrals": {"referred": st.sampled_from(KEYS), "channel": WORD, "occurred_at": moment},
        "children": {"extra": extras({"孩子生日": dates(now), "小名": st.sampled_from(WORDS)})},
        "vip_terms": {
            "extra": extras({"fee": st.sampled_from(AMOUNTS), "bought_on": dates(now), "level": st.integers(1, 3)})
        },
        "visits": {"extra": extras({"at": moment, "minutes": st.sampled_from((0, 1000, 1500))})},
    }
    return {name: st.fixed_dictionaries({"customer_id": owner, **columns}) for name, columns in shapes.items()}


PRODUCTS: tuple[Row, ...] = (
    {"id": 1, "key": "s1", "product": "车厘子 2斤", "category": "水果", "brand": "É"},
    {"id": 2, "key": "s2", "product": "100% 橙汁", "category": "水果礼盒", "brand": None},
    {"id": 3, "key": "s_3", "product": None, "category": "海鲜", "brand": "O'Brien"},
    {"id": 4, "key": "S1", "product": "a_b", "category": None, "brand": "a_b"},
)


@st.composite
def populations(
    draw: st.DrawFn,
    *,
    now: Moment | None = None,
    past_days: int = 0,
    customers: int | None = None,
    most_customers: int = 6,
    most_rows: int = 9,
) -> Population:
    """A few customers with their rows.

    Args:
        now: the run's now; any of `MOMENTS` unless given.
        past_days: no order and no event is younger than so many local days.
        customers: exactly so many.
    """
    moment = draw(st.sampled_from(MOMENTS)) if now is None else now
    least, most = (1, most_customers) if customers is None else (customers, customers)
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=least, max_size=most, unique=True))
    numbers = tuple(3 * place + 1 for place in range(len(keys)))
    people = [{"id": number, "key": key, **draw(_customer(moment))} for number, key in zip(numbers, keys, strict=True)]
    orders = draw(st.lists(_order(moment, numbers, past_days), max_size=most_rows))
    events = draw(st.lists(_event(moment, numbers, past_days), max_size=most_rows))
    items = draw(st.lists(_item(len(orders)), max_size=most_rows)) if orders else []
    others = {
        name: draw(st.lists(rows, max_size=most_rows // 2))
        for name, rows in _others(moment, numbers, past_days).items()
    }
    return Population(
        moment,
        {
            "customers": people,
            "orders": [{"id": place, "key": f"o{place}", **row} for place, row in enumerate(orders, 1)],
            "items": [{"line": str(place), **row} for place, row in enumerate(items)],
            "events": [{"id": place, "key": f"e{place}", **row} for place, row in enumerate(events, 1)],
            **{
                name: [{"key": f"{name[0]}{place}", **row} for place, row in enumerate(rows, 1)]
                for name, rows in others.items()
            },
            "products": [dict(row) for row in PRODUCTS],
            "staff": [{"id": 1, "key": "张三"}, {"id": 2, "key": "a_b"}],
            "stores": [{"id": 1, "key": "100%"}, {"id": 2, "key": "旗舰店"}],
        },
    )
