"""Hypothesis strategies for small populations, heavy on boundaries: midnights, exact ages, ties, refunds, nothing there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pdo.core.calendar import Moment, parse_moment

if TYPE_CHECKING:
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

KEYS = ("a", "B", "b", "甲", "乙", "a10", "a9", "-", "z%", "ü")
AMOUNTS = (0, 1, 9_999, 10_000, 10_001, 20_000, 33_333, 50_000)


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

    """

    now: Moment
    kinds: dict[str, list[Row]]
    held: list[tuple[int, int, int, str]] = field(default_factory=list)
    off: list[tuple[int, int]] = field(default_factory=list)
    names: dict[int, tuple[str, str, str, str]] = field(default_factory=dict)


def _customer(now: Moment) -> SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "name": WORD,
            "city": WORD,
            "member_level": WORD,
            "phone": maybe(st.sampled_from(("13800138000", "010-1234"))),
            "birthday": maybe(dates(now)),
            "vip_until": maybe(dates(now)),
            "added_at": maybe(instants(now)),
            "owner_id": st.sampled_from((None, 1, 2)),
            "store_id": st.sampled_from((None, 1, 2)),
            "points": maybe(st.sampled_from((-5, 0, 1, 2, 3, 1000))),
            "is_friend": st.sampled_from((None, 0, 1)),
            "extra": st.sampled_from(
                (None, "{}", json.dumps({"肤质": "油性"}), json.dumps({"孩子数": 2, "肤质": "100%"}))
            ),
        }
    )


def _order(now: Moment, customers: list[int], past_days: int) -> SearchStrategy[Row]:
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


def _event(now: Moment, customers: list[int], past_days: int) -> SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(customers),
            "type": st.sampled_from(("客户回复", "浏览商品", "100%")),
            "occurred_at": instants(now, past_days=past_days),
            "extra": st.sampled_from((None, json.dumps({"页面": "水果"}), json.dumps({"页面": "a_b", "秒": 30}))),
        }
    )


PRODUCTS: tuple[Row, ...] = (
    {"id": 1, "key": "s1", "product": "车厘子 2斤", "category": "水果", "brand": "É"},
    {"id": 2, "key": "s2", "product": "100% 橙汁", "category": "水果礼盒", "brand": None},
    {"id": 3, "key": "s_3", "product": None, "category": "海鲜", "brand": "O'Brien"},
    {"id": 4, "key": "S1", "product": "a_b", "category": None, "brand": "a_b"},
)


@st.composite
def populations(
    draw: st.DrawFn, *, now: Moment | None = None, past_days: int = 0, most_customers: int = 6, most_rows: int = 9
) -> Population:
    """A few customers with their rows.

    Args:
        now: the run's now; any of `MOMENTS` unless given.
        past_days: no order and no event is younger than so many local days.
    """
    moment = draw(st.sampled_from(MOMENTS)) if now is None else now
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=most_customers, unique=True))
    numbers = [3 * place + 1 for place in range(len(keys))]
    customers = [
        {"id": number, "key": key, **draw(_customer(moment))} for number, key in zip(numbers, keys, strict=True)
    ]
    orders = draw(st.lists(_order(moment, numbers, past_days), max_size=most_rows))
    events = draw(st.lists(_event(moment, numbers, past_days), max_size=most_rows))
    items = draw(st.lists(_item(len(orders)), max_size=most_rows)) if orders else []
    return Population(
        moment,
        {
            "customers": customers,
            "orders": [{"id": place, "key": f"o{place}", **row} for place, row in enumerate(orders, 1)],
            "items": [{"line": str(place), **row} for place, row in enumerate(items)],
            "events": [{"id": place, "key": f"e{place}", **row} for place, row in enumerate(events, 1)],
            "products": [dict(row) for row in PRODUCTS],
            "staff": [{"id": 1, "key": "张三"}, {"id": 2, "key": "a_b"}],
            "stores": [{"id": 1, "key": "100%"}, {"id": 2, "key": "旗舰店"}],
        },
    )
