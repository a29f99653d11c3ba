"""Running the examples of playbooks: no store is opened, and nothing but the engine is loaded."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from pdo.api.checking import projects_of
from pdo.api.playing import Played, Stage
from pdo.api.project import open_project, open_settings
from pdo.core.errors import PdoError, UsageError
from pdo.core.late import late
from pdo.evaluate.engine import open_engine
from pdo.evaluate.example_facts import World
from pdo.evaluate.rehearse import Rehearsal
from pdo.model.verdicts import ExampleReport, Unread
from pdo.playbook.files import playbook_files
from pdo.report.names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pdo.evaluate.arrival import ReadFile
    from pdo.ingest import rows_of
    from pdo.model.examples import Cell, Example, ExampleFile
    from pdo.model.playbook import Project
    from pdo.model.settings import Settings

    Rows = tuple[Sequence[tuple[int, Mapping[str, Cell]]], Sequence[Unread], tuple[str, ...]]
else:
    rows_of = late("pdo.ingest.rows_of")  # most examples have no file, and reading loads a lot


def try_playbooks(folder: Path | None, paths: tuple[Path, ...] | None, names: tuple[str, ...] = ()) -> ExampleReport:
    """Run the examples of projects.

    Args:
        folder: the project's; None looks in the current folder and above it, or in those of the paths and above them.
        paths: only the examples of these files; None for all of the project's.
        names: only examples whose name contains one of these; all where empty.

    Raises:
        UsageError: there is no project, a path does not exist, there is no example, or none of such a name.
        FindingsError: settings or playbooks have errors.
    """
    if folder is not None or paths is None:
        projects = [(folder, paths)]
    else:
        projects = [(root, inside) for root, inside in projects_of(paths)]
    opened = []
    for root, inside in projects:
        settings = open_settings(root)
        project = open_project(settings, actor="").project
        opened.append((settings, project, _in_files(project.examples, settings, inside)))
    _check_names([one.name for _, _, examples in opened for one in examples], names)
    found = [
        run_examples(project, settings, file_reader(settings), chosen=_named(examples, names))
        for settings, project, examples in opened
    ]
    return reduce(_joined, found)


def _in_files(examples: tuple[Example, ...], settings: Settings, paths: tuple[Path, ...] | None) -> tuple[Example, ...]:
    if paths is None:
        return examples
    files = {path.resolve() for path in playbook_files(settings, paths)}
    return tuple(one for one in examples if Path(one.span.source.path).resolve() in files)


def _check_names(known: Sequence[str], names: tuple[str, ...]) -> None:
    if not known:
        raise UsageError("error.no_examples")
    for name in names:
        if not any(name in one for one in known):
            raise unknown_name("example", name, tuple(known))


def _named(examples: tuple[Example, ...], names: tuple[str, ...]) -> tuple[Example, ...]:
    return tuple(one for one in examples if not names or any(name in one.name for name in names))


def _joined(one: ExampleReport, other: ExampleReport) -> ExampleReport:
    return ExampleReport(
        (*one.verdicts, *other.verdicts), (*one.coverage, *other.coverage), one.language or other.language
    )


def run_examples(
    project: Project, settings: Settings, read_file: ReadFile, *, chosen: Sequence[Example] | None = None
) -> ExampleReport:
    """Run the examples of a project.

    Args:
        project: the checked playbooks.
        settings: of the project.
        read_file: reads the rows of a file, typed as an import would type them.
        chosen: those to run; all unless given.
    """
    played = [Played(one, World(number)) for number, one in enumerate(project.examples if chosen is None else chosen)]
    with open_engine() as engine:
        stage = Stage(Rehearsal(engine, project, settings), read_file)
        for turn in range(max((len(one.example.moments) for one in played), default=0)):
            stage.play([one for one in played if turn < len(one.example.moments) and not one.unread], turn)
    return ExampleReport(tuple(one.verdict() for one in played), stage.coverage.report(), settings.language)


# Files --------------------------------------------------------------------------------------------------------------------


def file_reader(settings: Settings) -> ReadFile:
    """Reads the files of examples as imports do, each once."""
    known: dict[tuple[str, str], Rows] = {}

    def read(file: ExampleFile) -> Rows:
        key = file.kind, file.path
        if key not in known:
            known[key] = _read(file, settings)
        rows, faults, unused = known[key]
        return rows, [replace(fault, span=file.span) for fault in faults], unused

    return read


def _read(file: ExampleFile, settings: Settings) -> Rows:
    try:
        found = rows_of.rows_of(settings.root / file.path, settings.kinds[file.kind], settings)
    except PdoError as error:
        return [], [Unread(file.path, None, None, error.key, error.params, file.span)], ()
    faults = [
        Unread(file.path, one.line, one.column, one.code, {"column": one.column, **one.params}, file.span)
        for one in found.faults
    ]
    return found.rows, faults, found.unused
