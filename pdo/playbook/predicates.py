"""Tests: what must hold of a value, read by the type of that value."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import re2

from pdo.core.nodes import Mapping, Node, Scalar, Sequence, lines_of
from pdo.model.conditions import (
    AgeRange,
    AheadRange,
    Day,
    DayRange,
    Filled,
    Negated,
    OneOf,
    Range,
    Test,
    TextOperator,
    TextTest,
)
from pdo.model.fields import Type
from pdo.playbook import vocabulary
from pdo.playbook.reading import (
    advise,
    expect,
    read_boolean,
    read_list,
    read_text,
    report_misread,
    report_unknown,
    warn,
)
from pdo.playbook.values import (
    MisreadError,
    looks_like_date,
    parse_day,
    parse_duration,
    parse_durations,
    parse_number,
    split_limits,
)

if TYPE_CHECKING:
    from pdo.playbook.reading import Reading

_TEXTS = (Type.TEXT, Type.PHONE)
_NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)
_TIMES = (Type.INSTANT, Type.DATE)
_SEARCHES = tuple(operator.value for operator in TextOperator)
_ALWAYS = ("not", "exists")
_OPERATORS = {
    **dict.fromkeys(_TEXTS, (*_SEARCHES, *_ALWAYS)),
    **dict.fromkeys(_NUMBERS, ("above", "below", *_ALWAYS)),
    **dict.fromkeys(_TIMES, ("in", "before", "after", "on", *_ALWAYS)),
    Type.BOOLEAN: _ALWAYS,
}
_ALL_OPERATORS = (*_SEARCHES, "above", "below", "in", "before", "after", "on", *_ALWAYS)
_PAIRS = ({"above", "below"}, {"before", "after"})
_LOOKS_LIKE_RANGE = re.compile(r"^(?:-?[\d.]+\S{0,2}\s*(?:\.\.|…)|(?:\.\.|…)\s*\d|[<>≥≤])")
MAX_LIST = 10_000


@dataclass(frozen=True, slots=True)
class Tested:
    """What a test is about.

    Args:
        name: the attribute, metric, column or measure, as written.
        type: of its values.
        values: the only ones that exist; empty for any text.
        ahead: its dates are usually yet to come, as the end of a membership.
        exact_meant: a single duration is no slip, as in `days`.
        past: its moments have passed, so that nothing can be asked of the future.
    """

    name: str
    type: Type
    values: tuple[str, ...] = ()
    ahead: bool = False
    past: bool = False


def read_test(node: Node, tested: Tested, reading: Reading) -> Test | None:
    """A test on a value.

    Diagnostics:
        PB301 to PB308, PB310 to PB313, PB115, PB116, PB118, PB902, PB903.
    """
    try:
        if isinstance(node, Mapping):
            return _read_operators(node, tested, reading)
        if isinstance(node, Sequence):
            return _read_alternatives(node, tested, reading)
        return _read_scalar(node, tested, reading)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None


def _read_scalar(node: Scalar, tested: Tested, reading: Reading) -> Test | None:
    text = read_text(node, tested.name, reading)
    if text is None:
        return None
    if tested.type in _TEXTS:
        return _read_equal_text(node, text, tested, reading)
    if tested.type is Type.BOOLEAN:
        known = read_boolean(node, tested.name, reading)
        return None if known is None else OneOf((int(known),))
    if tested.type in _TIMES:
        return _read_time(node, text, tested, reading)
    return _read_range(text, tested.type)


def _read_equal_text(node: Scalar, text: str, tested: Tested, reading: Reading) -> Test | None:
    if node.is_plain and _LOOKS_LIKE_RANGE.match(text):
        reading.findings.add("PB305", node.span, variant="range", name=tested.name, value=text)
        return None
    if node.is_plain and re.search(r"\w[，、]\w", text):
        parts = ", ".join(part.strip() for part in re.split("[，、]", text) if part.strip())
        reading.findings.add("PB107", node.span, variant="values", value=text, mended=f"[{parts}]")
        return None
    if tested.values and text not in tested.values:
        report_unknown("PB307", node.span, text, tested.values, reading.findings, place=tested.name)
        return None
    return OneOf((text,))


def _read_range(text: str, type_: Type) -> Test:
    limits = split_limits(text)
    if limits.single:
        return OneOf((parse_number(text, type_),))
    low = parse_number(limits.low, type_) if limits.low else None
    high = parse_number(limits.high, type_) if limits.high else None
    if low is not None and high is not None and low > high:
        raise MisreadError("PB304", value=text, mended=f"{limits.high}..{limits.low}")
    return Range(low, high, limits.low_open, limits.high_open)


def _read_time(node: Scalar, text: str, tested: Tested, reading: Reading) -> Test:
    if looks_like_date(text):
        limits_text = text.replace("..", " .. ")
        if ".." not in text:
            day = parse_day(text)
            return DayRange(day, day)
        first, last = (end.strip() for end in limits_text.split("..", 1))
        return _days_between(first, last, text)
    limits = split_limits(text)
    if limits.high and not limits.single and looks_like_date(limits.high):
        return _days_between(limits.low or "", limits.high, text)
    low, high = parse_durations(limits, text)
    if tested.type is Type.DATE and any(end and end.is_exact for end in (low, high)):
        raise MisreadError("PB302", "hours", value=text)
    if limits.single:
        advise("PB903", node.span, reading, value=text, mended=f"..{text}")
    if tested.ahead and low is None:
        warn("PB902", node.span, reading, name=tested.name, value=text, mended=f"{{in: {text}}}", past=f"0d{text}")
    return AgeRange(low, high)


def _days_between(first: str, last: str, text: str) -> DayRange:
    low = parse_day(first) if first else None
    high = parse_day(last) if last else None
    if low and high and low.relative == high.relative and low.number > high.number:
        raise MisreadError("PB304", value=text, mended=f"{last}..{first}")
    return DayRange(low, high)


def _read_alternatives(node: Sequence, tested: Tested, reading: Reading) -> Test | None:
    items = read_list(node, tested.name, reading)
    if items is None:
        return None
    if len(items) > MAX_LIST:
        reading.findings.add("PB112", node.span, variant="list", limit=MAX_LIST)
        return None
    values: list[str | int] = []
    for item in items:
        if not isinstance(item, Scalar):
            expect(item, tested.name, "text", reading)
            continue
        test = read_test(item, tested, reading)
        if isinstance(test, OneOf):
            values.extend(test.values)
        elif isinstance(test, DayRange) and test.first and test.first == test.last and not test.first.relative:
            values.append(test.first.number)
        elif test is not None:
            reading.findings.add("PB305", item.span, variant="list", name=tested.name)
    return OneOf(tuple(dict.fromkeys(values))) if values else None


# Operators --------------------------------------------------------------------------------------------------------


def _read_operators(node: Mapping, tested: Tested, reading: Reading) -> Test | None:
    given: dict[str, Node] = {}
    refused = False
    for entry in node.entries:
        name = entry.key.text
        if name in _OPERATORS[tested.type] and not (name == "in" and tested.past):
            given.setdefault(name, entry.value)
            continue
        refused = True
        if name in vocabulary.LATER_TESTS:
            reading.findings.add("PB115", entry.key.span, name=name)
        elif name in _ALL_OPERATORS:
            usable = ", ".join(_OPERATORS[tested.type])
            reading.findings.add("PB305", entry.key.span, name=tested.name, operator=name, usable=usable)
        else:
            report_unknown("PB306", entry.key.span, name, _OPERATORS[tested.type], reading.findings)
    if refused:
        return None
    if not given:
        reading.findings.add("PB118", node.span, name=tested.name)
        return None
    if len(given) > 1 and set(given) not in _PAIRS:
        reading.findings.add("PB311", node.span, names=", ".join(given))
        return None
    tests = [_read_operator(name, value, tested, reading) for name, value in given.items()]
    return _both(tests, node) if len(tests) > 1 else tests[0]


def _both(tests: list[Test | None], node: Mapping) -> Test | None:
    match tests:
        case [Range() as first, Range() as second]:
            low, high = (first, second) if first.high is None else (second, first)
            if low.low is not None and high.high is not None and low.low >= high.high:
                raise MisreadError("PB304", "empty", value=_written(node))
            return Range(low.low, high.high, low_open=True, high_open=True)
        case [DayRange() as one, DayRange() as other]:
            return DayRange(one.first or other.first, one.last or other.last)
        case _:
            return None


def _written(node: Mapping) -> str:
    span = node.span
    line = lines_of(span.source)[span.line - 1]
    return line[span.column - 1 : span.end_column - 1] if span.line == span.end_line else line[span.column - 1 :]


def _read_operator(name: str, node: Node, tested: Tested, reading: Reading) -> Test | None:
    if name == "not":
        inner = read_test(node, tested, reading)
        return None if inner is None else Negated(inner)
    if name == "exists":
        known = read_boolean(node, name, reading)
        return None if known is None else Filled(known)
    text = read_text(node, name, reading)
    if text is None:
        return None
    try:
        if name in _SEARCHES:
            return _read_search(TextOperator(name), text)
        if name == "in":
            return _read_ahead(text)
        if name in ("before", "after", "on"):
            return _read_day(name, parse_day(text))
        limit = parse_number(text, tested.type)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None
    return Range(limit, None, low_open=True) if name == "above" else Range(None, limit, high_open=True)


def _read_search(operator: TextOperator, text: str) -> TextTest:
    if operator is TextOperator.MATCHES:
        options = re2.Options()
        options.log_errors = False
        try:
            re2.compile(text, options)
        except re2.error as wrong:
            reason = wrong.args[0] if wrong.args else ""
            words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
            raise MisreadError("PB310", value=text, reason=words) from None
    return TextTest(operator, unicodedata.normalize("NFC", text))


def _read_ahead(text: str) -> AheadRange:
    limits = split_limits(text)
    if limits.single:
        duration = parse_duration(text)
        low, high = duration, duration
    else:
        low_end, high_end = parse_durations(limits, text)
        if any(end and end.is_exact for end in (low_end, high_end)):
            raise MisreadError("PB302", "hours", value=text)
        return AheadRange(low_end, high_end)
    if duration.is_exact:
        raise MisreadError("PB302", "hours", value=text)
    return AheadRange(low, high)


def _read_day(name: str, day: Day) -> DayRange:
    if name == "on":
        return DayRange(day, day)
    if name == "after":
        return DayRange(Day(day.number + 1, relative=day.relative), None)
    return DayRange(None, Day(day.number - 1, relative=day.relative))
