"""Care of the store: upgrade, check, dump, copies, and what is kept no longer than it may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.calendar import DAY_SECONDS
from pdo.core.errors import UsageError
from pdo.core.frozen import dataclass
from pdo.core.late import late
from pdo.store import backup as copies
from pdo.store import check as checks
from pdo.store import dump, schema
from pdo.store.version import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pdo.api import rights
    from pdo.core.calendar import Moment
    from pdo.model.settings import Settings
    from pdo.store.backup import BackupEntry
    from pdo.store.check import CheckReport
else:
    rights = late("pdo.api.rights")  # only a restore and a purge need DuckDB

BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class Purged:
    """What is kept no longer.

    Args:
        customers: of whom nothing was heard.
        before: since when, an instant.
        rows: table → rows that are gone; empty for a dry run.
    """

    customers: int
    before: int
    rows: Mapping[str, int]


def upgrade(settings: Settings) -> tuple[str, str]:
    """Bring the database to this program's schema.

    Returns:
        The version before and after.
    """
    return schema.upgrade(settings.database)


def check_store(settings: Settings) -> CheckReport:
    """Look the whole store through."""
    return checks.check(settings.database)


def repair_store(settings: Settings) -> tuple[str, ...]:
    """Mend what follows from the rest: the file's mode, indexes, views; and let nothing deleted stay in the file.

    Returns:
        What was mended.
    """
    mended = checks.repair(settings.database)
    copies.scrub(settings.database)
    return mended


def dump_state(settings: Settings) -> Iterator[str]:
    """The store as text, a line a row; equal stores give equal lines."""
    return dump.dump_state(settings.database)


def back_up(
    settings: Settings, folder: Path | None, *, keep: int | None, now: Moment
) -> tuple[BackupEntry, tuple[Path, ...]]:
    """Copy the store; see `pdo.store.backup`."""
    if keep is not None and keep < 1:
        raise UsageError("error.keep", value=keep)
    return copies.backup(settings.database, folder or settings.root / BACKUPS, stamp=_stamp(now), keep=keep)


def restore(settings: Settings, source: Path, *, now: Moment, actor: str) -> tuple[BackupEntry, Path | None, int]:
    """Put a copy in the place of the store; who was erased since is erased again.

    Returns:
        The copy, where the replaced file is, and how many people were erased again.
    """
    listed = rights.suppressed(settings)
    entry, replaced = copies.restore(settings.database, source, stamp=_stamp(now))
    if entry.version != SCHEMA_VERSION:
        schema.upgrade(settings.database)
    return entry, replaced, rights.erase_again(settings, listed, now=now, actor=actor)


def purge(settings: Settings, *, dry_run: bool, now: Moment, actor: str) -> Purged:
    """Erase customers of whom nothing was heard for `retention_days`.

    Raises:
        UsageError: `pdo.yaml` does not say how long data are kept.
    """
    if settings.retention_days is None:
        raise UsageError("error.no_retention")
    before = now.at - settings.retention_days * DAY_SECONDS
    customers, rows = rights.purge_before(settings, before, dry_run=dry_run, now=now, actor=actor)
    return Purged(customers, before, rows)


def _stamp(now: Moment) -> str:
    return now.local.strftime("%Y%m%d-%H%M%S")
