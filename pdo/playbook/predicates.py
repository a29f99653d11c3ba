"""Tests: what must hold of a value, read by the type of that value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdo.core.nodes import Mapping, Node, Scalar, Sequence, lines_of
from pdo.model.conditions import AgeRange, DayRange, Level, Negated, OneOf, Range, Test
from pdo.model.fields import Type
from pdo.playbook.operators import ALL_OPERATORS, COMBINED, DATED, Tested, operators_of, read_operator, read_turns
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
    days_between,
    looks_like_date,
    parse_day,
    parse_durations,
    parse_number,
    split_days,
    split_limits,
    without_days,
)
from pdo.playbook.windows import calendar_word

if TYPE_CHECKING:
    from pdo.playbook.reading import Reading

__all__ = ["Tested", "read_test"]

_TEXTS = (Type.TEXT, Type.PHONE)
_LOOKS_LIKE_RANGE = re.compile(r"^(?:-?[\d.]+\S{0,2}\s*(?:\.\.|…)|(?:\.\.|…)\s*\d|[<>≥≤])")
_AHEAD = re.compile(
    r"^(?:未来|今后|接下来|往后|next)\s*(\d{1,4})\s*(天|日|周|个?月|days?|weeks?|months?)(?:内|以内)?$", re.IGNORECASE
)
_AHEAD_UNITS = {"天": "d", "日": "d", "周": "w", "个月": "mo", "月": "mo"} | {
    f"{unit}{plural}": short for unit, short in (("day", "d"), ("week", "w"), ("month", "mo")) for plural in ("", "s")
}
MAX_LIST = 10_000


def read_test(node: Node, tested: Tested, reading: Reading) -> Test | None:
    """A test on a value.

    Diagnostics:
        PB301 to PB308, PB310 to PB313, PB319 to PB321, PB116, PB117, PB118, PB902, PB903.
    """
    try:
        if isinstance(node, Mapping):
            return _read_operators(node, tested, reading)
        if tested.type is Type.LIST:
            _refuse_list(node, tested, reading)
            return None
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
    if tested.type in DATED:
        return _read_time(node, text, tested, reading)
    return _read_range(without_days(text) if tested.days else text, tested.type)


def _refuse_list(node: Node, tested: Tested, reading: Reading) -> None:
    """Nothing is equal to a list: one of its values is meant, or all of them."""
    if isinstance(node, Scalar) and node.is_empty:
        expect(node, tested.name, "mapping", reading)
        return
    reading.findings.add("PB305", node.span, variant="has", name=tested.name)


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
    limits = split_limits(text)
    if looks_like_date(text) or (limits.high and not limits.single and looks_like_date(limits.high)):
        if limits.single:
            day = parse_day(text)
            return DayRange(day, day)
        return days_between(*split_days(text), text)
    if calendar_word(text) is not None:
        raise MisreadError("PB318", "moment", value=text)
    if (ahead := _AHEAD.match(text)) is not None:
        span = f"{ahead[1]}{_AHEAD_UNITS[ahead[2]]}"
        test = f"{{in: ..{span}}}" if tested.ahead else f"{{anniversary_in: ..{span}}}"
        raise MisreadError("PB302", "ahead", value=text, mended=f"{tested.name}: {test}")
    low, high = parse_durations(limits, text)
    if tested.type is Type.DATE and any(end and end.is_exact for end in (low, high)):
        raise MisreadError("PB302", "hours", value=text)
    if limits.single:
        advise("PB903", node.span, reading, value=text, mended=f"..{text}")
    if tested.ahead and low is None:
        warn("PB902", node.span, reading, name=tested.name, value=text, mended=f"{{in: {text}}}", past=f"0d{text}")
    return AgeRange(low, high)


def _read_alternatives(node: Sequence, tested: Tested, reading: Reading) -> Test | None:
    items = read_list(node, tested.name, reading)
    if items is None:
        return None
    if len(items) > MAX_LIST:
        reading.findings.add("PB112", node.span, variant="list", limit=MAX_LIST)
        return None
    values: list[str | int] = []
    complete = True
    for item in items:
        found = _read_alternative(item, tested, reading)
        complete = complete and found is not None
        values.extend(found or ())
    return OneOf(tuple(dict.fromkeys(values))) if complete else None


def _read_alternative(item: Node, tested: Tested, reading: Reading) -> tuple[str | int, ...] | None:
    """The single value that stands in a list."""
    if not isinstance(item, Scalar):
        expect(item, tested.name, "text", reading)
        return None
    match read_test(item, tested, reading):
        case None:
            return None
        case OneOf(values):
            return values
        case DayRange(first, last) if first is not None and first == last and not first.relative:
            return (first.number,)
        case _:
            reading.findings.add("PB305", item.span, variant="list", name=tested.name)
            return None


# Operators --------------------------------------------------------------------------------------------------------


def _read_operators(node: Mapping, tested: Tested, reading: Reading) -> Test | None:
    usable = operators_of(tested)
    given: dict[str, Node] = {}
    refused = False
    for entry in node.entries:
        name = entry.key.text
        if name in usable:
            given.setdefault(name, entry.value)
            continue
        refused = True
        if name in ALL_OPERATORS:
            known = ", ".join(usable)
            reading.findings.add("PB305", entry.key.span, name=tested.name, operator=name, usable=known)
        else:
            report_unknown("PB306", entry.key.span, name, usable, reading.findings)
    if refused:
        return None
    if not given:
        reading.findings.add("PB118", node.span, name=tested.name)
        return None
    if set(given) == {"turns", "in"} or list(given) == ["turns"]:
        return read_turns(given["turns"], given.get("in"), node, reading)
    if len(given) > 1 and set(given) not in COMBINED:
        reading.findings.add("PB311", node.span, names=", ".join(given))
        return None
    tests = [_read_one(name, value, tested, reading) for name, value in given.items()]
    return _both(tests, node, reading) if len(tests) > 1 else tests[0]


def _read_one(name: str, node: Node, tested: Tested, reading: Reading) -> Test | None:
    if name != "not":
        return read_operator(name, node, tested, reading)
    inner = read_test(node, tested, reading)
    return None if inner is None else Negated(inner)


def _both(tests: list[Test | None], node: Mapping, reading: Reading) -> Test | None:
    match tests:
        case [Range() as first, Range() as second]:
            low, high = (first, second) if first.high is None else (second, first)
            if low.low is not None and high.high is not None and low.low >= high.high:
                raise MisreadError("PB304", "empty", value=_written(node))
            return Range(low.low, high.high, low_open=True, high_open=True)
        case [DayRange() as one, DayRange() as other]:
            return DayRange(one.first or other.first, one.last or other.last)
        case [Level(), Level() | Range()] | [Range(), Level()]:
            reading.findings.add("PB311", node.span, names=", ".join(entry.key.text for entry in node.entries))
            return None
        case _:
            return None


def _written(node: Mapping) -> str:
    span = node.span
    line = lines_of(span.source)[span.line - 1]
    return line[span.column - 1 : span.end_column - 1] if span.line == span.end_line else line[span.column - 1 :]
