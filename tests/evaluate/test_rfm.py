"""RFM: the eight types by every kind of cut, with ties as the page says, and quintile scores."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.evaluate.conftest import NOW, Make, Scene

NAMES = {
    "HHH": "重要价值",
    "HLH": "重要发展",
    "LHH": "重要保持",
    "LLH": "重要挽留",
    "HHL": "一般价值",
    "HLL": "一般发展",
    "LHL": "一般保持",
    "LLL": "一般挽留",
}
"""The standard set; letters are recency, frequency, money. Source: 智慧商贸 help page, see the facts on definitions."""

SETTING = """\
rfm:
  全店:
    recency: {recency}
    frequency: {frequency}
    money: {money}
"""
Bought = dict[str, tuple[int, int, int]]
"""Customer → days since the last order, orders, 元 in all."""


def setting(recency: str, frequency: str, money: str, more: str = "") -> str:
    """A playbook with one setting."""
    text = SETTING.format(recency=recency, frequency=frequency, money=money)
    return text + more


def shopped(scene: Make, playbook: str, bought: Bought, **others: dict[str, object]) -> Scene:
    """A scene in which each customer has bought so, all of it on the day of the last order."""
    found = scene(playbook, **{key: {} for key in bought}, **others)
    orders: list[dict[str, Any]] = []
    for key, (days, count, money) in bought.items():
        at = int((NOW.local - timedelta(days=days)).timestamp())
        for place in range(count):
            paid = 100 * money - (count - 1) * (100 * money // count) if place == 0 else 100 * money // count
            number = len(orders) + 1
            orders.append(
                {"id": number, "key": f"o{number}", "customer_id": found.number(key), "paid_at": at, "paid": paid}
            )
    found.facts.kinds["orders"] = orders
    return found


def types(scene: Make, playbook: str, bought: Bought) -> dict[str, str]:
    """Customer → type, by the tags of the group."""
    letters = {name: type_ for type_, name in NAMES.items()}
    gained = {change.removeprefix("gained "): who for change, who in shopped(scene, playbook, bought).changes().items()}
    return {one: letters[name.removesuffix("客户")] for name, who in gained.items() for one in who}


EIGHT: Bought = {
    "HHH": (30, 3, 200),
    "HLH": (0, 2, 200),
    "LHH": (31, 3, 900),
    "LLH": (400, 1, 200),
    "HHL": (1, 9, 199),
    "HLL": (30, 1, 1),
    "LHL": (31, 3, 199),
    "LLL": (90, 2, 0),
}


def test_the_eight_types_by_thresholds_both_ends_included(scene: Make) -> None:
    playbook = setting("{high: ..30d}", "{high: 3..}", "{high: 200..}")
    assert types(scene, playbook, EIGHT) == {key: key for key in EIGHT}


def test_the_eight_types_have_their_standard_names_and_show_their_letters(scene: Make) -> None:
    found = shopped(scene, setting("{high: ..30d}", "{high: 3..}", "{high: 200..}"), EIGHT)
    steps = found.difference().steps
    shown = {step.sample[0]: (step.name.removesuffix("客户"), step.note) for step in steps}
    assert shown == {key: (NAMES[key], key) for key in EIGHT}


def test_whoever_bought_nothing_has_no_type(scene: Make) -> None:
    found = shopped(scene, setting("{high: ..30d}", "{high: 3..}", "{high: 200..}"), {"a": (1, 1, 1)}, b={})
    assert {change.removesuffix("客户"): who for change, who in found.changes().items()} == {"gained 一般发展": ("a",)}


def test_by_the_average_what_is_equal_to_it_is_low(scene: Make) -> None:
    """Averages 20 days, 2 orders, 200 元."""
    bought = {"best": (10, 3, 300), "equal": (20, 2, 200), "worst": (30, 1, 100)}
    playbook = setting("{high: above average}", "{high: above average}", "{high: above average}")
    assert types(scene, playbook, bought) == {"best": "HHH", "equal": "LLL", "worst": "LLL"}


def test_by_the_median_between_the_two_middle_values(scene: Make) -> None:
    """Medians of four: 15 days, 2.5 orders, 250 元; one far out moves an average, not these."""
    bought = {"a": (1, 1, 100), "b": (10, 2, 200), "c": (20, 3, 300), "d": (300, 9, 90_000)}
    playbook = setting("{high: above median}", "{high: above median}", "{high: above median}")
    assert types(scene, playbook, bought) == {"a": "HLL", "b": "HLL", "c": "LHH", "d": "LHH"}
    by_average = setting("{high: above average}", "{high: above average}", "{high: above average}")
    assert types(scene, by_average, bought) == {"a": "HLL", "b": "HLL", "c": "HLL", "d": "LHH"}


def test_by_share_rounded_down_ties_by_natural_key(scene: Make) -> None:
    """40 % of four is one; of the same values the lower key."""
    bought = dict.fromkeys("dacb", (5, 2, 100))
    playbook = setting("{high: top 40%}", "{high: top 40%}", "{high: top 50%}")
    assert types(scene, playbook, bought) == {"a": "HHH", "b": "LLH", "c": "LLL", "d": "LLL"}


QUINTILES = "{score: quintile, high: 4..}"


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("全店.R", {"a": 5, "b": 4, "c": 3, "d": 2, "e": 1}),
        ("全店.F", {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}),
        ("全店.M", {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}),
    ],
)
def test_quintile_scores_of_five_are_one_to_five(scene: Make, metric: str, expected: dict[str, int]) -> None:
    """Cuts of 10..50 lie at 18, 26, 34 and 42 (type 7) and one unit more; of recency the fewest days score best."""
    tags = "tags:\n" + "".join(
        f"  {metric[-1]}{score}: {{group: 分, when: {{{metric}: {score}}}}}\n" for score in range(1, 6)
    )
    bought = {key: (10 * place, 10 * place, 10 * place) for place, key in enumerate("abcde", 1)}
    found = shopped(scene, setting(QUINTILES, QUINTILES, QUINTILES, tags), bought).changes()
    scores = {who[0]: int(change[-1]) for change, who in found.items() if change.startswith(f"gained {metric[-1]}")}
    assert scores == expected


def test_a_cut_is_one_unit_above_its_quantile(scene: Make) -> None:
    """Of 0, 10, 20, 30, 40, 50 元 the quantiles are 10, 20, 30 and 40, the cuts 11, 21, 31 and 41: equal ones stay below."""
    tags = "tags:\n" + "".join(f"  M{score}: {{group: 分, when: {{全店.M: {score}}}}}\n" for score in range(1, 6))
    bought = {key: (1, 1, 10 * place) for place, key in enumerate("abcdef")}
    found = shopped(scene, setting(QUINTILES, QUINTILES, QUINTILES, tags), bought).changes()
    assert {change[-2:]: who for change, who in found.items() if change[-2] == "M"} == {
        "M1": ("a", "b"),
        "M2": ("c",),
        "M3": ("d",),
        "M4": ("e",),
        "M5": ("f",),
    }


def test_refunds_are_no_revenue_and_a_newcomer_is_not_frequent(scene: Make) -> None:
    """Frequency counts orders, it is not divided by the days since the first; what was refunded in full does not count."""
    found = shopped(
        scene, setting("{high: ..30d}", "{high: 3..}", "{high: 200..}"), {"new": (0, 1, 50), "back": (0, 3, 600)}
    )
    for order in found.facts.kinds["orders"][1:]:
        order["refunded"], order["refunded_at"] = order["paid"], NOW.at
    assert {name.removesuffix("客户"): who for name, who in found.changes().items()} == {"gained 一般发展": ("new",)}
