"""Columns of texts as the bytes of a CSV, JSONL or XLSX file."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pdo.deliver import workbooks

    Row = tuple[str | None, ...]
else:
    workbooks = late("pdo.deliver.workbooks")

_FORMULA_STARTS = r"=+\-@\t\r\n＝＋－＠"
_BLANKS = r" \x{3000}\x{00A0}"
_FORMULA = f"^[{_BLANKS}]*[{_FORMULA_STARTS}]"
"""What a spreadsheet takes for a formula; also where blanks stand before the sign. In the notation of RE2."""
_QUOTED = '[",\r\n]'
_ROWS_AT_ONCE = 65_536
BOM = b"\xef\xbb\xbf"


class Writer(Protocol):
    """Turns columns of texts, whose names are the headings, into the bytes of a file."""

    def __call__(self, table: pa.Table, *, numeric: frozenset[str] = frozenset()) -> Iterator[bytes]:
        """The bytes, a block at a time."""


def text_columns(headings: Sequence[str], rows: Iterable[Sequence[str | None]]) -> pa.Table:
    """Rows of texts as columns; None is absent."""
    columns = list(zip(*rows, strict=True)) or [()] * len(headings)
    return pa.Table.from_arrays([pa.array(column, pa.string()) for column in columns], names=list(headings))


def rows_of(table: pa.Table) -> Iterator[Row]:
    """Columns as rows, a block at a time."""
    for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def csv_chunks(table: pa.Table, *, numeric: frozenset[str] = frozenset()) -> Iterator[bytes]:
    """A CSV for spreadsheets: UTF-8 with BOM, so that Chinese shows, and no text that begins a formula.

    Args:
        table: the cells under their headings; None is empty.
        numeric: columns whose cells are numbers and stay as they are, minus sign included.
    """
    yield BOM
    yield _csv_lines([_cell(pa.array([name])) for name in table.column_names])
    for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        named = zip(table.column_names, batch.columns, strict=True)
        yield _csv_lines([pc.fill_null(column, "") if name in numeric else _cell(column) for name, column in named])


def _cell(texts: pa.Array) -> pa.Array:
    """Texts as cells of a CSV: no formulas, and quoted where they must be."""
    cells = pc.fill_null(texts, "")
    formulas = pc.match_substring_regex(cells, _FORMULA)
    if formulas.true_count:
        cells = pc.if_else(formulas, pc.binary_join_element_wise("'", cells, ""), cells)
    quoted = pc.match_substring_regex(cells, _QUOTED)
    if quoted.true_count:
        doubled = pc.replace_substring(cells, '"', '""')
        cells = pc.if_else(quoted, pc.binary_join_element_wise('"', doubled, '"', ""), cells)
    return cells


def _csv_lines(columns: Sequence[pa.Array]) -> bytes:
    lines = pc.binary_join_element_wise(*columns, ",")
    if len(columns) == 1:
        # An empty line would be no row.
        lines = pc.if_else(pc.equal(lines, ""), '""', lines)
    block = pa.ListArray.from_arrays(pa.array([0, len(lines)], pa.int32()), lines)
    return bytes(pc.binary_join(block, "\r\n")[0].as_buffer()) + b"\r\n"


def jsonl_chunks(table: pa.Table, *, numeric: frozenset[str] = frozenset()) -> Iterator[bytes]:
    """One JSON object a line; numbers are numbers, what is absent is null."""
    names = table.column_names
    plain = [name in numeric for name in names]

    def line(row: Sequence[str | None]) -> str:
        values = (
            _number(cell) if is_number and cell is not None else cell
            for cell, is_number in zip(row, plain, strict=True)
        )
        return json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False) + "\n"

    for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        yield "".join(map(line, rows_of(pa.Table.from_batches([batch])))).encode()


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def xlsx_chunks(table: pa.Table, *, numeric: frozenset[str] = frozenset()) -> Iterator[bytes]:
    """One sheet for spreadsheets; numbers are numbers, all else is text."""
    plain = [name in numeric for name in table.column_names]

    def cells(row: Sequence[str | None]) -> list[str | float | None]:
        return [_number(cell) if is_number and cell else cell for cell, is_number in zip(row, plain, strict=True)]

    shown = [workbooks.SheetColumn(name, width=16) for name in table.column_names]
    yield workbooks.workbook([workbooks.Sheet("1", shown, map(cells, rows_of(table)))])


WRITERS: Mapping[str, Writer] = MappingProxyType({"csv": csv_chunks, "jsonl": jsonl_chunks, "xlsx": xlsx_chunks})
"""How each type of file is written."""
