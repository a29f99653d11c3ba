"""`pdo preview`: the real texts of a campaign, and whom it would reach, before any run."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pdo.commands.changes import channel_words, reason_words
from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.options import AsOf, Format, Limit, OutputFormat, ProjectDir, argument
from pdo.commands.present import Table, local, number
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdo.api import previewing
    from pdo.commands.present import Output
    from pdo.model.previews import ChannelPreview, FunnelStep, Preview
else:
    previewing = late("pdo.api.previewing")

app = single()


@command(app, "preview")
def preview(
    *,
    name: Annotated[str, argument("campaign", metavar="CAMPAIGN")],
    as_of: AsOf = None,
    limit: Limit = 5,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Look at a campaign and show."""
    desk = open_desk("preview", project, output_format)
    found = previewing.preview(desk.project(), name, as_of=desk.moment(as_of), limit=limit)
    desk.output.show(asdict(found), *_blocks(found, desk.output))


def _blocks(found: Preview, output: Output) -> Iterator[str | Table]:
    yield output.say("preview.title", name=found.name, as_of=local(found.as_of))
    if not found.runs_today:
        key = "preview.not_today" if found.next_on else "preview.never"
        yield output.say(key, next_on=found.next_on)
    yield funnel_table(found.funnel, output)
    for one in found.channels:
        yield from _channel(one, output)
    for pool, count in found.stock.items():
        yield output.say("preview.stock", pool=pool, count=number(count))


def funnel_table(steps: Sequence[FunnelStep], output: Output) -> Table:
    """From all customers down to the messages, with what held the others back."""
    rows = [
        (
            output.say(f"funnel.{step.name}"),
            number(step.left),
            ", ".join(f"{reason_words(reason, output)} {number(count)}" for reason, count in step.reasons.items()),
        )
        for step in steps
    ]
    return Table(output.headings("funnel", "customers", "reasons"), rows, frozenset({1}))


def _channel(one: ChannelPreview, output: Output) -> Iterator[str | Table]:
    yield output.say("preview.channel", channel=channel_words(one.channel, output), count=number(one.planned))
    texts = [(text.customer_key, text.sender, text.text) for text in one.texts]
    yield Table(output.headings("customer_id", "sender", "text"), texts)
    if one.planned:
        yield output.say("preview.longest", size=number(one.longest_bytes), text=one.longest)
    for name, count in one.fallbacks.items():
        yield output.say("preview.fallback", name=name, count=number(count))
    for name, count in one.offers.items():
        yield output.say("preview.offer", name=name, count=number(count))
    if one.channel == "wecom":
        guides = [(load.sender, number(load.messages), number(load.confirmations)) for load in one.guides]
        yield Table(output.headings("sender", "messages", "confirmations"), guides, frozenset({1, 2}))
    else:
        named = [(load.sender, number(load.messages)) for load in one.guides if load.sender]
        yield Table(output.headings("sender", "messages"), named, frozenset({1}))
