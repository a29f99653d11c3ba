"""What the law gives people: a copy of what is known of them, and to be forgotten. The log of it holds no personal data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import insert, true
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from pdo.core.errors import LockedError, PdoError, StorageError
from pdo.core.frozen import dataclass
from pdo.core.late import late
from pdo.deliver.export import log_export
from pdo.deliver.files import pending_file
from pdo.deliver.tables import csv_chunks, text_columns
from pdo.ingest.erasing import erase, note_processing, person_of, suppress
from pdo.ingest.persons import settling
from pdo.ingest.places import table_of
from pdo.ingest.retention import due, purge
from pdo.ingest.rewriting import holding, rewrite
from pdo.ingest.workspace import open_workspace
from pdo.report.customers import resolve_customer
from pdo.report.subject import known_of
from pdo.report.values import moment_text
from pdo.store.backup import backups, scrub
from pdo.store.door import open_door
from pdo.store.session import open_session
from pdo.store.suppression import digest_of, key_path, make_key, read_key
from pdo.store.tables import FileImport, Identity, Processing, Profile, Suppression

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pdo.core.calendar import Moment
    from pdo.deliver import workbooks
    from pdo.model.reports import ExportReport
    from pdo.model.settings import Settings
    from pdo.store.door import Door
else:
    workbooks = late("pdo.deliver.workbooks")

OUT, BACKUPS = "out", "backups"
KEPT = ("done", "failed")
"""Folders beside imported files to which an inbox moves them."""


@dataclass(frozen=True, slots=True)
class PersonErased:
    """What erasing a person came to.

    Args:
        own_ids: how many own ids the person had.
        rows: table → rows that are gone, or of which a part was hidden.
        suppressed: how many identifiers stand on the list of those who must not come back.
        files: files that were written anew → rows gone; 0 where the whole file is.
        failed: files that hold the person and could not be written anew.
        originals: imported files that still lie where they were, and hold the person.
        older_backups: backups that were made before.
        is_scrubbed: whether the file of the store was made anew; not while somebody else has it open.
    """

    own_ids: int
    rows: Mapping[str, int]
    suppressed: int
    files: Mapping[Path, int]
    failed: tuple[Path, ...]
    originals: tuple[Path, ...]
    older_backups: tuple[Path, ...]
    is_scrubbed: bool


def export_customer(
    settings: Settings, text: str, *, file_type: str, output: Path | None, now: Moment, actor: str
) -> ExportReport:
    """Write everything that is known of a person to a file, and note that.

    Args:
        settings: of the project.
        text: the customer.
        file_type: `json` or `xlsx`.
        output: where to; `out/DATE/customer-TIME.TYPE` unless given.
        now: for the journal and the name.
        actor: for the journal.

    Raises:
        UsageError: there is no such customer.
        StorageError: the file cannot be written.
    """
    day, time = now.local.date().isoformat(), now.local.strftime("%H%M%S")
    default = settings.root / OUT / day / f"customer-{time}.{file_type}"
    with open_session(settings.database) as session:
        found = known_of(session, resolve_customer(session, text), settings.timezone)
    content = _as_json(found) if file_type == "json" else _as_workbook(found)
    rows = sum(map(len, found.values()))
    with pending_file(output or default, [content]) as file:
        with open_session(settings.database, write=True, doing="customer export") as session:
            report = log_export(session, file, what="customer", columns=tuple(found), rows=rows, now=now, actor=actor)
        file.publish()
    return report


def _as_json(found: Mapping[str, list[dict[str, object]]]) -> bytes:
    return (json.dumps({"version": 1, "data": found}, ensure_ascii=False, indent=2, default=str) + "\n").encode()


def _as_workbook(found: Mapping[str, list[dict[str, object]]]) -> bytes:
    sheets = []
    for table, rows in found.items():
        columns = tuple(dict.fromkeys(column for row in rows for column in row))
        cells = [[None if (value := row.get(column)) is None else str(value) for column in columns] for row in rows]
        sheets.append(workbooks.Sheet(table, tuple(workbooks.SheetColumn(column, 18) for column in columns), cells))
    return workbooks.workbook(sheets)


def erase_customer(settings: Settings, text: str, *, now: Moment, actor: str) -> PersonErased:
    """Erase a person from the store and from every file that is kept, and see to it that imports do not bring them back.

    Files come first: killed there, the same call does the rest.

    Raises:
        UsageError: there is no such customer.
        LockedError: another process writes.
        StorageError: the disk is full, or the key cannot be written.
    """
    with open_session(settings.database) as session:
        customer = resolve_customer(session, text)
        others = session.exec(select(Profile.id).where(Profile.person_id == customer.id)).all()
        paths = [Path(path) for path in session.exec(select(FileImport.path).distinct()).all()]
    ids = sorted({customer.id or 0, *(found for found in others if found is not None)})
    with open_door(settings.database, write=False) as door:
        person = person_of(door, ids)
    folders = [settings.root / OUT, *(path.parent / kept for path in paths for kept in KEPT)]
    files = rewrite(folders, person)
    key = make_key(settings.database)
    with (
        open_door(settings.database, write=True, doing="customer erase", resolved=True) as door,
        open_workspace(settings) as workspace,
    ):
        with settling(workspace, door, None, settings.shared_phones):
            suppressed = suppress(door, person, key, now=now.at)
            erased = erase(door, person)
        note_processing(door, "erase", len(ids), erased.rows, now=now.at, actor=actor)
    return PersonErased(
        len(ids),
        dict(erased.rows),
        suppressed,
        files.changed,
        files.failed,
        holding(paths, person),
        tuple(backups(settings.root / BACKUPS, settings.database)),
        _scrubbed(settings),
    )


def _scrubbed(settings: Settings) -> bool:
    try:
        scrub(settings.database)
    except LockedError:
        return False
    return True


def note_shown(settings: Settings, what: str, rows: int, *, now: Moment, actor: str) -> None:
    """Note that personal data were shown in full."""
    _log(settings, "reveal", rows, {"command": what}, now=now, actor=actor)


def write_list(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
    """A list as CSV.

    Raises:
        StorageError: it cannot be written.
    """
    with pending_file(path, csv_chunks(text_columns(headings, rows))) as file:
        file.publish()


def _log(settings: Settings, action: str, rows: int, detail: Mapping[str, object], *, now: Moment, actor: str) -> None:
    with open_session(settings.database, write=True, doing=action) as session:
        said = json.dumps(detail, ensure_ascii=False, sort_keys=True)
        session.add(Processing(at=now.at, actor=actor, action=action, rows=rows, detail=said))


@dataclass(frozen=True, slots=True)
class ProcessingEntry:
    """A use of personal data, without any."""

    at: str
    actor: str
    action: str
    rows: int
    detail: str


def processing_log(settings: Settings, *, limit: int) -> tuple[ProcessingEntry, ...]:
    """The latest uses of personal data, latest first."""
    with open_session(settings.database) as session:
        found = session.exec(select(Processing).order_by(col(Processing.id).desc()).limit(limit)).all()
    zone = settings.timezone
    return tuple(
        ProcessingEntry(moment_text(one.at, zone) or "", one.actor, one.action, one.rows, one.detail or "")
        for one in found
    )


# Of the store as a whole -----------------------------------------------------------------------------------------------


def suppressed(settings: Settings) -> list[dict[str, object]]:
    """The list of those who were erased; empty where there is no store, or it is damaged."""
    try:
        with open_session(settings.database) as session:
            return [one.model_dump() for one in session.exec(select(Suppression)).all()]
    except PdoError:
        return []


def erase_again(settings: Settings, listed: list[dict[str, object]], *, now: Moment, actor: str) -> int:
    """Erase from a restored store who was erased since the copy was made.

    Returns:
        How many customers that were.

    Raises:
        StorageError: the key of the list is gone.
    """
    key = read_key(settings.database)
    if not listed:
        return 0
    if key is None:
        raise StorageError("error.suppression_key", path=key_path(settings.database))
    digests = {str(one["digest"]) for one in listed}
    with (
        open_door(settings.database, write=True, doing="db restore", resolved=True) as door,
        open_workspace(settings) as workspace,
        settling(workspace, door, None, settings.shared_phones),
    ):
        staged = door.stage("listed", pa.Table.from_pylist(listed))
        columns = tuple(column.name for column in staged.columns)
        rows = sa_select(staged).where(true())
        door.execute(insert(table_of(Suppression)).from_select(columns, rows).prefix_with("OR IGNORE"))
        of = table_of(Identity).c
        found = door.read(sa_select(of.kind, of.value, of.customer_id)).read_all().to_pylist()
        ids = sorted({row["customer_id"] for row in found if digest_of(key, row["kind"], row["value"]) in digests})
        if ids:
            erased = erase(door, person_of(door, ids))
            note_processing(door, "erase_again", len(ids), erased.rows, now=now.at, actor=actor)
    if ids:
        _scrubbed(settings)
    return len(ids)


def purge_before(
    settings: Settings, before: int, *, dry_run: bool, now: Moment, actor: str
) -> tuple[int, Mapping[str, int]]:
    """Erase customers of whom nothing was heard since a moment.

    Returns:
        How many, and table → rows that are gone.
    """
    if dry_run:
        with open_door(settings.database, write=False) as door:
            return len(due(door, before)), {}
    with (
        open_door(settings.database, write=True, doing="db purge", resolved=True) as door,
        open_workspace(settings) as workspace,
    ):
        # Asked of whole persons, then of all that stand with them.
        persons = due(door, before)
        customers = [*persons, *_standing_with(door, persons)]
        with settling(workspace, door, None, settings.shared_phones):
            rows = purge(door, customers, before)
        note_processing(door, "purge", len(persons), rows, now=now.at, actor=actor)
    _scrubbed(settings)
    return len(persons), rows


def _standing_with(door: Door, persons: Collection[int]) -> list[int]:
    profile, gone = table_of(Profile).c, set(persons)
    found = door.rows(sa_select(profile.id, profile.person_id).where(profile.id != profile.person_id))
    return [int(own) for own, person in found if person in gone]
