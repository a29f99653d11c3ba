"""`pdo preview`: the real texts of a campaign or a journey, and whom it would reach, before any run."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pdo.commands.changes import channel_words, note_lines, reason_words
from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.options import AsOf, Format, Limit, Memory, OutputFormat, ProjectDir, argument
from pdo.commands.present import Table, local, number
from pdo.core.late import late
from pdo.model.previews import Preview

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdo.api import previewing
    from pdo.commands.present import Output
    from pdo.model.previews import ChannelPreview, FunnelStep, JourneyPreview, StepPreview, StepTime
else:
    previewing = late("pdo.api.previewing")

app = single()


@command(app, "preview")
def preview(
    *,
    name: Annotated[str, argument("previewed", metavar="NAME")],
    as_of: AsOf = None,
    limit: Limit = 5,
    memory: Memory = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Look at a campaign or a journey and show."""
    desk = open_desk("preview", project, output_format, memory=memory)
    found = previewing.preview(desk.project(), name, as_of=desk.moment(as_of), limit=limit)
    blocks = _blocks(found, desk.output) if isinstance(found, Preview) else _journey(found, desk.output)
    desk.output.show(asdict(found), *blocks)


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
    yield from note_lines(found.notes, output)


def _journey(found: JourneyPreview, output: Output) -> Iterator[str | Table]:
    yield output.say("preview.journey", name=found.name, as_of=local(found.as_of), count=number(found.entering))
    for step in found.steps:
        yield ""
        yield output.say("preview.step", name=step.name, time=_time(step.time, output))
        yield from _step(step, output)


def _time(time: StepTime, output: Output) -> str:
    base = time.anchor or output.say("preview.step.entry")
    key = "next" if not time.offset else "before" if time.before else "after"
    parts = [output.say(f"preview.step.{key}", base=base, offset=time.offset)]
    parts += [output.say("preview.step.weekday", weekday=time.weekday)] if time.weekday else []
    return ", ".join((*parts, time.at) if time.at else parts)


def _step(step: StepPreview, output: Output) -> Iterator[str | Table]:
    if step.kind != "message":
        yield output.say(f"preview.step.{step.kind}", text=step.task)
    elif not step.channels:
        yield output.say("preview.step.nobody")
    for one in step.channels:
        yield from _channel(one, output)
        yield from (f"{reason_words(reason, output)} {number(count)}" for reason, count in one.reasons.items())


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
