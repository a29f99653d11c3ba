"""Whether a condition can hold at all: what its tests let through, taken together.

Reasoning is one-sided. `conflict_in` finds only contradictions that are certain: a test that it does not understand is taken to
hold or not as it pleases, so that nothing is told of a condition that some customer may meet. That a condition always holds is
that its opposite never does, and that one implies another that the first without the second never holds.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from pdo.core.frozen import dataclass
from pdo.model.conditions import (
    AgeRange,
    Ages,
    AheadRange,
    All,
    AnyOf,
    AttributeTest,
    BucketTest,
    Completed,
    DayRange,
    Duration,
    Durations,
    Everyone,
    Filled,
    LatestTest,
    ListTest,
    Measure,
    MeasureName,
    MeasureTest,
    MetricTest,
    Negated,
    NoneOf,
    OneOf,
    Range,
    RfmTest,
    SegmentTest,
    StageTest,
    TagTest,
    Unit,
)
from pdo.model.fields import Type
from pdo.playbook import ranges
from pdo.playbook.certainty import NEVER_ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Rows, Test
    from pdo.model.playbook import Metric, Segment

_LAST = frozenset((MeasureName.LAST, MeasureName.DAYS_SINCE_LAST))
_AGES = _LAST | {MeasureName.FIRST, MeasureName.DAYS_SINCE_FIRST}
_WHOLE = frozenset((MeasureName.COUNT, MeasureName.DAYS, MeasureName.ORDERS, MeasureName.DISTINCT, *_AGES))
"""Measures that are whole numbers from 0 on; amounts are whole too, but may be less than nothing."""
_HAS_ROWS = frozenset((MeasureName.COUNT, MeasureName.DAYS, MeasureName.ORDERS))
"""Measures that are 0 exactly where there are no rows."""

_SHORTEST = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 28, Unit.YEAR: 365}
_LONGEST = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 31, Unit.YEAR: 366}
_DAY_SECONDS = 86_400
_MANY = 60
"""Of more measures in one condition no two are held against each other."""

Key = tuple[object, ...]


class Leaf(NamedTuple):
    """One fact: the value under a key is one of these.

    Args:
        key: what is asked, equal for all tests of the same.
        numbers: what it may be; None where it is a word.
        words: likewise; None where it is a number.
        whole: there are no fractions.
        span: of the test.
    """

    key: Key
    span: Span
    numbers: ranges.Numbers | None = None
    words: ranges.Words | None = None
    whole: bool = False


class Both(NamedTuple):
    """Every part holds; of none, always."""

    parts: tuple[Tree, ...]
    span: Span


class Either(NamedTuple):
    """A part holds; of none, never."""

    parts: tuple[Tree, ...]
    span: Span


Tree = Leaf | Both | Either


@dataclass(frozen=True, slots=True)
class Known:
    """What conditions may lead to."""

    metrics: Mapping[str, Metric] = field(default_factory=dict)
    segments: Mapping[str, Segment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why something cannot be: what stands here, and what it goes against; the same place where it is one test."""

    span: Span
    against: Span


# Conditions as trees ----------------------------------------------------------------------------------------------


def tree_of(condition: Condition, known: Known, *, holds: bool = True) -> Tree:
    """The condition, or its opposite, as facts under `and` and `or`."""
    return _Reader(known).read(condition, holds=holds)


class _Reader:
    """Reads one condition; segments that it names are followed once, for they may be long or go round."""

    def __init__(self, known: Known, *, inner: bool = False) -> None:
        self.known = known
        self.inner = inner

    def read(self, condition: Condition, *, holds: bool) -> Tree:
        span = condition.span
        match condition:
            case Everyone():
                return Both((), span) if holds else Either((), span)
            case All(parts=parts):
                return _joined(tuple(self.read(part, holds=holds) for part in parts), span, every=holds)
            case AnyOf(parts=parts):
                return _joined(tuple(self.read(part, holds=holds) for part in parts), span, every=not holds)
            case NoneOf(parts=parts):
                return _joined(tuple(self.read(part, holds=not holds) for part in parts), span, every=holds)
            case _:
                return self._read_test(condition, holds=holds)

    def _read_test(self, condition: Condition, *, holds: bool) -> Tree:
        span = condition.span
        match condition:
            case AttributeTest(test=test):
                return _of_value(("attribute", test.column), test.test, test.type, span, holds=holds)
            case MetricTest(metric=name, test=test):
                metric = self.known.metrics.get(name)
                if metric is not None and isinstance(metric.measure, Measure):
                    return _of_measure(metric.measure, test, span, holds=holds)
                return _of_value(("metric", name), test, Type.NUMBER, span, holds=holds)
            case MeasureTest(measure=measure, test=test):
                return _of_measure(measure, test, span, holds=holds)
            case SegmentTest(segments=names):
                return self._of_segments(names, span, holds=holds)
            case TagTest():
                return _of_tags(condition, holds=holds)
            case LatestTest(rows=rows, has=has):
                latest = _atom(("latest", rows, has), span, holds=holds)
                return _joined((latest, _rows(rows, span, some=holds)), span, every=holds)
            case _:
                return _belongs(condition, holds=holds)

    def _of_segments(self, names: tuple[str, ...], span: Span, *, holds: bool) -> Tree:
        found: list[Tree] = []
        for name in names:
            parts: list[Tree] = [_atom(("segment", name), span, holds=holds)]
            segment = self.known.segments.get(name)
            cut = segment is not None and (segment.top is not None or segment.share is not None)
            if segment is not None and not self.inner and (holds or not cut):
                inner = _Reader(self.known, inner=True).read(segment.when, holds=holds)
                parts.append(_placed(inner, span))
            # Who is not in a list of the best may meet its condition; who is outside another does not.
            found.append(Both(tuple(parts), span))
        return _joined(tuple(found), span, every=not holds)


def _of_tags(test: TagTest, *, holds: bool) -> Tree:
    span = test.span
    # Not even of a group of which one is allowed: hands may have put on two.
    found = tuple(_atom(("tag", name), span, holds=holds) for name in test.tags)
    here = _joined(found, span, every=test.every == holds)
    if test.held is None:
        return here
    held = _atom(("held", test.tags, test.every, test.held), span, holds=holds)
    return _joined((here, held), span, every=holds)


def _belongs(condition: Condition, *, holds: bool) -> Leaf:
    """To what a customer belongs, of which they have one or none."""
    span = condition.span
    match condition:
        case StageTest(lifecycle=name, stages=stages, held=None):
            return _word(("stage", name), stages, span, holds=holds)
        case RfmTest(setting=name, types=types):
            return _word(("rfm", name), types, span, holds=holds)
        case BucketTest(low=low, high=high):
            inside = ranges.between(low, high)
            numbers = inside if holds else ranges.outside(inside)
            return Leaf(("bucket",), span, ranges.common(numbers, ranges.between(0, 99), whole=True), whole=True)
        case ListTest(ids=ids):
            return _word(("id",), ids, span, holds=holds)
        case _:
            return _atom((condition,), span, holds=holds)


def _joined(parts: tuple[Tree, ...], span: Span, *, every: bool) -> Tree:
    return Both(parts, span) if every else Either(parts, span)


def _placed(tree: Tree, span: Span) -> Tree:
    """A tree of another block, where it is referred to."""
    if isinstance(tree, Leaf):
        return Leaf(tree.key, span, tree.numbers, tree.words, tree.whole)
    parts = tuple(_placed(part, span) for part in tree.parts)
    return Both(parts, span) if isinstance(tree, Both) else Either(parts, span)


def _atom(key: Key, span: Span, *, holds: bool) -> Leaf:
    """Something that holds or does not, of which no more is known."""
    return Leaf(key, span, words=(holds, frozenset((True,))))


def _word(key: Key, values: tuple[object, ...], span: Span, *, holds: bool) -> Leaf:
    return Leaf(key, span, words=(holds, frozenset(values)))


def _rows(rows: Rows, span: Span, *, some: bool) -> Leaf:
    """Whether there are such rows, as their number says it."""
    numbers = ranges.between(1, None) if some else ranges.points((0,))
    return Leaf(("measure", rows, MeasureName.COUNT, "", None), span, numbers, whole=True)


# Values -----------------------------------------------------------------------------------------------------------


def _of_measure(measure: Measure, test: Test, span: Span, *, holds: bool) -> Tree:
    name = measure.name
    type_ = Type.INSTANT if name in (MeasureName.LAST, MeasureName.FIRST) else measure.type or Type.INTEGER
    if name in _AGES:
        name = MeasureName.LAST if name in _LAST else MeasureName.FIRST
    key = ("measure", measure.rows, name, measure.of, measure.shape)
    tree = _of_value(key, test, type_, span, holds=holds, present=measure.name in NEVER_ABSENT)
    if measure.name in NEVER_ABSENT:
        return tree
    # What has a value is of rows; what has none may be so for want of a value in the rows that there are.
    if _tests_presence(test, holds=holds):
        return Both((tree, _rows(measure.rows, span, some=True)), span)
    return tree


def _tests_presence(test: Test, *, holds: bool) -> bool:
    """Whether whoever passes has a value."""
    if isinstance(test, Negated):
        return _tests_presence(test.test, holds=not holds)
    return holds != (test == Filled(exists=False))


def _of_value(key: Key, test: Test, type_: Type, span: Span, *, holds: bool, present: bool = False) -> Tree:
    """A test on a value; with `present` there always is one."""
    if isinstance(test, Negated):
        return _of_value(key, test.test, type_, span, holds=not holds, present=present)
    filled = Leaf(("present", *key), span, words=(True, frozenset((True,))))
    absent = Leaf(("present", *key), span, words=(False, frozenset((True,))))
    if isinstance(test, Filled):
        if present:
            return Both((), span) if holds == test.exists else Either((), span)
        return filled if holds == test.exists else absent
    value = _value(key, test, type_, span, holds=holds)
    if present:
        return value
    return Both((value, filled), span) if holds else Either((value, absent), span)


def _value(key: Key, test: Test, type_: Type, span: Span, *, holds: bool) -> Leaf:
    whole = key[0] == "measure" and key[2] in _WHOLE
    match test:
        case OneOf(values=values) if type_ not in (Type.DATE, Type.INSTANT):
            numbers = tuple(value for value in values if isinstance(value, int))
            if len(numbers) != len(values):
                return _word(key, values, span, holds=holds)
            found = ranges.points(numbers)
        case Range(low=low, high=high, low_open=low_open, high_open=high_open):
            found = ranges.between(low, high, low_open=low_open, high_open=high_open)
        case AgeRange(low=low, high=high) if holds or _is_of_days(low, high):
            return _number(_aged(key), ranges.between(_days(low, least=True) or 0, _days(high)), span, holds=holds)
        case AheadRange(low=low, high=high) if holds or _is_of_days(low, high):
            early, late = _days(high), -(_days(low, least=True) or 0)
            inside = ranges.between(None if early is None else -early, late)
            return _number(_aged(key), inside, span, holds=holds)
        case DayRange(first=first, last=last):
            ends = [end for end in (first, last) if end is not None]
            if len({end.relative for end in ends}) > 1:
                return _atom(("atom", *key, test), span, holds=holds)
            inside = ranges.between(first.number if first else None, last.number if last else None)
            return _number(("day", any(end.relative for end in ends), *key), inside, span, holds=holds)
        case Completed(low=low, high=high, below=below):
            completed = _completed(key, low, high, span, below=below, holds=holds)
            return completed or _atom(("atom", *key, test), span, holds=holds)
        case _:
            return _atom(("atom", *key, test), span, holds=holds)
    return _number(key, found, span, holds=holds, whole=whole)


def _number(key: Key, inside: ranges.Numbers, span: Span, *, holds: bool, whole: bool = True) -> Leaf:
    return Leaf(key, span, inside if holds else ranges.outside(inside), whole=whole)


def _aged(key: Key) -> Key:
    """Ages of rows stand under the measure itself, ages of dates beside the other things that are asked of them."""
    return key if key[0] == "measure" and key[2] in _AGES else ("age", *key)


def _completed(
    key: Key, low: Duration | None, high: Duration | None, span: Span, *, below: bool, holds: bool
) -> Leaf | None:
    """Completed years as months; other units are not compared."""
    months = {Unit.MONTH: 1, Unit.YEAR: 12}
    if any(end is not None and end.unit not in months for end in (low, high)):
        return None
    start = None if low is None else low.count * months[low.unit]
    end = None if high is None else (high.count + int(not below)) * months[high.unit] - 1
    return _number(("completed", *key), ranges.between(start, end), span, holds=holds)


def _is_of_days(low: Duration | None, high: Duration | None) -> bool:
    return all(end is None or end.unit in (Unit.DAY, Unit.WEEK) for end in (low, high))


def _days(duration: Duration | None, *, least: bool = False) -> int | None:
    """A duration in calendar days: the least, or the most, that it can be."""
    if duration is None:
        return None
    if duration.is_exact:
        days = duration.seconds // _DAY_SECONDS
        return max(days - 1, 0) if least else days + 2
    return duration.count * (_SHORTEST if least else _LONGEST)[duration.unit]


# Contradictions ---------------------------------------------------------------------------------------------------


class _Fact(NamedTuple):
    """What is known of a value so far, with the places that said so."""

    leaf: Leaf
    first: Span


_Facts = dict[Key, "_Fact"]


def conflict_in(*trees: Tree) -> Conflict | None:
    """Why these cannot hold together; None where nothing says that they cannot."""
    return _conflict({}, list(trees))


def _conflict(facts: _Facts, waiting: list[Tree]) -> Conflict | None:
    facts = dict(facts)
    choices: list[Either] = []
    while True:
        found = _take(facts, waiting, choices) or _rows_conflict(facts)
        if found is not None:
            return found
        waiting = []
        rest: list[Either] = []
        for choice in choices:
            reasons = [_conflict(facts, [part]) for part in choice.parts]
            left = [part for part, reason in zip(choice.parts, reasons, strict=True) if reason is None]
            if not left:
                return next((reason for reason in reasons if reason is not None), Conflict(choice.span, choice.span))
            if len(left) == 1:
                waiting.append(left[0])
            else:
                rest.append(choice)
        if not waiting or len(choices) > _MANY:
            return None
        choices = rest


def _take(facts: _Facts, waiting: list[Tree], choices: list[Either]) -> Conflict | None:
    """Learn all that is plainly said, and put aside what leaves a choice."""
    left = waiting[::-1]
    while left:
        tree = left.pop()
        if isinstance(tree, Both):
            left.extend(reversed(tree.parts))
        elif isinstance(tree, Leaf):
            if (found := _learn(facts, tree)) is not None:
                return found
        elif len(tree.parts) == 1:
            left.append(tree.parts[0])
        else:
            choices.append(tree)
    return None


def _learn(facts: _Facts, leaf: Leaf) -> Conflict | None:
    """Add a fact to those that are known."""
    before = facts.get(leaf.key)
    numbers, words = leaf.numbers, leaf.words
    if numbers is not None:
        limits = _limits(leaf.key) if before is None else before.leaf.numbers or ()
        numbers = ranges.common(limits, numbers, whole=leaf.whole)
    elif words is not None and before is not None and before.leaf.words is not None:
        words = ranges.both_words(before.leaf.words, words)
    if numbers == () or words == (True, frozenset()):
        return Conflict(leaf.span, leaf.span if before is None else before.first)
    narrowed = Leaf(leaf.key, leaf.span, numbers, words, leaf.whole)
    facts[leaf.key] = _Fact(narrowed, leaf.span if before is None else before.first)
    return None


def _limits(key: Key) -> ranges.Numbers:
    """What a value can be at all."""
    if key[0] != "measure" or key[2] not in _WHOLE:
        return ranges.EVERY
    rows = key[1]
    window = getattr(rows, "window", None)
    if key[2] in _AGES and isinstance(window, Ages):
        low, below = _sum(window.low, least=True), _sum(window.below)
        return ranges.between(low or 0, None if below is None else below - 1)
    return ranges.between(0, None)


def _sum(durations: Durations, *, least: bool = False) -> int | None:
    """Durations one after the other, in days."""
    if not durations:
        return None
    return sum(_days(each, least=least) or 0 for each in durations)


def _rows_conflict(facts: _Facts) -> Conflict | None:
    """What is said of rows against what is said of more of the same: none of 90 days, and two of 30."""
    said = [(key, fact) for key, fact in facts.items() if key[0] == "measure" and key[2] in _WHOLE]
    if not 1 < len(said) <= _MANY:
        return None
    for some, fact in said:
        for every, other in said:
            if some is not every and _is_part(some[1], every[1]) and _is_against(some, fact.leaf, every, other.leaf):
                spans = (fact.first, other.first)
                late = max(spans, key=lambda span: (span.line, span.column))
                return Conflict(late, spans[0] if late is spans[1] else spans[1])
    return None


def _is_against(some: Key, one: Leaf, every: Key, other: Leaf) -> bool:
    """Whether what is said of some rows cannot be, by what is said of all of which they are part."""
    mine, theirs = one.numbers or (), other.numbers or ()
    counted = (MeasureName.COUNT, MeasureName.DAYS, MeasureName.ORDERS)
    if some[2] is every[2] and some[2] in counted and ranges.least(mine) > ranges.greatest(theirs):
        return True
    has_rows = some[2] in _HAS_ROWS and ranges.least(mine) > 0
    if not has_rows:
        return False
    if every[2] in _HAS_ROWS:
        return ranges.greatest(theirs) == 0
    if every[2] not in (MeasureName.LAST, MeasureName.FIRST):
        return False
    window = getattr(some[1], "window", None)
    if not isinstance(window, Ages):
        return False
    if every[2] is MeasureName.LAST:
        oldest = _sum(window.below)
        return oldest is not None and oldest - 1 < ranges.least(theirs)
    youngest = _sum(window.low, least=True)
    return youngest is not None and youngest > ranges.greatest(theirs)


def _is_part(some: object, every: object) -> bool:
    """Whether all rows of the one are rows of the other."""
    if some == every:
        return True
    mine, theirs = _parts_of(some), _parts_of(every)
    if mine[0] != theirs[0] or not set(theirs[1]) <= set(mine[1]):
        return False
    # Orders of a status that was asked for need not be among those that count.
    if _by_status(mine[1]) != _by_status(theirs[1]):
        return False
    return (theirs[3] is None or mine[3] == theirs[3]) and _is_inside(mine[2], theirs[2])


def _parts_of(rows: object) -> tuple[str, tuple[object, ...], object, object]:
    subject = getattr(rows, "subject", "")
    return subject, getattr(rows, "where", ()), getattr(rows, "window", None), getattr(rows, "followed_by", None)


def _by_status(where: tuple[object, ...]) -> frozenset[object]:
    return frozenset(test for test in where if getattr(test, "column", "") == "status")


def _is_inside(some: object, every: object) -> bool:
    if every is None or some == every:
        return True
    if not isinstance(some, Ages) or not isinstance(every, Ages):
        return False
    low, below = _sum(some.low, least=True) or 0, _sum(some.below)
    wide_low, wide_below = _sum(every.low) or 0, _sum(every.below, least=True)
    return low >= wide_low and (wide_below is None or (below is not None and below <= wide_below))
