"""How the memory that a process may take is shared out between an engine and the rest of it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pdo.core.errors import StorageError
from pdo.core.frozen import dataclass
from pdo.core.machine import machine_memory
from pdo.core.sizes import MEGABYTE, shown_size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REST = 450 * MEGABYTE
"""What a process takes beside its engine: Python and its libraries, the cache of SQLite, rows on their way as Arrow."""
USUAL = 1950 * MEGABYTE
"""What a process may take where nobody says anything and the machine has more."""
LEAST_MEMORY = 700 * MEGABYTE
"""With less an engine cannot go on, whatever it puts on disk; measured on a million customers with 200 rules."""
PER_THREAD = 250 * MEGABYTE
"""With less than this a thread, sorts and joins of several get into each other's way until none can go on."""
PLENTY = 1000 * MEGABYTE
"""With less than this for an engine, no more of the store is kept in memory for writing than for reading."""
NO_DISK = ("max_temp_directory_size", "No space left on device")
"""How DuckDB says that what it spills has no room."""
NO_MEMORY = "Out of Memory Error"
SHORT = (NO_MEMORY, "IO Error", "IO: Failed to get next parameter batch")
"""How what is said begins where an engine has too little memory, or no room for what it spills: by DuckDB, and by ADBC where rows
that stream out of DuckDB end so. All else may quote cells."""


@dataclass(frozen=True, slots=True)
class Share:
    """What an engine may take.

    Args:
        whole: of the process, in bytes.
    """

    whole: int

    @property
    def engine(self) -> int:
        """Bytes that it may hold before it spills."""
        return self.whole - REST

    @property
    def threads(self) -> int:
        """How many threads work at once."""
        return max(1, min(os.cpu_count() or 1, self.engine // PER_THREAD))

    @property
    def has_plenty(self) -> bool:
        """Whether the store may keep more of itself in memory while it is written."""
        return self.engine >= PLENTY


def share_of(memory: int | None) -> Share:
    """What an engine may take of the memory of a process.

    Args:
        memory: what the process may take, as `--memory` or `pdo.yaml` say, in bytes; None for the usual, or two thirds of what
            a small machine has.
    """
    if memory is not None:
        return Share(memory)
    has = machine_memory()
    return Share(USUAL if has is None else max(min(USUAL, has * 2 // 3), LEAST_MEMORY))


@contextmanager
def told_short(share: Share, folder: Path) -> Iterator[None]:
    """Tell what an engine lacks that cannot go on in the block: memory, or room for what it spills.

    DuckDB says so by errors of its own, and while rows stream out of it by those of whoever reads them. All are known by its
    words, for core loads neither.

    Args:
        share: that it has.
        folder: into which it spills.

    Raises:
        StorageError: it lacks that.
    """
    try:
        yield
    except Exception as error:
        said = str(error)
        if not said.startswith(SHORT) and not isinstance(error, OSError):
            raise
        if any(sentence in said for sentence in NO_DISK):
            raise StorageError("error.disk_full", path=folder.parent) from error
        if NO_MEMORY in said:
            more = shown_size(share.whole + share.engine)
            raise StorageError("error.memory_short", memory=shown_size(share.whole), more=more) from error
        raise
