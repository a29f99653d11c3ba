"""What rules say together: contradictions that are certain, and nothing else."""

from __future__ import annotations

import pytest

from tests.playbook.conftest import Read

NEVER = (
    "累计消费: 1000..\nall: [{累计消费: ..500}]",
    "累计消费: {above: 3}\nall: [{累计消费: {below: 3}}]",
    "all: [{orders: {count: {above: 2}}}, {orders: {count: {below: 3}}}]",
    "all: [{orders: {count: 0}}, {orders: {last: ..30d}}]",
    "all: [{orders: {last: 60d..}}, {orders: {within: 30d}}]",
    "all: [{orders: {first: ..30d}}, {orders: {within: {full_days: 7}, count: 1..}}, {orders: {first: 60d..}}]",
    "all: [{orders: {within: 90d, count: ..1}}, {orders: {within: 30d, where: {store: 一号店}, count: 2..}}]",
    "orders: {within: 30d, last: 45d..}",
    "orders: {within: 1mo, last: 3mo..}",
    "city: 北京\nall: [{city: {not: 北京}}]",
    "city: 北京\nall: [{city: [上海, 广州]}]",
    "city: {exists: false}\nall: [{city: 北京}]",
    "tag: 甲\nnone: [{tag: 甲}]",
    "city: 上海\nsegment: 名单",
    "all: [{stage: {of: 人生, is: 少}}, {stage: {of: 人生, is: 老}}]",
    "all: [{rfm: {全店: HHH}}, {rfm: {全店: [LLL, LLH]}}]",
    "all: [{birthday: {age: 18y..}}, {birthday: {age: ..12mo}}]",
    "all: [{added_at: ..3d}, {added_at: 2w..}]",
    "all: [{added_at: {after: 2026-03-01}}, {added_at: {before: 2026-01-01}}]",
    "name: {contains: 王}\nnone: [{name: {contains: 王}}]",
    "points: 100..\nany: [{points: ..50}, {points: 60..99}]",
    "points: {not: {not: 3}}\nnone: [{points: 1..5}]",
)
POSSIBLE = (
    "累计消费: 500..\nall: [{累计消费: ..500}]",
    "all: [{orders: {average: {above: 2}}}, {orders: {average: {below: 3}}}]",
    "all: [{orders: {within: 90d, count: 2..}}, {orders: {within: 30d, count: 0}}]",
    "all: [{orders: {last: 60d..}}, {orders: {within: 90d}}]",
    "all: [{orders: {last: 30d..}}, {items: {within: 7d, where: {status: 已退款}}}]",
    "all: [{orders: {count: 0}}, {orders: {where: {status: 待付款}}}]",
    "orders: {within: 30d, last: 29d..}",
    "orders: {within: 24h, last: 1d..}",
    "all: [{orders: {last: 1mo..}}, {orders: {within: 31d}}]",
    "city: {not: 北京}\nall: [{city: {not: 上海}}]",
    "all: [{tag: 甲}, {tag: 乙}]",
    "none: [{tag: 甲}, {tag: 乙}]",
    "all: [{birthday: {age: 1y..1y}}, {birthday: {age: 23mo..}}]",
    "all: [{birthday: {anniversary_in: ..7d}}, {birthday: {age: 18y..}}]",
    "all: [{added_at: ..3d}, {added_at: {after: 2020-01-01}}]",
    "all: [{name: {contains: 王}}, {name: {contains: 芳}}]",
    "any: [{points: ..50}, {points: 60..99}]",
    "all: [{items: {where: {category: 水果}}}, {items: {where: {category: 海鲜}, count: 0}}]",
)
ALWAYS = (
    "orders: {count: 0..}",
    "any: [{city: 北京}, {city: {not: 北京}}]",
    "any: [{orders: {count: 0}}, {orders: {count: 1..}}]",
    "any: [{points: {exists: false}}, {points: ..10}, {points: {above: 10}}]",
    "none: [{orders: {count: {below: 0}}}]",
)
SOMETIMES = (
    "orders: {amount: 0..}",
    "any: [{points: ..10}, {points: {above: 10}}]",
    "any: [{orders: {last: ..30d}}, {orders: {last: 31d..}}]",
    "any: [{orders: {last: ..1mo}}, {orders: {last: 28d..}}, {orders: {count: 0}}]",
)


HEAD = """\
metrics: {累计消费: {orders: amount}}
rfm: {全店: {recency: {score: quintile, high: 4..}, frequency: {high: 3..}, money: {high: above average}}}
tags: {甲: {when: {city: 北京}}, 乙: {when: {city: 上海}}}
lifecycles:
  人生: {derived: {少: {birthday: {age: ..17y}}, 老: {birthday: {age: 60y..}}}, otherwise: 其他}
segments:
  名单: {when: {city: 北京}}
  名单二:
    when:
"""


def codes_of(read: Read, text: str) -> set[str]:
    body = "".join(f"      {line}\n" for line in text.splitlines())
    return {found.code for found in read(HEAD + body)[1]} - {"PB904"}


@pytest.mark.parametrize("text", NEVER)
def test_never(read: Read, text: str) -> None:
    assert codes_of(read, text) == {"PB920"}


@pytest.mark.parametrize("text", ALWAYS)
def test_always(read: Read, text: str) -> None:
    assert codes_of(read, text) == {"PB921"}


@pytest.mark.parametrize("text", [*POSSIBLE, *SOMETIMES])
def test_some_customers_may_meet_it_and_some_not(read: Read, text: str) -> None:
    assert codes_of(read, text) == set()
