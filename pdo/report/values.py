"""Stored values as texts for people: moments, amounts, masked phones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdo.core.calendar import Moment
from pdo.core.figures import shown

if TYPE_CHECKING:
    from pdo.model.fields import Type

_PHONE = re.compile(r"(?<!\d)(\+?86[- ]?)?(1\d{2})\d{4}(\d{4})(?!\d)")
_LONG_NUMBER = re.compile(r"^(\+?\d{3})\d+(\d{4})$")  # eight digits and more


def mask(text: str) -> str:
    """Hide the middle of every mobile number in a text: `138****8000`."""
    return _PHONE.sub(r"\1\2****\3", text)


def mask_phone(phone: str) -> str:
    """Hide the middle of a phone number, mobile or not; a short one altogether."""
    masked = mask(phone)
    if masked != phone:
        return masked
    return _LONG_NUMBER.sub(r"\1****\2", phone) if _LONG_NUMBER.match(phone) else "****"


def moment_text(at: int | None, zone: str) -> str | None:
    """An instant as `2026-03-02T09:00:00+08:00`."""
    return None if at is None else str(Moment(at, zone))


def value_text(value: object, type_: Type, zone: str) -> str | None:
    """A stored value as a text; None where it is absent. Numbers are plain decimals, without separators."""
    if value is None:
        return None
    if isinstance(value, list):
        return listed(value)
    return shown(type_.value, value if isinstance(value, int) else str(value), zone)


def listed(values: list[object]) -> str | None:
    """Several values as one text; None for none."""
    return "、".join(map(str, values)) or None
