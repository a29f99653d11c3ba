"""Scores: points for behaviour, and bands of them as tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.nodes import Mapping, Node
from pdo.model.conditions import MetricTest, Range
from pdo.model.fields import Type
from pdo.model.playbook import Fading, Score, ScoreRule, Tag
from pdo.playbook import vocabulary
from pdo.playbook.conditions import read_condition
from pdo.playbook.plain import read_days, read_keyed, read_number
from pdo.playbook.reading import (
    read_block,
    read_fields,
    read_list,
    read_name,
    read_text,
    report_twice,
    report_unknown,
    require,
)
from pdo.playbook.rows import read_rows, subjects_of

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Rows
    from pdo.playbook.reading import Defined, Reading


def bands_in(node: Node) -> Mapping | None:
    """The bands of a score, before anything of it is checked."""
    bands = node.get("bands") if isinstance(node, Mapping) else None
    return bands if isinstance(bands, Mapping) else None


def read_score(block: Defined, reading: Reading) -> tuple[Score | None, tuple[Tag, ...]]:
    """A score and the tags of its bands.

    Diagnostics:
        PB114 to PB118, PB301, PB302, PB312, PB314, PB346, PB347, and what its conditions note.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None, ()
    fields = read_fields(mapping, vocabulary.SCORE_KEYS, "scores", reading)
    example = "rules: [{when: {events: {type: 询价, within: 7d}}, add: 50}]"
    node = require(fields, "rules", block.key.span, example, reading)
    items = read_list(node, "rules", reading) if node is not None else None
    rules = [_read_rule(item, reading) for item in items or ()]
    complete = tuple(rule for rule in rules if rule is not None)
    tags = _read_bands(block, fields["bands"], reading) if "bands" in fields else ()
    if items is None or len(complete) != len(rules):
        return None, tags
    return Score(block.name, block.playbook, complete, block.key.span), tags


def _read_rule(node: Node, reading: Reading) -> ScoreRule | None:
    mapping = read_block(node, "rules", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.SCORE_RULE_KEYS, "rules", reading)
    example = "{when: {events: {type: 询价, within: 7d}}, add: 50}"
    known = len(fields) == len(mapping.entries)
    if ("when" in fields) == ("each" in fields) and (known or "when" in fields):
        variant = "both" if "when" in fields else ""
        reading.findings.add("PB346", mapping.span, variant=variant, example=example)
    for key in ("up_to", "fades"):
        if key in fields and "each" not in fields and "when" in fields:
            reading.findings.add("PB346", fields[key].span, variant="rows", name=key)
            return None
    when = read_condition(fields["when"], "when", reading) if "when" in fields else None
    each = _read_each(fields["each"], reading) if "each" in fields else None
    add_node = require(fields, "add", mapping.span, example, reading)
    add = read_number(add_node, "add", Type.NUMBER, reading) if add_node is not None else None
    up_to = read_number(fields["up_to"], "up_to", Type.NUMBER, reading) if "up_to" in fields else None
    fades = _read_fading(fields["fades"], reading) if "fades" in fields else None
    because = read_text(fields["because"], "because", reading) if "because" in fields else ""
    if up_to is not None and up_to <= 0:
        reading.findings.add("PB301", fields["up_to"].span, variant="positive", value=0)
        return None
    read = (("when", when), ("each", each), ("up_to", up_to), ("fades", fades), ("because", because))
    broken = any(value is None and key in fields for key, value in read) or ("when" in fields) == ("each" in fields)
    if add is None or because is None or broken:
        return None
    return ScoreRule(when, each, add, up_to, fades, because, mapping.span)


def _read_each(node: Node, reading: Reading) -> Rows | None:
    mapping = read_block(node, "each", reading)
    if mapping is None:
        return None
    if len(mapping.entries) != 1:
        reading.findings.add("PB346", mapping.span, variant="each")
        return None
    (entry,) = mapping.entries
    subject = entry.key.text
    if subject not in subjects_of(reading):
        report_unknown("PB114", entry.key.span, subject, subjects_of(reading), reading.findings, place="each")
        return None
    inner = read_block(entry.value, subject, reading)
    return None if inner is None else read_rows(subject, inner, (), reading)


def _read_fading(node: Node, reading: Reading) -> tuple[Fading, int] | None:
    mapping = read_keyed(node, "fades", "fades: {half_life: 7d}", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, tuple(Fading), "fades", reading)
    if len(fields) != 1:
        if len(mapping.entries) != 1 or fields:
            reading.findings.add("PB346", mapping.span, variant="fades")
        return None
    ((name, value),) = fields.items()
    days = read_days(value, name, reading)
    return None if days is None else (Fading(name), days)


# Bands ------------------------------------------------------------------------------------------------------------


def _read_bands(block: Defined, node: Node, reading: Reading) -> tuple[Tag, ...]:
    mapping = read_keyed(node, "bands", "bands: {高意向: 60, 中意向: 30}", reading)
    if mapping is None:
        return ()
    if not mapping.entries:
        reading.findings.add("PB118", mapping.span, name="bands")
    found: dict[str, tuple[int, Span]] = {}
    starts: dict[int, Span] = {}
    for entry in mapping.entries:
        name = read_name(entry.key, reading)
        start = read_number(entry.value, entry.key.text, Type.NUMBER, reading)
        if name is None or start is None:
            continue
        if start in starts:
            report_twice("PB347", entry.value.span, starts[start], name, reading)
            continue
        starts[start] = entry.value.span
        found[name] = (start, entry.key.span)
    rising = sorted(start for start, _ in found.values())
    return tuple(
        Tag(
            name,
            block.playbook,
            block.name,
            MetricTest(block.name, _from(start, rising), span),
            keep=False,
            span=span,
            exclusive=block.name,
        )
        for name, (start, span) in found.items()
    )


def _from(start: int, rising: list[int]) -> Range:
    """From a number up to the next band."""
    above = next((each for each in rising if each > start), None)
    return Range(start, above, high_open=above is not None)
