"""Conditions as they are understood: names resolved, values in the units of what they are compared with.

Grain: a condition is true or false for each customer at a `now`, never unknown: absent data satisfies nothing but
`Filled(exists=False)` and ranges of counts and sums that include 0.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

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


Durations = tuple[Duration, ...]
"""Durations one after the other: `(7d, 14d)` is 21 days; counted back one by one where there are months."""


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
class Anniversary:
    """The same month and day in a later year lies so far from today on; both ends count.

    29 February falls on the 28th in common years. The day itself and days to come have no anniversary yet.
    """

    low: Duration | None
    high: Duration | None


@dataclass(frozen=True, slots=True)
class Completed:
    """The age in completed units (周岁, 月龄): `18y..25y` holds from the 18th birthday until the day before the 26th.

    Args:
        low: the least age; negative counts are before birth; None is no limit.
        high: the greatest age, itself included as a whole unit.
        below: `high` itself no longer holds, as where the next band begins.
    """

    low: Duration | None
    high: Duration | None
    below: bool = False


@dataclass(frozen=True, slots=True)
class Turns:
    """The day on which an age is reached lies so far from today on; both ends count.

    Args:
        age: what is reached: 6mo.
        low: from so far on; None is today.
        high: up to so far; None is no limit.
    """

    age: Duration
    low: Duration | None
    high: Duration | None


@dataclass(frozen=True, slots=True)
class Has:
    """A list has one of these, or `every` one."""

    values: tuple[str, ...]
    every: bool = False


@dataclass(frozen=True, slots=True)
class InWindow:
    """A moment lies in a window."""

    window: Window


@dataclass(frozen=True, slots=True)
class Top:
    """Among the highest of all customers who have the value; ties by natural key.

    Args:
        count: so many; None where a share is meant.
        share: of those who have the value, in hundredths of a percent, rounded down to whole customers.
    """

    count: int | None
    share: int | None = None


class Middle(StrEnum):
    """What a value is held against; the median is between the two middle values of an even number."""

    AVERAGE = "average"
    MEDIAN = "median"


@dataclass(frozen=True, slots=True)
class Level:
    """Strictly above (or below) the average or median of all customers who have the value."""

    above: bool
    middle: Middle


@dataclass(frozen=True, slots=True)
class Negated:
    """Holds exactly where the inner test does not, for absent values too."""

    test: Test


Test = (
    OneOf
    | Range
    | TextTest
    | Filled
    | AgeRange
    | AheadRange
    | DayRange
    | Anniversary
    | Completed
    | Turns
    | Has
    | InWindow
    | Top
    | Level
    | Negated
)

# Windows ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ages:
    """From `low` on and younger than `below`: `within: 30d` is `Ages((), (30d,))`, `{full_days: 7}` is 1 ≤ age < 8 days.

    Args:
        low: the least age; empty for none.
        below: the age that no longer counts; empty for none. Both are exact or both are of days.
    """

    low: Durations
    below: Durations


class Calendar(StrEnum):
    """Stretches of the calendar up to now or before it; weeks begin on Monday."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"


class Anchor(StrEnum):
    """From what moment of a customer a window begins.

    `entry` and `message` exist inside journeys and campaigns only; `run` is the now of a run, for who enters a stage in it.
    """

    ENTRY = "entry"
    MESSAGE = "message"
    STAGE = "stage"
    ATTRIBUTE = "attribute"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Since:
    """From a moment of this very customer on, that moment included; nothing where the customer has none.

    Args:
        anchor: what kind of moment.
        name: the lifecycle of a stage, the attribute of a date, the journey of an entry; empty otherwise.
        type: of the attribute: an instant, or a date (from the beginning of that day).
    """

    anchor: Anchor
    name: str = ""
    type: Type | None = None


Window = Ages | Calendar | DayRange | Since


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
        subject: a key of `fields.SUBJECTS` or a declared table. Orders count when they are paid and not refunded in full,
            unless `where` tests the status; items when their order does.
        where: every one must hold.
        window: where their time lies; None is since ever. Rows later than now do not exist.
        followed_by: only rows that another one follows.
    """

    subject: str
    where: tuple[ColumnTest, ...] = ()
    window: Window | None = None
    followed_by: Following | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """A row of `rows` that is strictly later, by less than `within`.

    Args:
        rows: without a window or a following of their own.
        within: exact, or calendar days (difference of the local dates); no months.
    """

    rows: Rows
    within: Duration


class MeasureName(StrEnum):
    """What is computed of the rows."""

    COUNT = "count"
    AMOUNT = "amount"
    AVERAGE = "average"
    QUANTITY = "quantity"
    ORDERS = "orders"
    DAYS = "days"
    DISTINCT = "distinct"
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    MOST = "most"
    LATEST = "latest"
    FIRST = "first"
    LAST = "last"
    DAYS_SINCE_FIRST = "days_since_first"
    DAYS_SINCE_LAST = "days_since_last"
    GAP = "gap"
    STREAK = "streak"
    REGULARLY = "regularly"


@dataclass(frozen=True, slots=True)
class Streak:
    """Pieces of time in a row.

    Args:
        per: the length of a piece, in days, counted back from today.
        grace: so many missed pieces do not end a streak.
    """

    per: int
    grace: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """The window cut into pieces, the youngest first; how many of them have so many rows is the measure.

    Args:
        windows: the pieces.
        count: how many rows a piece must have.
    """

    windows: tuple[Ages, ...]
    count: Range


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure over rows; equal measures are computed once.

    Units: counts, days and ages are integers, amounts minor units, quantities thousandths; `sum min max most latest` those of
    their column; averages and gaps are quotients.

    Args:
        rows: over what.
        name: what.
        of: the column of `distinct sum min max most latest`; empty otherwise.
        type: of that column; None where there is none.
        shape: of `streak` and `regularly`.
    """

    rows: Rows
    name: MeasureName
    of: str = ""
    type: Type | None = None
    shape: Streak | Pieces | None = None


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
    """A test on the value of a metric, a score, or a part of an RFM setting (`全店.R`), in its units."""

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
class LatestTest:
    """There is a last row, and it is so; rows of the same moment go by natural key, the last of which counts."""

    rows: Rows
    has: tuple[ColumnTest, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class TagTest:
    """Has one of these tags in this run.

    Args:
        tags: their names.
        every: all of them.
        held: for so long, by whoever put it on first and it is still there; 0 in the run that sets it.
    """

    tags: tuple[str, ...]
    span: Span
    every: bool = False
    held: AgeRange | None = None


@dataclass(frozen=True, slots=True)
class StageTest:
    """Is in one of these stages of a lifecycle in this run.

    Args:
        held: for so long; 0 in the run that moves the customer there.
    """

    lifecycle: str
    stages: tuple[str, ...]
    span: Span
    held: AgeRange | None = None


@dataclass(frozen=True, slots=True)
class RfmTest:
    """Has one of these RFM types (`HHL`: recency, frequency, money) under a setting."""

    setting: str
    types: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ListTest:
    """The customer's own id stands in a file.

    Args:
        path: as written, relative to `pdo.yaml`.
        ids: what stands there, each once, sorted.
    """

    path: str
    ids: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class BucketTest:
    """The customer's stable hundredth, 0 to 99, lies between two, both included."""

    low: int
    high: int
    span: Span


@dataclass(frozen=True, slots=True)
class SegmentTest:
    """Belongs to one of these segments in this run."""

    segments: tuple[str, ...]
    span: Span


Condition = (
    Everyone
    | All
    | AnyOf
    | NoneOf
    | AttributeTest
    | MetricTest
    | MeasureTest
    | LatestTest
    | TagTest
    | StageTest
    | SegmentTest
    | RfmTest
    | ListTest
    | BucketTest
)


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and all that it is made of, outermost first."""
    yield condition
    if isinstance(condition, All | AnyOf | NoneOf):
        for part in condition.parts:
            yield from walk(part)
