"""Worlds to ask about: rows, a project over them, what earlier runs and hands have left, and what the oracle makes of it."""

from __future__ import annotations

import os
from random import Random, SystemRandom
from typing import TYPE_CHECKING, TypeVar

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from pdo.model.conditions import Condition, RfmTest, SegmentTest, StageTest, TagTest
from pdo.model.playbook import RFM_TYPES, Project
from tests.property.naive_rows import Rooms
from tests.property.naive_time import Clock
from tests.property.oracle import Oracle
from tests.property.playbooks import SETTINGS, SPAN, conditions, one_of_each
from tests.property.populations import Population, populations
from tests.property.projects import full_projects, projects, with_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from pdo.core.calendar import Moment

ASKED = 12
"""Conditions a small example, besides those of its rules: an engine's start costs more than a condition."""

FRESH = 9
"""Hypothesis draws so many examples anew before it makes most of the others by changing those."""

Drawn = TypeVar("Drawn")
World = tuple[Population, Project]
Asked = tuple[Population, Project, dict[str, Condition]]


@st.composite
def worlds(draw: st.DrawFn, *, loops: bool = True, large: bool = False) -> World:
    """Rows, a project over them, and what an earlier run and hands have left in the store."""
    size = 12 if large else 6
    population = draw(populations(most_customers=size, most_rows=2 * size))
    project = draw(projects(population.now, rules=size, loops=loops))
    return draw(with_state(population, project)), project


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    """A world, and some conditions that may refer to all its rules."""
    population, project = draw(worlds())
    asked = draw(st.lists(conditions(population.now, project), min_size=ASKED // 2, max_size=ASKED))
    return population, project, {f"condition {place}": one for place, one in enumerate(asked)}


@st.composite
def wide_questions(draw: st.DrawFn) -> Asked:
    """Ten customers, something of every block, and a condition of every kind."""
    population = draw(populations(customers=10, most_rows=30))
    project = draw(full_projects(population.now))
    asked = [draw(one) for one in one_of_each(population.now, project)]
    return (
        draw(with_state(population, project)),
        project,
        {f"condition {place}": one for place, one in enumerate(asked)},
    )


def oracle(population: Population, project: Project, now: Moment | None = None) -> Oracle:
    """The naive evaluator over a population."""
    moment = now or population.now
    tables = {name: None if table.time is None else table.time.name for name, table in SETTINGS.tables.items()}
    columns = {
        name: (*subject.columns, *(one.column for one in SETTINGS.declared(subject.kind or "")))
        for name, subject in SETTINGS.subjects.items()
    }
    rooms = Rooms(population.kinds, Clock(moment.at, moment.zone), tables, columns)
    return Oracle(project, moment, rooms, list(population.held), list(population.off), population.names)


def rule_questions(project: Project) -> dict[str, Condition]:
    """A condition for each tag, stage, type and segment: who has it in this run."""
    found: dict[str, Condition] = {f"tag {name}": TagTest((name,), SPAN) for name in project.tags}
    for one in project.lifecycles.values():
        found |= {f"stage {one.name} {stage}": StageTest(one.name, (stage,), SPAN) for stage in one.stages}
    for name in project.rfm:
        found |= {f"rfm {name} {type_}": RfmTest(name, (type_,), SPAN) for type_ in RFM_TYPES}
    return found | {f"segment {name}": SegmentTest((name,), SPAN) for name in project.segments}


def look_at(drawn: SearchStrategy[Drawn], check: Callable[[Drawn], None], *, most: int) -> None:
    """Check many worlds, each of them new; the same ones every time, others with `PDO_FUZZ`."""
    chance: Random = SystemRandom() if "PDO_FUZZ" in os.environ else Random(most)
    for _ in range(0, most, FRESH):
        some = settings(max_examples=FRESH, suppress_health_check=list(HealthCheck))(given(drawn)(check))
        seed(chance.getrandbits(64))(some)()
