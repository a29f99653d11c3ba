"""Which delimiter a file has and where its header stands: there, and so cut, that it says most that is known.

Shop systems put titles, dates and filters above the header. Lines above it hold less than it does, and next to nothing that is
known; a file whose first lines say nothing known has its header first, behind comments.
"""

from __future__ import annotations

import csv
import unicodedata
from codecs import BOM_UTF8
from dataclasses import dataclass, replace
from io import TextIOWrapper
from typing import TYPE_CHECKING

from pdo.core.errors import UsageError
from pdo.ingest.files import blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from pdo.ingest.decoding import Text
    from pdo.ingest.sheets import Workbook

DELIMITERS = (",", "\t", ";", "|")

HEADER_WITHIN = 30
"""Filled records among which the header is looked for."""

_LINES_SEEN = 500
"""Physical lines of them: millions of blank ones may follow."""

_CELLS_SEEN = 20_000
"""Cells of them: of a table with thousands of columns only the first record is looked at."""

_UNSEEN = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF))


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file's records are to be read.

    Args:
        delimiter: one character.
        header: the header's cells, without blanks around them and what cannot be seen.
        header_lines: physical lines up to the end of the header.
        blank_lines: how many of them are blank, before the header.
        above: where the other records before the header begin.
        sheet: the workbook's that was chosen.
        other_sheets: those that hold something as well.
    """

    delimiter: str
    header: tuple[str, ...]
    header_lines: int
    blank_lines: int
    above: tuple[int, ...] = ()
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Record:
    """One of the first records: its cells as people see them, the line where it begins, and the one where it ends."""

    cells: tuple[str, ...]
    begins: int
    ends: int

    @property
    def filled(self) -> int:
        return sum(map(bool, self.cells))

    def known(self, known: AbstractSet[str]) -> int:
        return sum(folded(cell) in known for cell in self.cells if cell)


def shown(header: str) -> str:
    """A header as it is told to people: nothing unseen in it, no blanks around it, on one line."""
    return header if header.isalnum() else " ".join(header.translate(_UNSEEN).split())


def folded(header: str) -> str:
    """A header as it is compared: without case, blanks and full-width forms."""
    if header.isascii():
        return "".join(header.casefold().split())
    return "".join(unicodedata.normalize("NFKC", shown(header)).casefold().split())


def find_dialect(text: Text, known: AbstractSet[str]) -> Dialect:
    """Find delimiter and header, or sheet and header.

    Args:
        text: the file.
        known: folded headers that mean something.

    Raises:
        UsageError: there is no header, or its quotes are broken.
    """
    if text.workbook is not None:
        found = _in_workbook(text.workbook, known)
    else:
        start = _begin(text)
        found = [header for delimiter in DELIMITERS if (header := _under(text, start, delimiter, known)) is not None]
        if not found:
            raise UsageError("error.import_header_broken", path=text.original)

    def worth(dialect: Dialect) -> tuple[int, int]:
        return sum(folded(cell) in known for cell in dialect.header if cell), len(dialect.header)

    best = max(found, key=worth, default=None)
    if best is None or not best.header:
        raise UsageError("error.import_empty", path=text.original)
    return best


def _in_workbook(workbook: Workbook, known: AbstractSet[str]) -> list[Dialect]:
    """The header of each sheet that holds something."""
    found: list[Dialect] = []
    for sheet in workbook.sheets:
        rows = (_Record(tuple(map(shown, row)), number, number) for number, row in workbook.rows(sheet))
        records = list(_first(row for row in rows if row.filled))
        if records:
            found.append(_chosen(",", records, known, sheet))
    names = [dialect.sheet for dialect in found]
    return [replace(dialect, other_sheets=tuple(name for name in names if name != dialect.sheet)) for dialect in found]


def _begin(text: Text) -> tuple[int, int]:
    """Where the first line that is not empty begins: at which byte, and behind how many lines."""
    offset = lines = 0
    last = b""
    for block in blocks_of(text.path, text.path.stat().st_size):
        body = block.removeprefix(BOM_UTF8) if not offset else block
        kept = body.lstrip(b"\r\n")
        blank = body[: len(body) - len(kept)]
        lines += blank.count(b"\n") + blank.count(b"\r") - blank.count(b"\r\n")
        lines -= last == b"\r" and blank[:1] == b"\n"
        last = blank[-1:] or last
        offset += len(block) - len(kept)
        if kept:
            break
    return offset, lines


def _under(text: Text, start: tuple[int, int], delimiter: str, known: AbstractSet[str]) -> Dialect | None:
    """Where the header is under a delimiter; None where the quotes of the first record do not end."""
    records: list[_Record] = []
    try:
        for record in _first(_records(text, start, delimiter)):
            records.append(record)  # noqa: PERF402  (those before a broken one count)
    except csv.Error:
        if not records:
            return None
    return _chosen(delimiter, records, known) if records else Dialect(delimiter, (), 0, 0)


def _records(text: Text, start: tuple[int, int], delimiter: str) -> Iterator[_Record]:
    offset, lines = start
    with text.path.open("rb") as opened:
        opened.seek(offset)
        file = TextIOWrapper(opened, encoding="utf-8", newline="")
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        ended = lines
        for record in reader:
            cells = tuple(map(shown, record))
            if any(cells):
                yield _Record(cells, ended + 1, lines + reader.line_num)
            ended = lines + reader.line_num
            if reader.line_num > _LINES_SEEN:
                return


def _first(records: Iterable[_Record]) -> Iterator[_Record]:
    """As many as the header may be among."""
    cells = 0
    for count, record in enumerate(records, start=1):
        yield record
        cells += len(record.cells)
        if count == HEADER_WITHIN or cells > _CELLS_SEEN:
            return


def _chosen(delimiter: str, records: list[_Record], known: AbstractSet[str], sheet: str = "") -> Dialect:
    """The header among the first records."""
    scores = [record.known(known) for record in records]
    may_be = [
        index
        for index, score in enumerate(scores)
        if score and all(_may_stand_above(records, scores, above, index) for above in range(index))
    ]
    first = next((index for index, record in enumerate(records) if not record.cells[0].startswith("#")), 0)
    best = max(may_be, key=lambda index: (scores[index], -index), default=first)
    header, above = records[best], records[:best]
    taken = sum(record.ends - record.begins + 1 for record in above)
    blank = header.begins - 1 - taken
    return Dialect(delimiter, header.cells, header.ends, blank, tuple(record.begins for record in above), sheet)


def _may_stand_above(records: list[_Record], scores: list[int], index: int, header: int) -> bool:
    return scores[index] * 2 <= scores[header] and records[index].filled < records[header].filled
