"""Where `now` enters a program: dates become integer bounds here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, timedelta
from typing import TYPE_CHECKING

from pdo.compiler import sql
from pdo.core.calendar import DAY_SECONDS, add_months, date_of, day_number
from pdo.model.conditions import Ages, Calendar, Day, DayRange, Duration, Unit

if TYPE_CHECKING:
    from datetime import date

    from sqlglot import exp

    from pdo.core.calendar import Moment
    from pdo.model.conditions import Window

DAYS_OF = {Unit.DAY: 1, Unit.WEEK: 7}
MONTHS_OF = {Unit.MONTH: 1, Unit.YEAR: 12}
OLDEST = 150
"""Years: nobody's anniversary is older."""
Bound = Callable[["Moment"], int]


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
    """The bounds that durations and dates have at `now`.

    Args:
        now: the moment.
        bounds: where customers live in worlds of their own, each with its own now: the columns of the table of bounds that
            hold what a bound is in each world, by what it is; None where there is one now, and bounds are literals.
    """

    now: Moment
    bounds: dict[str, tuple[str, Bound]] | None = None

    def _bound(self, key: str, make: Bound) -> exp.Expr:
        if self.bounds is None:
            return sql.literal(make(self.now))
        return sql.column(self.bounds.setdefault(key, (f"b{len(self.bounds)}", make))[0])

    def day(self, day: Day) -> exp.Expr:
        """The number of a written day."""
        if not day.relative:
            return sql.literal(day.number)
        return self._bound(f"day {day.number}", lambda now: now.today + day.number)

    def today(self) -> exp.Expr:
        """Today's number."""
        return self._bound("today", lambda now: now.today)

    def instant(self) -> exp.Expr:
        """Now."""
        return self._bound("now", lambda now: now.at)

    def days_before(self, *durations: Duration) -> exp.Expr:
        """The day so long ago; of several durations one after the other."""
        return self._bound(f"before {durations}", lambda now: _before(now.today, durations))

    def days_after(self, duration: Duration) -> exp.Expr:
        """The day so long from today."""
        return self._bound(f"after {duration}", lambda now: shifted(now.today, duration, 1))

    def seconds_before(self, *durations: Duration) -> exp.Expr:
        """The instant so long ago."""
        return self._bound(f"before {durations}", lambda now: now.at - sum(one.seconds for one in durations))

    def seconds_after(self, duration: Duration) -> exp.Expr:
        """The instant so long from now."""
        return self._bound(f"after {duration}", lambda now: now.at + duration.seconds)

    def stretch(self, words: Calendar) -> tuple[exp.Expr, exp.Expr]:
        """The first and last day of a stretch of the calendar; a running one ends today."""
        first = self._bound(f"first day of {words}", lambda now: _stretch(now.today, words)[0])
        return first, self._bound(f"last day of {words}", lambda now: _stretch(now.today, words)[1])

    # Births ---------------------------------------------------------------------------------------------------------------

    def born_by(self, age: Duration) -> exp.Expr:
        """The last day of birth of who is so old today, in completed units."""
        return self._bound(f"born by {age}", lambda now: last_start(now.today, age))

    def born_after(self, age: Duration) -> exp.Expr:
        """The first day of birth of who is not so old yet today."""
        return self._bound(f"born after {age}", lambda now: last_start(now.today, age) + 1)

    def turning_from(self, age: Duration, low: Duration | None) -> exp.Expr:
        """The first day of birth of who reaches an age so far from today or later."""
        return self._bound(f"turning {age} from {low}", lambda now: last_start(_ahead(now.today, low) - 1, age) + 1)

    def turning_by(self, age: Duration, high: Duration) -> exp.Expr:
        """The last day of birth of who reaches an age by so far from today."""
        return self._bound(f"turning {age} by {high}", lambda now: last_start(_ahead(now.today, high), age))

    def until(self, high: Duration) -> exp.Expr:
        """The day so far from today."""
        return self._bound(f"after {high}", lambda now: _ahead(now.today, high))

    def anniversaries(self, low: Duration | None, high: Duration) -> list[tuple[exp.Expr, exp.Expr]]:
        """The stretches of days that have an anniversary in a range, for values that stand in no column."""
        ages = [Duration(count, Unit.YEAR) for count in range(1, OLDEST)]
        return [(self.turning_from(age, low), self.turning_by(age, high)) for age in ages]


def _before(day: int, durations: tuple[Duration, ...]) -> int:
    for duration in durations:
        day = shifted(day, duration, -1)
    return day


def _ahead(today: int, far: Duration | None) -> int:
    return today if far is None else shifted(today, far, 1)


def _stretch(day: int, words: Calendar) -> tuple[int, int]:
    today = date_of(day)
    monday = today - timedelta(days=today.weekday())
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    one = timedelta(days=1)
    match words:
        case Calendar.TODAY:
            first, last = today, today
        case Calendar.YESTERDAY:
            first, last = today - one, today - one
        case Calendar.THIS_WEEK:
            first, last = monday, today
        case Calendar.LAST_WEEK:
            first, last = monday - timedelta(days=7), monday - one
        case Calendar.THIS_MONTH:
            first, last = month, today
        case Calendar.LAST_MONTH:
            first, last = add_months(month, -1), month - one
        case Calendar.THIS_YEAR:
            first, last = year, today
        case _:
            first, last = add_months(year, -12), year - one
    return day_number(first), day_number(last)


def oldest_day(window: Window | None, now: Moment) -> int | None:
    """The first day that a window may reach back to; None where it reaches back for ever."""
    match window:
        case Ages(_, below) if below and below[0].is_exact:
            return (now.at - sum(one.seconds for one in below)) // DAY_SECONDS - 1
        case Ages(_, below) if below:
            return _before(now.today, below)
        case Calendar():
            return _stretch(now.today, window)[0]
        case DayRange(first) if first is not None:
            return now.today + first.number if first.relative else first.number
        case _:
            return None


def next_anniversary(today: int, day: int, low: Duration | None) -> int | None:
    """The first anniversary of a day, in a later year, that is so far from today or further; None beyond the calendar."""
    first, born = _ahead(today, low), date_of(day)
    year = max(date_of(first).year, born.year + 1)
    if year >= MAXYEAR:
        return None
    found = _in_year(born, year)
    return found if found >= first else _in_year(born, year + 1)


def _in_year(born: date, year: int) -> int:
    return day_number(add_months(born, 12 * (year - born.year)))
