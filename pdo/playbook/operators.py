"""Operators: `{above: 3}`, `{contains: 辣}`, `{anniversary_in: ..7d}` and the like, each with what it takes."""

from __future__ import annotations

import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.core.late import late
from pdo.core.nodes import Scalar
from pdo.model.conditions import (
    AheadRange,
    Anniversary,
    Completed,
    Day,
    DayRange,
    Filled,
    Has,
    Level,
    Middle,
    Range,
    TextOperator,
    TextTest,
    Top,
    Turns,
)
from pdo.model.fields import Type
from pdo.playbook.reading import (
    advise,
    read_boolean,
    read_text,
    read_texts,
    report_misread,
    report_unknown,
)
from pdo.playbook.values import (
    MisreadError,
    parse_age,
    parse_ages,
    parse_calendar,
    parse_day,
    parse_number,
    parse_share,
    split_limits,
    without_days,
)

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    import re2

    from pdo.core.nodes import Mapping, Node
    from pdo.model.conditions import Duration, Test
    from pdo.playbook.reading import Reading
else:
    re2 = late("re2")

DATED = (Type.INSTANT, Type.DATE)
_NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)
_SEARCHES = tuple(operator.value for operator in TextOperator)
_HAS = ("has", "has_all")
_LIMITS = ("above", "below")
_DAYS = ("before", "after", "on")
_AHEAD = ("in", "anniversary_in", "turns")
_ALWAYS = ("not", "exists")
_OPERATORS: ReadOnly[Type, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys((Type.TEXT, Type.PHONE), (*_SEARCHES, *_ALWAYS)),
        **dict.fromkeys(_NUMBERS, (*_LIMITS, *_ALWAYS)),
        **dict.fromkeys(DATED, (*_DAYS, *_AHEAD, "age", *_ALWAYS)),
        Type.BOOLEAN: _ALWAYS,
        Type.LIST: (*_HAS, *_ALWAYS),
    }
)
_RANKS = ("top",)
ALL_OPERATORS = (*_SEARCHES, *_HAS, *_LIMITS, *_RANKS, *_DAYS, *_AHEAD, "age", *_ALWAYS)
"""Every operator of the language."""

COMBINED = ({"above", "below"}, {"before", "after"})
"""Operators that may stand together; `turns` needs `in` besides."""

MIDDLES: ReadOnly[str, Middle] = MappingProxyType(
    {
        "average": Middle.AVERAGE,
        "mean": Middle.AVERAGE,
        "avg": Middle.AVERAGE,
        "平均": Middle.AVERAGE,
        "平均值": Middle.AVERAGE,
        "平均数": Middle.AVERAGE,
        "median": Middle.MEDIAN,
        "中位数": Middle.MEDIAN,
    }
)
"""What a value may be held against among all customers, as people spell it."""


@dataclass(frozen=True, slots=True)
class Tested:
    """What a test is about.

    Args:
        name: the attribute, metric, column or measure, as written.
        type: of its values.
        values: the only ones that exist; empty for any text.
        ahead: its dates are usually yet to come, as the end of a membership.
        past: its moments have passed, so that nothing can be asked of the future.
        ranked: each customer has one such value, so that they can be ranked and averaged.
        days: it is a number of days, so that `30d` means 30.
    """

    name: str
    type: Type
    values: tuple[str, ...] = ()
    ahead: bool = False
    past: bool = False
    ranked: bool = False
    days: bool = False


def operators_of(tested: Tested) -> tuple[str, ...]:
    """The operators that a value can be tested with."""
    names = _OPERATORS[tested.type]
    if tested.past:
        names = tuple(name for name in names if name != "in")
    return (*_RANKS, *names) if tested.ranked and tested.type in _NUMBERS else names


def read_operator(name: str, node: Node, tested: Tested, reading: Reading) -> Test | None:
    """What one operator, other than `not` and `turns`, asks of a value.

    Diagnostics:
        PB301 to PB304, PB308, PB310, PB312, PB313, PB319 to PB321, PB903.
    """
    if name == "exists":
        known = read_boolean(node, name, reading)
        return None if known is None else Filled(known)
    if name in _HAS:
        return _read_has(name, node, tested, reading)
    text = read_text(node, name, reading)
    if text is None:
        return None
    try:
        if name in _SEARCHES:
            return _read_search(TextOperator(name), text)
        if name in _DAYS:
            return _read_day(name, parse_day(text))
        if name == "in":
            return AheadRange(*parse_calendar(split_limits(text), text))
        if name == "anniversary_in":
            return _read_anniversary(node, text, reading)
        if name == "age":
            return Completed(*parse_ages(text))
        if name == "top":
            return _read_top(text)
        return _read_limit(name, text, tested)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None


def _read_limit(name: str, text: str, tested: Tested) -> Range | Level:
    if middle := MIDDLES.get(text.lower()):
        if not tested.ranked:
            raise MisreadError("PB320", name=tested.name, value=text)
        return Level(name == "above", middle)
    limit = parse_number(without_days(text) if tested.days else text, tested.type)
    return Range(limit, None, low_open=True) if name == "above" else Range(None, limit, high_open=True)


def _read_top(text: str) -> Top:
    if "%" in text or "％" in text:
        share = parse_share(text)
        if share is None:
            raise MisreadError("PB319", "share", value=text)
        return Top(None, share)
    try:
        count = parse_number(text, Type.INTEGER)
    except MisreadError:
        raise MisreadError("PB319", value=text) from None
    if count < 1:
        raise MisreadError("PB301", "positive", value=text)
    return Top(count)


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


def _read_has(name: str, node: Node, tested: Tested, reading: Reading) -> Has | None:
    texts = read_texts(node, name, reading)
    if texts is None:
        return None
    complete = bool(texts)
    for text, span in texts:
        if tested.values and text not in tested.values:
            report_unknown("PB307", span, text, tested.values, reading.findings, place=tested.name)
            complete = False
    return Has(tuple(dict.fromkeys(text for text, _ in texts)), every=name == "has_all") if complete else None


# Dates ------------------------------------------------------------------------------------------------------------


def _read_anniversary(node: Node, text: str, reading: Reading) -> Anniversary:
    low, high = parse_calendar(split_limits(text), text)
    if isinstance(node, Scalar) and low is not None and low == high and low.count:
        advise("PB903", node.span, reading, value=text, mended=f"..{text}")
    return Anniversary(low, high)


def read_turns(node: Node, ahead: Node | None, whole: Mapping, reading: Reading) -> Turns | None:
    """`{turns: 6mo, in: ..14d}`: the day on which an age is reached.

    Diagnostics:
        PB117 without `in`, PB301, PB302, PB304.
    """
    if ahead is None:
        written = node.text if isinstance(node, Scalar) and node.text else "6mo"
        reading.findings.add("PB117", whole.span, name="in", example=f"{{turns: {written}, in: ..14d}}")
        return None
    age = _read_age(node, reading)
    stretch = _read_stretch(ahead, reading)
    return None if age is None or stretch is None else Turns(age, *stretch)


def _read_age(node: Node, reading: Reading) -> Duration | None:
    """An age that somebody reaches."""
    text = read_text(node, "turns", reading)
    if text is None:
        return None
    try:
        age = parse_age(text)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None
    if age.count < 1:
        reading.findings.add("PB301", node.span, variant="positive", value=text)
        return None
    return age


def _read_stretch(node: Node, reading: Reading) -> tuple[Duration | None, Duration | None] | None:
    """Days from today on."""
    text = read_text(node, "in", reading)
    if text is None:
        return None
    try:
        return parse_calendar(split_limits(text), text)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None


def _read_day(name: str, day: Day) -> DayRange:
    if name == "on":
        return DayRange(day, day)
    if name == "after":
        return DayRange(Day(day.number + 1, relative=day.relative), None)
    return DayRange(None, Day(day.number - 1, relative=day.relative))
