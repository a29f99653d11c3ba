"""Bands of a lifecycle: stages cut out of an age, a metric, a score or an attribute."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Related
from pdo.core.frozen import dataclass
from pdo.core.nodes import Mapping, Node, Scalar
from pdo.model.conditions import (
    AttributeTest,
    ColumnTest,
    Completed,
    Duration,
    Measure,
    MeasureName,
    MeasureTest,
    MetricTest,
    Range,
    Rows,
    Unit,
)
from pdo.model.fields import Type
from pdo.playbook.attributes import attributes_of
from pdo.playbook.reading import (
    read_block,
    read_choice,
    read_fields,
    read_name,
    read_text,
    report_misread,
    report_unknown,
    require,
)
from pdo.playbook.rows import columns_of, subjects_of
from pdo.playbook.values import MisreadError, approximate_days, normalise, parse_age, parse_number

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Test
    from pdo.playbook.reading import Reading

_NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)
_BIRTH = ("before birth", "出生前", "未出生")
_FIRST = Duration(0, Unit.DAY)


@dataclass(frozen=True, slots=True)
class By:
    """What is cut into bands.

    Args:
        of: the value.
        type: of it; a date for an age.
    """

    of: Measure | ColumnTest | str
    type: Type

    def tested(self, test: Test, span: Span) -> Condition:
        """The condition that the value meets a test."""
        match self.of:
            case Measure():
                return MeasureTest(self.of, test, span)
            case ColumnTest(column=column, type=type_):
                return AttributeTest(ColumnTest(column, type_, test), span)
            case name:
                return MetricTest(name, test, span)


def read_by(node: Node, reading: Reading) -> By | None:
    """`{age_of: children.birthday, take: youngest}`, `{age_of: birthday}`, or the name of a number.

    Diagnostics:
        PB114 to PB118, PB202, PB203, PB314, PB348.
    """
    if isinstance(node, Scalar) and not node.is_empty:
        return _read_number(node, reading)
    mapping = read_block(node, "by", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, ("age_of", "take"), "by", reading)
    of = require(fields, "age_of", mapping.span, "by: {age_of: birthday}", reading)
    name = read_text(of, "age_of", reading) if of is not None else None
    if of is None or name is None:
        return None
    subject, dot, column = name.partition(".")
    if not dot:
        if "take" in fields:
            reading.findings.add("PB348", fields["take"].span, variant="take", name=name)
            return None
        return _read_date(name, of.span, reading)
    take_node = require(fields, "take", mapping.span, "take: youngest", reading)
    take = read_choice(take_node, "take", ("youngest", "oldest"), reading) if take_node is not None else None
    if subject not in subjects_of(reading):
        report_unknown("PB114", of.span, subject, subjects_of(reading), reading.findings, place="age_of")
        return None
    columns = columns_of(subject, reading)
    if column not in columns:
        report_unknown("PB203", of.span, column, columns, reading.findings, subject=subject)
        return None
    if columns[column].type not in (Type.DATE, Type.INSTANT):
        reading.findings.add("PB348", of.span, variant="date", name=name)
        return None
    if take is None:
        return None
    best = MeasureName.MAX if take == "youngest" else MeasureName.MIN
    type_ = columns[column].type
    return By(Measure(Rows(subject), best, column, type_), type_)


def _read_date(name: str, span: Span, reading: Reading) -> By | None:
    attributes = attributes_of(reading)
    of: ColumnTest | str = name
    type_: Type | None = None
    if name in attributes:
        type_ = attributes[name].type
        of = ColumnTest(name, type_, Range(None, None))
    elif reading.names.is_value(name):
        type_ = reading.names.metric_types.get(name)
        if type_ is None:
            return None
    else:
        report_unknown("PB202", span, name, attributes, reading.findings)
        return None
    if type_ not in (Type.DATE, Type.INSTANT):
        reading.findings.add("PB348", span, variant="date", name=name)
        return None
    return By(of, type_)


def _read_number(node: Scalar, reading: Reading) -> By | None:
    name = read_text(node, "by", reading)
    if name is None:
        return None
    attributes = attributes_of(reading)
    if name in attributes:
        type_: Type | None = attributes[name].type
    elif reading.names.is_value(name):
        type_ = reading.names.metric_types.get(name)
        if type_ is None:
            return None
    else:
        report_unknown("PB202", node.span, name, (*attributes, *reading.names.values), reading.findings)
        return None
    if type_ in (Type.DATE, Type.INSTANT):
        reading.findings.add("PB348", node.span, variant="age", name=name, mended=f"by: {{age_of: {name}}}")
        return None
    if type_ not in _NUMBERS:
        reading.findings.add("PB348", node.span, name=name)
        return None
    return By(ColumnTest(name, type_, Range(None, None)) if name in attributes else name, type_)


# Bands ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a band begins; None is before birth."""

    at: Duration | int | None
    span: Span


def read_bands(by: By, mapping: Mapping, reading: Reading) -> tuple[tuple[str, Condition], ...] | None:
    """A condition for each band: from its beginning until the next one's.

    Diagnostics:
        PB301, PB302, PB349 not rising, a range instead of a beginning, before birth in the middle.
    """
    starts: dict[str, _Start] = {}
    complete = True
    for entry in mapping.entries:
        name = read_name(entry.key, reading, reserved=("any",))
        start = _read_start(by, entry.value, reading)
        complete = complete and name is not None and start is not None
        if name is not None and start is not None:
            starts.setdefault(name, start)
    if not complete or not _is_rising(tuple(starts.values()), reading):
        return None
    following = [*list(starts.values())[1:], None]
    return tuple(
        (name, by.tested(_between(start, after), start.span))
        for (name, start), after in zip(starts.items(), following, strict=True)
    )


def _read_start(by: By, node: Node, reading: Reading) -> _Start | None:
    text = read_text(node, "bands", reading)
    if text is None:
        return None
    plain = normalise(text)
    if ".." in plain:
        begin = plain.partition("..")[0] or "0"
        reading.findings.add("PB349", node.span, variant="range", value=text, mended=begin)
        return None
    try:
        if by.type in _NUMBERS:
            return _Start(parse_number(text, by.type), node.span)
        if plain.lower() in _BIRTH:
            return _Start(None, node.span)
        duration = parse_age(text)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None
    return _Start(duration, node.span)


def _is_rising(starts: tuple[_Start, ...], reading: Reading) -> bool:
    for before, start in pairwise(starts):
        if _length(start) <= _length(before):
            related = (Related(before.span, "related.before"),)
            reading.findings.add("PB349", start.span, related=related)
            return False
    return True


def _length(start: _Start) -> float:
    if start.at is None:
        return -1
    return start.at if isinstance(start.at, int) else approximate_days(start.at)


def _between(start: _Start, after: _Start | None) -> Test:
    low, high = start.at, None if after is None else after.at
    if isinstance(low, int) or isinstance(high, int):
        return Range(low if isinstance(low, int) else None, high if isinstance(high, int) else None, high_open=True)
    return Completed(low, high if low is not None or high is not None else _FIRST, below=True)
