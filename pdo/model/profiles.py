"""Profiles: how the exports of one platform are to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from pdo.model.settings import ImportMapping


@dataclass(frozen=True, slots=True)
class Layout:
    """One sort of file that a platform exports.

    Args:
        name: within the profile.
        label: for people.
        headers: by which it is known: a file that has all of them is one.
        parts: what comes in of it, a kind each, in the order in which kinds come in.
    """

    name: str
    label: str
    headers: tuple[str, ...]
    parts: tuple[ImportMapping, ...]

    @property
    def known(self) -> frozenset[str]:
        """All headers that mean something."""
        return frozenset(self.headers).union(*(part.headers for part in self.parts))


@dataclass(frozen=True, slots=True)
class Profile:
    """The files of a platform.

    Args:
        name: that of its file.
        label: for people.
        path: where it stands.
        is_own: whether it is the project's, which goes before one that comes with pdo.
        layouts: its sorts of files.
    """

    name: str
    label: str
    path: Path
    is_own: bool
    layouts: tuple[Layout, ...]
