"""Conditions as short words, for `explain`: as written in the playbook where that says enough."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdo.evaluate.phrases import Phrases
from pdo.model.conditions import (
    All,
    AnyOf,
    InWindow,
    LatestTest,
    ListTest,
    MeasureName,
    MeasureTest,
    Negated,
    NoneOf,
    Pieces,
    RfmTest,
    SegmentTest,
    StageTest,
    TagTest,
)
from pdo.playbook import grammar
from pdo.playbook.vocabulary import ROW_KEYS

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Condition
    from pdo.model.playbook import ScoreRule

LONGEST = 120
"""Characters of a condition that a line shows."""

_COMMENT = re.compile(r"(^|\s+)#.*$")
_KEY = re.compile(r"^[{\s]*([^\s:：{}\[\],]+)\s*[:：]")
_FILLED = re.compile(r"[\"'][^\"']*\{[^{}:,\"']+\}[^\"']*[\"']")
"""A place of a family's value, which stands in quotes."""

_TURNED = ("not", "非")
"""What stands in the words of a condition and of its opposite alike: `tag: {not: A}`."""

_SPELT_OUT = ("bought_all", "restarted")
"""Patterns that are several measures: each part says what it is."""


def written(condition: Condition) -> str:
    """The words of the playbook, on one line; a measure says which rows it looks at."""
    words = _spelt(condition) if _FILLED.search(_text(condition.span)) else _words(condition)
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _spelt(condition: Condition) -> str:
    """A condition of a family, whose text has braces where its values stand; the parts of a group say the rest."""
    match condition:
        case All():
            return "all"
        case AnyOf():
            return "any"
        case NoneOf():
            return "none"
        case MeasureTest() | LatestTest() | TagTest() | StageTest() | SegmentTest() | RfmTest() | ListTest():
            return Phrases().condition(condition)
        case _:
            return _words(condition)


def reason(rule: ScoreRule) -> str:
    """Why a rule of a score gives points: as the playbook says it, else as it is written."""
    return rule.because or _text(rule.span)


def _words(condition: Condition) -> str:
    text = _text(condition.span)
    found = _KEY.match(text)
    key = found[1] if found else ""
    phrases = Phrases(chinese=not key.isascii() and key in grammar.spellings("condition") | grammar.spellings("items"))
    match condition:
        case MeasureTest() | LatestTest():
            return _measured(condition, text, key, phrases)
        case ListTest() | RfmTest():
            return phrases.condition(condition)
        case TagTest() | StageTest() | SegmentTest() if any(word in text for word in _TURNED):
            return phrases.condition(condition)
        case _:
            return text


def _measured(condition: MeasureTest | LatestTest, text: str, key: str, phrases: Phrases) -> str:
    rows = condition.rows if isinstance(condition, LatestTest) else condition.measure.rows
    subject = phrases.key(rows.subject)
    if key in (rows.subject, subject):
        return text
    if text.startswith("{"):
        return f"{subject}: {text}"
    if key in (*ROW_KEYS, *(phrases.key(name) for name in ROW_KEYS)):
        return f"{subject}: {{{text}}}"
    if key in (*_SPELT_OUT, *(phrases.key(name) for name in _SPELT_OUT)):
        return phrases.condition(condition)
    window = _taken_out(condition, key, phrases)
    shown = " ".join(part for part in (phrases.subject(rows), f"{{{window}}}" if window else "") if part)
    return f"{shown}: {text}" if key else phrases.condition(condition)


def _taken_out(condition: MeasureTest | LatestTest, key: str, phrases: Phrases) -> str:
    """The window of a pattern that looks at all rows: it stands in what must hold of them."""
    if isinstance(condition, LatestTest):
        return ""
    shape = condition.measure.shape
    if isinstance(shape, Pieces):
        return f"{phrases.key('within')}: {shape.windows[-1].below[-1]}" if shape.windows else ""
    if condition.measure.name is MeasureName.FIRST and key in ("first_ever", phrases.key("first_ever")):
        test = condition.test
        while isinstance(test, Negated):
            test = test.test
        return phrases.window(test.window) if isinstance(test, InWindow) else ""
    return ""


def _text(span: Span) -> str:
    lines = span.source.lines[span.line - 1 : span.end_line]
    if not lines:
        return ""
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return " ".join(part for part in (_COMMENT.sub("", line).strip() for line in lines) if part)
