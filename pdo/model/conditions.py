"""Conditions as they are understood: names resolved, values in the units of what they are compared with.

Grain: a condition is true or false for each customer at a `now`, never unknown: absent data satisfies nothing but
`Filled(exists=False)` and ranges of counts and sums that include 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.core.source import Span
    from pdo.model.fields import Type


class Unit(StrEnum):
    """Units of a duration. Hours and minutes compare instants, the others local calendar days."""

    MINUTE = "min"
    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    MONTH = "mo"
    YEAR = "y"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as written."""

    count: int
    unit: Unit

    @property
    def is_exact(self) -> bool:
        """Whether it is counted in seconds rather than in calendar days."""
        return self.unit in (Unit.MINUTE, Unit.HOUR)

    @property
    def seconds(self) -> int:
        """The length of an exact duration."""
        return self.count * (60 if self.unit is Unit.MINUTE else 3600)

    def __str__(self) -> str:
        """As written: `30d`."""
        return f"{self.count}{self.unit}"


@dataclass(frozen=True, slots=True)
class Day:
    """A date as written: fixed, or so many days from today.

    Args:
        number: the day number, or days from today where `relative`.
        relative: written as `today` (0) or `yesterday` (-1).
    """

    number: int
    relative: bool = False


# Tests -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OneOf:
    """Equal to one of these; texts in NFC, numbers in the units of the value, days for dates."""

    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Between two limits in the units of the value; None is no limit.

    Args:
        low: the lower limit.
        high: the upper limit.
        low_open: the lower limit itself does not hold.
        high_open: the upper limit itself does not hold.
    """

    low: int | None
    high: int | None
    low_open: bool = False
    high_open: bool = False

    def includes(self, value: int) -> bool:
        """Whether a number lies in it."""
        above = self.low is None or (value > self.low if self.low_open else value >= self.low)
        below = self.high is None or (value < self.high if self.high_open else value <= self.high)
        return above and below


class TextOperator(StrEnum):
    """How a text is searched; `matches` is an RE2 regular expression, not anchored."""

    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    MATCHES = "matches"


@dataclass(frozen=True, slots=True)
class TextTest:
    """A search in a text."""

    operator: TextOperator
    value: str


@dataclass(frozen=True, slots=True)
class Filled:
    """Is (or is not) filled in."""

    exists: bool


@dataclass(frozen=True, slots=True)
class AgeRange:
    """How long ago; both ends count. Ages of days and longer are differences of local dates, never negative."""

    low: Duration | None
    high: Duration | None


@dataclass(frozen=True, slots=True)
class AheadRange:
    """How long from today on; both ends count; a date before today never holds."""

    low: Duration | None
    high: Duration | None


@dataclass(frozen=True, slots=True)
class DayRange:
    """From one local date to another, both included; None is no limit."""

    first: Day | None
    last: Day | None


@dataclass(frozen=True, slots=True)
class Negated:
    """Holds exactly where the inner test does not, for absent values too."""

    test: Test


Test = OneOf | Range | TextTest | Filled | AgeRange | AheadRange | DayRange | Negated


# Rows and measures ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ColumnTest:
    """A test on a column of a row, or on an attribute of a customer."""

    column: str
    type: Type
    test: Test


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a customer that a measure looks at.

    Args:
        subject: `orders`, `items` or `events`. Orders count when they are paid and not refunded in full, unless `where` tests
            the status; items when their order does.
        where: every one must hold.
        within: no older than this; None is since ever.
    """

    subject: str
    where: tuple[ColumnTest, ...] = ()
    within: Duration | None = None


class MeasureName(StrEnum):
    """What is computed of the rows."""

    COUNT = "count"
    AMOUNT = "amount"
    AVERAGE = "average"
    QUANTITY = "quantity"
    ORDERS = "orders"
    DAYS = "days"
    DISTINCT = "distinct"
    FIRST = "first"
    LAST = "last"
    DAYS_SINCE_FIRST = "days_since_first"
    DAYS_SINCE_LAST = "days_since_last"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure over rows; equal measures are computed once.

    Args:
        rows: over what.
        name: what.
        of: the column of `distinct`.
    """

    rows: Rows
    name: MeasureName
    of: str | None = None


# Conditions -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Everyone:
    """`when: everyone`."""

    span: Span


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class NoneOf:
    """No part holds."""

    parts: tuple[Condition, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class AttributeTest:
    """A test on an attribute of the customer."""

    test: ColumnTest
    span: Span


@dataclass(frozen=True, slots=True)
class MetricTest:
    """A test on a metric's value, in the metric's units."""

    metric: str
    test: Test
    span: Span


@dataclass(frozen=True, slots=True)
class MeasureTest:
    """A test on a measure."""

    measure: Measure
    test: Test
    span: Span


@dataclass(frozen=True, slots=True)
class TagTest:
    """Has one of these tags in this run."""

    tags: tuple[str, ...]
    span: Span
    every: bool = False


@dataclass(frozen=True, slots=True)
class StageTest:
    """Is in one of these stages of a lifecycle in this run."""

    lifecycle: str
    stages: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class SegmentTest:
    """Belongs to one of these segments in this run."""

    segments: tuple[str, ...]
    span: Span


Condition = (
    Everyone | All | AnyOf | NoneOf | AttributeTest | MetricTest | MeasureTest | TagTest | StageTest | SegmentTest
)


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and all that it is made of, outermost first."""
    yield condition
    if isinstance(condition, All | AnyOf | NoneOf):
        for part in condition.parts:
            yield from walk(part)
