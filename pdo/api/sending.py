"""Letting lists and messages out: segment and batch exports."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pdo.api.explaining import members
from pdo.api.export_profiles import load_export_profile
from pdo.core.errors import UsageError
from pdo.deliver.batches import COLUMNS, mark_exported, require_approved
from pdo.deliver.export import log_export
from pdo.deliver.files import file_stem, pending_file
from pdo.deliver.shaping import shaped_chunks
from pdo.deliver.tables import rows_of, text_columns
from pdo.model.exporting import ENCODINGS, MESSAGE_FIELDS, ExportColumn, ExportProfile
from pdo.model.fields import ATTRIBUTES, Type
from pdo.model.reports import ExportReport, SegmentPage
from pdo.outbox.leaving import hold_back
from pdo.report.batches import export_rows
from pdo.report.members import member_texts
from pdo.store.session import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment
    from pdo.deliver.files import PendingFile
    from pdo.model.reports import MemberTable
    from pdo.store.tables import Batch

NUMERIC = (Type.MONEY, Type.NUMBER, Type.INTEGER)
OUT = "out"


def export_segment(
    opened: OpenProject,
    name: str,
    *,
    output: Path | None,
    file_type: str | None,
    profile: str | None = None,
    now: Moment,
) -> ExportReport:
    """Write the members of a segment, as of the last run, with its columns or those of a profile; phones in full.

    Args:
        opened: the project.
        name: of the segment.
        output: where to; `out/DATE/NAME.csv` of the last run's day unless given.
        file_type: `csv`, `jsonl` or `xlsx`; None for the profile's, or CSV.
        profile: an export profile; None for the columns that the segment shows.
        now: for the journal.

    Raises:
        UsageError: no such segment or profile, its name cannot be a file's, or the profile asks for what members do not have.
        FindingsError: the profile has errors.
        StorageError: the file cannot be written.
    """
    settings = opened.settings
    shape = None if profile is None else load_export_profile(settings, profile)
    if shape is not None:
        own = (one.column.name for one in settings.declared("customers"))
        known = (*(column.name for column in ATTRIBUTES), *own, *opened.project.metrics, *opened.project.scores)
        _require_fields(shape, known)
    found = members(opened, name, columns=() if shape is None else shape.fields)
    shape = _typed(shape or _plain(tuple(found.columns)), file_type)
    stem = "-".join(filter(None, (file_stem(name), profile)))
    default = settings.root / OUT / found.as_of.local.date().isoformat() / f"{stem}.{shape.type}"
    everybody = member_texts(found, settings.timezone, masked=False)
    rows = everybody.filter(_with_all(everybody, shape.needs))
    chunks = shaped_chunks(shape, rows, numeric=_numeric(found))
    with pending_file(output or default, chunks) as file:
        with open_session(settings.database, write=True, doing="segment export") as session:
            report = log_export(
                session,
                file,
                what=f"segment:{name}",
                columns=tuple(column.header for column in shape.columns),
                rows=rows.num_rows,
                now=now,
                actor=opened.actor,
            )
        file.publish()
    return replace(report, left_out=everybody.num_rows - rows.num_rows)


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
    rows = tuple(rows_of(member_texts(found, opened.settings.timezone, masked=True)))
    return SegmentPage(name, tuple(found.columns), _numeric(found), rows, found.total, found.as_of)


def _numeric(found: MemberTable) -> frozenset[str]:
    return frozenset(column for column, type_ in found.columns.items() if type_ in NUMERIC)


def export_batch(
    opened: OpenProject,
    batch_id: int,
    *,
    output: Path | None,
    file_type: str | None,
    profile: str | None = None,
    per_sender: bool = False,
    now: Moment,
) -> ExportReport:
    """Write the messages of an approved batch, and a list of the files beside them; again writes the same files.

    Whoever was blocked, opted out or is no friend since the run is held back.

    Args:
        opened: the project; its offers tell how the shop system calls their coupons.
        batch_id: the batch.
        output: where to; `out/DATE/batch-ID.csv` of its planned day unless given.
        file_type: `csv`, `jsonl` or `xlsx`; None for the profile's, or CSV.
        profile: an export profile; None for all that a sender needs.
        per_sender: a file for each sender, whose name stands behind that of the file.
        now: for the journal.

    Raises:
        UsageError: no such batch or profile, nobody has approved it, or a message has not what the profile needs.
        FindingsError: the profile has errors.
        StorageError: a file cannot be written.
    """
    settings = opened.settings
    shape = _typed(_plain(COLUMNS) if profile is None else load_export_profile(settings, profile), file_type)
    _require_fields(shape, MESSAGE_FIELDS)
    headers = tuple(column.header for column in shape.columns)
    with ExitStack() as stack:
        with open_session(settings.database, write=True, doing="batch export") as session:
            batch = require_approved(session, batch_id)
            hold_back(session, [batch_id])
            stem = "-".join(filter(None, (f"batch-{batch_id}", profile)))
            target = output or settings.root / OUT / batch.planned_on.isoformat() / f"{stem}.{shape.type}"
            offers = opened.project.outreach.offers.values()
            coupons = {one.name: one.coupon.name for one in offers if one.coupon is not None}
            rows = [{**row, "coupon": coupons.get(row["offer"] or "")} for row in export_rows(session, batch_id)]
            _require_whole(shape, rows, batch_id)
            files: list[tuple[PendingFile, int]] = []
            for path, part in _parts(target, rows, per_sender=per_sender):
                file = stack.enter_context(pending_file(path, shaped_chunks(shape, _as_table(part))))
                what = f"batch:{batch_id}"
                log_export(session, file, what=what, columns=headers, rows=len(part), now=now, actor=opened.actor)
                files.append((file, len(part)))
            manifest = stack.enter_context(
                pending_file(target.with_suffix(".manifest.json"), [_manifest(batch, profile or "", headers, files)])
            )
            mark_exported(session, batch, now=now.at)
        for file, _ in files:
            file.publish()
        manifest.publish()
    first = files[0][0]
    return ExportReport(
        f"batch:{batch_id}",
        str(first.path),
        len(rows),
        headers,
        first.digest,
        files=tuple((str(file.path), count) for file, count in files),
        manifest=str(manifest.path),
    )


def _plain(columns: tuple[str, ...]) -> ExportProfile:
    """The profile of whoever names none."""
    return ExportProfile("", "", "csv", ENCODINGS[0], tuple(ExportColumn(column, column) for column in columns))


def _typed(shape: ExportProfile, file_type: str | None) -> ExportProfile:
    return shape if file_type is None else replace(shape, type=file_type)


def _require_fields(shape: ExportProfile, known: Sequence[str]) -> None:
    unknown = [field for field in shape.fields if field not in known]
    if unknown:
        raise UsageError("error.export_fields", name=shape.name, fields=", ".join(unknown), known=", ".join(known))


def _require_whole(shape: ExportProfile, rows: Sequence[Mapping[str, str | None]], batch_id: int) -> None:
    """A batch leaves whole, or not at all."""
    lacking = [(row["customer_id"], field) for row in rows for field in shape.needs if not row[field]]
    if lacking:
        customer, field = lacking[0]
        raise UsageError(
            "error.export_lacks", batch_id=batch_id, name=shape.name, count=len(lacking), customer=customer, field=field
        )


def _parts(
    target: Path, rows: list[dict[str, str | None]], *, per_sender: bool
) -> Iterator[tuple[Path, list[dict[str, str | None]]]]:
    """The files and their rows."""
    if not per_sender or not rows:
        yield target, rows
        return
    senders: dict[str, list[dict[str, str | None]]] = {}
    for row in rows:
        senders.setdefault(row["sender"] or "", []).append(row)
    for sender, part in sorted(senders.items()):
        name = f"{target.stem}-{file_stem(sender)}" if sender else target.stem
        yield target.with_name(f"{name}{target.suffix}"), part


def _manifest(batch: Batch, profile: str, headers: Sequence[str], files: Sequence[tuple[PendingFile, int]]) -> bytes:
    """What was exported, without personal data; the same batch gives the same bytes."""
    said = {
        "batch": batch.id,
        "campaign": batch.campaign,
        "channel": batch.channel,
        "planned_on": batch.planned_on.isoformat(),
        "approved_by": batch.approved_by,
        "profile": profile,
        "columns": list(headers),
        "rows": sum(count for _, count in files),
        "files": [{"name": file.path.name, "rows": count, "sha256": file.digest} for file, count in files],
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def _as_table(rows: Sequence[Mapping[str, str | None]]) -> pa.Table:
    return text_columns(MESSAGE_FIELDS, ([row[field] for field in MESSAGE_FIELDS] for row in rows))


def _with_all(rows: pa.Table, fields: Sequence[str]) -> pa.Array | pa.ChunkedArray:
    """Which rows have all of some fields."""
    found = pa.repeat(pa.scalar(value=True), rows.num_rows)
    for field in fields:
        found = pc.and_(found, pc.fill_null(pc.not_equal(rows.column(field), ""), fill_value=False))
    return found
