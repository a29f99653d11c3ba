"""The states of a batch (群发批次): draft → approved → exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, update

from pdo.core.errors import UsageError
from pdo.store.tables import Batch, Message

if TYPE_CHECKING:
    from sqlmodel import Session

    from pdo.core.calendar import Moment

COLUMNS = ("customer_id", "name", "phone", "owner", "campaign", "planned_on", "text")
"""Of an exported batch."""


def approve_batch(session: Session, batch_id: int, *, now: Moment, actor: str) -> bool:
    """Approve a draft.

    Returns:
        False where it was approved already.

    Raises:
        UsageError: there is no such batch, it is cancelled, or its day was over at the last run.
    """
    batch = find_batch(session, batch_id)
    if batch.status in ("approved", "exported"):
        return False
    _require_alive(batch)
    batch.status, batch.approved_at, batch.approved_by = "approved", now.at, actor
    session.add(batch)
    return True


def require_approved(session: Session, batch_id: int) -> Batch:
    """The batch, if it may leave.

    Raises:
        UsageError: there is no such batch, or nobody has approved it.
    """
    batch = find_batch(session, batch_id)
    if batch.status == "draft":
        raise UsageError("error.batch_draft", batch_id=batch_id)
    _require_alive(batch)
    return batch


def _require_alive(batch: Batch) -> None:
    if batch.status == "cancelled":
        raise UsageError("error.batch_cancelled", batch_id=batch.id)
    if batch.status == "expired":
        raise UsageError("error.batch_expired", batch_id=batch.id, planned_on=batch.planned_on.isoformat())


def mark_exported(session: Session, batch: Batch, *, now: int) -> None:
    """Note that a batch and its messages have left; again changes nothing."""
    batch.status = "exported"
    session.add(batch)
    going = (col(Message.batch_id) == batch.id, col(Message.status) == "planned")
    session.exec(update(Message).where(*going).values(status="exported", sent_at=now))


def find_batch(session: Session, batch_id: int) -> Batch:
    """The batch of a number.

    Raises:
        UsageError: there is none.
    """
    batch = session.get(Batch, batch_id)
    if batch is None:
        raise UsageError("error.unknown_batch", batch_id=batch_id)
    return batch
