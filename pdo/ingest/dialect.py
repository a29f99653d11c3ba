"""Which delimiter a file has and where its header ends: the delimiter under which the header says most that is known."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdo.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from pdo.ingest.decoding import Text

DELIMITERS = (",", "\t", ";", "|")

_UNSEEN = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF))


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file's records are to be read.

    Args:
        delimiter: one character.
        header: the header's cells, without blanks around them and what cannot be seen.
        header_lines: physical lines up to the end of the header.
        blank_lines: how many of them are blank, before the header.
    """

    delimiter: str
    header: tuple[str, ...]
    header_lines: int
    blank_lines: int


def shown(header: str) -> str:
    """A header as it is told to people: nothing unseen in it, no blanks around it."""
    return header.translate(_UNSEEN).strip()


def folded(header: str) -> str:
    """A header as it is compared: without case, blanks and full-width forms."""
    return "".join(unicodedata.normalize("NFKC", shown(header)).casefold().split())


def find_dialect(text: Text, known: AbstractSet[str]) -> Dialect:
    """Find delimiter and header.

    Args:
        text: the file.
        known: folded headers that mean something.

    Raises:
        UsageError: there is no header, or its quotes are broken.
    """
    candidates = [found for delimiter in DELIMITERS if (found := _under(text, delimiter)) is not None]
    if not candidates:
        raise UsageError("error.import_header_broken", path=text.original)

    def worth(dialect: Dialect) -> tuple[int, int]:
        return sum(folded(cell) in known for cell in dialect.header), len(dialect.header)

    best = max(candidates, key=worth)
    if not best.header:
        raise UsageError("error.import_empty", path=text.original)
    return best


def _under(text: Text, delimiter: str) -> Dialect | None:
    """What the file's first record is under a delimiter; None where its quotes do not end."""
    blank = 0
    with text.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for record in reader:
                if any(map(shown, record)) or len(record) > 1:
                    return Dialect(delimiter, tuple(map(shown, record)), reader.line_num, blank)
                blank = reader.line_num
        except csv.Error:
            return None
    return Dialect(delimiter, (), 0, 0)
