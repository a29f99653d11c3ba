"""`pdo task`: what colleagues are to do (任务), and the sheets they get."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pdo.commands.desk import open_desk
from pdo.commands.exported import shown
from pdo.commands.help import command, group
from pdo.commands.options import Format, OutputFormat, ProjectDir, option
from pdo.commands.present import Table, number
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdo.api import sheets
    from pdo.api.sheets import WrittenSheet
    from pdo.commands.present import Output
else:
    sheets = late("pdo.api.sheets")

app = group()
Day = Annotated[str | None, option("--date", key="sheet_date", metavar="DATE")]
Folder = Annotated[Path | None, option("--output", "-o", key="sheet_folder", metavar="DIR")]


@command(app, "export", "help.task.export")
def export(
    *, day: Day = None, output: Folder = None, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT
) -> None:
    """Write the task sheets of a day."""
    desk = open_desk("task export", project, output_format)
    wanted = None if day is None else desk.moment(day).local.date()
    report = sheets.write_sheets(desk.project(), day=wanted, output=output, now=desk.moment())
    out = desk.output
    if not report.sheets:
        out.show(asdict(report), out.say("sheet.none", day=report.day))
        return
    written = [one for one in report.sheets if not one.is_kept]
    kept = [one for one in report.sheets if one.is_kept]
    told = out.say(
        "sheet.done",
        sheets=number(len(written)),
        tasks=number(sum(one.tasks for one in written)),
        folder=shown(Path(report.folder)),
    )
    left = [out.say("sheet.kept"), *(f"  {shown(Path(one.path))}" for one in kept)] if kept else []
    out.show(asdict(report), _table(written, out), told, *left)


def _table(found: Sequence[WrittenSheet], output: Output) -> Table:
    rows = [(one.store, one.staff, number(one.tasks), number(one.late), shown(Path(one.path))) for one in found]
    return Table(output.headings("store", "guide", "tasks", "late", "file"), rows, frozenset({2, 3}))
