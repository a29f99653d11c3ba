"""`pdo fmt`: the keys of a project's files in Chinese or in English. Needs neither database nor engine."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pdo.api.formatting import FormatReport, format_files
from pdo.commands.frame import as_json, render_frame
from pdo.commands.help import command, single
from pdo.commands.options import Format, OutputFormat, ProjectDir, argument, option
from pdo.commands.present import Output, Table, output_of, wants_color
from pdo.commands.speech import speak
from pdo.core.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.core.wording import Language

app = single()
_SAID = {"zh": "fmt.zh", "en": "fmt.en", "mixed": "fmt.mixed", None: "fmt.none"}


class KeyLanguage(StrEnum):
    """The language of keys."""

    ZH = "zh"
    EN = "en"


@command(app, "fmt")
def fmt(
    *,
    paths: Annotated[list[Path] | None, argument("formatted", metavar="PATH")] = None,
    lang: Annotated[KeyLanguage | None, option("--lang", key="lang", metavar="zh|en")] = None,
    check: Annotated[bool, option("--check", key="fmt_check")] = False,
    diff: Annotated[bool, option("--diff", key="diff")] = False,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Write the keys anew, or say what would be written; without a language, say which one each file has."""
    language: Language | None = None if lang is None else ("zh" if lang is KeyLanguage.ZH else "en")
    write = language is not None and not check and not diff
    report = format_files(project, tuple(paths) if paths else None, language, write=write)
    if report.language is not None:
        speak(report.language)
    changed = [found for found in report.files if found.keys]
    failed = bool(report.refused) or (check and bool(changed))
    failed = failed or (lang is None and any(found.is_mixed for found in report.files))
    output = output_of("fmt", output_format)
    blocks = _languages(report, output) if lang is None else _changes(report, output, is_written=write, is_diff=diff)
    output.show(
        _data(report, language, is_written=write),
        *(render_frame(found, output.language, color=wants_color(sys.stdout)) for found in report.diagnostics),
        *blocks,
        status="findings" if failed else "ok",
        diagnostics=[as_json(found, output.language) for found in report.diagnostics],
    )
    if failed:
        raise typer.Exit(ExitCode.FINDINGS)


def _data(report: FormatReport, language: str | None, *, is_written: bool) -> dict[str, object]:
    return {
        "language": language,
        "written": is_written,
        "files": [
            {"path": found.path, "language": found.language, "mixed": found.is_mixed, "keys": found.keys}
            for found in report.files
        ],
        "refused": list(report.refused),
    }


def _languages(report: FormatReport, output: Output) -> Iterator[str | Table]:
    """Which language each file has."""
    rows = [(found.path, output.say(_SAID["mixed" if found.is_mixed else found.language])) for found in report.files]
    yield Table(output.headings("file", "keys"), rows)
    yield output.say("fmt.looked")


def _changes(report: FormatReport, output: Output, *, is_written: bool, is_diff: bool) -> Iterator[str]:
    changed = [found for found in report.files if found.keys]
    for found in changed:
        if is_diff:
            yield found.diff.removesuffix("\n")
        else:
            yield output.say("fmt.written" if is_written else "fmt.to_write", path=found.path, keys=found.keys)
    if is_diff:
        return
    params = {"changed": len(changed), "same": len(report.files) - len(changed), "refused": len(report.refused)}
    yield output.say("fmt.done" if is_written else "fmt.checked", **params)
    if report.refused:
        yield output.say("fmt.refused", paths=", ".join(report.refused))
