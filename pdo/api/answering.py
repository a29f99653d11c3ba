"""Questions to the store: customers, tags, stages, segments, imports, batches. Writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.report.batches import batch_messages, list_batches, show_batch
from pdo.report.customers import find_customers, resolve_customer, show_customer
from pdo.report.journal import list_imports, show_import
from pdo.report.labels import held_by, label_counts
from pdo.report.matching import match
from pdo.report.runs import held_after
from pdo.store.session import open_session

if TYPE_CHECKING:
    from pdo.api.history import Past
    from pdo.api.project import OpenProject
    from pdo.model.reports import (
        BatchEntry,
        BatchMessage,
        CustomerCard,
        FoundCustomer,
        Held,
        ImportEntry,
        LabelCount,
        RejectedCell,
    )
    from pdo.model.settings import Settings
    from pdo.report.matching import Matching


def customer(settings: Settings, text: str, *, reveal: bool = False) -> CustomerCard:
    """What is known of a customer; phones are masked unless they are to be revealed.

    Raises:
        UsageError: there is no such customer.
    """
    with open_session(settings.database) as session:
        return show_customer(session, text, settings, reveal=reveal)


def customers(settings: Settings, text: str, *, limit: int, reveal: bool = False) -> tuple[FoundCustomer, ...]:
    """Customers whose id, name or identifier matches."""
    with open_session(settings.database) as session:
        return find_customers(session, text, limit=limit, reveal=reveal)


def history(settings: Settings, text: str, *, kind: str, name: str | None) -> tuple[Held, ...]:
    """The tags or stages that a customer has and had.

    Args:
        settings: of the project.
        text: the customer.
        kind: `tag` or `stage`.
        name: only this tag, or this lifecycle.

    Raises:
        UsageError: there is no such customer.
    """
    with open_session(settings.database) as session:
        found = resolve_customer(session, text)
        return held_by(session, found.id or 0, settings.timezone, open_only=False, kind=kind, name=name)


def labels(opened: OpenProject, kind: str, at: Past | None = None) -> tuple[LabelCount, ...]:
    """How many have each tag, stage or segment, now or after a run of the past.

    Raises:
        UsageError: there was no run then.
    """
    with open_session(opened.settings.database) as session:
        return label_counts(session, opened.project, kind, None if at is None else held_after(at.find(session)))


def matching(settings: Settings) -> Matching:
    """How much is joined to what."""
    with open_session(settings.database) as session:
        return match(session)


def imports(settings: Settings, *, limit: int) -> tuple[ImportEntry, ...]:
    """The latest imports."""
    with open_session(settings.database) as session:
        return list_imports(session, settings.timezone, limit=limit)


def import_entry(settings: Settings, import_id: int, *, limit: int) -> tuple[ImportEntry, tuple[RejectedCell, ...]]:
    """One import with its first rejects.

    Raises:
        UsageError: there is no such import.
    """
    with open_session(settings.database) as session:
        return show_import(session, import_id, settings.timezone, limit=limit)


def batches(settings: Settings, *, limit: int) -> tuple[BatchEntry, ...]:
    """The latest batches."""
    with open_session(settings.database) as session:
        return list_batches(session, settings.timezone, limit=limit)


def batch(
    settings: Settings, batch_id: int, *, withheld: bool, limit: int
) -> tuple[BatchEntry, tuple[BatchMessage, ...]]:
    """One batch with its first messages, or those that the gate held back; phones masked.

    Raises:
        UsageError: there is no such batch.
    """
    with open_session(settings.database) as session:
        entry = show_batch(session, batch_id, settings.timezone)
        return entry, tuple(batch_messages(session, batch_id, withheld=withheld, masked=True, limit=limit))
