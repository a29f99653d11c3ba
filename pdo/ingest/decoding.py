"""Bytes become UTF-8 text: a byte order mark decides, then strict UTF-8, then strict GB18030, always of the whole file.

Nothing is guessed from letter statistics: on short Chinese files they are wrong more often than right. On the way the bytes
are digested and the physical lines are counted, by which the fast reader's word is checked later.
"""

from __future__ import annotations

import codecs
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from pdo.core.errors import UsageError
from pdo.ingest.files import check_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Progress = Callable[[str, int, int], None]

BLOCK = 1 << 22
HEAD = 1 << 16
"""Bytes at the start in which a NUL means that the file is no text; a later one costs its record only."""

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Text:
    r"""A file as UTF-8 text.

    Args:
        path: of the UTF-8 text: the file itself where it is that already (with or without a mark), else a copy.
        original: the file that the user named.
        encoding: what it was, as the report says it.
        digest: sha256 of the original's bytes.
        lines: physical lines; the last one counts whether or not it ends.
        newline: `\n` or `\r\n` where all lines end alike; empty where they do not, or end in `\r` alone.
        stamp: size and time of change when it was read, to find one that changes meanwhile.
    """

    path: Path
    original: Path
    encoding: str
    digest: str
    lines: int
    newline: str
    stamp: tuple[int, int]


class _Lines:
    """Counts line ends, block by block."""

    def __init__(self) -> None:
        self.feeds = self.returns = self.pairs = 0
        self.last = b""
        self.size = 0

    def add(self, block: bytes) -> None:
        if not block:
            return
        self.feeds += block.count(b"\n")
        if b"\r" in block:
            self.returns += block.count(b"\r")
            self.pairs += block.count(b"\r\n")
        self.pairs += self.last == b"\r" and block.startswith(b"\n")
        self.last = block[-1:]
        self.size += len(block)

    @property
    def count(self) -> int:
        ends = self.feeds + self.returns - self.pairs
        return ends + (self.size > 0 and self.last not in (b"\n", b"\r"))

    @property
    def newline(self) -> str:
        if not self.returns:
            return "\n"
        return "\r\n" if self.pairs == self.feeds == self.returns else ""


def decode(path: Path, folder: Path, *, encoding: str | None, progress: Progress) -> Text:
    """Make UTF-8 text of a file.

    Args:
        path: the file.
        folder: where a copy may be put.
        encoding: what the user says it is; found where None.
        progress: told how many bytes of all are done.

    Raises:
        UsageError: the file cannot be read, is no text, or is in another encoding.
    """
    size = check_file(path)
    stamp = stamp_of(path)
    try:
        with path.open("rb") as file:
            start = file.read(4)
        mark = next((found for bom, found in BYTE_ORDER_MARKS if start.startswith(bom)), None)
        chosen = _known(encoding) if encoding else mark
        if chosen is None:
            found = _as_utf8(path, size, progress) or _copied(path, folder, "gb18030", size, progress)
        elif chosen in ("utf-8", "utf-8-sig"):
            found = _as_utf8(path, size, progress)
        else:
            found = _copied(path, folder, chosen, size, progress)
    except OSError as error:
        raise UsageError("error.import_unreadable", path=path, reason=error.strerror or error) from error
    if found is None:
        key = "error.import_encoding_named" if encoding or mark else "error.import_encoding"
        raise UsageError(key, path=path, encoding=encoding or mark)
    text_path, name, digest, lines = found
    return Text(text_path, path, name, digest, lines.count, lines.newline, stamp)


def stamp_of(path: Path) -> tuple[int, int]:
    """Size and time of the last change."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def check_unchanged(text: Text) -> None:
    """See that nobody wrote to the file while it was read.

    Raises:
        UsageError: somebody did.
    """
    if stamp_of(text.original) != text.stamp:
        raise UsageError("error.import_changing", path=text.original)


_Decoded = tuple["Path", str, str, _Lines]


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        # Some codecs are for no text at all, which only shows when they are used.
        with suppress(UnicodeError):
            b"a".decode(name)
    except LookupError as error:
        raise UsageError("error.import_encoding_unknown", encoding=encoding) from error
    return name


def _blocks(file: BinaryIO, size: int, progress: Progress) -> Iterator[bytes]:
    done = 0
    while block := file.read(BLOCK):
        yield block
        done += len(block)
        progress("read", min(done, size), size)


def _as_utf8(path: Path, size: int, progress: Progress) -> _Decoded | None:
    """The file itself, if it is UTF-8 to the end."""
    digest, lines, marked = hashlib.sha256(), _Lines(), False
    check = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        with path.open("rb") as file:
            for index, block in enumerate(_blocks(file, size, progress)):
                if index == 0:
                    marked = block.startswith(codecs.BOM_UTF8)
                    _refuse_nul(path, block)
                digest.update(block)
                lines.add(block)
                check.decode(block)
            check.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return path, "utf-8-sig" if marked else "utf-8", digest.hexdigest(), lines


def _copied(path: Path, folder: Path, encoding: str, size: int, progress: Progress) -> _Decoded | None:
    """A copy in UTF-8, if the file is of that encoding to the end."""
    digest, lines = hashlib.sha256(), _Lines()
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    target = folder / "text.csv"
    try:
        with path.open("rb") as source, target.open("wb") as copy:
            for index, block in enumerate(_blocks(source, size, progress)):
                digest.update(block)
                written = decoder.decode(block).encode()
                if index == 0:
                    _refuse_nul(path, written)
                lines.add(written)
                copy.write(written)
            rest = decoder.decode(b"", final=True).encode()
            lines.add(rest)
            copy.write(rest)
    except UnicodeError:
        return None
    return target, encoding, digest.hexdigest(), lines


def _refuse_nul(path: Path, block: bytes) -> None:
    if b"\0" in block[:HEAD]:
        raise UsageError("error.import_nul", path=path)
