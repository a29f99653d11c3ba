"""Campaigns and the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.nodes import Node, Scalar
from pdo.model.conditions import Everyone, SegmentTest
from pdo.model.playbook import Campaign, Cap, Policy
from pdo.playbook import vocabulary
from pdo.playbook.certainty import what_is_certain
from pdo.playbook.conditions import read_condition, read_known
from pdo.playbook.measures import read_duration
from pdo.playbook.plain import read_whole as read_count
from pdo.playbook.reading import (
    read_block,
    read_choice,
    read_fields,
    read_list,
    read_text,
    require,
)
from pdo.playbook.templates import check_template

if TYPE_CHECKING:
    from pdo.model.conditions import Condition, Duration
    from pdo.playbook.certainty import Blocks
    from pdo.playbook.reading import Defined, Reading

DEFAULT_PRIORITY = 100
CHANNELS = ("file",)


# Campaigns --------------------------------------------------------------------------------------------------------


def read_campaign(block: Defined, blocks: Blocks, reading: Reading) -> Campaign | None:
    """A message to some customers.

    Diagnostics:
        PB114 to PB118, PB201, PB302, PB314, PB5xx, and what its condition notes.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.CAMPAIGN_KEYS, "campaigns", reading)
    later = any(entry.key.text in ("choose", "variants", "content") for entry in mapping.entries)
    to_node = require(fields, "to", block.key.span, "to: 高价值将流失", reading)
    to = read_audience(to_node, reading) if to_node is not None else None
    channel_node = require(fields, "channel", block.key.span, "channel: file", reading)
    channel = read_choice(channel_node, "channel", CHANNELS, reading) if channel_node is not None else None
    text = None
    text_node = fields.get("text")
    if text_node is None and not later:
        require(fields, "text", block.key.span, "text: \"{{ name | default('您') }}，好久不见\"", reading)
    if text_node is not None:
        text = read_text(text_node, "text", reading)
        if text is not None and isinstance(text_node, Scalar):
            check_template(text_node, what_is_certain(to, blocks), blocks.metrics, reading)
    every, readable = _read_every(fields.get("every"), reading)
    choices = ("manual", "auto")
    approval = read_choice(fields["approval"], "approval", choices, reading) if "approval" in fields else "manual"
    priority = read_count(fields["priority"], "priority", reading) if "priority" in fields else DEFAULT_PRIORITY
    if to is None or channel is None or text is None or approval is None or priority is None or not readable:
        return None
    span = text_node.span if text_node is not None else block.key.span
    return Campaign(block.name, block.playbook, to, channel, text, span, every, approval, priority, block.key.span)


def _read_every(node: Node | None, reading: Reading) -> tuple[Duration | None, bool]:
    if node is None:
        return None, True
    text = read_text(node, "every", reading)
    if text is None or text == "once":
        return None, text is not None
    duration = read_duration(node, text, reading, calendar=True)
    return duration, duration is not None


def read_audience(node: Node, reading: Reading) -> Condition | None:
    """Whom a message is for: a segment's name or a condition.

    Diagnostics:
        PB201, and what a condition notes.
    """
    if isinstance(node, Scalar) and not node.is_empty:
        if node.text.strip() == "everyone":
            return Everyone(node.span)
        names = read_known(node, "segment", reading)
        return None if names is None else SegmentTest(names, node.span)
    return read_condition(node, "to", reading)


# Policy -----------------------------------------------------------------------------------------------------------


def read_policy(node: Node, reading: Reading) -> Policy:
    """What no message passes round.

    Diagnostics:
        PB114 to PB118, PB301, PB302, PB314.
    """
    mapping = read_block(node, "policy", reading)
    fields = read_fields(mapping, vocabulary.POLICY_KEYS, "policy", reading) if mapping is not None else {}
    caps = []
    for item in (read_list(fields["caps"], "caps", reading) or ()) if "caps" in fields else ():
        cap = _read_cap(item, reading)
        caps.extend([cap] if cap is not None else [])
    return Policy(tuple(caps))


def _read_cap(node: Node, reading: Reading) -> Cap | None:
    mapping = read_block(node, "caps", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.CAP_KEYS, "caps", reading)
    example = "{channel: any, max: 1, per: 1d}"
    limit_node = require(fields, "max", mapping.span, example, reading)
    per_node = require(fields, "per", mapping.span, example, reading)
    channel: str | None = "any"
    if "channel" in fields:
        channel = read_choice(fields["channel"], "channel", ("any", *CHANNELS), reading)
    limit = read_count(limit_node, "max", reading) if limit_node is not None else None
    text = read_text(per_node, "per", reading) if per_node is not None else None
    per = read_duration(per_node, text, reading, calendar=True) if per_node is not None and text else None
    if channel is None or limit is None or per is None:
        return None
    return Cap(channel, limit, per, mapping.span)
