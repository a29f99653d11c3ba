"""The engine says what a naive evaluator says that was written from the specification, apart from it.

`PDO_FUZZ=1` looks at worlds that nobody has seen before, `PDO_FUZZ=500` at so many of them.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings

from tests.property.counting import Tally
from tests.property.solving import answers, applied, changes, evaluated
from tests.property.worlds import Asked, World, look_at, oracle, questions, rule_questions, wide_questions, worlds

WORLDS = max(int(os.environ.get("PDO_FUZZ", "0")), 99)
"""How many worlds the long tests look at; each is asked about a hundred conditions."""

LEAST_CONDITIONS = 2_000
LEAST_USES = 50


def check_answers(world: Asked, tally: Tally | None = None) -> None:
    """Every condition and every rule holds for the same customers."""
    population, project, conditions = world
    asked = {**conditions, **rule_questions(project)}
    naive = oracle(population, project)
    with evaluated(population, project, asked) as outcome:
        found = answers(outcome)
    expected = {name: naive.who(condition) for name, condition in asked.items()}
    wrong = {name: (asked[name], found[name], expected[name]) for name in asked if found[name] != expected[name]}
    assert not wrong
    if tally is not None:
        tally.count(naive, *asked.values())


def check_difference(world: World) -> None:
    """What a run would change is the difference of the sets; after it there is nothing left to change."""
    population, project = world
    with evaluated(population, project, {}) as outcome:
        made = changes(outcome, population)
    assert made == oracle(population, project).difference()


def check_settles(world: World) -> None:
    """A second run at the same now changes nothing."""
    population, project = world
    with evaluated(population, project, {}) as outcome:
        made = changes(outcome, population)
    after = applied(population, made)
    with evaluated(after, project, {}) as outcome:
        assert changes(outcome, after) == set()


@settings(max_examples=8)
@given(questions())
def test_every_condition_holds_for_the_same_customers(world: Asked) -> None:
    check_answers(world)


@settings(max_examples=2)
@given(wide_questions())
@pytest.mark.slow
def test_a_condition_of_every_kind_holds_for_the_same_customers(world: Asked) -> None:
    check_answers(world)


@settings(max_examples=7)
@given(worlds())
def test_the_difference_is_that_of_the_sets(world: World) -> None:
    check_difference(world)


@settings(max_examples=5)
@given(worlds(loops=False))
def test_a_second_run_changes_nothing(world: World) -> None:
    check_settles(world)


@pytest.mark.slow
def test_thousands_of_conditions_hold_for_the_same_customers() -> None:
    """Ten customers a world; every operator often, and with both answers."""
    tally = Tally()

    def ask(world: Asked) -> None:
        check_answers(world, tally)

    look_at(wide_questions(), ask, most=WORLDS)
    assert len(tally.conditions) >= LEAST_CONDITIONS
    assert tally.lacking(LEAST_USES) == {}


@pytest.mark.slow
def test_the_difference_is_that_of_the_sets_at_length() -> None:
    look_at(worlds(large=True), check_difference, most=WORLDS)


@pytest.mark.slow
def test_a_second_run_changes_nothing_at_length() -> None:
    look_at(worlds(loops=False, large=True), check_settles, most=WORLDS)
