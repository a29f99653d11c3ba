"""Exclusive sets, tags named by values, RFM, scores: what several rules make together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.evaluate.conftest import instant

if TYPE_CHECKING:
    from tests.evaluate.conftest import Make, Scene

EXCLUSIVE = """\
tags:
  高: {group: 价值, when: {points: 100..}}
  中: {group: 价值, when: {points: 10..}}
  低: {group: 价值, when: {points: 0..}}
  有中: {when: {tag: 中}}
tag_groups:
  价值: {exclusive: true}
"""


def test_the_first_written_of_an_exclusive_group_wins(scene: Make) -> None:
    found = scene(EXCLUSIVE, a={"points": 100}, b={"points": 10}, c={"points": 0}, d={})
    assert found.changes() == {"gained 高": ("a",), "gained 中": ("b",), "gained 低": ("c",), "gained 有中": ("b",)}


def test_staff_wins_over_rules_in_an_exclusive_group_and_the_conflict_is_told(scene: Make) -> None:
    found = scene(EXCLUSIVE, a={"points": 100}, b={})
    found.give("a", "低", by="staff")
    found.give("b", "中", by="staff")
    # What stands in 高's way and 中's stands in no other's: the rule gives 低 beside the hand.
    assert found.changes() == {"gained 低": ("a",), "gained 有中": ("b",)}
    (conflict,) = found.difference().conflicts
    assert (conflict.name, conflict.count, conflict.sample) == ("价值", 1, ("a",))


def test_a_kept_tag_that_staff_stands_in_the_way_of_does_not_flicker(scene: Make) -> None:
    found = scene(EXCLUSIVE.replace("when: {points: 100..}", "keep: true, when: {points: 100..}"), a={"points": 10})
    found.give("a", "高", by="rule")
    found.give("a", "中", by="staff")
    assert found.run("2026-03-01 09:00") == {"lost 高": ("a",), "gained 中": ("a",), "gained 有中": ("a",)}
    assert found.run("2026-03-01 09:00") == {}


def test_each_value_of_a_column_is_a_tag_of_its_own(scene: Make) -> None:
    found = scene(
        "tags:\n  渠道: {group: 来源渠道, from: source_channel}\n",
        a={"source_channel": "抖音"},
        b={"source_channel": "门店"},
        c={},
    )
    assert found.run("2026-03-01 09:00") == {"gained 抖音": ("a",), "gained 门店": ("b",)}
    found.facts.kinds["customers"][0]["source_channel"] = "门店"
    assert found.run("2026-03-02 09:00") == {"gained 门店": ("a",), "lost 抖音": ("a",)}


def orders(found: Scene, **paid: list[tuple[str, int]]) -> Scene:
    """Orders of customers: when, and how many 元."""
    rows: list[dict[str, Any]] = []
    for key, bought in paid.items():
        for day, amount in bought:
            number = len(rows) + 1
            rows.append(
                {
                    "id": number,
                    "key": f"o{number}",
                    "customer_id": found.number(key),
                    "paid_at": instant(day),
                    "paid": amount * 100,
                }
            )
    found.facts.kinds["orders"] = rows
    return found


BOUGHT = {
    "a": [("2026-03-01", 300), ("2026-02-01", 300), ("2026-01-01", 300)],
    "b": [("2026-02-25", 100)],
    "c": [("2025-12-01", 50), ("2025-11-01", 50)],
    "d": [("2025-06-01", 800)],
}


@pytest.mark.parametrize(
    ("cuts", "types"),
    [
        (
            "recency: {high: ..30d}, frequency: {high: 2..}, money: {high: 500..}",
            {"a": "HHH", "b": "HLL", "c": "LHL", "d": "LLH"},
        ),
        # Means: recency (1 + 5 + 91 + 274) / 4 = 92.75 days, frequency 7 / 4, money 1950 / 4 = 487.50.
        (
            "recency: {high: above average}, frequency: {high: above average}, money: {high: above average}",
            {"a": "HHH", "b": "HLL", "c": "HHL", "d": "LLH"},
        ),
        # Medians: recency (5 + 91) / 2 = 48, frequency (1 + 2) / 2 = 1.5, money (100 + 800) / 2 = 450.
        (
            "recency: {high: above median}, frequency: {high: above median}, money: {high: above median}",
            {"a": "HHH", "b": "HLL", "c": "LHL", "d": "LLH"},
        ),
        # The best half is two of four; ties of frequency go by natural key.
        (
            "recency: {high: top 50%}, frequency: {high: top 50%}, money: {high: top 50%}",
            {"a": "HHH", "b": "HLL", "c": "LHL", "d": "LLH"},
        ),
    ],
)
def test_rfm_types(scene: Make, cuts: str, types: dict[str, str]) -> None:
    names = "{HHH: HHH, HLH: HLH, LHH: LHH, LLH: LLH, HHL: HHL, HLL: HLL, LHL: LHL, LLL: LLL}"
    found = orders(scene(f"rfm:\n  全店: {{{cuts}, names: {names}}}\n", a={}, b={}, c={}, d={}, e={}), **BOUGHT)
    by_type: dict[str, tuple[str, ...]] = {}
    for key, type_ in types.items():
        by_type[f"gained {type_}"] = (*by_type.get(f"gained {type_}", ()), key)
    assert found.changes() == by_type


def test_quintile_scores_by_linear_interpolation(scene: Make) -> None:
    """Amounts 10 to 50 have cuts 18, 26, 34, 42, and one 元 more; days 25 to 29 have 25.8 … 28.2, and one day more, reversed."""
    text = """\
rfm:
  五分:
    recency: {score: quintile, high: 4..}
    frequency: {score: quintile, high: 1..}
    money: {score: quintile, high: 3..4}
    names: {HHH: HHH, HLH: HLH, LHH: LHH, LLH: LLH, HHL: HHL, HLL: HLL, LHL: LHL, LLL: LLL}
tags:
  最近的: {when: {五分.R: 5}}
  最大的: {when: {五分.M: 5}}
"""
    bought = {
        key: [(f"2026-02-{day:02d}", amount)]
        for key, day, amount in zip("abcde", range(1, 6), range(10, 60, 10), strict=True)
    }
    found = orders(scene(text, a={}, b={}, c={}, d={}, e={}), **bought)
    assert found.changes() == {
        "gained LHL": ("a", "b"),
        "gained HHH": ("c", "d"),
        "gained HHL": ("e",),
        "gained 最近的": ("d", "e"),
        "gained 最大的": ("e",),
    }


def test_a_score_adds_fades_and_caps(scene: Make) -> None:
    text = """\
scores:
  分:
    rules:
      - {when: {points: 1..}, add: 50}
      - {each: {events: {type: 浏览}}, add: 2, up_to: 3, fades: {half_life: 7d}}
      - {each: {events: {type: 打卡}}, add: 1.5}
      - {each: {events: {type: 询价}}, add: 10, fades: {to_zero_in: 4d}}
    bands: {高: 54, 中: 10}
"""
    found = scene(text, a={"points": 1}, b={}, c={}, d={})
    rows = [
        ("a", "浏览", "2026-03-02 08:00"),
        ("a", "浏览", "2026-02-23 08:00"),
        ("a", "打卡", "2026-01-01"),
        ("b", "询价", "2026-03-02 01:00"),
        ("c", "询价", "2026-02-26 01:00"),
        ("d", "询价", "2026-03-01 01:00"),
        ("d", "询价", "2026-03-01 02:00"),
    ]
    found.facts.kinds["events"] = [
        {"id": place, "key": f"e{place}", "customer_id": found.number(key), "type": type_, "occurred_at": instant(when)}
        for place, (key, type_, when) in enumerate(rows, 1)
    ]
    # a: 50 + (2 + 1, capped at 3) + 1.5 = 54.5; b: 10; c: nothing is left after four days; d: 7.5 + 7.5 = 15.
    assert found.changes() == {"gained 高": ("a",), "gained 中": ("b", "d")}


def test_the_best_of_each_owner(scene: Make) -> None:
    text = "segments:\n  前二: {when: everyone, rank_by: {points: desc}, top: 2, per: city}\n"
    found = scene(
        text,
        a={"city": "北京", "points": 1},
        b={"city": "北京", "points": 3},
        c={"city": "北京", "points": 2},
        d={"city": "上海"},
        e={},
        f={"points": 9},
        g={},
    )
    assert found.changes() == {"gained 前二": ("b", "c", "d", "e", "f")}
