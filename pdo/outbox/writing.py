"""Batches into the store, in the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import func, select, update
from sqlmodel import col

from pdo.core.calendar import date_of
from pdo.store.tables import Batch, Message

if TYPE_CHECKING:
    from pdo.model.reports import PlannedBatch
    from pdo.store.door import Door


def expire_drafts(door: Door, today: int) -> None:
    """End the drafts whose day is over; what is still due is planned anew.

    Args:
        today: the run's local day.
    """
    over = (col(Batch.status) == "draft", col(Batch.planned_on) < date_of(today))
    door.execute(update(Batch).where(*over).values(status="expired"))


def write_batches(door: Door, batches: tuple[PlannedBatch, ...], *, run_id: int, at: int, actor: str) -> None:
    """Write the batches of a run with their messages, those withheld too.

    Args:
        at: when an automatic approval happened.
        actor: who ran it.
    """
    if not batches:
        return
    first = int(door.rows(select(func.coalesce(func.max(col(Batch.id)), 0).label("id")))[0][0]) + 1
    door.append(
        Batch,
        pa.Table.from_pylist([_batch(one, first + place, run_id, at, actor) for place, one in enumerate(batches)]),
    )
    rows = [
        {
            "batch_id": first + place,
            "campaign": batch.campaign,
            "customer_id": message.customer_id,
            "planned_on": date_of(batch.planned_on).isoformat(),
            "status": "withheld" if message.reason else "planned",
            "reason": message.reason or None,
            "text": message.text,
        }
        for place, batch in enumerate(batches)
        for message in (*batch.messages, *batch.withheld)
    ]
    texts = ("campaign", "planned_on", "status", "reason", "text")
    keys = ("batch_id", "customer_id")
    schema = pa.schema([*((name, pa.int64()) for name in keys), *((name, pa.string()) for name in texts)])
    door.append(Message, pa.Table.from_pylist(rows, schema=schema))


def _batch(batch: PlannedBatch, number: int, run_id: int, at: int, actor: str) -> dict[str, object]:
    return {
        "id": number,
        "campaign": batch.campaign,
        "playbook": batch.playbook,
        "channel": batch.channel,
        "planned_on": date_of(batch.planned_on).isoformat(),
        "run_id": run_id,
        "status": "approved" if batch.approved else "draft",
        "approved_at": at if batch.approved else None,
        "approved_by": actor if batch.approved else None,
    }
