"""Where `now` enters a program: dates become integer bounds here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdo.compiler import sql
from pdo.core.calendar import add_months, date_of, day_number
from pdo.model.conditions import Day, Duration, Unit

if TYPE_CHECKING:
    from sqlglot import exp

    from pdo.core.calendar import Moment

DAYS_OF = {Unit.DAY: 1, Unit.WEEK: 7}
MONTHS_OF = {Unit.MONTH: 1, Unit.YEAR: 12}


def shifted(day: int, duration: Duration, direction: int) -> int:
    """The day so long after (1) or before (-1) a day; months and years keep the day of the month, or take its last."""
    if duration.unit in DAYS_OF:
        return day + direction * duration.count * DAYS_OF[duration.unit]
    return day_number(add_months(date_of(day), direction * duration.count * MONTHS_OF[duration.unit]))


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

    def days_before(self, duration: Duration) -> exp.Expr:
        """The day so long ago."""
        return sql.literal(shifted(self.now.today, duration, -1))

    def days_after(self, duration: Duration) -> exp.Expr:
        """The day so long from today."""
        return sql.literal(shifted(self.now.today, duration, 1))

    def seconds_before(self, duration: Duration) -> exp.Expr:
        """The instant so long ago."""
        return sql.literal(self.now.at - duration.seconds)

    def seconds_after(self, duration: Duration) -> exp.Expr:
        """The instant so long from now."""
        return sql.literal(self.now.at + duration.seconds)
