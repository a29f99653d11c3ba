"""Which operators a condition uses, and how often each of them has held and has not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pdo.model.conditions import (
    AgeRange,
    Ages,
    Anchor,
    AttributeTest,
    Calendar,
    Completed,
    Condition,
    DayRange,
    Filled,
    Has,
    LatestTest,
    Level,
    Measure,
    MeasureTest,
    MetricTest,
    Middle,
    Negated,
    Range,
    RfmTest,
    Rows,
    Since,
    StageTest,
    TagTest,
    Test,
    TextOperator,
    TextTest,
    Top,
    Window,
    walk,
)
from pdo.model.fields import Type
from pdo.model.playbook import Cut, Ratio
from tests.property.playbooks import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.property.oracle import Oracle


def _of_test(test: Test) -> Iterator[str]:
    """The operators of a test on a value."""
    name = type(test).__name__
    yield name
    match test:
        case Negated():
            yield from _of_test(test.test)
        case TextTest():
            yield f"{name} {test.operator}"
        case Filled():
            yield f"{name} {test.exists}"
        case Has():
            yield f"{name} {'every' if test.every else 'any'}"
        case Top():
            yield f"{name} {'share' if test.count is None else 'count'}"
        case Level():
            yield f"{name} {'above' if test.above else 'below'} {test.middle}"
        case Range() if test.low_open or test.high_open:
            yield f"{name} open"
        case AgeRange():
            yield f"{name} {_unit(test)}"
        case Completed() if test.below:
            yield f"{name} below"
        case _:
            return


def _unit(test: AgeRange) -> str:
    return "exact" if any(end is not None and end.is_exact for end in (test.low, test.high)) else "days"


def _of_window(window: Window | None) -> Iterator[str]:
    match window:
        case None:
            yield "window none"
        case Ages():
            exact = any(one.is_exact for one in (*window.low, *window.below))
            yield f"window {'exact' if exact else 'days'}"
            if window.low:
                yield "window from an age on"
        case Calendar():
            yield f"window {window}"
        case DayRange():
            yield "window between"
        case Since(anchor=Anchor.STAGE):
            yield "window since stage"
        case Since():
            yield f"window since {window.type}"


def _of_rows(rows: Rows) -> Iterator[str]:
    yield f"subject {rows.subject}"
    yield from _of_window(rows.window)
    for one in rows.where:
        yield f"where {type(one.test).__name__}"
    if rows.followed_by is not None:
        yield f"followed_by {'exact' if rows.followed_by.within.is_exact else 'days'}"


def _of_measure(measure: Measure) -> Iterator[str]:
    yield f"measure {measure.name}"
    yield from _of_rows(measure.rows)


@dataclass
class Tally:
    """What has been asked, and how often each operator held and did not.

    Grain: of an operator one use a condition and world; one answer a condition and customer.
    """

    conditions: set[Condition] = field(default_factory=set)
    uses: Counter[str] = field(default_factory=Counter)
    answers: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def count(self, oracle: Oracle, *conditions: Condition) -> None:
        """Note conditions and all that they are made of."""
        self.conditions.update(conditions)
        everybody = len(oracle.customers)
        for part in (part for one in conditions for part in walk(one)):
            held = len(oracle.who(part))
            for name in set(_operators(part, oracle)):
                self.uses[name] += 1
                self.answers[name, True] += held
                self.answers[name, False] += everybody - held

    def lacking(self, least: int) -> dict[str, tuple[int, int, int]]:
        """Operators used, held or not held less often than that: uses, held, not held."""
        found = {one: (self.uses[one], self.answers[one, True], self.answers[one, False]) for one in EVERY}
        return {
            one: counts for one, counts in found.items() if min(counts[:2] if one in NEVER_FALSE else counts) < least
        }


def _operators(condition: Condition, oracle: Oracle) -> Iterator[str]:
    """The operators of a condition, without those of its parts."""
    name = type(condition).__name__
    yield name
    match condition:
        case AttributeTest():
            yield from _of_test(condition.test.test)
            yield f"type {condition.test.type}"
        case MeasureTest():
            yield from _of_measure(condition.measure)
            yield from _of_test(condition.test)
        case MetricTest():
            yield from _of_metric(condition.metric, oracle)
            yield from _of_test(condition.test)
        case RfmTest():
            yield from {f"rfm {_of_cut(cut)}" for cut in oracle.project.rfm[condition.setting].cuts.values()}
        case LatestTest():
            yield from _of_rows(condition.rows)
        case TagTest():
            yield f"{name} {'every' if condition.every else 'any'}"
            yield f"{name} {'for' if condition.held else 'at all'}"
            yield from _of_tags(condition, oracle)
        case StageTest():
            yield f"{name} {'for' if condition.held else 'at all'}"
            derived = oracle.project.lifecycles[condition.lifecycle].is_derived
            yield f"{name} {'derived' if derived else 'stateful'}"
        case _:
            return


def _of_tags(condition: TagTest, oracle: Oracle) -> Iterator[str]:
    for tag in (oracle.project.tags[name] for name in condition.tags):
        if tag.expires is not None:
            yield "tag expires"
        if tag.exclusive:
            yield "tag exclusive"
        if tag.keep:
            yield "tag keep"


def _of_metric(name: str, oracle: Oracle) -> Iterator[str]:
    if name in oracle.project.metrics:
        measure = oracle.project.metrics[name].measure
        yield "metric ratio" if isinstance(measure, Ratio) else "metric measure"
    elif name in oracle.project.scores:
        yield "metric score"
        rules = oracle.project.scores[name].rules
        yield from {f"score fades {one.fades[0]}" for one in rules if one.fades is not None}
        yield from {"score up_to" for one in rules if one.up_to is not None}
    else:
        _, _, part = name.rpartition(".")
        yield f"metric {part}"


def _of_cut(cut: Cut) -> str:
    if cut.score is not None:
        return "score"
    if cut.share is not None:
        return "share"
    return "fixed" if cut.middle is None else str(cut.middle)


_TESTS = (
    *("OneOf", "Range", "Range open", "AgeRange exact", "AgeRange days", "AheadRange", "DayRange", "Anniversary"),
    *("Completed", "Completed below", "Turns", "Has any", "Has every", "InWindow", "Top count", "Top share"),
    *(f"TextTest {one}" for one in TextOperator),
    *(f"Filled {one}" for one in (True, False)),
    *(f"Level {side} {one}" for side in ("above", "below") for one in Middle),
    "Negated",
)
_WINDOWS = (
    *(f"window {one}" for one in Calendar),
    *(f"window {one}" for one in ("none", "exact", "days", "from an age on", "between")),
    *(f"window since {one}" for one in ("stage", Type.DATE, Type.INSTANT)),
)
EVERY = (
    *("Everyone", "All", "AnyOf", "NoneOf", "AttributeTest", "MetricTest", "MeasureTest", "LatestTest", "TagTest"),
    *("StageTest", "SegmentTest", "RfmTest", "ListTest", "BucketTest"),
    *_TESTS,
    *_WINDOWS,
    *("followed_by exact", "followed_by days", "where OneOf", "where Negated"),
    *(f"measure {one}" for one in dict.fromkeys(name for names in MEASURES.values() for name in names)),
    *(f"subject {one}" for one in MEASURES),
    *(f"type {one}" for one in Type),
    *("TagTest any", "TagTest every", "TagTest for", "TagTest at all"),
    *("tag expires", "tag exclusive", "tag keep"),
    *("StageTest for", "StageTest at all", "StageTest derived", "StageTest stateful"),
    *("metric measure", "metric ratio", "metric score", "metric R", "metric F", "metric M"),
    *(f"rfm {one}" for one in ("score", "share", "fixed", *Middle)),
    *("score fades half_life", "score fades to_zero_in", "score up_to"),
)
"""The operators of the language."""

NEVER_FALSE = {"Everyone"}
