"""Importing files: one transaction each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from pdo.api.arrivals import find_known_part, find_mapping, recipe_of
from pdo.api.profiles import load_profiles
from pdo.core.errors import PdoError, UsageError
from pdo.core.frozen import dataclass
from pdo.core.late import late
from pdo.ingest.files import STANDARD_INPUT, check_place, expand
from pdo.ingest.importer import import_file
from pdo.ingest.making import with_staff
from pdo.ingest.persons import settling
from pdo.ingest.recognising import Recognised, header_of, recognise
from pdo.ingest.references import staff_names
from pdo.ingest.rejects import collected_rejects
from pdo.ingest.tagging import end_other_answers
from pdo.ingest.undo import undo_import
from pdo.ingest.workspace import open_workspace
from pdo.model.sheets import questions
from pdo.report.names import unknown_name
from pdo.store.door import open_door
from pdo.store.space import import_space, require_space

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pdo.api.arrivals import ImportOptions
    from pdo.core.calendar import Moment
    from pdo.model.reports import ImportReport, ImportUndone
    from pdo.model.settings import ImportMapping, Settings
    from pdo.playbook import project as playbooks

    Progress = Callable[[str, int, int], None]
else:
    playbooks = late("pdo.playbook.project")  # only sheets that come back ask what was asked


AUTO = "auto"
"""The kind that says to find it by the header."""

TASKS = "tasks"
"""The kind of tasks, and the profile of the sheets that pdo writes of them."""


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
    """A file of which nothing is to be written after all: leaves the door so that it rolls back."""

    def __init__(self, reports: tuple[ImportReport, ...]) -> None:
        super().__init__()
        self.reports = tuple(replace(report, import_id=None) for report in reports)


def _hold(reports: list[ImportReport]) -> NoReturn:
    raise _HeldError(tuple(reports))


def import_files(
    settings: Settings,
    kind: str,
    paths: tuple[Path, ...],
    options: ImportOptions,
    *,
    now: Moment,
    actor: str,
    progress: Progress | None = None,
    recognised: Callable[[Path, Recognised], None] | None = None,
) -> ImportOutcome:
    """Import files one after the other, each in a transaction of its own; one that cannot be used does not keep out the others.

    A store that cannot be written ends it: the files behind are not begun.

    Args:
        settings: of the project.
        kind: what the rows are; `auto` finds kinds and profile by each file's header.
        paths: the files, patterns among them; `-` is standard input.
        options: how.
        now: for the journal.
        actor: for the journal.
        progress: called with the stage (`read`, `check`, `compare`, `write`), how much is done and of how much.
        recognised: told what a file was taken for, before anything of it is used.

    Raises:
        UsageError: no such kind, mapping or profile, or one of the files does not exist; nothing was begun.
        FindingsError: a mapping or profile has errors.
    """
    kinds = settings.kinds
    if kind not in (AUTO, *kinds):
        raise unknown_name("kind", kind, kinds, kinds=", ".join(kinds))
    paths = expand(paths)
    if options.rejects_path is not None and len(paths) > 1:
        raise UsageError("error.rejects_one_file")
    if options.mapping is not None and (kind == AUTO or options.profile is not None):
        raise UsageError("error.import_mapping_or_profile")
    for path in paths:
        check_place(path)
    recognise_file = recogniser(settings, kind, options)
    reports: list[ImportReport] = []
    failures: list[PdoError] = []
    for path in paths:
        try:
            found = recognise_file(path)
            if found.label and recognised is not None:
                recognised(path, found)
            reports += import_recognised(settings, path, found, options, now=now, actor=actor, progress=progress)
        except UsageError as error:
            failures.append(error)
        except PdoError as error:
            failures.append(error)
            break
    return ImportOutcome(tuple(reports), tuple(failures))


def recogniser(settings: Settings, kind: str, options: ImportOptions) -> Callable[[Path], Recognised]:
    """What says of a file how it comes in.

    Raises:
        UsageError: there is no such mapping or profile.
        FindingsError: it has errors.
    """
    if kind == TASKS and options.mapping is None and options.profile is None:
        return _sheet_or(Recognised(((kind, None),)), settings, options)
    if kind != AUTO and options.profile is None:
        plain = Recognised(((kind, find_mapping(settings, options.mapping)),))
        return lambda _: plain
    profiles = load_profiles(settings, options.profile)
    wanted = None if kind == AUTO else kind

    def recognise_file(path: Path) -> Recognised:
        if str(path) == STANDARD_INPUT:
            raise UsageError("error.import_auto_input")
        cells = header_of(path, settings, profiles, encoding=options.encoding)
        return recognise(path, cells, settings, profiles, kind=wanted, named=options.profile is not None)

    return recognise_file


def _sheet_or(plain: Recognised, settings: Settings, options: ImportOptions) -> Callable[[Path], Recognised]:
    """A task sheet that comes back brings answers, too; any other file of tasks is a plain one."""
    sheets = load_profiles(settings, TASKS)

    def recognise_file(path: Path) -> Recognised:
        if str(path) == STANDARD_INPUT:
            return plain
        cells = set(header_of(path, settings, sheets, encoding=options.encoding))
        is_sheet = any(cells.issuperset(layout.headers) for profile in sheets for layout in profile.layouts)
        return recognise(path, tuple(cells), settings, sheets, named=True) if is_sheet else plain

    return recognise_file


def import_recognised(
    settings: Settings,
    path: Path,
    found: Recognised,
    options: ImportOptions,
    *,
    now: Moment,
    actor: str,
    progress: Progress | None = None,
) -> tuple[ImportReport, ...]:
    """Import all kinds that a file holds, in one transaction.

    Raises:
        UsageError: the file cannot be used as it is.
        LockedError: another process writes to the store.
        StorageError: the store cannot be written.
    """
    known = [find_known_part(settings, kind, path, mapping, options) for kind, mapping in found.parts]
    if all(known):
        return tuple(filter(None, known))
    several = len(found.parts) > 1
    reports: list[ImportReport] = []
    try:
        with (
            open_door(
                settings.database, write=True, doing=f"import {found.profile or found.parts[0][0]}", resolved=True
            ) as door,
            collected_rejects(options.rejects_path, several=several) as place_for,
        ):
            require_space(settings.database, import_space((path,)))
            for kind, mapping in found.parts:
                # A colleague whom a part before brought is known by name to those behind.
                names = {name: key for name, key in staff_names(door).items() if name not in settings.aliases}
                report = import_file(
                    door,
                    path,
                    settings.kinds[kind],
                    settings=settings,
                    mapping=with_staff(mapping, settings.kinds[kind], names),
                    encoding=options.encoding,
                    mode=options.mode,
                    allow_sensitive=options.allow_sensitive,
                    # The kinds of one file refer to each other: they are written, and taken back at the end.
                    dry_run=options.dry_run and not several,
                    rehearse=options.dry_run and several,
                    now=now.at,
                    actor=actor,
                    recipe=recipe_of(settings, kind, mapping, options),
                    rejects_path=place_for(kind),
                    progress=progress,
                )
                if kind == "tags" and mapping is not None and mapping.profile.startswith(f"{TASKS}."):
                    end_other_answers(door, report.import_id or 0, _answers(settings), now=now.at)
                reports.append(_quiet(report, mapping))
            reports = _unused_told_once(reports)
            if (options.dry_run and several) or (options.strict and any(report.rejected for report in reports)):
                _hold(reports)
    except _HeldError as held:
        return held.reports
    return tuple(reports)


def _answers(settings: Settings) -> tuple[tuple[str, ...], ...]:
    """The tags that answer each question of the playbooks, as far as those can be read."""
    project, _ = playbooks.load_project(settings)
    return () if project is None else tuple(question.answers for question in questions(project))


def _quiet(report: ImportReport, mapping: ImportMapping | None) -> ImportReport:
    """A report without what goes without saying where several records of a file are one row."""
    if mapping is None or not mapping.profile:
        return report
    # That the amounts of an order differ from line to line is worth telling.
    dropped = {"IM151"} if report.kind == "orders" else {"IM150", "IM151", "IM153"}
    dropped = dropped if mapping.repeats else set()
    is_sheet = mapping.profile.startswith(f"{TASKS}.")
    # What is only there to be read is not news about a sheet of ours.
    dropped |= {"IM164"} if is_sheet else set()
    return replace(
        report,
        unused=() if is_sheet else report.unused,
        profile=mapping.profile,
        notes=tuple(note for note in report.notes if note.code not in dropped),
        note_counts={code: count for code, count in report.note_counts.items() if code not in dropped},
    )


def _unused_told_once(reports: list[ImportReport]) -> list[ImportReport]:
    """Columns that no kind of a file uses, at the last of them."""
    used = [set(report.unused) for report in reports]
    unused = tuple(header for header in reports[-1].unused if all(header in one for one in used))
    return [*(replace(report, unused=()) for report in reports[:-1]), replace(reports[-1], unused=unused)]


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
    with (
        open_door(settings.database, write=True, doing=f"undo import {import_id}", resolved=True) as door,
        open_workspace(settings) as workspace,
        settling(workspace, door, None, settings.shared_phones),
    ):
        return undo_import(door, import_id, now=now.at, actor=actor)
