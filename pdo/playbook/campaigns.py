"""Campaigns: a message to some customers, now and then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pdo.core.nodes import Node, Scalar
from pdo.model.conditions import Anchor, Everyone, SegmentTest
from pdo.model.outreach import CLOSED, Goal, OutreachCampaign
from pdo.playbook import vocabulary
from pdo.playbook.channels import read_channels, read_sender
from pdo.playbook.conditions import read_condition, read_known
from pdo.playbook.days import read_days_of
from pdo.playbook.plain import read_clock, read_keyed, read_length, read_share, read_whole
from pdo.playbook.policy import read_caps
from pdo.playbook.reading import read_block, read_choice, read_fields, read_text, require
from pdo.playbook.said import Audience, read_said
from pdo.playbook.values import WHOLE

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Duration
    from pdo.model.outreach import Channel, Days, OutreachPolicy
    from pdo.playbook.reading import Defined, Reading
    from pdo.playbook.said import Sending

DEFAULT_PRIORITY = 100


@dataclass(frozen=True, slots=True)
class _Plain:
    """The values of a campaign that stand by themselves."""

    every: Duration | None
    at: int | None
    days: Days | None
    priority: int | None
    control: int | None
    valid: Duration | None
    approval: str | None
    exclusive: str | None


def read_campaign(block: Defined, sending: Sending, reading: Reading) -> OutreachCampaign | None:
    """A message to some customers.

    Diagnostics:
        PB114 to PB118, PB201, PB301, PB302, PB314, PB342, PB343, PB5xx, PB91x, and what its conditions note.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.CAMPAIGN_KEYS, "campaigns", reading)
    span = block.key.span
    to_node = require(fields, "to", span, "to: 高价值将流失", reading)
    to = read_audience(to_node, reading) if to_node is not None else None
    channel_node = require(fields, "channel", span, "channel: file", reading)
    channels = read_channels(channel_node, reading) if channel_node is not None else None
    sender = read_sender(fields.get("sender"), reading)
    audience = Audience(to, channels or (), sender or "")
    said = read_said(fields, span, audience, sending, reading)
    if channels and channel_node is not None:
        check_open(channels, channel_node.span, sending.policy, reading)
    plain = _read_plain(fields, sending.policy, reading)
    goal = _read_goal(fields["goal"], reading) if "goal" in fields else None
    caps = read_caps(fields["caps"], reading) if "caps" in fields else ()
    if to is None or not channels or sender is None or said is None or plain is None or caps is None:
        return None
    if "goal" in fields and goal is None:
        return None
    return OutreachCampaign(
        block.name,
        block.playbook,
        to,
        channels,
        sender,
        said,
        plain.days,
        plain.at,
        plain.every,
        plain.priority or DEFAULT_PRIORITY,
        plain.control or 0,
        goal,
        plain.valid,
        plain.approval or "manual",
        plain.exclusive or "",
        caps,
        span,
    )


def check_open(channels: tuple[Channel, ...], span: Span, policy: OutreachPolicy | None, reading: Reading) -> None:
    """Note a channel that no consent rule opens.

    Diagnostics:
        PB516.
    """
    for channel in channels:
        if channel in CLOSED and (policy is None or channel not in policy.consent):
            mended = f"consent: {{{channel.value}: {channel.value}_consent}}"
            reading.findings.add("PB516", span, name=channel.value, mended=mended)


def check_quiet(at: int | None, node: Node | None, policy: OutreachPolicy | None, reading: Reading) -> None:
    """Note a time of day at which nothing is sent.

    Diagnostics:
        PB517.
    """
    quiet = policy.quiet_hours if policy is not None else None
    if at is not None and node is not None and quiet is not None and quiet.includes(at):
        value = node.text if isinstance(node, Scalar) else ""
        reading.findings.add("PB517", node.span, value=value, quiet=str(quiet))


def _read_plain(fields: dict[str, Node], policy: OutreachPolicy | None, reading: Reading) -> _Plain | None:
    every, readable = _read_every(fields.get("every"), reading)
    at = read_clock(fields["at"], "at", reading) if "at" in fields else None
    check_quiet(at, fields.get("at"), policy, reading)
    choices = ("manual", "auto")
    plain = _Plain(
        every,
        at,
        read_days_of(fields["on"], reading) if "on" in fields else None,
        read_whole(fields["priority"], "priority", reading) if "priority" in fields else None,
        _read_control(fields["control"], reading) if "control" in fields else None,
        read_length(fields["valid"], "valid", reading) if "valid" in fields else None,
        read_choice(fields["approval"], "approval", choices, reading) if "approval" in fields else None,
        read_text(fields["exclusive"], "exclusive", reading) if "exclusive" in fields else None,
    )
    read = {
        "at": plain.at,
        "on": plain.days,
        "priority": plain.priority,
        "control": plain.control,
        "valid": plain.valid,
        "approval": plain.approval,
        "exclusive": plain.exclusive,
    }
    broken = any(value is None and key in fields for key, value in read.items())
    return plain if readable and not broken else None


def _read_every(node: Node | None, reading: Reading) -> tuple[Duration | None, bool]:
    if node is None:
        return None, True
    text = read_text(node, "every", reading)
    if text is None or text == "once":
        return None, text is not None
    duration = read_length(node, "every", reading)
    return duration, duration is not None


def _read_control(node: Node, reading: Reading) -> int | None:
    share = read_share(node, "control", reading)
    if share == WHOLE:
        reading.findings.add("PB342", node.span, variant="control", value="100%")
        return None
    return share


def _read_goal(node: Node, reading: Reading) -> Goal | None:
    example = "goal: {within: 7d, when: {orders: {since: message}}}"
    mapping = read_keyed(node, "goal", example, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.GOAL_KEYS, "goal", reading)
    within_node = require(fields, "within", mapping.span, example, reading)
    when_node = require(fields, "when", mapping.span, example, reading)
    within = read_length(within_node, "within", reading, calendar=False) if within_node is not None else None
    sees = replace(reading, anchors=reading.anchors | {Anchor.MESSAGE})
    when = read_condition(when_node, "when", sees) if when_node is not None else None
    return None if within is None or when is None else Goal(within, when)


def read_audience(node: Node, reading: Reading) -> Condition | None:
    """Whom a message is for: a segment's name or a condition.

    Diagnostics:
        PB201, and what a condition notes.
    """
    if isinstance(node, Scalar) and not node.is_empty:
        if node.text.strip() == "everyone":
            return Everyone(node.span)
        name, known = node.text.strip(), reading.names
        if name not in known.of("segment") and (name in known.of("tag") or name in known.stages):
            other = "tag" if name in known.of("tag") else "stage"
            reading.findings.add("PB201", node.span, variant="audience", name=name, kind="segment", other=other)
            return None
        names = read_known(node, "segment", reading)
        return None if names is None else SegmentTest(names, node.span)
    return read_condition(node, "to", reading)
