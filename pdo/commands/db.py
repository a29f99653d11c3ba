"""`pdo db`: care of the database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pdo.commands.desk import open_desk
from pdo.commands.help import command, group
from pdo.commands.options import Format, OutputFormat, ProjectDir, option
from pdo.commands.present import Table, number, writing
from pdo.core.errors import ExitCode, UsageError
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import keeping
else:
    keeping = late("pdo.api.keeping")

app = group()


@command(app, "upgrade", "help.db.upgrade")
def upgrade(*, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Bring the database to this program's schema."""
    desk = open_desk("db upgrade", project, output_format)
    before, after = keeping.upgrade(desk.settings)
    key = "db.current" if before == after else "db.upgraded"
    desk.output.show({"before": before, "after": after}, desk.output.say(key, before=before, after=after))


@command(app, "check", "help.db.check")
def check(*, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Look the whole store through."""
    desk = open_desk("db check", project, output_format)
    output = desk.output
    report = keeping.check_store(desk.settings)
    unsound = [
        {"code": found.key, "severity": "error", "message": output.say(found.key, **found.params)}
        for found in report.unsound
    ]
    rows = [(name, number(count)) for name, count in report.rows.items()]
    output.show(
        {"schema": report.version, "rows": dict(report.rows), "unsound": unsound},
        Table(output.headings("table", "rows"), rows, frozenset({1})),
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
