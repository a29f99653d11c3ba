"""`pdo count`: how many customers a condition holds for, down to how many could be reached."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pdo.commands.changes import channel_words
from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.options import AsOf, Format, Memory, OutputFormat, ProjectDir, argument, option
from pdo.commands.present import Table, number
from pdo.commands.preview import funnel_table
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import previewing
else:
    previewing = late("pdo.api.previewing")

app = single()


@command(app, "count")
def count(
    *,
    condition: Annotated[str, argument("condition", metavar="CONDITION")],
    channel: Annotated[str, option("--channel", key="count_channel", metavar="CHANNEL")] = "wecom",
    as_of: AsOf = None,
    memory: Memory = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Count and show."""
    desk = open_desk("count", project, output_format, memory=memory)
    moment = desk.moment(as_of)
    found = previewing.count(desk.project(), condition, channel=channel, as_of=moment)
    data = {
        "as_of": str(moment),
        "customers": found.customers,
        "matched": found.matched,
        "friends": found.friends,
        "with_phone": found.with_phone,
        "channel": channel,
        "funnel": [asdict(step) for step in found.funnel],
    }
    names = ("customers", "matched", "friends", "with_phone")
    rows = [(desk.output.say(f"count.{name}"), number(getattr(found, name))) for name in names]
    table = Table(desk.output.headings("count", "number"), rows, frozenset({1}))
    told = desk.output.say("count.funnel", channel=channel_words(channel, desk.output))
    desk.output.show(data, table, told, funnel_table(found.funnel, desk.output))
