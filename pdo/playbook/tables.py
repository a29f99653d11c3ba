"""CSV files and workbooks that playbooks point at: values of families, contents, rows of examples.

Small files that ops keep by hand: read whole, with the line of every row, so that findings point into them.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import datetime, time
from typing import TYPE_CHECKING

from pdo.core.errors import StorageError
from pdo.core.frozen import dataclass
from pdo.core.late import late
from pdo.core.nodes import lines_of
from pdo.core.source import Source, Span
from pdo.playbook.files import shown
from pdo.playbook.invisible import find_invisible

if TYPE_CHECKING:
    from pathlib import Path

    import python_calamine as calamine

    from pdo.playbook.reading import Reading
else:
    calamine = late("python_calamine")

MAX_BYTES = 8 << 20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file.

    Args:
        cells: by header, in NFC, without blanks around; every header is there, empty where the cell is.
        span: the line it begins on.
    """

    cells: dict[str, str]
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """A file with a header line.

    Args:
        path: as it was written in the playbook.
        header: the names of its columns, in order.
        rows: without blank ones.
        span: the header line.
    """

    path: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    span: Span


def read_table(path: str, span: Span, reading: Reading) -> Table | None:
    """The rows of a CSV, UTF-8 or GB18030, or of the first sheet of an XLSX workbook.

    Args:
        path: relative to `pdo.yaml`.
        span: where it was written, for what is wrong with the file as a whole.

    Raises:
        StorageError: it may not be read.

    Diagnostics:
        PB221 no such file, outside the project, empty, not text, too large; PB222 a header without name or given twice,
        a row with more cells than the header.
    """
    file = reading.settings.root / path
    inside = file.resolve().is_relative_to(reading.settings.root.resolve())
    if not inside or "\x00" in path:
        reading.findings.add("PB221", span, variant="outside", path=path)
        return None
    if not file.is_file():
        reading.findings.add("PB221", span, path=path)
        return None
    text = _text_of(file, path, span, reading)
    if text is None:
        return None
    source = Source(shown(file), text)
    try:
        records = _records(text)
    except csv.Error:
        reading.findings.add("PB221", span, variant="broken", path=path)
        return None
    if not records or not any(records[0][1]):
        reading.findings.add("PB221", span, variant="empty", path=path)
        return None
    _, header = records[0]
    head = _line(source, 1)
    if not _is_header(header, head, reading):
        return None
    rows = []
    for line, cells in records[1:]:
        if not any(cells):
            continue
        place = _line(source, line)
        if len(cells) > len(header) and any(cells[len(header) :]):
            reading.findings.add("PB222", place, variant="cells", found=len(cells), expected=len(header))
        filled = (*cells, *("" for _ in header))[: len(header)]
        rows.append(Row(dict(zip(header, filled, strict=True)), place))
    return Table(path, header, tuple(rows), head)


def _text_of(file: Path, path: str, span: Span, reading: Reading) -> str | None:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError:
        raise StorageError("error.not_permitted", path=shown(file)) from None
    if len(content) > MAX_BYTES:
        reading.findings.add("PB221", span, variant="large", path=path, limit=f"{MAX_BYTES >> 20} MiB")
        return None
    if path.lower().endswith(".xlsx"):
        text = _text_of_sheet(content)
        if text is None:
            reading.findings.add("PB221", span, variant="broken", path=path)
        return text
    for encoding in ("utf-8-sig", "gb18030"):
        if content[:2] in _UTF16 or b"\x00" in content:
            break
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    reading.findings.add("PB221", span, variant="encoding", path=path)
    return None


def _text_of_sheet(content: bytes) -> str | None:
    """The first sheet of a workbook as a CSV with a line a row; None where it is no workbook."""
    try:
        sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError):
        return None
    written = io.StringIO()
    # A line break inside a cell would set the lines of the file apart from the rows of the sheet.
    csv.writer(written, lineterminator="\n").writerows([[_cell(cell) for cell in row] for row in rows])
    return written.getvalue()


def _cell(value: object) -> str:
    """A cell as people see it: whole numbers without a point, dates as ISO text."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = value.date().isoformat() if isinstance(value, datetime) and value.time() == time() else str(value)
    return " ".join(text.splitlines())


def _records(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Records with the number of the line they begin on."""
    reader = csv.reader(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    found = []
    start = 1
    for cells in reader:
        found.append((start, tuple(unicodedata.normalize("NFC", cell).strip() for cell in cells)))
        start = reader.line_num + 1
    return found


def _is_header(header: tuple[str, ...], span: Span, reading: Reading) -> bool:
    for number, name in enumerate(header, 1):
        if not name or find_invisible(name):
            reading.findings.add("PB222", span, variant="nameless", number=number)
            return False
        if name in header[: number - 1]:
            reading.findings.add("PB222", span, variant="twice", name=name)
            return False
    return True


def _line(source: Source, number: int) -> Span:
    lines = lines_of(source)
    width = len(lines[number - 1]) if number <= len(lines) else 0
    return Span(source, number, 1, number, width + 1)
