"""The journal of imports: one row a file, one row a fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import func, select
from sqlglot import exp

from pdo.ingest.places import table_of
from pdo.ingest.workspace import name
from pdo.store.tables import FileImport, Reject

if TYPE_CHECKING:
    from pdo.ingest.headers import Header
    from pdo.ingest.workspace import Workspace
    from pdo.model.reports import ImportReport
    from pdo.model.settings import ImportMode
    from pdo.store.door import Door


def next_import(door: Door) -> int:
    """The number of the next import."""
    ids = table_of(FileImport).c.id
    return int(door.rows(select(func.coalesce(func.max(ids), 0).label("last")))[0][0]) + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal notes of an import besides its report.

    Args:
        digest: sha256 of the file's bytes.
        mode: what rows did to those that were known.
        recipe: digest of all that decides what the bytes come to; None where nobody may rely on it.
        now: when.
        actor: who.
    """

    digest: str
    mode: ImportMode
    recipe: str | None
    now: int
    actor: str


def write_journal(workspace: Workspace, door: Door, report: ImportReport, header: Header, entry: Entry) -> None:
    """Say who imported what, when, with what outcome, and why which record did not go in."""
    row = {
        "id": report.import_id,
        "kind": report.kind,
        "path": report.path,
        "digest": entry.digest,
        "encoding": report.encoding,
        "mode": entry.mode.value,
        "recipe": entry.recipe,
        "started_at": entry.now,
        "actor": entry.actor,
        **{count: getattr(report, count) for count in COUNTS},
    }
    door.append(FileImport, pa.Table.from_pylist([row]))
    if not report.rejected:
        return
    workspace.load("heading", pa.table({"place": range(len(header.told)), "heading": list(header.told)}))
    columns: list[exp.Expr | str] = [
        exp.alias_(exp.convert(report.import_id), "import_id"),
        exp.alias_(name("at_line"), "line"),
        exp.alias_(name("heading", "heading"), "column", quoted=True),
        "value",
        "code",
        "params",
    ]
    on = name("place", "heading").eq(name("place", "fault"))
    query = exp.select(*columns).from_("fault").join("heading", on=on, join_type="left")
    door.append(Reject, workspace.stream(query.order_by("at_line", name("place", "fault"))))


COUNTS = ("read", "new", "changed", "same", "duplicate", "rejected", "blank")
"""The verdicts, behind the number of records that got one."""
