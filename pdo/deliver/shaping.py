"""Columns in the shape that somebody takes them in."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pdo.core.columns import each_value
from pdo.deliver.tables import BOM, WRITERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.model.exporting import ExportColumn, ExportProfile

_HOME = "+86"
_MOBILE_DIGITS = 11
_ENCODINGS = {"utf-8": "utf-8", "gb18030": "gb18030"}


def shaped_chunks(profile: ExportProfile, rows: pa.Table, *, numeric: frozenset[str] = frozenset()) -> Iterator[bytes]:
    """The bytes of a file.

    Args:
        profile: what it looks like.
        rows: a column of texts for each field; None where absent.
        numeric: fields that are numbers.
    """
    numbers = frozenset(column.header for column in profile.columns if column.field in numeric and not column.form)
    cells = [_cells(column, rows) for column in profile.columns]
    table = pa.Table.from_arrays(cells, names=[column.header for column in profile.columns])
    chunks = WRITERS[profile.type](table, numeric=numbers)
    if profile.type != "csv" or profile.encoding not in _ENCODINGS:
        return chunks
    encoding = _ENCODINGS[profile.encoding]
    return (chunk.decode("utf-8").encode(encoding) for chunk in chunks if chunk != BOM)


def _cells(column: ExportColumn, rows: pa.Table) -> pa.ChunkedArray | pa.Array:
    always = pa.scalar(column.always, pa.string())
    if not column.field:
        return pa.repeat(always, rows.num_rows)
    texts = rows.column(column.field)
    if column.form:
        texts = each_value(texts, lambda text: _formed(column.form, text))
    if column.always:
        texts = pc.if_else(pc.fill_null(pc.equal(texts, ""), fill_value=True), always, texts)
    return texts


def _formed(form: str, text: str) -> str:
    if not text:
        return text
    match form:
        case "national":
            return text.removeprefix(_HOME)
        case "e164":
            return text if text.startswith("+") or len(text) != _MOBILE_DIGITS else f"{_HOME}{text}"
        case "md5":
            # What ad platforms compare; nothing is kept secret by it.
            return hashlib.md5(text.removeprefix(_HOME).encode(), usedforsecurity=False).hexdigest()
        case "sha256":
            return hashlib.sha256(text.removeprefix(_HOME).encode()).hexdigest()
        case _:
            return text
