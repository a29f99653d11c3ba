"""`pdo campaign`: what is sent, and how each campaign stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from pdo.commands.changes import channel_words
from pdo.commands.desk import open_desk
from pdo.commands.help import command, group
from pdo.commands.options import AsOf, Format, OutputFormat, ProjectDir
from pdo.commands.present import Table, number
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import campaigning
else:
    campaigning = late("pdo.api.campaigning")

app = group()


@command(app, "list", "help.campaign.list")
def list_(*, as_of: AsOf = None, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Every campaign in the order in which they go."""
    desk = open_desk("campaign list", project, output_format)
    found = campaigning.campaigns(desk.project(), as_of=desk.moment(as_of))
    rows = [
        (
            one.name,
            number(one.priority),
            ", ".join(channel_words(channel, desk.output) for channel in one.channels),
            one.next_on or "",
            number(one.waiting),
            number(one.sent),
            number(one.withheld),
            number(one.control),
        )
        for one in found
    ]
    names = ("campaign", "priority", "channel", "next_on", "waiting", "sent", "withheld", "control")
    none = [] if found else [desk.output.say("campaign.none")]
    data = {"campaigns": [asdict(one) for one in found]}
    desk.output.show(data, Table(desk.output.headings(*names), rows, frozenset({1, 4, 5, 6, 7})), *none)
