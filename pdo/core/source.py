"""Texts that users wrote and places in them."""

from __future__ import annotations

from dataclasses import field

from pdo.core.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A text with the name it is shown under.

    Args:
        path: as the user would type it, from where the command was called.
        text: the whole text, decoded, line ends as in the file.
    """

    path: str
    text: str = field(repr=False)

    @property
    def lines(self) -> list[str]:
        """The physical lines without their ends; only LF, CR LF and CR end a line."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source.

    Units: lines and columns count from 1, columns in characters; the end column is the first one after the stretch.
    """

    source: Source
    line: int
    column: int
    end_line: int
    end_column: int

    def until(self, other: Span) -> Span:
        """From the start of this span to the end of another one of the same source."""
        return Span(self.source, self.line, self.column, other.end_line, other.end_column)
