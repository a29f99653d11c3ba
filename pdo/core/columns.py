"""Columns of Arrow as texts: the same as `pdo.core.figures` says of one value, for millions at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pdo.core.calendar import offset_at
from pdo.core.figures import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Column: TypeAlias = pa.ChunkedArray | pa.Array

QUARTER = 900
"""Seconds within which no zone changes its offset but at the beginning."""


def each_value(column: Column, made: Callable[[Any], Any], type_: pa.DataType | None = None) -> Column:
    """A column made of another, each value that occurs once only; what is absent stays so.

    Args:
        column: of any type.
        made: gives what stands for a value that is there.
        type_: of what is made; None for texts.
    """
    type_ = type_ or pa.string()
    if pa.types.is_nested(column.type):
        return pa.array([None if value is None else made(value) for value in column.to_pylist()], type_)
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    found = whole.dictionary_encode()
    return pa.array([made(value) for value in found.dictionary.to_pylist()], type_).take(found.indices)


def shown_column(type_: str, column: Column, zone: str) -> Column:
    """What `pdo.core.figures.shown` says of each value; texts are as they are, what is absent stays so.

    Args:
        type_: the type's name.
        column: in the units of the type.
        zone: the project's zone, for instants.
    """
    if pa.types.is_string(column.type):
        return column
    if not pa.types.is_integer(column.type):
        return each_value(column, lambda value: shown(type_, value, zone))
    match type_:
        case "money":
            return _decimals(column, 2)
        case "number":
            return pc.utf8_rtrim(pc.utf8_rtrim(_decimals(column, 3), "0"), ".")
        case "instant":
            quarters = pc.floor(pc.divide(column.cast(pa.float64()), float(QUARTER))).cast(pa.int64())
            offsets = each_value(quarters, lambda quarter: offset_at(zone, quarter * QUARTER), pa.int64())
            return pc.strftime(pc.add(column, offsets).cast(pa.timestamp("s")), "%Y-%m-%d %H:%M:%S")
        case "integer":
            return column.cast(pa.string())
        case _:
            return each_value(column, lambda value: shown(type_, value, zone))


def _decimals(column: Column, places: int) -> Column:
    """Integers as texts with their last so many digits behind a point."""
    size = pc.abs(column)
    whole = pc.divide(size, 10**places)
    rest = pc.utf8_lpad(pc.subtract(size, pc.multiply(whole, 10**places)).cast(pa.string()), places, "0")
    sign = pc.if_else(pc.less(column, 0), "-", "")
    return pc.binary_join_element_wise(pc.binary_join_element_wise(sign, whole.cast(pa.string()), ""), rest, ".")
