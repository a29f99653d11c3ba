"""What other systems of this kind fell into, each trap that touches rules or time by its name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pdo.core.calendar import parse_moment
from tests.evaluate.conftest import NOW, ZONE, Make, Scene, instant


def with_events(found: Scene, **moments: str) -> Scene:
    """One event of each customer at a local time."""
    found.facts.kinds["events"] = [
        {"id": place, "key": f"e{place}", "customer_id": found.number(key), "type": "到店", "occurred_at": instant(at)}
        for place, (key, at) in enumerate(moments.items(), 1)
    ]
    return found


def with_orders(found: Scene, *orders: tuple[str, str, int]) -> Scene:
    """Orders: customer, local time, 元."""
    found.facts.kinds["orders"] = [
        {"id": place, "key": f"o{place}", "customer_id": found.number(key), "paid_at": instant(at), "paid": 100 * paid}
        for place, (key, at, paid) in enumerate(orders, 1)
    ]
    return found


def tag(when: str) -> str:
    """A playbook with one tag."""
    return f"tags:\n  有: {{group: 试, when: {when}}}\n"


def test_a_window_across_midnight_counts_both_days(scene: Make) -> None:
    """Half past midnight: two hours back lies yesterday, and yesterday's row is a day old by the calendar."""
    night = parse_moment("2026-03-02 00:30", ZONE)
    found = with_events(scene(tag("{events: {within: 2h}}"), a={}, b={}), a="2026-03-01 23:00", b="2026-03-01 22:30")
    assert found.changes(night) == {"gained 有": ("a",)}
    found = with_events(scene(tag("{events: {within: 1d}}"), a={}, b={}), a="2026-03-02 00:00", b="2026-03-01 23:59:59")
    assert found.changes(night) == {"gained 有": ("a",)}


@pytest.mark.parametrize(
    ("now", "inside", "outside"),
    [
        ("2026-03-01 20:00", "2026-02-23 00:00", "2026-02-22 23:59:59"),
        ("2026-03-02 09:00", "2026-03-02 00:00", "2026-03-01 23:59:59"),
    ],
    ids=["on Sunday", "on Monday"],
)
def test_sunday_is_the_last_day_of_its_week(scene: Make, now: str, inside: str, outside: str) -> None:
    found = with_events(scene(tag("{events: {within: this_week}}"), a={}, b={}), a=inside, b=outside)
    assert found.changes(parse_moment(now, ZONE)) == {"gained 有": ("a",)}


def test_last_week_is_from_monday_to_sunday_on_a_sunday_too(scene: Make) -> None:
    found = with_events(
        scene(tag("{events: {within: last_week}}"), a={}, b={}, c={}),
        a="2026-02-16 00:00",
        b="2026-02-22 23:59:59",
        c="2026-02-23 00:00",
    )
    assert found.changes(parse_moment("2026-03-01 20:00", ZONE)) == {"gained 有": ("a", "b")}


def test_the_first_match_is_not_lost_for_want_of_a_tag(scene: Make) -> None:
    """A transition that asks for a tag sees the tag that this very run gives, wherever it is written."""
    playbook = """\
lifecycles:
  阶段:
    stages: [新, 热, 冷]
    initial: 新
    transitions:
      - {from: 新, to: 热, when: {tag: 有}}
      - {from: 新, to: 冷, when: everyone}
""" + tag("{points: 1..}")
    assert scene(playbook, a={"points": 1}, b={}).changes() == {
        "gained 有": ("a",),
        "gained 热": ("a",),
        "gained 冷": ("b",),
    }


def test_the_last_three_days_include_today(scene: Make) -> None:
    found = with_events(
        scene(tag("{events: {within: 3d}}"), a={}, b={}, c={}),
        a="2026-03-02 08:59",
        b="2026-02-28 00:00",
        c="2026-02-27 23:59:59",
    )
    assert found.changes() == {"gained 有": ("a", "b")}


def test_seven_full_days_exclude_today_and_are_seven(scene: Make) -> None:
    """What platforms here call 近7天."""
    found = with_events(
        scene(tag("{events: {within: {full_days: 7}}}"), a={}, b={}, c={}, d={}),
        a="2026-03-02 00:00",
        b="2026-03-01 23:59:59",
        c="2026-02-23 00:00",
        d="2026-02-22 23:59:59",
    )
    assert found.changes() == {"gained 有": ("b", "c")}


def test_an_age_is_not_the_difference_of_years(scene: Make) -> None:
    """The day before the 18th birthday one is 17, born on 29 February one turns 18 on the 28th of a common year."""
    playbook = tag("{birthday: {age: 18y..25y}}")
    found = scene(
        playbook,
        tomorrow={"birthday": "2008-03-03"},
        today={"birthday": "2008-03-02"},
        leap={"birthday": "2008-02-29"},
        still={"birthday": "2000-03-03"},
        over={"birthday": "2000-03-02"},
    )
    assert found.changes() == {"gained 有": ("leap", "still", "today")}
    assert scene(playbook, leap={"birthday": "2008-02-29"}).changes(parse_moment("2026-02-27 23:59", ZONE)) == {}
    assert scene(playbook, leap={"birthday": "2008-02-29"}).changes(parse_moment("2026-02-28 00:00", ZONE)) == {
        "gained 有": ("leap",)
    }


def test_many_orders_on_the_first_day_make_no_rate(scene: Make) -> None:
    """A newcomer of two orders today does not have more of them than a regular of nine in a year."""
    found = with_orders(
        scene(tag("{orders: {count: {top: 1}}}"), new={}, regular={}),
        *(("new", "2026-03-02 08:00", 10) for _ in range(2)),
        *(("regular", f"2025-0{month}-02 08:00", 10) for month in range(1, 10)),
    )
    assert found.changes() == {"gained 有": ("regular",)}


def test_refunds_are_no_revenue(scene: Make) -> None:
    found = with_orders(
        scene(tag("{orders: {amount: 100..}}"), part={}, whole={}, kept={}),
        ("part", "2026-03-01", 150),
        ("whole", "2026-03-01", 150),
        ("kept", "2026-03-01", 100),
    )
    for order, refunded in zip(found.facts.kinds["orders"], (5001, 15_000, 0), strict=True):
        order["refunded"], order["refunded_at"] = refunded, instant("2026-03-01 12:00")
    assert found.changes() == {"gained 有": ("kept",)}


@pytest.mark.parametrize("test", ["..30d", "{before: today}", "{in: 0d..30d}", "{after: today}"])
def test_an_absent_date_has_neither_run_out_nor_not(scene: Make, test: str) -> None:
    found = scene(
        tag(f"{{vip_until: {test}}}"), none={}, past={"vip_until": "2026-02-28"}, ahead={"vip_until": "2026-03-20"}
    )
    gained = {one for who in found.changes().values() for one in who}
    assert "none" not in gained
    assert gained


def test_a_strange_row_spoils_nobody_else(scene: Make) -> None:
    """Dates at the ends of what there is, amounts of nothing, texts of quotes: the others come out as ever."""
    found = scene(
        tag("{birthday: {anniversary_in: ..7d}}"),
        first={"birthday": "0001-01-01"},
        last={"birthday": "9999-12-31"},
        text={"name": "'; DROP TABLE customer; --", "birthday": None},
        usual={"birthday": "1990-03-05"},
    )
    assert found.changes() == {"gained 有": ("usual",)}


def test_day_one_is_a_day_after_day_zero(scene: Make) -> None:
    """`after: 1d` cannot hold on the day of entry, whatever the hour, and holds from the next midnight on."""
    playbook = """\
lifecycles:
  阶段:
    stages: [新, 老]
    initial: 新
    transitions: [{from: 新, to: 老, after: 1d}]
"""
    found = scene(playbook, a={}, b={})
    found.give("a", "新", scope="阶段", since="2026-03-01 23:59:59")
    found.give("b", "新", scope="阶段", since="2026-03-02 00:00:00")
    assert found.changes() == {"gained 老": ("a",), "lost 新": ("a",)}


def test_an_order_of_three_lines_is_paid_once(scene: Make) -> None:
    playbook = (
        tag("{orders: {amount: 101.., count: 2..}}") + "  明细: {group: 试, when: {items: {count: 3, orders: 1}}}\n"
    )
    found = with_orders(scene(playbook, a={}), ("a", "2026-03-01", 100))
    found.facts.kinds["products"] = [{"id": 1, "key": "s1"}]
    found.facts.kinds["items"] = [
        {"order_id": 1, "product_id": 1, "line": str(line), "quantity": 1000, "amount": 10_000} for line in range(3)
    ]
    assert found.changes() == {"gained 明细": ("a",)}


@pytest.mark.parametrize("written", ["'; DROP TABLE customers; --", "' OR '1'='1", "100%", "a_b", "\\", '"'])
def test_what_a_user_writes_is_text_and_no_sql(scene: Make, written: str) -> None:
    quoted = "'" + written.replace("'", "''") + "'"
    playbook = tag(f"{{name: {quoted}}}") + f"  像: {{group: 试, when: {{name: {{contains: {quoted}}}}}}}\n"
    found = scene(playbook, a={"name": written}, b={"name": f"x{written}x"}, c={"name": "100 a-b axb"})
    assert found.changes() == {"gained 有": ("a",), "gained 像": ("a", "b")}


def test_two_seconds_early_change_nothing(scene: Make) -> None:
    """A daily run that comes at 08:59:58 today and came at 09:00:00 then: thirty days are dates, not seconds."""
    found = with_orders(scene(tag("{orders: {last: 30d..}}"), a={}), ("a", "2026-01-31 09:00:00", 10))
    early = parse_moment("2026-03-02 08:59:58", ZONE)
    assert found.changes(early) == found.changes(NOW) == {"gained 有": ("a",)}


def test_what_is_still_to_come_has_not_happened(scene: Make) -> None:
    found = with_orders(
        scene(tag("{orders: {}}"), a={}, b={}), ("a", "2026-03-02 09:00:00", 1), ("b", "2026-03-02 09:00:01", 1)
    )
    assert found.changes() == {"gained 有": ("a",)}
    later = parse_moment("2026-03-02 09:00:01", ZONE)
    assert later.at - NOW.at == timedelta(seconds=1).total_seconds()
    assert found.changes(later) == {"gained 有": ("a", "b")}
