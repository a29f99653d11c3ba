"""`pdo test`: the examples of playbooks are run. Opens no store."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.options import AsOf, Format, ProjectDir, argument, option
from pdo.commands.present import output_of
from pdo.commands.speech import speak
from pdo.core.errors import ExitCode, FindingsError, UsageError
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.api import checking, recording, testing
    from pdo.commands import formats, tested
    from pdo.commands.present import Output, Table
    from pdo.model.verdicts import ExampleReport
else:
    checking = late("pdo.api.checking")
    recording = late("pdo.api.recording")
    testing = late("pdo.api.testing")
    formats = late("pdo.commands.formats")
    tested = late("pdo.commands.tested")

app = single()
ALL = 100


class TestFormat(StrEnum):
    """How the result is printed."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"


@command(app, "test")
def try_examples(
    *,
    paths: Annotated[list[Path] | None, argument("examples", metavar="PATH")] = None,
    run: Annotated[list[str] | None, option("--run", key="run_name", metavar="NAME")] = None,
    show_messages: Annotated[bool, option("--show-messages", key="show_messages")] = False,
    coverage: Annotated[bool, option("--coverage", key="coverage")] = False,
    min_coverage: Annotated[int | None, option("--min-coverage", key="min_coverage", metavar="PERCENT")] = None,
    recorded: Annotated[list[str] | None, option("--record", key="record", metavar="CUSTOMER")] = None,
    output: Annotated[Path | None, option("--output", key="record_output", metavar="FILE")] = None,
    as_of: AsOf = None,
    project: ProjectDir = None,
    output_format: Annotated[TestFormat, option("--format", key="test_format", metavar="FORMAT")] = TestFormat.TEXT,
) -> None:
    """Run and print what differs; it is the result, so it goes to standard output."""
    if recorded:
        _record([*recorded, *map(str, paths or ())], output, as_of, project)
        return
    if output is not None or as_of is not None:
        raise UsageError("error.record_only")
    if min_coverage is not None and not 0 <= min_coverage <= ALL:
        raise UsageError("error.min_coverage")
    try:
        report = testing.try_playbooks(project, tuple(paths) if paths else None, tuple(run or ()))
    except FindingsError as found:
        if output_format is not TestFormat.JUNIT:
            raise
        _show_findings(found)
        raise typer.Exit(ExitCode.FINDINGS) from None
    speak(report.language)
    printed = output_of("test", Format.JSON if output_format is TestFormat.JSON else Format.TEXT)
    failed = report.failed > 0 or (min_coverage is not None and report.share_covered < min_coverage)
    if printed.is_json:
        printed.show(tested.report_data(report, printed), status="findings" if failed else "ok")
    elif output_format is TestFormat.JUNIT:
        printed.show({}, tested.junit(report, printed))
    else:
        printed.show({}, *_blocks(report, printed, messages=show_messages, coverage=coverage, least=min_coverage))
    if failed:
        raise typer.Exit(ExitCode.FINDINGS)


def _blocks(
    report: ExampleReport, output: Output, *, messages: bool, coverage: bool, least: int | None
) -> Iterator[str | Table]:
    for verdict in report.verdicts:
        yield from tested.verdict_lines(verdict, output, messages=messages)
    enough = least is None or report.share_covered >= least
    if coverage or not enough:
        yield from tested.coverage_blocks(report, output)
    yield tested.summary(report, output)
    if coverage or least is not None:
        yield tested.coverage_words(report, output, least)


def _record(customers: list[str], target: Path | None, as_of: str | None, folder: Path | None) -> None:
    """Write an example from the store, to a file or to standard output."""
    desk = open_desk("test", folder, Format.TEXT)
    text = recording.record(desk.project(), customers, desk.moment(as_of))
    if target is None:
        desk.output.show({}, text.rstrip("\n"))
        return
    recording.append(target, text)
    desk.output.show({}, desk.output.say("test.recorded", path=target))


def _show_findings(found: FindingsError) -> None:
    """Playbooks that cannot be read, as a report that CI can."""
    output = output_of("test", Format.TEXT)
    report = checking.CheckReport((), found.diagnostics, output.language)
    output.show({}, formats.junit(report, output.language, strict=False))
