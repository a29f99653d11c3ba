"""The life of a batch by hand: approve, cancel; and what became of one customer's message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from pdo.api.sources import sending_of
from pdo.core.errors import UsageError
from pdo.deliver.batches import approve_batch, find_batch
from pdo.model.previews import MessageFate
from pdo.outbox.writing import take_back
from pdo.report.batches import show_batch
from pdo.report.customers import resolve_customer
from pdo.report.values import mask
from pdo.store.door import open_door
from pdo.store.session import open_session
from pdo.store.tables import Batch, Message, Staff

if TYPE_CHECKING:
    from sqlmodel import Session

    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment
    from pdo.model.reports import BatchEntry
    from pdo.model.settings import Settings

BY_HAND = "by_hand"


def approve(opened: OpenProject, batch_id: int, *, now: Moment) -> tuple[BatchEntry, bool]:
    """Approve a batch.

    Returns:
        The batch, and whether it was a draft before.

    Raises:
        UsageError: there is no such batch, it is cancelled, has expired, or its campaign was edited since.
    """
    with open_session(opened.settings.database, write=True, doing="batch approve") as session:
        require_current(session, opened, batch_id)
        changed = approve_batch(session, batch_id, now=now, actor=opened.actor)
        session.flush()
        return show_batch(session, batch_id, opened.settings.timezone), changed


def require_current(session: Session, opened: OpenProject, batch_id: int) -> None:
    """See that a batch that has not left is what its campaign says now: nobody approved anything else.

    Raises:
        UsageError: there is no such batch, or its campaign was edited since.
    """
    batch = find_batch(session, batch_id)
    digests = {one.name: one.digest for one in sending_of(opened.project, opened.settings).sources}
    if batch.status in ("draft", "approved") and batch.digest not in (None, digests.get(batch.campaign, batch.digest)):
        raise UsageError("error.batch_edited", batch_id=batch_id, campaign=batch.campaign)


def check_current(opened: OpenProject, batch_id: int) -> None:
    """See, before a batch leaves, that it is what its campaign says now.

    Raises:
        UsageError: there is no such batch, or its campaign was edited since.
    """
    with open_session(opened.settings.database) as session:
        require_current(session, opened, batch_id)


def cancel(settings: Settings, batch_id: int, *, now: Moment, actor: str) -> tuple[BatchEntry, bool]:
    """Cancel a batch that has not left; its codes are free again.

    Returns:
        The batch, and whether it was alive before.

    Raises:
        UsageError: there is no such batch, or it has left.
    """
    with open_session(settings.database) as session:
        status = find_batch(session, batch_id).status
    if status == "exported":
        raise UsageError("error.batch_left", batch_id=batch_id)
    alive = status in ("draft", "approved")
    if alive:
        with open_door(settings.database, write=True, doing="batch cancel") as door:
            take_back(door, [batch_id], at=now.at, actor=actor, why=BY_HAND)
    with open_session(settings.database) as session:
        return show_batch(session, batch_id, settings.timezone), alive


def fates(settings: Settings, customer: str, campaign: str, *, limit: int) -> tuple[str, tuple[MessageFate, ...]]:
    """What became of the messages that a campaign meant for a customer, the latest first; phones are masked.

    Returns:
        The customer's own id, and the messages.

    Raises:
        UsageError: no such customer.
    """
    query = (
        select(Message, Batch, Staff.key)
        .join(Batch, col(Batch.id) == Message.batch_id)
        .outerjoin(Staff, col(Staff.id) == Message.sender_id)
        .order_by(col(Message.planned_on).desc(), col(Message.id).desc())
    )
    with open_session(settings.database) as session:
        found = resolve_customer(session, customer)
        mine = query.where(Message.customer_id == found.id, Message.campaign == campaign).limit(limit)
        return found.key, tuple(
            MessageFate(
                campaign=message.campaign,
                planned_on=message.planned_on.isoformat(),
                batch_id=message.batch_id,
                batch_status=batch.status,
                channel=batch.channel,
                status=message.status,
                reason=message.reason or "",
                sender=sender or "",
                variant=message.variant or "",
                offer=message.offer or "",
                text=mask(message.text),
            )
            for message, batch, sender in session.exec(mine)
        )
