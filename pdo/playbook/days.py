"""Days on which something runs: weekdays, dates, festivals."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.model.outreach import FESTIVALS, WEEKDAYS, Days
from pdo.playbook.reading import read_text, read_texts, report_misread, report_unknown
from pdo.playbook.values import MisreadError, looks_like_date, parse_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.core.nodes import Node
    from pdo.core.source import Span
    from pdo.playbook.reading import Reading

_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS: Mapping[str, int] = MappingProxyType(
    {
        **{name: number for number, name in enumerate(WEEKDAYS)},
        **{name.replace("周", "星期"): number for number, name in enumerate(WEEKDAYS)},
        **{name.replace("周", "礼拜"): number for number, name in enumerate(WEEKDAYS)},
        **{name: number for number, name in enumerate(_ENGLISH)},
        **{name[:3]: number for number, name in enumerate(_ENGLISH)},
        "周天": 6,
        "星期天": 6,
    }
)
_FESTIVALS: Mapping[str, str] = MappingProxyType(
    {
        **{name: name for name in FESTIVALS},
        **{f"{name}节": name for name in FESTIVALS if not name.endswith("节")},
        "五一": "劳动节",
        "六一": "儿童节",
        "十一": "国庆",
        "三八": "妇女节",
        "新年": "元旦",
        "双十一": "双11",
        "双十二": "双12",
        "过年": "春节",
        "情人": "情人节",
    }
)


def read_days_of(node: Node, reading: Reading) -> Days | None:
    """`[周一, 2026-05-01, 中秋]`: on any of these days.

    Diagnostics:
        PB303, PB518.
    """
    texts = read_texts(node, "on", reading)
    if texts is None:
        return None
    weekdays: set[int] = set()
    dates: list[int] = []
    festivals: list[str] = []
    complete = True
    for text, span in texts:
        if text.lower() in _NUMBERS:
            weekdays.add(_NUMBERS[text.lower()])
        elif text in _FESTIVALS:
            festivals.append(_FESTIVALS[text])
        elif looks_like_date(text):
            day = _read_date(text, span, reading)
            if day is None:
                complete = False
            else:
                dates.append(day)
        else:
            report_unknown("PB518", span, text, (*WEEKDAYS, *FESTIVALS), reading.findings)
            complete = False
    return (
        None if not complete else Days(frozenset(weekdays), tuple(sorted(set(dates))), tuple(dict.fromkeys(festivals)))
    )


def _read_date(text: str, span: Span, reading: Reading) -> int | None:
    try:
        day = parse_day(text)
    except MisreadError as wrong:
        report_misread(wrong, span, reading)
        return None
    if day.relative:
        reading.findings.add("PB303", span, value=text)
        return None
    return day.number


def read_weekday(node: Node, reading: Reading) -> int | None:
    """A day of the week, 0 is Monday.

    Diagnostics:
        PB518.
    """
    text = read_text(node, "weekday", reading)
    if text is None:
        return None
    number = _NUMBERS.get(text.lower())
    if number is None:
        report_unknown("PB518", node.span, text, WEEKDAYS, reading.findings)
    return number
