"""Whether a path can be an export at all, before anything reads it as text."""

from __future__ import annotations

import stat
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SIGNATURES: Mapping[bytes, str] = MappingProxyType(
    {
        b"PK\x03\x04": "XLSX/ZIP",
        b"PK\x05\x06": "ZIP",
        b"\x1f\x8b": "gzip",
        b"%PDF": "PDF",
        b"SQLite format 3\0": "SQLite",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "XLS",
        b"\x89PNG": "PNG",
        b"\xff\xd8\xff": "JPEG",
        b"Rar!": "RAR",
        b"7z\xbc\xaf": "7z",
        b"PAR1": "Parquet",
    }
)
"""How files begin that are taken for CSV most often, and what they are called."""


def check_file(path: Path) -> int:
    """See that a path names a file with something in it that may be text.

    Returns:
        Its size in bytes.

    Raises:
        UsageError: it is missing, forbidden, a folder, no regular file, empty, or something else than text.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise UsageError("error.file_is_folder", path=path)
        if not stat.S_ISREG(found.st_mode):
            raise UsageError("error.import_not_regular", path=path)
        with path.open("rb") as file:
            start = file.read(16)
    except FileNotFoundError as error:
        raise UsageError("error.file_missing", path=path) from error
    except PermissionError as error:
        raise UsageError("error.not_permitted", path=path) from error
    except OSError as error:
        raise UsageError("error.import_unreadable", path=path, reason=error.strerror or error) from error
    if not start:
        raise UsageError("error.import_empty", path=path)
    for signature, format_ in SIGNATURES.items():
        if start.startswith(signature):
            raise UsageError("error.import_binary", path=path, format=format_)
    return found.st_size
