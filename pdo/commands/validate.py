"""`pdo validate`: everything that is wrong in the playbooks, at once. Needs neither database nor engine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pdo.api.checking import CheckReport, check
from pdo.commands.frame import as_json, concise, render_frame
from pdo.commands.help import command, single
from pdo.commands.options import CheckFormat, Format, ProjectDir, argument, option
from pdo.commands.present import Output, output_of, wants_color
from pdo.commands.speech import speak
from pdo.core.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.core.diagnostics import Diagnostic

app = single()


@command(app, "validate")
def validate(
    *,
    paths: Annotated[list[Path] | None, argument("playbooks", metavar="PATH")] = None,
    project: ProjectDir = None,
    output_format: Annotated[
        CheckFormat, option("--format", key="check_format", metavar="text|concise|json")
    ] = CheckFormat.TEXT,
    strict: Annotated[bool, option("--strict", key="strict")] = False,
) -> None:
    """Check and print findings; they are the result, so they go to standard output."""
    report = check(project, tuple(paths) if paths else None)
    if report.language is not None:
        speak(report.language)
    failed = report.error_count > 0 or (strict and bool(report.diagnostics))
    output = output_of("validate", Format.JSON if output_format is CheckFormat.JSON else Format.TEXT)
    output.show(
        {"files": report.file_count, "errors": report.error_count, "warnings": report.other_count},
        *_lines(report, output, is_concise=output_format is CheckFormat.CONCISE),
        status="findings" if failed else "ok",
        diagnostics=[as_json(found, output.language) for found in report.diagnostics],
    )
    if failed:
        raise typer.Exit(ExitCode.FINDINGS)


def _lines(report: CheckReport, output: Output, *, is_concise: bool) -> Iterator[str]:
    color = wants_color(sys.stdout)

    def shown(found: Diagnostic) -> str:
        if is_concise:
            return concise(found, output.language)
        return render_frame(found, output.language, color=color)

    yield from (shown(found) for found in report.diagnostics)
    key = "validate.found" if report.diagnostics else "validate.clean"
    yield output.say(key, files=report.file_count, errors=report.error_count, warnings=report.other_count)
