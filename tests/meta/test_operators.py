"""Every operator of the language is in the oracle, and the property tests make conditions with it."""

from __future__ import annotations

from typing import get_args

from pdo.model import conditions as model
from pdo.model.conditions import Duration, MeasureName, Negated, TextOperator, Unit
from pdo.model.fields import ATTRIBUTES, ROWS, Type
from pdo.playbook.measures import MEASURE_TYPES, MEASURES
from tests.property import naive_measures, naive_tests, oracle, playbooks, predicates
from tests.property.naive_time import Clock

ANSWERED_FIRST = {model.Filled, Negated, model.Top, model.Level, model.InWindow}
"""Tests that say something of absent values or of all customers, so that the oracle asks them before all others."""

WITHOUT_NUMBERS = {"sum", "min", "max"}
"""Measures that a subject cannot be tried with where no column of it holds a number."""


def test_every_condition_is_in_the_oracle() -> None:
    assert set(oracle.CONDITIONS) == set(get_args(model.Condition))


def test_every_test_is_in_the_oracle() -> None:
    named = {getattr(model, one) if isinstance(one, str) else one for one in get_args(model.Test)}
    assert set(naive_tests.TESTS) | ANSWERED_FIRST == named


def test_every_measure_is_in_the_oracle_with_its_type() -> None:
    assert set(naive_measures.MEASURES) == set(MeasureName)
    assert dict(naive_measures.MEASURE_TYPES) == dict(MEASURE_TYPES)


def test_every_measure_of_every_subject_is_tried() -> None:
    for subject, names in MEASURES.items():
        written = {name for name in names if name in set(MeasureName)}
        assert written - set(playbooks.MEASURES[subject]) <= WITHOUT_NUMBERS
    assert set(ROWS) <= set(playbooks.MEASURES)


def test_every_unit_is_tried() -> None:
    lengths: tuple[Duration, ...] = (*predicates.SPANS, *predicates.EXACT)
    assert {one.unit for one in lengths} == set(Unit)


def test_every_way_to_search_a_text_is_in_the_oracle() -> None:
    clock = Clock(0, "UTC")
    found = {one: naive_tests.holds(model.TextTest(one, "果"), "果", Type.TEXT, clock) for one in TextOperator}
    assert found == dict.fromkeys(TextOperator, True)


def test_every_type_of_attribute_is_tried() -> None:
    known = {column.name: column.type for column in ATTRIBUTES}
    tried = {name: type_ for name, type_ in playbooks.ATTRIBUTES.items() if name in known}
    assert tried == {name: known[name] for name in tried}
    assert set(tried.values()) == set(known.values())
