"""Rows: which of a customer's orders, items, events … a measure looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.model.conditions import ColumnTest, Following, Rows, Unit
from pdo.model.fields import Type
from pdo.playbook.attributes import attributes_of
from pdo.playbook.predicates import Tested, read_test
from pdo.playbook.reading import read_block, read_text, report_near, report_unknown
from pdo.playbook.vocabulary import ROW_KEYS, WINDOW_KEYS
from pdo.playbook.windows import CALENDAR_WORDS, read_length, read_windows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as ReadOnly

    from pdo.core.nodes import Entry, Mapping, Node, Scalar
    from pdo.core.source import Span
    from pdo.model.conditions import Duration
    from pdo.model.fields import Column, Subject
    from pdo.playbook.reading import Reading

_BORROWED = ("sku", "product", "category", "brand", "quantity", "amount")


def subjects_of(reading: Reading) -> ReadOnly[str, Subject]:
    """What can be measured of a customer, the declared tables on top."""
    return reading.settings.subjects


def columns_of(subject: str, reading: Reading) -> dict[str, Column]:
    """The columns that `where` may test, the declared ones on top."""
    known = subjects_of(reading)[subject]
    declared = reading.settings.declared(known.kind) if known.kind else ()
    return {column.name: column for column in (*known.columns, *(attribute.column for attribute in declared))}


def tested_column(subject: str, column: Column, reading: Reading) -> Tested:
    """What a test on a column of a row is about."""
    kind = subjects_of(reading)[subject].kind
    declared = reading.settings.declared(kind) if kind else ()
    values = next((own.values for own in declared if own.column.name == column.name), ())
    return Tested(column.name, column.type, values or column.values)


def read_column(subject: str, node: Node, reading: Reading) -> str | None:
    """The name of a column of the subject.

    Diagnostics:
        PB203.
    """
    name = read_text(node, "of", reading)
    known = columns_of(subject, reading)
    if name is None or name in known:
        return name
    report_unknown_column(subject, name, node.span, reading)
    return None


def read_rows(subject: str, mapping: Mapping, measures: Iterable[str], reading: Reading) -> Rows | None:
    """Which rows are meant; None where a part of that could not be read.

    Args:
        measures: keys that say what must hold of the rows, and are left to the caller.

    Diagnostics:
        PB114, PB203, PB207, PB302, PB309, PB317, PB318, PB322, PB21x.
    """
    known = subjects_of(reading)[subject]
    others = tuple(measures)
    where: list[ColumnTest] = []
    following: Following | None = None
    windows: list[Entry] = []
    complete = True
    for entry in mapping.entries:
        name = entry.key.text
        if name in ("where", known.short):
            tests = (
                read_where(subject, entry.value, reading) if name == "where" else _read_short(subject, entry, reading)
            )
            complete = complete and tests is not None
            where.extend(tests or ())
        elif name in ROW_KEYS and known.time is None:
            report_timeless(subject, name, entry.key.span, reading)
            complete = False
        elif name in WINDOW_KEYS:
            windows.append(entry)
        elif name == "followed_by":
            following = _read_following(entry.value, reading)
            complete = complete and following is not None
        elif name not in others:
            _report_unknown_row_key(subject, entry.key, others, reading)
            complete = False
    daily = known.time_type is Type.DATE
    window, readable = read_windows(windows, attributes_of(reading), reading, daily=daily)
    return Rows(subject, tuple(where), window, following) if complete and readable else None


def _read_short(subject: str, entry: Entry, reading: Reading) -> list[ColumnTest] | None:
    """`type: 询价` for `where: {type: 询价}`."""
    column = columns_of(subject, reading)[entry.key.text]
    test = read_test(entry.value, tested_column(subject, column, reading), reading)
    return None if test is None else [ColumnTest(column.name, column.type, test)]


def read_where(subject: str, node: Node, reading: Reading, *, place: str = "where") -> list[ColumnTest] | None:
    """Tests on the columns of a row.

    Diagnostics:
        PB203 an unknown column, PB207 a column of items asked of orders.
    """
    mapping = read_block(node, place, reading)
    if mapping is None:
        return None
    if not mapping.entries:
        reading.findings.add("PB118", mapping.span, name=place)
        return None
    columns = columns_of(subject, reading)
    tests: list[ColumnTest | None] = []
    for entry in mapping.entries:
        name = entry.key.text
        if name not in columns:
            report_unknown_column(subject, name, entry.key.span, reading)
            tests.append(None)
            continue
        test = read_test(entry.value, tested_column(subject, columns[name], reading), reading)
        tests.append(None if test is None else ColumnTest(name, columns[name].type, test))
    complete = [test for test in tests if test is not None]
    return complete if len(complete) == len(tests) else None


# What follows -----------------------------------------------------------------------------------------------------


def _read_following(node: Node, reading: Reading) -> Following | None:
    """`followed_by: {events: {type: 付款}, within: 24h}`."""
    mapping = read_block(node, "followed_by", reading)
    if mapping is None:
        return None
    example = "followed_by: {events: {type: 客户回复}, within: 24h}"
    known = subjects_of(reading)
    named = [entry for entry in mapping.entries if entry.key.text in known]
    complete = True
    for entry in mapping.entries:
        if entry.key.text != "within" and entry not in named:
            keys = (*known, "within")
            report_unknown("PB114", entry.key.span, entry.key.text, keys, reading.findings, place="followed_by")
            complete = False
    within_node = mapping.get("within")
    if complete and (not named or within_node is None):
        missing = "within" if named else "events"
        reading.findings.add("PB117", mapping.span, name=missing, example=example)
    if len(named) > 1:
        reading.findings.add("PB311", named[1].key.span, names=", ".join(entry.key.text for entry in named))
        return None
    rows = _read_followers(named[0], reading) if named else None
    within = _read_reach(within_node, rows, reading) if within_node is not None else None
    return Following(rows, within) if complete and rows is not None and within is not None else None


def _read_reach(node: Node, rows: Rows | None, reading: Reading) -> Duration | None:
    """Within which time a row must follow."""
    within = read_length(node, "within", reading)
    if within is None:
        return None
    if within.unit in (Unit.MONTH, Unit.YEAR):
        reading.findings.add("PB321", node.span, variant="months", value=str(within))
        return None
    if within.is_exact and rows is not None and subjects_of(reading)[rows.subject].time_type is Type.DATE:
        reading.findings.add("PB302", node.span, variant="hours", value=str(within))
        return None
    return within


def _read_followers(entry: Entry, reading: Reading) -> Rows | None:
    subject = entry.key.text
    known = subjects_of(reading)[subject]
    if known.time is None:
        report_timeless(subject, "followed_by", entry.key.span, reading)
        return None
    mapping = read_block(entry.value, subject, reading)
    if mapping is None:
        return None
    usable = ("where", *((known.short,) if known.short else ()))
    for inner in mapping.entries:
        if inner.key.text not in usable:
            report_unknown("PB114", inner.key.span, inner.key.text, usable, reading.findings, place=subject)
    if any(inner.key.text not in usable for inner in mapping.entries):
        return None
    return read_rows(subject, mapping, (), reading)


# Findings ---------------------------------------------------------------------------------------------------------


def report_timeless(subject: str, name: str, span: Span, reading: Reading) -> None:
    """Note that rows that have no time are asked for it.

    Diagnostics:
        PB322.
    """
    reading.findings.add("PB322", span, subject=subject, name=name)


def _report_unknown_row_key(subject: str, key: Scalar, measures: tuple[str, ...], reading: Reading) -> None:
    name, span = key.text, key.span
    known = subjects_of(reading)[subject]
    columns = columns_of(subject, reading)
    items = columns_of("items", reading)
    if name in CALENDAR_WORDS:
        reading.findings.add("PB318", span, variant="key", mended=f"within: {name}")
    elif name in columns:
        reading.findings.add("PB309", span, variant="column", name=name, subject=subject)
    elif subject == "orders" and (name in items or name in ("bought_all", "quantity")):
        mended = f"items: {{{name}: …}}" if name in ("bought_all", "quantity") else f"items: {{where: {{{name}: …}}}}"
        reading.findings.add("PB207", span, name=name, mended=mended)
    elif name in _OWN_MEASURES:
        usable = ", ".join(measures)
        reading.findings.add("PB309", span, name=name, subject=subject, usable=usable)
    else:
        words = (*ROW_KEYS, *((known.short,) if known.short else ()), *measures)
        report_unknown("PB114", span, name, words, reading.findings, place=subject)


_OWN_MEASURES = ("amount", "average", "quantity", "orders", "bought_all")
"""Measures that only some subjects have."""


def report_unknown_column(subject: str, name: str, span: Span, reading: Reading) -> None:
    """Note a column that rows do not have.

    Diagnostics:
        PB203, PB207 one of items asked of orders.
    """
    columns = columns_of(subject, reading)
    labels = {column.label: column.name for column in columns.values()}
    if subject == "orders" and (name in columns_of("items", reading) or name in _BORROWED):
        reading.findings.add("PB207", span, name=name, mended=f"items: {{where: {{{name}: …}}}}")
    elif name in labels:
        report_near("PB203", span, name, labels[name], reading.findings, subject=subject)
    elif name:
        report_unknown("PB203", span, name, columns, reading.findings, subject=subject)
