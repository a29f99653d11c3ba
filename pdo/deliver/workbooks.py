"""XLSX files: for spreadsheets, and for colleagues to fill in. The same content is the same bytes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""In place of the clock, which would make every file another one."""
_MOST_ROWS = 1_048_575  # below the headings
_LONGEST_CELL = 32_767
_A4 = 9
_LINE_HEIGHT = 15  # points
_LATIN = 0x2000
_LONGEST_TITLE = 31
_LONGEST_LIST = 255  # characters of a list of choices that stands in its cell
_FORBIDDEN_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_HEADING = {"bold": True, "bg_color": "#DCE6F1", "border": 1, "valign": "vcenter", "text_wrap": True}
_PLAIN = {"valign": "top", "text_wrap": True}
_TO_FILL = {"valign": "top", "text_wrap": True, "bg_color": "#FFF8DC", "border": 1, "border_color": "#BFBFBF"}


@dataclass(frozen=True, slots=True)
class Choice:
    """An empty cell to fill in from a list."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet.

    Args:
        name: its heading.
        width: in characters of Latin text; a Chinese one takes two.
        hidden: for what only the program reads back.
        is_filled_in: whether colleagues write here.
    """

    name: str
    width: int = 12
    hidden: bool = False
    is_filled_in: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: columns, and rows of texts, numbers, choices, or nothing.

    Args:
        is_worked_on: people read and fill it in, so rows are high enough for their texts.
    """

    title: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[str | int | float | Choice | None]]
    is_worked_on: bool = False


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The bytes of a workbook. Texts stay texts, also those that look like formulas, links or numbers.

    A sheet of more rows than a spreadsheet takes goes on in the next one.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _CREATED, "author": "pdo"})
        formats = (book.add_format(_HEADING), book.add_format(_PLAIN), book.add_format(_TO_FILL))
        for sheet in sheets:
            rows = iter(sheet.rows)
            for number, part in enumerate(_parts(rows), 1):
                title = sheet.title if number == 1 else f"{sheet.title[: _LONGEST_TITLE - 8]} {number}"
                page = book.add_worksheet(title.translate(_FORBIDDEN_IN_TITLES).strip("'")[:_LONGEST_TITLE])
                _fill(page, sheet, part, formats)
    return buffer.getvalue()


def _parts(rows: Iterator[Sequence[str | int | float | Choice | None]]) -> Iterator[Iterable[Sequence[object]]]:
    """The rows in stretches that a sheet takes; one without rows where there are none."""
    yield islice(rows, _MOST_ROWS)
    while (first := next(rows, None)) is not None:
        yield chain([first], islice(rows, _MOST_ROWS - 1))


def _fill(
    page: Worksheet,
    sheet: Sheet,
    rows: Iterable[Sequence[object]],
    formats: tuple[Format, Format, Format],
) -> None:
    heading, plain, to_fill = formats
    columns = sheet.columns
    styles = [to_fill if column.is_filled_in else plain for column in columns]
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width, None, {"hidden": column.hidden})
        page.write_string(0, place, column.name, heading)
    page.freeze_panes(1, 0)
    # Some print it.
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for line, row in enumerate(rows, 1):
        if sheet.is_worked_on:
            page.set_row(line, _LINE_HEIGHT * max(map(_lines, row, columns)))
        for place, (cell, style) in enumerate(zip(row, styles, strict=True)):
            _write(page, line, place, cell, style)


def _lines(cell: object, column: SheetColumn) -> int:
    """How many lines a text takes; spreadsheets do not all find that out by themselves."""
    if column.hidden or not isinstance(cell, str):
        return 1
    # A Chinese character is as wide as two Latin ones.
    widths = (len(line) + sum(ord(sign) > _LATIN for sign in line) for line in cell.split("\n"))
    return sum(max(1, -(-width // column.width)) for width in widths)


def _write(page: Worksheet, line: int, place: int, cell: object, style: Format) -> None:
    if isinstance(cell, Choice):
        page.write_blank(line, place, None, style)
        if cell.choices and len(",".join(cell.choices)) <= _LONGEST_LIST:
            page.data_validation(line, place, line, place, {"validate": "list", "source": list(cell.choices)})
    elif cell is None:
        page.write_blank(line, place, None, style)
    elif isinstance(cell, str):
        page.write_string(line, place, cell[:_LONGEST_CELL], style)
    else:
        page.write(line, place, cell, style)
