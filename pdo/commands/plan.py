"""`pdo plan`: what a run would change. Writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pdo.commands.changes import plan_blocks, plan_data
from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.options import AsOf, Format, Memory, OutputFormat, Playbook, ProjectDir, option
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import running
else:
    running = late("pdo.api.running")

app = single()


@command(app, "plan")
def plan(
    *,
    as_of: AsOf = None,
    playbook: Playbook = "",
    out: Annotated[Path | None, option("--out", key="out", metavar="FILE")] = None,
    memory: Memory = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Plan and show."""
    desk = open_desk("plan", project, output_format, memory=memory)
    output = desk.output
    found = running.plan(desk.project(), as_of=desk.moment(as_of), playbook=playbook, out=out)
    kept = [output.say("plan.kept", path=out)] if out is not None else []
    output.show(plan_data(found, output.language), *plan_blocks(found, output), *kept)
