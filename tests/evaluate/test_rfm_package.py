"""Quintile scores and segments of the R package `rfm` on its own orders, customer by customer."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from typing import Any

from pdo.core.calendar import parse_moment
from tests.evaluate.conftest import ZONE, Kept, Make, Scene, instant
from tests.evaluate.test_rfm import QUINTILES, setting
from tests.real.places import DATA, needs

ORDERS = DATA / "r_rfm" / "rfm_data_orders.csv"
AS_OF = "2006-12-31"
CUTS = {"R": (115, 181, 297.4, 482), "F": (4, 5, 6, 8), "M": (255.8, 382, 506.4, 666)}
"""What the package prints: type 7 quantiles and one more; the lower end belongs to the bin."""

SEGMENTS = {
    "Champions": ("4..5", "4..5", "4..5"),
    "Loyal Customers": ("2..5", "3..5", "3..5"),
    "Potential Loyalist": ("3..5", "1..3", "1..3"),
    "New Customers": ("4..5", "1", "1"),
    "Promising": ("3..4", "1", "1"),
    "Need Attention": ("2..3", "2..3", "2..3"),
    "About To Sleep": ("2..3", "1..2", "1..2"),
    "At Risk": ("1..2", "2..5", "2..5"),
    "Cannot Lose Them": ("1", "4..5", "4..5"),
    "Lost": ("1..2", "1..2", "1..2"),
}
"""The ten of the package's manual; the first that holds. Letters R, F, M."""

EXPECTED = {
    "Champions": (158, 1_234, 120_178),
    "Loyal Customers": (278, 1_708, 166_712),
    "Potential Loyalist": (229, 801, 65_873),
    "Need Attention": (35, 144, 13_287),
    "About To Sleep": (50, 127, 10_914),
    "At Risk": (86, 438, 44_178),
    "Lost": (111, 244, 20_955),
    "Others": (48, 210, 22_061),
}
"""Customers, orders, revenue; nobody is in the other three."""

pytestmark = needs(ORDERS)
Row = dict[str, str]


def orders() -> list[Row]:
    """The package's orders."""
    with ORDERS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def shop(scene: Make, blocks: str) -> Scene:
    """All of them, in the shape of the store."""
    rows = orders()
    keys = sorted({row["customer_id"] for row in rows})
    found = scene(setting(QUINTILES, QUINTILES, QUINTILES, blocks), **{key: {} for key in keys})
    numbers = {key: number for number, key in enumerate(keys, 1)}
    sales: list[dict[str, Any]] = [
        {
            "id": place,
            "key": f"o{place}",
            "customer_id": numbers[row["customer_id"]],
            "paid_at": instant(row["order_date"]),
            "paid": 100 * int(row["revenue"]),
        }
        for place, row in enumerate(rows, 1)
    ]
    found.facts.kinds["orders"] = sales
    return found


def members(found: Scene) -> Kept:
    """Tag or stage → all customers who gain it."""
    steps = found.difference(parse_moment(AS_OF, ZONE)).steps
    return {
        step.name: tuple(found.keys[number - 1] for number in step.keys.column("customer_id").to_pylist())
        for step in steps
    }


def test_every_score_of_every_customer(scene: Make) -> None:
    last: dict[str, date] = {}
    count: Counter[str] = Counter()
    revenue: Counter[str] = Counter()
    for row in orders():
        name, day = row["customer_id"], date.fromisoformat(row["order_date"])
        last[name] = max(last.get(name, day), day)
        count[name] += 1
        revenue[name] += int(row["revenue"])
    days = {name: (date.fromisoformat(AS_OF) - day).days for name, day in last.items()}
    values = {"R": days, "F": dict(count), "M": dict(revenue)}
    expected: dict[str, set[str]] = {}
    for part, of_part in values.items():
        for name, value in of_part.items():
            reached = 1 + sum(cut <= value for cut in CUTS[part])
            expected.setdefault(f"{part}{6 - reached if part == 'R' else reached}", set()).add(name)
    tags = "".join(
        f"  {part}{score}: {{group: 分, when: {{全店.{part}: {score}}}}}\n" for part in CUTS for score in range(1, 6)
    )
    found = members(shop(scene, f"tags:\n{tags}"))
    assert {name: set(found[name]) for name in expected} == expected


def test_the_segments_with_their_orders_and_revenue(scene: Make) -> None:
    stages = "".join(
        f'      "{name}": {{全店.R: {r}, 全店.F: {f}, 全店.M: {m}}}\n' for name, (r, f, m) in SEGMENTS.items()
    )
    blocks = f"lifecycles:\n  分群:\n    derived:\n{stages}    otherwise: Others\n"
    found = members(shop(scene, blocks))
    count = Counter(row["customer_id"] for row in orders())
    revenue: Counter[str] = Counter()
    for row in orders():
        revenue[row["customer_id"]] += int(row["revenue"])
    stages_found = {name: who for name, who in found.items() if name in SEGMENTS or name == "Others"}
    assert {
        name: (len(who), sum(count[one] for one in who), sum(revenue[one] for one in who))
        for name, who in stages_found.items()
    } == EXPECTED
