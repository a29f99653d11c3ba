"""Messages that colleagues send by hand become their tasks: that is how such a message leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String, cast, func, insert, literal, select, update
from sqlmodel import col

from pdo.model.outbox import BY_HAND
from pdo.outbox.leaving import hold_back
from pdo.store.tables import Batch, Customer, Message, Task

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlmodel import Session


def hand_over(session: Session, day: date, *, now: int) -> None:
    """Make a task of each message that is approved, due and sent by hand, and note that it left; again makes nothing.

    Whoever was blocked, opted out or is no friend since the run is held back.

    Args:
        session: writes.
        day: the local day of which the tasks are.
        now: when.
    """
    due = (
        col(Batch.status) == "approved",
        col(Batch.channel).in_(BY_HAND),
        col(Batch.planned_on) <= day,
        _last_day() >= day,
    )
    numbers = list(session.scalars(select(col(Batch.id)).where(*due)))
    hold_back(session, numbers)
    going = (col(Message.batch_id).in_(numbers), col(Message.status) == "planned", col(Message.sender_id).is_not(None))
    row: Mapping[str, Any] = {
        "key": _key(),
        "customer_id": col(Message.customer_id),
        "type": col(Batch.channel),
        "staff_id": col(Message.sender_id),
        # In the time of the run, which may lie in the past; so the next one sees it.
        "created_at": func.coalesce(col(Message.planned_at), literal(now)),
        "due_on": _last_day(),
        "text": col(Message.text),
        "source": col(Message.campaign),
        "message_id": col(Message.id),
        "entry_id": col(Message.entry_id),
        "run_id": col(Batch.run_id),
        "row_hash": literal(0),
        "import_id": literal(0),
    }
    made = (
        select(*row.values())
        .join(Batch, col(Batch.id) == col(Message.batch_id))
        .join(Customer, col(Customer.id) == col(Message.customer_id))
        .where(*going)
        .order_by(col(Message.id))
    )
    session.execute(insert(Task).from_select(list(row), made))
    session.execute(update(Message).where(*going).values(status="exported", sent_at=now))
    left = select(col(Message.batch_id)).where(col(Message.status) == "planned")
    session.execute(
        update(Batch).where(col(Batch.id).in_(numbers), col(Batch.id).not_in(left)).values(status="exported")
    )


def _key() -> ColumnElement[str]:
    """What tells the task of a message from all others, in every store alike: `campaign 2026-03-02 K00450`."""
    return (
        col(Message.campaign) + literal(" ") + cast(col(Message.planned_on), String) + literal(" ") + col(Customer.key)
    )


def _last_day() -> ColumnElement[Any]:
    """The last day on which the messages of a batch may leave."""
    return func.coalesce(col(Batch.expires_on), col(Batch.planned_on))
