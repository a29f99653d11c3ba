"""AIPL: awareness, interest, purchase, loyalty; a customer has the highest stage only, worked out of the data each run.

Source: Alibaba Cloud's documents for the precedence; the windows are the playbook's own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.evaluate.conftest import NOW, ZONE, Make, Scene

AIPL = """\
lifecycles:
  AIPL:
    take: highest
    derived:
      A认知: {events: {type: 曝光, within: 15d}}
      I兴趣: {events: {type: [收藏加购, 入会], within: 15d}}
      P购买: {orders: {within: 912d}}
      L忠诚: {orders: {within: 365d, days: 2..}}
    otherwise: 未触达或流失
"""


def ago(days: int) -> int:
    """The last second of a day so many days ago."""
    day = (NOW.local - timedelta(days=days)).date()
    return int(datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZoneInfo(ZONE)).timestamp()) - (
        86_400 if days == 0 else 0
    )


def seen(scene: Make, rows: dict[str, tuple[dict[str, int], list[int]]]) -> Scene:
    """Customers with events (type → days ago) and orders (days ago)."""
    found = scene(AIPL, **{key: {} for key in rows})
    events: list[dict[str, Any]] = []
    orders: list[dict[str, Any]] = []
    for key, (happened, bought) in rows.items():
        number = found.number(key)
        for type_, days in happened.items():
            place = len(events) + 1
            events.append(
                {"id": place, "key": f"e{place}", "customer_id": number, "type": type_, "occurred_at": ago(days)}
            )
        for days in bought:
            place = len(orders) + 1
            orders.append({"id": place, "key": f"o{place}", "customer_id": number, "paid_at": ago(days), "paid": 100})
    found.facts.kinds |= {"events": events, "orders": orders}
    return found


def test_the_highest_of_several_stages_wins(scene: Make) -> None:
    found = seen(
        scene,
        {
            "a": ({"曝光": 1}, []),
            "i": ({"曝光": 1, "收藏加购": 14}, []),
            "joined": ({"入会": 2}, []),
            "p": ({"曝光": 1, "入会": 1}, [900]),
            "l": ({"曝光": 1}, [10, 364]),
            "only_l": ({}, [1, 2]),
            "nobody": ({}, []),
        },
    )
    assert found.changes() == {
        "gained A认知": ("a",),
        "gained I兴趣": ("i", "joined"),
        "gained P购买": ("p",),
        "gained L忠诚": ("l", "only_l"),
        "gained 未触达或流失": ("nobody",),
    }


def test_each_window_ends_on_its_day(scene: Make) -> None:
    found = seen(
        scene,
        {
            "a_in": ({"曝光": 14}, []),
            "a_out": ({"曝光": 15}, []),
            "p_in": ({}, [911]),
            "p_out": ({}, [912]),
            "once_a_year": ({}, [1, 365]),
            "twice_a_day": ({}, [3, 3]),
        },
    )
    assert found.changes() == {
        "gained A认知": ("a_in",),
        "gained P购买": ("once_a_year", "p_in", "twice_a_day"),
        "gained 未触达或流失": ("a_out", "p_out"),
    }


def test_a_customer_falls_back_with_the_data(scene: Make) -> None:
    """Nothing is remembered: who was loyal and bought once this year has only bought."""
    found = seen(scene, {"a": ({}, [1, 400])})
    found.give("a", "L忠诚", scope="AIPL")
    assert found.changes() == {"gained P购买": ("a",), "lost L忠诚": ("a",)}
