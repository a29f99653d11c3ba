"""Numbers as people read them: the only place where an integer that decides becomes a text that is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from pdo.core.calendar import date_of, offset_at

if TYPE_CHECKING:
    from collections.abc import Callable


def yuan(minor: int) -> str:
    """Minor units as 元 with two decimals, as `1902487.15`."""
    sign, whole = ("-", -minor) if minor < 0 else ("", minor)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def thousandths(number: int) -> str:
    """Thousandths as a decimal without idle zeros, as `1.5`."""
    sign, whole = ("-", -number) if number < 0 else ("", number)
    return f"{sign}{whole // 1000}.{whole % 1000:03d}".rstrip("0").rstrip(".")


def average_minor(minor: int, count: int) -> int:
    """A sum divided by how many, in minor units, rounded half to even; only for showing."""
    return int((Decimal(minor) / Decimal(count)).quantize(Decimal(1), ROUND_HALF_EVEN))


def local_time(at: int, zone: str) -> str:
    """An instant as local time, as `2026-03-02 09:00:00`."""
    return (datetime.fromtimestamp(at, UTC) + timedelta(seconds=offset_at(zone, at))).strftime("%Y-%m-%d %H:%M:%S")


def local_date(day: int) -> str:
    """A day number as a date, as `2026-03-02`."""
    return date_of(day).isoformat()


def shown(type_: str, value: int | str | None, zone: str, per: int | None = None) -> str:
    """A value of a type of `pdo.model.fields` as people read it; empty where it is absent.

    Args:
        type_: the type's name.
        value: in the units of the type.
        zone: the project's zone, for instants.
        per: the divisor of an average.
    """
    if value is None or isinstance(value, str):
        return value or ""
    if per is not None:
        return _quotient(type_, value, per)
    writers: dict[str, Callable[[int], str]] = {
        "money": yuan,
        "number": thousandths,
        "date": local_date,
        "instant": lambda at: local_time(at, zone),
        "boolean": lambda flag: "是" if flag else "否",
    }
    return writers.get(type_, str)(value)


def _quotient(type_: str, value: int, per: int) -> str:
    """An average or a ratio; of whole numbers with up to two decimals."""
    if type_ == "money":
        return yuan(average_minor(value, per))
    if type_ == "number":
        return thousandths(average_minor(value, per))
    return thousandths(average_minor(value * 100, per) * 10)


def quantity(type_: str, value: int | str | None, zone: str, per: int | None = None) -> str | int | Decimal | None:
    """The same as something that a text can compare and print: numbers are numbers, all else is as `shown`."""
    if value is None or isinstance(value, str):
        return value
    if type_ == "integer" and per is None:
        return value
    text = shown(type_, value, zone, per)
    return Decimal(text) if type_ in ("money", "number") or per is not None else text
