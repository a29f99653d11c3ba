"""Time as the page says it, in `datetime` and `zoneinfo`: local days, months, and windows."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pdo.model.conditions import Ages, Calendar, Day, DayRange, Duration, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Clock:
    """A `now` in its zone."""

    at: int
    zone: str

    def day_of(self, instant: int) -> date:
        """The local date of an instant."""
        return datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(self.zone)).date()

    def beginning_of(self, day: date) -> int:
        """The instant with which a local date begins."""
        return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.zone)).timestamp())

    @property
    def today(self) -> date:
        """The local date of now."""
        return self.day_of(self.at)

    def day(self, written: Day) -> date:
        """The date that is meant."""
        return self.today + timedelta(days=written.number) if written.relative else number_day(written.number)


def number_day(number: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=number)


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def shift(day: date, length: Duration, sign: int = 1) -> date:
    """A date so much later (1) or earlier (-1); the last of the month where there is no such day."""
    count = sign * length.count
    if length.unit is Unit.DAY:
        return day + timedelta(days=count)
    if length.unit is Unit.WEEK:
        return day + timedelta(days=7 * count)
    months = day.year * 12 + day.month - 1 + (count if length.unit is Unit.MONTH else 12 * count)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def back(day: date, lengths: Iterable[Duration]) -> date:
    """A date so much earlier, one length after the other."""
    for length in lengths:
        day = shift(day, length, -1)
    return day


def in_year(day: date, year: int) -> date:
    """The same month and day of a year; 29 February is the 28th in common years."""
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def is_of_age(ages: Ages, at: int, day: date, clock: Clock) -> bool:
    """Whether a moment that is not to come is so old and younger than that."""
    if any(length.is_exact for length in (*ages.low, *ages.below)):
        low, below = (sum(length.seconds for length in lengths) for lengths in (ages.low, ages.below))
        age = clock.at - at
        return age >= low and (age < below or not ages.below)
    if ages.low and day > back(clock.today, ages.low):
        return False
    return not ages.below or day > back(clock.today, ages.below)


def is_in_calendar(word: Calendar, day: date, clock: Clock) -> bool:
    """Whether a date lies in a stretch of the calendar."""
    today = clock.today
    monday = today - timedelta(days=today.weekday())
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    before = month - timedelta(days=1)
    first, last = {
        Calendar.TODAY: (today, today),
        Calendar.YESTERDAY: (today - timedelta(days=1), today - timedelta(days=1)),
        Calendar.THIS_WEEK: (monday, monday + timedelta(days=6)),
        Calendar.LAST_WEEK: (monday - timedelta(days=7), monday - timedelta(days=1)),
        Calendar.THIS_MONTH: (month, today.replace(day=monthrange(today.year, today.month)[1])),
        Calendar.LAST_MONTH: (before.replace(day=1), before),
        Calendar.THIS_YEAR: (year, today.replace(month=12, day=31)),
        Calendar.LAST_YEAR: (year.replace(year=today.year - 1), date(today.year - 1, 12, 31)),
    }[word]
    return first <= day <= last


def is_between(test: DayRange, day: date, clock: Clock) -> bool:
    """Whether a date lies between two, both included."""
    after = test.first is None or day >= clock.day(test.first)
    return after and (test.last is None or day <= clock.day(test.last))
