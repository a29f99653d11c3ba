"""Rows of texts as the bytes of a CSV, JSONL or XLSX file."""

from __future__ import annotations

import csv
import io
import json
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pdo.deliver import workbooks
else:
    workbooks = late("pdo.deliver.workbooks")

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Writer(Protocol):
    """Turns rows of texts into the bytes of a file."""

    def __call__(
        self, columns: Sequence[str], rows: Iterable[Sequence[str | None]], *, numeric: frozenset[str] = frozenset()
    ) -> Iterator[bytes]:
        """The bytes, a block at a time."""


_BLANKS = " \u3000\u00a0"
_ROWS_AT_ONCE = 4_096
BOM = b"\xef\xbb\xbf"


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula; also where blanks stand before the sign."""
    return f"'{text}" if text.lstrip(_BLANKS).startswith(_FORMULA_STARTS) else text


def csv_chunks(
    columns: Sequence[str], rows: Iterable[Sequence[str | None]], *, numeric: frozenset[str] = frozenset()
) -> Iterator[bytes]:
    """A CSV for spreadsheets: UTF-8 with BOM, so that Chinese shows, and no text that begins a formula.

    Args:
        columns: the headings.
        rows: the cells; None is empty.
        numeric: columns whose cells are numbers and stay as they are, minus sign included.
    """
    yield BOM
    plain = [column in numeric for column in columns]

    def cells(row: Sequence[str | None]) -> list[str]:
        return [
            "" if cell is None else cell if is_number else safe_cell(cell)
            for cell, is_number in zip(row, plain, strict=True)
        ]

    yield _csv_text([[safe_cell(column) for column in columns]])
    stream = iter(rows)
    while block := list(islice(stream, _ROWS_AT_ONCE)):
        yield _csv_text(map(cells, block))


def _csv_text(rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()


def jsonl_chunks(
    columns: Sequence[str], rows: Iterable[Sequence[str | None]], *, numeric: frozenset[str] = frozenset()
) -> Iterator[bytes]:
    """One JSON object a line; numbers are numbers, what is absent is null."""
    plain = [column in numeric for column in columns]

    def line(row: Sequence[str | None]) -> str:
        values = (
            _number(cell) if is_number and cell is not None else cell
            for cell, is_number in zip(row, plain, strict=True)
        )
        return json.dumps(dict(zip(columns, values, strict=True)), ensure_ascii=False) + "\n"

    stream = iter(rows)
    while block := list(islice(stream, _ROWS_AT_ONCE)):
        yield "".join(map(line, block)).encode()


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def xlsx_chunks(
    columns: Sequence[str], rows: Iterable[Sequence[str | None]], *, numeric: frozenset[str] = frozenset()
) -> Iterator[bytes]:
    """One sheet for spreadsheets; numbers are numbers, all else is text."""
    plain = [column in numeric for column in columns]

    def cells(row: Sequence[str | None]) -> list[str | float | None]:
        return [_number(cell) if is_number and cell else cell for cell, is_number in zip(row, plain, strict=True)]

    shown = [workbooks.SheetColumn(column, width=16) for column in columns]
    yield workbooks.workbook([workbooks.Sheet("1", shown, map(cells, rows))])


WRITERS: Mapping[str, Writer] = MappingProxyType({"csv": csv_chunks, "jsonl": jsonl_chunks, "xlsx": xlsx_chunks})
"""How each type of file is written."""
