"""`pdo runs`: the history of runs, and taking one back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pdo.commands.desk import open_desk
from pdo.commands.help import command, group
from pdo.commands.options import Format, OutputFormat, ProjectDir, argument
from pdo.commands.present import local, number
from pdo.core.calendar import Moment
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import running
else:
    running = late("pdo.api.running")

app = group()
RunId = Annotated[int | None, argument("run_id", metavar="ID")]


@command(app, "undo", "help.runs.undo")
def undo(*, run_id: RunId = None, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Take a run back."""
    desk = open_desk("runs undo", project, output_format)
    done = running.undo(desk.settings, run_id, now=desk.moment(), actor=desk.actor)
    as_of = str(Moment(done.as_of, desk.settings.timezone))
    counts = {name: number(getattr(done, name)) for name in ("given", "taken", "batches", "messages")}
    said = desk.output.say("runs.undone", run_id=done.run_id, as_of=local(as_of), **counts)
    desk.output.show({"undone": {**asdict(done), "as_of": as_of}}, said)
