"""`pdo import`: files come in; every record gets one verdict."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pdo.commands.desk import Desk, open_desk
from pdo.commands.help import command, single
from pdo.commands.imported import exceeds, import_blocks, import_data
from pdo.commands.inbox import import_inbox, show_profiles
from pdo.commands.options import DryRun, Format, Memory, OutputFormat, ProjectDir, argument, option
from pdo.commands.present import Output, Unfinished, tell
from pdo.commands.progress import progress_of
from pdo.core.errors import ExitCode, UsageError
from pdo.core.late import late
from pdo.core.wording import say
from pdo.model.settings import ImportMode

if TYPE_CHECKING:
    from pdo.api import arrivals, importing
    from pdo.core.errors import PdoError
    from pdo.ingest.recognising import Recognised
    from pdo.model.reports import ImportReport
else:
    arrivals = late("pdo.api.arrivals")
    importing = late("pdo.api.importing")

app = single()
MAX_REJECTS = "1%"


@command(app, "import")
def import_(
    *,
    kind: Annotated[str | None, argument("kind", metavar="KIND")] = None,
    files: Annotated[list[Path] | None, argument("files", metavar="FILE")] = None,
    profile: Annotated[str | None, option("--profile", key="profile", metavar="NAME")] = None,
    profiles: Annotated[bool, option("--profiles", key="profiles")] = False,
    show: Annotated[bool, option("--show", key="show_profile")] = False,
    inbox: Annotated[Path | None, option("--inbox", key="inbox", metavar="DIR")] = None,
    mapping: Annotated[str | None, option("--mapping", key="mapping", metavar="NAME|FILE")] = None,
    encoding: Annotated[str | None, option("--encoding", key="encoding", metavar="NAME")] = None,
    dry_run: DryRun = False,
    rejects: Annotated[Path | None, option("--rejects", key="rejects", metavar="FILE")] = None,
    max_rejects: Annotated[str, option("--max-rejects", key="max_rejects", metavar="N|N%")] = MAX_REJECTS,
    strict: Annotated[bool, option("--strict", key="import_strict")] = False,
    mode: Annotated[
        ImportMode, option("--mode", key="import_mode", metavar="merge|replace|new-only")
    ] = ImportMode.MERGE,
    allow_sensitive: Annotated[bool, option("--allow-sensitive", key="allow_sensitive")] = False,
    memory: Memory = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Import the files, one transaction each, and say what became of every record."""
    desk = open_desk("import", project, output_format, memory=memory)
    limit = parse_limit(max_rejects)
    options = arrivals.ImportOptions(mapping, profile, encoding, dry_run, rejects, mode, strict, allow_sensitive)
    if profiles or (show and profile is not None):
        show_profiles(desk, profile if show else None)
        return
    if inbox is not None:
        if kind is not None or files or dry_run or any((mapping, profile, rejects)):
            raise UsageError("error.import_inbox_alone")
        import_inbox(desk, inbox, options, limit, max_rejects)
        return
    if kind is None or not files:
        raise UsageError("error.import_what")
    # Files that came in before are known by their bytes; then nothing heavy is loaded.
    known = [arrivals.find_known(desk.settings, kind, path, options) for path in files]
    reports = tuple(report for report in known if report)
    failures: tuple[PdoError, ...] = ()
    if len(reports) < len(files):
        with progress_of(desk.output) as progress:
            outcome = importing.import_files(
                desk.settings,
                kind,
                tuple(files),
                options,
                now=desk.moment(),
                actor=desk.actor,
                progress=progress,
                recognised=partial(tell_recognised, desk),
            )
        reports, failures = outcome.reports, outcome.failures
    present_import(desk.output, reports, failures, dry_run=dry_run, strict=strict, limit=limit, said=max_rejects)


def tell_recognised(desk: Desk, path: Path, found: Recognised) -> None:
    """Say what a file is taken for, before it is used."""
    kinds = ", ".join(kind for kind, _ in found.parts)
    tell(
        desk.output.say(
            "import.recognised", path=path, label=found.label, profile=found.profile or "pdo.yaml", kinds=kinds
        )
    )


def present_import(
    output: Output,
    reports: tuple[ImportReport, ...],
    failures: tuple[PdoError, ...],
    *,
    dry_run: bool,
    strict: bool,
    limit: tuple[float, bool],
    said: str,
) -> None:
    """Show what became of files, and end as the exit codes say."""
    data = import_data(reports, failures, dry_run=dry_run, language=output.language)
    blocks = tuple(import_blocks(reports, output, dry_run=dry_run))
    if failures:
        for failure in failures[:-1]:
            tell(output.say("import.failed", reason=say(failure.key, output.language, **failure.params)))
        raise Unfinished(failures[-1], data, blocks)
    too_many = any(report.rejected > 0 if strict else exceeds(report, limit) for report in reports)
    output.show(data, *blocks, status="partial" if too_many else "ok")
    if too_many:
        key = "import.held" if strict else "import.too_many_dry" if dry_run else "import.too_many"
        tell(output.say(key, limit=said))
        raise typer.Exit(ExitCode.PARTIAL)


def parse_limit(text: str) -> tuple[float, bool]:
    """Read `--max-rejects`: so many rows, or a share of those read.

    Returns:
        The number, and whether it is a share in percent.

    Raises:
        UsageError: it is neither.
    """
    digits = text.strip().removesuffix("%")
    try:
        number = float(digits) if text.strip().endswith("%") else int(digits)
    except ValueError as error:
        raise UsageError("error.max_rejects", value=text) from error
    if not 0 <= number < float("inf"):
        raise UsageError("error.max_rejects", value=text)
    return number, text.strip().endswith("%")
