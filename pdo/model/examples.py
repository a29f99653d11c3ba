"""Examples of playbooks (`examples:` and `*.cases.yaml`): customers, a moment, and what must be there then.

Everything is typed and every name exists, so that whoever runs them needs nothing but the project.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.core.source import Span
    from pdo.model.conditions import Test
    from pdo.model.fields import Type

Cell = str | int | tuple[str, ...]
"""A value in the units of the store (`fields.Type`): texts in NFC, numbers and instants as integers, dates as ISO text, booleans
as 0 or 1, lists as several texts."""


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """A row of data.

    Args:
        kind: a key of `Settings.kinds`.
        cells: column → value; absent ones are left out. Every key is there: keys that were not written are made, unique in
            the example and the same each time.
        made: brought in by another row that names it: staff, stores, products.
        span: where it is written.
    """

    kind: str
    cells: Mapping[str, Cell]
    made: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ExampleFile:
    """Rows in a file, for the reader of imports.

    Args:
        kind: a key of `Settings.kinds`.
        path: as written, relative to `pdo.yaml`.
    """

    kind: str
    path: str
    span: Span


class Aspect(StrEnum):
    """Of what something is expected."""

    TAG = "tag"
    SEGMENT = "segment"
    STAGE = "stage"
    SCORE = "score"
    METRIC = "metric"
    MESSAGE = "message"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing that one customer must have, or must not.

    Args:
        aspect: of what.
        customer: the customer's own id.
        name: of the tag, segment, lifecycle, score, metric; of the campaign or `旅程/步骤` of a message; of the tag (its alert)
            or `旅程/步骤` of a task. A question stands for the tag of its first answer.
        stage: that a lifecycle must be in (must not be in, where `absent`); empty for others.
        test: of the value of a score or a metric in its units, of the text of a message or a task; None where being there is
            all that is asked.
        type: of that value; None where nothing is tested.
        absent: it must not be there.
        span: where it is written.
    """

    aspect: Aspect
    customer: str
    name: str
    stage: str
    test: Test | None
    type: Type | None
    absent: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Membership:
    """Exactly these customers have a tag or belong to a segment.

    Args:
        aspect: `TAG` or `SEGMENT`.
        customers: their own ids; empty for nobody.
    """

    aspect: Aspect
    name: str
    customers: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must be there at a moment.

    Args:
        expected: things, in written order.
        members: whole memberships.
        exactly: of each aspect and customer that are named there is nothing besides what is expected.
        span: where it is written.
    """

    expected: tuple[Expected, ...]
    members: tuple[Membership, ...]
    exactly: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ExampleMoment:
    """A run of an example.

    Args:
        now: the instant of the run, UTC seconds.
        rows: data that come in before it, in written order, what they name before them.
        files: data that come in before it, after the rows.
        expect: what must be there after it.
    """

    now: int
    rows: tuple[ExampleRow, ...]
    files: tuple[ExampleFile, ...]
    expect: Expectation
    span: Span


@dataclass(frozen=True, slots=True)
class Example:
    """A unit test of a playbook.

    Args:
        name: unique in the project.
        playbook: whose file it stands in; of a file of cases the name of that file.
        moments: one or several in a row, each later than the one before.
        span: of the name.
    """

    name: str
    playbook: str
    moments: tuple[ExampleMoment, ...]
    span: Span
