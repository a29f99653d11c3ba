"""`pdo run`: apply what the playbooks say, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pdo.commands.changes import plan_blocks, plan_data
from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.options import AsOf, Format, OutputFormat, Playbook, ProjectDir, option
from pdo.core.errors import UsageError
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import planfile, running
else:
    planfile = late("pdo.api.planfile")
    running = late("pdo.api.running")

app = single()


@command(app, "run")
def run(
    *,
    as_of: AsOf = None,
    playbook: Playbook = "",
    plan: Annotated[Path | None, option("--plan", key="plan", metavar="FILE")] = None,
    override_guard: Annotated[str, option("--override-guard", key="override_guard", metavar="REASON")] = "",
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Run and show."""
    desk = open_desk("run", project, output_format)
    if plan is not None and (as_of or playbook):
        raise UsageError("error.plan_options")
    output = desk.output
    planned = planfile.read_plan(plan, desk.settings.timezone) if plan is not None else None
    found = running.run(
        desk.project(),
        as_of=desk.moment(as_of),
        now=desk.moment(),
        playbook=playbook,
        planned=planned,
        override=override_guard.strip(),
    )
    passed = [output.say("run.overridden", reason=override_guard.strip())] if found.stops else []
    output.show(plan_data(found, output.language), *plan_blocks(found, output), *passed)
