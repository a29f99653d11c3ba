"""`pdo doctor`: what is wrong with a set-up, and what to do about it."""

from __future__ import annotations

import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pdo.commands.help import command, single
from pdo.commands.options import Format, OutputFormat, ProjectDir
from pdo.commands.present import output_of
from pdo.commands.speech import speak
from pdo.core.errors import ExitCode, UsageError
from pdo.core.late import late
from pdo.core.wording import hint_of

if TYPE_CHECKING:
    from pdo.api import checking
    from pdo.api import doctor as doctors
    from pdo.api.doctor import Surroundings
else:
    checking = late("pdo.api.checking")
    doctors = late("pdo.api.doctor")

app = single()
CRON_PATH = "/usr/bin:/bin"
"""Where cron looks for programs unless it is told otherwise."""


@command(app, "doctor")
def doctor(*, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Look at everything and say it in plain words."""
    with suppress(UsageError):  # that there is no project is told below
        speak(checking.language_at(project))
    output = output_of("doctor", output_format)
    found = doctors.examine(project, _surroundings())
    checks, lines = [], []
    for one in found:
        message = output.say(one.key, **one.params)
        hint = hint_of(one.key, output.language, **one.params)
        checks.append({"code": one.key, "level": one.level, "message": message, "hint": hint or None})
        lines.append(output.say(f"doctor.level.{one.level}", message=message))
        if hint and one.level != "ok":
            lines.append(output.say("doctor.hint", hint=hint))
    errors = sum(one.level == "error" for one in found)
    lines.append(output.say("doctor.unwell" if errors else "doctor.well", count=errors))
    output.show({"checks": checks}, *lines, status="findings" if errors else "ok")
    if errors:
        raise typer.Exit(ExitCode.FINDINGS)


def _surroundings() -> Surroundings:
    program = shutil.which(sys.argv[0]) or ""
    return doctors.Surroundings(
        now=int(time.time()),
        encoding=sys.stdout.encoding or "ascii",
        machine_offset=time.localtime().tm_gmtoff,
        program=str(Path(program).resolve()) if program else "",
        is_on_cron_path=shutil.which("pdo", path=CRON_PATH) is not None,
    )
