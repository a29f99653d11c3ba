"""`pdo imports`: the journal of what came in."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pdo.commands.desk import open_desk
from pdo.commands.help import command, group
from pdo.commands.imported import VERDICTS, reject_data, reject_line
from pdo.commands.options import Format, Limit, OutputFormat, ProjectDir, argument
from pdo.commands.present import Table, local, number
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdo.api import answering, importing
    from pdo.commands.present import Output
    from pdo.model.reports import ImportEntry
else:
    answering = late("pdo.api.answering")
    importing = late("pdo.api.importing")

app = group()


@command(app, "list", "help.imports.list")
def list_(*, limit: Limit = 20, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """List the latest imports."""
    desk = open_desk("imports list", project, output_format)
    found = answering.imports(desk.settings, limit=limit)
    none = [] if found else [desk.output.say("imports.none")]
    desk.output.show({"imports": [asdict(one) for one in found]}, _entries(found, desk.output), *none)


@command(app, "show", "help.imports.show")
def show(
    *,
    import_id: Annotated[int, argument("import_id", metavar="ID")],
    limit: Limit = 20,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Show one import with its first rejects."""
    desk = open_desk("imports show", project, output_format)
    entry, rejects = answering.import_entry(desk.settings, import_id, limit=limit)
    output = desk.output
    data = {"import": asdict(entry), "rejects": [reject_data(cell, output.language) for cell in rejects]}
    output.show(data, _entries([entry], output), *(reject_line(cell, entry.path, output) for cell in rejects))


@command(app, "undo", "help.imports.undo")
def undo(
    *,
    import_id: Annotated[int, argument("import_id", metavar="ID")],
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Take one import back."""
    desk = open_desk("imports undo", project, output_format)
    done = importing.take_back(desk.settings, import_id, now=desk.moment(), actor=desk.actor)
    said = desk.output.say(
        "imports.undone",
        import_id=done.import_id,
        kind=done.kind,
        path=done.path,
        removed=number(sum(done.removed.values())),
        restored=number(done.restored),
    )
    desk.output.show({"undone": asdict(done)}, said)


def _entries(found: Sequence[ImportEntry], output: Output) -> Table:
    rows = [
        (
            str(one.import_id),
            local(one.started_at),
            one.kind,
            one.path if one.undone_at is None else output.say("imports.is_undone", path=one.path),
            *(number(getattr(one, verdict)) for verdict in VERDICTS),
            one.actor,
        )
        for one in found
    ]
    names = ("import_id", "started_at", "kind", "file", *VERDICTS, "actor")
    return Table(output.headings(*names), rows, frozenset({0, *range(4, 11)}))
