"""What the use cases of `pdo.api` return: frozen values that `pdo.commands` prints as text or JSON."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.core.wording import hint_of, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from pdo.core.calendar import Moment
    from pdo.core.diagnostics import Diagnostic
    from pdo.core.wording import Language
    from pdo.model.bits import RuleBits
    from pdo.model.fields import Type
    from pdo.model.journeys import Walked
    from pdo.model.outbox import PlannedBatch
    from pdo.model.previews import FunnelStep, StockNote


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

    def message(self, language: Language) -> str:
        """What was found and what was expected, without the value."""
        return say(self.code, language, column=self.column, **self.params)

    def hint(self, language: Language) -> str:
        """What to do; empty where there is nothing to add."""
        return hint_of(self.code, language, column=self.column, **self.params)


@dataclass(frozen=True, slots=True)
class ChangeExample:
    """A row that an import would change.

    Args:
        line: where it stands in the file.
        key: the row's own number or name, as the file has it; None where several columns name it.
        changes: column, what is kept, what would be, both as people read them; None for nothing.
    """

    line: int
    key: str | None
    changes: tuple[tuple[str, str | None, str | None], ...]


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
        notes: what is worth telling of records that went in, as keys that stand there twice, with both lines: some of them.
        note_counts: how many notes there are by code.
        examples: of a dry run: the first rows that would change.
        known_from: the import that brought the same bytes before, so that there was nothing to do; None otherwise.
        joined: how many own ids stand with another customer since, and did not before.
        separated: own ids that stood with another customer and do so no longer.
        conflicts: how many identifiers and customers there are now that join nobody though they stand on several.
        profile: the profile and file that it came in by, as `taobao.orders`; empty without one.
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
    notes: tuple[RejectedCell, ...] = ()
    note_counts: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[ChangeExample, ...] = ()
    known_from: int | None = None
    joined: int = 0
    separated: tuple[str, ...] = ()
    conflicts: int = 0
    profile: str = ""


@dataclass(frozen=True, slots=True)
class ImportUndone:
    """An import that was taken back.

    Args:
        import_id: its journal row.
        kind: what its rows were.
        path: of the file.
        removed: table → how many rows that it had made are gone.
        restored: how many rows that it had changed are what they were.
    """

    import_id: int
    kind: str
    path: str
    removed: Mapping[str, int]
    restored: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a run will do to one rule.

    Grain: the customers for whom one rule changes in one way.

    Args:
        kind: `tag`, `stage`, `segment`, or `expired` for a tag that ran out while its condition still holds.
        scope: the lifecycle of a stage, the tag of a value of a column; else empty.
        name: the tag, stage or segment.
        playbook: that owns the rule; empty for one that is gone.
        change: `gained` or `lost`; a move between stages is one row lost and one gained.
        count: how many customers.
        sample: natural keys of the first few, by natural key.
        keys: an Arrow table with `customer_id` (surrogate), ascending.
        note: what is always shown beside the name: the three letters of an RFM type.
    """

    kind: str
    scope: str
    name: str
    playbook: str
    change: str
    count: int
    sample: tuple[str, ...]
    keys: pa.Table
    note: str = ""


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
class Conflict:
    """Customers who would have several tags of an exclusive set; staff's stays, else the first written.

    Args:
        name: of the tag group or the question.
        sample: natural keys of the first few.
    """

    name: str
    count: int
    sample: tuple[str, ...]


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
        conflicts: exclusive sets of which customers would have several tags.
        alerts: of the steps those that call somebody.
        renamed: label id → its name before and now.
        rules: what was decided, as (kind, scope, name, playbook).
        thresholds: what values were held against, by key.
        stops: why the guard stops it, as findings without a place.
        walked: what becomes of journeys, and the tasks that are made; None where none was looked at.
        bits: what customers have by rule afterwards, for the next run; None where that is not kept.
        notes: of the codes and offers of the messages.
    """

    as_of: Moment
    customers: int
    steps: tuple[Step, ...]
    moves: tuple[Move, ...]
    batches: tuple[PlannedBatch, ...]
    run_id: int | None = None
    conflicts: tuple[Conflict, ...] = ()
    alerts: tuple[Step, ...] = ()
    renamed: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    rules: tuple[tuple[str, str, str, str], ...] = ()
    thresholds: Mapping[str, Sequence[int | str | None]] = field(default_factory=dict)
    stops: tuple[Diagnostic, ...] = ()
    walked: Walked | None = None
    bits: RuleBits | None = None
    notes: tuple[StockNote, ...] = ()

    @property
    def total_changes(self) -> int:
        """Tags and segments gained and lost, stages moved (one a customer and lifecycle), what is made, who enters and leaves."""
        given = sum(step.count for step in self.steps if step.kind in ("tag", "segment"))
        made = sum(batch.planned + batch.withheld for batch in self.batches)
        walked = 0 if self.walked is None else self.walked.changes
        return given + sum(move.count for move in self.moves) + made + walked


@dataclass(frozen=True, slots=True)
class CountReport:
    """How many customers a condition holds for.

    Args:
        matched: of all customers.
        friends: of the matched, those who are friends.
        with_phone: of the matched, those with a phone number.
        funnel: from all customers down to how many would be written to.
    """

    customers: int
    matched: int
    friends: int
    with_phone: int
    funnel: tuple[FunnelStep, ...]


@dataclass(frozen=True, slots=True)
class ExplainNode:
    """A condition as it stands for one customer.

    Args:
        label: the condition, as written.
        holds: whether it is true for this customer.
        value: what was compared, in words; empty where there is none.
        children: the conditions it is made of.
    """

    label: str
    holds: bool
    value: str
    children: tuple[ExplainNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a customer has a tag, is in a stage or belongs to a segment, or why not.

    Args:
        kind: `tag`, `stage` or `segment`.
        name: of the rule.
        holds: whether the customer has it now.
        since: when it was given, ISO; None where it is not.
        by_hand: a hand gave it, not the rule.
        blocked: a hand took it off, so the rule does not give it.
        kept: the rule never takes it off (`keep`).
        excluded_by: a tag of the same exclusive set that the customer has instead; empty for none.
        expired: its condition holds, and it ran out.
    """

    customer_key: str
    kind: str
    name: str
    holds: bool
    since: str | None
    nodes: tuple[ExplainNode, ...]
    as_of: Moment
    by_hand: bool = False
    blocked: bool = False
    kept: bool = False
    excluded_by: str = ""
    expired: bool = False


@dataclass(frozen=True, slots=True)
class InitReport:
    """What `pdo init` made and what it found there; paths are relative to the root."""

    root: str
    made: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """A customer in a list; the phone is masked."""

    customer_key: str
    name: str | None
    phone: str | None
    owner: str | None
    store: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """A tag, stage or segment that a customer has or had.

    Args:
        kind: `tag`, `stage` or `segment`.
        scope: the lifecycle of a stage, else empty.
        source: `rule`, `staff`, `file` or `platform`.
        since: ISO, in the project's zone.
        until: the same; None while it lasts.
        run_id: the run that gave it; None for a hand.
    """

    kind: str
    scope: str
    name: str
    source: str
    since: str
    until: str | None
    run_id: int | None


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """What is known of a customer; phones are masked, sensitive attributes too.

    Args:
        attributes: column → value, filled ones only.
        identities: (kind, value).
        held: tags, stages and segments as they stand.
        blocked: tags that a hand took off for good.
        order_count: paid orders that are not refunded in full.
        net_minor: what was paid for them, less refunds.
        last_paid_at: of the latest of them, ISO.
        event_count: events of every type.
        message_count: messages planned or exported.
    """

    customer_key: str
    attributes: Mapping[str, str]
    identities: tuple[tuple[str, str], ...]
    held: tuple[Held, ...]
    blocked: tuple[str, ...]
    order_count: int
    net_minor: int
    last_paid_at: str | None
    event_count: int
    message_count: int


@dataclass(frozen=True, slots=True)
class LabelCount:
    """How many customers have a tag, are in a stage or belong to a segment.

    Args:
        group: the tag group; empty for none.
    """

    kind: str
    scope: str
    name: str
    playbook: str
    group: str
    members: int


@dataclass(frozen=True, slots=True)
class HandReport:
    """What a change by hand did.

    Args:
        action: `set` or `remove`.
        changed: False where it was so already.
        blocked: a rule's tag that now stays off until it is set again.
        replaced: tags of the same exclusive set that went.
    """

    action: str
    kind: str
    scope: str
    name: str
    customer_key: str
    changed: bool
    blocked: bool = False
    replaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportEntry:
    """An import in the journal.

    Args:
        mode: what rows did to those that were known: `merge`, `replace` or `new-only`.
        undone_at: when it was taken back; None while its rows are there.
        undone_by: who did.
    """

    import_id: int
    kind: str
    path: str
    encoding: str
    started_at: str
    actor: str
    digest: str
    read: int
    new: int
    changed: int
    same: int
    duplicate: int
    rejected: int
    blank: int
    mode: str = "merge"
    undone_at: str | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class MemberTable:
    """Members of a segment with the columns it shows, in its order.

    Args:
        columns: name → what a cell holds, in the order of the segment.
        rows: an Arrow table with one column for each, values in the units of their type, dates as ISO text or day numbers.
        total: how many members there are, also beyond `rows`.
        as_of: when this was so: of the last run.
    """

    segment: str
    columns: Mapping[str, Type]
    rows: pa.Table
    total: int
    as_of: Moment


@dataclass(frozen=True, slots=True)
class SegmentPage:
    """The first members of a segment, as texts; phones are masked.

    Args:
        numeric: columns whose cells are numbers.
        total: how many members there are, also beyond `rows`.
        as_of: when this was so: of the last run.
    """

    segment: str
    columns: tuple[str, ...]
    numeric: frozenset[str]
    rows: tuple[tuple[str | None, ...], ...]
    total: int
    as_of: Moment


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """A batch in a list.

    Args:
        planned: messages that go out or went out.
        withheld: messages that the gate held back.
    """

    batch_id: int
    campaign: str
    playbook: str
    channel: str
    planned_on: str
    status: str
    planned: int
    withheld: int
    approved_at: str | None
    approved_by: str | None


@dataclass(frozen=True, slots=True)
class BatchMessage:
    """A message of a batch with what its sender needs to know."""

    customer_key: str
    name: str | None
    phone: str | None
    owner: str | None
    campaign: str
    planned_on: str
    status: str
    reason: str | None
    text: str


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What left the store.

    Args:
        what: `segment:NAME` or `batch:ID`.
        path: the file; the first of several.
        rows: in all files.
        digest: sha256 of the file's bytes.
        files: every file, with how many rows it has.
        manifest: the file that lists them; empty where there is none.
        left_out: members without what the profile needs.
    """

    what: str
    path: str
    rows: int
    columns: tuple[str, ...]
    digest: str
    files: tuple[tuple[str, int], ...] = ()
    manifest: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """A task as a list shows it.

    Args:
        staff: the colleague's name; empty for nobody.
        source: what made it.
        state: `open`, `late`, `escalated` or `done`.
    """

    key: str
    customer: str
    name: str
    staff: str
    source: str
    text: str
    due_on: str
    state: str
    result: str
