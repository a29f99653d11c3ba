"""`pdo nightly`: inbox, run, batches, sheets and report under one hold of the store, and the heartbeat around them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.log import log_line
from pdo.commands.options import AsOf, Format, Memory, OutputFormat, OverrideGuard, ProjectDir, option
from pdo.commands.present import Unfinished, number, tell
from pdo.core.errors import ExitCode, PdoError, StoppedError
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.api import nightly as nights
    from pdo.api.nightly import NightReport
    from pdo.commands.desk import Desk
    from pdo.commands.present import Output
    from pdo.deliver import heartbeat
else:
    nights = late("pdo.api.nightly")
    heartbeat = late("pdo.deliver.heartbeat")

app = single()


class NightStep(StrEnum):
    """The steps of `NIGHTLY_STEPS`."""

    INBOX = "inbox"
    RUN = "run"
    BATCHES = "batches"
    SHEETS = "sheets"
    REPORT = "report"


@command(app, "nightly")
def nightly(
    *,
    from_step: Annotated[NightStep | None, option("--from-step", key="from_step", metavar="STEP")] = None,
    as_of: AsOf = None,
    override_guard: OverrideGuard = "",
    memory: Memory = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Do the steps that `pdo.yaml` names."""
    desk = open_desk("nightly", project, output_format, memory=memory)
    run_key = str(uuid4())
    _beat(desk, "start", run_key)
    try:
        report = _night(desk, from_step, as_of, override_guard.strip())
    except PdoError as error:
        _beat(desk, str(_code_of(error)), run_key)
        raise
    except Exception:
        _beat(desk, str(int(ExitCode.BUG)), run_key)
        raise
    code = _code(report)
    _beat(desk, str(int(code)), run_key)
    _show(report, desk.output)
    if code:
        raise typer.Exit(code)


def _night(desk: Desk, from_step: NightStep | None, as_of: str | None, override: str) -> NightReport:
    night = nights.Night(desk.project(), desk.moment(as_of), desk.moment(), override)
    steps = nights.steps_from(desk.settings.nightly, None if from_step is None else from_step.value)

    def note(step: str, counts: Mapping[str, int]) -> None:
        log_line("step", step=step, **counts)

    return nights.run_night(night, steps, note)


def _beat(desk: Desk, said: str, run_key: str) -> None:
    """Tell the heartbeat; that it cannot be told fails no night."""
    wrong = heartbeat.tell_heartbeat(desk.settings.heartbeat, said, run_key) if desk.settings.heartbeat else ""
    if wrong:
        log_line("heartbeat", error=wrong)
        tell(desk.output.say("nightly.no_heartbeat", reason=wrong))


def _code(report: NightReport) -> int:
    if report.error is not None:
        return _code_of(report.error)
    return int(ExitCode.PARTIAL if report.is_partial else ExitCode.DONE)


def _code_of(error: PdoError) -> int:
    return 128 + error.signal_number if isinstance(error, StoppedError) else int(error.exit_code)


def _show(report: NightReport, output: Output) -> None:
    data: dict[str, object] = {
        "folder": str(report.folder),
        "steps": [{"step": step, **counts} for step, counts in report.steps.items()],
        "failed_step": report.failed_step or None,
    }
    lines = [
        output.say(f"nightly.{step}", **{name: number(count) for name, count in counts.items()})
        for step, counts in report.steps.items()
        if step != "inbox" or counts["files"] or counts.get("failed")
    ]
    if report.error is not None:
        lines.append(output.say("nightly.failed", step=report.failed_step))
        raise Unfinished(report.error, data, tuple(lines))
    lines.append(output.say("nightly.done", steps=len(report.steps), folder=report.folder))
    output.show(data, *lines, status="partial" if report.is_partial else "ok")
