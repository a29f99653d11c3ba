"""Stored values as texts for people: moments, amounts, masked phones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa

from pdo.core.calendar import Moment
from pdo.core.columns import each_value, shown_column
from pdo.core.figures import shown
from pdo.model.fields import Type

if TYPE_CHECKING:
    from pdo.model.reports import MemberTable

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
        return _listed(value)
    return shown(type_.value, value if isinstance(value, int) else str(value), zone)


def member_texts(members: MemberTable, zone: str, *, masked: bool) -> pa.Table:
    """The members of a segment as texts, under the same names.

    Args:
        members: the segment.
        zone: in which moments are told.
        masked: hide the middle of phone numbers, for screens.
    """
    named = zip(members.columns.items(), members.rows.columns, strict=True)
    columns = [_texts(column, type_, zone, masked=masked) for (_, type_), column in named]
    return pa.Table.from_arrays(columns, names=list(members.columns))


def _texts(column: pa.ChunkedArray, type_: Type, zone: str, *, masked: bool) -> pa.ChunkedArray | pa.Array:
    listed = pa.types.is_nested(column.type)
    texts = each_value(column, _listed) if listed else shown_column(type_.value, column, zone)
    if masked:
        texts = each_value(texts, mask_phone if type_ is Type.PHONE else mask)
    return texts


def _listed(values: list[object]) -> str | None:
    return "、".join(map(str, values)) or None
