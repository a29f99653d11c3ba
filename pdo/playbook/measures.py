"""Measures: what is counted, summed or dated over the rows of a customer."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.nodes import Entry, Mapping, Node, Scalar, Sequence
from pdo.model.conditions import Measure, MeasureName, MeasureTest, Range, Streak
from pdo.model.fields import SUBJECTS, Type
from pdo.playbook.patterns import PATTERNS, read_pattern
from pdo.playbook.predicates import Tested, read_test
from pdo.playbook.reading import read_block, read_fields, read_list, read_text, report_misread
from pdo.playbook.rows import columns_of, read_column, read_rows, report_timeless, subjects_of
from pdo.playbook.values import MisreadError, parse_number
from pdo.playbook.windows import days_of, read_length

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Rows
    from pdo.playbook.reading import Reading

_COMMON = (
    "count",
    "sum",
    "min",
    "max",
    "distinct",
    "days",
    "first",
    "last",
    "days_since_first",
    "days_since_last",
    "gap",
    "streak",
    *PATTERNS,
)
_OWN: ReadOnly[str, tuple[str, ...]] = MappingProxyType(
    {"orders": ("amount", "average"), "items": ("quantity", "orders", "amount", "bought_all")}
)
MEASURES: ReadOnly[str, tuple[str, ...]] = MappingProxyType(
    {subject: (*_OWN.get(subject, ()), *_COMMON) for subject in SUBJECTS}
)
"""What must hold of the rows of a subject: measures and patterns."""

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
        MeasureName.GAP: Type.INTEGER,
        MeasureName.STREAK: Type.INTEGER,
        MeasureName.REGULARLY: Type.INTEGER,
    }
)
"""The types of measures; `sum min max most latest` have that of their column."""

OF_COLUMN: ReadOnly[str, tuple[Type, ...]] = MappingProxyType(
    {
        "distinct": tuple(Type),
        "sum": (Type.INTEGER, Type.NUMBER, Type.MONEY),
        "min": (Type.INTEGER, Type.NUMBER, Type.MONEY, Type.INSTANT, Type.DATE),
        "max": (Type.INTEGER, Type.NUMBER, Type.MONEY, Type.INSTANT, Type.DATE),
    }
)
"""Measures of a column, `{of: col, is: ..}`, with the types of column that they can be of."""

_MOMENTS = (MeasureName.FIRST, MeasureName.LAST)
_TIMELESS = ("count", "sum", "min", "max", "distinct", *_OWN["items"], *_OWN["orders"])
"""What can be measured of rows that have no time."""


def measures_of(subject: str, reading: Reading) -> tuple[str, ...]:
    """What must hold of the rows of a subject or of a declared table."""
    names = (*_OWN.get(subject, ()), *_COMMON)
    if subjects_of(reading)[subject].time is None:
        return tuple(name for name in names if name in _TIMELESS)
    return names


def read_rows_condition(subject: str, node: Node, key: Span, reading: Reading) -> list[Condition] | None:
    """`orders: {...}` as a condition; a list of measures means all of them.

    Diagnostics:
        PB309 a measure that the subject does not have, and what `read_rows`, `read_test` and `read_pattern` note.
    """
    if not isinstance(node, Sequence):
        return _read_measures(subject, node, key, reading)
    found: list[Condition] = []
    complete = True
    for item in read_list(node, subject, reading) or ():
        tests = _read_measures(subject, item, item.span, reading)
        complete = complete and tests is not None
        found.extend(tests or ())
    return found if found and complete else None


def _read_measures(subject: str, node: Node, key: Span, reading: Reading) -> list[Condition] | None:
    if isinstance(node, Scalar) and not node.is_empty and not node.is_block:
        reading.findings.add("PB116", node.span, variant="measure", name=subject, value=node.text)
        return None
    mapping = read_block(node, subject, reading)
    if mapping is None:
        return None
    known = (*_OWN.get(subject, ()), *_COMMON)
    rows = read_rows(subject, mapping, known, reading)
    given = [entry for entry in mapping.entries if entry.key.text in known]
    tests = [_read_held(subject, rows, entry, reading) for entry in given]
    if rows is None:
        return None
    if not given:
        return [MeasureTest(Measure(rows, MeasureName.COUNT), Range(1, None), key.until(mapping.span))]
    complete = [test for test in tests if test is not None]
    return complete if len(complete) == len(tests) else None


def _read_held(subject: str, rows: Rows | None, entry: Entry, reading: Reading) -> Condition | None:
    """What one key says must hold of the rows."""
    name = entry.key.text
    if name not in measures_of(subject, reading):
        report_timeless(subject, name, entry.key.span, reading)
        return None
    if name in PATTERNS or name == "bought_all":
        return read_pattern(subject, rows, entry, reading)
    if name in OF_COLUMN:
        return _read_of_column(subject, rows, entry, reading)
    if name == "streak":
        return _read_streak(rows, entry, reading)
    measure = MeasureName(name)
    type_ = subjects_of(reading)[subject].time_type if measure in _MOMENTS else MEASURE_TYPES[measure]
    days = measure in (MeasureName.GAP, MeasureName.DAYS_SINCE_FIRST, MeasureName.DAYS_SINCE_LAST)
    test = read_test(entry.value, Tested(name, type_, past=True, ranked=True, days=days), reading)
    return None if test is None or rows is None else MeasureTest(Measure(rows, measure), test, entry.span)


def _read_of_column(subject: str, rows: Rows | None, entry: Entry, reading: Reading) -> Condition | None:
    name = entry.key.text
    numbers = [column.name for column in columns_of(subject, reading).values() if column.type in OF_COLUMN[name]]
    example = f"{name}: {{of: {'sku' if 'sku' in numbers else next(iter(numbers), '…')}, is: 3..}}"
    if not isinstance(entry.value, Mapping):
        reading.findings.add("PB116", entry.value.span, variant="of", name=name, example=example)
        return None
    fields = read_fields(entry.value, ("of", "is"), name, reading)
    for missing in ("of", "is"):
        if missing not in fields:
            reading.findings.add("PB117", entry.value.span, name=missing, example=example)
    column = read_column(subject, fields["of"], reading) if "of" in fields else None
    if column is None:
        return None
    type_ = columns_of(subject, reading)[column].type
    if type_ not in OF_COLUMN[name]:
        usable = ", ".join(numbers) or "–"
        reading.findings.add("PB323", fields["of"].span, name=column, measure=name, usable=usable)
        return None
    if "is" not in fields:
        return None
    valued = Type.INTEGER if name == "distinct" else type_
    test = read_test(fields["is"], Tested(name, valued, ranked=True), reading)
    if test is None or rows is None:
        return None
    return MeasureTest(Measure(rows, MeasureName(name), column, type_), test, entry.span)


# Streaks ----------------------------------------------------------------------------------------------------------


def _read_streak(rows: Rows | None, entry: Entry, reading: Reading) -> Condition | None:
    example = "streak: {per: 1d, is: 7..}"
    if not isinstance(entry.value, Mapping):
        reading.findings.add("PB116", entry.value.span, variant="of", name="streak", example=example)
        return None
    fields = read_fields(entry.value, ("per", "grace", "is"), "streak", reading)
    if "is" not in fields:
        reading.findings.add("PB117", entry.value.span, name="is", example=example)
    streak = read_shape(fields, reading)
    if "is" not in fields:
        return None
    test = read_test(fields["is"], Tested("streak", Type.INTEGER, ranked=True), reading)
    if test is None or rows is None or streak is None:
        return None
    return MeasureTest(Measure(rows, MeasureName.STREAK, shape=streak), test, entry.span)


def read_shape(fields: ReadOnly[str, Node], reading: Reading) -> Streak | None:
    """The pieces of time of a streak: `per` (a day unless said) and `grace` (none unless said).

    Diagnostics:
        PB301, PB302, PB321 pieces that are not of whole days.
    """
    per: int | None = 1
    if "per" in fields:
        duration = read_length(fields["per"], "per", reading)
        per = None
        if duration is not None and duration.unit in ("d", "w"):
            per = days_of(duration)
        elif duration is not None:
            reading.findings.add("PB321", fields["per"].span, variant="days", value=str(duration))
    grace: int | None = 0
    if "grace" in fields:
        grace = _read_grace(fields["grace"], reading)
    return None if per is None or grace is None else Streak(per, grace)


def _read_grace(node: Node, reading: Reading) -> int | None:
    text = read_text(node, "grace", reading)
    if text is None:
        return None
    try:
        grace = parse_number(text, Type.INTEGER)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None
    if grace < 0:
        reading.findings.add("PB301", node.span, variant="integer", value=text)
        return None
    return grace
