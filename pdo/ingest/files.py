"""What a path leads to, before anything reads it: a text, a workbook, or something that is refused by its right name.

A file is known by its bytes. Where its name says something else, somebody is mistaken, and a wrong guess would be paid for
later; so such a file is refused with both. Packed files and standard input are put into the private folder first.
"""

from __future__ import annotations

import errno
import glob
import gzip
import os
import stat
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from pdo.core.errors import StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

BLOCK = 1 << 22
STANDARD_INPUT = "-"

TEXT, WORKBOOK, GZIP = "CSV/TXT", "XLSX", "gzip"

SIGNATURES: Mapping[bytes, str] = MappingProxyType(
    {
        b"PK\x03\x04": "ZIP",
        b"PK\x05\x06": "ZIP",
        b"\x1f\x8b": GZIP,
        b"%PDF": "PDF",
        b"SQLite format 3\0": "SQLite",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "XLS",
        b"\x89PNG": "PNG",
        b"\xff\xd8\xff": "JPEG",
        b"GIF8": "GIF",
        b"BM\x00": "BMP",
        b"Rar!": "RAR",
        b"7z\xbc\xaf": "7z",
        b"BZh": "bzip2",
        b"\xfd7zXZ\0": "xz",
        b"\x28\xb5\x2f\xfd": "zstd",
        b"PAR1": "Parquet",
        b"ARROW1": "Arrow",
        b"{\\rtf": "RTF",
        b"\x7fELF": "ELF",
        b"MZ\x90": "EXE",
    }
)
"""How files begin that are taken for tables most often, and what they are called."""

_MARKUP = MappingProxyType(
    {
        b"<!doctype html": "HTML",
        b"<html": "HTML",
        b"<head": "HTML",
        b"<meta": "HTML",
        b"<table": "HTML",
        b"<?xml": "XML",
        b'{"': "JSON",
        b'[{"': "JSON",
    }
)
"""How texts begin that are no tables; shop systems give some of them the name of one."""

_NAMES = MappingProxyType(
    {
        ".csv": TEXT,
        ".tsv": TEXT,
        ".tab": TEXT,
        ".txt": TEXT,
        ".xlsx": WORKBOOK,
        ".xlsm": WORKBOOK,
        ".xls": "XLS",
        ".gz": GZIP,
    }
)
"""What a name says of the bytes; other names say nothing."""

_BETTER = MappingProxyType({TEXT: ".csv", WORKBOOK: ".xlsx"})


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes that may be a table.

    Args:
        path: where they lie: what the user named, or a copy in the private folder.
        named: what the user named.
        format: `TEXT` or `WORKBOOK`.
        size: in bytes.
        stamp: size and time of change of what the user named; None for standard input.
    """

    path: Path
    named: Path
    format: str
    size: int
    stamp: tuple[int, int] | None


def expand(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Files that patterns mean, in the order of their names; what exists as it is written is no pattern.

    Raises:
        UsageError: a pattern fits nothing.
    """
    found: list[Path] = []
    for path in paths:
        if str(path) == STANDARD_INPUT or os.path.lexists(path) or not glob.has_magic(str(path)):
            found.append(path)
            continue
        fitting = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207  (the pattern is a whole path)
        if not fitting:
            raise UsageError("error.import_no_match", path=path)
        found += map(Path, fitting)
    return tuple(dict.fromkeys(found))


def check_place(path: Path) -> None:
    """See that a path leads to a file at all, without opening it.

    Raises:
        UsageError: it is missing, forbidden, a folder, or no regular file.
    """
    if str(path) != STANDARD_INPUT:
        with _told(path):
            _check_mode(path, path.stat().st_mode)


def open_source(path: Path, folder: Path) -> Source:
    """Find the bytes of a file, unpacked.

    Args:
        path: as the user named it; `-` is standard input.
        folder: where copies may be put.

    Raises:
        UsageError: it is missing, forbidden, a folder, no regular file, empty, damaged, no table, or not what its name says.
        StorageError: there is no room for a copy.
    """
    if str(path) == STANDARD_INPUT:
        return _unpacked(Source(_spooled(folder), path, "", 0, None), "", folder)
    with _told(path):
        # Opened without waiting: a pipe that nobody writes to would hold it for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            found = os.fstat(descriptor)
        finally:
            os.close(descriptor)
    _check_mode(path, found.st_mode)
    return _unpacked(Source(path, path, "", found.st_size, stamp_of(path)), path.name.lower(), folder)


def stamp_of(path: Path) -> tuple[int, int]:
    """Size and time of the last change.

    Raises:
        UsageError: the file is gone.
    """
    with _told(path):
        found = path.stat()
    return found.st_size, found.st_mtime_ns


def blocks_of(path: Path, size: int) -> Iterator[bytes]:
    """A file's bytes, no more than it had: one that grows faster than it is read has no end."""
    with path.open("rb") as file:
        while size > 0 and (block := file.read(min(BLOCK, size))):
            size -= len(block)
            yield block


class _Told:
    """Words for what the system says of a path."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, FileNotFoundError):
            raise UsageError("error.file_missing", path=self._path) from error
        if isinstance(error, PermissionError):
            raise UsageError("error.not_permitted", path=self._path) from error
        if isinstance(error, OSError):
            if error.errno == errno.ENXIO:
                raise UsageError("error.import_not_regular", path=self._path) from error
            raise UsageError("error.import_unreadable", path=self._path, reason=error.strerror or error) from error


def _told(path: Path) -> _Told:
    return _Told(path)


def _check_mode(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise UsageError("error.file_is_folder", path=path)
    if not stat.S_ISREG(mode):
        raise UsageError("error.import_not_regular", path=path)


def _spooled(folder: Path) -> Path:
    """Standard input as a file."""
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("error.import_no_input")
    return _copied(iter(lambda: sys.stdin.buffer.read(BLOCK), b""), folder / "input")


def _copied(blocks: Iterable[bytes], target: Path) -> Path:
    with target.open("wb") as copy:
        for block in blocks:
            try:
                copy.write(block)
            except OSError as error:
                raise StorageError("error.disk_full", path=target.parent) from error
    return target


def _unpacked(source: Source, name: str, folder: Path) -> Source:
    """The source itself or what is packed in it, once its bytes are what its name says."""
    size = source.path.stat().st_size
    with _told(source.named), source.path.open("rb") as file:
        start = file.read(512)
        format_ = _format(source, file, start)
    if not start:
        raise UsageError("error.import_empty", path=source.named)
    claimed = next((said for suffix, said in _NAMES.items() if name.endswith(suffix)), None)
    if claimed is not None and claimed != format_:
        _refuse_name(source.named, name, format_, claimed)
    if format_ == GZIP:
        return _from_gzip(source, name.removesuffix(".gz"), folder)
    if format_ not in (TEXT, WORKBOOK):
        raise UsageError("error.import_binary", path=source.named, format=format_)
    return Source(source.path, source.named, format_, size, source.stamp)


def _refuse_name(named: Path, name: str, format_: str, claimed: str) -> None:
    suffix = next(suffix for suffix in _NAMES if name.endswith(suffix))
    if format_ == GZIP:
        raise UsageError("error.import_misnamed", path=named, suffix=suffix, format=format_, better=f"{named.name}.gz")
    if format_ in _BETTER:
        stem, rest = named.name[: len(name) - len(suffix)], named.name[len(name) :]
        better = stem if stem.lower().endswith(_BETTER[format_]) else stem + _BETTER[format_]
        raise UsageError("error.import_misnamed", path=named, suffix=suffix, format=format_, better=better + rest)
    if format_ == "XLS" and claimed == WORKBOOK:
        raise UsageError("error.import_protected", path=named)
    raise UsageError("error.import_binary", path=named, format=format_)


def _format(source: Source, file: BinaryIO, start: bytes) -> str:
    """What bytes are, by their beginning."""
    found = next((format_ for signature, format_ in SIGNATURES.items() if start.startswith(signature)), None)
    if found == "ZIP":
        return _zipped(source, file)
    if found:
        return found
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((format_ for beginning, format_ in _MARKUP.items() if text.startswith(beginning)), TEXT)


def _zipped(source: Source, file: BinaryIO) -> str:
    """What is in a ZIP: office programs write nothing else."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UsageError("error.import_damaged", path=source.named, format="ZIP") from error
    if "xl/workbook.xml" in names:
        return WORKBOOK
    known = {"xl/workbook.bin": "XLSB", "word/document.xml": "DOCX", "content.xml": "ODS"}
    return next((format_ for name, format_ in known.items() if name in names), "ZIP")


def _from_gzip(source: Source, name: str, folder: Path) -> Source:
    """What is packed; packed twice it is refused, or a small file might never come to an end."""
    target = folder / "unpacked"
    try:
        with gzip.open(source.path) as file:
            _copied(iter(lambda: file.read(BLOCK), b""), target)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UsageError("error.import_damaged", path=source.named, format=GZIP) from error
    inner = Source(target, source.named, "", 0, source.stamp)
    with target.open("rb") as file:
        if file.read(2) == b"\x1f\x8b":
            raise UsageError("error.import_binary", path=source.named, format="gzip in gzip")
    return _unpacked(inner, name, folder)
