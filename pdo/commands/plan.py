"""`pdo plan`: what a run would change. Writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.commands.changes import plan_blocks, plan_data
from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.options import AsOf, Format, OutputFormat, Playbook, ProjectDir
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
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Plan and show."""
    desk = open_desk("plan", project, output_format)
    found = running.plan(desk.project(), as_of=desk.moment(as_of), playbook=playbook)
    desk.output.show(plan_data(found), *plan_blocks(found, desk.output))
