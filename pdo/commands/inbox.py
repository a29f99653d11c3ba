"""How `pdo import --inbox` and `--profiles` are shown; no commands of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pdo.commands.cells import clean
from pdo.commands.imported import VERDICTS, exceeds, file_data
from pdo.commands.present import Output, Table, Unfinished, number, tell
from pdo.commands.progress import progress_of
from pdo.core.errors import ExitCode
from pdo.core.late import late
from pdo.core.wording import hint_of, say

if TYPE_CHECKING:
    from pathlib import Path

    from pdo.api import inbox, profiles
    from pdo.api.arrivals import ImportOptions
    from pdo.commands.desk import Desk
else:
    inbox = late("pdo.api.inbox")
    profiles = late("pdo.api.profiles")


def import_inbox(desk: Desk, folder: Path, options: ImportOptions, limit: tuple[float, bool], said: str) -> None:
    """Import what lies in a folder, and say in one line what became of each file."""
    with progress_of(desk.output) as progress:
        outcome = inbox.take_inbox(
            desk.settings, folder, options, now=desk.moment(), actor=desk.actor, progress=progress
        )
    output = desk.output
    data = inbox_data(outcome, output)
    lines = inbox_lines(outcome, output)
    ended = outcome.stopped or next(iter(outcome.failures), None)
    if ended is not None:
        raise Unfinished(ended, data, lines)
    too_many = any(report.rejected > 0 if options.strict else exceeds(report, limit) for report in outcome.reports)
    output.show(data, *lines, status="partial" if too_many else "ok")
    if too_many:
        tell(output.say("import.held" if options.strict else "import.too_many", limit=said))
        raise typer.Exit(ExitCode.PARTIAL)


def inbox_data(outcome: inbox.InboxOutcome, output: Output) -> dict[str, object]:
    """What JSON says of an inbox."""
    items = [
        {
            "path": str(item.path),
            "verdict": _verdict(item),
            "target": None if item.target is None else str(item.target),
            "profile": item.profile,
            "rejects": None if item.rejects is None else str(item.rejects),
            "message": None if item.error is None else say(item.error.key, output.language, **item.error.params),
            "files": [file_data(report, output.language) for report in item.reports],
        }
        for item in outcome.items
    ]
    sums = {verdict: sum(getattr(report, verdict) for report in outcome.reports) for verdict in VERDICTS}
    return {**sums, "items": items}


def inbox_lines(outcome: inbox.InboxOutcome, output: Output) -> tuple[str, ...]:
    """One line a file; under one that failed, what to do."""
    return tuple(clean(line) for item in outcome.items for line in _lines(item, output)) or (output.say("inbox.empty"),)


def _verdict(item: inbox.InboxItem) -> str:
    if item.error is not None:
        return "failed"
    return "waiting" if item.target is None else "done"


def _lines(item: inbox.InboxItem, output: Output) -> tuple[str, ...]:
    if item.error is not None:
        reason = say(item.error.key, output.language, **item.error.params)
        hint = hint_of(item.error.key, output.language, **item.error.params)
        return (output.say("inbox.failed", file=item.path.name, target=item.target, reason=reason), f"  {hint}")
    if item.target is None:
        return (output.say("inbox.waiting", file=item.path.name),)
    kinds = "; ".join(
        output.say(
            "inbox.kind",
            kind=report.kind,
            **{verdict: number(getattr(report, verdict)) for verdict in ("read", "new", "changed", "rejected")},
        )
        for report in item.reports
    )
    done = output.say("inbox.done", file=item.path.name, label=item.label or item.reports[0].kind, kinds=kinds)
    where = output.say("inbox.rejects", path=item.rejects) if item.rejects else ""
    return (done + where,)


def show_profiles(desk: Desk, name: str | None) -> None:
    """List the profiles, or print one as it is written."""
    found = profiles.load_profiles(desk.settings, name)
    output = desk.output
    data = {
        "profiles": [
            {
                "name": profile.name,
                "label": profile.label,
                "path": str(profile.path),
                "own": profile.is_own,
                "files": {
                    layout.name: {
                        "label": layout.label,
                        "headers": list(layout.headers),
                        "kinds": [part.kind for part in layout.parts],
                    }
                    for layout in profile.layouts
                },
            }
            for profile in found
        ]
    }
    if name is not None:
        output.show(data, found[0].path.read_text(encoding="utf-8").rstrip("\n"))
        return
    rows = [
        (
            profile.name,
            layout.label,
            ", ".join(part.kind for part in layout.parts),
            output.say("import.profile_own" if profile.is_own else "import.profile_built_in"),
        )
        for profile in found
        for layout in profile.layouts
    ]
    output.show(
        data, Table(output.headings("profile", "file", "kinds", "origin"), rows), output.say("import.profiles_hint")
    )
