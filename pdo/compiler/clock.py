"""Where `now` enters a program: dates become integer bounds here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pdo.compiler import sql
from pdo.core.calendar import add_months, date_of, day_number
from pdo.model.conditions import Calendar, Day, Duration, Unit

if TYPE_CHECKING:
    from datetime import date

    from sqlglot import exp

    from pdo.core.calendar import Moment
    from pdo.model.conditions import Anniversary

DAYS_OF = {Unit.DAY: 1, Unit.WEEK: 7}
MONTHS_OF = {Unit.MONTH: 1, Unit.YEAR: 12}
OLDEST = 150
"""Years: nobody's anniversary is older."""
YEAR = 366
"""Days in which everything has an anniversary."""


def shifted(day: int, duration: Duration, direction: int) -> int:
    """The day so long after (1) or before (-1) a day; months and years keep the day of the month, or take its last."""
    if duration.unit in DAYS_OF:
        return day + direction * duration.count * DAYS_OF[duration.unit]
    return day_number(add_months(date_of(day), direction * duration.count * MONTHS_OF[duration.unit]))


def last_start(day: int, age: Duration) -> int:
    """The last day that is so old by a day: counted from it the age is reached by then, in completed units."""
    start = shifted(day, age, -1)
    while shifted(start + 1, age, 1) <= day:
        start += 1
    while shifted(start, age, 1) > day:
        start -= 1
    return start


@dataclass(frozen=True, slots=True)
class Clock:
    """The bounds that durations and dates have at one `now`."""

    now: Moment

    def day(self, day: Day) -> exp.Expr:
        """The number of a written day."""
        return sql.literal(self.now.today + day.number if day.relative else day.number)

    def today(self) -> exp.Expr:
        """Today's number."""
        return sql.literal(self.now.today)

    def instant(self) -> exp.Expr:
        """Now."""
        return sql.literal(self.now.at)

    def days_before(self, *durations: Duration) -> exp.Expr:
        """The day so long ago; of several durations one after the other."""
        day = self.now.today
        for duration in durations:
            day = shifted(day, duration, -1)
        return sql.literal(day)

    def days_after(self, duration: Duration) -> exp.Expr:
        """The day so long from today."""
        return sql.literal(shifted(self.now.today, duration, 1))

    def seconds_before(self, *durations: Duration) -> exp.Expr:
        """The instant so long ago."""
        return sql.literal(self.now.at - sum(duration.seconds for duration in durations))

    def seconds_after(self, duration: Duration) -> exp.Expr:
        """The instant so long from now."""
        return sql.literal(self.now.at + duration.seconds)

    def last_start(self, age: Duration) -> int:
        """The last day that is so old today, in completed units."""
        return last_start(self.now.today, age)

    def from_to(self, low: Duration | None, high: Duration | None) -> tuple[int, int | None]:
        """The days from so far on to so far; without `low` from today."""
        first = self.now.today if low is None else shifted(self.now.today, low, 1)
        return first, None if high is None else shifted(self.now.today, high, 1)

    def stretch(self, words: Calendar) -> tuple[int, int]:
        """The first and last day of a stretch of the calendar; a running one ends today."""
        today = date_of(self.now.today)
        monday = today - timedelta(days=today.weekday())
        month, year = today.replace(day=1), today.replace(month=1, day=1)
        day = timedelta(days=1)
        match words:
            case Calendar.TODAY:
                first, last = today, today
            case Calendar.YESTERDAY:
                first, last = today - day, today - day
            case Calendar.THIS_WEEK:
                first, last = monday, today
            case Calendar.LAST_WEEK:
                first, last = monday - timedelta(days=7), monday - day
            case Calendar.THIS_MONTH:
                first, last = month, today
            case Calendar.LAST_MONTH:
                first, last = add_months(month, -1), month - day
            case Calendar.THIS_YEAR:
                first, last = year, today
            case _:
                first, last = add_months(year, -12), year - day
        return day_number(first), day_number(last)

    def next_anniversary(self, day: int, low: Duration | None) -> int:
        """The first anniversary of a day, in a later year, that is so far from today or further."""
        first, _ = self.from_to(low, None)
        born = date_of(day)
        year = max(date_of(first).year, born.year + 1)
        found = _in_year(born, year)
        return found if found >= first else _in_year(born, year + 1)

    def anniversaries(self, test: Anniversary) -> list[tuple[int, int]]:
        """The stretches of days that have an anniversary in a range, for values that stand in no column."""
        first, last = self.from_to(test.low, test.high)
        until = first + YEAR if last is None else last
        ages = [Duration(count, Unit.YEAR) for count in range(1, OLDEST)]
        return [(last_start(first - 1, age) + 1, last_start(until, age)) for age in ages]


def _in_year(born: date, year: int) -> int:
    return day_number(add_months(born, 12 * (year - born.year)))
