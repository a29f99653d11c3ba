"""Examples: unit tests of playbooks, typed and checked; running them is another floor's work."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from pdo.core.nodes import Mapping, Node, Scalar
from pdo.model.examples import Aspect, Example, ExampleMoment, Expectation, Expected, Membership
from pdo.model.fields import Type
from pdo.playbook import vocabulary
from pdo.playbook.conditions import report_unknown_name
from pdo.playbook.example_rows import Population, read_moment, read_rows_of
from pdo.playbook.plain import read_keyed
from pdo.playbook.predicates import Tested, read_test
from pdo.playbook.reading import (
    read_block,
    read_boolean,
    read_fields,
    read_list,
    read_text,
    read_texts,
    report_twice,
    report_unknown,
    require,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdo.core.nodes import Entry
    from pdo.core.source import Span
    from pdo.model.examples import ExampleFile, ExampleRow
    from pdo.model.playbook import Project
    from pdo.playbook.reading import Reading

_MINIMAL = "expect: {tags: {a: 爱水果}}"
_SHAPES = {
    "tags": "{a: [爱水果]}",
    "segments": "{a: [高价值将流失]}",
    "stages": "{客户阶段: {a: 成交}}",
    "scores": "{意向分: {a: 50}}",
    "metrics": "{累计消费: {a: 600}}",
    "messages": "{回店礼券: {a: {contains: 王芳}}}",
    "tasks": "{重要客户将流失: [a]}",
    "members": "{爱水果: [a]}",
}
_NAMED = {"segments": "segment", "scores": "score", "metrics": "metric", "members": "tag"}


def read_examples(nodes: Iterable[tuple[str, Node]], project: Project, reading: Reading) -> tuple[Example, ...]:
    """All examples of a project.

    Args:
        nodes: the name of the file with each list of examples.
        project: whose names they use.

    Diagnostics:
        PB114 to PB118, PB201 to PB203, PB206, PB221, PB222, PB3xx, PB204 two examples of one name.
    """
    found: list[Example] = []
    seen: dict[str, Span] = {}
    for playbook, node in nodes:
        for item in read_list(node, "examples", reading) or ():
            mapping = read_block(item, "examples", reading)
            if mapping is None:
                continue
            _check_name(mapping.get("name"), seen, reading)
            example = _read_example(playbook, mapping, project, reading)
            if example is not None:
                found.append(example)
    return tuple(found)


def _check_name(node: Node | None, seen: dict[str, Span], reading: Reading) -> None:
    """Note a name that another example has, whether or not that one can be read."""
    if not isinstance(node, Scalar) or node.is_empty:
        return
    name = unicodedata.normalize("NFC", node.text).strip()
    first = seen.setdefault(name, node.span)
    if first is not node.span:
        report_twice("PB204", node.span, first, name, reading)


def _read_example(playbook: str, mapping: Mapping, project: Project, reading: Reading) -> Example | None:
    name_node = require(_fields(mapping), "name", mapping.span, "name: 30 天没来的大客户收到回访", reading)
    name = read_text(name_node, "name", reading) if name_node is not None else None
    population = Population()
    first = _read_moment(mapping, ("name", "then"), population, project, reading)
    moments = [first]
    then = mapping.get("then")
    for item in (read_list(then, "then", reading) or ()) if then is not None else ():
        inner = read_block(item, "then", reading)
        moments.append(_read_moment(inner, (), population, project, reading) if inner is not None else None)
    complete = tuple(moment for moment in moments if moment is not None)
    if name is None or name_node is None or len(complete) != len(moments):
        return None
    for before, after in pairwise(complete):
        if after.now <= before.now:
            reading.findings.add("PB353", after.span)
            return None
    return Example(name, playbook, complete, name_node.span)


def _fields(mapping: Mapping) -> dict[str, Node]:
    return {entry.key.text: entry.value for entry in reversed(mapping.entries)}


def _read_moment(
    mapping: Mapping, own: tuple[str, ...], population: Population, project: Project, reading: Reading
) -> ExampleMoment | None:
    fields = _fields(mapping)
    kinds = reading.settings.kinds
    rows: list[ExampleRow] = []
    files: list[ExampleFile] = []
    known = (*own, "now", "expect")
    # Customers first, whatever the order of keys: the other rows name them.
    data = [entry for entry in mapping.entries if entry.key.text in kinds]
    for entry in sorted(data, key=lambda entry: entry.key.text != "customers"):
        inline, file = read_rows_of(entry, population, reading)
        rows.extend(inline)
        files.extend([file] if file is not None else [])
    for entry in mapping.entries:
        if entry.key.text not in kinds and entry.key.text not in known:
            report_unknown(
                "PB114", entry.key.span, entry.key.text, (*known, *kinds), reading.findings, place="examples"
            )
    now_node = require(fields, "now", mapping.span, "now: 2026-03-02 09:00", reading)
    now = read_moment(now_node, "now", reading) if now_node is not None else None
    expect_node = require(fields, "expect", mapping.span, _MINIMAL, reading)
    expect = None
    if expect_node is not None:
        expect = _Expecting(population, project, reading).read(expect_node)
    if now is None or expect is None:
        return None
    return ExampleMoment(now, tuple(rows), tuple(files), expect, mapping.span)


# What is expected -------------------------------------------------------------------------------------------------


class _Expecting:
    """Reads what must be there; every name and every customer must exist."""

    def __init__(self, population: Population, project: Project, reading: Reading) -> None:
        self.population = population
        self.project = project
        self.reading = reading
        self.found: list[Expected] = []
        self.members: list[Membership] = []

    def read(self, node: Node) -> Expectation | None:
        """What must be there at a moment."""
        mapping = read_block(node, "expect", self.reading)
        if mapping is None:
            return None
        fields = read_fields(mapping, vocabulary.EXPECT_KEYS, "expect", self.reading)
        exactly = read_boolean(fields["exactly"], "exactly", self.reading) if "exactly" in fields else False
        self._read_aspects(fields, absent=False)
        if "members" in fields:
            self._read_members(fields["members"])
        if "absent" in fields:
            inner = read_block(fields["absent"], "absent", self.reading)
            if inner is not None:
                self._read_aspects(read_fields(inner, vocabulary.ABSENT_KEYS, "absent", self.reading), absent=True)
        if not any(key in fields for key in vocabulary.EXPECT_KEYS if key != "exactly"):
            if len(fields) == len(mapping.entries):
                self.reading.findings.add("PB118", mapping.span, name="expect")
            return None
        return Expectation(tuple(self.found), tuple(self.members), bool(exactly), mapping.span)

    def _read_aspects(self, fields: dict[str, Node], *, absent: bool) -> None:
        for key, aspect in (("tags", Aspect.TAG), ("segments", Aspect.SEGMENT)):
            if key in fields:
                self._read_labels(fields[key], key, aspect, absent=absent)
        if "stages" in fields:
            self._read_stages(fields["stages"], absent=absent)
        for key, aspect in (("scores", Aspect.SCORE), ("metrics", Aspect.METRIC)):
            if key in fields:
                self._read_values(fields[key], key, aspect)
        for key, aspect in (("messages", Aspect.MESSAGE), ("tasks", Aspect.TASK)):
            if key in fields:
                self._read_texts(fields[key], key, aspect, absent=absent)

    def _entries(self, node: Node, place: str) -> tuple[Entry, ...]:
        mapping = read_keyed(node, place, f"{place}: {_SHAPES.get(place, '{…}')}", self.reading)
        if mapping is not None and not mapping.entries:
            self.reading.findings.add("PB118", mapping.span, name=place)
        return mapping.entries if mapping is not None else ()

    def _customer(self, name: str, span: Span) -> str | None:
        population = self.population
        if name in population.customers or "customers" in population.from_files:
            return name
        report_unknown("PB352", span, name, population.customers, self.reading.findings)
        return None

    # Tags, segments, members -------------------------------------------------------------------------------------

    def _read_labels(self, node: Node, place: str, aspect: Aspect, *, absent: bool) -> None:
        """`{customer: [tags]}`."""
        for entry in self._entries(node, place):
            customer = self._customer(entry.key.text, entry.key.span)
            for text, span in read_texts(entry.value, place, self.reading) or ():
                name = self._label(text, aspect, span)
                if customer is not None and name is not None:
                    self.found.append(Expected(aspect, customer, name, "", None, None, absent, span))

    def _label(self, name: str, aspect: Aspect, span: Span) -> str | None:
        names = self.reading.names
        if aspect is Aspect.TAG and name in names.first_answers:
            return names.first_answers[name]
        if name in names.of(aspect.value) or (aspect is Aspect.TAG and self._is_value(name)):
            return name
        report_unknown_name(name, aspect.value, span, self.reading)
        return None

    def _is_value(self, name: str) -> bool:
        """Whether it is a tag of a column that some customer has as value, or may have."""
        columns = [tag.column for tag in self.project.tags.values() if tag.column]
        if columns and "customers" in self.population.from_files:
            return True
        return any(name in self.population.columns.get(column, ()) for column in columns)

    def _read_members(self, node: Node) -> None:
        """`{tag or segment: [customers]}`."""
        names = self.reading.names
        for entry in self._entries(node, "members"):
            name = entry.key.text
            aspect = Aspect.SEGMENT if name in names.of("segment") and name not in names.of("tag") else Aspect.TAG
            known = self._label(name, aspect, entry.key.span)
            empty = not isinstance(entry.value, (Scalar, Mapping)) and not entry.value.items
            texts = [] if empty else read_texts(entry.value, "members", self.reading) or []
            customers = [self._customer(text, span) for text, span in texts]
            complete = tuple(customer for customer in customers if customer is not None)
            if known is not None and len(complete) == len(customers):
                self.members.append(Membership(aspect, known, tuple(dict.fromkeys(complete)), entry.key.span))

    # Stages -------------------------------------------------------------------------------------------------------

    def _read_stages(self, node: Node, *, absent: bool) -> None:
        """`{lifecycle: {customer: stage}}`."""
        reading = self.reading
        for entry in self._entries(node, "stages"):
            lifecycle = entry.key.text
            if lifecycle not in reading.names.of("lifecycle"):
                report_unknown_name(lifecycle, "lifecycle", entry.key.span, reading)
                continue
            stages = [stage for stage, owners in reading.names.stages.items() if lifecycle in owners]
            for each in self._entries(entry.value, lifecycle):
                customer = self._customer(each.key.text, each.key.span)
                for text, span in read_texts(each.value, "stages", reading) or ():
                    if text not in stages:
                        report_unknown("PB201", span, text, stages, reading.findings, kind="stage")
                    elif customer is not None:
                        expected = Expected(Aspect.STAGE, customer, lifecycle, text, None, None, absent, span)
                        self.found.append(expected)

    # Values and texts ---------------------------------------------------------------------------------------------

    def _read_values(self, node: Node, place: str, aspect: Aspect) -> None:
        """`{metric: {customer: value or test}}`."""
        names = self.reading.names
        for entry in self._entries(node, place):
            name = entry.key.text
            known = name in names.of("score") if aspect is Aspect.SCORE else names.is_value(name)
            if not known:
                report_unknown_name(name, _NAMED[place], entry.key.span, self.reading)
                continue
            type_ = names.metric_types.get(name)
            for each in self._entries(entry.value, name):
                customer = self._customer(each.key.text, each.key.span)
                test = read_test(each.value, Tested(name, type_), self.reading) if type_ is not None else None
                if customer is not None and test is not None:
                    self.found.append(Expected(aspect, customer, name, "", test, type_, absent=False, span=each.span))

    def _read_texts(self, node: Node, place: str, aspect: Aspect, *, absent: bool) -> None:
        """`{campaign: {customer: test of the text}}`, or `{campaign: [customers]}` where being there is all."""
        for entry in self._entries(node, place):
            name = entry.key.text
            if name not in self._sources(aspect):
                report_unknown("PB354", entry.key.span, name, self._sources(aspect), self.reading.findings, place=place)
                continue
            if not isinstance(entry.value, Mapping):
                for text, span in read_texts(entry.value, place, self.reading) or ():
                    customer = self._customer(text, span)
                    if customer is not None:
                        self.found.append(Expected(aspect, customer, name, "", None, None, absent, span))
                continue
            for each in self._entries(entry.value, name):
                customer = self._customer(each.key.text, each.key.span)
                test = read_test(each.value, Tested(name, Type.TEXT), self.reading)
                if customer is not None and test is not None:
                    self.found.append(Expected(aspect, customer, name, "", test, Type.TEXT, absent, each.span))

    def _sources(self, aspect: Aspect) -> tuple[str, ...]:
        """What messages or tasks come from, broken ones included."""
        names, outreach = self.reading.names, self.project.outreach
        steps = tuple(f"{journey.name}/{step.name}" for journey in outreach.journeys.values() for step in journey.steps)
        lost = tuple(name for name in names.of("journey") if name not in outreach.journeys)
        if aspect is Aspect.MESSAGE:
            return (*names.of("campaign"), *steps, *lost)
        alerts = tuple(tag.name for tag in self.project.tags.values() if tag.alert is not None)
        return (*alerts, *steps, *lost)
