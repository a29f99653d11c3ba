"""Files that pdo keeps are written anew without the rows that name a person: text files byte by byte, workbooks cell by cell."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdo.ingest.erasing import SHORTEST, pattern_of
from pdo.store.replacing import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pdo.ingest.erasing import Person

_ENCODINGS = ("utf-8", "gb18030", "utf-16")
_WHOLE = frozenset({".json"})
"""Files that are of use as a whole only."""
_EDGE = r"[,;|\t\r\n\"']"
_ITEM = re.compile(r"<si>.*?</si>|<si\s*/>", re.DOTALL)
_ROW = re.compile(r"<row\b[^>]*?(?:/>|>.*?</row>)", re.DOTALL)
_SHARED = re.compile(r'<c\b[^>]*\bt="s"[^>]*>\s*(?:<f\b.*?</f>)?\s*<v>(\d+)</v>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What became of files.

    Args:
        changed: file → rows that are gone from it; 0 where the file itself is.
        failed: files that hold the person and cannot be written anew.
    """

    changed: dict[Path, int]
    failed: tuple[Path, ...]


def rewrite(folders: Iterable[Path], person: Person) -> Rewritten:
    """Take a person out of all files below some folders."""
    pattern = _pattern(person)
    changed: dict[Path, int] = {}
    failed: list[Path] = []
    for path in _files(folders):
        try:
            rows = _without(path, pattern)
        except (OSError, UnicodeError, zipfile.BadZipFile):
            failed.append(path)
            continue
        if rows is not None:
            changed[path] = rows
    return Rewritten(changed, tuple(failed))


def holding(paths: Iterable[Path], person: Person) -> tuple[Path, ...]:
    """Files that name a person, and those of which nobody can say."""
    pattern = _pattern(person)
    return tuple(path for path in sorted(set(paths)) if path.is_file() and _holds(path, pattern))


def _holds(path: Path, pattern: re.Pattern[str]) -> bool:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                return any(pattern.search(_plain(book.read(name).decode())) for name in book.namelist())
        content = path.read_bytes()
        return pattern.search(content.decode(_encoding_of(content))) is not None
    except (OSError, UnicodeError, zipfile.BadZipFile):
        return True


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in sorted(set(folders)):
        if folder.is_dir():
            yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _pattern(person: Person) -> re.Pattern[str]:
    """As in texts of the store; a short own id counts where it is a cell."""
    short = [value for kind, value in person.identifiers if kind == "own" and len(value) < SHORTEST]
    cells = [rf"(?:^|(?<={_EDGE})){re.escape(value)}(?={_EDGE}|$)" for value in short]
    return re.compile("|".join([*([pattern_of(person.tokens).pattern] if person.tokens else []), *cells]) or r"(?!)")


def _without(path: Path, pattern: re.Pattern[str]) -> int | None:
    """Write a file without the rows that name the person.

    Returns:
        How many are gone; None where it names nobody.
    """
    if zipfile.is_zipfile(path):
        return _workbook_without(path, pattern)
    content = path.read_bytes()
    encoding = _encoding_of(content)
    text = content.decode(encoding)
    if pattern.search(path.name) or (path.suffix.lower() in _WHOLE and pattern.search(text)):
        path.unlink()
        return 0
    if not pattern.search(text):
        return None
    kept, gone = [], 0
    for record in _records(text):
        if pattern.search(record):
            gone += 1
        else:
            kept.append(record)
    replace_file(path, "".join(kept).encode(encoding))
    return gone


def _encoding_of(content: bytes) -> str:
    """The first encoding that reads all of it and writes the same bytes.

    Raises:
        UnicodeError: none does.
    """
    for encoding in _ENCODINGS if not content.startswith((b"\xff\xfe", b"\xfe\xff")) else _ENCODINGS[::-1]:
        try:
            if content.decode(encoding).encode(encoding) == content:
                return encoding
        except UnicodeError:
            continue
    raise UnicodeError(f"none of {_ENCODINGS}")


def _records(text: str) -> Iterator[str]:
    """Lines, those together that quotes hold together; where a quote stays open, line by line from there."""
    lines = text.splitlines(keepends=True)
    begun = 0
    while begun < len(lines):
        end, quotes = begun, 0
        while end < len(lines):
            quotes += lines[end].count('"')
            end += 1
            if quotes % 2 == 0:
                break
        else:
            end = begun + 1
        yield "".join(lines[begun:end])
        begun = end


def _workbook_without(path: Path, pattern: re.Pattern[str]) -> int | None:
    """Rows go, and so do the texts that only they used."""
    with zipfile.ZipFile(path) as book:
        parts = {info: book.read(info) for info in book.infolist()}
    marked: set[int] = set()
    gone = 0
    found: dict[zipfile.ZipInfo, bytes] = {}
    for info in sorted(parts, key=lambda info: "sharedStrings" not in info.filename):
        found[info] = parts[info]
        if "sharedStrings" in info.filename:
            found[info], marked = _blanked(parts[info].decode(), pattern)
        elif "worksheets/" in info.filename and info.filename.endswith(".xml"):
            found[info], rows = _sheet_without(parts[info].decode(), marked, pattern)
            gone += rows
    if not gone and not marked:
        return None
    replace_file(path, _zipped({info: found[info] for info in parts}))
    return gone


def _blanked(text: str, pattern: re.Pattern[str]) -> tuple[bytes, set[int]]:
    """The texts of a workbook with those blank that name the person, and their numbers."""
    items = [item[0] for item in _ITEM.finditer(text)]
    marked = {number for number, item in enumerate(items) if pattern.search(_plain(item))}
    kept = ("<si><t></t></si>" if number in marked else item for number, item in enumerate(items))
    return _ITEM.sub(lambda _: next(kept), text).encode(), marked


def _sheet_without(text: str, marked: set[int], pattern: re.Pattern[str]) -> tuple[bytes, int]:
    bad = {row[0] for row in _ROW.finditer(text) if _names(row[0], marked, pattern)}
    gone = sum(row[0] in bad for row in _ROW.finditer(text))
    return _ROW.sub(lambda row: "" if row[0] in bad else row[0], text).encode(), gone


def _names(row: str, marked: set[int], pattern: re.Pattern[str]) -> bool:
    return any(int(cell[1]) in marked for cell in _SHARED.finditer(row)) or bool(pattern.search(_plain(row)))


def _plain(xml: str) -> str:
    return html.unescape(_TAG.sub("\n", xml))


def _zipped(parts: dict[zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for info, content in parts.items():
            book.writestr(info, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
