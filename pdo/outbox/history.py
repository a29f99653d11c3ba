"""What was made before, out of the store."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from pdo.core.calendar import day_number
from pdo.outbox.planning import Sent
from pdo.store.tables import Batch, Message

if TYPE_CHECKING:
    from sqlalchemy import Select

    from pdo.store.door import Door

LIVE = ("planned", "exported")
GONE_OR_READY = ("approved", "exported")


def read_history(door: Door, today: int) -> tuple[Sent, ...]:
    """Every message made so far."""
    query: Select[*tuple[Any, ...]] = select(
        col(Message.campaign),
        col(Batch.channel),
        col(Message.customer_id),
        col(Message.planned_on),
        col(Message.status),
        col(Batch.status).label("batch_status"),
    ).join(Batch, col(Batch.id) == col(Message.batch_id))
    found = []
    for campaign, channel, customer_id, planned_on, status, batch_status in door.rows(query):
        day = day_number(date.fromisoformat(planned_on))
        ready = batch_status in GONE_OR_READY
        lives = status in LIVE and (ready or (batch_status == "draft" and day >= today))
        found.append(Sent(campaign, channel, customer_id, day, lives, lives))
    return tuple(found)
