"""`pdo segment`: lists of customers (人群), as of the last run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pdo.commands.desk import open_desk
from pdo.commands.exported import file_type_of, show_export
from pdo.commands.held import show_counts
from pdo.commands.help import command, group
from pdo.commands.options import (
    At,
    ExportedAs,
    ExportProfileName,
    Format,
    Limit,
    Memory,
    OutputFile,
    OutputFormat,
    ProjectDir,
    argument,
)
from pdo.commands.present import Table, field_label, local, number
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import answering, history, sending
    from pdo.commands.present import Output
else:
    answering = late("pdo.api.answering")
    history = late("pdo.api.history")
    sending = late("pdo.api.sending")

app = group()
SegmentName = Annotated[str, argument("segment", metavar="NAME")]


@command(app, "list", "help.segment.list")
def list_(*, at: At = None, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """List the segments with how many customers they hold."""
    desk = open_desk("segment list", project, output_format)
    past = history.read_past(at, desk.settings.timezone) if at is not None else None
    show_counts(answering.labels(desk.project(), "segment", past), "segment", desk.output)


@command(app, "show", "help.segment.show")
def show(
    *,
    name: SegmentName,
    limit: Limit = 20,
    at: At = None,
    memory: Memory = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Show the first members, now or after a run of the past."""
    desk = open_desk("segment show", project, output_format, memory=memory)
    past = history.as_of_past(desk.settings, history.read_past(at, desk.settings.timezone)) if at is not None else None
    found = sending.segment_page(desk.project(), name, limit=limit, at=past)
    data = {
        "segment": name,
        "as_of": str(found.as_of),
        "total": found.total,
        "members": [dict(zip(found.columns, row, strict=True)) for row in found.rows],
    }
    right = frozenset(index for index, column in enumerate(found.columns) if column in found.numeric)
    rows = [tuple(cell or "" for cell in row) for row in found.rows]
    title = desk.output.say("segment.title", name=name, total=number(found.total), as_of=local(str(found.as_of)))
    notes = [desk.output.say("segment.past")] if past is not None else []
    desk.output.show(data, title, *notes, Table(_headings(found.columns, desk.output), rows, right))


@command(app, "export", "help.segment.export")
def export(
    *,
    name: SegmentName,
    output: OutputFile = None,
    file_type: ExportedAs = None,
    profile: ExportProfileName = None,
    memory: Memory = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Write all members to a file."""
    desk = open_desk("segment export", project, output_format, memory=memory)
    type_ = file_type_of(output, file_type)
    report = sending.export_segment(
        desk.project(), name, output=output, file_type=type_, profile=profile, now=desk.moment()
    )
    show_export(report, desk.output)


def _headings(columns: tuple[str, ...], output: Output) -> tuple[str, ...]:
    return tuple(field_label(column, output.language) for column in columns)
