"""The journeys of a run: who is inside, who comes in, what the steps make; and the tasks that come with tags."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.model.journeys import ENTERING, course_of
from pdo.outbox.journey_settling import settle
from pdo.outbox.journey_store import (
    Writing,
    active_versions,
    known_journeys,
    next_entry_id,
    read_before,
    read_inside,
    read_untouchable,
    recent_tasks,
    write_walked,
)
from pdo.outbox.journeys import People, questions, walk
from pdo.outbox.tasks import Now, alert_tasks, alert_texts
from pdo.playbook.journey_again import read_journey_again

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pdo.evaluate.changes import Difference
    from pdo.evaluate.outcome import Outcome
    from pdo.model.conditions import Condition
    from pdo.model.journeys import Course, Walked
    from pdo.model.outbox import PlannedBatch, Source
    from pdo.model.playbook import Project
    from pdo.model.reports import Plan
    from pdo.model.settings import Settings
    from pdo.outbox.journey_walk import Walk
    from pdo.store.door import Door


@dataclass(frozen=True, slots=True)
class Going:
    """What a run has to do with journeys before it begins.

    Args:
        courses: those that can be entered, and earlier definitions that somebody is in.
        people: who is inside and who was; nobody comes in yet.
        known: journeys that ran before.
        gone: (journey, version) whose people are out: it is defined no more, or cannot be read any more.
        asked: conditions to answer, by name.
        shown: names of values to show.
    """

    courses: tuple[Course, ...]
    people: People
    known: frozenset[str]
    gone: tuple[tuple[str, str], ...]
    asked: Mapping[str, Condition]
    shown: Mapping[str, str]

    @property
    def sources(self) -> tuple[Source, ...]:
        """What messages of steps are made for, each once."""
        found = {source.name: source for course in self.courses for source in course.sources.values()}
        return tuple(found.values())


def going(door: Door, project: Project, settings: Settings, *, only: str = "") -> Going:
    """What a run has to do with journeys.

    Args:
        only: the playbook whose journeys run; empty for all.
    """
    outreach = project.outreach
    current = {name: course_of(one, outreach) for name, one in outreach.journeys.items() if only in ("", one.playbook)}
    courses = list(current.values())
    gone: list[tuple[str, str]] = []
    for journey, version, playbook, definition in active_versions(door):
        now = current.get(journey)
        if now is None:
            if journey not in outreach.journeys and only in ("", playbook):
                gone.append((journey, version))
            continue
        if now.version == version:
            continue
        before = None if definition is None else read_journey_again(definition, journey, settings, project)
        if before is None:
            gone.append((journey, version))
        else:
            courses.append(replace(course_of(before, outreach, now), version=version))
    people = People(read_inside(door), read_before(door), {}, read_untouchable(door), next_entry_id(door))
    asked, shown = questions(courses)
    shown |= alert_texts(project.tags.values())
    return Going(tuple(courses), people, known_journeys(door), tuple(gone), asked, shown)


def start(outcome: Outcome, going: Going, found: Difference) -> Walk:
    """Go through the journeys up to the messages; see `pdo.outbox.journeys`."""
    journeys = outcome.project.outreach.journeys
    edges = {
        step.name: step.keys
        for step in found.steps
        if (step.kind, step.change) == (ENTERING, "gained")
        and (step.name in going.known or journeys[step.name].existing)
    }
    people = replace(going.people, edges=edges)
    return walk(outcome.engine, outcome.program, going.courses, people, Now((outcome.now,)))


def finish(
    door: Door, outcome: Outcome, going: Going, walking: Walk, found: Difference, batches: Sequence[PlannedBatch]
) -> Walked:
    """Leave everybody where the gate has left them, and make the tasks of the tags that came."""
    counted: dict[tuple[str, int], dict[int, int]] = {}

    def recent(tag: str, customer: int, since: int) -> int:
        if (tag, since) not in counted:
            counted[tag, since] = recent_tasks(door, tag, since)
        return counted[tag, since].get(customer, 0)

    reasons = (
        going.people.untouchable.to_pydict() if going.people.untouchable is not None else {"customer": [], "reason": []}
    )
    untouchable = dict(zip(reasons["customer"], reasons["reason"], strict=True))
    came = {step.name: step.keys for step in found.alerts}
    now = Now((outcome.now,))
    alerts = alert_tasks(outcome.engine, outcome.program, came, outcome.project.tags, now, recent, untouchable)
    walked = settle(walking, batches)
    return replace(walked, tasks=(*walked.tasks, *alerts), gone=going.gone)


def write(door: Door, project: Project, made: Plan, *, run_id: int) -> None:
    """Write what a plan makes of journeys and alerts; before its messages, which name entries."""
    if made.walked is None:
        return
    journeys = project.outreach.journeys
    writing = Writing(
        run_id,
        made.as_of,
        {name: one.playbook for name, one in journeys.items()},
        {name: one.span.source.text for name, one in journeys.items()},
        made.walked.gone,
    )
    write_walked(door, made.walked, writing)
