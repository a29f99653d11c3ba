"""Importing files: one transaction each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdo.api.arrivals import find_known, find_mapping, recipe_of
from pdo.core.errors import PdoError, UsageError
from pdo.core.frozen import dataclass
from pdo.ingest.files import check_place, expand
from pdo.ingest.importer import import_file
from pdo.ingest.undo import undo_import
from pdo.report.names import unknown_name
from pdo.store.door import open_door

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pdo.api.arrivals import ImportOptions
    from pdo.core.calendar import Moment
    from pdo.model.reports import ImportReport, ImportUndone
    from pdo.model.settings import Settings


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of the files.

    Args:
        reports: of the files that could be read, in the order of the call.
        failures: of the others, why not; nothing of them was written.
    """

    reports: tuple[ImportReport, ...]
    failures: tuple[PdoError, ...] = ()


class _HeldError(Exception):
    """A file of which a record is rejected, where nothing of it is to be written then: leaves the door so that it rolls back."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


def import_files(
    settings: Settings,
    kind: str,
    paths: tuple[Path, ...],
    options: ImportOptions,
    *,
    now: Moment,
    actor: str,
    progress: Callable[[str, int, int], None] | None = None,
) -> ImportOutcome:
    """Import files one after the other, each in a transaction of its own; one that cannot be used does not keep out the others.

    A store that cannot be written ends it: the files behind are not begun.

    Args:
        settings: of the project.
        kind: what the rows are.
        paths: the files, patterns among them; `-` is standard input.
        options: how.
        now: for the journal.
        actor: for the journal.
        progress: called with the stage (`read`, `check`, `compare`, `write`), how much is done and of how much.

    Raises:
        UsageError: no such kind or mapping, or one of the files does not exist; nothing was begun.
    """
    kinds = settings.kinds
    if kind not in kinds:
        raise unknown_name("kind", kind, kinds, kinds=", ".join(kinds))
    paths = expand(paths)
    if options.rejects_path is not None and len(paths) > 1:
        raise UsageError("error.rejects_one_file")
    for path in paths:
        check_place(path)
    mapping = find_mapping(settings, options.mapping)
    recipe = recipe_of(settings, kind, mapping, options)

    def bring(path: Path) -> ImportReport:
        if known := find_known(settings, kind, path, options):
            return known
        # A dry run stages its rows in temporary tables, which a door that only reads refuses.
        with open_door(settings.database, write=True, doing=f"import {kind}", resolved=True) as door:
            report = import_file(
                door,
                path,
                kinds[kind],
                settings=settings,
                mapping=mapping,
                encoding=options.encoding,
                mode=options.mode,
                allow_sensitive=options.allow_sensitive,
                dry_run=options.dry_run,
                now=now.at,
                actor=actor,
                recipe=recipe,
                rejects_path=options.rejects_path,
                progress=progress,
            )
            if options.strict and report.rejected:
                raise _HeldError(replace(report, import_id=None))
        return report

    reports: list[ImportReport] = []
    failures: list[PdoError] = []
    for path in paths:
        try:
            reports.append(bring(path))
        except _HeldError as held:
            reports.append(held.report)
        except UsageError as error:
            failures.append(error)
        except PdoError as error:
            failures.append(error)
            break
    return ImportOutcome(tuple(reports), tuple(failures))


def take_back(settings: Settings, import_id: int, *, now: Moment, actor: str) -> ImportUndone:
    """Take an import back.

    Args:
        settings: of the project.
        import_id: its number.
        now: for the journal.
        actor: for the journal.

    Raises:
        UsageError: there is no such import, it was taken back before, or something rests on its rows.
    """
    with open_door(settings.database, write=True, doing=f"undo import {import_id}", resolved=True) as door:
        return undo_import(door, import_id, now=now.at, actor=actor)
