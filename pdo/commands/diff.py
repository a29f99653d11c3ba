"""`pdo diff`: what a change of playbooks means, rule by rule, for whoever reviews it. Needs neither database nor engine."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pdo.api.revisions import Difference, compare_revisions
from pdo.commands.describe import as_data, spoken_in
from pdo.commands.help import command, single
from pdo.commands.options import Format, ProjectDir, argument, option
from pdo.commands.present import Output, output_of
from pdo.core.errors import ExitCode
from pdo.playbook.describing.comparing import Change, ChangeKind
from pdo.playbook.describing.pages import escaped
from pdo.playbook.invisible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.playbook.describing.rules import Described

app = single()


class DiffFormat(StrEnum):
    """How differences are printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


@command(app, "diff")
def diff(
    *,
    before: Annotated[str, argument("revision", metavar="REV")],
    after: Annotated[str | None, argument("revision_after", metavar="REV2")] = None,
    project: ProjectDir = None,
    output_format: Annotated[
        DiffFormat, option("--format", key="diff_format", metavar="text|markdown|json")
    ] = DiffFormat.TEXT,
    exit_code: Annotated[bool, option("--exit-code", key="exit_code")] = False,
) -> None:
    """Compare and print; differences are no failure unless asked for."""
    found = compare_revisions(project, before, after, speak=spoken_in)
    output = output_of("diff", Format.JSON if output_format is DiffFormat.JSON else Format.TEXT)
    differs = not found.found.is_same
    is_failed = exit_code and differs
    lines = _markdown(found, output) if output_format is DiffFormat.MARKDOWN else map(visible, _text(found, output))
    output.show(_data(found), *lines, status="findings" if is_failed else "ok")
    if is_failed:
        raise typer.Exit(ExitCode.FINDINGS)


def _data(found: Difference) -> dict[str, object]:
    return {
        "before": found.before,
        "after": found.after or None,
        "changes": [
            {
                "change": each.change.value,
                "kind": each.rule.kind,
                "name": each.rule.name,
                "before": as_data(each.before) if each.before else None,
                "after": as_data(each.after) if each.after else None,
                "resting": list(each.resting),
            }
            for each in found.found.changes
        ],
        "settings": list(found.found.settings),
        "examples": list(found.found.examples),
        "reworded": list(found.found.reworded),
    }


# Text -------------------------------------------------------------------------------------------------------------


def _head(found: Difference, output: Output) -> str:
    names = {"before": found.before, "after": found.after or output.say("diff.working_tree")}
    if not found.found.changes:
        return output.say("diff.same", **names)
    return output.say("diff.head", **names, changes=len(found.found.changes))


def _text(found: Difference, output: Output) -> Iterator[str]:
    yield _head(found, output)
    for change in found.found.changes:
        yield ""
        yield _title(change, output)
        yield from (f"  {line}" for line in _said(change, output))
        if change.resting:
            yield f"  {_resting(change, output)}"
    rest = tuple(_rest(found, output))
    if rest:
        yield ""
        yield from rest


def _title(change: Change, output: Output) -> str:
    old = change.before
    match change.change:
        case ChangeKind.RENAMED:
            return output.say("diff.renamed", title=change.rule.title, before=old.title if old else "")
        case ChangeKind.MOVED:
            books = {"before": old.playbook if old else "", "after": change.rule.playbook}
            return output.say("diff.moved", title=change.rule.title, **books)
        case _:
            return output.say(f"diff.{change.change}", title=change.rule.title)


def _said(change: Change, output: Output) -> Iterator[str]:
    """The lines that are gone and those that are new; of a new or a lost rule all of them, as they are."""
    if change.change is ChangeKind.MOVED or (change.change is ChangeKind.RENAMED and not change.has_changed):
        return
    if change.before is None or change.after is None:
        yield from (_short(line, change.rule) for line in change.added or change.removed)
        return
    yield from (output.say("diff.before", line=_bare(line, change.before)) for line in change.removed)
    yield from (output.say("diff.after", line=_bare(line, change.after)) for line in change.added)
    span = change.rule.span
    if not change.removed and not change.added and span is not None:
        yield output.say("diff.unsaid", file=span.source.path, line=span.line)


def _short(line: str, rule: Described) -> str:
    """A line without the title that stands above it."""
    return line.removeprefix(rule.title).lstrip("：: ") if line.startswith(rule.title) else line


def _bare(line: str, rule: Described) -> str:
    return _short(line, rule).strip().removeprefix("- ")


def _resting(change: Change, output: Output) -> str:
    return output.say("diff.resting", titles=output.say("diff.join").join(change.resting))


def _rest(found: Difference, output: Output) -> Iterator[str]:
    """What is different besides rules."""
    join = output.say("diff.join").join
    if found.found.settings:
        yield output.say("diff.settings", names=join(found.found.settings))
    if found.found.examples:
        yield output.say("diff.examples", names=join(found.found.examples))
    if found.found.reworded:
        yield output.say("diff.reworded", names=join(found.found.reworded))


# Markdown ---------------------------------------------------------------------------------------------------------


def _markdown(found: Difference, output: Output) -> Iterator[str]:
    yield f"## {output.say('diff.title')}"
    yield ""
    yield escaped(_head(found, output))
    for change in found.found.changes:
        yield ""
        yield f"### {escaped(_title(change, output))}"
        yield ""
        yield from (f"- {escaped(line.strip().removeprefix('- '))}" for line in _said(change, output))
        if change.resting:
            yield f"- {escaped(_resting(change, output))}"
    rest = tuple(_rest(found, output))
    if rest:
        yield ""
        yield from (f"- {escaped(line)}" for line in rest)
