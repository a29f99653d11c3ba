"""`pdo customer`: who somebody is, and what is known of them. Phones are masked."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pdo.commands.desk import open_desk
from pdo.commands.exported import show_export, shown
from pdo.commands.held import held_table
from pdo.commands.help import command, group
from pdo.commands.options import (
    CustomerName,
    Format,
    Limit,
    Note,
    OutputFile,
    OutputFormat,
    ProjectDir,
    Reveal,
    argument,
    option,
)
from pdo.commands.persons import show_changed
from pdo.commands.present import Table, field_label, local, money, number
from pdo.core.errors import ExitCode, UsageError
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.api import answering, persons, rights
    from pdo.commands.present import Output
    from pdo.model.reports import CustomerCard
else:
    answering = late("pdo.api.answering")
    persons = late("pdo.api.persons")
    rights = late("pdo.api.rights")

app = group()


class SubjectType(StrEnum):
    """What a copy of a person's data is."""

    JSON = "json"
    XLSX = "xlsx"


@command(app, "show", "help.customer.show")
def show(
    *,
    customer: CustomerName,
    reveal: Reveal = False,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Show one."""
    desk = open_desk("customer show", project, output_format)
    card = answering.customer(desk.settings, customer, reveal=reveal)
    if reveal:
        rights.note_shown(desk.settings, "customer show", 1, now=desk.moment(), actor=desk.actor)
    desk.output.show(card_data(card), *_blocks(card, desk.output))


@command(app, "find", "help.customer.find")
def find(
    *,
    text: Annotated[str, argument("find", metavar="TEXT")],
    limit: Limit = 20,
    reveal: Reveal = False,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """List those who match."""
    desk = open_desk("customer find", project, output_format)
    found = answering.customers(desk.settings, text, limit=limit, reveal=reveal)
    if reveal:
        rights.note_shown(desk.settings, "customer find", len(found), now=desk.moment(), actor=desk.actor)
    rows = [(one.customer_key, one.name or "", one.phone or "", one.owner or "", one.store or "") for one in found]
    data = [{"customer_id": one.customer_key, **_without_key(asdict(one))} for one in found]
    names = ("customer_id", "name", "phone", "owner", "store")
    desk.output.show(
        {"customers": data},
        Table(desk.output.headings(*names), rows),
        *([] if found else [desk.output.say("customer.nobody")]),
    )


MergedBy = Annotated[Path | None, option("--file", key="decisions_file", metavar="FILE")]


@command(app, "merge", "help.customer.merge")
def merge(
    *,
    customers: Annotated[list[str] | None, argument("keep", metavar="CUSTOMER")] = None,
    file: MergedBy = None,
    undo: Annotated[int | None, option("--undo", key="decision_undo", metavar="N")] = None,
    note: Note = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Join customers by hand."""
    desk = open_desk("customer merge", project, output_format)
    settings, now, actor = desk.settings, desk.moment(), desk.actor
    named = customers or []
    if (len(named) > 1) + (file is not None) + (undo is not None) != 1:
        raise UsageError("error.merge_what")
    if undo is not None:
        changed = persons.undo(settings, undo, now=now, actor=actor)
    elif file is not None:
        changed = persons.from_file(settings, file, "merge", now=now, actor=actor, note=note)
    else:
        changed = persons.merge(settings, named[0], named[1:], now=now, actor=actor, note=note)
    show_changed(changed, desk.output)


@command(app, "split", "help.customer.split")
def split(
    *,
    customers: Annotated[list[str] | None, argument("own_ids", metavar="CUSTOMER")] = None,
    file: MergedBy = None,
    note: Note = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Take customers apart by hand."""
    desk = open_desk("customer split", project, output_format)
    settings, now, actor = desk.settings, desk.moment(), desk.actor
    if bool(customers) == (file is not None):
        raise UsageError("error.split_what")
    if file is not None:
        changed = persons.from_file(settings, file, "split", now=now, actor=actor, note=note)
    else:
        changed = persons.split(settings, customers or [], now=now, actor=actor, note=note)
    show_changed(changed, desk.output)


@command(app, "export", "help.customer.export")
def export(
    *,
    customer: CustomerName,
    output: OutputFile = None,
    file_type: Annotated[
        SubjectType, option("--file-type", key="subject_type", metavar="json|xlsx")
    ] = SubjectType.JSON,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Write everything that is known of a person to a file."""
    desk = open_desk("customer export", project, output_format)
    report = rights.export_customer(
        desk.settings, customer, file_type=file_type.value, output=output, now=desk.moment(), actor=desk.actor
    )
    show_export(report, desk.output)


@command(app, "erase", "help.customer.erase")
def erase(
    *,
    customer: CustomerName,
    yes: Annotated[bool, option("--yes", key="yes")] = False,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Erase a person."""
    desk = open_desk("customer erase", project, output_format)
    output = desk.output
    card = answering.customer(desk.settings, customer)
    if not yes:
        raise UsageError("error.erase_unsure", customer=card.customer_key)
    done = rights.erase_customer(desk.settings, customer, now=desk.moment(), actor=desk.actor)
    rows = sum(done.rows.values())
    said = output.say("erase.done", own_ids=done.own_ids, rows=number(rows), suppressed=done.suppressed)
    files = [
        output.say("erase.file" if gone else "erase.file_gone", path=shown(path), rows=gone)
        for path, gone in done.files.items()
    ]
    for key, paths in (
        ("erase.file_failed", done.failed),
        ("erase.original", done.originals),
        ("erase.backup", done.older_backups),
    ):
        files += [output.say(key, path=shown(path)) for path in paths]
    if not done.is_scrubbed:
        files.append(output.say("erase.not_scrubbed"))
    data = {
        "own_ids": done.own_ids,
        "rows": dict(done.rows),
        "suppressed": done.suppressed,
        "files": {str(path): gone for path, gone in done.files.items()},
        "failed": [str(path) for path in done.failed],
        "originals": [str(path) for path in done.originals],
        "older_backups": [str(path) for path in done.older_backups],
        "scrubbed": done.is_scrubbed,
    }
    is_whole = not done.failed and done.is_scrubbed
    output.show(data, said, *files, status="ok" if is_whole else "partial")
    if not is_whole:
        raise typer.Exit(ExitCode.PARTIAL)


def card_data(card: CustomerCard) -> dict[str, object]:
    """What JSON says of a customer."""
    return {
        "customer_id": card.customer_key,
        "attributes": dict(card.attributes),
        "identities": [{"kind": kind, "value": value} for kind, value in card.identities],
        "tags": [asdict(held) for held in card.held if held.kind == "tag"],
        "stages": [asdict(held) for held in card.held if held.kind == "stage"],
        "segments": [asdict(held) for held in card.held if held.kind == "segment"],
        "blocked_tags": list(card.blocked),
        "orders": {"count": card.order_count, "net_minor": card.net_minor, "last_paid_at": card.last_paid_at},
        "events": card.event_count,
        "messages": card.message_count,
    }


def _blocks(card: CustomerCard, output: Output) -> Iterator[str | Table]:
    rows = [(field_label(name, output.language), value) for name, value in card.attributes.items()]
    if others := [value for kind, value in card.identities if kind == "own" and value != card.customer_key]:
        rows.append((output.say("customer.own_ids"), ", ".join(others)))
    rows += [
        (output.say_or(f"identity.{kind}", kind), value)
        for kind, value in card.identities
        if kind not in ("own", "phone")
    ]
    rows += [
        (output.say("customer.orders"), number(card.order_count)),
        (output.say("customer.net"), money(card.net_minor)),
        (output.say("customer.last_paid"), local(card.last_paid_at) or "-"),
        (output.say("customer.events"), number(card.event_count)),
        (output.say("customer.messages"), number(card.message_count)),
    ]
    yield Table((output.say("heading.customer_id"), card.customer_key), rows)
    yield held_table(card.held, output)
    if card.blocked:
        yield output.say("customer.blocked", tags=", ".join(card.blocked))


def _without_key(found: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in found.items() if name != "customer_key"}
