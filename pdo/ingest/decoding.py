"""Bytes become UTF-8 text: a byte order mark decides, then strict UTF-8, then strict GB18030, always of the whole file.

Nothing is chosen by letter statistics: on short Chinese files they are wrong more often than right. But GB18030 takes almost
any bytes, Big5 and Latin-1 among them; what comes out is believed only if it is made of characters that people write, and
otherwise the user is asked. On the way the bytes are digested and the physical lines are counted, by which the fast reader's
word is checked later. A workbook needs no decoding and passes through.
"""

from __future__ import annotations

import codecs
import hashlib
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa

from pdo.core.digests import noted_digest
from pdo.core.errors import StorageError, UsageError
from pdo.ingest.files import WORKBOOK, blocks_of, open_source, stamp_of
from pdo.ingest.sheets import Workbook, open_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pdo.ingest.files import Source

    Progress = Callable[[str, int, int], None]

LONGEST_LINE = 1 << 21
"""Bytes without a line end that no table has: half a block, for a block of another encoding may have half as many here."""

HEAD = 1 << 16
"""Bytes at the start in which a NUL means that the file is no text; a later one costs its record only."""

LONGEST_CHARACTER = 4
"""Bytes of UTF-8."""

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Longest first: that of UTF-32 begins like that of UTF-16."""

WIDER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"big5": ("cp950", "big5hkscs"), "cp950": ("big5hkscs",), "gb2312": ("gbk", "gb18030"), "gbk": ("gb18030",)}
)
"""Encodings that people call by the name of a narrower one, tried where that one does not do."""

COMMON_SHARE = 5
"""At least all but one in so many characters beyond ASCII must be common ones; names have rare ones now and then."""


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
        stamp: size and time of change when it was read, to find one that changes meanwhile; None for standard input.
        has_nul: whether a NUL stands in it somewhere.
        workbook: set where the file is one; it has no text then, and no lines.
    """

    path: Path
    original: Path
    encoding: str
    digest: str
    lines: int
    newline: str
    stamp: tuple[int, int] | None
    has_nul: bool = False
    workbook: Workbook | None = None


class _Lines:
    """Counts line ends, block by block."""

    def __init__(self) -> None:
        self.feeds = self.returns = self.pairs = 0
        self.has_nul = self.has_long = False
        self.last = b""
        self.size = 0

    def add(self, block: bytes) -> None:
        if not block:
            return
        feeds, returns = block.count(b"\n"), block.count(b"\r")
        self.feeds += feeds
        if returns:
            self.returns += returns
            self.pairs += block.count(b"\r\n")
        self.has_nul = self.has_nul or b"\0" in block
        self.has_long = self.has_long or (len(block) >= LONGEST_LINE and not feeds and not returns)
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
        path: the file; `-` is standard input.
        folder: where copies may be put.
        encoding: what the user says it is; found where None.
        progress: told how many bytes of all are done.

    Raises:
        UsageError: the file cannot be read, is no text, is in another encoding, or changes meanwhile.
        StorageError: there is no room for a copy.
    """
    source = open_source(path, folder)
    if source.format == WORKBOOK:
        digest = hashlib.sha256()
        for block in _blocks(source, progress):
            digest.update(block)
        workbook = open_workbook(source)
        text = Text(source.path, path, "xlsx", digest.hexdigest(), 0, "", source.stamp, workbook=workbook)
    else:
        text = _decoded(source, folder, encoding, progress)
    check_unchanged(text)
    return text


def _decoded(source: Source, folder: Path, encoding: str | None, progress: Progress) -> Text:
    try:
        with source.path.open("rb") as file:
            start = file.read(4)
        mark = next((found for bom, found in BYTE_ORDER_MARKS if start.startswith(bom)), None)
        chosen = _known(encoding) if encoding else mark
        if chosen is None:
            found = _as_utf8(source, progress) or _copied(source, folder, "gb18030", progress, doubtful=True)
        elif chosen in ("utf-8", "utf-8-sig"):
            found = _as_utf8(source, progress)
        else:
            tried = (_copied(source, folder, name, progress) for name in (chosen, *WIDER.get(chosen, ())))
            found = next(filter(None, tried), None)
    except OSError as error:
        raise UsageError("error.import_unreadable", path=source.named, reason=error.strerror or error) from error
    if found is None:
        key = "error.import_encoding_named" if encoding or mark else "error.import_encoding"
        raise UsageError(key, path=source.named, encoding=encoding or mark)
    text_path, name, digest, lines = found
    if lines.has_long:
        raise UsageError("error.import_line_long", path=source.named)
    return Text(text_path, source.named, name, digest, lines.count, lines.newline, source.stamp, has_nul=lines.has_nul)


def check_unchanged(text: Text) -> None:
    """See that nobody wrote to the file while it was read.

    Raises:
        UsageError: somebody did.
    """
    if text.stamp is not None and stamp_of(text.original) != text.stamp:
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


def _blocks(source: Source, progress: Progress) -> Iterator[bytes]:
    done = 0
    for block in blocks_of(source.path, source.size):
        yield block
        done += len(block)
        progress("read", done, source.size)


def _as_utf8(source: Source, progress: Progress) -> _Decoded | None:
    """The file itself, if it is UTF-8 to the end."""
    noted = noted_digest(source.path)
    digest, lines, marked, cut = hashlib.sha256(), _Lines(), False, b""
    for index, block in enumerate(_blocks(source, progress)):
        if index == 0:
            marked = block.startswith(codecs.BOM_UTF8)
            _refuse_nul(source, block)
        if noted is None:
            digest.update(block)
        lines.add(block)
        begun = _begun(block)
        if not _is_utf8(cut + block[: len(block) - begun]):
            return None
        cut = block[len(block) - begun :]
    if cut:
        return None
    return source.path, "utf-8-sig" if marked else "utf-8", noted or digest.hexdigest(), lines


def _begun(block: bytes) -> int:
    """How many bytes at the end are of a character that may go on in the next block."""
    tail = block[-LONGEST_CHARACTER:]
    return len(tail) - codecs.utf_8_decode(tail, "ignore", False)[1]  # noqa: FBT003  (takes no keyword)


def _is_utf8(text: bytes) -> bool:
    """Whether bytes are whole characters. Arrow knows six times as soon as Python, which makes a text of them."""
    ends = pa.py_buffer(struct.pack("=ii", 0, len(text)))
    try:
        pa.StringArray.from_buffers(1, ends, pa.py_buffer(text)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _copied(
    source: Source, folder: Path, encoding: str, progress: Progress, *, doubtful: bool = False
) -> _Decoded | None:
    """A copy in UTF-8, if the file is of that encoding to the end.

    Args:
        doubtful: nobody says that it is; the characters are looked at.
    """
    digest, lines, strange = hashlib.sha256(), _Lines(), _Strange()
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    target = folder / "text.csv"
    try:
        with target.open("wb") as copy:
            for index, block in enumerate(_blocks(source, progress)):
                digest.update(block)
                written = decoder.decode(block)
                if index == 0:
                    _refuse_nul(source, written[:HEAD].encode())
                strange.add(written if doubtful else "")
                lines.add(_put(copy, written))
            lines.add(_put(copy, decoder.decode(b"", final=True)))
    except UnicodeError:
        return None
    if strange.prevail:
        raise UsageError("error.import_encoding_doubtful", path=source.named, encoding=encoding)
    return target, encoding, digest.hexdigest(), lines


def _put(copy: BinaryIO, text: str) -> bytes:
    written = text.encode()
    try:
        copy.write(written)
    except OSError as error:
        raise StorageError("error.disk_full", path=Path(copy.name).parent) from error
    return written


class _Strange:
    """Counts characters beyond ASCII, and those of them that stand in GB2312: nearly all that Chinese is written with."""

    def __init__(self) -> None:
        self._all = self._common = 0

    def add(self, text: str) -> None:
        beyond = len(text) - len(text.encode("ascii", "ignore"))
        if beyond:
            self._all += beyond
            self._common += (len(text.encode("gb2312", "ignore")) - len(text) + beyond) // 2
            self._common += sum(map(text.count, _ALSO_COMMON))

    @property
    def prevail(self) -> bool:
        """Whether too many stand nowhere else."""
        return (self._all - self._common) * COMMON_SHARE > self._all


_ALSO_COMMON = ("—", "·", "€")
"""Python's GB2312 reads the first two as others; the third is younger."""


def _refuse_nul(source: Source, block: bytes) -> None:
    if b"\0" in block[:HEAD]:
        raise UsageError("error.import_nul", path=source.named)
