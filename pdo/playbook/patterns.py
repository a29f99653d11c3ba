"""Patterns over rows: first ever, the last one, everything bought, regularly, stopped, restarted.

They are spelt out here as measures over windows, so that the compiler knows a few of them only.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pdo.core.nodes import Entry, Mapping, Node, Scalar
from pdo.model.conditions import (
    Ages,
    All,
    ColumnTest,
    Duration,
    InWindow,
    LatestTest,
    Measure,
    MeasureName,
    MeasureTest,
    Negated,
    OneOf,
    Pieces,
    Range,
)
from pdo.model.fields import Type
from pdo.playbook.predicates import Tested, read_test
from pdo.playbook.reading import read_block, read_boolean, read_fields, read_texts, require
from pdo.playbook.rows import columns_of, read_where, subjects_of
from pdo.playbook.windows import is_same_kind, read_length, whole_pieces

if TYPE_CHECKING:
    from pdo.model.conditions import Condition, Rows, Test, Window
    from pdo.playbook.reading import Reading

PATTERNS = ("first_ever", "latest", "regularly", "stopped", "restarted")
"""What can be asked of the rows of every subject that has a time."""

MAX_PIECES = 366
_AT_LEAST_ONE = Range(1, None)


def read_pattern(subject: str, rows: Rows | None, entry: Entry, reading: Reading) -> Condition | None:
    """What a pattern asks of rows.

    Args:
        rows: None where they could not be read, so that what the pattern says is checked all the same.

    Diagnostics:
        PB114 to PB118, PB203, PB302, PB308, PB317, PB321, PB325.
    """
    match entry.key.text:
        case "first_ever":
            return _read_first_ever(rows, entry, reading)
        case "latest":
            return _read_latest(subject, rows, entry, reading)
        case "bought_all":
            return _read_bought_all(rows, entry, reading)
        case "regularly":
            return _read_regularly(subject, rows, entry, reading)
        case "stopped":
            return _read_stopped(subject, rows, entry, reading)
        case _:
            return _read_restarted(subject, rows, entry, reading)


def _counted(rows: Rows, window: Window | None, test: Test, entry: Entry) -> MeasureTest:
    return MeasureTest(Measure(replace(rows, window=window), MeasureName.COUNT), test, entry.span)


def _read_first_ever(rows: Rows | None, entry: Entry, reading: Reading) -> Condition | None:
    """The earliest row of all time lies in the window."""
    wanted = read_boolean(entry.value, "first_ever", reading)
    if rows is None or wanted is None:
        return None
    if rows.window is None:
        reading.findings.add("PB317", entry.span, variant="missing", name="first_ever", example="within: 30d")
        return None
    test: Test = InWindow(rows.window)
    ever = Measure(replace(rows, window=None), MeasureName.FIRST)
    return MeasureTest(ever, test if wanted else Negated(test), entry.span)


def _read_latest(subject: str, rows: Rows | None, entry: Entry, reading: Reading) -> Condition | None:
    """The last row in the window is so."""
    mapping = read_block(entry.value, "latest", reading)
    if mapping is None:
        return None
    if (misplaced := _column_in(subject, mapping, reading)) is not None:
        mended = f"latest: {{has: {{{misplaced.key.text}: …}}}}"
        reading.findings.add("PB116", misplaced.key.span, variant="latest", mended=mended)
        return None
    fields = read_fields(mapping, ("has",), "latest", reading)
    if not mapping.entries:
        require(fields, "has", mapping.span, "latest: {has: {status: 已付款}}", reading)
    tests = read_where(subject, fields["has"], reading, place="has") if "has" in fields else None
    return None if tests is None or rows is None else LatestTest(rows, tuple(tests), entry.span)


def _column_in(subject: str, mapping: Mapping, reading: Reading) -> Entry | None:
    """A column that lacks its `has`."""
    columns = columns_of(subject, reading)
    return next((entry for entry in mapping.entries if entry.key.text in columns and entry.key.text != "has"), None)


def _read_bought_all(rows: Rows | None, entry: Entry, reading: Reading) -> Condition | None:
    """A row of each of these skus."""
    texts = read_texts(entry.value, "bought_all", reading)
    if not texts or rows is None:
        return None
    parts: list[Condition] = []
    for sku in dict.fromkeys(text for text, _ in texts):
        test = ColumnTest("sku", Type.TEXT, OneOf((sku,)))
        parts.append(_counted(replace(rows, where=(*rows.where, test)), rows.window, _AT_LEAST_ONE, entry))
    return parts[0] if len(parts) == 1 else All(tuple(parts), entry.span)


# Habits -----------------------------------------------------------------------------------------------------------


def _read_regularly(subject: str, rows: Rows | None, entry: Entry, reading: Reading) -> Condition | None:
    """So many rows in so many of the pieces of the window."""
    example = "regularly: {count: 1.., per: 7d, in: 3..4}"
    mapping = read_block(entry.value, "regularly", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, ("count", "per", "in"), "regularly", reading)
    per_node = require(fields, "per", mapping.span, example, reading)
    in_node = require(fields, "in", mapping.span, example, reading)
    per = _read_span(subject, per_node, "per", reading) if per_node is not None else None
    count = _read_count(fields["count"], reading) if "count" in fields else _AT_LEAST_ONE
    wanted = read_test(in_node, Tested("in", Type.INTEGER), reading) if in_node is not None else None
    if rows is None or per is None or per_node is None:
        return None
    windows = _cut(rows.window, per, entry, per_node, reading)
    if windows is None or count is None or wanted is None or in_node is None:
        return None
    if isinstance(wanted, Range) and wanted.low is not None and wanted.low > len(windows):
        reading.findings.add("PB325", in_node.span, pieces=len(windows), wanted=wanted.low)
        return None
    measure = Measure(replace(rows, window=None), MeasureName.REGULARLY, shape=Pieces(windows, count))
    return MeasureTest(measure, wanted, entry.span)


def _read_count(node: Node, reading: Reading) -> Range | None:
    """How many rows a piece must have."""
    match read_test(node, Tested("count", Type.INTEGER), reading):
        case Range() as found:
            return found
        case OneOf((int(count),)):
            return Range(count, count)
        case None:
            return None
        case _:
            reading.findings.add(
                "PB301", node.span, variant="range", value=node.text if isinstance(node, Scalar) else "…"
            )
            return None


def _cut(window: Window | None, per: Duration, entry: Entry, place: Node, reading: Reading) -> tuple[Ages, ...] | None:
    """The window in whole pieces, back from its younger end."""
    if not isinstance(window, Ages) or len(window.below) != 1:
        reading.findings.add("PB317", entry.span, variant="missing", name="regularly", example="within: 28d")
        return None
    (length,) = window.below
    if window.low:
        length = Duration(length.count - 1, length.unit)
    number = whole_pieces(length, per)
    if number is None:
        reading.findings.add("PB321", place.span, variant="pieces", value=str(per), within=str(length))
        return None
    if number < 1:
        reading.findings.add("PB321", place.span, variant="longer", value=str(per), within=str(length))
        return None
    if number > MAX_PIECES:
        reading.findings.add("PB321", place.span, variant="many", value=str(number), limit=MAX_PIECES)
        return None
    ends = [Duration(per.count * piece, per.unit) for piece in range(number + 1)]
    return tuple(
        Ages((*window.low, *((young,) if young.count else ())), (*window.low, old)) for young, old in pairwise(ends)
    )


def _read_stopped(subject: str, rows: Rows | None, entry: Entry, reading: Reading) -> Condition | None:
    """The last row is older than the silence and not older than the activity before it."""
    spans = _read_spans(subject, rows, entry, ("active", "silent"), reading)
    if spans is None or rows is None:
        return None
    active, silent = spans
    last = Measure(rows, MeasureName.LAST)
    return MeasureTest(last, InWindow(Ages((silent,), (silent, active))), entry.span)


def _read_restarted(subject: str, rows: Rows | None, entry: Entry, reading: Reading) -> Condition | None:
    """A young row, none in the silence before, one before that."""
    spans = _read_spans(subject, rows, entry, ("silent", "active"), reading)
    if spans is None or rows is None:
        return None
    silent, active = spans
    parts = (
        _counted(rows, Ages((), (active,)), _AT_LEAST_ONE, entry),
        _counted(rows, Ages((active,), (active, silent)), OneOf((0,)), entry),
        _counted(rows, Ages((active, silent), ()), _AT_LEAST_ONE, entry),
    )
    return All(parts, entry.span)


def _read_spans(
    subject: str, rows: Rows | None, entry: Entry, keys: tuple[str, str], reading: Reading
) -> tuple[Duration, Duration] | None:
    name = entry.key.text
    if not isinstance(entry.value, Mapping):
        example = f"{name}: {{{keys[0]}: 14d, {keys[1]}: 7d}}"
        reading.findings.add("PB116", entry.value.span, variant="of", name=name, example=example)
        return None
    fields = read_fields(entry.value, keys, name, reading)
    example = f"{name}: {{{keys[0]}: 14d, {keys[1]}: 7d}}"
    nodes = [require(fields, key, entry.value.span, example, reading) for key in keys]
    spans = [
        _read_span(subject, node, key, reading) if node is not None else None
        for node, key in zip(nodes, keys, strict=True)
    ]
    if rows is not None and rows.window is not None:
        reading.findings.add("PB317", entry.key.span, variant="own", name=name)
        return None
    first, second = spans
    if first is None or second is None:
        return None
    if not is_same_kind(first, second):
        reading.findings.add("PB321", entry.value.span, first=str(first), second=str(second))
        return None
    return first, second


def _read_span(subject: str, node: Node, place: str, reading: Reading) -> Duration | None:
    """A length of time, of days and longer where rows know their day only."""
    found = read_length(node, place, reading)
    if found is not None and found.is_exact and subjects_of(reading)[subject].time_type is Type.DATE:
        reading.findings.add("PB302", node.span, variant="hours", value=str(found))
        return None
    return found
