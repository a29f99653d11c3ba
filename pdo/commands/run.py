"""`pdo run`: apply what the playbooks say, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pdo.commands.changes import plan_blocks, plan_data, run_summary
from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.options import AsOf, Format, Memory, OutputFormat, OverrideGuard, Playbook, ProjectDir, option
from pdo.commands.present import Table, Unfinished, local, number
from pdo.core.errors import PdoError, UsageError
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdo.api import history, planfile, runs
    from pdo.commands.desk import Desk
    from pdo.commands.present import Output
    from pdo.model.reports import Plan
else:
    history = late("pdo.api.history")
    planfile = late("pdo.api.planfile")
    runs = late("pdo.api.runs")

app = single()


@command(app, "run")
def run(
    *,
    as_of: AsOf = None,
    playbook: Playbook = "",
    plan: Annotated[Path | None, option("--plan", key="plan", metavar="FILE")] = None,
    override_guard: OverrideGuard = "",
    first: Annotated[str | None, option("--from", key="from", metavar="DATE")] = None,
    last: Annotated[str | None, option("--to", key="to", metavar="DATE")] = None,
    memory: Memory = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Run and show."""
    desk = open_desk("run", project, output_format, memory=memory)
    if plan is not None and (as_of or playbook or first or last):
        raise UsageError("error.plan_options")
    if first or last:
        _walk(desk, first, last, as_of=as_of, playbook=playbook, override=override_guard.strip())
        return
    output = desk.output
    planned = planfile.read_plan(plan, desk.settings.timezone) if plan is not None else None
    found = runs.run(
        desk.project(),
        as_of=desk.moment(as_of),
        now=desk.moment(),
        playbook=playbook,
        planned=planned,
        override=override_guard.strip(),
    )
    passed = [output.say("run.overridden", reason=override_guard.strip())] if found.stops else []
    output.show(
        plan_data(found, output.language), *plan_blocks(found, output), *passed, summary=run_summary(found, output)
    )


def _walk(desk: Desk, first: str | None, last: str | None, *, as_of: str | None, playbook: str, override: str) -> None:
    """Run day after day and show a line a day; what ends it leaves the days before it."""
    if not first or not last or as_of:
        raise UsageError("error.walk_options")
    days = history.days_between(desk.moment(first), desk.moment(last))
    found: list[Plan] = []
    try:
        for one in history.walk(desk.project(), days, now=desk.moment(), playbook=playbook, override=override):
            found.append(one)  # noqa: PERF402  (what ends it leaves the days before)
    except PdoError as error:
        if not found:
            raise
        raise Unfinished(error, _days_data(found), tuple(_days(found, desk.output))) from error
    desk.output.show(_days_data(found), *_days(found, desk.output))


def _days_data(found: Sequence[Plan]) -> dict[str, object]:
    days = [{"as_of": str(one.as_of), "run_id": one.run_id, "total_changes": one.total_changes} for one in found]
    return {"total_changes": sum(one.total_changes for one in found), "days": days}


def _days(found: Sequence[Plan], output: Output) -> Iterator[str | Table]:
    rows = [(str(one.run_id), local(str(one.as_of)), number(one.total_changes)) for one in found]
    yield Table(output.headings("run_id", "as_of", "changes"), rows, frozenset({0, 2}))
    yield output.say("run.walked", days=len(found), changes=number(sum(one.total_changes for one in found)))
