"""Sheets of a workbook become records of text, each under its number in the sheet.

Cells become what a CSV of the same sheet would say. What Excel has damaged stays visible as such: a number of more than fifteen
digits comes out in scientific notation, and is then refused where an id or a phone is wanted.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from pdo.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_calamine import CalamineSheet

    from pdo.ingest.files import Source

    Cell = int | float | str | bool | time | date | datetime | timedelta

LARGEST = 1 << 32
"""Bytes of an unpacked workbook; a sheet of a million rows has a tenth of it."""

MOST_CELLS = 50_000_000
"""Rows times columns of a sheet. The reader makes room for all of them at once: a cell in the last corner would be fatal."""

_BLOCK = 1 << 22
_COLUMNS = re.compile(rb"""[ ]r=["']([A-Z]+)""")
_ROWS = re.compile(rb"""row [^>]*?r=["']([0-9]+)""")
_FAR_CELL = re.compile(rb"""[ ]r=["'][A-Z]*[0-9]{8}""")

_DIGITS = 15
"""As many as Excel keeps of a number."""


class Workbook:
    """An open workbook. Made by `open_workbook`.

    Args:
        source: the file.
        opened: the reader's.
    """

    def __init__(self, source: Source, opened: CalamineWorkbook) -> None:
        self._source = source
        self._opened = opened
        self._sheets: dict[str, CalamineSheet] = {}

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets that people see, in their order."""
        return tuple(
            sheet.name
            for sheet in self._opened.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        )

    def rows(self, sheet: str, *, after: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Rows of a sheet with their numbers, as wide as the widest.

        Args:
            sheet: its name.
            after: the row behind which to begin.

        Raises:
            UsageError: the file is damaged.
        """
        found = self._sheet(sheet)
        if found.start is None:
            return
        # The reader leaves out empty columns on the left, but not the empty rows above.
        left = [""] * found.start[1]
        for number, row in enumerate(found.iter_rows(), start=1):
            if number > after:
                cells = [cell if type(cell) is str else text_of(cell) for cell in row]
                yield number, left + cells if left else cells

    def _sheet(self, name: str) -> CalamineSheet:
        if name not in self._sheets:
            with _told(self._source):
                self._sheets[name] = self._opened.get_sheet_by_name(name)
        return self._sheets[name]


def open_workbook(source: Source) -> Workbook:
    """Open a workbook.

    Raises:
        UsageError: it is damaged, protected, or unpacks to more than any export has.
    """
    with _told(source):
        with zipfile.ZipFile(source.path) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > LARGEST:
                raise UsageError("error.import_workbook_large", path=source.named, mib=size >> 20)
            for member in archive.namelist():
                if member.startswith("xl/worksheets/") and member.endswith(".xml"):
                    _check_extent(source, archive, member)
        return Workbook(source, CalamineWorkbook.from_path(source.path))


def _check_extent(source: Source, archive: zipfile.ZipFile, member: str) -> None:
    """See that no cell of a sheet stands so far out that there is no room for what lies between.

    Raises:
        UsageError: one does.
    """
    rows, letters = 0, set[bytes]()
    with archive.open(member) as file:
        tail = b""
        while block := file.read(_BLOCK):
            window = tail + block
            if _FAR_CELL.search(window):
                raise UsageError("error.import_damaged", path=source.named, format="XLSX")
            letters.update(_COLUMNS.findall(window))
            rows = max(map(int, _ROWS.findall(window)), default=rows)
            tail = window[-64:]
    columns = max((_column(found) for found in letters), default=0)
    if rows * columns > MOST_CELLS:
        raise UsageError("error.import_sheet_large", path=source.named, rows=rows, columns=columns)


def _column(letters: bytes) -> int:
    """The number of a column called so."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def text_of(cell: Cell) -> str:
    """A cell as text."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        # Excel keeps moments as fractions of a day: a second comes back as 0.999999 of one.
        moment = (cell + timedelta(milliseconds=500)).replace(microsecond=0)
        return moment.isoformat(sep=" ")
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(cell, time):
        return cell.isoformat(timespec="seconds")
    return cell.isoformat()


def _number(value: float) -> str:
    """All digits that Excel has kept of it, and no more; what it has not kept shows as an exponent."""
    text = format(value, f".{_DIGITS}g")
    return format(Decimal(text), "f") if "e-" in text else text


@contextmanager
def _told(source: Source) -> Iterator[None]:
    """Words for what the reader stumbles over."""
    try:
        yield
    except PasswordError as error:
        raise UsageError("error.import_protected", path=source.named) from error
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise UsageError("error.import_damaged", path=source.named, format="XLSX") from error
    except BaseException as error:
        # The reader is written in Rust; what it did not expect comes out as no `Exception`.
        if type(error).__name__ != "PanicException":
            raise
        raise UsageError("error.import_damaged", path=source.named, format="XLSX") from error
