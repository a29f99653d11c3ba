"""Numbers, durations, dates and ranges as people write them."""

from datetime import date

import pytest

from pdo.core.calendar import day_number
from pdo.model.conditions import Day, Duration, Unit
from pdo.model.fields import Type
from pdo.playbook.values import MisreadError, parse_day, parse_duration, parse_durations, parse_number, split_limits

D, H, MIN, W, MO, Y = Unit.DAY, Unit.HOUR, Unit.MINUTE, Unit.WEEK, Unit.MONTH, Unit.YEAR


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("3", Type.INTEGER, 3),
        ("-3", Type.INTEGER, -3),
        ("３", Type.INTEGER, 3),
        ("1,000", Type.INTEGER, 1000),
        ("1.5万", Type.INTEGER, 15000),
        ("120万", Type.MONEY, 120_000_000),
        ("3次", Type.INTEGER, 3),
        ("0.125", Type.NUMBER, 125),
        ("500", Type.MONEY, 50000),
        ("500元", Type.MONEY, 50000),
        ("¥99.9", Type.MONEY, 9990),
        ("￥99.90元", Type.MONEY, 9990),
        ("007", Type.INTEGER, 7),
        ("“3”", Type.INTEGER, 3),
    ],
)
def test_numbers(text: str, type_: Type, value: int) -> None:
    assert parse_number(text, type_) == value


@pytest.mark.parametrize(
    "text", ["", "三", "1e3", "0x10", "1_000", "5折", "10%", "1,00", "nan", "inf", "1" * 50, "1.2.3"]
)
def test_no_numbers(text: str) -> None:
    with pytest.raises(MisreadError):
        parse_number(text, Type.INTEGER)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3..", "3", None),
        ("3…", "3", None),
        ("３..", "3", None),
        ("3...", "3", None),
        ("..5", None, "5"),
        ("3..5", "3", "5"),
        ("3．．5", "3", "5"),
        ("3 .. 5", "3", "5"),
        ("30~60天", "30", "60天"),
        ("30～60天", "30", "60天"),
        ("30d-60d", "30d", "60d"),
        ("30至60天", "30", "60天"),
        ("≥3", "3", None),
        ("<=5", None, "5"),
        ("500元..", "500元", None),
        ("-5..5", "-5", "5"),
    ],
)
def test_ranges(text: str, low: str | None, high: str | None) -> None:
    limits = split_limits(text)
    assert (limits.low, limits.high, limits.single) == (low, high, False)


def test_strict_signs_leave_the_limit_out() -> None:
    assert split_limits(">3").low_open
    assert split_limits("＜5").high_open


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("30d", Duration(30, D)),
        ("30天", Duration(30, D)),
        ("30 天", Duration(30, D)),
        ("2周", Duration(2, W)),
        ("3个月", Duration(3, MO)),
        ("3mo", Duration(3, MO)),
        ("1年", Duration(1, Y)),
        ("24h", Duration(24, H)),
        ("30分钟", Duration(30, MIN)),
        ("３０Ｄ", Duration(30, D)),
    ],
)
def test_durations(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "variant"),
    [("1m", "m"), ("30M", "m"), ("30", "unit"), ("-3d", "negative"), ("1.5d", "fraction"), ("3x", ""), ("d", "")],
)
def test_no_durations(text: str, variant: str) -> None:
    with pytest.raises(MisreadError) as raised:
        parse_duration(text)
    assert (raised.value.code, raised.value.variant) == ("PB302", variant)


def test_a_unit_may_be_said_once() -> None:
    assert parse_durations(split_limits("30~60天"), "") == (Duration(30, D), Duration(60, D))
    assert parse_durations(split_limits("30-60d"), "") == (Duration(30, D), Duration(60, D))


def test_durations_the_wrong_way_round() -> None:
    with pytest.raises(MisreadError) as raised:
        parse_durations(split_limits("2mo..30d"), "2mo..30d")
    assert raised.value.params["mended"] == "30d..2mo"


@pytest.mark.parametrize("text", ["2026-01-31", "2026/1/31", "2026.1.31", "2026年1月31日", "２０２６-01-31"])
def test_dates(text: str) -> None:
    assert parse_day(text) == Day(day_number(date(2026, 1, 31)))


def test_relative_dates() -> None:
    assert parse_day("today") == Day(0, relative=True)
    assert parse_day("昨天") == Day(-1, relative=True)


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "春节", "0001-01-01", "2026-01-01 09:00", "20260101"])
def test_no_dates(text: str) -> None:
    with pytest.raises(MisreadError) as raised:
        parse_day(text)
    assert raised.value.code == "PB303"
