"""How journeys and tasks stand. Grain of each is said where it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from pdo.core.calendar import date_of
from pdo.core.figures import local_time
from pdo.core.frozen import dataclass
from pdo.model.reports import TaskEntry
from pdo.store.tables import Customer, JourneyEntry, JourneyStep, Staff, Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlmodel import Session

    from pdo.core.calendar import Moment


@dataclass(frozen=True, slots=True)
class JourneyState:
    """How a journey stands.

    Args:
        entries: status → how many entries.
        versions: version → how many are inside with it.
        steps: step → state → how many.
        waiting: step → how many have it next.
    """

    entries: Mapping[str, int]
    versions: Mapping[str, int]
    steps: Mapping[str, Mapping[str, int]]
    waiting: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody in a journey, or who was."""

    customer: str
    name: str
    status: str
    entered_at: str
    anchor_on: str
    step: str
    due_at: str
    ended_at: str


def journey_counts(session: Session) -> dict[str, dict[str, int]]:
    """Journey → status → how many entries."""
    by = (col(JourneyEntry.journey), col(JourneyEntry.status))
    found: dict[str, dict[str, int]] = {}
    for journey, status, count in session.exec(select(*by, func.count()).group_by(*by)):
        found.setdefault(journey, {})[status] = count
    return found


def journey_state(session: Session, journey: str) -> JourneyState:
    """How one journey stands."""
    mine = col(JourneyEntry.journey) == journey
    active = col(JourneyEntry.status) == "active"
    inside = select(col(JourneyEntry.version), func.count()).where(mine, active).group_by(col(JourneyEntry.version))
    waiting = select(col(JourneyEntry.step), func.count()).where(mine, active).group_by(col(JourneyEntry.step))
    by = (col(JourneyStep.step), col(JourneyStep.state))
    done = select(*by, func.count()).join(JourneyEntry, col(JourneyEntry.id) == col(JourneyStep.entry_id))
    steps: dict[str, dict[str, int]] = {}
    for step, state, count in session.exec(done.where(mine).group_by(*by)):
        steps.setdefault(step, {})[state] = count
    return JourneyState(
        journey_counts(session).get(journey, {}),
        dict(session.exec(inside).all()),
        steps,
        {step or "": count for step, count in session.exec(waiting).all()},
    )


def travellers(session: Session, journey: str, zone: str, *, everybody: bool, limit: int) -> tuple[Traveller, ...]:
    """Who is in a journey, by what comes next.

    Args:
        everybody: those too who are out.
    """
    query = (
        select(JourneyEntry, Customer)
        .join(Customer, col(Customer.id) == col(JourneyEntry.customer_id))
        .where(col(JourneyEntry.journey) == journey)
        .order_by(func.coalesce(col(JourneyEntry.due_at), 0), col(Customer.key), col(JourneyEntry.id))
    )
    if not everybody:
        query = query.where(col(JourneyEntry.status) == "active")

    def at(instant: int | None) -> str:
        return "" if instant is None else local_time(instant, zone)[:16]

    return tuple(
        Traveller(
            customer.key,
            customer.name or "",
            entry.status,
            at(entry.entered_at),
            "" if entry.anchor_on is None else entry.anchor_on.isoformat(),
            entry.step or "",
            at(entry.due_at),
            at(entry.ended_at),
        )
        for entry, customer in session.exec(query.limit(limit))
    )


def open_tasks(
    session: Session, now: Moment, *, staff: str | None, everything: bool, limit: int
) -> tuple[TaskEntry, ...]:
    """Tasks by when they are due, late ones first.

    Args:
        staff: the key or name of a colleague; None for all.
        everything: those too that are done.
    """
    query = _tasks()
    if not everything:
        query = query.where(col(Task.done_at).is_(None), func.coalesce(col(Task.result), "") == "")
    if staff is not None:
        query = query.where((col(Staff.key) == staff) | (col(Staff.name) == staff))
    return tuple(_entry(row, now) for row in session.execute(query.limit(limit)))


def task_entry(session: Session, key: str, now: Moment) -> TaskEntry:
    """One task, that there is."""
    return _entry(session.execute(_tasks().where(col(Task.key) == key)).one(), now)


def _tasks() -> Select[Any]:
    columns: tuple[Any, ...] = (Task, col(Customer.key), col(Customer.name), col(Staff.key), col(Staff.name))
    return (
        rows_of(*columns)
        .outerjoin(Customer, col(Customer.id) == col(Task.customer_id))
        .outerjoin(Staff, col(Staff.id) == col(Task.staff_id))
        .order_by(func.coalesce(col(Task.due_on), "9999-12-31"), col(Task.key))
    )


def _entry(row: Any, now: Moment) -> TaskEntry:
    task, customer, name, colleague, colleague_name = row
    return TaskEntry(
        task.key,
        customer or "",
        name or "",
        colleague_name or colleague or "",
        task.source or task.type or "",
        task.text or "",
        "" if task.due_on is None else task.due_on.isoformat(),
        _state(task, late=task.due_on is not None and task.due_on < date_of(now.today)),
        task.result or "",
    )


def _state(task: Task, *, late: bool) -> str:
    if task.done_at is not None or task.result:
        return "done"
    if task.escalated_at is not None:
        return "escalated"
    return "late" if late else "open"
