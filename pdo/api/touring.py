"""Journeys and alerts in examples: people go from round to round as they do in a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.measures import CUSTOMER
from pdo.evaluate.rehearse import BY_RULE
from pdo.model.journeys import ENTERING, course_of
from pdo.outbox.journey_settling import settle
from pdo.outbox.journey_tables import BEFORE, INSIDE
from pdo.outbox.journeys import People, questions, walk
from pdo.outbox.tasks import alert_tasks, alert_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pdo.evaluate.example_facts import ExampleFacts, World
    from pdo.evaluate.outcome import Outcome
    from pdo.model.conditions import Condition
    from pdo.model.journeys import Course, MadeTask
    from pdo.model.outbox import PlannedBatch, Source
    from pdo.model.playbook import Project
    from pdo.outbox.journey_walk import Walk
    from pdo.outbox.tasks import Now


@dataclass(slots=True)
class Tour:
    """Where the customers of one example are.

    Args:
        entries: id → as `INSIDE`, with the own id of the customer as `key`, and the status; those that ended too.
        tasks: (source, own id, instant) of every task so far.
        end_tags: (own id, tag) that this round puts on when it is over.
    """

    entries: dict[int, dict[str, Any]] = field(default_factory=dict)
    tasks: list[tuple[str, str, int]] = field(default_factory=list)
    end_tags: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Guide:
    """Leads the customers of examples through the journeys of a project."""

    project: Project
    courses: tuple[Course, ...] = field(init=False)
    asked: dict[str, Condition] = field(init=False)
    shown: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Find out what must be asked."""
        outreach = self.project.outreach
        self.courses = tuple(course_of(one, outreach) for one in outreach.journeys.values())
        self.asked, self.shown = questions(self.courses)
        self.shown |= alert_texts(self.project.tags.values())

    @property
    def sources(self) -> tuple[Source, ...]:
        """What messages of steps are made for."""
        return tuple(source for course in self.courses for source in course.sources.values())

    def inside(self, tours: Mapping[int, Tour], facts: ExampleFacts) -> pa.Table:
        """Who is inside, in the numbers of a round.

        Args:
            tours: number of the world → its tour.
        """
        rows = [
            {**entry, "id": number, "customer_id": facts.customers[world, entry["key"]]}
            for world, tour in tours.items()
            for number, entry in tour.entries.items()
            if entry["status"] == "active"
        ]
        return pa.Table.from_pylist(rows, schema=INSIDE)

    def start(self, outcome: Outcome, facts: ExampleFacts, tours: Mapping[int, Tour], now: Now) -> Walk:
        """Go through the journeys up to the messages."""
        before: dict[tuple[str, int], dict[str, Any]] = {}
        for world, tour in tours.items():
            for entry in tour.entries.values():
                customer = facts.customers[world, entry["key"]]
                before[entry["journey"], customer] = {**entry, "customer_id": customer}
        highest = max((number for tour in tours.values() for number in tour.entries), default=0)
        people = People(
            self.inside(tours, facts),
            pa.Table.from_pylist(list(before.values()), schema=BEFORE),
            _came(outcome, facts, ENTERING),
            first_id=highest + 1,
        )
        return walk(outcome.engine, outcome.program, self.courses, people, now)

    def finish(
        self,
        outcome: Outcome,
        facts: ExampleFacts,
        tours: Mapping[int, Tour],
        now: Now,
        walking: Walk,
        batches: Sequence[PlannedBatch],
    ) -> dict[int, list[MadeTask]]:
        """Leave everybody where the gate has left them: world → the tasks that are made."""
        owners = {number: key for key, number in facts.customers.items()}

        def recent(tag: str, customer: int, since: int) -> int:
            world, key = owners[customer]
            return sum((one[:2] == (tag, key)) and one[2] >= since for one in tours[world].tasks)

        alerting = {name for name, tag in self.project.tags.items() if tag.alert is not None}
        came = {name: rows for name, rows in _came(outcome, facts, "tag").items() if name in alerting}
        alerts = alert_tasks(outcome.engine, outcome.program, came, self.project.tags, now, recent, {})
        walked = settle(walking, batches)
        for entry in walked.entries.to_pylist():
            world, key = owners[entry["customer_id"]]
            tours[world].entries[entry["id"]] = {**entry, "key": key}
        for tag, customers in walked.end_tags.items():
            for customer in customers:
                world, key = owners[customer]
                tours[world].end_tags.append((key, tag))
        made: dict[int, list[MadeTask]] = {}
        for task in (*walked.tasks, *alerts):
            world, key = owners[task.customer_id]
            tours[world].tasks.append((task.source, key, now.of(task.customer_id).at))
            made.setdefault(world, []).append(task)
        return made


def _came(outcome: Outcome, facts: ExampleFacts, kind: str) -> dict[str, pa.Table]:
    """Who has labels of a kind and did not have them by rule before: name → `customer_id`."""
    owners = {number: key for key, number in facts.customers.items()}
    worlds: dict[int, World] = {world.number: world for world in facts.worlds}
    found: dict[str, pa.Table] = {}
    for output in outcome.program.outputs:
        if output.kind != kind or output.scope:
            continue
        label = (output.kind, output.scope, output.name)
        query = exp.select(sql.column(CUSTOMER)).from_("outcome").where(output.holds.copy())
        customers = []
        for row in outcome.engine.rows(query):
            number, key = owners[row[CUSTOMER]]
            if worlds[number].held.get(key, {}).get(label, (0, ""))[1] != BY_RULE:
                customers.append(row[CUSTOMER])
        if customers:
            found[output.name] = pa.table({"customer_id": pa.array(customers, pa.int64())})
    return found
