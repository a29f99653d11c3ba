"""Metrics: named measures of a customer, and one divided by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.nodes import Entry, Mapping, Node, Scalar
from pdo.model.conditions import Measure, MeasureName, Rows, Streak
from pdo.model.fields import Type
from pdo.model.playbook import Metric, Ratio
from pdo.playbook.conditions import report_unknown_name
from pdo.playbook.measures import MEASURE_TYPES, measures_of, read_shape
from pdo.playbook.reading import (
    read_block,
    read_fields,
    read_text,
    read_texts,
    report_unknown,
)
from pdo.playbook.rows import columns_of, read_column, read_rows, subjects_of

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.playbook.reading import Defined, Reading

OF_COLUMN = ("sum", "most", "latest", "min", "max", "distinct")
"""Measures of a column, written `sum: discount`."""

_AMOUNTS = (Type.INTEGER, Type.NUMBER, Type.MONEY)
_ORDERED = (*_AMOUNTS, Type.INSTANT, Type.DATE)


def is_ratio(block: Defined) -> bool:
    """Whether a metric is one divided by another, so that it is read after the others."""
    return isinstance(block.value, Mapping) and block.value.get("ratio") is not None


def read_metric(block: Defined, reading: Reading) -> Metric | None:
    """A named measure: `{orders: amount}`, `{orders: {within: .., measure: count}}`, `{ratio: [A, B]}`.

    Diagnostics:
        PB114 to PB118, PB203, PB207, PB220, PB309, PB316, PB323, PB340.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None
    if len(mapping.entries) != 1:
        reading.findings.add("PB316", mapping.span if mapping.entries else block.key.span, name=block.name)
        return None
    (entry,) = mapping.entries
    if entry.key.text == "ratio":
        return _read_ratio(block, entry.value, reading)
    subject = entry.key.text
    if subject not in subjects_of(reading):
        known = (*subjects_of(reading), "ratio")
        report_unknown("PB114", entry.key.span, subject, known, reading.findings, place=block.name)
        return None
    measure = _read_measure(subject, entry, reading)
    if measure is None:
        return None
    return Metric(block.name, block.playbook, measure, _type_of(measure), block.key.span)


def _type_of(measure: Measure) -> Type:
    if measure.name is not MeasureName.DISTINCT and measure.type is not None:
        return measure.type
    return MEASURE_TYPES[measure.name]


# One measure ------------------------------------------------------------------------------------------------------


def _read_measure(subject: str, entry: Entry, reading: Reading) -> Measure | None:
    node = entry.value
    if isinstance(node, Scalar) and not node.is_empty:
        name = _read_measure_name(subject, node, reading)
        return None if name is None else Measure(Rows(subject), name)
    mapping = read_block(node, subject, reading)
    if mapping is None:
        return None
    own = ("measure", "streak", *OF_COLUMN)
    given = [each for each in mapping.entries if each.key.text in own]
    usual = measures_of(subject, reading)
    tested = next((each for each in mapping.entries if each.key.text in usual and each.key.text not in own), None)
    rows = read_rows(subject, mapping, (*own, *((tested.key.text,) if tested else ())), reading)
    if tested is not None:
        mended = f"measure: {tested.key.text}"
        reading.findings.add("PB116", tested.key.span, variant="metric", name=tested.key.text, mended=mended)
        return None
    if not given:
        reading.findings.add("PB117", mapping.span, name="measure", example=f"{subject}: {{measure: count}}")
        return None
    if len(given) > 1:
        names = ", ".join(each.key.text for each in given)
        reading.findings.add("PB340", given[1].key.span, names=names)
        return None
    measure = _read_given(subject, given[0], reading)
    if rows is None or measure is None:
        return None
    return Measure(rows, measure.name, measure.of, measure.type, measure.shape)


def _read_given(subject: str, entry: Entry, reading: Reading) -> Measure | None:
    """What is measured, of all rows."""
    name = entry.key.text
    if name == "measure":
        found = _read_measure_name(subject, entry.value, reading)
        return None if found is None else Measure(Rows(subject), found)
    if name == "streak":
        streak = _read_streak(entry.value, reading)
        return None if streak is None else Measure(Rows(subject), MeasureName.STREAK, shape=streak)
    column = read_column(subject, entry.value, reading)
    if column is None:
        return None
    type_ = columns_of(subject, reading)[column].type
    usable = _AMOUNTS if name == "sum" else _ORDERED if name in ("min", "max") else tuple(Type)
    if type_ not in usable:
        known = columns_of(subject, reading).values()
        possible = ", ".join(each.name for each in known if each.type in usable) or "–"
        reading.findings.add("PB323", entry.value.span, name=column, measure=name, usable=possible)
        return None
    return Measure(Rows(subject), MeasureName(name), column, type_)


def _read_streak(node: Node, reading: Reading) -> Streak | None:
    mapping = read_block(node, "streak", reading)
    if mapping is None:
        return None
    if (test := mapping.get("is")) is not None:
        reading.findings.add("PB116", test.span, variant="metric", name="is", mended="streak: {per: 1d}")
        return None
    return read_shape(read_fields(mapping, ("per", "grace"), "streak", reading), reading)


def _read_measure_name(subject: str, node: Node, reading: Reading) -> MeasureName | None:
    text = read_text(node, "measure", reading)
    if text is None:
        return None
    usual = measures_of(subject, reading)
    if text in ("first", "last"):
        reading.findings.add("PB309", node.span, variant="moment", name=text, mended=f"days_since_{text}")
    elif text in OF_COLUMN:
        column = next(iter(columns_of(subject, reading)), "…")
        reading.findings.add("PB117", node.span, name=text, example=f"{subject}: {{{text}: {column}}}")
    elif text == "streak":
        reading.findings.add("PB117", node.span, name="streak", example=f"{subject}: {{streak: {{per: 1d}}}}")
    elif text in usual and text in set(MeasureName):
        return MeasureName(text)
    elif text in set(MeasureName):
        usable = ", ".join(name for name in usual if name in set(MeasureName))
        reading.findings.add("PB309", node.span, name=text, subject=subject, usable=usable)
    else:
        report_unknown("PB314", node.span, text, usual, reading.findings, place="measure")
    return None


# Ratios -----------------------------------------------------------------------------------------------------------


def _read_ratio(block: Defined, node: Node, reading: Reading) -> Metric | None:
    texts = read_texts(node, "ratio", reading)
    if texts is None:
        return None
    if len(texts) != 2:  # noqa: PLR2004 - one above, one below
        reading.findings.add("PB220", node.span, variant="two", example="ratio: [累计消费, 累计单数]")
        return None
    if [name for name, span in texts if not _is_dividable(name, span, reading)]:
        return None
    (over, _), (under, _) = texts
    return Metric(block.name, block.playbook, Ratio(over, under), Type.NUMBER, block.key.span)


def _is_dividable(name: str, span: Span, reading: Reading) -> bool:
    """Whether a name is that of a metric that is one whole number: no quotient, no text, no date."""
    block = reading.names.of("metric").get(name)
    if block is None:
        report_unknown_name(name, "metric", span, reading)
        return False
    type_ = reading.names.metric_types.get(name)
    if is_ratio(block):
        reading.findings.add("PB220", span, name=name)
    elif type_ is not None and (type_ not in _AMOUNTS or _is_quotient(block.value)):
        reading.findings.add("PB220", span, variant="type", name=name)
    else:
        return type_ is not None
    return False


def _is_quotient(node: Node) -> bool:
    """Whether a metric measures an average or a gap."""
    inner = node.entries[0].value if isinstance(node, Mapping) and node.entries else node
    measure = inner.get("measure") if isinstance(inner, Mapping) else inner
    return isinstance(measure, Scalar) and measure.text.strip() in ("average", "gap")
