"""The members of a segment as texts, a column at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from pdo.core.columns import each_value, shown_column
from pdo.model.fields import Type
from pdo.report.values import listed, mask, mask_phone

if TYPE_CHECKING:
    from pdo.model.reports import MemberTable


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
    several = pa.types.is_nested(column.type)
    texts = each_value(column, listed) if several else shown_column(type_.value, column, zone)
    if masked:
        texts = each_value(texts, mask_phone if type_ is Type.PHONE else mask)
    return texts
