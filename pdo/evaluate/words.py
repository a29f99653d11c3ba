"""Conditions as short words, for `explain`: as written in the playbook where that says enough."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdo.core.figures import local_date, shown
from pdo.model.conditions import (
    AgeRange,
    Ages,
    AheadRange,
    DayRange,
    Filled,
    MeasureTest,
    Negated,
    OneOf,
    Range,
    TextTest,
)

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Day, Duration, Rows, Test
    from pdo.model.fields import Type
    from pdo.model.playbook import ScoreRule

LONGEST = 120
"""Characters of a condition that a line shows."""

_COMMENT = re.compile(r"(^|\s+)#.*$")


def written(condition: Condition) -> str:
    """The words of the playbook, on one line; a measure says which rows it looks at."""
    text = _text(condition.span)
    if isinstance(condition, MeasureTest):
        rows = condition.measure.rows
        known = "where" in text or "within" in text or "type" in text
        text = text if text.startswith(f"{rows.subject}:") else f"{rows.subject}{'' if known else _rows(rows)}: {text}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def reason(rule: ScoreRule) -> str:
    """Why a rule of a score gives points: as the playbook says it, else as it is written."""
    return rule.because or _text(rule.span)


def _text(span: Span) -> str:
    lines = span.source.lines[span.line - 1 : span.end_line]
    if not lines:
        return ""
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return " ".join(part for part in (_COMMENT.sub("", line).strip() for line in lines) if part)


def _rows(rows: Rows) -> str:
    """What the rows are besides their kind, as ` {category: 水果, within: 90d}`."""
    parts = [f"{test.column}: {phrase(test.test, test.type)}" for test in rows.where]
    parts += [f"within: {rows.window.below[0]}"] if isinstance(rows.window, Ages) else []
    return f" {{{', '.join(parts)}}}" if parts else ""


def phrase(test: Test, type_: Type) -> str:
    """A test as it could be written."""
    match test:
        case Negated(inner):
            return f"{{not: {phrase(inner, type_)}}}"
        case OneOf(values):
            words = [shown(type_.value, value, "UTC") for value in values]
            return words[0] if len(words) == 1 else f"[{', '.join(words)}]"
        case Range(low, high):
            ends = ["" if end is None else shown(type_.value, end, "UTC") for end in (low, high)]
            return "..".join(ends)
        case TextTest(operator, value):
            return f"{{{operator}: {value}}}"
        case Filled(exists):
            return f"{{exists: {str(exists).lower()}}}"
        case AgeRange(low, high):
            return _between(low, high)
        case AheadRange(low, high):
            return f"{{in: {_between(low, high)}}}"
        case DayRange(first, last):
            return f"{_day(first)}..{_day(last)}"


def _between(low: Duration | None, high: Duration | None) -> str:
    return f"{low or ''}..{high or ''}"


def _day(day: Day | None) -> str:
    if day is None:
        return ""
    return ("today" if day.number == 0 else "yesterday") if day.relative else local_date(day.number)
