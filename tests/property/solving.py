"""Runs the engine over a population and says, for each condition, whom it holds for."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import duckdb
from sqlglot import exp

from pdo.compiler.measures import CUSTOMER
from pdo.compiler.members import strangers
from pdo.compiler.program import Wants
from pdo.core.memory import share_of
from pdo.evaluate.changes import difference
from pdo.evaluate.engine import Engine
from pdo.evaluate.outcome import Outcome, evaluate
from pdo.model.conditions import Condition
from pdo.model.playbook import Project
from tests.property.oracle import Change, Held
from tests.property.playbooks import SETTINGS
from tests.property.populations import Population
from tests.support.memory import MemoryFacts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pdo.core.calendar import Moment


def facts(population: Population) -> MemoryFacts:
    """The population as the engine reads it."""
    return MemoryFacts(population.kinds, list(population.held), list(population.off), dict(population.names))


@contextmanager
def evaluated(
    population: Population, project: Project, asked: Mapping[str, Condition], now: Moment | None = None
) -> Iterator[Outcome]:
    """The engine's outcome; the program is made of members only. Two of three sizes of populations are done in portions."""
    portions = 1 + len(population.kinds["customers"]) % 3
    with (
        patch("pdo.evaluate.portions.how_many", return_value=portions),
        duckdb.connect(":memory:", config={"threads": 1}) as connection,
    ):
        source = facts(population)
        outcome = evaluate(
            Engine(connection, share_of(None), Path()),
            source,
            project,
            SETTINGS,
            now or population.now,
            Wants(asked=asked),
        )
        assert not any(strangers(one) for one in (outcome.program.each, outcome.program.among) if one is not None)
        yield outcome


def answers(outcome: Outcome) -> dict[str, frozenset[int]]:
    """For whom each condition that was asked holds."""
    rows = outcome.engine.rows(exp.select("*").from_("outcome"))
    return {
        name: frozenset(row[CUSTOMER] for row in rows if row[column])
        for name, column in outcome.program.answers.items()
    }


def whom(population: Population, *asked: Condition, now: Moment | None = None) -> list[frozenset[int]]:
    """For whom the conditions hold, by the engine, where nothing else is defined."""
    names = {f"c{place}": condition for place, condition in enumerate(asked)}
    with evaluated(population, Project(), names, now) as outcome:
        found = answers(outcome)
    return [found[name] for name in names]


def changes(outcome: Outcome, population: Population) -> set[Change]:
    """What the engine says that a run changes."""
    steps = difference(outcome, facts(population)).steps
    found = [
        (one.kind, one.scope, one.name, one.change, one.keys.column("customer_id").to_pylist(), one.count)
        for one in steps
    ]
    assert all(keys == sorted(set(keys)) and len(keys) == count for *_, keys, count in found)
    return {(kind, scope, name, change, frozenset(keys)) for kind, scope, name, change, keys, _ in found}


def applied(population: Population, made: set[Change]) -> Population:
    """The population as the store holds it after a run that made these changes."""
    names = dict(population.names)
    numbers = {label[:3]: number for number, label in names.items()}
    for kind, scope, name, _, _ in sorted(made, key=lambda one: one[:4]):
        if (kind, scope, name) not in numbers:
            numbers[kind, scope, name] = max(names, default=0) + 1
            names[numbers[kind, scope, name]] = (kind, scope, name, "p")
    lost = {
        (numbers[kind, scope, name], customer)
        for kind, scope, name, change, customers in made
        if change == "lost"
        for customer in customers
    }

    def stays(one: Held) -> bool:
        touched = one[3] == "rule" or names[one[0]][0] == "stage"
        return not (touched and one[:2] in lost)

    held = [one for one in population.held if stays(one)]
    held += [
        (numbers[kind, scope, name], customer, population.now.at, "rule")
        for kind, scope, name, change, customers in made
        if change == "gained"
        for customer in customers
    ]
    return Population(population.now, population.kinds, held, population.off, names)
