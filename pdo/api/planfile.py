"""Plans in files: what was looked at is what is applied, or nothing.

A file says which store it was made for, how far that had come, by which playbooks, for which moment, and holds a digest of all
that would change. `pdo run --plan` works everything out again in its own transaction and compares.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, func, select
from sqlmodel import col

from pdo import __version__
from pdo.core.calendar import parse_moment
from pdo.core.diagnostics import Diagnostic
from pdo.core.errors import UsageError
from pdo.core.frozen import dataclass
from pdo.model.outbox import digest_of
from pdo.playbook.files import SETTINGS_FILE
from pdo.store.position import read_position
from pdo.store.tables import FileImport, HandEdit, Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment
    from pdo.model.reports import Plan
    from pdo.store.door import Door

WHAT = "pdo plan"
FORMAT = 1
ROWS_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True)
class PlanFile:
    """What a plan was made of and what it would change.

    Args:
        lineage: of the store.
        serial: how often the store had been written.
        imports: number of the last import, and how many were taken back.
        runs: the same of runs.
        hands: number of the last change by hand.
        playbooks: name → digest.
        settings: digest of `pdo.yaml`.
        only: the playbook that was asked for; empty for all.
        as_of: the plan's now.
        total_changes: as the plan told it.
        digest: of all that would change.
    """

    lineage: str
    serial: int
    imports: tuple[int, int]
    runs: tuple[int, int]
    hands: int
    playbooks: Mapping[str, str]
    settings: str
    only: str
    as_of: Moment
    total_changes: int
    digest: str


def describe_plan(door: Door, opened: OpenProject, plan: Plan, only: str) -> PlanFile:
    """What a file says of a plan that was just made through this door."""
    position = read_position(door)
    return PlanFile(
        position.lineage,
        position.serial,
        _count(door, FileImport),
        _count(door, Run),
        int(door.rows(select(func.coalesce(func.max(col(HandEdit.id)), 0, type_=Integer()).label("id")))[0][0]),
        {one.name: one.digest for one in opened.project.playbooks},
        hashlib.sha256((opened.settings.root / SETTINGS_FILE).read_bytes()).hexdigest(),
        only,
        plan.as_of,
        plan.total_changes,
        _digest(plan),
    )


def _count(door: Door, table: type[FileImport | Run]) -> tuple[int, int]:
    last = func.coalesce(func.max(col(table.id)), 0, type_=Integer()).label("last")
    undone = func.count(col(table.undone_at), type_=Integer()).label("undone")
    found = door.rows(select(last, undone))[0]
    return int(found[0]), int(found[1])


def _digest(plan: Plan) -> str:
    """Of everything that a run would write, customer by customer; the same wherever the project lies."""
    digest = hashlib.sha256()

    def take(*parts: object) -> None:
        digest.update(digest_of(*parts).encode())

    def take_rows(table: pa.Table) -> None:
        for batch in table.combine_chunks().to_batches(max_chunksize=ROWS_AT_ONCE):
            for column in batch.columns:
                digest.update(repr(column.to_pylist()).encode("utf-8", "surrogatepass"))

    take(plan.as_of, plan.customers, plan.moves, plan.conflicts, plan.rules, plan.notes)
    take(sorted(plan.renamed.items()), sorted(plan.thresholds.items()))
    for step in (*plan.steps, *plan.alerts):
        take(step.kind, step.scope, step.name, step.playbook, step.change, step.count)
    for step in plan.steps:
        for chunk in step.keys.column("customer_id").chunks:
            width = chunk.type.bit_width // 8
            whole = memoryview(chunk.buffers()[1])
            digest.update(whole[chunk.offset * width : (chunk.offset + len(chunk)) * width])
    for batch in plan.batches:
        take(batch.source, batch.channel, batch.planned_on, sorted(batch.reasons.items()))
        take_rows(batch.rows)
    if plan.walked is not None:
        walked = plan.walked
        take(walked.tasks, sorted(walked.end_tags.items()), walked.progress, walked.gone)
        take_rows(walked.entries)
        take_rows(walked.steps)
    return digest.hexdigest()


def plan_text(plan: Plan, file: PlanFile) -> Iterator[bytes]:
    """The file, as JSON that can be read before it is applied."""
    said: dict[str, Any] = {one.name: getattr(file, one.name) for one in fields(file)}
    said |= {"as_of": str(file.as_of), "timezone": file.as_of.zone, "playbooks": dict(file.playbooks)}
    steps = [
        {"kind": step.kind, "scope": step.scope, "name": step.name, "change": step.change, "count": step.count}
        | {"sample": list(step.sample)}
        for step in plan.steps
    ]
    messages = [{"campaign": batch.campaign, "count": batch.planned} for batch in plan.batches]
    whole = {"what": WHAT, "version": FORMAT, "pdo": __version__, **said, "steps": steps, "messages": messages}
    yield json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"


def read_plan(path: Path, zone: str) -> PlanFile:
    """Read what `pdo plan --out` wrote.

    Args:
        path: of the file.
        zone: the project's.

    Raises:
        UsageError: it is no plan, or of a version of pdo that wrote them in another way.
    """
    try:
        said = json.loads(path.read_text("utf-8"))
        if (said["what"], said["version"]) != (WHAT, FORMAT):
            raise UsageError("error.no_plan", path=path)
        known: dict[str, Any] = {one.name: said[one.name] for one in fields(PlanFile)}
        known |= {name: (int(known[name][0]), int(known[name][1])) for name in ("imports", "runs")}
        known["as_of"] = parse_moment(said["as_of"], zone)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UsageError("error.no_plan", path=path) from error
    return PlanFile(**known)


def drift(before: PlanFile, now: PlanFile) -> tuple[Diagnostic, ...]:
    """What is different since a plan was made, so that it must not be applied; empty where it comes to the very same.

    Returns:
        Findings without a place in a file, whose codes begin with `drift.`.
    """
    if before.lineage != now.lineage:
        return (_found("store"),)
    changed = sorted(name for name in {*before.playbooks, *now.playbooks} if _differs(before, now, name))
    found = [_found("playbooks", names="、".join(changed))] if changed else []
    if before.settings != now.settings:
        found.append(_found("settings"))
    for came, gone, (last, undone), (last_now, undone_now) in (
        ("imports", "imports_undone", before.imports, now.imports),
        ("runs", "runs_undone", before.runs, now.runs),
    ):
        if last_now > last:
            found.append(_found(came, count=last_now - last, last=last_now))
        if undone_now > undone:
            found.append(_found(gone, count=undone_now - undone))
    if now.hands > before.hands:
        found.append(_found("hands", count=now.hands - before.hands))
    if not found and before.digest != now.digest:
        other = _found("result", before=before.total_changes, now=now.total_changes)
        found.append(other if now.serial == before.serial else _found("other", count=now.serial - before.serial))
    return tuple(found)


def _differs(before: PlanFile, now: PlanFile, name: str) -> bool:
    return before.playbooks.get(name) != now.playbooks.get(name)


def _found(what: str, **params: object) -> Diagnostic:
    return Diagnostic(f"drift.{what}", None, params)
