"""Rows in the shape that somebody takes them in."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pdo.deliver.tables import BOM, WRITERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pdo.model.exporting import ExportColumn, ExportProfile

_HOME = "+86"
_MOBILE_DIGITS = 11
_ENCODINGS = {"utf-8": "utf-8", "gb18030": "gb18030"}


def shaped_chunks(
    profile: ExportProfile, rows: Iterable[Mapping[str, str | None]], *, numeric: frozenset[str] = frozenset()
) -> Iterator[bytes]:
    """The bytes of a file.

    Args:
        profile: what it looks like.
        rows: field → text; None where absent.
        numeric: fields that are numbers.
    """
    headers = tuple(column.header for column in profile.columns)
    numbers = frozenset(column.header for column in profile.columns if column.field in numeric and not column.form)
    cells = (tuple(_cell(column, row) for column in profile.columns) for row in rows)
    chunks = WRITERS[profile.type](headers, cells, numeric=numbers)
    if profile.type != "csv" or profile.encoding not in _ENCODINGS:
        return chunks
    encoding = _ENCODINGS[profile.encoding]
    return (chunk.decode("utf-8").encode(encoding) for chunk in chunks if chunk != BOM)


def _cell(column: ExportColumn, row: Mapping[str, str | None]) -> str | None:
    if not column.field:
        return column.always
    text = row[column.field]
    if not text:
        return column.always or text
    match column.form:
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
