"""The block list (勿扰名单): who is not to be written to, by channel or at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from pdo.model.outreach import Channel
from pdo.model.previews import BlockedCustomer, BlockReport
from pdo.outbox.gate import ANY
from pdo.report.customers import resolve_customer
from pdo.report.names import unknown_name
from pdo.report.values import mask, moment_text
from pdo.store.session import open_session
from pdo.store.tables import ContactBlock, Customer

if TYPE_CHECKING:
    from pdo.core.calendar import Moment
    from pdo.model.settings import Settings

CHANNELS = (ANY, *(channel.value for channel in Channel))


def add(settings: Settings, customer: str, channel: str, *, now: Moment, actor: str, note: str | None) -> BlockReport:
    """Put a customer on the list.

    Args:
        channel: by which nothing goes to them any more; `any` for all.

    Raises:
        UsageError: no such customer or channel.
    """
    _require(channel)
    with open_session(settings.database, write=True, doing="block add") as session:
        found = resolve_customer(session, customer)
        known = session.get(ContactBlock, (found.id, channel))
        if known is None:
            row = ContactBlock(customer_id=found.id or 0, channel=channel, since=now.at, actor=actor, note=note)
            session.add(row)
        return BlockReport(found.key, channel, changed=known is None)


def remove(settings: Settings, customer: str, channel: str) -> BlockReport:
    """Take a customer off the list.

    Raises:
        UsageError: no such customer or channel.
    """
    _require(channel)
    with open_session(settings.database, write=True, doing="block remove") as session:
        found = resolve_customer(session, customer)
        known = session.get(ContactBlock, (found.id, channel))
        if known is not None:
            session.delete(known)
        return BlockReport(found.key, channel, changed=known is not None)


def listed(settings: Settings, *, limit: int) -> tuple[BlockedCustomer, ...]:
    """Who is on the list, the latest first."""
    query = select(ContactBlock, Customer).join(Customer, col(ContactBlock.customer_id) == Customer.id)
    order = (col(ContactBlock.since).desc(), col(Customer.key), col(ContactBlock.channel))
    with open_session(settings.database) as session:
        return tuple(
            BlockedCustomer(
                customer.key,
                None if customer.name is None else mask(customer.name),
                block.channel,
                moment_text(block.since, settings.timezone) or "",
                block.actor,
                block.note,
            )
            for block, customer in session.exec(query.order_by(*order).limit(limit))
        )


def _require(channel: str) -> None:
    if channel not in CHANNELS:
        raise unknown_name("channel", channel, CHANNELS)
