"""Importing files: one transaction each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pdo.core.errors import FindingsError, PdoError, UsageError
from pdo.ingest import import_file
from pdo.ingest.files import check_place, expand
from pdo.playbook.settings import read_mapping
from pdo.report.names import unknown_name
from pdo.store.door import open_door

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdo.core.calendar import Moment
    from pdo.model.reports import ImportReport
    from pdo.model.settings import ImportMapping, Settings


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How files are imported.

    Args:
        mapping: a mapping's name in `pdo.yaml`, or a file with one.
        encoding: of the files; None finds it.
        dry_run: write nothing.
        rejects_path: where rejected records go.
    """

    mapping: str | None = None
    encoding: str | None = None
    dry_run: bool = False
    rejects_path: Path | None = None


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of the files.

    Args:
        reports: of the files that went in.
        failure: why the file after them did not; nothing of it was written, and those behind it were not begun.
    """

    reports: tuple[ImportReport, ...]
    failure: PdoError | None = None


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
    """Import files one after the other, each in a transaction of its own, up to the first that cannot be used.

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
    mapping = _mapping(settings, options.mapping)
    reports: list[ImportReport] = []
    for path in paths:
        try:
            # A dry run stages its rows in temporary tables, which a door that only reads refuses.
            with open_door(settings.database, write=True, doing=f"import {kind}", resolved=True) as door:
                report = import_file(
                    door,
                    path,
                    kinds[kind],
                    settings=settings,
                    mapping=mapping,
                    encoding=options.encoding,
                    dry_run=options.dry_run,
                    now=now.at,
                    actor=actor,
                    rejects_path=options.rejects_path,
                    progress=progress,
                )
        except PdoError as error:
            return ImportOutcome(tuple(reports), error)
        reports.append(report)
    return ImportOutcome(tuple(reports))


def _mapping(settings: Settings, name: str | None) -> ImportMapping | None:
    """The mapping of a name in `pdo.yaml`, or in a file of its own."""
    if name is None:
        return None
    found = settings.mappings.get(name)
    if found is None and Path(name).is_file():
        found, findings = read_mapping(Path(name), settings)
        if found is None:
            raise FindingsError(findings.sorted())
    if found is None:
        raise unknown_name("mapping", name, settings.mappings)
    return found
