"""A plan into the store: assignments gained and lost, in the caller's transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Integer, func, insert, literal, or_, select, update
from sqlmodel import col

from pdo.core.ahead import made_ahead
from pdo.store.rule_bits import bits_follow, forget_bits, write_bits
from pdo.store.tables import Assignment, FileImport, Label, Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pdo.model.playbook import Project
    from pdo.model.reports import Plan, Step
    from pdo.store.door import Door

LabelIds = dict[tuple[str, str, str], int]
ROWS_OF_LIST = 65_536
"""Customers of one statement on the way into the store."""


def apply_plan(
    door: Door, plan: Plan, project: Project, *, run_id: int, started_at: int, actor: str, override: str | None = None
) -> None:
    """Write a run: its journal row, the labels it needs, and who gained and lost what.

    Args:
        run_id: its number.
        started_at: the clock.
        actor: who runs it.
        override: why the guard was passed over; None where it was not.
    """
    last_import = select(func.coalesce(func.max(col(FileImport.id)), 0, type_=Integer()).label("id"))
    counts = [[step.kind, step.scope, step.name, step.change, step.count] for step in plan.steps]
    row = {
        "id": run_id,
        "as_of": plan.as_of.at,
        "started_at": started_at,
        "actor": actor,
        "playbooks": json.dumps(
            {one.name: one.digest for one in project.playbooks}, ensure_ascii=False, sort_keys=True
        ),
        "changes": plan.total_changes,
        "counts": json.dumps(counts, ensure_ascii=False),
        "thresholds": _json(plan.thresholds),
        "renames": _json({str(label): names for label, names in plan.renamed.items()}),
        "override": _json(_override(plan, override)),
        "import_id": door.rows(last_import)[0][0],
    }
    door.append(Run, pa.Table.from_pylist([row]))
    for label, (_, name) in plan.renamed.items():
        door.execute(update(Label).where(col(Label.id) == label).values(name=name))
    labels = ensure_labels(door, plan)
    with bits_follow(door):
        _assign(door, plan, labels, run_id)
        bits = plan.bits
        if bits is not None and all(labels.get(name) == number for name, number in bits.slots.items()):
            write_bits(door, bits)
        elif plan.steps:
            forget_bits(door)


def _assign(door: Door, plan: Plan, labels: LabelIds, run_id: int) -> None:
    """Who gained and lost what."""
    lost = [step for step in plan.steps if step.change == "lost"]
    if lost:
        _close(door, lost, labels, plan.as_of.at, run_id)
    gained = sorted((step for step in plan.steps if step.change == "gained"), key=lambda step: labels[_name(step)])
    if gained:
        _open(door, gained, labels, plan.as_of.at, run_id)


def _override(plan: Plan, reason: str | None) -> dict[str, object]:
    """What the guard had said, and why it was not heeded; empty where it had nothing to say."""
    if not plan.stops:
        return {}
    return {"reason": reason, "stops": [{"key": one.key, "params": dict(one.params)} for one in plan.stops]}


def _json(value: Mapping[str, object]) -> str | None:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else None


def ensure_labels(door: Door, plan: Plan) -> LabelIds:
    """The ids of all labels; those of new rules are made, though nobody may have them: a rule that has one ran before.

    A rule that moved is its new playbook's.
    """
    query = select(col(Label.id), col(Label.kind), col(Label.scope), col(Label.name), col(Label.playbook))
    stored = {(row[1], row[2], row[3]): (row[0], row[4]) for row in door.rows(query)}
    wanted = {(kind, scope, name): playbook for kind, scope, name, playbook in plan.rules}
    wanted |= {_name(step): step.playbook for step in plan.steps}
    missing = [name for name in wanted if name not in stored]
    first = _next_label(door)
    made = {name: first + place for place, name in enumerate(missing)}
    if made:
        rows = [
            {"id": number, "kind": kind, "scope": scope, "name": name, "playbook": wanted[kind, scope, name]}
            for (kind, scope, name), number in made.items()
        ]
        door.append(Label, pa.Table.from_pylist(rows))
    for name, playbook in wanted.items():
        if name in stored and stored[name][1] != playbook:
            door.execute(update(Label).where(col(Label.id) == stored[name][0]).values(playbook=playbook))
    return {**{name: number for name, (number, _) in stored.items()}, **made}


def _name(step: Step) -> tuple[str, str, str]:
    return step.kind, step.scope, step.name


def _next_label(door: Door) -> int:
    return int(door.rows(select(func.coalesce(func.max(col(Label.id)), 0).label("id")))[0][0]) + 1


def _close(door: Door, steps: list[Step], labels: LabelIds, at: int, run_id: int) -> None:
    """End the open rows. Of tags and segments only a rule's own; of a stage whoever set it."""
    schema = pa.schema([("label_id", pa.int64()), ("customer_id", pa.int64())])

    def batches() -> Iterator[pa.RecordBatch]:
        for step in steps:
            for batch in step.keys.to_batches():
                label = pa.repeat(pa.scalar(labels[_name(step)], pa.int64()), batch.num_rows)
                yield pa.RecordBatch.from_arrays([label, batch.column("customer_id")], schema=schema)

    ended = door.stage("ended", pa.RecordBatchReader.from_batches(schema, batches()))
    stages = select(col(Label.id)).where(col(Label.kind) == "stage")
    door.execute(
        update(Assignment)
        .where(col(Assignment.label_id) == ended.c.label_id, col(Assignment.customer_id) == ended.c.customer_id)
        .where(col(Assignment.until).is_(None))
        .where(or_(col(Assignment.source) == "rule", col(Assignment.label_id).in_(stages)))
        .values(until=func.max(at, col(Assignment.since)), until_run_id=run_id)
    )


def _open(door: Door, steps: list[Step], labels: LabelIds, at: int, run_id: int) -> None:
    """New rows in the order of the table's key, so that it grows at its end.

    A statement takes the customers of many rows as one list: SQLite reads that in a quarter of the time that it takes to hand it
    the rows one by one. The next list is made while SQLite writes.
    """
    columns = ["label_id", "customer_id", "source", "since", "run_id"]
    said = [literal(value) for value in ("rule", at, run_id)]
    customers = ((labels[_name(step)], batch) for step in steps for batch in step.keys.to_batches(ROWS_OF_LIST))
    for label, listed in made_ahead(_listed, customers):
        found = func.json_each(literal(listed)).table_valued("value")
        rows = select(literal(label), found.c.value, *said)
        door.execute(insert(Assignment).from_select(columns, rows))


def _listed(customers: tuple[int, pa.RecordBatch]) -> tuple[int, str]:
    """A label, and its customers as a JSON array."""
    label, batch = customers
    numbers = batch.column("customer_id")
    texts = pa.ListArray.from_arrays(pa.array([0, len(numbers)], pa.int32()), numbers.cast(pa.string()))
    return label, f"[{pc.binary_join(texts, ',')[0]}]"
