"""A text that is mended in memory while positions go on pointing into what the user wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdo.core.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

Kept = tuple[str, list[int] | None]
_BLOCK_SCALAR = re.compile(r"(?:^|[:\-]\s+)[|>](?:[+-]?\d?|\d?[+-]?)(?:\s+#.*)?$")


class Draft:
    """The lines of a source, some of them changed; no line is ever added or taken away.

    Units: line and column numbers count from 1 as in spans; `start` and `end` of a replacement from 0 as in slices.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.lines
        self._columns: dict[int, list[int]] = {}

    @property
    def text(self) -> str:
        """What the parser reads."""
        return "\n".join(self.lines)

    def line(self, number: int) -> str:
        """A line as it stands now; empty beyond the last."""
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else ""

    def replace(self, number: int, start: int, end: int, text: str) -> None:
        """Put other characters in a place; they all belong to where the place began."""
        line = self.lines[number - 1]
        columns = self._columns.setdefault(number, list(range(1, len(line) + 2)))
        columns[start:end] = [columns[start]] * len(text)
        self.lines[number - 1] = line[:start] + text + line[end:]

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Where a position of the draft stands in the source."""
        columns = self._columns.get(line)
        if columns is None:
            return line, column
        return line, columns[min(column, len(columns)) - 1]

    def span(self, line: int, start: int, end: int | None = None) -> Span:
        """A stretch of a line of the draft, as a stretch of the source; one character unless said."""
        number = max(1, min(line, len(self.lines)))
        _, first = self.place(number, max(start, 1))
        _, last = self.place(number, end) if end is not None else (number, first + 1)
        return Span(self.source, number, first, number, max(last, first + 1))

    def keep(self, number: int) -> Kept:
        """A line's present state, to come back to."""
        columns = self._columns.get(number)
        return self.lines[number - 1], None if columns is None else list(columns)

    def restore(self, number: int, kept: Kept) -> None:
        """Bring a line back to a former state."""
        self.lines[number - 1] = kept[0]
        if kept[1] is None:
            self._columns.pop(number, None)
        else:
            self._columns[number] = kept[1]

    def structural_lines(self) -> Iterator[int]:
        """The numbers of the lines that are not blank and not inside a block scalar."""
        inside: int | None = None
        for number, line in enumerate(self.lines, 1):
            indent = len(line) - len(line.lstrip(" "))
            if not line.strip():
                continue
            if inside is not None and indent > inside:
                continue
            inside = indent if _BLOCK_SCALAR.search(line) else None
            yield number
