"""Measures: what is counted, summed or dated over the rows of a customer."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.nodes import Entry, Mapping, Node, Scalar, Sequence
from pdo.model.conditions import Ages, ColumnTest, Measure, MeasureName, MeasureTest, Range, Rows
from pdo.model.fields import ROWS, Column, Type
from pdo.playbook import vocabulary
from pdo.playbook.predicates import Tested, read_test
from pdo.playbook.reading import read_block, read_list, read_text, report_misread, report_near, report_unknown
from pdo.playbook.values import MisreadError, parse_duration

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Duration
    from pdo.playbook.reading import Reading

_COMMON = ("count", "days", "distinct", "first", "last", "days_since_first", "days_since_last")
MEASURES: ReadOnly[str, tuple[str, ...]] = MappingProxyType(
    {
        "orders": ("amount", "average", *_COMMON),
        "items": ("quantity", "orders", "amount", *_COMMON),
        "events": _COMMON,
    }
)
"""What can be measured of the rows of a subject."""

MEASURE_TYPES: ReadOnly[MeasureName, Type] = MappingProxyType(
    {
        MeasureName.COUNT: Type.INTEGER,
        MeasureName.AMOUNT: Type.MONEY,
        MeasureName.AVERAGE: Type.MONEY,
        MeasureName.QUANTITY: Type.NUMBER,
        MeasureName.ORDERS: Type.INTEGER,
        MeasureName.DAYS: Type.INTEGER,
        MeasureName.DISTINCT: Type.INTEGER,
        MeasureName.FIRST: Type.INSTANT,
        MeasureName.LAST: Type.INSTANT,
        MeasureName.DAYS_SINCE_FIRST: Type.INTEGER,
        MeasureName.DAYS_SINCE_LAST: Type.INTEGER,
    }
)

_BORROWED = ("sku", "product", "category", "brand", "quantity", "amount")


def columns_of(subject: str, reading: Reading) -> dict[str, Column]:
    """The columns that `where` may test, the declared ones on top."""
    declared = tuple(attribute.column for attribute in reading.settings.declared(subject))
    return {column.name: column for column in (*ROWS[subject], *declared)}


def read_rows_condition(subject: str, node: Node, key: Span, reading: Reading) -> list[Condition] | None:
    """`orders: {...}` as a condition; a list of measures means all of them.

    Diagnostics:
        PB309 a measure that the subject does not have, and what `read_rows` and `read_test` note.
    """
    if isinstance(node, Sequence):
        found: list[Condition] = []
        for item in read_list(node, subject, reading) or ():
            found.extend(_read_measures(subject, item, item.span, reading) or ())
        return found or None
    return _read_measures(subject, node, key, reading)


def _read_measures(subject: str, node: Node, key: Span, reading: Reading) -> list[Condition] | None:
    if isinstance(node, Scalar) and not node.is_empty and not node.is_block:
        reading.findings.add("PB116", node.span, variant="measure", name=subject, value=node.text)
        return None
    mapping = read_block(node, subject, reading)
    if mapping is None:
        return None
    rows = read_rows(subject, mapping, (*MEASURES[subject],), reading)
    tests: list[Condition] = []
    measured = False
    for entry in mapping.entries:
        if entry.key.text not in MEASURES[subject]:
            continue
        measured = True
        test = _read_measure(subject, rows, entry, reading)
        if test is not None:
            tests.append(test)
    if rows is None:
        return None
    if not measured:
        return [MeasureTest(Measure(rows, MeasureName.COUNT), Range(1, None), key.until(mapping.span))]
    return tests or None


def _read_measure(subject: str, rows: Rows | None, entry: Entry, reading: Reading) -> MeasureTest | None:
    name = MeasureName(entry.key.text)
    column: str | None = ""
    value: Node | None = entry.value
    if name is MeasureName.DISTINCT:
        column, value = _read_distinct(subject, entry.value, reading)
    if value is None:
        return None
    type_ = MEASURE_TYPES[name]
    test = read_test(value, Tested(name.value, type_, past=True), reading)
    if test is None or rows is None or column is None:
        return None
    return MeasureTest(Measure(rows, name, column), test, entry.span)


def _read_distinct(subject: str, node: Node, reading: Reading) -> tuple[str | None, Node | None]:
    if not isinstance(node, Mapping):
        reading.findings.add("PB116", node.span, variant="distinct", name="distinct")
        return None, None
    column_node, value = node.get("of"), node.get("is")
    for entry in node.entries:
        if entry.key.text not in ("of", "is"):
            report_unknown("PB114", entry.key.span, entry.key.text, ("of", "is"), reading.findings, place="distinct")
    if column_node is None or value is None:
        missing = "of" if column_node is None else "is"
        reading.findings.add("PB117", node.span, name=missing, example="distinct: {of: sku, is: 3..}")
        return None, value
    return read_column(subject, column_node, reading), value


def read_column(subject: str, node: Node, reading: Reading) -> str | None:
    """The name of a column of the subject.

    Diagnostics:
        PB203.
    """
    name = read_text(node, "of", reading)
    known = columns_of(subject, reading)
    if name is None or name in known:
        return name
    _report_unknown_column(subject, name, node.span, reading)
    return None


def read_rows(subject: str, mapping: Mapping, measures: tuple[str, ...], reading: Reading) -> Rows | None:
    """Which rows are meant; None where a part of that could not be read.

    Diagnostics:
        PB114, PB115, PB202 to PB203, PB207, PB302, PB309.
    """
    where: list[ColumnTest] = []
    window: Ages | None = None
    complete = True
    for entry in mapping.entries:
        name = entry.key.text
        if name == "where":
            tests = read_where(subject, entry.value, reading)
            complete = complete and tests is not None
            where.extend(tests or ())
        elif name == "type" and subject == "events":
            test = read_test(entry.value, Tested("type", Type.TEXT), reading)
            complete = complete and test is not None
            where.extend([ColumnTest("type", Type.TEXT, test)] if test is not None else [])
        elif name == "within":
            within = read_window(entry.value, reading)
            window = None if within is None else Ages((), (within,))
            complete = complete and within is not None
        elif name not in measures:
            _report_unknown_row_key(subject, name, entry.key.span, measures, reading)
            complete = False
    return Rows(subject, tuple(where), window) if complete else None


def _report_unknown_row_key(subject: str, name: str, span: Span, measures: tuple[str, ...], reading: Reading) -> None:
    other = [known for known in MEASURES if name in MEASURES[known] and name not in measures]
    if name in vocabulary.LATER_KEYS[subject]:
        reading.findings.add("PB115", span, name=name)
    elif other and name not in MEASURES[subject]:
        usable = ", ".join(MEASURES[subject])
        reading.findings.add("PB309", span, name=name, subject=subject, usable=usable)
    elif name in columns_of(subject, reading):
        reading.findings.add("PB309", span, variant="column", name=name, subject=subject)
    elif subject == "orders" and name in columns_of("items", reading):
        reading.findings.add("PB207", span, name=name, mended=f"items: {{where: {{{name}: …}}}}")
    else:
        known = (*vocabulary.ROW_KEYS, *(("type",) if subject == "events" else ()), *measures)
        report_unknown("PB114", span, name, known, reading.findings, place=subject)


def read_where(subject: str, node: Node, reading: Reading) -> list[ColumnTest] | None:
    """Tests on the columns of a row.

    Diagnostics:
        PB203 an unknown column, PB207 a column of items asked of orders.
    """
    mapping = read_block(node, "where", reading)
    if mapping is None:
        return None
    if not mapping.entries:
        reading.findings.add("PB118", mapping.span, name="where")
        return None
    columns = columns_of(subject, reading)
    declared = {attribute.column.name: attribute for attribute in reading.settings.declared(subject)}
    tests: list[ColumnTest | None] = []
    for entry in mapping.entries:
        name = entry.key.text
        if name not in columns:
            _report_unknown_column(subject, name, entry.key.span, reading)
            tests.append(None)
            continue
        values = declared[name].values if name in declared else ()
        test = read_test(entry.value, Tested(name, columns[name].type, values), reading)
        tests.append(None if test is None else ColumnTest(name, columns[name].type, test))
    complete = [test for test in tests if test is not None]
    return complete if len(complete) == len(tests) else None


def _report_unknown_column(subject: str, name: str, span: Span, reading: Reading) -> None:
    columns = columns_of(subject, reading)
    labels = {column.label: column.name for column in columns.values()}
    if subject == "orders" and (name in columns_of("items", reading) or name in _BORROWED):
        reading.findings.add("PB207", span, name=name, mended=f"items: {{where: {{{name}: …}}}}")
    elif name in labels:
        report_near("PB203", span, name, labels[name], reading.findings, subject=subject)
    elif name:
        report_unknown("PB203", span, name, columns, reading.findings, subject=subject)


def read_window(node: Node, reading: Reading) -> Duration | None:
    """`within`: a duration longer than nothing.

    Diagnostics:
        PB302, PB115 a window of a later version.
    """
    if isinstance(node, Mapping):
        for entry in node.entries:
            reading.findings.add("PB115", entry.key.span, name=entry.key.text)
        return None
    text = read_text(node, "within", reading)
    if text is None:
        return None
    if text in vocabulary.LATER_KEYS["orders"]:
        reading.findings.add("PB115", node.span, name=text)
        return None
    return read_duration(node, text.removeprefix(".."), reading)


def read_duration(node: Node, text: str, reading: Reading, *, calendar: bool = False) -> Duration | None:
    """A duration longer than nothing; where `calendar`, of days and longer.

    Diagnostics:
        PB302.
    """
    try:
        duration = parse_duration(text)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None
    if duration.count == 0:
        reading.findings.add("PB302", node.span, variant="zero", value=text)
        return None
    if calendar and duration.is_exact:
        reading.findings.add("PB302", node.span, variant="hours", value=text)
        return None
    return duration
