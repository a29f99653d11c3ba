"""Windows: which time the rows of a measure lie in, and the durations of the language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdo.core.nodes import Entry, Mapping, Node, Scalar, Sequence
from pdo.model.conditions import Ages, Anchor, Calendar, DayRange, Duration, Since, Unit
from pdo.model.fields import Type
from pdo.playbook import vocabulary
from pdo.playbook.reading import (
    expect,
    near,
    read_block,
    read_list,
    read_text,
    report_misread,
    report_near,
    report_unknown,
)
from pdo.playbook.values import (
    MisreadError,
    days_between,
    looks_like_date,
    normalise,
    parse_day,
    parse_duration,
    split_days,
)

if TYPE_CHECKING:
    from pdo.model.conditions import Window
    from pdo.model.fields import Column
    from pdo.playbook.reading import Reading

CALENDAR_WORDS = tuple(words.value for words in Calendar)
_SPOKEN = {
    "今天": Calendar.TODAY,
    "昨天": Calendar.YESTERDAY,
    "本周": Calendar.THIS_WEEK,
    "上周": Calendar.LAST_WEEK,
    "本月": Calendar.THIS_MONTH,
    "上月": Calendar.LAST_MONTH,
    "上个月": Calendar.LAST_MONTH,
    "今年": Calendar.THIS_YEAR,
    "去年": Calendar.LAST_YEAR,
}
_RECENT = re.compile(r"^(?:最近|近|过去)\s*(\d{1,6})\s*(?:d|天|日)$", re.IGNORECASE)
_FULL_DAYS = re.compile(r"^(\d{1,6})\s*(?:d|days?|天|日)?$")
_DAYS = (Unit.DAY, Unit.WEEK)
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


def is_same_kind(*durations: Duration) -> bool:
    """Whether all of them compare instants, or all of them calendar days."""
    return len({duration.is_exact for duration in durations}) <= 1


def read_windows(
    entries: list[Entry], dates: dict[str, Column], reading: Reading, *, daily: bool = False
) -> tuple[Window | None, bool]:
    """The window that the keys of a measure make.

    Args:
        entries: of these keys, in written order.
        dates: the attributes of a customer, of which dates may begin a window.
        daily: the rows know their day only.

    Returns:
        The window, None where there is none; and whether it could be read.

    Diagnostics:
        PB302, PB303, PB304, PB317, PB318, PB210 to PB212, PB115.
    """
    if not entries:
        return None, True
    if len(entries) > 1:
        names = ", ".join(entry.key.text for entry in entries)
        reading.findings.add("PB317", entries[1].key.span, names=names)
        return None, False
    (entry,) = entries
    window = read_window(entry.key.text, entry.value, dates, reading)
    if window is None:
        return None, False
    if daily and isinstance(window, Ages) and any(each.is_exact for each in (*window.low, *window.below)):
        reading.findings.add("PB302", entry.value.span, variant="hours", value=str((*window.low, *window.below)[-1]))
        return None, False
    return window, True


def read_window(name: str, node: Node, dates: dict[str, Column], reading: Reading) -> Window | None:
    """The window that one key of a measure makes; `within: {full_days: 7}` is the same as `full_days: 7`.

    Diagnostics:
        as `read_windows`.
    """
    if name == "within":
        return _read_within(node, dates, reading)
    if name == "full_days":
        return _read_full_days(node, reading)
    if name == "between":
        return _read_between(node, reading)
    return _read_since(node, dates, reading)


def _read_within(node: Node, dates: dict[str, Column], reading: Reading) -> Window | None:
    if isinstance(node, Mapping):
        mapping = read_block(node, "within", reading)
        if mapping is None or not mapping.entries:
            reading.findings.add("PB118", node.span, name="within")
            return None
        inner = [entry for entry in mapping.entries if entry.key.text in vocabulary.WINDOW_KEYS[1:]]
        for entry in mapping.entries:
            if entry not in inner:
                report_unknown(
                    "PB114",
                    entry.key.span,
                    entry.key.text,
                    vocabulary.WINDOW_KEYS[1:],
                    reading.findings,
                    place="within",
                )
        if len(inner) != len(mapping.entries):
            return None
        return read_windows(inner, dates, reading)[0]
    if isinstance(node, Sequence):
        expect(node, "within", "text", reading)
        return None
    text = read_text(node, "within", reading)
    if text is None:
        return None
    if words := calendar_word(text):
        return words
    if recent := _RECENT.match(normalise(text)):
        reading.findings.add("PB318", node.span, variant="recent", value=text, count=recent[1])
        return None
    if meant := _nearly_calendar(text):
        reading.findings.add("PB318", node.span, value=text, near=meant)
        return None
    if looks_like_date(text):
        mended = f"since: {text}" if ".." not in normalise(text) else f"between: {_as_list(text)}"
        reading.findings.add("PB318", node.span, variant="date", value=text, mended=mended)
        return None
    duration = read_duration(node, text.removeprefix(".."), reading)
    return None if duration is None else Ages((), (duration,))


def calendar_word(text: str) -> Calendar | None:
    """A stretch of the calendar in the spellings people use: `this_week`, `This-Week`, 本周; None for what is none."""
    plain = normalise(text).lower().replace("-", "_").replace(" ", "_")
    return Calendar(plain) if plain in CALENDAR_WORDS else _SPOKEN.get(plain)


def _nearly_calendar(text: str) -> str | None:
    """A calendar word that is misspelt; what has a digit was meant for a duration."""
    plain = normalise(text).lower()
    return None if re.search(r"\d", plain) else near(plain, CALENDAR_WORDS)


def _as_list(text: str) -> str:
    first, last = split_days(text)
    return f"[{first or '…'}, {last or 'today'}]"


def _read_full_days(node: Node, reading: Reading) -> Window | None:
    text = read_text(node, "full_days", reading)
    if text is None:
        return None
    found = _FULL_DAYS.match(normalise(text).lower())
    if found is None:
        reading.findings.add("PB318", node.span, variant="full_days", value=text)
        return None
    count = int(found[1])
    if count < 1:
        reading.findings.add("PB301", node.span, variant="positive", value=text)
        return None
    return Ages((Duration(1, Unit.DAY),), (Duration(count + 1, Unit.DAY),))


def _read_between(node: Node, reading: Reading) -> Window | None:
    if isinstance(node, Sequence):
        items = read_list(node, "between", reading) or ()
        texts = [read_text(item, "between", reading) for item in items]
        if not items or None in texts:
            return None
        if len(texts) != 2:  # noqa: PLR2004 - from one day to another
            reading.findings.add("PB318", node.span, variant="between")
            return None
        first, last = str(texts[0]), str(texts[1])
        written = f"{first}..{last}"
    else:
        text = read_text(node, "between", reading)
        if text is None:
            return None
        written = text
        if ".." not in normalise(text):
            reading.findings.add("PB318", node.span, variant="between")
            return None
        first, last = split_days(text)
    try:
        return days_between(first, last, written)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None


# From a moment of the customer on -----------------------------------------------------------------------------------


def _read_since(node: Node, dates: dict[str, Column], reading: Reading) -> Window | None:
    if isinstance(node, Mapping):
        return _read_since_stage_of(node, reading)
    text = read_text(node, "since", reading)
    if text is None:
        return None
    if text in vocabulary.LATER_WORDS["since"]:
        reading.findings.add("PB115", node.span, name=f"since: {text}")
        return None
    if text in (Anchor.ENTRY, Anchor.MESSAGE, Anchor.STAGE):
        anchor = Anchor(text)
        if anchor not in reading.anchors:
            reading.findings.add("PB210", node.span, variant=text)
            return None
        if anchor is Anchor.STAGE:
            return _read_since_stage(node, reading)
        return Since(anchor, reading.journey if anchor is Anchor.ENTRY else "")
    if looks_like_date(text):
        try:
            return DayRange(parse_day(text), None)
        except MisreadError as wrong:
            report_misread(wrong, node.span, reading)
            return None
    return _read_since_attribute(text, node, dates, reading)


def _read_since_attribute(text: str, node: Node, dates: dict[str, Column], reading: Reading) -> Window | None:
    column = dates.get(text)
    times = [name for name, known in dates.items() if known.type in (Type.INSTANT, Type.DATE)]
    if column is None:
        labels = {known.label: name for name, known in dates.items() if name in times}
        if text in labels:
            report_near("PB211", node.span, text, labels[text], reading.findings)
        elif text in reading.names.stages:
            lifecycle = reading.names.stages[text][0]
            reading.findings.add(
                "PB211", node.span, variant="stage", name=text, mended=f"since: {{stage: {lifecycle}}}"
            )
        elif not reading.names.may_be_lost(text):
            anchors = [
                anchor.value for anchor in Anchor if anchor in reading.anchors and anchor is not Anchor.ATTRIBUTE
            ]
            report_unknown("PB211", node.span, text, (*times, *anchors), reading.findings)
        return None
    if text not in times:
        reading.findings.add("PB211", node.span, variant="type", name=text, known=", ".join(times))
        return None
    return Since(Anchor.ATTRIBUTE, text, column.type)


def _read_since_stage(node: Node, reading: Reading) -> Window | None:
    """Inside a transition its own lifecycle is meant, else the only one that moves."""
    if reading.lifecycle:
        return Since(Anchor.STAGE, reading.lifecycle)
    stateful = reading.names.stateful
    if len(stateful) == 1:
        return Since(Anchor.STAGE, stateful[0])
    if stateful:
        mended = f"since: {{stage: {stateful[0]}}}"
        reading.findings.add("PB212", node.span, owners=", ".join(stateful), mended=mended)
    else:
        reading.findings.add("PB212", node.span, variant="none")
    return None


def _read_since_stage_of(node: Mapping, reading: Reading) -> Window | None:
    for entry in node.entries:
        if entry.key.text != "stage":
            report_unknown("PB114", entry.key.span, entry.key.text, ("stage",), reading.findings, place="since")
    named = node.get("stage")
    if named is None or len(node.entries) != 1:
        if not node.entries:
            reading.findings.add("PB118", node.span, name="since")
        return None
    name = read_text(named, "stage", reading)
    if name is None:
        return None
    if Anchor.STAGE not in reading.anchors:
        reading.findings.add("PB210", node.span, variant="stage")
        return None
    if name not in reading.names.of("lifecycle"):
        owners = reading.names.stages.get(name, [])
        if owners:
            report_near("PB201", named.span, name, owners[0], reading.findings, kind="lifecycle")
        elif not reading.names.may_be_lost(name):
            known = reading.names.of("lifecycle")
            report_unknown("PB201", named.span, name, known, reading.findings, kind="lifecycle")
        return None
    return Since(Anchor.STAGE, name)


# Durations ----------------------------------------------------------------------------------------------------------


def read_duration(
    node: Node, text: str, reading: Reading, *, calendar: bool = False, hours: bool = False
) -> Duration | None:
    """A duration longer than nothing; where `calendar`, of days and longer.

    Args:
        hours: whether hours are as likely as days where a number has no unit.

    Diagnostics:
        PB302.
    """
    try:
        duration = parse_duration(text)
    except MisreadError as wrong:
        if wrong.variant == "unit" and hours:
            days = str(wrong.params["mended"])
            wrong = MisreadError("PB302", "unit_hours", value=text, mended=days, hours=f"{days.removesuffix('d')}h")
        report_misread(wrong, node.span, reading)
        return None
    if duration.count == 0:
        reading.findings.add("PB302", node.span, variant="zero", value=text)
        return None
    if calendar and duration.is_exact:
        reading.findings.add("PB302", node.span, variant="hours", value=text)
        return None
    return duration


def read_length(node: Node, place: str, reading: Reading) -> Duration | None:
    """A duration longer than nothing, of any unit.

    Diagnostics:
        PB302.
    """
    if not isinstance(node, Scalar):
        expect(node, place, "text", reading)
        return None
    text = read_text(node, place, reading)
    return None if text is None else read_duration(node, text.removeprefix(".."), reading)


def whole_pieces(length: Duration, piece: Duration) -> int | None:
    """How many whole pieces a length has; None where days, months and hours do not divide."""
    if length.is_exact and piece.is_exact:
        return length.seconds // piece.seconds
    if length.unit in _DAYS and piece.unit in _DAYS:
        return days_of(length) // days_of(piece)
    if length.unit in _MONTHS and piece.unit in _MONTHS:
        return length.count * _MONTHS[length.unit] // (piece.count * _MONTHS[piece.unit])
    return None


def days_of(duration: Duration) -> int:
    """The days of a duration of days or weeks."""
    return duration.count * (7 if duration.unit is Unit.WEEK else 1)
