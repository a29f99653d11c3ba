"""`pdo block`: who is not to be written to (勿扰名单)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pdo.commands.changes import channel_words
from pdo.commands.desk import open_desk
from pdo.commands.help import command, group
from pdo.commands.options import CustomerName, Format, Limit, Note, OutputFormat, ProjectDir, option
from pdo.commands.present import Table, local
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import blocking
else:
    blocking = late("pdo.api.blocking")

app = group()
ChannelName = Annotated[str, option("--channel", key="block_channel", metavar="CHANNEL")]


@command(app, "add", "help.block.add")
def add(
    *,
    customer: CustomerName,
    channel: ChannelName = "any",
    note: Note = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Put somebody on the list."""
    desk = open_desk("block add", project, output_format)
    found = blocking.add(desk.settings, customer, channel, now=desk.moment(), actor=desk.actor, note=note)
    words = channel_words(channel, desk.output)
    key = "block.added" if found.changed else "block.added_before"
    desk.output.show(asdict(found), desk.output.say(key, customer=found.customer_key, channel=words))


@command(app, "remove", "help.block.remove")
def remove(
    *,
    customer: CustomerName,
    channel: ChannelName = "any",
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Take somebody off the list."""
    desk = open_desk("block remove", project, output_format)
    found = blocking.remove(desk.settings, customer, channel)
    words = channel_words(channel, desk.output)
    key = "block.removed" if found.changed else "block.removed_before"
    desk.output.show(asdict(found), desk.output.say(key, customer=found.customer_key, channel=words))


@command(app, "list", "help.block.list")
def list_(*, limit: Limit = 20, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Show the list, the latest first."""
    desk = open_desk("block list", project, output_format)
    found = blocking.listed(desk.settings, limit=limit)
    rows = [
        (
            one.customer_key,
            one.name or "",
            channel_words(one.channel, desk.output),
            local(one.since),
            one.actor,
            one.note or "",
        )
        for one in found
    ]
    headings = desk.output.headings("customer_id", "name", "channel", "since", "actor", "note")
    none = [] if found else [desk.output.say("block.none")]
    desk.output.show({"blocked": [asdict(one) for one in found]}, Table(headings, rows), *none)
