"""The engine says what a naive evaluator says that was written from the specification, apart from it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pdo.model.conditions import Condition
from pdo.model.playbook import Project
from tests.property.playbooks import conditions, projects, with_state
from tests.property.populations import Population, populations
from tests.property.solving import answers, applied, changes, evaluated, oracle, rule_questions

ASKED = 12
"""Conditions an example, besides those of its rules: an engine's start costs more than a condition."""


@st.composite
def worlds(draw: st.DrawFn, *, loops: bool = True, large: bool = False) -> tuple[Population, Project]:
    """Rows, a project over them, and what an earlier run and hands have left in the store."""
    size = 12 if large else 6
    population = draw(populations(most_customers=size, most_rows=2 * size))
    project = draw(projects(population.now, rules=size, loops=loops))
    return draw(with_state(population, project)), project


@st.composite
def questions(draw: st.DrawFn, *, large: bool = False) -> tuple[Population, Project, dict[str, Condition]]:
    """A world, and many conditions that may refer to all its rules."""
    population, project = draw(worlds(large=large))
    asked = draw(st.lists(conditions(population.now, project), min_size=ASKED // 2, max_size=ASKED))
    return population, project, {f"condition {place}": one for place, one in enumerate(asked)}


def check_answers(population: Population, project: Project, asked: dict[str, Condition]) -> None:
    """Every condition and every rule holds for the same customers."""
    asked = {**asked, **rule_questions(project)}
    naive = oracle(population, project)
    with evaluated(population, project, asked) as outcome:
        found = answers(outcome)
    expected = {name: naive.who(condition) for name, condition in asked.items()}
    wrong = {name: (asked[name], found[name], expected[name]) for name in asked if found[name] != expected[name]}
    assert not wrong


def check_difference(population: Population, project: Project) -> None:
    """What a run would change is the difference of the sets; after it there is nothing left to change."""
    with evaluated(population, project, {}) as outcome:
        made = changes(outcome, population)
    assert made == oracle(population, project).difference()


def check_settles(population: Population, project: Project) -> None:
    """A second run at the same now changes nothing."""
    with evaluated(population, project, {}) as outcome:
        made = changes(outcome, population)
    after = applied(population, made)
    with evaluated(after, project, {}) as outcome:
        assert changes(outcome, after) == set()


@settings(max_examples=10)
@given(questions())
def test_every_condition_holds_for_the_same_customers(
    world: tuple[Population, Project, dict[str, Condition]],
) -> None:
    check_answers(*world)


@settings(max_examples=7)
@given(worlds())
def test_the_difference_is_that_of_the_sets(world: tuple[Population, Project]) -> None:
    check_difference(*world)


@settings(max_examples=5)
@given(worlds(loops=False))
def test_a_second_run_changes_nothing(world: tuple[Population, Project]) -> None:
    check_settles(*world)


HEAVY = settings(max_examples=100, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@HEAVY
@given(questions(large=True))
def test_every_condition_holds_for_the_same_customers_at_length(
    world: tuple[Population, Project, dict[str, Condition]],
) -> None:
    check_answers(*world)
    check_difference(*world[:2])


@pytest.mark.slow
@HEAVY
@given(worlds(loops=False, large=True))
def test_a_second_run_changes_nothing_at_length(world: tuple[Population, Project]) -> None:
    check_settles(*world)
