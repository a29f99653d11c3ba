"""Conditions: `when`, and whatever else says which customers are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.nodes import Entry, Mapping, Node, Scalar, Sequence
from pdo.model.conditions import All, AnyOf, AttributeTest, ColumnTest, Everyone, MetricTest, NoneOf
from pdo.playbook import vocabulary
from pdo.playbook.attributes import attributes_of
from pdo.playbook.languages import in_english
from pdo.playbook.measures import measures_of, read_rows_condition
from pdo.playbook.membership import read_known, read_membership, report_unknown_name
from pdo.playbook.predicates import Tested, read_test
from pdo.playbook.reading import near, read_block, read_list, report_unknown
from pdo.playbook.rows import columns_of, subjects_of

if TYPE_CHECKING:
    from pdo.model.conditions import Condition
    from pdo.playbook.reading import Reading

__all__ = ["read_condition", "read_known", "report_unknown_name"]

_AHEAD = ("vip_until",)
_AHEAD_WORDS = ("到期", "截止", "until", "expire", "due")
_PARTS = ("R", "F", "M")


def read_condition(node: Node, place: str, reading: Reading) -> Condition | None:
    """A condition.

    Args:
        place: the key it stands under, for messages.

    Diagnostics:
        PB115 to PB118, PB201 to PB203, PB206, PB207, PB210 to PB216, PB3xx.
    """
    if isinstance(node, Scalar) and node.text.strip() == "everyone":
        return Everyone(node.span)
    if isinstance(node, Sequence):
        reading.findings.add("PB116", node.span, variant="condition_list", name=place)
        return None
    if isinstance(node, Mapping) and not node.entries:
        reading.findings.add("PB118", node.span, variant="condition", name=place)
        return None
    mapping = read_block(node, place, reading)
    if mapping is None:
        return None
    parts: list[Condition] = []
    complete = True
    for entry in mapping.entries:
        found = _read_entry(entry, reading)
        complete = complete and found is not None
        parts.extend(found or ())
    if not complete:
        return None
    return parts[0] if len(parts) == 1 else All(tuple(parts), mapping.span)


def _read_entry(entry: Entry, reading: Reading) -> list[Condition] | None:
    name = entry.key.text
    if name in vocabulary.LOGIC:
        found = _read_logic(name, entry, reading)
    elif name in subjects_of(reading):
        return read_rows_condition(name, entry.value, entry.key.span, reading)
    elif name in vocabulary.REFERENCES:
        found = read_membership(name, entry, reading)
    elif name in attributes_of(reading):
        found = _read_attribute(name, entry, reading)
    elif reading.names.is_value(name):
        found = _read_metric(name, entry, reading)
    else:
        _report_unknown_subject(entry.key, reading)
        return None
    return None if found is None else [found]


# Logic ------------------------------------------------------------------------------------------------------------


def _read_logic(name: str, entry: Entry, reading: Reading) -> Condition | None:
    if isinstance(entry.value, Mapping) and (name in ("not", "none")):
        nodes: tuple[Node, ...] | None = (entry.value,)
    else:
        nodes = read_list(entry.value, name, reading)
    if nodes is None:
        return None
    parts = [read_condition(node, name, reading) for node in nodes]
    complete = tuple(part for part in parts if part is not None)
    if len(complete) != len(parts):
        return None
    if name == "all":
        return All(complete, entry.span)
    return AnyOf(complete, entry.span) if name == "any" else NoneOf(complete, entry.span)


# What the customer is ---------------------------------------------------------------------------------------------


def _read_attribute(name: str, entry: Entry, reading: Reading) -> Condition | None:
    column = attributes_of(reading)[name]
    declared = next((own for own in reading.settings.declared("customers") if own.column.name == name), None)
    ahead = name in _AHEAD or (declared is not None and any(word in name + column.label for word in _AHEAD_WORDS))
    tested = Tested(name, column.type, declared.values if declared else (), ahead=ahead, ranked=True)
    test = read_test(entry.value, tested, reading)
    return None if test is None else AttributeTest(ColumnTest(name, column.type, test), entry.span)


def _read_metric(name: str, entry: Entry, reading: Reading) -> Condition | None:
    """A metric, a score or a part of an RFM setting."""
    type_ = reading.names.metric_types.get(name)
    if type_ is None:
        return None
    test = read_test(entry.value, Tested(name, type_, ranked=True), reading)
    return None if test is None else MetricTest(name, test, entry.span)


def _report_unknown_subject(key: Scalar, reading: Reading) -> None:
    name = key.text
    if not name or reading.names.may_be_lost(name):
        return
    word = in_english(name)
    attributes = attributes_of(reading)
    subjects = subjects_of(reading)
    labels = {column.label: column.name for column in attributes.values()}
    values = reading.names.values
    known = (*attributes, *values, *vocabulary.REFERENCES, *subjects, *vocabulary.LOGIC)
    owners = [subject for subject in subjects if word in (*measures_of(subject, reading), *vocabulary.ROW_KEYS)]
    columns = [subject for subject in ("items", *subjects) if word in columns_of(subject, reading)]
    setting, _, part = name.rpartition(".")
    if setting in reading.names.of("rfm") and part in _PARTS:
        reading.findings.add("PB214", key.span, name=name, setting=setting, part=part)
    elif name in labels:
        reading.findings.add("PB202", key.span, variant="near", name=name, near=labels[name])
    elif owners:
        reading.findings.add("PB202", key.span, variant="measure", name=name, mended=f"{owners[0]}: {{{word}: …}}")
    elif columns:
        mended = f"{columns[0]}: {{where: {{{word}: …}}}}"
        reading.findings.add("PB202", key.span, variant="column", name=name, mended=mended)
    elif kind := next((kind for kind in ("tag", "segment") if name in reading.names.of(kind)), None):
        reading.findings.add("PB202", key.span, variant="name", name=name, mended=f"{kind}: {name}")
    elif name in reading.names.of("rfm"):
        reading.findings.add("PB202", key.span, variant="name", name=name, mended=f"rfm: {{{name}: HHH}}")
    elif near(name, known):
        report_unknown("PB202", key.span, name, known, reading.findings)
    else:
        reading.findings.add("PB202", key.span, name=name, known=", ".join(known[:40]))
