"""Conditions in words: as written where that says enough, spelt out where one key stands for several measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdo.core.diagnostics import Findings
from pdo.core.source import Source
from pdo.evaluate.phrases import Phrases
from pdo.evaluate.words import LONGEST, written
from pdo.model.conditions import (
    AgeRange,
    Ages,
    Anchor,
    Completed,
    Day,
    DayRange,
    Duration,
    Filled,
    Level,
    Middle,
    Negated,
    OneOf,
    Range,
    Since,
    Test,
    Top,
    Unit,
    Window,
    walk,
)
from pdo.model.fields import Type
from pdo.model.settings import Settings
from pdo.playbook.project import parse_condition_text, read_project
from pdo.playbook.reading import Reading

PLAYBOOK = """\
version: 1
playbook: p
metrics: {累计消费: {orders: amount}}
rfm: {全店: {recency: {high: ..30d}, frequency: {high: 3..}, money: {high: above average}}}
tags: {甲: {when: {city: 北京}}, 乙: {when: {city: 上海}}}
segments: {名单: {when: {city: 北京}}}
lifecycles:
  客户阶段: {stages: [新, 成交], initial: 新, transitions: [{from: 新, to: 成交, when: {orders: {}}}]}
"""


def words(text: str, folder: Path) -> list[str]:
    """What is said of a condition and of all that it is made of, outermost first."""
    (folder / "老客.csv").write_text("客户编号\na\n", "utf-8")
    settings = Settings(folder, folder / "pdo.db")
    project = read_project((Source("p.yaml", PLAYBOOK),), Reading(settings, Findings()))
    condition, findings = parse_condition_text(text, settings, project)
    assert condition is not None, [found.message("zh") for found in findings]
    return [written(part) for part in walk(condition)]


@pytest.mark.parametrize(
    "text",
    [
        "city: [北京, 上海]",
        "birthday: {anniversary_in: ..7d}",
        "points: {top: 10%}",
        "累计消费: {above: average}",
        "orders: {within: this_month}",
        "orders: {since: {stage: 客户阶段}}",
        "tag: {is: 甲, for: 30d..}",
        "tag: {all: [甲, 乙]}",
        "stage: {of: 客户阶段, is: 成交, for: 7d..}",
        "segment: 名单",
        "rfm: {全店: [HHH, HLH]}",
        "in_list: 老客.csv",
        "bucket: 0..9",
        "订单: {以内: 30d}",
        "有标签: [甲, 乙]",
    ],
)
def test_as_written(text: str, tmp_path: Path) -> None:
    assert words(text, tmp_path) == [text]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("orders: {count: 3..}", ["orders: count: 3.."]),
        (
            "items: {where: {category: 水果}, within: 90d, amount: 500..}",
            ["items {where: {category: 水果}, within: 90d}: amount: 500.."],
        ),
        ("events: {type: 询价, full_days: 7, count: 2..}", ["events {type: 询价, full_days: 7}: count: 2.."]),
        (
            "orders: [{within: 30d}, {since: vip_from}]",
            [
                "orders: [{within: 30d}, {since: vip_from}]",
                "orders: {within: 30d}",
                "orders: {since: vip_from}",
            ],
        ),
        ("orders: {first_ever: true, within: 30d}", ["orders {within: 30d}: first_ever: true"]),
        ("orders: {stopped: {active: 14d, silent: 7d}}", ["orders: stopped: {active: 14d, silent: 7d}"]),
        (
            "events: {within: 28d, regularly: {per: 7d, in: 3..4}}",
            ["events {within: 28d}: regularly: {per: 7d, in: 3..4}"],
        ),
        (
            "events: {restarted: {silent: 30d, active: 7d}}",
            [
                "restarted: {silent: 30d, active: 7d}",
                "events {within: 7d}: count: 1..",
                "events {7d ≤ age < 7d+30d}: count: 0",
                "events {7d+30d ≤ age}: count: 1..",
            ],
        ),
        (
            "items: {bought_all: [A, B]}",
            ["bought_all: [A, B]", "items {where: {sku: A}}: count: 1..", "items {where: {sku: B}}: count: 1.."],
        ),
        (
            "events: {followed_by: {orders: {}, within: 24h}, count: 2..}",
            ["events {followed_by: {orders: {}, within: 24h}}: count: 2.."],
        ),
        ("coupons: {latest: {has: {status: 已用}}}", ["coupons: latest: {has: {status: 已用}}"]),
        ("tag: {not: 甲}", ["tag: {not: 甲}", "tag: 甲"]),
        ("stage: {of: 客户阶段, not: 成交}", ["stage: {of: 客户阶段, not: 成交}", "stage: {of: 客户阶段, is: 成交}"]),
        ("not_in_list: 老客.csv", ["not_in_list: 老客.csv", "in_list: 老客.csv"]),
        ("rfm: HHH", ["rfm: {全店: HHH}"]),
        ("商品明细: {满足: {品类: 水果}, 次数: 3..}", ["商品明细 {满足: {品类: 水果}}: 次数: 3.."]),
        (
            "商品明细: {全买过: [A, B]}",
            [
                "全买过: [A, B]",
                "商品明细 {满足: {商品编码: A}}: 次数: 1..",
                "商品明细 {满足: {商品编码: B}}: 次数: 1..",
            ],
        ),
    ],
)
def test_rows_and_parts_are_told(text: str, said: list[str], tmp_path: Path) -> None:
    assert words(text, tmp_path) == said


def test_long_conditions_are_cut(tmp_path: Path) -> None:
    (said,) = words(f"city: [{', '.join(str(number) for number in range(100))}]", tmp_path)
    assert len(said) == LONGEST
    assert said.endswith("…")


DAY, YEAR = Unit.DAY, Unit.YEAR


@pytest.mark.parametrize(
    ("test", "type_", "said"),
    [
        (OneOf((9990,)), Type.MONEY, "99.90"),
        (OneOf((20484,)), Type.INSTANT, "2026-01-31"),
        (Range(1500, None), Type.NUMBER, "1.5.."),
        (Range(3, None, low_open=True), Type.INTEGER, "{above: 3}"),
        (Range(3, 5, low_open=True, high_open=True), Type.INTEGER, "{above: 3, below: 5}"),
        (Negated(Filled(exists=True)), Type.TEXT, "{not: {exists: true}}"),
        (AgeRange(Duration(30, DAY), None), Type.INSTANT, "30d.."),
        (DayRange(Day(0, relative=True), Day(0, relative=True)), Type.DATE, "today"),
        (Completed(Duration(3, YEAR), Duration(6, YEAR), below=True), Type.DATE, "{age: 3y..<6y}"),
        (Top(None, 1250), Type.MONEY, "{top: 12.5%}"),
        (Level(above=False, middle=Middle.MEDIAN), Type.MONEY, "{below: median}"),
    ],
)
def test_tests(test: Test, type_: Type, said: str) -> None:
    assert Phrases().test(test, type_) == said


@pytest.mark.parametrize(
    ("window", "english", "chinese"),
    [
        (Ages((), (Duration(30, DAY),)), "within: 30d", "以内: 30d"),
        (Ages((Duration(1, DAY),), (Duration(8, DAY),)), "full_days: 7", "完整天数: 7"),
        (Ages((Duration(7, DAY),), ()), "7d ≤ age", "7d ≤ 距今"),
        (Since(Anchor.ENTRY), "since: entry", "起自: entry"),
        (Since(Anchor.ATTRIBUTE, "added_at", Type.INSTANT), "since: added_at", "起自: 添加时间"),
    ],
)
def test_windows(window: Window, english: str, chinese: str) -> None:
    assert (Phrases().window(window), Phrases(chinese=True).window(window)) == (english, chinese)
