"""`pdo db`: care of the database."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pdo.commands.desk import open_desk
from pdo.commands.exported import shown
from pdo.commands.help import command, group
from pdo.commands.options import DryRun, Format, Limit, OutputFormat, ProjectDir, argument, option
from pdo.commands.present import Table, local, number, writing
from pdo.core.calendar import Moment
from pdo.core.errors import ExitCode, UsageError
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.api import keeping, rights
else:
    keeping = late("pdo.api.keeping")
    rights = late("pdo.api.rights")

app = group()


@command(app, "upgrade", "help.db.upgrade")
def upgrade(*, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Bring the database to this program's schema."""
    desk = open_desk("db upgrade", project, output_format)
    before, after = keeping.upgrade(desk.settings)
    key = "db.current" if before == after else "db.upgraded"
    desk.output.show({"before": before, "after": after}, desk.output.say(key, before=before, after=after))


@command(app, "check", "help.db.check")
def check(
    *,
    repair: Annotated[bool, option("--repair", key="repair")] = False,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Look the whole store through."""
    desk = open_desk("db check", project, output_format)
    output = desk.output
    mended = keeping.repair_store(desk.settings) if repair else ()
    report = keeping.check_store(desk.settings)
    unsound = [
        {"code": found.key, "severity": "error", "message": output.say(found.key, **found.params)}
        for found in report.unsound
    ]
    rows = [(name, number(count)) for name, count in report.rows.items()]
    output.show(
        {"schema": report.version, "rows": dict(report.rows), "unsound": unsound, "mended": list(mended)},
        Table(output.headings("table", "rows"), rows, frozenset({1})),
        *map(output.say, mended),
        *(str(found["message"]) for found in unsound),
        output.say("db.unsound" if unsound else "db.sound", count=len(unsound)),
        status="findings" if unsound else "ok",
    )
    if unsound:
        raise typer.Exit(ExitCode.FINDINGS)


@command(app, "dump", "help.db.dump")
def dump(
    *,
    state: Annotated[bool, option("--state", key="state")] = False,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Print the store as text, a JSON object a line."""
    desk = open_desk("db dump", project, output_format)
    if not state:
        raise UsageError("error.dump_state")
    with writing(sys.stdout) as stream:
        for line in keeping.dump_state(desk.settings):
            stream.write(f"{line}\n")


@command(app, "backup", "help.db.backup")
def backup(
    *,
    folder: Annotated[Path | None, option("--to", key="backup_folder", metavar="DIR")] = None,
    keep: Annotated[int | None, option("--keep", key="keep", metavar="N")] = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Copy the database, and try the copy."""
    desk = open_desk("db backup", project, output_format)
    entry, gone = keeping.back_up(desk.settings, folder, keep=keep, now=desk.moment())
    output = desk.output
    data = {
        "path": str(entry.path),
        "schema": entry.version,
        "rows": dict(entry.rows),
        "bytes": entry.size,
        "removed": [str(path) for path in gone],
    }
    said = output.say("backup.done", path=shown(entry.path), **_known(entry.rows))
    output.show(data, said, *(output.say("backup.gone", path=shown(path)) for path in gone))


@command(app, "restore", "help.db.restore")
def restore(
    *,
    source: Annotated[Path, argument("backup", metavar="FILE")],
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Put a copy in the place of the database."""
    desk = open_desk("db restore", project, output_format)
    entry, aside, again = keeping.restore(desk.settings, source, now=desk.moment(), actor=desk.actor)
    output = desk.output
    data = {
        "path": str(entry.path),
        "schema": entry.version,
        "rows": dict(entry.rows),
        "replaced": None if aside is None else str(aside),
        "erased_again": again,
    }
    lines = [output.say("restore.done", path=shown(entry.path), **_known(entry.rows))]
    if aside is not None:
        lines.append(output.say("restore.aside", path=shown(aside)))
    if again:
        lines.append(output.say("restore.again", count=number(again)))
    output.show(data, *lines)


@command(app, "purge", "help.db.purge")
def purge(*, dry_run: DryRun = False, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Erase customers of whom nothing was heard."""
    desk = open_desk("db purge", project, output_format)
    done = keeping.purge(desk.settings, dry_run=dry_run, now=desk.moment(), actor=desk.actor)
    before = str(Moment(done.before, desk.settings.timezone))
    data = {"dry_run": dry_run, "before": before, "customers": done.customers, "rows": dict(done.rows)}
    key, rows = "purge.dry" if dry_run else "purge.done", number(sum(done.rows.values()))
    desk.output.show(data, desk.output.say(key, count=number(done.customers), before=local(before), rows=rows))


@command(app, "log", "help.db.log")
def log(*, limit: Limit = 20, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """List uses of personal data."""
    desk = open_desk("db log", project, output_format)
    output = desk.output
    found = rights.processing_log(desk.settings, limit=limit)
    rows = [
        (local(one.at), one.actor, output.say(f"processing.{one.action}"), number(one.rows), one.detail)
        for one in found
    ]
    table = Table(output.headings("at", "actor", "action", "rows", "detail"), rows, frozenset({3}))
    output.show({"log": [asdict(one) for one in found]}, table, *([] if rows else [output.say("processing.none")]))


def _known(rows: Mapping[str, int]) -> dict[str, str]:
    return {"customers": number(rows["customer"]), "orders": number(rows["sales_order"])}
