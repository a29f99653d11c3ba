"""Conditions over the columns of a program: true or false for every customer, never unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.measures import Facts, Searches, cell
from pdo.compiler.predicates import Value, predicate
from pdo.model.conditions import (
    All,
    AnyOf,
    AttributeTest,
    Condition,
    Everyone,
    MeasureTest,
    MetricTest,
    NoneOf,
    SegmentTest,
    StageTest,
    TagTest,
    TextTest,
    walk,
)
from pdo.model.fields import ATTRIBUTES, Type
from pdo.model.playbook import Rule

if TYPE_CHECKING:
    from pdo.compiler.clock import Clock
    from pdo.model.playbook import Project
    from pdo.model.settings import Settings


@dataclass(slots=True)
class Conditions:
    """Turns conditions into expressions and remembers what they need.

    Args:
        project: the checked playbooks, for metrics and stages.
        settings: for declared attributes.
        clock: the bounds of `now`.
        facts: what measures need of the fact tables.
        attributes: the attributes asked for, with their types.
        has: for each tag, lifecycle and segment that is compiled: who has it; the stage's place for a lifecycle.
    """

    project: Project
    settings: Settings
    clock: Clock
    facts: Facts = field(init=False)
    attributes: dict[str, Type] = field(init=False, default_factory=dict)
    has: dict[Rule, exp.Expr] = field(init=False, default_factory=dict)
    _known: dict[str, Type] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Look up the attributes' types once."""
        self.facts = Facts(self.clock, Searches())
        declared = tuple(attribute.column for attribute in self.settings.declared("customers"))
        self._known = {column.name: column.type for column in (*ATTRIBUTES, *declared)}

    def of(self, condition: Condition) -> exp.Expr:
        """A condition over the columns of the last layer: true or false, never unknown."""
        match condition:
            case Everyone():
                return exp.true()
            case All(parts):
                return sql.every(self.of(part) for part in parts)
            case AnyOf(parts):
                return sql.some(self.of(part) for part in parts)
            case NoneOf(parts):
                return sql.opposite(sql.some(self.of(part) for part in parts))
            case AttributeTest(test):
                return predicate(test.test, self.attribute(test.column), self.clock)
            case MetricTest(metric, test):
                return predicate(test, self.facts.value(self.project.metrics[metric].measure), self.clock)
            case MeasureTest(measure, test):
                return predicate(test, self.facts.value(measure), self.clock)
            case TagTest(tags, _, every):
                held = [self.has[Rule("tag", tag)].copy() for tag in tags]
                return sql.every(held) if every else exp.paren(sql.some(held), copy=False)
            case StageTest(lifecycle, stages):
                known = self.project.lifecycles[lifecycle].stages
                return in_stages(self.has[Rule("lifecycle", lifecycle)], [known.index(stage) for stage in stages])
            case SegmentTest(segments):
                return exp.paren(sql.some(self.has[Rule("segment", one)].copy() for one in segments), copy=False)

    def attribute(self, name: str) -> Value:
        """An attribute of the customer as a value."""
        type_ = self._known[name]
        self.attributes[name] = type_
        value = cell(self.facts.searches, "customers", name, type_)
        plain = sql.column(name)
        if value.search is None:
            return Value(type_, plain, day=None if value.day is None else sql.column(f"{name}_day"))
        return Value(type_, plain, search=lambda test: self._found(name, test))

    def _found(self, name: str, test: TextTest) -> exp.Expr:
        """A search in an attribute is a column of the first layer, joined there."""
        self.facts.searches.condition("customers", name, test)
        search = self.facts.searches.found[("customers", name, test)]
        return sql.present(sql.column(search.name))

    def value_of(self, name: str) -> Value:
        """A metric or an attribute by name."""
        metric = self.project.metrics.get(name)
        return self.attribute(name) if metric is None else self.facts.value(metric.measure)


def in_stages(stage: exp.Expr, places: list[int]) -> exp.Expr:
    """The condition that a stage, by its place, is one of these."""
    if len(places) == 1:
        return exp.EQ(this=stage.copy(), expression=sql.literal(places[0]))
    return exp.In(this=stage.copy(), expressions=[sql.literal(place) for place in places])


def references(condition: Condition) -> tuple[Rule, ...]:
    """The tags, lifecycles and segments that a condition asks for."""
    found: dict[Rule, None] = {}
    for part in walk(condition):
        match part:
            case TagTest(tags):
                found |= {Rule("tag", tag): None for tag in tags}
            case StageTest(lifecycle):
                found[Rule("lifecycle", lifecycle)] = None
            case SegmentTest(segments):
                found |= {Rule("segment", segment): None for segment in segments}
            case _:
                pass
    return tuple(found)
