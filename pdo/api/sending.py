"""Letting lists and messages out: segment and batch exports."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from pdo.api.running import members
from pdo.deliver.batches import COLUMNS, mark_exported, require_approved
from pdo.deliver.export import Counted, log_export
from pdo.deliver.files import file_stem, pending_file
from pdo.deliver.tables import WRITERS
from pdo.model.fields import Type
from pdo.model.reports import SegmentPage
from pdo.report.batches import batch_messages
from pdo.report.values import member_rows
from pdo.store.session import open_session

if TYPE_CHECKING:
    from pathlib import Path

    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment
    from pdo.model.reports import ExportReport, MemberTable
    from pdo.model.settings import Settings

NUMERIC = (Type.MONEY, Type.NUMBER, Type.INTEGER)
OUT = "out"


def export_segment(opened: OpenProject, name: str, *, output: Path | None, file_type: str, now: Moment) -> ExportReport:
    """Write the members of a segment, as of the last run, with its columns; phones in full.

    Args:
        opened: the project.
        name: of the segment.
        output: where to; `out/DATE/NAME.csv` of the last run's day unless given.
        file_type: `csv` or `jsonl`.
        now: for the journal.

    Raises:
        UsageError: no such segment, or its name cannot be a file's.
        StorageError: the file cannot be written.
    """
    settings = opened.settings
    found = members(opened, name)
    default = settings.root / OUT / found.as_of.local.date().isoformat() / f"{file_stem(name)}.{file_type}"
    rows = Counted(member_rows(found, settings.timezone, masked=False))
    chunks = WRITERS[file_type](tuple(found.columns), rows, numeric=_numeric(found))
    with pending_file(output or default, chunks) as file:
        with open_session(settings.database, write=True, doing="segment export") as session:
            report = log_export(
                session,
                file,
                what=f"segment:{name}",
                columns=tuple(found.columns),
                rows=rows.count,
                now=now,
                actor=opened.actor,
            )
        file.publish()
    return report


def segment_page(opened: OpenProject, name: str, *, limit: int, at: Moment | None = None) -> SegmentPage:
    """The first members of a segment as of a run, phones masked.

    Args:
        opened: the project.
        name: of the segment.
        limit: how many are shown.
        at: the run's now; None for the last run's.

    Raises:
        UsageError: no such segment, or nothing was run yet.
    """
    found = members(opened, name, limit=limit, at=at)
    rows = tuple(member_rows(found, opened.settings.timezone, masked=True))
    return SegmentPage(name, tuple(found.columns), _numeric(found), rows, found.total, found.as_of)


def _numeric(found: MemberTable) -> frozenset[str]:
    return frozenset(column for column, type_ in found.columns.items() if type_ in NUMERIC)


def export_batch(
    settings: Settings, batch_id: int, *, output: Path | None, file_type: str, now: Moment, actor: str
) -> ExportReport:
    """Write the messages of an approved batch; again writes the same file.

    Args:
        settings: of the project.
        batch_id: the batch.
        output: where to; `out/DATE/batch-ID.csv` of its planned day unless given.
        file_type: `csv` or `jsonl`.
        now: for the journal.
        actor: for the journal.

    Raises:
        UsageError: no such batch, or nobody has approved it.
        StorageError: the file cannot be written.
    """
    with ExitStack() as stack:
        with open_session(settings.database, write=True, doing="batch export") as session:
            batch = require_approved(session, batch_id)
            default = settings.root / OUT / batch.planned_on.isoformat() / f"batch-{batch_id}.{file_type}"
            messages = batch_messages(session, batch_id, withheld=False, masked=False)
            rows = Counted(tuple(getattr(message, _FIELDS.get(name, name)) for name in COLUMNS) for message in messages)
            file = stack.enter_context(pending_file(output or default, WRITERS[file_type](COLUMNS, rows)))
            what = f"batch:{batch_id}"
            report = log_export(session, file, what=what, columns=COLUMNS, rows=rows.count, now=now, actor=actor)
            mark_exported(session, batch, now=now.at)
        file.publish()
    return report


_FIELDS = {"customer_id": "customer_key"}
