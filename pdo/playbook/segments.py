"""Segments: lists of customers, ranked and cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.nodes import Node, Scalar
from pdo.model.playbook import Part, Ranking, Segment
from pdo.playbook import vocabulary
from pdo.playbook.attributes import attributes_of
from pdo.playbook.conditions import read_condition
from pdo.playbook.plain import read_whole
from pdo.playbook.reading import (
    read_block,
    read_choice,
    read_fields,
    read_text,
    read_texts,
    report_unknown,
    require,
)
from pdo.playbook.tags import check_only_negative, read_was
from pdo.playbook.values import normalise, parse_share

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.playbook.reading import Defined, Reading


def read_segment(block: Defined, reading: Reading) -> Segment | None:
    """A list of customers.

    Diagnostics:
        PB114 to PB118, PB202, PB224, PB301, PB314, PB342, PB904, and what its condition notes.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.SEGMENT_KEYS, "segments", reading)
    node = require(fields, "when", block.key.span, "when: {tag: 爱水果}", reading)
    when = read_condition(node, "when", reading) if node is not None else None
    check_only_negative(when, reading)
    ranking = _read_ranking(fields["rank_by"], reading) if "rank_by" in fields else ()
    top, share = _read_top(fields["top"], reading) if "top" in fields else (None, None)
    columns = _read_columns(fields["columns"], reading) if "columns" in fields else ()
    per = _read_per(fields["per"], fields, reading) if "per" in fields else ""
    was = read_was(fields.get("was"), "segment", reading)
    if "top" in fields and top is None and share is None:
        return None
    if when is None or ranking is None or columns is None or per is None or was is None:
        return None
    return Segment(block.name, block.playbook, when, ranking, top, columns, block.key.span, share, per, was)


def _read_top(node: Node, reading: Reading) -> tuple[int | None, int | None]:
    """So many, or a share in hundredths of a percent."""
    if isinstance(node, Scalar) and normalise(node.text).endswith("%"):
        share = parse_share(node.text)
        if share is None:
            reading.findings.add("PB342", node.span, value=node.text)
        return None, share
    return read_whole(node, "top", reading), None


def _read_per(node: Node, fields: dict[str, Node], reading: Reading) -> str | None:
    name = read_text(node, "per", reading)
    if name is None:
        return None
    attributes = attributes_of(reading)
    if name not in attributes:
        report_value_name(name, node.span, tuple(attributes), reading)
        return None
    require(fields, "top", node.span, "top: 20", reading)
    return name


def _read_ranking(node: Node, reading: Reading) -> tuple[Ranking, ...] | None:
    if isinstance(node, Scalar) and not node.is_empty:
        name = read_value_name(node.text.strip(), node.span, reading)
        if name is not None:
            mended = f"rank_by: {{{name}: desc}}"
            reading.findings.add("PB116", node.span, variant="ranking", name="rank_by", mended=mended)
        return None
    mapping = read_block(node, "rank_by", reading)
    if mapping is None:
        return None
    found: list[Ranking | None] = []
    for entry in mapping.entries:
        name = read_value_name(entry.key.text, entry.key.span, reading)
        direction = read_choice(entry.value, "rank_by", ("desc", "asc"), reading)
        ranked = name is not None and direction is not None
        found.append(Ranking(entry.key.text, direction == "desc", entry.key.span) if ranked else None)
    complete = tuple(ranking for ranking in found if ranking is not None)
    return complete if len(complete) == len(found) else None


def _read_columns(node: Node, reading: Reading) -> tuple[str, ...] | None:
    texts = read_texts(node, "columns", reading)
    if texts is None:
        return None
    names = [read_value_name(text, span, reading) for text, span in texts]
    complete = [name for name in names if name is not None]
    return tuple(dict.fromkeys(complete)) if len(complete) == len(names) else None


def read_value_name(name: str, span: Span, reading: Reading) -> str | None:
    """The name of an attribute, a metric, a score or a part of an RFM setting.

    Diagnostics:
        PB202.
    """
    attributes = attributes_of(reading)
    if name in attributes or reading.names.is_value(name):
        return name
    report_value_name(name, span, (*attributes, *reading.names.values), reading)
    return None


def report_value_name(name: str, span: Span, known: tuple[str, ...], reading: Reading) -> None:
    """Note a name that nothing has which a list could show.

    Diagnostics:
        PB202, PB214 a part of an RFM setting that has no score.
    """
    if reading.names.may_be_lost(name):
        return
    labels = {column.label: column.name for column in attributes_of(reading).values()}
    setting, _, part = name.rpartition(".")
    if setting in reading.names.of("rfm") and part in tuple(Part):
        reading.findings.add("PB214", span, name=name, setting=setting, part=part)
    elif name in labels:
        reading.findings.add("PB202", span, variant="near", name=name, near=labels[name])
    else:
        report_unknown("PB202", span, name, known, reading.findings)
