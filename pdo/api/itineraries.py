"""Journeys and tasks as people look at them and take a hand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import select

from pdo.core.errors import UsageError
from pdo.core.frozen import dataclass
from pdo.model.journeys import course_of
from pdo.outbox.journey_store import cancel_unsent, stop_entries
from pdo.report.customers import resolve_customer
from pdo.report.journeys import journey_counts, journey_state, open_tasks, task_entry, travellers
from pdo.report.names import unknown_name
from pdo.store.door import open_door
from pdo.store.session import open_session
from pdo.store.tables import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment
    from pdo.model.outreach import Journey
    from pdo.model.reports import TaskEntry
    from pdo.model.settings import Settings
    from pdo.report.journeys import JourneyState, Traveller


@dataclass(frozen=True, slots=True)
class JourneyLine:
    """A journey in the list.

    Args:
        playbook: empty where it is defined no more.
        steps: how many it has.
        entries: status → how many.
    """

    name: str
    playbook: str
    steps: int
    entries: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Stopped:
    """What stopping did.

    Args:
        entries: how many are out.
        messages: how many that waited are cancelled.
    """

    journey: str
    entries: int
    messages: int


def journeys(opened: OpenProject) -> tuple[JourneyLine, ...]:
    """Every journey, those too that are gone and had people in them."""
    with open_session(opened.settings.database) as session:
        counts = journey_counts(session)
    defined = opened.project.outreach.journeys
    lines = [JourneyLine(one.name, one.playbook, len(one.steps), counts.get(one.name, {})) for one in defined.values()]
    return (*lines, *(JourneyLine(name, "", 0, counts[name]) for name in sorted(set(counts) - set(defined))))


def show(opened: OpenProject, name: str) -> tuple[Journey, str, JourneyState]:
    """A journey, the version of its definition, and how it stands.

    Raises:
        UsageError: there is no such journey.
    """
    journey = opened.project.outreach.journeys.get(name)
    if journey is None:
        raise unknown_name("journey", name, opened.project.outreach.journeys)
    with open_session(opened.settings.database) as session:
        return journey, course_of(journey, opened.project.outreach).version, journey_state(session, name)


def who(opened: OpenProject, name: str, *, everybody: bool, limit: int) -> tuple[Traveller, ...]:
    """Who is in a journey.

    Raises:
        UsageError: there is no such journey, neither in the playbooks nor in the store.
    """
    with open_session(opened.settings.database) as session:
        known = {*opened.project.outreach.journeys, *journey_counts(session)}
        if name not in known:
            raise unknown_name("journey", name, known)
        return travellers(session, name, opened.settings.timezone, everybody=everybody, limit=limit)


def stop(opened: OpenProject, name: str, customer: str | None, *, now: Moment) -> Stopped:
    """Take people out of a journey, and cancel what waits to be sent to them.

    Args:
        customer: whom; None for everybody who is inside.

    Raises:
        UsageError: there is no such journey or customer, or the customer is not in it.
    """
    settings = opened.settings
    with open_session(settings.database) as session:
        known = {*opened.project.outreach.journeys, *journey_counts(session)}
        if name not in known:
            raise unknown_name("journey", name, known)
        number = None if customer is None else resolve_customer(session, customer).id
    with open_door(settings.database, write=True, doing="journey stop") as door:
        entries = stop_entries(door, name, number, at=now.at)
        if customer is not None and not entries:
            raise UsageError("error.not_in_journey", journey=name, customer=customer)
        return Stopped(name, entries, cancel_unsent(door, "stopped"))


def tasks(settings: Settings, *, staff: str | None, everything: bool, limit: int, now: Moment) -> tuple[TaskEntry, ...]:
    """What colleagues are to do."""
    with open_session(settings.database) as session:
        return open_tasks(session, now, staff=staff, everything=everything, limit=limit)


def done(settings: Settings, key: str, *, result: str, note: str | None, now: Moment) -> tuple[TaskEntry, bool]:
    """Note that a task is done.

    Args:
        result: what came of it.

    Returns:
        The task, and whether it was open before.

    Raises:
        UsageError: there is no such task.
    """
    with open_session(settings.database, write=True, doing="task done") as session:
        found = session.exec(select(Task).where(Task.key == key)).first()
        if found is None:
            raise UsageError("error.unknown_task", task=key)
        changed = found.done_at is None
        if changed:
            found.done_at, found.status, found.result, found.note = now.at, "done", result, note or found.note
            session.add(found)
            session.flush()
        return task_entry(session, key, now), changed
