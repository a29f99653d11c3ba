"""`pdo batch`: batches of messages (群发批次), from draft to file."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pdo.commands.changes import reason_words
from pdo.commands.desk import Desk, open_desk
from pdo.commands.exported import file_type_of, show_export
from pdo.commands.help import command, group
from pdo.commands.options import (
    ExportedAs,
    ExportProfileName,
    Format,
    Limit,
    OutputFile,
    OutputFormat,
    ProjectDir,
    argument,
    option,
)
from pdo.commands.present import Table, number
from pdo.core.late import late
from pdo.model.outbox import BY_HAND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdo.api import answering, batches, sending
    from pdo.commands.present import Output
    from pdo.model.reports import BatchEntry, BatchMessage
else:
    answering = late("pdo.api.answering")
    batches = late("pdo.api.batches")
    sending = late("pdo.api.sending")

app = group()
PerSender = Annotated[bool, option("--per-sender", key="per_sender")]
BatchId = Annotated[int, argument("batch", metavar="ID")]


@command(app, "list", "help.batch.list")
def list_(*, limit: Limit = 20, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """List the latest batches."""
    desk = open_desk("batch list", project, output_format)
    found = answering.batches(desk.settings, limit=limit)
    none = [] if found else [desk.output.say("batch.none")]
    desk.output.show({"batches": [asdict(one) for one in found]}, _entries(found, desk.output), *none)


@command(app, "show", "help.batch.show")
def show(
    *, batch_id: BatchId, limit: Limit = 20, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT
) -> None:
    """Show the first messages."""
    _show(open_desk("batch show", project, output_format), batch_id, limit, withheld=False)


@command(app, "withheld", "help.batch.withheld")
def withheld(
    *, batch_id: BatchId, limit: Limit = 20, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT
) -> None:
    """Show the first messages that were held back, and why."""
    _show(open_desk("batch withheld", project, output_format), batch_id, limit, withheld=True)


@command(app, "approve", "help.batch.approve")
def approve(*, batch_id: BatchId, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Approve a draft."""
    desk = open_desk("batch approve", project, output_format)
    entry, changed = batches.approve(desk.project(), batch_id, now=desk.moment())
    key = "batch.approved" if changed else "batch.approved_before"
    if changed and entry.channel in BY_HAND:
        key = "batch.approved_by_hand"
    desk.output.show(
        {"batch": asdict(entry), "changed": changed},
        desk.output.say(key, batch_id=batch_id, campaign=entry.campaign, messages=number(entry.planned)),
    )


@command(app, "cancel", "help.batch.cancel")
def cancel(*, batch_id: BatchId, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Cancel a batch that has not left."""
    desk = open_desk("batch cancel", project, output_format)
    entry, changed = batches.cancel(desk.settings, batch_id, now=desk.moment(), actor=desk.actor)
    key = "batch.cancelled" if changed else "batch.cancelled_before"
    data = {"batch": asdict(entry), "changed": changed}
    desk.output.show(data, desk.output.say(key, batch_id=batch_id, campaign=entry.campaign))


@command(app, "export", "help.batch.export")
def export(
    *,
    batch_id: BatchId,
    output: OutputFile = None,
    file_type: ExportedAs = None,
    profile: ExportProfileName = None,
    per_sender: PerSender = False,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Write an approved batch to a file."""
    desk = open_desk("batch export", project, output_format)
    type_ = file_type_of(output, file_type)
    opened = desk.project()
    batches.check_current(opened, batch_id)
    report = sending.export_batch(
        opened,
        batch_id,
        output=output,
        file_type=type_,
        profile=profile,
        per_sender=per_sender,
        now=desk.moment(),
    )
    show_export(report, desk.output)


def _show(desk: Desk, batch_id: int, limit: int, *, withheld: bool) -> None:
    entry, messages = answering.batch(desk.settings, batch_id, withheld=withheld, limit=limit)
    data = {
        "batch": asdict(entry),
        "messages": [
            {"customer_id": one.customer_key, **{k: v for k, v in asdict(one).items() if k != "customer_key"}}
            for one in messages
        ],
    }
    desk.output.show(data, _entries([entry], desk.output), _messages(messages, desk.output, withheld=withheld))


def _entries(found: Sequence[BatchEntry], output: Output) -> Table:
    rows = [
        (
            str(one.batch_id),
            one.campaign,
            one.planned_on,
            output.say_or(f"status.{one.status}", one.status),
            number(one.planned),
            number(one.withheld),
        )
        for one in found
    ]
    names = ("batch_id", "campaign", "planned_on", "status", "messages", "withheld")
    return Table(output.headings(*names), rows, frozenset({0, 4, 5}))


def _messages(messages: Sequence[BatchMessage], output: Output, *, withheld: bool) -> Table:
    last = "reason" if withheld else "text"
    rows = [
        (
            one.customer_key,
            one.name or "",
            one.phone or "",
            one.owner or "",
            reason_words(one.reason or "", output) if withheld else one.text,
        )
        for one in messages
    ]
    return Table(output.headings("customer_id", "name", "phone", "owner", last), rows)
