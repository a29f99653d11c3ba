"""How the memory that a process may take is shared out between an engine and the rest of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pdo.core.errors import StorageError
from pdo.core.frozen import dataclass
from pdo.core.machine import machine_memory
from pdo.core.sizes import MEGABYTE, shown_size

if TYPE_CHECKING:
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


def lacks_disk(error: Exception) -> bool:
    """Whether an engine failed for want of room for what it spills."""
    return any(sentence in str(error) for sentence in NO_DISK)


def short_of(error: Exception, share: Share, folder: Path) -> StorageError:
    """What an engine lacks that could not go on: memory, or room for what it spills.

    Args:
        error: as the engine says it.
        share: that it has.
        folder: into which it spills.
    """
    if lacks_disk(error):
        return StorageError("error.disk_full", path=folder.parent)
    more = shown_size(share.whole + share.engine)
    return StorageError("error.memory_short", memory=shown_size(share.whole), more=more)
