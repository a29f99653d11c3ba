"""Batches into the store, in the caller's transaction, and out of use again."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import case, delete, func, select, update
from sqlmodel import col

from pdo.core.calendar import date_of
from pdo.model.outbox import EDITED, Reason
from pdo.outbox.hours import last_day
from pdo.store.tables import Batch, Code, Message, Staff

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pdo.model.outbox import PlannedBatch, Source
    from pdo.store.door import Door

UNSENT = ("draft", "approved")


def expire_drafts(door: Door, today: int) -> None:
    """End the drafts whose last day is over, and free their codes; what is still due is planned anew.

    Args:
        today: the run's local day.
    """
    last = func.coalesce(col(Batch.expires_on), col(Batch.planned_on))
    over = (col(Batch.status) == "draft", last < date_of(today).isoformat())
    ended = [row[0] for row in door.rows(select(col(Batch.id)).where(*over))]
    if ended:
        free_codes(door, ended)
        door.execute(update(Batch).where(col(Batch.id).in_(ended)).values(status="expired"))


def edited_batches(door: Door, sources: Iterable[Source]) -> list[int]:
    """Batches that have not left and whose definition is another one by now: nobody approved that.

    Args:
        sources: of the run, as they are defined now.
    """
    digests = {one.name: one.digest for one in sources}
    query = select(col(Batch.id), col(Batch.campaign), col(Batch.digest))
    query = query.where(col(Batch.status).in_(UNSENT), col(Batch.digest).is_not(None))
    return [number for number, name, digest in door.rows(query) if digests.get(name, digest) != digest]


def take_back(door: Door, batches: Sequence[int], *, at: int, actor: str, why: str = EDITED) -> None:
    """Cancel batches that have not left: their messages are none any more, their codes are free.

    Args:
        at: when.
        actor: who.
        why: kept with each message.
    """
    if not batches:
        return
    free_codes(door, batches)
    mine = col(Message.batch_id).in_(batches)
    door.execute(update(Message).where(mine, col(Message.status) == "planned").values(status="cancelled", reason=why))
    if why == EDITED:
        # What chance decided stays decided; all else is asked anew.
        reason = case((col(Message.reason) == Reason.CONTROL, col(Message.reason)), else_=EDITED)
        held = update(Message).where(mine, col(Message.status) == "withheld")
        door.execute(held.values(status="cancelled", reason=reason))
    ended = update(Batch).where(col(Batch.id).in_(batches))
    door.execute(ended.values(status="cancelled", ended_at=at, ended_by=actor))


def free_codes(door: Door, batches: Sequence[int]) -> None:
    """Give the codes of batches back to their pools."""
    held = (col(Message.batch_id).in_(batches), col(Message.code_id).is_not(None), col(Message.status) == "planned")
    codes = [row[0] for row in door.rows(select(col(Message.code_id)).where(*held))]
    door.execute(update(Message).where(*held).values(code_id=None))
    door.execute(delete(Code).where(col(Code.id).in_(codes)))


def write_batches(door: Door, batches: Sequence[PlannedBatch], *, run_id: int, at: int, actor: str) -> None:
    """Write the batches of a run with their messages, those withheld too.

    Args:
        at: when an automatic approval happened.
        actor: who ran it.
    """
    if not batches:
        return
    first = _next_id(door, Batch)
    rows = [_batch(one, first + place, run_id, at, actor) for place, one in enumerate(batches)]
    door.append(Batch, pa.Table.from_pylist(rows))
    staff = {key: number for number, key in door.rows(select(col(Staff.id), col(Staff.key)))}
    codes = _write_codes(door, batches)
    known = int(door.rows(select(func.coalesce(func.max(col(Message.id)), 0).label("id")))[0][0])
    many = sum(batch.rows.num_rows for batch in batches) > known
    with door.without_indexes(Message) if many else nullcontext():
        for place, batch in enumerate(batches):
            door.append(Message, _messages(batch, first + place, staff, codes))


def _next_id(door: Door, table: type[Batch | Code]) -> int:
    return int(door.rows(select(func.coalesce(func.max(col(table.id)), 0).label("id")))[0][0]) + 1


def _batch(batch: PlannedBatch, number: int, run_id: int, at: int, actor: str) -> dict[str, object]:
    source = batch.source
    last = batch.planned_on if source.valid is None else last_day(batch.planned_on, source.valid)
    return {
        "id": number,
        "campaign": source.name,
        "playbook": source.playbook,
        "channel": batch.channel.value,
        "planned_on": date_of(batch.planned_on).isoformat(),
        "run_id": run_id,
        "status": "approved" if batch.is_approved else "draft",
        "approved_at": at if batch.is_approved else None,
        "approved_by": actor if batch.is_approved else None,
        "journey": source.journey or None,
        "sender": source.sender or None,
        "digest": source.digest,
        "expires_on": date_of(last).isoformat(),
        "goal": str(source.goal.within) if source.goal is not None else None,
    }


def _write_codes(door: Door, batches: Sequence[PlannedBatch]) -> dict[str, int]:
    """Note who has which code: code → its row."""
    first = _next_id(door, Code)
    rows: list[dict[str, object]] = []
    for batch in batches:
        if batch.rows.column("code").null_count == batch.rows.num_rows:
            continue
        given = batch.rows.filter(pc.is_valid(batch.rows.column("code")))
        for row in given.select(["code", "pool", "offer", "customer_id"]).to_pylist():
            told = {"key": row["code"], "pool": row["pool"], "offer": row["offer"], "customer_id": row["customer_id"]}
            day = date_of(batch.planned_on).isoformat()
            rows.append({"id": first + len(rows), **told, "campaign": batch.campaign, "given_on": day})
    if rows:
        door.append(Code, pa.Table.from_pylist(rows))
    return {str(row["key"]): first + place for place, row in enumerate(rows)}


def _messages(batch: PlannedBatch, number: int, staff: dict[str, int], codes: dict[str, int]) -> pa.Table:
    rows = batch.rows
    count = rows.num_rows
    same = {"batch_id": number, "campaign": batch.campaign, "planned_on": date_of(batch.planned_on).isoformat()}
    held = pc.is_valid(rows.column("reason"))
    return pa.table(
        {
            **{name: pa.repeat(value, count) for name, value in same.items()},
            "customer_id": rows.column("customer_id"),
            "status": pc.if_else(held, "withheld", "planned"),
            "sender_id": _numbers(rows.column("sender"), staff),
            "code_id": _numbers(rows.column("code"), codes),
            **{name: rows.column(name) for name in ("reason", "text", "variant", "offer", "content", "content_row")},
            "planned_at": rows.column("planned_at"),
            "entry_id": rows.column("entry"),
        }
    )


def _numbers(keys: pa.ChunkedArray, known: dict[str, int]) -> pa.ChunkedArray:
    """The surrogate keys of natural ones; NULL for those that nothing is called by."""
    places = pc.index_in(keys, value_set=pa.array(list(known), pa.string()))
    return pc.take(pa.array(list(known.values()), pa.int64()), pc.if_else(pc.is_valid(keys), places, None))
