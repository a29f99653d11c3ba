"""Plain values of blocks: whole numbers, shares, points, durations, times of day, sizes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdo.core.memory import LEAST_MEMORY
from pdo.core.nodes import Mapping, Scalar, Style
from pdo.core.sizes import parse_size, shown_size
from pdo.model.conditions import Duration, Unit
from pdo.model.fields import Type
from pdo.playbook.reading import read_block, read_fields, read_text, report_misread, require
from pdo.playbook.values import MisreadError, normalise, parse_number, parse_share
from pdo.playbook.windows import read_duration

if TYPE_CHECKING:
    from pdo.core.nodes import Node
    from pdo.playbook.reading import Reading

_DIGITS = "零一二三四五六七八九"
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})$")


def read_keyed(node: Node, place: str, example: str, reading: Reading) -> Mapping | None:
    """A mapping whose keys are words of the language, where people often write something shorter.

    Diagnostics:
        PB109, PB116, PB118.
    """
    if isinstance(node, Mapping) or (isinstance(node, Scalar) and (node.is_empty or re.search("[:：]", node.text))):
        return read_block(node, place, reading)
    if not (isinstance(node, Scalar) and node.style is Style.ALIAS):
        reading.findings.add("PB116", node.span, variant="example", name=place, example=example)
    return None


def read_whole(node: Node, place: str, reading: Reading, *, least: int = 1) -> int | None:
    """A whole number.

    Diagnostics:
        PB301, PB313.
    """
    text = read_text(node, place, reading)
    if text is None:
        return None
    try:
        number = parse_number(text, Type.INTEGER)
    except MisreadError as wrong:
        if (wrong.code, wrong.variant) == ("PB301", "integer"):
            reading.findings.add("PB301", node.span, variant="whole", value=text, mended=_whole_in(text))
        else:
            report_misread(wrong, node.span, reading)
        return None
    if number < least:
        reading.findings.add("PB301", node.span, variant="positive" if least else "negative", value=text)
        return None
    return number


def _whole_in(text: str) -> str:
    """The whole number that somebody meant who wrote `5000条` or `一`."""
    found = re.search(r"\d+", normalise(text))
    return found[0] if found else next((str(_DIGITS.index(each)) for each in text if each in _DIGITS), "1")


def read_number(node: Node, place: str, type_: Type, reading: Reading) -> int | None:
    """A number in the units of its type: thousandths, 分, or as it is.

    Diagnostics:
        PB301, PB312, PB313.
    """
    text = read_text(node, place, reading)
    if text is None:
        return None
    try:
        return parse_number(text, type_)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None


def read_share(node: Node, place: str, reading: Reading) -> int | None:
    """A share: `10%`.

    Diagnostics:
        PB342.
    """
    text = read_text(node, place, reading)
    if text is None:
        return None
    share = parse_share(text)
    if share is None:
        reading.findings.add("PB342", node.span, value=text)
    return share


def read_length(node: Node, place: str, reading: Reading, *, calendar: bool = True) -> Duration | None:
    """A duration longer than nothing, of days and longer unless `calendar` is off.

    Diagnostics:
        PB302.
    """
    text = read_text(node, place, reading)
    return None if text is None else read_duration(node, text, reading, calendar=calendar, hours=not calendar)


def read_days(node: Node, place: str, reading: Reading) -> int | None:
    """A duration of whole days or weeks, in days.

    Diagnostics:
        PB302 one of hours, months or years.
    """
    duration = read_length(node, place, reading)
    if duration is None:
        return None
    if duration.unit not in (Unit.DAY, Unit.WEEK):
        reading.findings.add("PB302", node.span, variant="months", value=str(duration))
        return None
    return duration.count * (7 if duration.unit is Unit.WEEK else 1)


def read_rate(node: Node, place: str, example: str, reading: Reading) -> tuple[int, Duration] | None:
    """`{max: 1, per: 7d}`: so many in so long.

    Diagnostics:
        PB114, PB116 to PB118, PB301, PB302.
    """
    mapping = read_keyed(node, place, example, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, ("max", "per"), place, reading)
    limit_node = require(fields, "max", mapping.span, example, reading)
    per_node = require(fields, "per", mapping.span, example, reading)
    limit = read_whole(limit_node, "max", reading) if limit_node is not None else None
    per = read_length(per_node, "per", reading) if per_node is not None else None
    return None if limit is None or per is None else (limit, per)


def parse_clock(text: str) -> int | None:
    """A time of day in minutes after midnight; 24:00 is the end of the day; None for what is none."""
    found = _CLOCK.match(normalise(text).replace("点", ":00" if text.endswith("点") else ":").removesuffix("分"))
    if found is None:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    return minutes if int(found[2]) < 60 and minutes <= 24 * 60 else None  # noqa: PLR2004 - minutes of an hour


def read_clock(node: Node, place: str, reading: Reading) -> int | None:
    """A time of day, in minutes after midnight of the project's zone.

    Diagnostics:
        PB343.
    """
    text = read_text(node, place, reading)
    if text is None:
        return None
    clock = parse_clock(text)
    if clock is None or clock == 24 * 60:
        reading.findings.add("PB343", node.span, value=text)
        return None
    return clock


def read_memory(node: Node, place: str, reading: Reading) -> int | None:
    """A size of memory that suffices, in bytes.

    Diagnostics:
        PB355.
    """
    text = read_text(node, place, reading)
    if text is None:
        return None
    size = parse_size(text)
    if size is None or size < LEAST_MEMORY:
        variant = "" if size is None else "least"
        reading.findings.add("PB355", node.span, variant=variant, value=text, least=shown_size(LEAST_MEMORY))
        return None
    return size
