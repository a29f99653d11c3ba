"""The order of the stages: one file comes in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.core.errors import UsageError
from pdo.ingest.consents import write_consents
from pdo.ingest.examples import examples
from pdo.ingest.faults import first_faults, notes, reject_orphans, rejected_count
from pdo.ingest.journal import COUNTS, Entry, next_import, write_journal
from pdo.ingest.merge import compare, key_rows, single_out
from pdo.ingest.persons import may_join, settling
from pdo.ingest.places import place_of
from pdo.ingest.reading import read_file
from pdo.ingest.references import load_references, make_missing
from pdo.ingest.refusing import refuse_erased
from pdo.ingest.rejects import write_rejects
from pdo.ingest.tagging import compare_tags, write_tags
from pdo.ingest.workspace import call, name, open_workspace
from pdo.ingest.writing import write_changed, write_new
from pdo.model.reports import ImportReport
from pdo.model.settings import ImportMode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pdo.ingest.merge import Verdicts
    from pdo.ingest.places import Place
    from pdo.ingest.reading import Checked
    from pdo.ingest.workspace import Workspace
    from pdo.model.fields import Kind
    from pdo.model.settings import ImportMapping, Settings
    from pdo.store.door import Door

    Progress = Callable[[str, int, int], None]

STAGES = ("read", "check", "compare", "write")
"""What progress names; only `read` is told in parts (bytes done and in all), the others as 0 and 1 of 1."""


def import_file(  # noqa: PLR0913  (a use case with all that it depends on)
    door: Door,
    path: Path,
    kind: Kind,
    *,
    settings: Settings,
    mapping: ImportMapping | None = None,
    encoding: str | None = None,
    mode: ImportMode = ImportMode.MERGE,
    allow_sensitive: bool = True,
    dry_run: bool = False,
    rehearse: bool = False,
    now: int,
    actor: str,
    recipe: str | None = None,
    rejects_path: Path | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import one file through an open door; the caller commits by closing it.

    Args:
        door: writes, unless for a dry run.
        path: the file.
        kind: what its rows are.
        settings: time zone, declared columns, language of the file of rejects.
        mapping: how the file's columns are called.
        encoding: what the user says the file is in; found where None.
        mode: what a row does to one that is known already.
        allow_sensitive: whether columns may come in that `pdo.yaml` declares as sensitive.
        dry_run: say what would happen, with examples, and write nothing but the file of rejects.
        rehearse: write it, with examples as for a dry run: the caller takes all back, for what comes in behind refers to it.
        now: when, for the journal.
        actor: who, for the journal.
        recipe: digest of all that decides what the file's bytes come to, for the journal.
        rejects_path: where rejected records go.
        progress: told the stage, what is done and how much there is.

    Raises:
        UsageError: the file cannot be used as it is.
        StorageError: the disk is full, or the file of rejects cannot be written.
    """
    tell = progress or (lambda *_: None)
    with open_workspace(settings) as workspace:
        checked = read_file(workspace, path, kind, settings=settings, mapping=mapping, encoding=encoding, progress=tell)
        if not allow_sensitive:
            _refuse_sensitive(checked)
        tell("compare", 0, 1)
        import_id = next_import(door)
        place = place_of(kind)
        refuse_erased(workspace, door, place, checked.present, settings.database)
        written = None if kind.name == "customers" else (place.table.name,)
        with settling(workspace, door, written, settings.shared_phones) as settled:
            verdicts, made = _compare(workspace, door, checked, kind, import_id, mode, dry_run=dry_run)
            report = _report(workspace, checked, kind, verdicts, None if dry_run else import_id)
            if dry_run or rehearse:
                found = examples(workspace, place, checked.present, verdicts, settings)
                report = replace(report, examples=found)
            if not dry_run:
                tell("write", 0, 1)
                # First of all, for what is kept of changed rows names the import.
                entry = Entry(checked.text.digest, mode, recipe, now, actor)
                write_journal(workspace, door, report, checked.header, entry)
                _write(workspace, door, checked, place, verdicts, import_id, mode, now)
            says_more = verdicts.fresh or verdicts.filled or verdicts.changed
            if dry_run or written or not says_more:
                settled.decide = not dry_run and made > 0
            else:
                settled.decide = may_join(workspace, door, place, checked.present, is_first=settled.is_first)
        joins = settled.joins
        report = replace(report, joined=len(joins.joined), separated=joins.separated, conflicts=joins.conflicts)
        if rejects_path is not None:
            write_rejects(
                rejects_path,
                workspace,
                checked.text,
                checked.records,
                checked.header,
                checked.dialect,
                settings.language,
            )
        tell("write", 1, 1)
        return report


def _write(
    workspace: Workspace,
    door: Door,
    checked: Checked,
    place: Place,
    verdicts: Verdicts,
    import_id: int,
    mode: ImportMode,
    now: int,
) -> None:
    if place.kind.name == "tags":
        write_tags(workspace, door, checked.present, import_id, now=now)
    elif verdicts.fresh:
        write_new(workspace, door, place, checked.present, import_id)
    if verdicts.filled or verdicts.changed:
        write_changed(workspace, door, place, checked.present, import_id, mode)
    if verdicts.fresh or verdicts.filled or verdicts.changed:
        write_consents(workspace, door, place, checked.present, import_id, now=now)


def _refuse_sensitive(checked: Checked) -> None:
    sensitive = [bound for bound in checked.header.bound if bound.attribute and bound.attribute.sensitive]
    if sensitive:
        columns = ", ".join(bound.header for bound in sensitive)
        raise UsageError("error.import_sensitive", path=checked.text.original, columns=columns)


def _compare(
    workspace: Workspace,
    door: Door,
    checked: Checked,
    kind: Kind,
    import_id: int,
    mode: ImportMode,
    *,
    dry_run: bool,
) -> tuple[Verdicts, int]:
    """Meet the store: references, keys, and what is new.

    Returns:
        The verdicts, and how many customers were made because rows name them.
    """
    place = place_of(kind)
    load_references(workspace, door, place, checked.present, "good")
    if kind.name == "items":
        reject_orphans(workspace, checked.header)
    made = 0
    for referred in dict.fromkeys(map(place.referred, place.references)):
        if referred != "orders":
            count = make_missing(workspace, door, referred, import_id, dry_run=dry_run)
            made += count if referred == "customers" else 0
    key_rows(workspace, place, checked.present)
    duplicate = single_out(workspace, place, checked.present, mode)
    if kind.name == "tags":
        return compare_tags(workspace, door, checked.present, duplicate), made
    declared = [bound.column.name for bound in checked.header.bound if bound.attribute]
    return compare(workspace, door, place, checked.present, duplicate, mode=mode, declared=declared), made


def _report(
    workspace: Workspace, checked: Checked, kind: Kind, verdicts: Verdicts, import_id: int | None
) -> ImportReport:
    told, counts = notes(
        workspace, checked.records, checked.header, checked.dialect, kind, repeated=verdicts.duplicate > 0
    )
    report = ImportReport(
        kind=kind.name,
        path=str(checked.text.original),
        encoding=checked.text.encoding,
        columns={bound.column.name: bound.header for bound in checked.header.bound},
        unused=checked.header.unused,
        read=checked.read,
        new=verdicts.fresh + verdicts.filled,
        changed=verdicts.changed,
        same=verdicts.same,
        duplicate=verdicts.duplicate,
        rejected=rejected_count(workspace),
        blank=checked.blank,
        rejects=first_faults(workspace, checked.header),
        figures=_figures(workspace, checked.present) if kind.name == "orders" else {},
        import_id=import_id,
        notes=told,
        note_counts=counts,
    )
    found = sum(getattr(report, count) for count in COUNTS[1:])
    if found != report.read:
        raise RuntimeError(f"{report.read} records, {found} verdicts: some record was lost or counted twice")
    return report


def _figures(workspace: Workspace, present: tuple[str, ...]) -> Mapping[str, int]:
    """What the paid orders among the accepted records are worth."""
    if "paid_at" not in present:
        return {"paid_orders": 0, "net_minor": 0, "refunded_minor": 0}

    def total(column: str) -> exp.Expression:
        value = call("coalesce", call("sum", name(column)), 0) if column in present else exp.convert(0)
        return exp.cast(value, "BIGINT")

    query = (
        exp.select("count(*)", exp.alias_(total("paid"), "paid"), exp.alias_(total("refunded"), "refunded"))
        .from_("incoming")
        .where(name("paid_at").is_(exp.null()).not_())
    )
    orders, paid, refunded = workspace.rows(query)[0]
    return {"paid_orders": orders, "net_minor": paid - refunded, "refunded_minor": refunded}
