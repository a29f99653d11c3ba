"""`pdo identity`: who is one person, and what could not be decided."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pdo.commands.desk import open_desk
from pdo.commands.help import command, group
from pdo.commands.options import Format, OutputFile, OutputFormat, ProjectDir, Reveal, argument
from pdo.commands.persons import show_changed
from pdo.commands.present import Table, local, number
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import persons, rights
else:
    persons = late("pdo.api.persons")
    rights = late("pdo.api.rights")

app = group()
MOST_SHOWN = 50


@command(app, "conflicts", "help.identity.conflicts")
def conflicts(
    *,
    output: OutputFile = None,
    reveal: Reveal = False,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """List what joins nobody though it stands on several customers."""
    desk = open_desk("identity conflicts", project, output_format)
    said = desk.output
    found = persons.conflicts(desk.settings, reveal=reveal)
    if reveal or output is not None:
        rights.note_shown(desk.settings, "identity conflicts", len(found), now=desk.moment(), actor=desk.actor)
    names = ("why", "identifier", "value", "own_ids")
    rows = [
        (
            said.say(f"identity.reason.{one.reason}"),
            said.say_or(f"identity.{one.kind}", one.kind),
            one.value,
            ", ".join(one.customers) + (" …" if one.count > len(one.customers) else ""),
        )
        for one in found
    ]
    data: dict[str, object] = {"total": len(found), "conflicts": [asdict(one) for one in found]}
    if output is not None:
        rights.write_list(output, said.headings(*names), rows)
        said.show({**data, "path": str(output)}, said.say("export.done", path=output, rows=number(len(rows))))
        return
    more = [said.say("identity.more", count=number(len(rows) - MOST_SHOWN))] if len(rows) > MOST_SHOWN else []
    none = [] if rows else [said.say("identity.none")]
    said.show(data, Table(said.headings(*names), rows[:MOST_SHOWN]), *more, *none)


@command(app, "decisions", "help.identity.decisions")
def decisions(*, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """List what was joined and split by hand."""
    desk = open_desk("identity decisions", project, output_format)
    said = desk.output
    found = persons.decisions(desk.settings)
    rows = [
        (
            str(one.number),
            local(one.at),
            said.say(f"identity.action.{one.action}"),
            one.customer,
            one.into or "",
            one.actor,
            one.note or "",
            local(one.undone_at),
        )
        for one in found
    ]
    names = ("decision", "at", "action", "customer_id", "into", "actor", "note", "undone_at")
    none = [] if rows else [said.say("identity.no_decisions")]
    said.show({"decisions": [asdict(one) for one in found]}, Table(said.headings(*names), rows, frozenset({0})), *none)


@command(app, "apply", "help.identity.apply")
def apply(*, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Decide anew who is one person."""
    desk = open_desk("identity apply", project, output_format)
    show_changed(persons.apply(desk.settings), desk.output)


@command(app, "undo", "help.identity.undo")
def undo(
    *,
    number: Annotated[int, argument("decision", metavar="N")],
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Take a decision back."""
    desk = open_desk("identity undo", project, output_format)
    show_changed(persons.undo(desk.settings, number, now=desk.moment(), actor=desk.actor), desk.output)
