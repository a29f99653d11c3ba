"""What a condition makes certain: values that cannot be absent for whoever meets it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.model.conditions import (
    All,
    AttributeTest,
    Filled,
    LatestTest,
    MeasureName,
    MeasureTest,
    MetricTest,
    Negated,
    OneOf,
    Range,
    SegmentTest,
    TagTest,
)
from pdo.model.playbook import Ratio

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.model.conditions import Condition, Rows, Test
    from pdo.model.playbook import Metric, Segment, Tag

NEVER_ABSENT = frozenset(
    (
        MeasureName.COUNT,
        MeasureName.AMOUNT,
        MeasureName.QUANTITY,
        MeasureName.ORDERS,
        MeasureName.DAYS,
        MeasureName.DISTINCT,
        MeasureName.SUM,
        MeasureName.REGULARLY,
    )
)
"""Measures that are 0 where there are no rows."""

_OF_ROWS = frozenset(
    (
        MeasureName.AVERAGE,
        MeasureName.FIRST,
        MeasureName.LAST,
        MeasureName.DAYS_SINCE_FIRST,
        MeasureName.DAYS_SINCE_LAST,
        MeasureName.STREAK,
    )
)
"""Measures that have a value as soon as there is a row; those of a column may lack it, a gap needs two rows."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks that a condition may lead to."""

    metrics: Mapping[str, Metric] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)
    segments: Mapping[str, Segment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Certain:
    """What is filled in for everyone who meets a condition."""

    attributes: frozenset[str]
    metrics: frozenset[str]
    rows: tuple[Rows, ...]

    def has_metric(self, metric: Metric) -> bool:
        """Whether the metric has a value."""
        if isinstance(metric.measure, Ratio):
            return metric.name in self.metrics
        measure = metric.measure
        covered = measure.name in _OF_ROWS and any(_covers(rows, measure.rows) for rows in self.rows)
        return metric.name in self.metrics or measure.name in NEVER_ABSENT or covered


def _covers(rows: Rows, wanted: Rows) -> bool:
    """Whether who has such rows has some of the wanted ones."""
    if rows == wanted:
        return True
    every = not wanted.where and wanted.window is None and wanted.followed_by is None
    # Orders of a status that was asked for need not count, so they are no orders for who asks for none.
    uncounted = any(test.column == "status" for test in rows.where) and rows.subject in ("orders", "items")
    return rows.subject == wanted.subject and every and not uncounted


def what_is_certain(condition: Condition | None, blocks: Blocks) -> Certain:
    """Follow what must hold, through tags and segments; what may hold makes nothing certain."""
    attributes: set[str] = set()
    metrics: set[str] = set()
    rows: list[Rows] = []
    waiting = [condition]
    seen: set[Condition] = set()
    while waiting:
        part = waiting.pop()
        if part is None or part in seen:
            continue
        seen.add(part)
        match part:
            case All(parts=parts):
                waiting.extend(parts)
            case SegmentTest(segments=(name,)) if name in blocks.segments:
                waiting.append(blocks.segments[name].when)
            case TagTest(tags=names, every=every) if every or len(names) == 1:
                tags = (blocks.tags[name] for name in names if name in blocks.tags)
                waiting.extend(tag.when for tag in tags if not tag.keep)
            case AttributeTest(test=test) if _is_positive(test.test):
                attributes.add(test.column)
            case MetricTest(metric=name, test=test) if _is_positive(test):
                metrics.add(name)
                metric = blocks.metrics.get(name)
                if metric is None or isinstance(metric.measure, Ratio):
                    continue
                if _needs_rows(metric.measure.name, test):
                    rows.append(metric.measure.rows)
            case LatestTest(rows=found):
                rows.append(found)
            case MeasureTest(measure=measure, test=test) if _needs_rows(measure.name, test):
                rows.append(measure.rows)
            case _:
                pass
    return Certain(frozenset(attributes), frozenset(metrics), tuple(rows))


def _is_positive(test: Test) -> bool:
    return not isinstance(test, Negated) and test != Filled(exists=False)


def _needs_rows(name: MeasureName, test: Test) -> bool:
    if not _is_positive(test):
        return False
    if name not in NEVER_ABSENT:
        return True
    if isinstance(test, Range):
        return not test.includes(0)
    return isinstance(test, OneOf) and 0 not in test.values
