"""`pdo import`: files come in; every record gets one verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.imported import import_blocks, import_data
from pdo.commands.options import DryRun, Format, OutputFormat, ProjectDir, argument, option
from pdo.commands.present import Unfinished, tell
from pdo.commands.progress import progress_of
from pdo.core.errors import ExitCode, UsageError
from pdo.core.late import late
from pdo.core.wording import say
from pdo.model.settings import ImportMode

if TYPE_CHECKING:
    from pdo.api import arrivals, importing
    from pdo.core.errors import PdoError
    from pdo.model.reports import ImportReport
else:
    arrivals = late("pdo.api.arrivals")
    importing = late("pdo.api.importing")

app = single()
MAX_REJECTS = "1%"


@command(app, "import")
def import_(
    *,
    kind: Annotated[str, argument("kind", metavar="KIND")],
    files: Annotated[list[Path], argument("files", metavar="FILE")],
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
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Import the files, one transaction each, and say what became of every record."""
    desk = open_desk("import", project, output_format)
    limit = parse_limit(max_rejects)
    options = arrivals.ImportOptions(mapping, encoding, dry_run, rejects, mode, strict, allow_sensitive)
    # Files that came in before are known by their bytes; then nothing heavy is loaded.
    known = [arrivals.find_known(desk.settings, kind, path, options) for path in files]
    reports = tuple(report for report in known if report)
    failures: tuple[PdoError, ...] = ()
    if len(reports) < len(files):
        with progress_of(desk.output) as progress:
            outcome = importing.import_files(
                desk.settings, kind, tuple(files), options, now=desk.moment(), actor=desk.actor, progress=progress
            )
        reports, failures = outcome.reports, outcome.failures
    output = desk.output
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
        tell(output.say(key, limit=max_rejects))
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


def exceeds(report: ImportReport, limit: tuple[float, bool]) -> bool:
    """Whether more records of a file were rejected than the limit allows."""
    number, is_share = limit
    return report.rejected > (report.read * number / 100 if is_share else number)
