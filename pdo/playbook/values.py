"""Numbers, durations, dates and ranges as people write them.

What has one possible meaning is understood: full-width digits, `…`, `~`, 天 周 个月 年 元 万, `≥3`, `30-60d`, `1,000..`. The
rest is refused with the value that was probably meant.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.calendar import FIRST_YEAR, LAST_YEAR, day_number
from pdo.core.frozen import dataclass
from pdo.model.conditions import Day, DayRange, Duration, Unit
from pdo.model.fields import Type

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_NUMBER = 10**15
MAX_DAYS = 100_000


class MisreadError(Exception):
    """A value is not what its place expects; becomes a finding with that code."""

    def __init__(self, code: str, variant: str = "", **params: object) -> None:
        super().__init__(code, variant)
        self.code = code
        self.variant = variant
        self.params = params


@dataclass(frozen=True, slots=True)
class Limits:
    """A range before its ends are understood; `single` for one value, which is then both ends."""

    low: str | None
    high: str | None
    low_open: bool = False
    high_open: bool = False
    single: bool = False


_QUOTES = "“”‘’「」『』\"'"
_COMPARISON = re.compile(r"^(>=|=>|≥|≧|<=|=<|≤|≦|>|<)\s*(.+)$")
_DASHED = re.compile(r"^(\d[\d,.]*\s*[^\d\s\-~]*)\s*-\s*(\d[\d,.]*\s*[^\d\s\-~]*)$")


def normalise(text: str) -> str:
    """A value in plain characters: half-width, `..` for every spelling of a range, no quotes around it."""
    plain = unicodedata.normalize("NFKC", text.replace("…", "..").replace("〜", "~").replace("～", "~"))
    plain = plain.replace("。", ".").strip().strip(_QUOTES).strip()
    plain = re.sub(r"\.{2,}", "..", plain)
    return re.sub(r"\s*(?:~|至|到|—+|–+)\s*(?=\S)", "..", plain)


def split_limits(text: str) -> Limits:
    """The ends of a range, or one value.

    Raises:
        MisreadError: nothing at either end, or more than two ends.
    """
    plain = normalise(text)
    if compared := _COMPARISON.match(plain):
        sign, value = compared[1], compared[2].strip()
        if sign[0] in ">≥≧" or sign == "=>":
            return Limits(value, None, low_open=sign == ">")
        return Limits(None, value, high_open=sign == "<")
    if ".." in plain:
        ends = [end.strip() for end in plain.split("..")]
        if len(ends) > 2 or not any(ends):  # noqa: PLR2004 - a range has two ends
            raise MisreadError("PB301", "range", value=text)
        return Limits(ends[0] or None, ends[1] or None)
    if dashed := _DASHED.match(plain):
        return Limits(dashed[1].strip(), dashed[2].strip())
    return Limits(plain, plain, single=True)


# Numbers ----------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(
    r"^([+-]?)[¥$]?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(万|亿|千)?\s*(?:元|块钱?|次|笔|个|件|单|分|级)?$"
)
_FACTORS = {None: 1, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_SCALES = {Type.INTEGER: 1, Type.NUMBER: 1000, Type.MONEY: 100}


def parse_number(text: str, type_: Type) -> int:
    """A number in the units of its type: as it is, in thousandths, or in 分.

    Raises:
        MisreadError: no number, a fraction too fine for the type, or too large.
    """
    found = _NUMBER.match(normalise(text))
    if found is None or len(text) > 40:  # noqa: PLR2004 - no number that people write is as long
        raise MisreadError("PB301", type_.value, value=text)
    digits = found[2].replace(",", "") + (found[3] or "")
    scaled = Decimal(digits) * _FACTORS[found[4]] * _SCALES[type_]
    if scaled != int(scaled):
        raise MisreadError("PB312", type_.value, value=text)
    if scaled > MAX_NUMBER:
        raise MisreadError("PB313", value=text)
    return -int(scaled) if found[1] == "-" else int(scaled)


def parse_whole_range(text: str) -> tuple[int | None, int | None]:
    """Both ends of a range of whole numbers, both included; one number is both.

    Raises:
        MisreadError: as `parse_number`, or the ends are the wrong way round.
    """
    limits = split_limits(text)
    low = parse_number(limits.low, Type.INTEGER) + limits.low_open if limits.low else None
    high = parse_number(limits.high, Type.INTEGER) - limits.high_open if limits.high else None
    if low is not None and high is not None and low > high:
        raise MisreadError("PB304", value=text, mended=f"{high}..{low}")
    return low, high


_SHARE = re.compile(r"^(\d{1,3})(?:\.(\d{1,2}))?\s*%$")
WHOLE = 10_000
"""Everybody, in hundredths of a percent."""


def parse_share(text: str) -> int | None:
    """A share in hundredths of a percent, more than nothing and at most all; None for what is none."""
    found = _SHARE.match(normalise(text))
    if found is None:
        return None
    share = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return share if 0 < share <= WHOLE else None


_DAYS = re.compile(r"(?<=\d)\s*(?:d|days?|天|日)(?=$|\s*\.\.)")


def without_days(text: str) -> str:
    """`30d..60d` as a range of numbers, where what is measured is days anyway."""
    return _DAYS.sub("", normalise(text).lower())


# Durations --------------------------------------------------------------------------------------------------------

UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        **dict.fromkeys(("min", "mins", "minute", "minutes", "分钟", "分"), Unit.MINUTE),
        **dict.fromkeys(("h", "hr", "hour", "hours", "小时", "个小时", "时"), Unit.HOUR),
        **dict.fromkeys(("d", "day", "days", "天", "日"), Unit.DAY),
        **dict.fromkeys(("w", "week", "weeks", "周", "星期", "个星期", "礼拜"), Unit.WEEK),
        **dict.fromkeys(("mo", "month", "months", "个月", "月"), Unit.MONTH),
        **dict.fromkeys(("y", "yr", "year", "years", "年"), Unit.YEAR),
    }
)
_DURATION = re.compile(r"^([+-]?)(\d+)(\.\d+)?\s*([^\d\s.]*)$")
_APPROXIMATE_DAYS = {
    Unit.MINUTE: 1 / 1440,
    Unit.HOUR: 1 / 24,
    Unit.DAY: 1.0,
    Unit.WEEK: 7.0,
    Unit.MONTH: 30.44,
    Unit.YEAR: 365.25,
}


def parse_duration(text: str) -> Duration:
    """A length of time.

    Raises:
        MisreadError: no duration, no unit, the unit `m`, negative, a fraction, or longer than any data.
    """
    plain = normalise(text).lower()
    found = _DURATION.match(plain)
    if found is None or len(found[2]) > 9:  # noqa: PLR2004 - longer is no count of days
        raise MisreadError("PB302", value=text)
    sign, count, fraction, unit = found.groups()
    if sign == "-":
        raise MisreadError("PB302", "negative", value=text, mended=plain.lstrip("-"))
    if unit == "m":
        raise MisreadError("PB302", "m", value=text, months=f"{count}mo", minutes=f"{count}min")
    if not unit:
        raise MisreadError("PB302", "unit", value=text, mended=f"{count}d")
    if unit not in UNITS:
        raise MisreadError("PB302", value=text)
    if fraction:
        raise MisreadError("PB302", "fraction", value=text)
    duration = Duration(int(count), UNITS[unit])
    if approximate_days(duration) > MAX_DAYS:
        raise MisreadError("PB313", value=text)
    return duration


def approximate_days(duration: Duration) -> float:
    """About how long it is, for telling short from long only."""
    return duration.count * _APPROXIMATE_DAYS[duration.unit]


def is_longer(first: Duration, second: Duration) -> bool:
    """Whether the first is certainly longer."""
    if first.unit is second.unit:
        return first.count > second.count
    return approximate_days(first) > approximate_days(second) * 1.04


def parse_durations(limits: Limits, text: str) -> tuple[Duration | None, Duration | None]:
    """Both ends of a range of durations; `30~60天` says its unit once.

    Raises:
        MisreadError: as `parse_duration`, or the ends are the wrong way round.
    """
    low, high = limits.low, limits.high
    if low and high and not limits.single:
        low = low + _unit_of(high) if low.isdecimal() else low
        high = high + _unit_of(low) if high.isdecimal() else high
    first = parse_duration(low) if low else None
    last = parse_duration(high) if high else None
    if first and last and is_longer(first, last):
        raise MisreadError("PB304", value=text, mended=f"{last}..{first}")
    return first, last


def parse_calendar(limits: Limits, text: str) -> tuple[Duration | None, Duration | None]:
    """Both ends of a range of days and longer.

    Raises:
        MisreadError: as `parse_durations`, or one of hours or minutes.
    """
    low, high = parse_durations(limits, text)
    if any(end and end.is_exact for end in (low, high)):
        raise MisreadError("PB302", "hours", value=text)
    return low, high


def _unit_of(text: str) -> str:
    found = _DURATION.match(text.lower())
    return found[4] if found else ""


# Ages ---------------------------------------------------------------------------------------------------------------

_YEARS_OLD = re.compile(r"(?<=\d)\s*(?:周岁|岁)")
_MONTHS_OLD = re.compile(r"(?<=\d)\s*(?:月龄|个?月大)")
_NEGATIVE = re.compile(r"^-\s*")


def parse_age(text: str) -> Duration:
    """An age in completed units: `18y`, `6mo`, `18岁`; before birth `-3mo`.

    Raises:
        MisreadError: as `parse_duration`, or of hours.
    """
    plain = _MONTHS_OLD.sub("个月", _YEARS_OLD.sub("年", normalise(text)))
    if re.fullmatch(r"[+-]?\d+", plain):
        raise MisreadError("PB302", "age", value=text, years=f"{plain}y", months=f"{plain}mo")
    duration = parse_duration(_NEGATIVE.sub("", plain))
    if duration.is_exact:
        raise MisreadError("PB302", "hours", value=text)
    return Duration(-duration.count, duration.unit) if _NEGATIVE.match(plain) else duration


def parse_ages(text: str) -> tuple[Duration | None, Duration | None]:
    """Both ends of a range of ages; one age is both.

    Raises:
        MisreadError: as `parse_age`, or the ends are the wrong way round.
    """
    limits = split_limits(text)
    if limits.low_open or limits.high_open:
        raise MisreadError("PB301", "range", value=text)
    low, high = limits.low, limits.high
    if low and high and not limits.single and re.fullmatch(r"[+-]?\d+", low):
        low += re.sub(r"^[+-]?[\d\s]+", "", high)
    first = parse_age(low) if low else None
    last = parse_age(high) if high else None
    if first and last and _age_in_days(first) > _age_in_days(last) * (1.04 if last.count > 0 else 0.96):
        raise MisreadError("PB304", value=text, mended=f"{last}..{first}")
    return first, last


def _age_in_days(age: Duration) -> float:
    return age.count * _APPROXIMATE_DAYS[age.unit]


# Dates ------------------------------------------------------------------------------------------------------------

_DATE = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_RELATIVE = {"today": 0, "今天": 0, "yesterday": -1, "昨天": -1}


def looks_like_date(text: str) -> bool:
    """Whether a text was meant as a date, possible or not."""
    plain = normalise(text).lower()
    return plain in _RELATIVE or re.match(r"^\d{4}\s*[-/.年]\s*\d", plain) is not None


def parse_day(text: str) -> Day:
    """A date: `2026-01-01`, `2026年1月1日`, `today`, `yesterday`.

    Raises:
        MisreadError: no date, one that no calendar has, or one with a time.
    """
    plain = normalise(text).lower()
    if plain in _RELATIVE:
        return Day(_RELATIVE[plain], relative=True)
    found = _DATE.match(plain)
    if found is None:
        timed = re.match(r"^(\d{4}-\d{2}-\d{2})[ t]\d", plain)
        if timed:
            raise MisreadError("PB303", "time", value=text, mended=timed[1])
        raise MisreadError("PB303", value=text)
    year, month, day = (int(part) for part in found.groups())
    if not FIRST_YEAR <= year < LAST_YEAR:
        raise MisreadError("PB303", "year", value=text, first=FIRST_YEAR, last=LAST_YEAR - 1)
    try:
        return Day(day_number(date(year, month, day)))
    except ValueError:
        raise MisreadError("PB303", "impossible", value=text) from None


def split_days(text: str) -> tuple[str, str]:
    """The ends of a range of dates, before they are understood; empty for an open one."""
    first, _, last = normalise(text).partition("..")
    return first.strip(), last.strip()


def days_between(first: str, last: str, text: str) -> DayRange:
    """From one date to another, both included.

    Args:
        first: empty for since ever.
        last: empty for no end.
        text: both as written, for messages.

    Raises:
        MisreadError: as `parse_day`, or the ends are the wrong way round.
    """
    low = parse_day(first) if first else None
    high = parse_day(last) if last else None
    if low and high and low.relative == high.relative and low.number > high.number:
        raise MisreadError("PB304", value=text, mended=f"{last}..{first}")
    return DayRange(low, high)
