"""`pdo task`: what colleagues are to do (任务), and the sheets they get."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pdo.commands.desk import open_desk
from pdo.commands.exported import shown
from pdo.commands.help import command, group
from pdo.commands.options import AsOf, Format, Limit, Note, OutputFormat, ProjectDir, argument, option
from pdo.commands.present import Table, number
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdo.api import itineraries, sheets
    from pdo.api.sheets import WrittenSheet
    from pdo.commands.present import Output
    from pdo.model.reports import TaskEntry
else:
    itineraries = late("pdo.api.itineraries")
    sheets = late("pdo.api.sheets")

app = group()
Day = Annotated[str | None, option("--date", key="sheet_date", metavar="DATE")]
TaskKey = Annotated[str, argument("task", metavar="TASK")]
Result = Annotated[str, option("--result", key="task_result", metavar="TEXT")]
StaffName = Annotated[str | None, option("--staff", key="task_staff", metavar="STAFF")]
Everything = Annotated[bool, option("--all", key="task_all")]
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


@command(app, "list", "help.task.list")
def list_(
    *,
    staff: StaffName = None,
    everything: Everything = False,
    limit: Limit = 50,
    as_of: AsOf = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """What is to be done, late first."""
    desk = open_desk("task list", project, output_format)
    found = itineraries.tasks(desk.settings, staff=staff, everything=everything, limit=limit, now=desk.moment(as_of))
    output = desk.output
    none = [] if found else [output.say("task.none")]
    output.show({"tasks": [asdict(one) for one in found]}, _entries(found, output), *none)


@command(app, "done", "help.task.done")
def done(
    *,
    task: TaskKey,
    result: Result = "",
    note: Note = None,
    as_of: AsOf = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Note that a task is done."""
    desk = open_desk("task done", project, output_format)
    output = desk.output
    said = result or output.say("sheet.result.done")
    found, changed = itineraries.done(desk.settings, task, result=said, note=note, now=desk.moment(as_of))
    told = output.say("task.done" if changed else "task.was_done", task=task, result=found.result)
    output.show({"task": asdict(found), "changed": changed}, _entries((found,), output), told)


def _entries(found: Sequence[TaskEntry], output: Output) -> Table:
    rows = [
        (
            one.key,
            one.due_on,
            output.say("task.state_done" if one.state == "done" else f"task.{one.state}"),
            one.staff,
            f"{one.customer} {one.name}".strip(),
            one.source,
            one.text,
        )
        for one in found
    ]
    names = ("task", "task_due", "task_state", "guide", "journey_customer", "task_source", "task_text")
    return Table(output.headings(*names), rows)
