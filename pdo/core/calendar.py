"""Time arithmetic: instants, local days, months, and the offsets of a zone.

Units: an instant is whole seconds since 1970-01-01T00:00Z; a day number is days since 1970-01-01, local to the project's zone.
"""

from __future__ import annotations

import calendar
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from pdo.core.frozen import dataclass

EPOCH = date(1970, 1, 1)
DAY_SECONDS = 86_400
FIRST_YEAR, LAST_YEAR = 1900, 2200


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def date_of(day: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=day)


def add_months(day: date, months: int) -> date:
    """The same day some months later or earlier, or the last day of that month where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Moment:
    """A `now`: an instant with its local day.

    Args:
        at: the instant.
        zone: the project's zone.
    """

    at: int
    zone: str

    @property
    def local(self) -> datetime:
        """The wall clock, with its offset."""
        return datetime.fromtimestamp(self.at, ZoneInfo(self.zone))

    @property
    def today(self) -> int:
        """The local day number."""
        return day_number(self.local.date())

    def __str__(self) -> str:
        """As `2026-03-02T09:00:00+08:00`."""
        return self.local.isoformat(timespec="seconds")


def instant_of(local: datetime, zone: str) -> int:
    """The instant of a wall clock time; the earlier one where the clock shows it twice."""
    return int(local.replace(tzinfo=ZoneInfo(zone)).timestamp())


def parse_moment(text: str, zone: str) -> Moment:
    """Read `2026-03-02`, `2026-03-02T09:00`, `2026-03-02 09:00:30` or one with an offset.

    Raises:
        ValueError: the text is none of these.
    """
    parsed = datetime.fromisoformat(text.strip())
    if parsed.tzinfo is None:
        return Moment(instant_of(parsed, zone), zone)
    return Moment(int(parsed.timestamp()), zone)


@lru_cache(maxsize=8)
def transitions(zone: str) -> tuple[tuple[int, int], ...]:
    """When the offset of a zone changes, and to what.

    Grain: one pair (instant from which it holds, seconds east of Greenwich); the first one holds since ever.
    """
    info = ZoneInfo(zone)

    def offset(at: int) -> int:
        found = datetime.fromtimestamp(at, UTC).astimezone(info).utcoffset()
        return int(found.total_seconds()) if found else 0

    step = 20 * DAY_SECONDS
    at = day_number(date(FIRST_YEAR, 1, 1)) * DAY_SECONDS
    end = day_number(date(LAST_YEAR, 1, 1)) * DAY_SECONDS
    found = [(at, offset(at))]
    while at < end:
        if offset(at + step) != found[-1][1]:
            low, high = at, at + step
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == found[-1][1] else (low, middle)
            found.append((high, offset(high)))
        at += step
    return tuple(found)


def offset_at(zone: str, at: int) -> int:
    """Seconds east of Greenwich at an instant."""
    table = transitions(zone)
    return table[max(bisect_right(table, (at, 1 << 31)) - 1, 0)][1]
