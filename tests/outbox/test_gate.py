"""Caps: how many messages a customer may get in so long, counted by local days."""

from __future__ import annotations

from datetime import date

import pytest

from pdo.core.calendar import date_of, day_number
from pdo.model.conditions import Duration, Unit
from pdo.model.playbook import Cap, Policy
from pdo.outbox.gate import Gate, Touch, first_day
from tests.outbox.conftest import TODAY, cap, days


def gate(*caps: Cap, touched: tuple[int, ...] = (), channel: str = "file") -> Gate:
    """A gate that remembers messages to customer 1, so many days ago."""
    made = Gate(Policy(caps), TODAY)
    made.remember(Touch(1, channel, TODAY - ago) for ago in touched)
    return made


def test_without_caps_everything_goes() -> None:
    made = gate(touched=(0, 0, 0))
    assert [made.reason(1, "file") for _ in range(5)] == [""] * 5


def test_what_goes_counts_at_once() -> None:
    made = gate(cap("file", 2, days(1)))
    assert [made.reason(1, "file") for _ in range(3)] == ["", "", "cap:file:2/1d"]
    assert made.reason(2, "file") == ""


def test_what_is_held_back_does_not_count() -> None:
    made = gate(cap("any", 1, days(1)))
    assert [made.reason(1, "file"), made.reason(1, "file"), made.reason(1, "file")].count("") == 1


@pytest.mark.parametrize(("ago", "goes"), [(0, False), (6, False), (7, True)])
def test_a_window_is_today_and_the_days_before(ago: int, goes: bool) -> None:
    assert (gate(cap("file", 1, days(7)), touched=(ago,)).reason(1, "file") == "") is goes


def test_a_cap_of_one_channel_leaves_others_alone() -> None:
    made = gate(cap("wecom", 1, days(7)), touched=(0,), channel="wecom")
    assert made.reason(1, "file") == ""
    assert made.reason(1, "wecom") == "cap:wecom:1/7d"


def test_a_cap_of_any_channel_counts_them_all() -> None:
    made = gate(cap("any", 2, days(7)), touched=(1,), channel="wecom")
    assert [made.reason(1, "file"), made.reason(1, "file")] == ["", "cap:any:2/7d"]


def test_the_first_cap_that_is_full_is_the_reason() -> None:
    made = gate(cap("file", 3, days(30)), cap("any", 1, days(1)), touched=(0,))
    assert made.reason(1, "file") == "cap:any:1/1d"


def test_a_message_planned_for_later_is_not_of_today() -> None:
    assert gate(cap("file", 1, days(1)), touched=(-1,)).reason(1, "file") == ""


@pytest.mark.parametrize(
    ("today", "per", "first"),
    [
        ("2026-03-02", Duration(1, Unit.DAY), "2026-03-02"),
        ("2026-03-02", Duration(1, Unit.WEEK), "2026-02-24"),
        ("2026-03-31", Duration(1, Unit.MONTH), "2026-03-01"),
        ("2024-02-29", Duration(1, Unit.YEAR), "2023-03-01"),
    ],
)
def test_the_first_day_that_counts(today: str, per: Duration, first: str) -> None:
    assert date_of(first_day(day_number(date.fromisoformat(today)), per)).isoformat() == first
