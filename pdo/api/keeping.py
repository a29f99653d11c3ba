"""Care of the store: upgrade, check, dump."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.store import check as checks
from pdo.store import dump, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.model.settings import Settings
    from pdo.store.check import CheckReport


def upgrade(settings: Settings) -> tuple[str, str]:
    """Bring the database to this program's schema.

    Returns:
        The version before and after.
    """
    return schema.upgrade(settings.database)


def check_store(settings: Settings) -> CheckReport:
    """Look the whole store through."""
    return checks.check(settings.database)


def dump_state(settings: Settings) -> Iterator[str]:
    """The store as text, a line a row; equal stores give equal lines."""
    return dump.dump_state(settings.database)
