"""Files that appear by atomic rename, for their owner only, under names that every system accepts."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import unicodedata
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdo.core.errors import StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PRIVATE = 0o600
LONGEST_NAME = 180  # bytes; most file systems take 255, and a suffix of ours comes on top
_FORBIDDEN = re.compile(r'[/\\\x00-\x1f\x7f<>:"|?*]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


def file_stem(name: str) -> str:
    """A name from a playbook as the name of a file.

    Raises:
        UsageError: it cannot be one everywhere: a path, a reserved word, too long.
    """
    stem = unicodedata.normalize("NFC", name)
    wrong = _FORBIDDEN.search(stem) or _RESERVED.match(stem) or stem.startswith(".") or stem != stem.strip(" .")
    if not stem or wrong or len(stem.encode()) > LONGEST_NAME:
        raise UsageError("error.file_name", name=name)
    return stem


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A whole file under a name of its own, waiting for its real one.

    Args:
        path: its real name.
        part: where it is now.
        digest: sha256 of its bytes, hexadecimal.
    """

    path: Path
    part: Path
    digest: str

    def publish(self) -> None:
        """Give it its name, in place of what was there.

        Raises:
            StorageError: the folder does not allow it.
        """
        try:
            self.part.replace(self.path)
        except OSError as error:
            raise StorageError("error.not_permitted", path=self.path) from error


@contextmanager
def pending_file(path: Path, chunks: Iterable[bytes]) -> Iterator[PendingFile]:
    """Write a file beside its place; nothing is left of it unless it is published.

    Args:
        path: its real name; missing folders are made.
        chunks: its content.

    Raises:
        UsageError: the name is a folder's.
        StorageError: the folder cannot be written, or the disk is full.
    """
    if path.is_dir():
        raise UsageError("error.file_is_folder", path=path)
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    except OSError as error:
        raise _refused(error, path) from error
    try:
        yield PendingFile(path, part, _fill(descriptor, path, chunks))
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _fill(descriptor: int, path: Path, chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    with os.fdopen(descriptor, "wb") as stream:
        for chunk in chunks:
            digest.update(chunk)
            try:
                stream.write(chunk)
            except OSError as error:
                raise _refused(error, path) from error
        try:
            stream.flush()
            os.fsync(stream.fileno())
        except OSError as error:
            raise _refused(error, path) from error
    return digest.hexdigest()


def _refused(error: OSError, path: Path) -> StorageError:
    forbidden = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)
    return StorageError("error.not_permitted" if forbidden else "error.disk_full", path=path)
