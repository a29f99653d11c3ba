"""The policy: what no message passes round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.nodes import Mapping
from pdo.model.fields import Type
from pdo.model.outreach import CLOSED, Cap, Capacity, Channel, Guard, OutreachPolicy, QuietHours, Quota
from pdo.playbook import vocabulary
from pdo.playbook.attributes import attributes_of
from pdo.playbook.channels import CHANNELS
from pdo.playbook.plain import parse_clock, read_keyed, read_length, read_share, read_whole
from pdo.playbook.reading import (
    read_block,
    read_choice,
    read_fields,
    read_list,
    read_text,
    report_unknown,
    require,
)
from pdo.playbook.values import normalise

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from pdo.core.nodes import Node
    from pdo.playbook.reading import Reading

    Value = TypeVar("Value")


def read_policy(node: Node, reading: Reading) -> OutreachPolicy:
    """What no message passes round.

    Diagnostics:
        PB114 to PB118, PB202, PB301, PB302, PB314, PB342, PB343, PB515.
    """
    mapping = read_block(node, "policy", reading)
    if mapping is None:
        return OutreachPolicy()
    fields = read_fields(mapping, vocabulary.POLICY_KEYS, "policy", reading)
    return OutreachPolicy(
        consent=_read_consent(fields["consent"], reading) if "consent" in fields else {},
        quiet_hours=_read_quiet(fields["quiet_hours"], reading) if "quiet_hours" in fields else None,
        caps=tuple(cap for cap in _each_cap(fields["caps"], reading) if cap is not None) if "caps" in fields else (),
        quota=_read_quota(fields["quota"], reading) if "quota" in fields else {},
        capacity=_read_capacity(fields["capacity"], reading) if "capacity" in fields else None,
        guard=_read_guard(fields["guard"], reading) if "guard" in fields else Guard(),
    )


def read_caps(node: Node, reading: Reading) -> tuple[Cap, ...] | None:
    """`[{channel: any, max: 1, per: 1d}]`; None where one cannot be read.

    Diagnostics:
        PB114 to PB118, PB301, PB302, PB314.
    """
    caps = _each_cap(node, reading)
    complete = tuple(cap for cap in caps if cap is not None)
    return complete if caps and len(complete) == len(caps) else None


def _each_cap(node: Node, reading: Reading) -> list[Cap | None]:
    return [_read_cap(item, reading) for item in read_list(node, "caps", reading) or ()]


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
    limit = read_whole(limit_node, "max", reading) if limit_node is not None else None
    per = read_length(per_node, "per", reading) if per_node is not None else None
    return None if channel is None or limit is None or per is None else Cap(channel, limit, per, mapping.span)


def _by_channel(node: Node, place: str, read: Callable[[Node], Value | None], reading: Reading) -> dict[Channel, Value]:
    mapping = read_keyed(node, place, f"{place}: {{wecom: …}}", reading)
    found: dict[Channel, Value] = {}
    for entry in mapping.entries if mapping else ():
        if entry.key.text not in CHANNELS:
            report_unknown("PB314", entry.key.span, entry.key.text, CHANNELS, reading.findings, place=place)
            continue
        value = read(entry.value)
        if value is not None:
            found.setdefault(Channel(entry.key.text), value)
    return found


def _read_consent(node: Node, reading: Reading) -> dict[Channel, str]:
    columns = attributes_of(reading)
    usable = [name for name, column in columns.items() if column.type is Type.BOOLEAN]

    def read(value: Node) -> str | None:
        name = read_text(value, "consent", reading)
        if name is None or name in usable:
            return name
        if name in columns:
            reading.findings.add("PB515", value.span, name=name, known=", ".join(usable))
        else:
            report_unknown("PB202", value.span, name, usable, reading.findings)
        return None

    found = _by_channel(node, "consent", read, reading)
    empty = isinstance(node, Mapping) and not node.entries
    # What could not be read closes nothing, so that not every message by SMS is told, too.
    return found if found or empty else dict.fromkeys(CLOSED, "")


def _read_quiet(node: Node, reading: Reading) -> QuietHours | None:
    text = read_text(node, "quiet_hours", reading)
    if text is None:
        return None
    start, dots, end = normalise(text).partition("..")
    first, last = parse_clock(start.strip()), parse_clock(end.strip())
    if not dots or first is None or last is None or first == last:
        reading.findings.add("PB343", node.span, variant="range", value=text)
        return None
    return QuietHours(first % (24 * 60), last)


def _read_quota(node: Node, reading: Reading) -> dict[Channel, Quota]:
    def read(value: Node) -> Quota | None:
        text = read_choice(value, "quota", tuple(each.value for each in Quota), reading)
        return None if text is None else Quota(text)

    return _by_channel(node, "quota", read, reading)


def _read_capacity(node: Node, reading: Reading) -> Capacity | None:
    mapping = read_block(node, "capacity", reading)
    if mapping is None:
        return None
    per_node = require(
        {entry.key.text: entry.value for entry in mapping.entries},
        "per",
        mapping.span,
        "capacity: {one_to_one: 30, per: 1d}",
        reading,
    )
    per = read_length(per_node, "per", reading) if per_node is not None else None
    rest = _without(mapping, "per")
    found = _by_channel(rest, "capacity", lambda value: read_whole(value, "capacity", reading), reading)
    return None if per is None or not found else Capacity(found, per)


def _without(mapping: Mapping, key: str) -> Mapping:
    entries = tuple(entry for entry in mapping.entries if entry.key.text != key)
    return Mapping(entries, mapping.span, mapping.flow)


def _read_guard(node: Node, reading: Reading) -> Guard:
    mapping = read_block(node, "guard", reading)
    fields = read_fields(mapping, vocabulary.GUARD_KEYS, "guard", reading) if mapping is not None else {}
    changed, messages, age, shrink = (fields.get(key) for key in vocabulary.GUARD_KEYS)
    return Guard(
        read_share(changed, "max_share_changed", reading) if changed is not None else None,
        read_whole(messages, "max_messages", reading) if messages is not None else None,
        read_length(age, "max_data_age", reading, calendar=False) if age is not None else None,
        read_share(shrink, "max_shrink", reading) if shrink is not None else None,
    )
