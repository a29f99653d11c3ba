"""Room on disks: how much is free, how much a piece of work may take, and the refusal to begin it with less.

The rules are simple and on the safe side. Whoever writes puts each page of the store into the journal once at most, so that grows
as large as the store; what the engine cannot hold in memory is put beside it, and that is no more than the store either.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from pdo.core.errors import StorageError
from pdo.core.sizes import MEGABYTE, shown_size

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LEAST = 32 * MEGABYTE
"""Whatever is done, this much should be free."""
FILE_TIMES = 3
"""An import takes so many times its file: decoded beside it, in the journal, in the store."""
PACKED_TIMES = 10
"""So many times its size is a packed file when it is unpacked."""
PACKED = (".gz", ".xlsx", ".zip")


def free_space(path: Path) -> int:
    """Bytes that are free on the disk of a path, whose folder exists."""
    return shutil.disk_usage(path if path.exists() else path.parent).free


def run_space(database: Path) -> int:
    """Bytes that a run may take: the journal as large as the store, and as much again of what does not fit into memory."""
    return max(2 * size_of(database), LEAST)


def import_space(files: Iterable[Path]) -> int:
    """Bytes that the import of files may take, of which each is one by itself."""
    sizes = (FILE_TIMES * size_of(file) * (PACKED_TIMES if file.suffix.lower() in PACKED else 1) for file in files)
    return max((*sizes, LEAST))


def size_of(file: Path) -> int:
    """Bytes of a file; 0 where there is none, as for standard input."""
    return file.stat().st_size if file.is_file() else 0


def require_space(database: Path, needed: int) -> None:
    """See that there is room beside a store before anything is begun.

    Raises:
        StorageError: there is not.
    """
    free = free_space(database)
    if free < needed:
        raise StorageError("error.no_space", path=database.parent, free=shown_size(free), needed=shown_size(needed))
