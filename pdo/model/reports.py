"""What the use cases of `pdo.api` return: frozen values that `pdo.commands` prints as text or JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from pdo.core.calendar import Moment


@dataclass(frozen=True, slots=True)
class RejectedCell:
    """Why a record did not go in.

    Grain: one fault of one record.

    Args:
        line: the physical line of the file where the record begins, from 1.
        column: the header in the file; None where the whole record is at fault.
        value: the cell's text as found.
        code: `IM1xx`, with wording and hint.
        params: the values that the wording names.
    """

    line: int
    column: str | None
    value: str | None
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of one file.

    Every physical record has one verdict: `read == new + changed + same + duplicate + rejected + blank`.

    Args:
        kind: what its rows are.
        path: as given.
        encoding: as found (`utf-8`, `utf-8-sig`, `utf-16`, `gb18030`, or as asked for).
        columns: canonical column → header in the file.
        unused: headers that mean nothing here and were not stored.
        rejects: the first faults, at most 1,000; all of them stand in the store.
        figures: for orders: `paid_orders`, `net_minor`, `refunded_minor` of the accepted records that are paid; else empty.
        import_id: the journal row; None for a dry run.
    """

    kind: str
    path: str
    encoding: str
    columns: Mapping[str, str]
    unused: tuple[str, ...]
    read: int
    new: int
    changed: int
    same: int
    duplicate: int
    rejected: int
    blank: int
    rejects: tuple[RejectedCell, ...]
    figures: Mapping[str, int]
    import_id: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a run will do to one rule.

    Grain: the customers for whom one rule changes in one way.

    Args:
        kind: `tag`, `stage` or `segment`.
        scope: the lifecycle of a stage, else empty.
        name: the tag, stage or segment.
        playbook: that owns the rule; empty for one that is gone.
        change: `gained` or `lost`; a move between stages is one row lost and one gained.
        count: how many customers.
        sample: natural keys of the first few, by natural key.
        keys: an Arrow table with `customer_id` (surrogate), ascending, and for segments `rank`.
    """

    kind: str
    scope: str
    name: str
    playbook: str
    change: str
    count: int
    sample: tuple[str, ...]
    keys: pa.Table


@dataclass(frozen=True, slots=True)
class Move:
    """How many customers go from one stage to another.

    Args:
        origin: empty for customers who had no stage.
        target: empty for customers who have none any more.
    """

    lifecycle: str
    origin: str
    target: str
    count: int
    sample: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """A message that a run makes. Grain: campaign × customer × day."""

    campaign: str
    customer_id: int
    customer_key: str
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """The messages of one campaign for one day.

    Args:
        messages: those that would go out.
        withheld: those that the gate holds back, each with its reason.
    """

    campaign: str
    playbook: str
    channel: str
    planned_on: int
    approved: bool
    messages: tuple[PlannedMessage, ...]
    withheld: tuple[PlannedMessage, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between what the playbooks say and what the store holds.

    Args:
        as_of: the run's now.
        customers: how many were looked at.
        steps: what changes, by kind, rule and change.
        moves: the same for stages, as from → to.
        batches: messages to make.
        run_id: of the run that applied it; None for a plan.
    """

    as_of: Moment
    customers: int
    steps: tuple[Step, ...]
    moves: tuple[Move, ...]
    batches: tuple[PlannedBatch, ...]
    run_id: int | None = None

    @property
    def total_changes(self) -> int:
        """Assignments gained and lost, and messages made."""
        return sum(step.count for step in self.steps) + sum(len(batch.messages) for batch in self.batches)
