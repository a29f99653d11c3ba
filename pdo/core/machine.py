"""How much memory there is: of the machine, or of the container or service that the program runs in, if that has less."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path("/")


def machine_memory(root: Path = ROOT) -> int | None:
    """Bytes of memory that this process may come to have; None where the system does not say.

    Args:
        root: of the file system.
    """
    return min(_bounds(root), default=None)


def _bounds(root: Path) -> Iterator[int]:
    for line in _lines(root / "proc/meminfo"):
        if line.startswith("MemTotal:"):
            yield int(line.split()[1]) * 1024
    groups = root / "sys/fs/cgroup"
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if not controllers:
            yield from _up(groups, path, "memory.max")
        elif "memory" in controllers.split(","):
            yield from _up(groups / "memory", path, "memory.limit_in_bytes")


def _up(groups: Path, path: str, name: str) -> Iterator[int]:
    """The bounds of a group and of those that it is part of; a container sees its own group as the outermost one."""
    inner = groups / path.strip("/")
    for group in (inner, *inner.parents):
        for line in _lines(group / name):
            if line.isdecimal():
                yield int(line)
        if group == groups:
            return


def _lines(file: Path) -> tuple[str, ...]:
    with suppress(OSError, UnicodeDecodeError):
        return tuple(file.read_text("ascii").splitlines())
    return ()
