"""What people are told of outreach: previews, funnels, campaigns, the block list, the fate of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.model.outreach import Channel


@dataclass(frozen=True, slots=True)
class SampleText:
    """A text as somebody would get it; phones are masked."""

    customer_key: str
    sender: str
    text: str


@dataclass(frozen=True, slots=True)
class GuideLoad:
    """What a campaign asks of a colleague.

    Args:
        sender: key of the colleague; empty for the robot or nobody.
        messages: that go out in their name.
        confirmations: different texts: a mass message (群发) is confirmed once for each.
    """

    sender: str
    messages: int
    confirmations: int


@dataclass(frozen=True, slots=True)
class ChannelPreview:
    """What would go out by one channel.

    Args:
        texts: the first of the different texts.
        longest: the longest text; its size in bytes of UTF-8.
        fallbacks: variable → for how many people the text says its default.
        guides: by key.
        offers: offer → how many get it.
    """

    channel: Channel
    planned: int
    reasons: Mapping[str, int]
    texts: tuple[SampleText, ...]
    longest: str
    longest_bytes: int
    fallbacks: Mapping[str, int]
    guides: tuple[GuideLoad, ...]
    offers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StockNote:
    """Something about codes and offers that somebody should know; it holds nothing back.

    Args:
        kind: `short`, so many people get no code; `low`, what is left is less than what is given now; `ends`, so many codes
            are over before the offer or the message is; `offer`, an offer is over before its message may leave.
        name: of the pool; of the offer where the kind is `offer`.
        left: codes that nobody has afterwards.
        day: the last day of the code or offer, ISO; empty for none.
        until: the day to which it should last, ISO; empty for none.
    """

    kind: str
    name: str
    count: int = 0
    left: int = 0
    day: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many are left after a part of the gate.

    Args:
        name: `customers`, `meant`, `due`, `consent`, `reach`, `said`, `control`, `caps`.
        left: so many.
        reasons: what held back those who are not left, with how many each.
    """

    name: str
    left: int
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a campaign would do if it ran now.

    Args:
        as_of: the now it was looked at, ISO.
        runs_today: whether its days are today.
        next_on: the next day on which it runs, ISO; empty where none is near.
        funnel: from all customers to the messages.
        stock: pool → codes that nobody has.
        notes: of its codes and offers.
    """

    name: str
    as_of: str
    runs_today: bool
    next_on: str
    funnel: tuple[FunnelStep, ...]
    channels: tuple[ChannelPreview, ...]
    stock: Mapping[str, int]
    notes: tuple[StockNote, ...]


@dataclass(frozen=True, slots=True)
class StepTime:
    """When a step of a journey is due.

    Args:
        anchor: the date that it counts from; empty for the entry.
        offset: as written, `7d`; empty where it follows the step before it at once.
        before: it counts back from the anchor.
        weekday: to which it is moved on; empty where it stays.
        at: the time of day; empty for none.
    """

    anchor: str
    offset: str
    before: bool
    weekday: str
    at: str


@dataclass(frozen=True, slots=True)
class StepPreview:
    """What a step of a journey would do.

    Args:
        kind: `message`, `task` or `wait`.
        task: what is asked of staff, as written; empty for others.
        channels: of a message, by which it would go; empty for others, and where nobody enters.
    """

    name: str
    kind: str
    time: StepTime
    task: str
    channels: tuple[ChannelPreview, ...]


@dataclass(frozen=True, slots=True)
class JourneyPreview:
    """What the steps of a journey would say to those who meet its condition to enter.

    Args:
        as_of: the now it was looked at, ISO.
        entering: how many meet the condition.
    """

    name: str
    as_of: str
    entering: int
    steps: tuple[StepPreview, ...]


@dataclass(frozen=True, slots=True)
class BlockReport:
    """What a change of the block list did.

    Args:
        channel: `any` for all.
        changed: False where it was so already.
    """

    customer_key: str
    channel: str
    changed: bool


@dataclass(frozen=True, slots=True)
class BlockedCustomer:
    """Somebody on the block list; phones are masked."""

    customer_key: str
    name: str | None
    channel: str
    since: str
    actor: str
    note: str | None


@dataclass(frozen=True, slots=True)
class CampaignEntry:
    """How a campaign stands.

    Args:
        next_on: the next day on which it runs; empty where none is near.
        waiting: messages in drafts and approved batches.
        sent: messages that left the house.
    """

    name: str
    playbook: str
    priority: int
    channels: tuple[str, ...]
    next_on: str
    waiting: int
    sent: int
    withheld: int
    control: int


@dataclass(frozen=True, slots=True)
class MessageFate:
    """What became of a message that a campaign meant for a customer.

    Args:
        status: `planned`, `exported`, `withheld` or `cancelled`.
        reason: why it was withheld or cancelled; empty for none.
    """

    campaign: str
    planned_on: str
    batch_id: int
    batch_status: str
    channel: str
    status: str
    reason: str
    sender: str
    variant: str
    offer: str
    text: str
