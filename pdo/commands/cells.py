"""Texts measured in terminal cells: a Chinese character takes two, a combining mark none."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@lru_cache(maxsize=4096)
def cell_width(character: str) -> int:
    """How many cells a character takes; ambiguous ones count as one."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def text_width(text: str) -> int:
    """How many cells a text takes."""
    return len(text) if text.isascii() else sum(map(cell_width, text))


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text up with blanks, on the left where it shall stand to the right."""
    blanks = " " * max(width - text_width(text), 0)
    return blanks + text if right else text + blanks


def clean(text: str) -> str:
    """A customer's text as data for a terminal: no control bytes, no direction marks, one line."""
    return _CONTROL.sub("", text.replace("\r\n", " ").replace("\n", " ").replace("\t", " "))


def fold(text: str, width: int) -> list[str]:
    """Break a text into lines of at most so many cells: between words, and between any two Chinese characters."""
    lines, line, used = [], "", 0
    for piece in re.findall(r" +|[!-~]+|[^ -~]", text):
        size = text_width(piece)
        while size > width:  # a word longer than a line is cut
            lines.append((line + piece[: width - used]).rstrip())
            piece, line, used = piece[width - used :], "", 0  # noqa: PLW2901  (the rest of the same piece)
            size = text_width(piece)
        if used + size > width:
            lines.append(line.rstrip())
            line, used = ("", 0) if piece.isspace() else (piece, size)
        elif line or not piece.isspace():
            line, used = line + piece, used + size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines
