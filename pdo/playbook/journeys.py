"""Journeys (SOP): steps in time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pdo.core.nodes import Mapping, Node, Scalar
from pdo.model.conditions import All, Anchor, Duration, Unit
from pdo.model.fields import Type
from pdo.model.outreach import Again, AgainKind, Journey, Late, Step, StepMessage, StepTask, Wait
from pdo.playbook import vocabulary
from pdo.playbook.attributes import attributes_of
from pdo.playbook.campaigns import check_open, check_quiet
from pdo.playbook.certainty import what_is_certain
from pdo.playbook.channels import read_channels, read_sender
from pdo.playbook.conditions import read_condition, read_known
from pdo.playbook.days import read_weekday
from pdo.playbook.journey_sense import Outline, Sketch, check_steps, day_of
from pdo.playbook.plain import read_clock, read_keyed, read_length
from pdo.playbook.reading import (
    read_block,
    read_choice,
    read_fields,
    read_list,
    read_name,
    read_text,
    report_misread,
    report_twice,
    report_unknown,
    require,
)
from pdo.playbook.said import WAYS, Audience, read_said
from pdo.playbook.templates import check_template
from pdo.playbook.values import MisreadError, parse_duration

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Condition
    from pdo.playbook.reading import Defined, Reading
    from pdo.playbook.said import Sending

_MESSAGE = ("channel", "sender", "offer", *WAYS)
_ONLY = {"task": ("due",), "wait_for": ("timeout", "on")}


@dataclass(frozen=True, slots=True)
class _Around:
    """What a step needs to know of its journey.

    Args:
        enter: who has entered; None where that could not be read.
        anchored: whether steps count from a date that the customer has.
    """

    enter: Condition | None
    anchored: bool
    sending: Sending


def read_journey(block: Defined, sending: Sending, reading: Reading) -> Journey | None:
    """Steps in time.

    Diagnostics:
        PB114 to PB118, PB201, PB202, PB302, PB308, PB314, PB343, PB5xx, PB91x, and what its conditions note.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.JOURNEY_KEYS, "journeys", reading)
    span = block.key.span
    inside = replace(reading, anchors=reading.anchors | {Anchor.ENTRY}, journey=block.name)
    enter_node = require(fields, "enter", span, "enter: {stage: 新客户}", reading)
    enter = read_condition(enter_node, "enter", reading) if enter_node is not None else None
    leaves = read_condition(fields["exit"], "exit", inside) if "exit" in fields else None
    anchor = _read_anchor(fields["anchor"], reading) if "anchor" in fields else ""
    existing: str | None = "skip"
    if "existing" in fields:
        existing = read_choice(fields["existing"], "existing", ("skip", "enter"), reading)
    late: str | None = Late.NEXT_WINDOW.value
    if "late" in fields:
        late = read_choice(fields["late"], "late", tuple(each.value for each in Late), reading)
    again = _read_again(fields["again"], anchor or "", reading) if "again" in fields else Again(AgainKind.NEVER)
    end_tag = _read_end(fields["end"], sending, reading) if "end" in fields else ""
    steps_node = require(fields, "steps", span, '[{after: 0d, at: "10:00", channel: file, text: 您好}]', reading)
    steps = None
    if steps_node is not None:
        around = _Around(enter, anchored=bool(anchor) or anchor is None, sending=sending)
        sketches, steps = _read_steps(steps_node, around, inside)
        caps = sending.policy.caps if sending.policy is not None else ()
        check_steps(Outline(enter, leaves, anchor, again, sketches), caps, reading)
    if enter is None or steps is None or anchor is None or existing is None or late is None:
        return None
    if again is None or end_tag is None or ("exit" in fields and leaves is None):
        return None
    return Journey(
        block.name,
        block.playbook,
        enter,
        existing == "enter",
        again,
        anchor,
        leaves,
        Late(late),
        steps,
        end_tag,
        span,
    )


def _read_anchor(node: Node, reading: Reading) -> str | None:
    name = read_text(node, "anchor", reading)
    if name is None:
        return None
    columns = attributes_of(reading)
    usable = [each.name for each in columns.values() if each.type in (Type.DATE, Type.INSTANT)]
    if name in usable:
        return name
    if name in columns:
        reading.findings.add("PB348", node.span, variant="date", name=name)
    else:
        report_unknown("PB202", node.span, name, usable, reading.findings)
    return None


def _read_again(node: Node, anchor: str, reading: Reading) -> Again | None:
    text = read_text(node, "again", reading)
    if text is None:
        return None
    words = " ".join(text.lower().split())
    fixed = {kind.value: kind for kind in AgainKind if kind is not AgainKind.AFTER}
    if words in fixed:
        kind = fixed[words]
        if kind in (AgainKind.EACH_ANNIVERSARY, AgainKind.EACH_ANCHOR) and not anchor:
            reading.findings.add("PB117", node.span, variant="anchor", name="anchor", example="anchor: birthday")
            return None
        return Again(kind)
    if not words[:1].isdigit():
        report_unknown("PB314", node.span, text, (*fixed, "90d"), reading.findings, place="again")
        return None
    after = read_length(node, "again", reading)
    return None if after is None else Again(AgainKind.AFTER, after)


def _read_end(node: Node, sending: Sending, reading: Reading) -> str | None:
    mapping = read_keyed(node, "end", "end: {tag: 首单未转化}", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, ("tag",), "end", reading)
    tag_node = require(fields, "tag", mapping.span, "end: {tag: 首单未转化}", reading)
    if tag_node is None or read_text(tag_node, "tag", reading) is None:
        return None
    names = read_known(tag_node, "tag", reading)
    if not names:
        return None
    tag = sending.blocks.tags.get(names[0])
    if tag is not None and (tag.when is not None or tag.column):
        reading.findings.add("PB519", tag_node.span, name=names[0])
        return None
    return names[0]


# Steps ------------------------------------------------------------------------------------------------------------


def _read_steps(node: Node, around: _Around, reading: Reading) -> tuple[tuple[Sketch, ...], tuple[Step, ...] | None]:
    """The steps, None where one of them cannot be read, and what could be read of each."""
    items = read_list(node, "steps", reading)
    if items is None:
        return (), None
    sketches: list[Sketch] = []
    found: list[Step | None] = []
    places: dict[str, Span] = {}
    jumps: list[tuple[str, Span, int]] = []
    for number, item in enumerate(items, 1):
        mapping = read_block(item, "steps", reading)
        if mapping is None:
            found.append(None)
            continue
        sketch, step = _read_step(number, mapping, around, reading)
        sketches.append(sketch)
        found.append(step)
        name_node = mapping.get("name")
        name = step.name if step is not None else name_node.text if isinstance(name_node, Scalar) else ""
        place = name_node.span if isinstance(name_node, Scalar) else mapping.span
        if name and name in places:
            report_twice("PB520", place, places[name], name, reading)
        places.setdefault(name or str(number), place)
        if step is not None and isinstance(step.action, Wait) and step.action.on_timeout:
            jumps.append((step.action.on_timeout, _jump_in(mapping).span, number))
    _check_jumps(jumps, tuple(places), reading)
    complete = tuple(step for step in found if step is not None)
    return tuple(sketches), complete if len(complete) == len(found) else None


def _jump_in(mapping: Mapping) -> Node:
    """Where a step names the one that a timeout leads to."""
    outcomes = mapping.get("on")
    target = outcomes.get("timeout") if isinstance(outcomes, Mapping) else None
    return mapping if target is None else target


def _check_jumps(jumps: list[tuple[str, Span, int]], names: tuple[str, ...], reading: Reading) -> None:
    for name, span, number in jumps:
        if name not in names:
            report_unknown("PB201", span, name, names, reading.findings, kind="step")
        elif names.index(name) < number:
            reading.findings.add("PB520", span, variant="back", name=name)


def _read_step(number: int, mapping: Mapping, around: _Around, reading: Reading) -> tuple[Sketch, Step | None]:
    fields = read_fields(mapping, vocabulary.STEP_KEYS, "steps", reading)
    name = _read_step_name(fields["name"], reading) if "name" in fields else str(number)
    offset, before = _read_offset(fields, around, reading)
    weekday = read_weekday(fields["weekday"], reading) if "weekday" in fields else None
    at = read_clock(fields["at"], "at", reading) if "at" in fields else None
    if "wait_for" not in fields and "task" not in fields:
        check_quiet(at, fields.get("at"), around.sending.policy, reading)
    when = read_condition(fields["when"], "when", reading) if "when" in fields else None
    both = tuple(each for each in (around.enter, when) if each is not None)
    to = All(both, mapping.span) if both else None
    action = _read_action(fields, mapping, to, around.sending, reading)
    timed = next((key for key in ("after", "before") if key in fields), None)
    read = ((timed, offset), ("weekday", weekday), ("at", at), ("when", when))
    broken = any(value is None and key in fields for key, value in read)
    channels = action.channels if isinstance(action, StepMessage) and "when" not in fields else ()
    day = None if "weekday" in fields else day_of(offset, before=before)
    sketch = Sketch(name or str(number), day, at, when, channels, mapping.span)
    if name is None or action is None or broken:
        return sketch, None
    return sketch, Step(name, offset, before, weekday, at, when, action, mapping.span)


def _read_step_name(node: Node, reading: Reading) -> str | None:
    text = read_text(node, "name", reading)
    return read_name(node, reading) if text is not None and isinstance(node, Scalar) else None


def _read_offset(fields: dict[str, Node], around: _Around, reading: Reading) -> tuple[Duration | None, bool]:
    """How long after (or before) what steps count from."""
    if "after" in fields and "before" in fields:
        reading.findings.add("PB510", fields["before"].span, first="after", second="before")
        return None, False
    key = "before" if "before" in fields else "after"
    if key not in fields:
        return None, False
    if key == "before" and not around.anchored:
        example = "anchor: birthday"
        reading.findings.add("PB117", fields[key].span, variant="anchor", name="anchor", example=example)
        return None, True
    text = read_text(fields[key], key, reading)
    if text is None:
        return None, key == "before"
    try:
        duration = parse_duration(text)
    except MisreadError as wrong:
        report_misread(wrong, fields[key].span, reading)
        return None, key == "before"
    if key == "before" and duration.is_exact:
        reading.findings.add("PB302", fields[key].span, variant="hours", value=text)
        return None, True
    return (Duration(0, Unit.DAY) if duration.count == 0 else duration), key == "before"


def _read_action(
    fields: dict[str, Node], mapping: Mapping, to: Condition | None, sending: Sending, reading: Reading
) -> StepMessage | StepTask | Wait | None:
    given: list[str] = ["message"] if any(key in fields for key in _MESSAGE) else []
    given += [name for name in ("task", "wait_for") if name in fields]
    if len(given) != 1:
        variant = "several" if given else ""
        reading.findings.add("PB521", mapping.span, variant=variant, names=", ".join(given))
        return None
    for owner, keys in _ONLY.items():
        for key in keys:
            if key in fields and given[0] != owner:
                reading.findings.add("PB521", fields[key].span, variant="key", name=key, owner=owner)
                return None
    if given[0] == "task":
        return _read_task(fields, to, sending, reading)
    if given[0] == "wait_for":
        return _read_wait(fields, mapping.span, reading)
    return _read_message(fields, mapping.span, to, sending, reading)


def _read_message(
    fields: dict[str, Node], span: Span, to: Condition | None, sending: Sending, reading: Reading
) -> StepMessage | None:
    node = require(fields, "channel", span, "channel: wecom", reading)
    channels = read_channels(node, reading) if node is not None else None
    sender = read_sender(fields.get("sender"), reading)
    if channels and node is not None:
        check_open(channels, node.span, sending.policy, reading)
    said = read_said(fields, span, Audience(to, channels or (), sender or ""), sending, reading)
    return None if not channels or sender is None or said is None else StepMessage(channels, sender, said)


def _read_task(fields: dict[str, Node], to: Condition | None, sending: Sending, reading: Reading) -> StepTask | None:
    node = fields["task"]
    due = read_length(fields["due"], "due", reading, calendar=False) if "due" in fields else None
    if read_text(node, "task", reading) is None or not isinstance(node, Scalar):
        return None
    template = check_template(node, what_is_certain(to, sending.blocks), sending.blocks.metrics, reading)
    return None if template is None or ("due" in fields and due is None) else StepTask(template, due)


def _read_wait(fields: dict[str, Node], span: Span, reading: Reading) -> Wait | None:
    until = read_condition(fields["wait_for"], "wait_for", reading)
    timeout_node = require(fields, "timeout", span, "timeout: 2d", reading)
    timeout = read_length(timeout_node, "timeout", reading, calendar=False) if timeout_node is not None else None
    on_timeout: str | None = ""
    if "on" in fields:
        inner = read_block(fields["on"], "on", reading)
        outcomes = read_fields(inner, ("timeout",), "on", reading) if inner is not None else {}
        on_timeout = read_text(outcomes["timeout"], "timeout", reading) if "timeout" in outcomes else None
        if inner is not None and not inner.entries:
            reading.findings.add("PB118", inner.span, name="on")
    return None if until is None or timeout is None or on_timeout is None else Wait(until, timeout, on_timeout)
