"""Digests of whole files: several parts of one call ask for the same one, and to read a big file takes time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.late import late

if TYPE_CHECKING:
    import hashlib
    from os import stat_result
    from pathlib import Path
else:
    hashlib = late("hashlib")

_MOST = 64
_noted: dict[tuple[int, ...], str] = {}


def file_digest(path: Path) -> str:
    """The sha256 of a file's bytes, as hex digits.

    Raises:
        OSError: it cannot be read.
    """
    noted = noted_digest(path)
    if noted is not None:
        return noted
    before = path.stat()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if _state(path.stat()) == _state(before):
        while len(_noted) >= _MOST:
            del _noted[next(iter(_noted))]
        _noted[_state(before)] = digest
    return digest


def noted_digest(path: Path) -> str | None:
    """The same, if it was asked for before and nobody wrote to the file since.

    Raises:
        OSError: the file is gone.
    """
    return _noted.get(_state(path.stat()))


def _state(found: stat_result) -> tuple[int, ...]:
    """Which file it is, and when it was written to: unlike the time of its content, nobody can set that back."""
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
