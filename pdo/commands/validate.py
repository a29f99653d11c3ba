"""`pdo validate`: everything that is wrong in the playbooks, at once. Needs neither database nor engine."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pdo.api.checking import CheckReport, Chosen, check
from pdo.commands.frame import as_json, concise, render_frame
from pdo.commands.help import command, single
from pdo.commands.options import CheckFormat, Format, ProjectDir, argument, option
from pdo.commands.present import Output, output_of, wants_color, writing
from pdo.commands.speech import speak
from pdo.core.errors import ExitCode
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.commands import formats
else:
    formats = late("pdo.commands.formats")

app = single()


@command(app, "validate")
def validate(
    *,
    paths: Annotated[list[Path] | None, argument("playbooks", metavar="PATH")] = None,
    project: ProjectDir = None,
    output_format: Annotated[CheckFormat, option("--format", key="check_format", metavar="FORMAT")] = CheckFormat.TEXT,
    select: Annotated[list[str] | None, option("--select", key="select", metavar="CODE")] = None,
    ignore: Annotated[list[str] | None, option("--ignore", key="ignore", metavar="CODE")] = None,
    strict: Annotated[bool, option("--strict", key="strict")] = False,
) -> None:
    """Check and print findings; they are the result, so they go to standard output."""
    report = check(project, tuple(paths) if paths else None, Chosen(_prefixes(select), _prefixes(ignore)))
    if report.language is not None:
        speak(report.language)
    failed = report.error_count > 0 or (strict and bool(report.diagnostics))
    output = output_of("validate", Format.JSON if output_format is CheckFormat.JSON else Format.TEXT)
    if output.is_json:
        _show_json(report, output, failed=failed)
    else:
        with writing(sys.stdout) as stream:
            stream.writelines(f"{line}\n" for line in _lines(report, output, output_format, strict=strict))
    if failed:
        raise typer.Exit(ExitCode.FINDINGS)


def _prefixes(said: list[str] | None) -> tuple[str, ...]:
    """`--select PB2,PB301 --select PB9`."""
    return tuple(word.upper() for text in said or () for word in re.split(r"[\s,，]+", text.strip()))


def _show_json(report: CheckReport, output: Output, *, failed: bool) -> None:
    data = {
        "files": report.file_count,
        "errors": report.error_count,
        "warnings": report.other_count,
        "silenced": len(report.silenced),
        "hidden": report.hidden_count,
    }
    found = [as_json(each, output.language) for each in report.diagnostics]
    output.show(data, status="findings" if failed else "ok", diagnostics=found)


def _lines(report: CheckReport, output: Output, output_format: CheckFormat, *, strict: bool) -> Iterator[str]:
    language = output.language
    match output_format:
        case CheckFormat.SARIF:
            yield formats.sarif(report, language)
        case CheckFormat.GITLAB:
            yield formats.gitlab(report, language)
        case CheckFormat.JUNIT:
            yield formats.junit(report, language, strict=strict)
        case CheckFormat.GITHUB:
            yield from formats.github(report, language)
            yield _summary(report, output)
        case CheckFormat.CONCISE:
            yield from (concise(found, language) for found in report.diagnostics)
            yield _summary(report, output)
        case _:
            color = wants_color(sys.stdout)
            yield from (render_frame(found, language, color=color) for found in report.diagnostics)
            yield _summary(report, output)


def _summary(report: CheckReport, output: Output) -> str:
    key = "validate.found" if report.diagnostics else "validate.clean"
    said = output.say(key, files=report.file_count, errors=report.error_count, warnings=report.other_count)
    left_out = ((len(report.silenced), "validate.silenced"), (report.hidden_count, "validate.hidden"))
    return said + "".join(output.say(key, count=count) for count, key in left_out if count)
