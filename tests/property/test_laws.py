"""Laws of the language that need no oracle: what must be so whatever the rows are."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdo.core.calendar import parse_moment
from pdo.model.conditions import (
    AgeRange,
    Ages,
    All,
    AnyOf,
    AttributeTest,
    ColumnTest,
    Condition,
    Duration,
    Everyone,
    Filled,
    Measure,
    MeasureName,
    MeasureTest,
    Negated,
    NoneOf,
    Range,
    Rows,
    Unit,
)
from pdo.model.fields import Type
from tests.property.naive_measures import type_of
from tests.property.playbooks import ATTRIBUTES, SPAN, conditions, measures, rows_of
from tests.property.populations import Population, populations
from tests.property.predicates import EXACT, SPANS, predicates
from tests.property.solving import whom

NOW = parse_moment("2026-03-02 09:00", "Asia/Shanghai")
FEW = settings(max_examples=4)


def bought(name: MeasureName, test: AgeRange | Range, within: Duration | None = None) -> MeasureTest:
    """A condition on the paid orders."""
    return MeasureTest(Measure(Rows("orders", (), None if within is None else Ages((), (within,))), name), test, SPAN)


@settings(max_examples=12)
@given(populations())
@pytest.mark.slow
def test_within_and_last_are_complements_among_buyers(population: Population) -> None:
    lengths = [one for one in (*SPANS, *EXACT) if one.count]
    buyers = bought(MeasureName.COUNT, Range(1, None))
    lately = [bought(MeasureName.COUNT, Range(1, None), one) for one in lengths]
    not_lately = [bought(MeasureName.LAST, AgeRange(one, None)) for one in lengths]
    everybody, *found = whom(population, buyers, *lately, *not_lately)
    for one, other in zip(found[: len(lengths)], found[len(lengths) :], strict=True):
        assert one | other == everybody
        assert not one & other


@FEW
@given(populations())
def test_ages_are_days_since(population: Population) -> None:
    ranges = [(0, 0), (0, 30), (30, 60), (7, 365)]
    ages = [AgeRange(Duration(low, Unit.DAY), Duration(high, Unit.DAY)) for low, high in ranges]
    written = [bought(MeasureName.LAST, age) for age in ages] + [bought(MeasureName.FIRST, age) for age in ages]
    counted = [
        bought(name, Range(*limits))
        for name in (MeasureName.DAYS_SINCE_LAST, MeasureName.DAYS_SINCE_FIRST)
        for limits in ranges
    ]
    found = whom(population, *written, *counted)
    assert found[: len(written)] == found[len(written) :]


@st.composite
def several(draw: st.DrawFn, count: int) -> tuple[Population, list[Condition]]:
    """A population and conditions on it."""
    population = draw(populations())
    return population, [draw(conditions(population.now)) for _ in range(count)]


@FEW
@given(several(6))
@pytest.mark.slow
def test_logic_is_that_of_sets(world: tuple[Population, list[Condition]]) -> None:
    population, parts = world
    joined = [make(tuple(parts[:2]), SPAN) for make in (All, AnyOf, NoneOf)]
    complements = [NoneOf((part,), SPAN) for part in parts]
    everybody, both, either, neither, *rest = whom(population, Everyone(SPAN), *joined, *parts, *complements)
    found, opposite = rest[: len(parts)], rest[len(parts) :]
    assert both == found[0] & found[1]
    assert either == found[0] | found[1]
    assert neither == everybody - found[0] - found[1]
    assert opposite == [everybody - one for one in found]


@FEW
@given(several(4))
def test_what_is_turned_round_twice_is_as_it_was(world: tuple[Population, list[Condition]]) -> None:
    population, parts = world
    twice = [NoneOf((NoneOf((part,), SPAN),), SPAN) for part in parts]
    found = whom(population, *parts, *twice)
    assert found[: len(parts)] == found[len(parts) :]


@FEW
@given(several(3))
def test_none_of_some_is_all_of_their_opposites(world: tuple[Population, list[Condition]]) -> None:
    """De Morgan, both ways."""
    population, world_parts = world
    parts = tuple(world_parts)
    opposites = tuple(NoneOf((part,), SPAN) for part in parts)
    pairs: list[tuple[Condition, Condition]] = [
        (NoneOf(parts, SPAN), All(opposites, SPAN)),
        (NoneOf((All(parts, SPAN),), SPAN), AnyOf(opposites, SPAN)),
        (AnyOf(parts, SPAN), NoneOf((All(opposites, SPAN),), SPAN)),
    ]
    found = whom(population, *(one for pair in pairs for one in pair))
    assert found[::2] == found[1::2]


@FEW
@given(several(4))
@pytest.mark.slow
def test_one_more_part_of_all_narrows(world: tuple[Population, list[Condition]]) -> None:
    population, parts = world
    growing = [All(tuple(parts[:count]), SPAN) for count in range(1, len(parts) + 1)]
    found = whom(population, *growing)
    assert all(fewer <= more for more, fewer in pairwise(found))


@FEW
@given(populations(most_rows=20), st.data())
@pytest.mark.slow
def test_a_growing_window_never_loses_a_count(population: Population, data: st.DataObject) -> None:
    lengths = [Duration(count, unit) for unit in (Unit.HOUR, Unit.DAY, Unit.MONTH) for count in (1, 2, 7, 24, 60)]
    least = data.draw(st.integers(1, 2))
    rows = [data.draw(rows_of(subject, population.now)) for subject in ("orders", "items", "events", "visits")]
    asked = [
        MeasureTest(Measure(replace(one, window=Ages((), (length,))), MeasureName.COUNT), Range(least, None), SPAN)
        for one in rows
        for length in lengths
    ]
    found = whom(population, *asked)
    groups = [found[place : place + 5] for place in range(0, len(found), 5)]
    assert all(fewer <= more for group in groups for fewer, more in pairwise(group))


@st.composite
def value_tests(draw: st.DrawFn) -> tuple[Population, list[Condition], list[Condition]]:
    """A population, tests on attributes and measures, and the same ones turned round."""
    population = draw(populations())
    plain: list[Condition] = []
    turned: list[Condition] = []
    for name, type_ in ATTRIBUTES.items():
        test = draw(predicates(type_, population.now))
        plain.append(AttributeTest(ColumnTest(name, type_, test), SPAN))
        turned.append(AttributeTest(ColumnTest(name, type_, Negated(test)), SPAN))
    for _ in range(4):
        measure = draw(measures(population.now))
        test = draw(predicates(type_of(measure), population.now, past=True, ranked=True))
        plain.append(MeasureTest(measure, test, SPAN))
        turned.append(MeasureTest(measure, Negated(test), SPAN))
    return population, plain, turned


@FEW
@given(value_tests())
@pytest.mark.slow
def test_not_holds_exactly_where_the_test_does_not(
    world: tuple[Population, list[Condition], list[Condition]],
) -> None:
    population, plain, turned = world
    everybody, *found = whom(population, Everyone(SPAN), *plain, *turned)
    for one, other in zip(found[: len(plain)], found[len(plain) :], strict=True):
        assert other == everybody - one


@FEW
@given(populations())
def test_absent_values_satisfy_nothing_but_that(population: Population) -> None:
    def asked(name: str, type_: Type, *, exists: bool) -> Condition:
        return AttributeTest(ColumnTest(name, type_, Filled(exists)), SPAN)

    nobody = [row["id"] for row in population.kinds["customers"] if row["points"] is None]
    anything = AttributeTest(ColumnTest("points", Type.INTEGER, Range(None, 10**12)), SPAN)
    absent, present, some_number = whom(
        population,
        asked("points", Type.INTEGER, exists=False),
        asked("points", Type.INTEGER, exists=True),
        anything,
    )
    assert absent == frozenset(nobody)
    assert present == some_number


@FEW
@given(populations(now=NOW, past_days=1), st.data())
@pytest.mark.slow
def test_the_hour_of_the_run_changes_no_answer_in_days(population: Population, data: st.DataObject) -> None:
    asked: list[Condition] = [
        bought(name, AgeRange(None, length)) for name in (MeasureName.FIRST, MeasureName.LAST) for length in SPANS
    ]
    asked += [bought(MeasureName.COUNT, Range(2, None), length) for length in SPANS if length.count]
    asked += [
        AttributeTest(ColumnTest(name, type_, AgeRange(length, None)), SPAN)
        for name, type_ in (("added_at", Type.INSTANT), ("birthday", Type.DATE))
        for length in SPANS
    ]
    hours = [replace(NOW, at=NOW.at + 3600 * data.draw(st.integers(-9, 14))) for _ in range(2)]
    first, second = (whom(population, *asked, now=hour) for hour in hours)
    assert first == second


@FEW
@given(several(8), st.integers())
@pytest.mark.slow
def test_the_order_of_rows_is_irrelevant(world: tuple[Population, list[Condition]], seed: int) -> None:
    population, asked = world
    chance = Random(seed)
    shuffled = {kind: chance.sample(rows, len(rows)) for kind, rows in population.kinds.items()}
    assert whom(population, *asked) == whom(replace(population, kinds=shuffled), *asked)


@FEW
@given(populations(now=NOW))
def test_rows_later_than_now_do_not_exist(population: Population) -> None:
    kinds = dict(population.kinds)
    first = kinds["customers"][0]["id"]
    later = {"customer_id": first, "created_at": NOW.at + 1, "paid_at": NOW.at + 1, "paid": 100}
    event = {"customer_id": first, "type": "客户回复", "occurred_at": NOW.at + 1}
    kinds["orders"] = [*kinds["orders"], {"id": 99, "key": "later", **later}]
    kinds["events"] = [*kinds["events"], {"id": 99, "key": "later", **event}]
    asked = [
        MeasureTest(Measure(Rows(subject), name), Range(low, None), SPAN)
        for subject in ("orders", "events")
        for name in (MeasureName.COUNT, MeasureName.DAYS, MeasureName.DAYS_SINCE_LAST)
        for low in (0, 1, 2, 5)
    ]
    assert whom(population, *asked) == whom(replace(population, kinds=kinds), *asked)
