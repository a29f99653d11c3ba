"""Journeys and tasks in the store: who is inside, and what a run leaves of it. In the caller's transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Integer, String, and_, delete, func, select, type_coerce, update
from sqlmodel import col

from pdo.core.calendar import date_of
from pdo.model.journeys import ENTERING
from pdo.model.outbox import Reason
from pdo.outbox.journey_tables import BEFORE, INSIDE
from pdo.store.tables import (
    Assignment,
    Batch,
    Code,
    ContactBlock,
    Customer,
    JourneyEntry,
    JourneyStep,
    JourneyVersion,
    Label,
    Message,
    Staff,
    Store,
    Task,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Select

    from pdo.core.calendar import Moment
    from pdo.model.journeys import MadeTask, Walked
    from pdo.store.door import Door

ACTIVE = col(JourneyEntry.status) == "active"
OPEN_TASK = and_(col(Task.done_at).is_(None), func.coalesce(col(Task.result), "") == "")


# Reading ----------------------------------------------------------------------------------------------------------------


def read_inside(door: Door) -> pa.Table:
    """Everybody who is in a journey, as `INSIDE`."""
    names = ("id", "journey", "version", "customer_id", "entered_at", "step", "waiting_since")
    columns = [*(col(getattr(JourneyEntry, name)) for name in names), _day(JourneyEntry.anchor_on, "anchor_on")]
    query: Select[*tuple[Any, ...]] = select(*columns)
    return _days(door.read(query.where(ACTIVE).order_by(col(JourneyEntry.id))).read_all(), INSIDE)


def read_before(door: Door) -> pa.Table:
    """The last entry of everybody who ever was in a journey, as `BEFORE`; one that a hand or a run stopped counts too."""
    last = select(func.max(col(JourneyEntry.id), type_=Integer()).label("id"))
    last = last.group_by(col(JourneyEntry.journey), col(JourneyEntry.customer_id))
    query: Select[*tuple[Any, ...]] = select(
        col(JourneyEntry.journey),
        col(JourneyEntry.customer_id),
        col(JourneyEntry.entered_at),
        _day(JourneyEntry.anchor_on, "anchor_on"),
    )
    return _days(door.read(query.where(col(JourneyEntry.id).in_(last))).read_all(), BEFORE)


def _day(column: Any, name: str) -> Any:
    return type_coerce(col(column), String).label(name)


def _days(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Rows with `anchor_on` as a day number."""
    days = pc.cast(pc.cast(rows.column("anchor_on"), pa.date32()), pa.int32()).cast(pa.int64())
    place = rows.schema.get_field_index("anchor_on")
    return rows.set_column(place, "anchor_on", days).select(schema.names).cast(schema)


def next_entry_id(door: Door) -> int:
    """The id of the entry that comes next."""
    query = select(func.coalesce(func.max(col(JourneyEntry.id)), 0, type_=Integer()).label("id"))
    return int(door.rows(query)[0][0]) + 1


def known_journeys(door: Door) -> frozenset[str]:
    """The journeys that ran before."""
    return frozenset(row[0] for row in door.rows(select(col(Label.name)).where(col(Label.kind) == ENTERING)))


def active_versions(door: Door) -> list[tuple[str, str, str, str | None]]:
    """(journey, version, playbook, definition) of what somebody is in."""
    kept = (col(JourneyVersion.journey), col(JourneyVersion.version))
    used = (col(JourneyEntry.journey), col(JourneyEntry.version))
    query: Select[*tuple[Any, ...]] = select(*used, col(JourneyEntry.playbook), col(JourneyVersion.definition))
    query = query.outerjoin(JourneyVersion, and_(kept[0] == used[0], kept[1] == used[1]))
    return [(row[0], row[1], row[2], row[3]) for row in door.rows(query.where(ACTIVE).distinct().order_by(*used))]


def read_untouchable(door: Door) -> pa.Table:
    """Those for whom no task is made, for they are not to be disturbed at all: `customer`, `reason`."""
    query: Select[*tuple[Any, ...]] = select(col(ContactBlock.customer_id).label("customer"))
    blocked = door.read(query.where(col(ContactBlock.channel) == "any")).read_all()
    return blocked.append_column("reason", pa.repeat(pa.scalar(str(Reason.BLOCKED)), blocked.num_rows))


def recent_tasks(door: Door, source: str, first: int) -> dict[int, int]:
    """How many tasks of a source customers have had since an instant."""
    query = (
        select(col(Task.customer_id), func.count(type_=Integer()).label("n"))
        .where(col(Task.source) == source, col(Task.created_at) >= first, col(Task.customer_id).is_not(None))
        .group_by(col(Task.customer_id))
    )
    return dict(door.rows(query))


# Writing ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Writing:
    """A run that writes.

    Args:
        now: its as-of.
        playbooks: journey → its playbook.
        definitions: journey → how it is defined now.
        gone: journeys whose people are out: they are defined no more, or cannot be read any more.
    """

    run_id: int
    now: Moment
    playbooks: Mapping[str, str]
    definitions: Mapping[str, str]
    gone: Collection[tuple[str, str]] = ()


def write_walked(door: Door, walked: Walked, writing: Writing) -> None:
    """Write what a run makes of journeys and alerts; before its messages, which name entries."""
    _stop_gone(door, writing)
    _write_entries(door, walked.entries, writing)
    _write_steps(door, walked.steps, writing)
    cancel_unsent(door, "stopped")
    _write_end_tags(door, walked.end_tags, writing)
    escalate(door, writing)
    write_tasks(door, walked.tasks, writing)


def _stop_gone(door: Door, writing: Writing) -> None:
    ended = {
        "status": "stopped",
        "ended_at": writing.now.at,
        "ended_run_id": writing.run_id,
        "step": None,
        "due_at": None,
    }
    for journey, version in writing.gone:
        mine = (ACTIVE, col(JourneyEntry.journey) == journey, col(JourneyEntry.version) == version)
        door.execute(update(JourneyEntry).where(*mine).values(**ended))


def _write_entries(door: Door, entries: pa.Table, writing: Writing) -> None:
    if not entries.num_rows:
        return
    ended = pc.not_equal(entries.column("status"), "active")
    none = pa.scalar(None, pa.int64())
    rows = entries.set_column(
        entries.schema.get_field_index("anchor_on"),
        "anchor_on",
        pc.cast(pc.cast(pc.cast(entries.column("anchor_on"), pa.int32()), pa.date32()), pa.string()),
    )
    rows = rows.append_column("ended_at", pc.if_else(ended, pa.scalar(writing.now.at, pa.int64()), none))
    rows = rows.append_column("ended_run_id", pc.if_else(ended, pa.scalar(writing.run_id, pa.int64()), none))
    fresh = rows.filter(rows.column("fresh")).drop_columns(["fresh"])
    if fresh.num_rows:
        _keep_versions(door, fresh, writing)
        playbooks = [writing.playbooks[name] for name in fresh.column("journey").to_pylist()]
        fresh = fresh.append_column("playbook", pa.array(playbooks, pa.string()))
        run = pa.repeat(pa.scalar(writing.run_id, pa.int64()), fresh.num_rows)
        door.append(JourneyEntry, fresh.append_column("run_id", run))
    moved = rows.filter(pc.invert(rows.column("fresh")))
    if moved.num_rows:
        names = ("step", "waiting_since", "due_at", "status", "ended_at", "ended_run_id")
        staged = door.stage("moved_entry", moved.select(["id", *names]))
        values = {
            name: select(staged.c[name]).where(staged.c.id == col(JourneyEntry.id)).scalar_subquery() for name in names
        }
        door.execute(update(JourneyEntry).where(col(JourneyEntry.id).in_(select(staged.c.id))).values(**values))


def _keep_versions(door: Door, fresh: pa.Table, writing: Writing) -> None:
    known = set(door.rows(select(col(JourneyVersion.journey), col(JourneyVersion.version))))
    used = set(zip(fresh.column("journey").to_pylist(), fresh.column("version").to_pylist(), strict=True))
    rows = [
        {"journey": journey, "version": version, "definition": writing.definitions[journey], "run_id": writing.run_id}
        for journey, version in sorted(used - known)
    ]
    if rows:
        door.append(JourneyVersion, pa.Table.from_pylist(rows))


def _write_steps(door: Door, steps: pa.Table, writing: Writing) -> None:
    if not steps.num_rows:
        return
    rows = steps.rename_columns(["entry_id", "step", "state", "reason"])
    rows = rows.append_column("at", pa.repeat(pa.scalar(writing.now.at, pa.int64()), rows.num_rows))
    door.append(
        JourneyStep, rows.append_column("run_id", pa.repeat(pa.scalar(writing.run_id, pa.int64()), rows.num_rows))
    )


def stop_entries(door: Door, journey: str, customer: int | None, *, at: int) -> int:
    """Take people out of a journey by hand; how many.

    Args:
        customer: whom; None for everybody who is inside.
    """
    mine = [ACTIVE, col(JourneyEntry.journey) == journey]
    if customer is not None:
        mine.append(col(JourneyEntry.customer_id) == customer)
    ended = {"status": "stopped", "ended_at": at, "step": None, "due_at": None}
    return door.execute(update(JourneyEntry).where(*mine).values(**ended))


def cancel_unsent(door: Door, reason: str) -> int:
    """Cancel what waits to be sent to those who left a journey before its end, and free their codes; how many."""
    out = select(col(JourneyEntry.id)).where(col(JourneyEntry.status).in_(("exited", "stopped")))
    batches = select(col(Batch.id)).where(col(Batch.status).in_(("draft", "approved")))
    waiting = (
        col(Message.entry_id).in_(out),
        col(Message.status) == "planned",
        col(Message.batch_id).in_(batches),
    )
    held = select(col(Message.code_id)).where(*waiting, col(Message.code_id).is_not(None))
    codes = [row[0] for row in door.rows(held)]
    cancelled = door.execute(update(Message).where(*waiting).values(status="cancelled", reason=reason, code_id=None))
    door.execute(delete(Code).where(col(Code.id).in_(codes)))
    return cancelled


def _write_end_tags(door: Door, end_tags: Mapping[str, tuple[int, ...]], writing: Writing) -> None:
    """Put on the tags of those who have come to the end; who has one already keeps it as it is."""
    labels = dict(
        door.rows(select(col(Label.name), col(Label.id)).where(col(Label.kind) == "tag", col(Label.scope) == ""))
    )
    for tag, customers in end_tags.items():
        open_ones = select(col(Assignment.customer_id)).where(
            col(Assignment.label_id) == labels[tag], col(Assignment.until).is_(None), col(Assignment.source) == "rule"
        )
        had = {row[0] for row in door.rows(open_ones)}
        rows = [
            {
                "label_id": labels[tag],
                "customer_id": one,
                "source": "rule",
                "since": writing.now.at,
                "run_id": writing.run_id,
            }
            for one in customers
            if one not in had
        ]
        if rows:
            door.append(Assignment, pa.Table.from_pylist(rows))


# Tasks ------------------------------------------------------------------------------------------------------------------


def escalate(door: Door, writing: Writing) -> None:
    """Hand on the tasks whose time is over without a result: from now on they are the other colleague's."""
    over = (OPEN_TASK, col(Task.escalated_at).is_(None), col(Task.escalate_at) <= writing.now.at)
    query = select(col(Task.id), col(Task.customer_id), col(Task.escalate_to)).where(*over)
    found = door.rows(query.order_by(col(Task.id)))
    if not found:
        return
    colleagues = Colleagues.read(door, {row[1] for row in found}, writing.now)
    for number, customer, to in found:
        staff = colleagues.staff_of(customer, to)
        changed = {"escalated_at": writing.now.at} | ({} if staff is None else {"staff_id": staff})
        door.execute(update(Task).where(col(Task.id) == number).values(**changed))


def write_tasks(door: Door, tasks: Sequence[MadeTask], writing: Writing) -> None:
    """Write tasks, one a colleague who is meant; one that is there already stays as it is."""
    if not tasks:
        return
    colleagues = Colleagues.read(door, {one.customer_id for one in tasks}, writing.now)
    rows: dict[str, dict[str, object]] = {}
    for one in tasks:
        staff = colleagues.staff_of(one.customer_id, one.to)
        told = f"{one.source}|{one.customer_key}|{'' if staff is None else colleagues.keys[staff]}|{writing.now.today}"
        key = hashlib.sha256(told.encode()).hexdigest()[:16]
        after, to = one.escalate or (None, None)
        rows.setdefault(
            key,
            {
                "key": key,
                "customer_id": one.customer_id,
                "type": one.kind,
                "staff_id": staff,
                "created_at": writing.now.at,
                "due_on": None if one.due_on is None else date_of(one.due_on).isoformat(),
                "text": one.text,
                "row_hash": 0,
                "import_id": 0,
                "source": one.source,
                "run_id": writing.run_id,
                "entry_id": one.entry,
                "escalate_at": after,
                "escalate_to": to,
            },
        )
    known = {row[0] for row in door.rows(select(col(Task.key)).where(col(Task.run_id).is_not(None)))}
    made = [row for key, row in rows.items() if key not in known]
    if made:
        integers = (
            "customer_id",
            "staff_id",
            "created_at",
            "row_hash",
            "import_id",
            "run_id",
            "entry_id",
            "escalate_at",
        )
        schema = pa.schema([(name, pa.int64() if name in integers else pa.string()) for name in made[0]])
        door.append(Task, pa.Table.from_pylist(made, schema=schema))


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Who looks after whom on a day: the customers of those who have left are their store's manager's.

    Args:
        keys: staff → natural key.
        owners: customer → guide.
        managers: customer → the manager of the store, else of the guide's store.
    """

    keys: Mapping[int, str]
    owners: Mapping[int, int | None]
    managers: Mapping[int, int | None]

    @classmethod
    def read(cls, door: Door, customers: Collection[int], now: Moment) -> Colleagues:
        """Those of some customers."""
        today = date_of(now.today).isoformat()
        left = type_coerce(col(Staff.left_on), String).label("left_on")
        staff = {row[0]: row[1:] for row in door.rows(select(col(Staff.id), col(Staff.key), col(Staff.store_id), left))}
        there = {number for number, (_, _, gone) in staff.items() if gone is None or gone > today}
        heads = dict(door.rows(select(col(Store.id), col(Store.manager_id))))
        rows = pa.table({"customer": pa.array(sorted(customers), pa.int64())})
        wanted = door.stage(f"asked_{len(customers)}_{now.at}", rows)
        query = select(col(Customer.id), col(Customer.owner_id), col(Customer.store_id))
        owners: dict[int, int | None] = {}
        managers: dict[int, int | None] = {}
        for customer, owner, store in door.rows(query.join(wanted, wanted.c.customer == col(Customer.id))):
            shops = [store, staff[owner][1] if owner is not None else None]
            found = (heads[shop] for shop in shops if shop is not None)
            managers[customer] = next((head for head in found if head in there), None)
            owners[customer] = owner if owner in there else managers[customer] if owner is not None else None
        return cls({number: key for number, (key, _, _) in staff.items()}, owners, managers)

    def staff_of(self, customer: int, to: str) -> int | None:
        """The colleague that `owner`, `manager` or a staff id means for a customer; None for nobody."""
        if to == "owner":
            return self.owners.get(customer)
        if to == "manager":
            return self.managers.get(customer)
        return next((number for number, key in self.keys.items() if key == to), None)
