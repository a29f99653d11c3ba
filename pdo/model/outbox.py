"""What is between a playbook and a message: sources, the people they mean, and what a run makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.core.late import late
from pdo.core.source import Span
from pdo.model.outreach import Body

if TYPE_CHECKING:
    import hashlib

    import pyarrow as pa

    from pdo.model.conditions import Duration
    from pdo.model.outreach import Cap, Channel, Content, Goal, Offer, Outreach, OutreachCampaign, Said
else:
    hashlib = late("hashlib")


BY_HAND = ("one_to_one", "call")
"""Channels by which a colleague reaches one person after another; their messages leave with the task sheets."""


class Reason(StrEnum):
    """Why a message is held back (被拦截). Each has exactly one: the first that applies, in this order.

    What may be added in `reason` stands behind a colon: which cap, which variable.
    """

    BLOCKED = "blocked"
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    NOT_FRIEND = "not_friend"
    NOT_MEMBER = "not_member"
    NO_ADDRESS = "no_address"
    NO_SENDER = "no_sender"
    SKIPPED = "skipped"
    NO_CONTENT = "no_content"
    MISSING_VALUE = "missing_value"
    TOO_LONG = "too_long"
    CONTROL = "control"
    EXCLUSIVE = "exclusive"
    LATE = "late"
    QUIET_HOURS = "quiet_hours"
    CAMPAIGN_CAP = "campaign_cap"
    CAP = "cap"
    QUOTA = "quota"
    CAPACITY = "capacity"
    NO_CODE = "no_code"


EDITED = "edited"
"""Why a message that never left was cancelled: what it was made for was edited. It is made anew."""


@dataclass(frozen=True, slots=True)
class Source:
    """What messages are made for: a campaign, or a step of a journey that sends.

    Args:
        name: of the campaign; of a step `journey/step`. Messages are unique by it, customer and day.
        journey: empty for a campaign.
        channels: the first by which a person may be reached is taken.
        sender: `owner`, `manager`, `robot` or a staff id; empty for nobody in particular.
        at: minutes after midnight; None at once.
        priority: 1 goes first, ties by name.
        control: hundredths of a percent.
        valid: how long a message may wait; None to the end of its day.
        approval: `manual` or `auto`.
        exclusive: of the sources of a group a person gets one; empty for none.
        caps: of this source alone.
        every: the same person at most so often; None once ever.
        repeats: `every` is not asked: who enters a journey again gets its steps again.
        goal: None where nothing is measured.
        digest: of the definition; an edit changes it.
    """

    name: str
    playbook: str
    journey: str
    channels: tuple[Channel, ...]
    sender: str
    said: Said
    at: int | None
    priority: int
    control: int
    valid: Duration | None
    approval: str
    exclusive: str
    caps: tuple[Cap, ...]
    every: Duration | None
    repeats: bool
    goal: Goal | None
    digest: str


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a source means in this run.

    Args:
        table: of the engine, one row a customer: `~cust`; `entry`, the entry into the journey, NULL for a campaign; `reason`, a
            reason that is known before, NULL for none.
        days: the local days on which it means anybody, where examples lie side by side each with its own; None for all.
    """

    source: Source
    table: str
    days: tuple[int, ...] | None = None


MESSAGE_COLUMNS = (
    "customer_id",
    "customer_key",
    "entry",
    "sender",
    "reason",
    "text",
    "variant",
    "offer",
    "pool",
    "code",
    "content",
    "content_row",
    "planned_at",
    "fallbacks",
)
"""Of the rows of a `PlannedBatch`: whole numbers are `customer_id`, `entry` and `planned_at`; `reason` is NULL for what goes;
`fallbacks` names the variables for which a text says its default, with commas."""


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """The messages of one source by one channel for one day.

    Args:
        planned_on: the local day.
        rows: an Arrow table of `MESSAGE_COLUMNS`, by natural key of the customer; those withheld too, with an empty text.
        reasons: how many are withheld for what.
    """

    source: Source
    channel: Channel
    planned_on: int
    rows: pa.Table
    reasons: Mapping[str, int]

    @property
    def campaign(self) -> str:
        """The campaign, or `journey/step`."""
        return self.source.name

    @property
    def withheld(self) -> int:
        """How many the gate holds back."""
        return sum(self.reasons.values())

    @property
    def planned(self) -> int:
        """How many would go out."""
        return int(self.rows.num_rows) - self.withheld

    @property
    def is_approved(self) -> bool:
        """Whether nobody need look at it first."""
        return self.source.approval == "auto"


def campaign_source(campaign: OutreachCampaign, outreach: Outreach) -> Source:
    """A campaign as a source of messages.

    Args:
        outreach: the project's, for the offers and contents that it names.
    """
    return Source(
        name=campaign.name,
        playbook=campaign.playbook,
        journey="",
        channels=campaign.channels,
        sender=campaign.sender,
        said=campaign.said,
        at=campaign.at,
        priority=campaign.priority,
        control=campaign.control,
        valid=campaign.valid,
        approval=campaign.approval,
        exclusive=campaign.exclusive,
        caps=campaign.caps,
        every=campaign.every,
        repeats=False,
        goal=campaign.goal,
        digest=digest_of(campaign, *said_with(campaign.said, outreach)),
    )


def bodies_of(said: Said) -> tuple[Body, ...]:
    """All that may be said, in written order."""
    if isinstance(said, Body):
        return (said,)
    return tuple(one.body for one in said if one.body is not None)


def said_with(said: Said, outreach: Outreach) -> tuple[Offer | Content, ...]:
    """The offers and contents that something that is said names, in written order."""
    found: dict[str, Offer | Content] = {}
    for body in bodies_of(said):
        if body.offer:
            found[f"offer {body.offer}"] = outreach.offers[body.offer]
        if body.content:
            content = outreach.contents[body.content]
            found[f"content {body.content}"] = content
            found |= {f"offer {row.offer}": outreach.offers[row.offer] for row in content.rows if row.offer}
    return tuple(found.values())


def digest_of(*parts: object) -> str:
    """What tells one definition from another, wherever it stands: the first 16 hexadecimal digits of a sha256."""
    return hashlib.sha256(repr([_plain(part) for part in parts]).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _plain(value: object) -> object:
    """A part of the model as something whose `repr` is the same in every process; places in files are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: getattr(value, one.name) for one in fields(value)}
        told = {name: _plain(part) for name, part in parts.items() if not isinstance(part, Span)}
        return type(value).__name__, sorted(told.items())
    if isinstance(value, Mapping):
        return [(_plain(key), _plain(part)) for key, part in value.items()]
    if isinstance(value, (frozenset, set)):
        return sorted((_plain(part) for part in value), key=repr)
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, StrEnum) else value


FUNNEL: Mapping[str, frozenset[Reason]] = MappingProxyType(
    {
        "consent": frozenset((Reason.BLOCKED, Reason.OPTED_OUT, Reason.NO_CONSENT)),
        "reach": frozenset((Reason.NOT_FRIEND, Reason.NOT_MEMBER, Reason.NO_ADDRESS, Reason.NO_SENDER)),
        "said": frozenset((Reason.SKIPPED, Reason.NO_CONTENT, Reason.MISSING_VALUE, Reason.TOO_LONG)),
        "control": frozenset((Reason.CONTROL,)),
        "caps": frozenset(
            (
                Reason.EXCLUSIVE,
                Reason.LATE,
                Reason.QUIET_HOURS,
                Reason.CAMPAIGN_CAP,
                Reason.CAP,
                Reason.QUOTA,
                Reason.CAPACITY,
                Reason.NO_CODE,
            )
        ),
    }
)
"""Parts of the gate in the order in which people think of them, each with the reasons of that part; every reason is in one."""
