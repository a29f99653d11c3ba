"""Conditions: `when`, and whatever else says which customers are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.nodes import Entry, Mapping, Node, Scalar, Sequence
from pdo.model.conditions import (
    All,
    AnyOf,
    AttributeTest,
    ColumnTest,
    Everyone,
    MetricTest,
    NoneOf,
    SegmentTest,
    StageTest,
    TagTest,
)
from pdo.model.fields import ATTRIBUTES, ROWS
from pdo.playbook import vocabulary
from pdo.playbook.measures import MEASURES, read_rows_condition
from pdo.playbook.predicates import Tested, read_test
from pdo.playbook.reading import (
    expect,
    near,
    read_block,
    read_fields,
    read_list,
    read_text,
    read_texts,
    report_unknown,
    require,
)

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Condition
    from pdo.model.fields import Column
    from pdo.playbook.reading import Reading

_AHEAD = ("vip_until",)
_AHEAD_WORDS = ("到期", "截止", "until", "expire", "due")


def attributes_of(reading: Reading) -> dict[str, Column]:
    """What may be asked of a customer: built in and declared."""
    declared = tuple(attribute.column for attribute in reading.settings.declared("customers"))
    return {column.name: column for column in (*ATTRIBUTES, *declared)}


def read_condition(node: Node, place: str, reading: Reading) -> Condition | None:
    """A condition.

    Args:
        place: the key it stands under, for messages.

    Diagnostics:
        PB115 to PB118, PB201 to PB203, PB206, PB207, PB3xx.
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
    elif name in vocabulary.SUBJECTS:
        return read_rows_condition(name, entry.value, entry.key.span, reading)
    elif name in vocabulary.REFERENCES:
        found = _read_reference(name, entry, reading)
    elif name in attributes_of(reading):
        found = _read_attribute(name, entry, reading)
    elif name in reading.names.of("metric"):
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
    tested = Tested(name, column.type, declared.values if declared else (), ahead=ahead)
    test = read_test(entry.value, tested, reading)
    return None if test is None else AttributeTest(ColumnTest(name, column.type, test), entry.span)


def _read_metric(name: str, entry: Entry, reading: Reading) -> Condition | None:
    type_ = reading.names.metric_types.get(name)
    if type_ is None:
        return None
    test = read_test(entry.value, Tested(name, type_), reading)
    return None if test is None else MetricTest(name, test, entry.span)


def _report_unknown_subject(key: Scalar, reading: Reading) -> None:
    name = key.text
    if name in vocabulary.LATER_SUBJECTS:
        reading.findings.add("PB115", key.span, name=name)
        return
    if not name or reading.names.may_be_lost(name):
        return
    attributes = attributes_of(reading)
    labels = {column.label: column.name for column in attributes.values()}
    known = (*attributes, *reading.names.of("metric"), *vocabulary.REFERENCES, *vocabulary.SUBJECTS, *vocabulary.LOGIC)
    owners = [subject for subject in MEASURES if name in (*MEASURES[subject], *vocabulary.ROW_KEYS)]
    columns = [subject for subject in ("items", "orders", "events") if name in {c.name for c in ROWS[subject]}]
    if name in labels:
        reading.findings.add("PB202", key.span, variant="near", name=name, near=labels[name])
    elif owners:
        reading.findings.add("PB202", key.span, variant="measure", name=name, mended=f"{owners[0]}: {{{name}: …}}")
    elif columns:
        mended = f"{columns[0]}: {{where: {{{name}: …}}}}"
        reading.findings.add("PB202", key.span, variant="column", name=name, mended=mended)
    elif kind := next((kind for kind in ("tag", "segment") if name in reading.names.of(kind)), None):
        reading.findings.add("PB202", key.span, variant="name", name=name, mended=f"{kind}: {name}")
    elif near(name, known):
        report_unknown("PB202", key.span, name, known, reading.findings)
    else:
        reading.findings.add("PB202", key.span, name=name, known=", ".join(known[:40]))


# What the customer has in this run ------------------------------------------------------------------------------------


def _read_reference(name: str, entry: Entry, reading: Reading) -> Condition | None:
    node = entry.value
    if isinstance(node, Mapping) and node.get("not") is not None and len(node.entries) == 1:
        inner = _read_reference(name, Entry(entry.key, node.entries[0].value), reading)
        return None if inner is None else NoneOf((inner,), entry.span)
    if name == "stage":
        return _read_stage(node, entry.span, reading)
    every = False
    if isinstance(node, Mapping):
        fields = read_fields(node, ("is", "all") if name == "tag" else ("is",), name, reading)
        every = "all" in fields
        chosen = fields.get("all") or fields.get("is")
        if chosen is None:
            if not node.entries:
                expect(Scalar("", entry.key.style, node.span), name, "text", reading)
            return None
        node = chosen
    names = read_known(node, name, reading)
    if names is None:
        return None
    if name == "segment":
        return SegmentTest(names, entry.span)
    return TagTest(names, entry.span, every=every)


def read_known(node: Node, kind: str, reading: Reading) -> tuple[str, ...] | None:
    """One or several names of blocks that exist.

    Diagnostics:
        PB201.
    """
    texts = read_texts(node, kind, reading)
    if texts is None:
        return None
    complete = bool(texts)
    for name, span in texts:
        if name not in reading.names.of(kind):
            report_unknown_name(name, kind, span, reading)
            complete = False
    return tuple(dict.fromkeys(name for name, _ in texts)) if complete else None


def report_unknown_name(name: str, kind: str, span: Span, reading: Reading) -> None:
    """Note a name that nothing has; where it is one of another kind, which.

    Diagnostics:
        PB201.
    """
    if reading.names.may_be_lost(name):
        return
    kinds = [other for other in ("tag", "segment", "lifecycle", "metric") if name in reading.names.of(other)]
    other = "stage" if name in reading.names.stages and kind != "stage" else next(iter(kinds), None)
    if other:
        reading.findings.add("PB201", span, variant="kind", name=name, kind=kind, other=other)
    else:
        known = reading.names.stages if kind == "stage" else reading.names.of(kind)
        report_unknown("PB201", span, name, known, reading.findings, kind=kind)


def _read_stage(node: Node, span: Span, reading: Reading) -> Condition | None:
    if isinstance(node, Mapping):
        return _read_stage_of(node, span, reading)
    texts = read_texts(node, "stage", reading)
    if texts is None:
        return None
    complete = bool(texts)
    by_lifecycle: dict[str, list[str]] = {}
    for name, place in texts:
        owners = reading.names.stages.get(name, [])
        if len(owners) == 1:
            by_lifecycle.setdefault(owners[0], []).append(name)
            continue
        complete = False
        if owners:
            mended = f"stage: {{of: {owners[0]}, is: {name}}}"
            reading.findings.add("PB206", place, name=name, owners=", ".join(owners), mended=mended)
        else:
            report_unknown_name(name, "stage", place, reading)
    if not complete:
        return None
    tests = tuple(StageTest(owner, tuple(stages), span) for owner, stages in by_lifecycle.items())
    return tests[0] if len(tests) == 1 else AnyOf(tests, span)


def _read_stage_of(node: Mapping, span: Span, reading: Reading) -> Condition | None:
    fields = read_fields(node, ("of", "is"), "stage", reading)
    example = "stage: {of: 客户阶段, is: 意向客户}"
    of = require(fields, "of", node.span, example, reading)
    chosen = require(fields, "is", node.span, example, reading)
    if of is None or chosen is None:
        return None
    lifecycle = read_text(of, "of", reading)
    texts = read_texts(chosen, "is", reading)
    if lifecycle is None or texts is None:
        return None
    if lifecycle not in reading.names.of("lifecycle"):
        report_unknown_name(lifecycle, "lifecycle", of.span, reading)
        return None
    known = [stage for stage, owners in reading.names.stages.items() if lifecycle in owners]
    complete = bool(texts)
    for name, place in texts:
        if name not in known:
            report_unknown("PB201", place, name, known, reading.findings, kind="stage")
            complete = False
    return StageTest(lifecycle, tuple(dict.fromkeys(name for name, _ in texts)), span) if complete else None
