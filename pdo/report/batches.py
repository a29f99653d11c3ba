"""Batches of messages (群发批次) and what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from pdo.core.errors import UsageError
from pdo.model.reports import BatchEntry, BatchMessage
from pdo.report.values import mask, mask_phone, moment_text
from pdo.store.tables import Batch, Code, Customer, Identity, Message, Staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session


def list_batches(session: Session, zone: str, *, limit: int) -> tuple[BatchEntry, ...]:
    """The latest batches, latest first."""
    query = select(Batch).order_by(col(Batch.planned_on).desc(), col(Batch.id).desc()).limit(limit)
    return tuple(_entry(session, found, zone) for found in session.exec(query).all())


def show_batch(session: Session, batch_id: int, zone: str) -> BatchEntry:
    """One batch.

    Raises:
        UsageError: there is no such batch.
    """
    found = session.get(Batch, batch_id)
    if found is None:
        raise UsageError("error.unknown_batch", batch_id=batch_id)
    return _entry(session, found, zone)


def batch_messages(
    session: Session, batch_id: int, *, withheld: bool, masked: bool, limit: int | None = None
) -> Iterator[BatchMessage]:
    """The messages of a batch by natural key of the customer, or those that the gate held back."""
    query = (
        select(Message, Customer, Staff.key)
        .join(Customer, col(Message.customer_id) == Customer.id)
        .outerjoin(Staff, col(Customer.owner_id) == Staff.id)
        .where(Message.batch_id == batch_id)
        .where((Message.status == "withheld") if withheld else col(Message.status).in_(("planned", "exported")))
        .order_by(Customer.key)
        .limit(limit)
    )
    hide = mask if masked else str
    hide_phone = mask_phone if masked else str
    for message, customer, owner in session.exec(query):
        yield BatchMessage(
            customer.key,
            hide(customer.name) if customer.name is not None else None,
            hide_phone(customer.phone) if customer.phone is not None else None,
            owner,
            message.campaign,
            message.planned_on.isoformat(),
            message.status,
            message.reason,
            hide(message.text),
        )


def export_rows(session: Session, batch_id: int) -> Iterator[dict[str, str | None]]:
    """What may be told of each message of a batch that leaves, by natural key of the customer; phones in full."""
    owner, sender = aliased(Staff), aliased(Staff)
    told: list[Any] = [Batch.channel, owner.key, sender.key, Code.key, _identifier("external"), _identifier("unionid")]
    query: Any = (
        sql_select(Message, Customer, *told)
        .join(Customer, col(Message.customer_id) == Customer.id)
        .join(Batch, col(Message.batch_id) == Batch.id)
        .outerjoin(owner, col(Customer.owner_id) == owner.id)
        .outerjoin(sender, col(Message.sender_id) == sender.id)
        .outerjoin(Code, col(Message.code_id) == Code.id)
        .where(col(Message.batch_id) == batch_id, col(Message.status).in_(("planned", "exported")))
        .order_by(Customer.key)
    )
    for message, customer, channel, owned_by, sent_by, code, external, unionid in session.execute(query):
        yield {
            "customer_id": customer.key,
            "name": customer.name,
            "phone": customer.phone,
            "owner": owned_by,
            "external_id": external,
            "unionid": unionid,
            "campaign": message.campaign,
            "channel": channel,
            "planned_on": message.planned_on.isoformat(),
            "sender": sent_by,
            "variant": message.variant,
            "offer": message.offer,
            "code": code,
            "text": message.text,
        }


def _identifier(kind: str) -> Any:
    """An outside identifier of the customer; of several the first."""
    found = sql_select(func.min(Identity.value)).where(
        col(Identity.customer_id) == Customer.id, col(Identity.kind) == kind
    )
    return found.scalar_subquery()


def _entry(session: Session, batch: Batch, zone: str) -> BatchEntry:
    query = select(Message.status, func.count()).where(Message.batch_id == batch.id).group_by(Message.status)
    counts = dict(session.exec(query).all())
    return BatchEntry(
        batch_id=batch.id or 0,
        campaign=batch.campaign,
        playbook=batch.playbook,
        channel=batch.channel,
        planned_on=batch.planned_on.isoformat(),
        status=batch.status,
        planned=counts.get("planned", 0) + counts.get("exported", 0),
        withheld=counts.get("withheld", 0),
        approved_at=moment_text(batch.approved_at, zone),
        approved_by=batch.approved_by,
    )
