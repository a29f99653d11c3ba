"""What is sent, as sentences: offers, contents, campaigns, journeys, the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.figures import local_date
from pdo.model.outreach import (
    WEEKDAYS,
    AgainKind,
    Body,
    Channel,
    Choice,
    ContentOrder,
    CouponSource,
    StepMessage,
    StepTask,
    Variant,
    Wait,
    clock,
)
from pdo.playbook.describing.conditions import Clause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.model.conditions import Condition
    from pdo.model.outreach import (
        Cap,
        Content,
        ContentRow,
        Days,
        Guard,
        Journey,
        Offer,
        OutreachCampaign,
        OutreachPolicy,
        Said,
        Step,
    )
    from pdo.playbook.describing.blocks import Blocks


class Outreach:
    """Says what is sent: the sentence, then what else is true of it.

    Args:
        blocks: says what it refers to.
    """

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.voice = blocks.voice
        self.conditions = blocks.conditions

    # Offers and contents ------------------------------------------------------------------------------------------------

    def offer(self, offer: Offer) -> Iterator[Clause]:
        """An offer."""
        voice = self.voice
        parts = []
        if offer.coupon is not None:
            key = "block.offer.pool" if offer.coupon.source is CouponSource.POOL else "block.offer.grant"
            parts.append(voice.say(key, name=voice.quoted(offer.coupon.name)))
        if offer.product:
            parts.append(voice.say("block.offer.product", name=voice.quoted(offer.product)))
        if offer.price is not None:
            parts.append(voice.say("block.offer.price", price=voice.money(offer.price)))
        if offer.redeem:
            parts.append(voice.say("block.offer.redeem", redeem=voice.quoted(offer.redeem)))
        if offer.valid is not None:
            parts.append(voice.spaced(voice.say("block.offer.valid", length=voice.length(offer.valid))))
        if offer.cost is not None:
            parts.append(voice.say("block.offer.cost", cost=voice.money(offer.cost)))
        yield Clause(voice.say("block.join").join(parts) if parts else voice.say("block.offer.nothing"))

    def content(self, content: Content) -> Iterator[Clause]:
        """A table of what may be said, with all its rows."""
        voice = self.voice
        text = voice.say(f"block.content.{content.order}", path=voice.quoted(content.path), count=len(content.rows))
        yield Clause(text, tuple(self._row(row, content) for row in content.rows))
        for match in content.matches:
            name = voice.column("", match.name) if match.kind == "attribute" else match.name
            params = {"column": voice.quoted(match.column), "name": voice.quoted(name)}
            yield Clause(voice.say("block.stop", text=voice.say(f"block.content.matched.{match.kind}", **params)))
        if content.never_repeat is not None:
            yield Clause(voice.say("block.content.never_repeat", length=voice.length(content.never_repeat)))
        if content.otherwise is not None:
            yield Clause(voice.say("block.content.otherwise", text=voice.quoted(content.otherwise.text)))
        elif content.order is ContentOrder.MATCH:
            yield Clause(voice.say("block.content.skip"))

    def _row(self, row: ContentRow, content: Content) -> Clause:
        voice, text = self.voice, self.voice.quoted(row.text.text)
        wanted = [
            voice.say("block.content.wanted", column=match.column, values=voice.either(row.wanted[match.column]))
            for match in content.matches
            if match.column in row.wanted
        ]
        if row.day is not None:
            said = voice.say("block.content.row_on", day=local_date(row.day), text=text)
        elif wanted:
            who = voice.say("say.and").join(wanted)
            said = voice.say("block.content.row_for", row=row.span.line, who=who, text=text)
        else:
            said = voice.say("block.content.row", row=row.span.line, text=text)
        return Clause(said + (voice.say("block.content.row_offer", offer=voice.quoted(row.offer)) if row.offer else ""))

    # Campaigns ----------------------------------------------------------------------------------------------------------

    def campaign(self, campaign: OutreachCampaign) -> Iterator[Clause]:
        """A campaign."""
        voice = self.voice
        who = self.conditions.who(campaign.to)
        when, by = self.when(campaign.days, campaign.at), self._by(campaign.channels, campaign.sender)
        yield Clause(voice.say("block.campaign.text", when=when, by=by, who=who.text), who.parts)
        yield self.said(campaign.said)
        if len(campaign.channels) > 1:
            yield Clause(voice.say("block.campaign.first_channel"))
        if campaign.every is None:
            yield Clause(voice.say("block.campaign.once"))
        else:
            yield Clause(voice.say("block.campaign.every", length=voice.length(campaign.every)))
        yield Clause(voice.say("block.campaign.manual" if campaign.approval == "manual" else "block.campaign.auto"))
        yield Clause(voice.say("block.campaign.priority", priority=campaign.priority))
        yield from self._measured(campaign)
        if campaign.exclusive:
            yield Clause(voice.say("block.campaign.exclusive", name=voice.quoted(campaign.exclusive)))
        if campaign.valid is not None:
            yield Clause(voice.say("block.campaign.valid", length=voice.length(campaign.valid)))
        for cap in campaign.caps:
            yield Clause(voice.say("block.campaign.cap", cap=self._cap(cap)))

    def _measured(self, campaign: OutreachCampaign) -> Iterator[Clause]:
        voice = self.voice
        if campaign.control:
            yield Clause(voice.say("block.campaign.control", share=voice.share(campaign.control)))
        if campaign.goal is not None:
            within, clause = voice.length(campaign.goal.within), self.conditions.clause(campaign.goal.when)
            yield Clause(voice.say("block.campaign.goal", within=within, condition=clause.text), clause.parts)

    def when(self, days: Days | None, at: int | None) -> str:
        """When something runs."""
        voice = self.voice
        if days is None:
            key = "block.when.each_run" if at is None else "block.when.each_run_at"
            return voice.say(key, at=None if at is None else clock(at))
        names = [voice.say(f"block.weekday.{WEEKDAYS[day]}") for day in sorted(days.weekdays)]
        names += self.dates(days)
        said = voice.say("block.join").join(names)
        return voice.say("block.when.days" if at is None else "block.when.days_at", days=said, at=clock(at or 0))

    def dates(self, days: Days) -> list[str]:
        """Festivals and dates, which are no days of the week."""
        return [*(self.voice.say(f"block.festival.{name}") for name in days.festivals), *map(local_date, days.dates)]

    def _by(self, channels: tuple[Channel, ...], sender: str) -> str:
        names = self.voice.listed((self.channel(each) for each in channels), "say.or")
        if not sender:
            return self.voice.say("block.campaign.by", channels=names)
        return self.voice.say("block.campaign.by_sender", channels=names, sender=self.blocks.staff(sender))

    def channel(self, channel: str) -> str:
        """What a channel is called; caps have `any` too."""
        return self.voice.say("block.policy.any" if channel == "any" else f"block.channel.{channel}")

    # What is said -------------------------------------------------------------------------------------------------------

    def said(self, said: Said) -> Clause:
        """What is said: the same to all, by choice, or by chance."""
        voice = self.voice
        if isinstance(said, Body):
            return Clause(self._body(said))
        choices = tuple(self._choice(each) for each in said if isinstance(each, Choice))
        if choices:
            return Clause(voice.say("block.said.choose"), choices)
        variants = [each for each in said if isinstance(each, Variant)]
        total = sum(each.weight for each in variants)
        return Clause(voice.say("block.said.variants"), tuple(self._variant(each, total) for each in variants))

    def _variant(self, variant: Variant, total: int) -> Clause:
        share = self.voice.share(variant.weight * 10_000 // total)
        body = self._body(variant.body)
        return Clause(self.voice.say("block.said.variant", name=variant.name, share=share, said=body))

    def _choice(self, choice: Choice) -> Clause:
        voice = self.voice
        if choice.body is not None:
            said = self._body(choice.body)
        elif choice.skip:
            said = voice.say("block.said.skip", reason=choice.skip)
        else:
            said = voice.say("block.said.skip_plain")
        if choice.when is None:
            return Clause(voice.say("block.said.otherwise", said=said))
        clause = self.conditions.clause(choice.when)
        return Clause(voice.say("block.said.if", condition=clause.text, said=said), clause.parts)

    def _body(self, body: Body) -> str:
        voice = self.voice
        offer = voice.quoted(body.offer)
        more = voice.say("block.said.offer", offer=offer) if body.offer else ""
        if body.text is not None:
            return voice.say("block.said.text", text=voice.quoted(body.text.text)) + more
        if body.content:
            return voice.say("block.said.content", content=voice.quoted(body.content)) + more
        return voice.say("block.said.only_offer", offer=offer)

    # Journeys -----------------------------------------------------------------------------------------------------------

    def journey(self, journey: Journey) -> Iterator[Clause]:
        """A journey with its steps."""
        voice = self.voice
        who = self.conditions.who(journey.enter)
        yield Clause(voice.say("block.journey.text", who=who.text), who.parts)
        yield Clause(voice.say("block.journey.edge"))
        yield Clause(voice.say("block.journey.existing" if journey.existing else "block.journey.skip"))
        again, after = journey.again, journey.again.after
        key = f"block.journey.again.{again.kind.replace(' ', '_')}"
        length = voice.length(after) if again.kind is AgainKind.AFTER and after is not None else ""
        yield Clause(voice.say(key, after=length))
        if journey.anchor:
            yield Clause(voice.say("block.journey.anchor", name=voice.quoted(voice.column("", journey.anchor))))
        yield Clause(voice.say("block.journey.steps"), tuple(self._step(step, journey) for step in journey.steps))
        if journey.exit is not None:
            yield self._exit(journey.exit)
        yield Clause(voice.say(f"block.journey.late.{journey.late}"))
        if journey.end_tag:
            yield Clause(voice.say("block.journey.end", tag=voice.quoted(journey.end_tag)))

    def _exit(self, condition: Condition) -> Clause:
        clause = self.conditions.clause(condition)
        if clause.parts:
            return Clause(self.voice.say("block.journey.exit_list"), (clause,))
        return Clause(self.voice.say("block.journey.exit", condition=clause.text))

    def _step(self, step: Step, journey: Journey) -> Clause:
        voice = self.voice
        does, time = self.does(step), self.time(step, journey)
        return Clause(voice.say("block.step.text", name=step.name, time=time, does=does.text), does.parts)

    def does(self, step: Step) -> Clause:
        """What a step does, and for whom."""
        does, below = self._does(step)
        if step.when is None:
            return Clause(does, below)
        who = self.conditions.who(step.when)
        return Clause(self.voice.say("block.step.if", does=does, who=who.text), (*who.parts, *below))

    def time(self, step: Step, journey: Journey) -> str:
        """When a step is due, seen from the entry or the date that steps count from."""
        voice = self.voice
        anchor = voice.quoted(voice.column("", journey.anchor)) if journey.anchor else ""
        offset = step.offset
        if offset is None and not anchor:
            said = voice.say("block.step.now")
        elif offset is None or not offset.count:
            said = voice.say("block.step.anchor" if anchor else "block.step.entry", anchor=anchor)
        elif anchor:
            key = "block.step.anchor_before" if step.before else "block.step.anchor_after"
            said = voice.say(key, anchor=anchor, length=voice.length(offset))
        else:
            said = voice.say("block.step.after", length=voice.length(offset))
        if step.weekday is not None:
            said += voice.say("block.step.weekday", weekday=voice.say(f"block.weekday.{WEEKDAYS[step.weekday]}"))
        return voice.spaced(said + (voice.say("block.step.at", at=clock(step.at)) if step.at is not None else ""))

    def _does(self, step: Step) -> tuple[str, tuple[Clause, ...]]:
        voice = self.voice
        match step.action:
            case StepMessage(channels, sender, said):
                clause = self.said(said)
                by = self._by(channels, sender)
                return voice.say("block.step.message", by=by, said=clause.text), clause.parts
            case StepTask(text, due):
                more = "" if due is None else voice.say("block.step.due", due=voice.length(due))
                return voice.say("block.step.task", text=voice.quoted(text.text)) + more, ()
            case Wait(until, timeout, on_timeout):
                clause = self.conditions.clause(until)
                key = "block.step.timeout" if on_timeout else "block.step.timeout_next"
                end = voice.say(key, step=voice.quoted(on_timeout))
                length = voice.length(timeout)
                return voice.say("block.step.wait", condition=clause.text, timeout=length) + end, clause.parts

    # Policy -------------------------------------------------------------------------------------------------------------

    def policy(self, policy: OutreachPolicy) -> Iterator[Clause]:
        """The policy: one point a rule."""
        parts = tuple(self._rules(policy))
        yield Clause(self.voice.say("block.policy.text" if parts else "block.policy.nothing"), parts)

    def _rules(self, policy: OutreachPolicy) -> Iterator[Clause]:
        voice = self.voice
        for channel, column in policy.consent.items():
            params = {"channel": self.channel(channel), "column": voice.column("", column)}
            yield Clause(voice.say("block.policy.consent", **params))
        if policy.quiet_hours is not None:
            ends = {"start": clock(policy.quiet_hours.start), "end": clock(policy.quiet_hours.end)}
            yield Clause(voice.say("block.policy.quiet", **ends))
        for cap in policy.caps:
            yield Clause(voice.say("block.stop", text=self._cap(cap)))
        for channel, quota in policy.quota.items():
            yield Clause(voice.say(f"block.policy.quota.{quota}", channel=self.channel(channel)))
        if policy.capacity is not None:
            per = voice.length(policy.capacity.per)
            for channel, count in policy.capacity.by_channel.items():
                name = self.channel(channel)
                yield Clause(voice.say("block.policy.capacity", channel=name, count=count, per=per))
        yield from self._guard(policy.guard)

    def _guard(self, guard: Guard) -> Iterator[Clause]:
        voice = self.voice
        limits = {
            "max_share_changed": None if guard.max_share_changed is None else voice.share(guard.max_share_changed),
            "max_messages": guard.max_messages,
            "max_data_age": None if guard.max_data_age is None else voice.length(guard.max_data_age),
            "max_shrink": None if guard.max_shrink is None else voice.share(guard.max_shrink),
        }
        for name, limit in limits.items():
            if limit is not None:
                yield Clause(voice.spaced(voice.say(f"block.policy.guard.{name}", limit=limit)))

    def _cap(self, cap: Cap) -> str:
        voice = self.voice
        said = voice.say("block.policy.cap", per=voice.length(cap.per), max=cap.max, channel=self.channel(cap.channel))
        return voice.spaced(said)
