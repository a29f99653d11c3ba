"""Looking at what is sent before it runs, and counting down the funnel of whom one would reach. Writes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from pdo.api.explaining import facts_at
from pdo.api.outreach import planned_messages
from pdo.api.sources import meant_name, sending_of
from pdo.api.step_previews import preview_journey
from pdo.compiler.program import Wants
from pdo.compiler.slices import sliced
from pdo.core.calendar import date_of
from pdo.core.errors import FindingsError
from pdo.evaluate.engine import open_engine
from pdo.evaluate.outcome import evaluate
from pdo.model.conditions import All, AttributeTest, ColumnTest, Filled, OneOf
from pdo.model.fields import Type
from pdo.model.outbox import said_with
from pdo.model.outreach import Body, Channel, CouponSource, Offer, OutreachCampaign, Template
from pdo.model.previews import Preview
from pdo.model.reports import CountReport
from pdo.outbox.calendar import next_day, runs_on
from pdo.outbox.history import read_codes
from pdo.outbox.previews import funnel, look_at
from pdo.outbox.stock import stock_notes
from pdo.outbox.writing import edited_batches
from pdo.playbook.project import parse_condition_text
from pdo.report.names import unknown_name
from pdo.report.values import mask
from pdo.store.door import open_door

if TYPE_CHECKING:
    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment
    from pdo.model.conditions import Condition
    from pdo.model.previews import JourneyPreview


def preview(opened: OpenProject, name: str, *, as_of: Moment, limit: int) -> Preview | JourneyPreview:
    """What a campaign or a journey would send if it ran now.

    Args:
        opened: the project.
        name: of the campaign or the journey, or `journey/step`; a campaign comes before a journey of the same name.
        as_of: the now; a campaign is looked at though it may not run on that day.
        limit: so many different texts of each channel.

    Raises:
        UsageError: there is no such campaign, journey or step.
    """
    outreach = opened.project.outreach
    if name in outreach.campaigns:
        return _preview_campaign(opened, name, as_of=as_of, limit=limit)
    steps = {one.name: (one.name, "") for one in outreach.journeys.values()}
    steps |= {
        f"{one.name}/{step.name}": (one.name, step.name) for one in outreach.journeys.values() for step in one.steps
    }
    if name not in steps:
        raise unknown_name("preview", name, (*outreach.campaigns, *steps))
    journey, step = steps[name]
    return preview_journey(opened, journey, step=step, as_of=as_of, limit=limit)


def _preview_campaign(opened: OpenProject, name: str, *, as_of: Moment, limit: int) -> Preview:
    """What a campaign would send if it ran now, after what goes before it and past the gate."""
    days = opened.project.outreach.campaigns[name].days
    sending = sending_of(opened.project, opened.settings)
    wants = Wants(asked=sending.asked, shown=sending.shown)
    with open_door(opened.settings.database, write=False) as door, open_engine(opened.settings) as engine:
        source = facts_at(door, as_of)
        outcome = evaluate(engine, source, opened.project, opened.settings, as_of, wants)
        everybody, meant = outcome.customers, outcome.how_many(meant_name(name))
        batches = planned_messages(door, outcome, source, sending, also=name)
        mine = [batch for batch in batches if batch.campaign == name]
        edited = edited_batches(door, sending.sources)
        codes = read_codes(door, opened.project.outreach, as_of, edited)
        notes = stock_notes(door, opened.project.outreach, as_of, mine, edited)
    left = Counter(codes.column("pool").to_pylist())
    upcoming = None if days is None else next_day(days, as_of.today)
    return Preview(
        name=name,
        as_of=str(as_of),
        runs_today=days is None or runs_on(days, as_of.today),
        next_on="" if upcoming is None else date_of(upcoming).isoformat(),
        funnel=funnel(everybody, meant, mine),
        channels=tuple(look_at(batch, limit=limit, mask=mask) for batch in mine),
        stock={pool: left.get(pool, 0) for pool in _pools(opened, name)},
        notes=notes,
    )


def _pools(opened: OpenProject, name: str) -> tuple[str, ...]:
    """The pools of codes that a campaign draws from."""
    outreach = opened.project.outreach
    offers = [one for one in said_with(outreach.campaigns[name].said, outreach) if isinstance(one, Offer)]
    coupons = [one.coupon for one in offers if one.coupon is not None]
    return tuple(sorted({one.name for one in coupons if one.source is CouponSource.POOL}))


def count(opened: OpenProject, text: str, *, channel: str, as_of: Moment) -> CountReport:
    """How many customers a condition holds for, and down the funnel to how many a message by a channel would go.

    Args:
        opened: the project.
        text: a condition as in a playbook, as `items: {where: {category: 水果}}`.
        channel: by which they would be written to.
        as_of: the now of the count.

    Raises:
        FindingsError: the condition has errors.
        UsageError: there is no such channel.
    """
    if channel not in tuple(Channel):
        raise unknown_name("channel", channel, tuple(Channel))
    condition, findings = parse_condition_text(text, opened.settings, opened.project)
    if condition is None or findings.has_errors:
        raise FindingsError(findings.sorted(), "error.condition")
    friend = ColumnTest("is_friend", Type.BOOLEAN, OneOf((1,)))
    phone = ColumnTest("phone", Type.PHONE, Filled(exists=True))
    asked: dict[str, Condition] = {"matched": condition}
    for name, test in (("friends", friend), ("with_phone", phone)):
        asked[name] = All((condition, AttributeTest(test, condition.span)), condition.span)
    project = sliced(opened.project, asked.values())
    outreach = replace(project.outreach, campaigns={"": _written_to(condition, Channel(channel))})
    project = replace(project, outreach=outreach)
    sending = sending_of(project, opened.settings)
    wants = Wants(asked={**sending.asked, **asked}, shown=sending.shown)
    with open_door(opened.settings.database, write=False) as door, open_engine(opened.settings) as engine:
        source = facts_at(door, as_of)
        outcome = evaluate(engine, source, project, opened.settings, as_of, wants)
        found = {name: outcome.how_many(name) for name in asked}
        everybody = outcome.customers
        steps = funnel(everybody, found["matched"], planned_messages(door, outcome, source, sending))
    return CountReport(everybody, found["matched"], found["friends"], found["with_phone"], steps)


def _written_to(condition: Condition, channel: Channel) -> OutreachCampaign:
    """A campaign that says one thing to everybody for whom a condition holds."""
    span = condition.span
    return OutreachCampaign(
        name="",
        playbook="",
        to=condition,
        channels=(channel,),
        sender="",
        said=Body(Template("…", (), span), "", ""),
        days=None,
        at=None,
        every=None,
        priority=1,
        control=0,
        goal=None,
        valid=None,
        approval="manual",
        exclusive="",
        caps=(),
        span=span,
    )
