"""What is sent to customers: offers, contents, campaigns, journeys and the policy, as they are written and checked."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Duration


class Channel(StrEnum):
    """By what a message goes.

    `wecom` (群发), `chat` and `moments` are one text to many; `one_to_one` is sent by hand from the task sheet, `sms` and `call`
    need consent in writing, `webhook` and `file` go to the company's own systems.
    """

    WECOM = "wecom"
    ONE_TO_ONE = "one_to_one"
    CHAT = "chat"
    MOMENTS = "moments"
    SMS = "sms"
    CALL = "call"
    WEBHOOK = "webhook"
    FILE = "file"


BROADCAST = frozenset((Channel.WECOM, Channel.CHAT, Channel.MOMENTS))
"""One text to many: a variable that differs from person to person cannot be said there."""

CLOSED = frozenset((Channel.SMS, Channel.CALL))
"""Closed unless the policy names the consent that opens them; friendship, membership or the own system opens the others."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with variables in `{{ }}`.

    Args:
        text: as written.
        variables: what it shows, each once, in order: attributes, metrics, scores, `today`, `offer.name`, `content.标题`.
        span: where it stands.
    """

    text: str
    variables: tuple[str, ...]
    span: Span


# Offers and contents ----------------------------------------------------------------------------------------------------


class CouponSource(StrEnum):
    """Where codes come from: a pool that we hold, or a list for the shop system, which issues them."""

    POOL = "pool"
    GRANT = "grant"


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon of an offer.

    Args:
        name: of the pool, as in the column `offer` of imported coupons, or its file; of the grant, as the shop system calls it.
        codes: of a pool that is a file, in its order; empty for others.
    """

    source: CouponSource
    name: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be offered (权益).

    Units: price and cost are minor units.

    Args:
        coupon: None where there is no code.
        product: what is sold; empty for none.
        price: of the product; None where none is said.
        redeem: how it is had: 门店自提, 包邮; empty for unsaid.
        valid: for so long from the planned day on; None for no end.
        cost: what one costs us; None where unknown.
    """

    name: str
    playbook: str
    coupon: Coupon | None
    product: str
    price: int | None
    redeem: str
    valid: Duration | None
    cost: int | None
    span: Span

    @property
    def variables(self) -> tuple[str, ...]:
        """What texts may say of it, as `offer.name`."""
        told = {
            "code": self.coupon is not None and self.coupon.source is CouponSource.POOL,
            "product": bool(self.product),
            "price": self.price is not None,
            "redeem": bool(self.redeem),
            "until": self.valid is not None,
        }
        return ("offer.name", *(f"offer.{name}" for name, given in told.items() if given))


OFFER_VARIABLES = ("offer.name", "offer.code", "offer.product", "offer.price", "offer.redeem", "offer.until")
"""All that texts may say of offers; which of them an offer has it says itself."""

PERSONAL_OFFER_VARIABLES = frozenset(("offer.code",))
"""Those that differ from person to person."""


class MatchKind(StrEnum):
    """What a column of a content table is compared with."""

    STAGE = "stage"
    TAG = "tag"
    SEGMENT = "segment"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class Match:
    """A column of a content table that says for whom a row is.

    Args:
        column: of the table.
        name: of the lifecycle or the attribute; empty for tags and segments, whose names stand in the cells.
    """

    column: str
    kind: MatchKind
    name: str = ""


class ContentOrder(StrEnum):
    """Which row a customer gets: the one that fits best, the next in turn, or the one of the day."""

    MATCH = "match"
    ROTATION = "rotation"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class ContentRow:
    """One text of a content table.

    Args:
        key: what tells it from the others, for `never_repeat`: its `编号`, else a digest of all its cells.
        text: what is said.
        offer: that goes with it; empty for none.
        day: the day number it is for, by `date`; None otherwise.
        wanted: column → what the customer must have one of; columns that fit everybody are not in it.
        cells: all of them by header, for `content.标题`.
        span: its line.
    """

    key: str
    text: Template
    offer: str
    day: int | None
    wanted: Mapping[str, tuple[str, ...]]
    cells: Mapping[str, str]
    span: Span


@dataclass(frozen=True, slots=True)
class Content:
    """What may be said (素材), as a table that ops keep.

    The row of a customer is the one with most wanted cells that hold, all of which must; ties by line.

    Args:
        path: as written, relative to `pdo.yaml`.
        rows: in file order.
        matches: in written order; empty by rotation and date.
        never_repeat: the same row to the same person not within so long; None may repeat.
        otherwise: what is said where no row fits; None says nothing, with that reason.
    """

    name: str
    playbook: str
    path: str
    order: ContentOrder
    rows: tuple[ContentRow, ...]
    matches: tuple[Match, ...]
    never_repeat: Duration | None
    otherwise: Template | None
    span: Span


# What is said -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Body:
    """What one message says: a text or a row of contents, and what it offers.

    Args:
        text: None where contents say it.
        content: the name of the contents; empty for none.
        offer: the name of the offer; empty for none.
    """

    text: Template | None
    content: str
    offer: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of `choose`; the first that holds is taken.

    Args:
        when: None for `otherwise`.
        body: None where nothing is sent.
        skip: why nothing is sent; empty where something is.
    """

    when: Condition | None
    body: Body | None
    skip: str
    span: Span


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several texts that are compared; who gets which is drawn by weight and stays so."""

    name: str
    weight: int
    body: Body
    span: Span


Said = Body | tuple[Choice, ...] | tuple[Variant, ...]
"""What is said: the same to everybody, by choice, or by chance; never an empty tuple."""


@dataclass(frozen=True, slots=True)
class Days:
    """When something runs: on any of these days.

    Args:
        weekdays: 0 is Monday.
        dates: day numbers.
        festivals: keys of `FESTIVALS`.
    """

    weekdays: frozenset[int] = frozenset()
    dates: tuple[int, ...] = ()
    festivals: tuple[str, ...] = ()


WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")

FESTIVALS = (
    "元旦",
    "除夕",
    "春节",
    "元宵",
    "情人节",
    "妇女节",
    "清明",
    "劳动节",
    "母亲节",
    "儿童节",
    "端午",
    "父亲节",
    "618",
    "七夕",
    "教师节",
    "中秋",
    "国庆",
    "重阳",
    "双11",
    "双12",
    "圣诞",
)
"""Days that `on` may name."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What counts as success: the condition holds within so long after the message."""

    within: Duration
    when: Condition


@dataclass(frozen=True, slots=True)
class OutreachCampaign:
    """A campaign, whole.

    Args:
        to: who; a segment's name has become a `SegmentTest`.
        channels: by which it goes: the first by which the person may be reached.
        sender: `owner`, `manager`, `robot` or a staff id; empty for nobody in particular.
        days: when it runs; None every run.
        at: minutes after midnight of the project's zone; None at once.
        every: the same person at most so often; None once ever.
        priority: 1 goes first, ties by name.
        control: held back to measure, in hundredths of a percent; 0 for nobody.
        goal: None where nothing is measured.
        valid: a draft and a message expire after so long; None at the end of the planned day.
        approval: `manual` or `auto`.
        exclusive: of the campaigns of a group a person gets one; empty for none.
        caps: of this campaign alone, besides the policy's.
    """

    name: str
    playbook: str
    to: Condition
    channels: tuple[Channel, ...]
    sender: str
    said: Said
    days: Days | None
    at: int | None
    every: Duration | None
    priority: int
    control: int
    goal: Goal | None
    valid: Duration | None
    approval: str
    exclusive: str
    caps: tuple[Cap, ...]
    span: Span


# Journeys ---------------------------------------------------------------------------------------------------------------


class AgainKind(StrEnum):
    """Whether who has been in a journey may enter again."""

    NEVER = "never"
    AFTER = "after"
    EACH_ANNIVERSARY = "each anniversary"
    EACH_ANCHOR = "each anchor"


@dataclass(frozen=True, slots=True)
class Again:
    """When somebody may enter again.

    Args:
        after: so long after the last entry; None unless the kind is `AFTER`.
    """

    kind: AgainKind
    after: Duration | None = None


class Late(StrEnum):
    """What happens to a step whose time has passed unseen."""

    SEND = "send"
    SKIP = "skip"
    NEXT_WINDOW = "next_window"


@dataclass(frozen=True, slots=True)
class StepMessage:
    """A message of a journey."""

    channels: tuple[Channel, ...]
    sender: str
    said: Said


@dataclass(frozen=True, slots=True)
class StepTask:
    """Something that staff is asked to do.

    Args:
        due: by when; None for no end.
    """

    text: Template
    due: Duration | None


@dataclass(frozen=True, slots=True)
class Wait:
    """Waiting until a customer does something.

    Args:
        until: what.
        timeout: no longer than this.
        on_timeout: the step that follows then; empty for the next one.
    """

    until: Condition
    timeout: Duration
    on_timeout: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a journey.

    Args:
        name: unique in the journey; its number where it has none.
        offset: so long after the entry or the anchor; None at once.
        before: the offset counts back from the anchor.
        weekday: moved on to that weekday, 0 is Monday; None stays.
        at: minutes after midnight; None at once.
        when: only for whom this holds at that time; None for all.
        action: what is done.
    """

    name: str
    offset: Duration | None
    before: bool
    weekday: int | None
    at: int | None
    when: Condition | None
    action: StepMessage | StepTask | Wait
    span: Span


@dataclass(frozen=True, slots=True)
class Journey:
    """Steps in time (SOP).

    Args:
        enter: who enters, on the edge: holds now, did not at the playbook's last run.
        existing: who holds already on the first night enters too.
        anchor: the date of the customer that steps count from; empty for the entry.
        exit: who leaves before the end; None for nobody.
        end_tag: put on whoever has been through; empty for none.
    """

    name: str
    playbook: str
    enter: Condition
    existing: bool
    again: Again
    anchor: str
    exit: Condition | None
    late: Late
    steps: tuple[Step, ...]
    end_tag: str
    span: Span


# Policy -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `max` messages a customer in `per`, on a channel or on any."""

    channel: str
    max: int
    per: Duration
    span: Span


class Quota(StrEnum):
    """How often the platform lets a customer be sent to: as many a month as it has days, 7 a week, 1 a day."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Nothing is sent then; half open and across midnight where the end is not later than the start.

    Units: minutes after midnight of the project's zone.
    """

    start: int
    end: int

    def includes(self, minute: int) -> bool:
        """Whether a time of day is quiet."""
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    def __str__(self) -> str:
        """As written: `21:00..09:00`."""
        return f"{clock(self.start)}..{clock(self.end)}"


def clock(minute: int) -> str:
    """A time of day as written: `09:30`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many a guide can do by channel in so long; the rest waits by priority."""

    by_channel: Mapping[Channel, int]
    per: Duration


@dataclass(frozen=True, slots=True)
class Guard:
    """What stops a run. None never stops it.

    Units: shares are hundredths of a percent.

    Args:
        max_share_changed: of those who had something, so many may lose it or be moved.
        max_messages: in one run.
        max_data_age: since the last import.
        max_shrink: of the customers, so many may be missing.
    """

    max_share_changed: int | None = None
    max_messages: int | None = None
    max_data_age: Duration | None = None
    max_shrink: int | None = None


@dataclass(frozen=True, slots=True)
class OutreachPolicy:
    """What no message passes round (触达管控), whole.

    Args:
        consent: channel → the attribute of consent that opens it.
        quiet_hours: None for none.
        caps: in written order.
        quota: channel → what the tenant allows.
        capacity: None for no limit.
        guard: of runs.
    """

    consent: Mapping[Channel, str] = field(default_factory=dict)
    quiet_hours: QuietHours | None = None
    caps: tuple[Cap, ...] = ()
    quota: Mapping[Channel, Quota] = field(default_factory=dict)
    capacity: Capacity | None = None
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True)
class Outreach:
    """All that a project sends."""

    offers: Mapping[str, Offer] = field(default_factory=dict)
    contents: Mapping[str, Content] = field(default_factory=dict)
    campaigns: Mapping[str, OutreachCampaign] = field(default_factory=dict)
    journeys: Mapping[str, Journey] = field(default_factory=dict)
    policy: OutreachPolicy = OutreachPolicy()
