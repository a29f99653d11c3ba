"""Metrics, tags, segments, campaigns and the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.nodes import Mapping, Node, Scalar
from pdo.model.conditions import Everyone, Measure, MeasureName, NoneOf, Rows, SegmentTest
from pdo.model.fields import Type
from pdo.model.playbook import Campaign, Cap, Metric, Policy, Ranking, Segment, Tag
from pdo.playbook import vocabulary
from pdo.playbook.certainty import what_is_certain
from pdo.playbook.conditions import attributes_of, read_condition, read_known
from pdo.playbook.measures import MEASURE_TYPES, MEASURES, read_column, read_duration, read_rows
from pdo.playbook.reading import (
    advise,
    read_block,
    read_boolean,
    read_choice,
    read_fields,
    read_list,
    read_text,
    read_texts,
    report_misread,
    report_unknown,
    require,
)
from pdo.playbook.templates import check_template
from pdo.playbook.values import MisreadError, parse_number

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Duration
    from pdo.playbook.certainty import Blocks
    from pdo.playbook.reading import Defined, Reading

DEFAULT_PRIORITY = 100
CHANNELS = ("file",)


# Metrics ----------------------------------------------------------------------------------------------------------


def read_metric(block: Defined, reading: Reading) -> Metric | None:
    """A named measure: `{orders: amount}` or `{orders: {where: .., within: .., measure: count}}`.

    Diagnostics:
        PB115 to PB118, PB203, PB207, PB309, PB316.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None
    if len(mapping.entries) != 1:
        if later := next((e for e in mapping.entries if e.key.text in vocabulary.LATER_KEYS["metrics"]), None):
            reading.findings.add("PB115", later.key.span, name=later.key.text)
        else:
            reading.findings.add("PB316", mapping.span, name=block.name)
        return None
    entry = mapping.entries[0]
    subject = entry.key.text
    if subject not in vocabulary.SUBJECTS:
        if subject in (*vocabulary.LATER_SUBJECTS, *vocabulary.LATER_KEYS["metrics"]):
            reading.findings.add("PB115", entry.key.span, name=subject)
        else:
            report_unknown("PB114", entry.key.span, subject, vocabulary.SUBJECTS, reading.findings, place=block.name)
        return None
    measure = _read_metric_measure(subject, entry.value, reading)
    if measure is None:
        return None
    return Metric(block.name, block.playbook, measure, MEASURE_TYPES[measure.name], block.key.span)


def _read_metric_measure(subject: str, node: Node, reading: Reading) -> Measure | None:
    if isinstance(node, Scalar) and not node.is_empty:
        name = _read_measure_name(subject, node, reading)
        return None if name is None else Measure(Rows(subject), name)
    mapping = read_block(node, subject, reading)
    if mapping is None:
        return None
    fields = {entry.key.text: entry.value for entry in reversed(mapping.entries)}
    later = next((e for e in mapping.entries if e.key.text in vocabulary.LATER_METRIC_MEASURES), None)
    tested = next((e for e in mapping.entries if e.key.text in MEASURES[subject] and e.key.text != "distinct"), None)
    extra = tuple(entry.key.text for entry in (tested,) if entry is not None)
    rows = read_rows(subject, mapping, ("measure", "distinct", *extra), reading)
    if tested is not None:
        mended = f"measure: {tested.key.text}"
        reading.findings.add("PB116", tested.key.span, variant="metric", name=tested.key.text, mended=mended)
        return None
    if "distinct" in fields:
        column = read_column(subject, fields["distinct"], reading)
        return None if rows is None or column is None else Measure(rows, MeasureName.DISTINCT, column)
    if "measure" not in fields:
        if later is None:
            reading.findings.add("PB117", mapping.span, name="measure", example=f"{subject}: {{measure: count}}")
        return None
    name = _read_measure_name(subject, fields["measure"], reading)
    return None if rows is None or name is None else Measure(rows, name)


def _read_measure_name(subject: str, node: Node, reading: Reading) -> MeasureName | None:
    text = read_text(node, "measure", reading)
    if text is None:
        return None
    if text in ("first", "last"):
        reading.findings.add("PB309", node.span, variant="moment", name=text, mended=f"days_since_{text}")
    elif text == "distinct":
        reading.findings.add("PB117", node.span, name="distinct", example=f"{subject}: {{distinct: sku}}")
    elif text in MEASURES[subject]:
        return MeasureName(text)
    elif text in vocabulary.LATER_METRIC_MEASURES:
        reading.findings.add("PB115", node.span, name=text)
    elif any(text in MEASURES[other] for other in MEASURES):
        usable = ", ".join(MEASURES[subject])
        reading.findings.add("PB309", node.span, name=text, subject=subject, usable=usable)
    else:
        report_unknown("PB314", node.span, text, MEASURES[subject], reading.findings, place="measure")
    return None


# Tags -------------------------------------------------------------------------------------------------------------


def read_tag(block: Defined, reading: Reading) -> Tag | None:
    """A label. Without `when` only hands put it on.

    Diagnostics:
        PB114 to PB118, PB308, PB904, and what its condition notes.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.TAG_KEYS, "tags", reading)
    group = read_text(fields["group"], "group", reading) if "group" in fields else ""
    when = read_condition(fields["when"], "when", reading) if "when" in fields else None
    keep = read_boolean(fields["keep"], "keep", reading) if "keep" in fields else False
    check_only_negative(when, reading)
    if "when" not in fields and not any(e.key.text in vocabulary.LATER_KEYS["tags"] for e in mapping.entries):
        _check_misplaced_condition(mapping, block, reading)
    if group is None or keep is None or ("when" in fields and when is None):
        return None
    return Tag(block.name, block.playbook, group, when, keep, block.key.span)


def _check_misplaced_condition(mapping: Mapping, block: Defined, reading: Reading) -> None:
    if not mapping.entries:
        reading.findings.add("PB117", block.key.span, name="when", example="when: {city: 北京}")


def check_only_negative(condition: Condition | None, reading: Reading) -> None:
    """Advise where a condition says only what must not be: that holds for all who are unknown, too.

    Diagnostics:
        PB904.
    """
    if isinstance(condition, NoneOf):
        advise("PB904", condition.span, reading)


# Segments ---------------------------------------------------------------------------------------------------------


def read_segment(block: Defined, reading: Reading) -> Segment | None:
    """A list of customers.

    Diagnostics:
        PB114 to PB118, PB202, PB301, PB314, PB904, and what its condition notes.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.SEGMENT_KEYS, "segments", reading)
    node = require(fields, "when", block.key.span, "when: {tag: 爱水果}", reading)
    when = read_condition(node, "when", reading) if node is not None else None
    check_only_negative(when, reading)
    ranking = _read_ranking(fields["rank_by"], reading) if "rank_by" in fields else ()
    top = read_count(fields["top"], "top", reading) if "top" in fields else None
    columns = _read_columns(fields["columns"], reading) if "columns" in fields else ()
    broken = ranking is None or columns is None or ("top" in fields and top is None)
    if when is None or broken or ranking is None or columns is None:
        return None
    return Segment(block.name, block.playbook, when, ranking, top, columns, block.key.span)


def _read_ranking(node: Node, reading: Reading) -> tuple[Ranking, ...] | None:
    if isinstance(node, Scalar) and not node.is_empty:
        name = _read_value_name(node, node.text.strip(), node.span, reading)
        if name is not None:
            reading.findings.add(
                "PB116", node.span, variant="ranking", name="rank_by", mended=f"rank_by: {{{name}: desc}}"
            )
        return None
    mapping = read_block(node, "rank_by", reading)
    if mapping is None:
        return None
    found: list[Ranking | None] = []
    for entry in mapping.entries:
        name = _read_value_name(entry.key, entry.key.text, entry.key.span, reading)
        direction = read_choice(entry.value, "rank_by", ("desc", "asc"), reading)
        ranked = name is not None and direction is not None
        found.append(Ranking(entry.key.text, direction == "desc", entry.key.span) if ranked else None)
    complete = tuple(ranking for ranking in found if ranking is not None)
    return complete if len(complete) == len(found) else None


def _read_columns(node: Node, reading: Reading) -> tuple[str, ...] | None:
    texts = read_texts(node, "columns", reading)
    if texts is None:
        return None
    names = [_read_value_name(node, text, span, reading) for text, span in texts]
    complete = [name for name in names if name is not None]
    return tuple(dict.fromkeys(complete)) if len(complete) == len(names) else None


def _read_value_name(_node: Node, name: str, span: Span, reading: Reading) -> str | None:
    attributes = attributes_of(reading)
    if name in attributes or name in reading.names.of("metric"):
        return name
    if not reading.names.may_be_lost(name):
        labels = {column.label: column.name for column in attributes.values()}
        if name in labels:
            reading.findings.add("PB202", span, variant="near", name=name, near=labels[name])
        else:
            known = (*attributes, *reading.names.of("metric"))
            report_unknown("PB202", span, name, known, reading.findings)
    return None


def read_count(node: Node, place: str, reading: Reading) -> int | None:
    """A whole number from 1.

    Diagnostics:
        PB301, PB313.
    """
    text = read_text(node, place, reading)
    if text is None:
        return None
    if place == "top" and text.endswith("%"):
        reading.findings.add("PB115", node.span, name=f"top: {text}")
        return None
    try:
        count = parse_number(text, Type.INTEGER)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None
    if count < 1:
        reading.findings.add("PB301", node.span, variant="positive", value=text)
        return None
    return count


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
