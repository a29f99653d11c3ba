"""Columns of Arrow, one value at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable


def each_value(column: pa.ChunkedArray | pa.Array, made: Callable[[Any], str | None]) -> pa.ChunkedArray | pa.Array:
    """A column of texts made of another, each value that occurs once only; what is absent stays so.

    Args:
        column: of any type.
        made: gives the text of a value that is there.
    """
    if pa.types.is_nested(column.type):
        return pa.array([None if value is None else made(value) for value in column.to_pylist()], pa.string())
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    found = whole.dictionary_encode()
    texts = pa.array([made(value) for value in found.dictionary.to_pylist()], pa.string())
    return texts.take(found.indices)
