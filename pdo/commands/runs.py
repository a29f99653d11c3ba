"""`pdo runs`: the history of runs, and taking one back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pdo.commands.desk import open_desk
from pdo.commands.help import command, group
from pdo.commands.options import Format, Limit, OutputFormat, ProjectDir, argument
from pdo.commands.present import Table, local, number
from pdo.core.calendar import Moment
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdo.api import history, running
    from pdo.commands.present import Output
    from pdo.model.runs import RunEntry, RunStep
else:
    history = late("pdo.api.history")
    running = late("pdo.api.running")

app = group()
RunId = Annotated[int | None, argument("run_id", metavar="ID")]


@command(app, "list", "help.runs.list")
def list_(*, limit: Limit = 20, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """List the latest runs."""
    desk = open_desk("runs list", project, output_format)
    found = history.runs(desk.settings, limit=limit)
    none = [] if found else [desk.output.say("runs.none")]
    desk.output.show({"runs": [_data(one) for one in found]}, _entries(found, desk.output), *none)


@command(app, "show", "help.runs.show")
def show(*, run_id: RunId = None, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Show what one run changed."""
    desk = open_desk("runs show", project, output_format)
    output = desk.output
    found = history.one_run(desk.settings, run_id)
    data = {**_data(found), "steps": _steps_data(found.steps)}
    lines: list[str | Table] = [_entries([found], output), _steps(found.steps, output)]
    if found.override is not None:
        lines.append(output.say("run.overridden", reason=found.override))
        lines += [f"- {output.say(key, **params)}" for key, params in found.stops]
    output.show({"run": data}, *lines)


@command(app, "diff", "help.runs.diff")
def diff(
    *,
    before: Annotated[int, argument("run_before", metavar="ID")],
    after: Annotated[int, argument("run_after", metavar="ID")],
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Compare how things stood after two runs."""
    desk = open_desk("runs diff", project, output_format)
    found = history.difference(desk.settings, before, after)
    none = [] if found else [desk.output.say("runs.same", before=before, after=after)]
    data = {"before": before, "after": after, "steps": _steps_data(found)}
    desk.output.show(data, _steps(found, desk.output), *none)


@command(app, "undo", "help.runs.undo")
def undo(*, run_id: RunId = None, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Take a run back."""
    desk = open_desk("runs undo", project, output_format)
    done = running.undo(desk.settings, run_id, now=desk.moment(), actor=desk.actor)
    as_of = str(Moment(done.as_of, desk.settings.timezone))
    counts = {name: number(getattr(done, name)) for name in ("given", "taken", "batches", "messages")}
    said = desk.output.say("runs.undone", run_id=done.run_id, as_of=local(as_of), **counts)
    desk.output.show({"undone": {**asdict(done), "as_of": as_of}}, said)


def _data(found: RunEntry) -> dict[str, object]:
    names = ("run_id", "as_of", "started_at", "actor", "changes", "override", "undone_at", "undone_by")
    return {**{name: getattr(found, name) for name in names}, "playbooks": dict(found.playbooks)}


def _steps_data(steps: Sequence[RunStep]) -> list[dict[str, object]]:
    return [{**asdict(step), "sample": list(step.sample)} for step in steps]


def _entries(found: Sequence[RunEntry], output: Output) -> Table:
    rows = [
        (
            str(one.run_id),
            local(one.as_of),
            local(one.started_at),
            ", ".join(one.playbooks),
            number(one.changes),
            one.actor,
            output.say("runs.is_undone", at=local(one.undone_at)) if one.undone_at else one.override or "",
        )
        for one in found
    ]
    names = ("run_id", "as_of", "started_at", "playbooks", "changes", "actor", "remark")
    return Table(output.headings(*names), rows, frozenset({0, 4}))


def _steps(steps: Sequence[RunStep], output: Output) -> Table:
    """What was gained and lost; what merely ran out of time is no change of its own."""
    rows = [
        (
            output.say(f"heading.{step.kind}"),
            f"{step.scope}/{step.name}" if step.scope else step.name,
            output.say(f"change.{step.change}"),
            number(step.count),
            ", ".join(step.sample) + (" …" if step.sample and step.count > len(step.sample) else ""),
        )
        for step in steps
        if step.kind not in ("expired", "journey")
    ]
    names = ("label_kind", "label", "change", "customers", "sample")
    return Table(output.headings(*names), rows, frozenset({3}))
