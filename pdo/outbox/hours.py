"""Days and hours of messages: windows that are counted by local days, and the minute at which one is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.core.calendar import add_months, date_of, day_number
from pdo.model.conditions import Unit
from pdo.model.outreach import Quota
from pdo.outbox.engine import fixed

if TYPE_CHECKING:
    from pdo.model.conditions import Duration
    from pdo.model.outreach import QuietHours

MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
DAY_MINUTES = 24 * 60


def first_day(today: int, per: Duration) -> int:
    """The first day that counts: `1d` is today, `7d` today and the six days before; hours are of today."""
    if per.unit in MONTHS:
        return day_number(add_months(date_of(today), -per.count * MONTHS[per.unit])) + 1
    return today - _days(per) + 1


def last_day(today: int, valid: Duration) -> int:
    """The last day of something that holds for so long from today on: `1d` and hours are today."""
    if valid.unit in MONTHS:
        return day_number(add_months(date_of(today), valid.count * MONTHS[valid.unit])) - 1
    return today + _days(valid) - 1


def _days(length: Duration) -> int:
    return {Unit.DAY: length.count, Unit.WEEK: 7 * length.count}.get(length.unit, 1)


def first_day_of(today: exp.Expr, per: Duration) -> exp.Expr:
    """The same as an expression over a column of day numbers."""
    if per.unit in MONTHS:
        return _shifted(today, -per.count * MONTHS[per.unit], 1)
    return exp.paren(exp.Sub(this=today, expression=sql.literal(_days(per) - 1)))


def last_day_of(today: exp.Expr, valid: Duration) -> exp.Expr:
    """The same as an expression over a column of day numbers."""
    if valid.unit in MONTHS:
        return _shifted(today, valid.count * MONTHS[valid.unit], -1)
    return exp.paren(exp.Add(this=today, expression=sql.literal(_days(valid) - 1)))


def _shifted(today: exp.Expr, months: int, days: int) -> exp.Expr:
    """So many months on, or the last day of that month, and so many days."""
    moved = exp.Anonymous(this="to_months", expressions=[sql.literal(months)])
    date = exp.cast(exp.Add(this=day_date(today), expression=moved), "DATE")
    return exp.paren(exp.Add(this=day_of(date), expression=sql.literal(days)))


def quota_window(quota: Quota) -> tuple[exp.Expr, exp.Expr]:
    """The first day of the platform's window, and how many messages it takes; over `c.today`."""
    today = fixed("c.today")
    match quota:
        case Quota.DAILY:
            return today, sql.literal(1)
        case Quota.WEEKLY:
            # 1970-01-01 was a Thursday; weeks begin on Monday.
            return fixed("(c.today - (c.today + 3) % 7)"), sql.literal(7)
        case Quota.MONTHLY:
            date = day_date(today)
            first = exp.cast(exp.Anonymous(this="date_trunc", expressions=[exp.Literal.string("month"), date]), "DATE")
            last = exp.Anonymous(this="last_day", expressions=[date.copy()])
            return day_of(first), exp.cast(exp.Anonymous(this="day", expressions=[last]), "BIGINT")


def due_minute(minute: exp.Expr, at: int | None, quiet: QuietHours | None) -> exp.Expr:
    """The minute of the day at which a message is due; NULL where its day has none left that is not quiet.

    Not before `at`, not before now, and after quiet hours where they end on the same day.
    """
    start = minute if at is None else exp.Greatest(this=minute, expressions=[sql.literal(at)])
    if quiet is None:
        return start
    end = sql.literal(quiet.end) if quiet.end < DAY_MINUTES else exp.cast(exp.null(), "BIGINT")
    early = exp.LT(this=start.copy(), expression=sql.literal(quiet.end))
    late = exp.GTE(this=start.copy(), expression=sql.literal(quiet.start))
    if quiet.start < quiet.end:
        return sql.choose([(exp.and_(late, early), end)], start)
    return sql.choose([(early, end), (late, exp.cast(exp.null(), "BIGINT"))], start)


def day_date(day: exp.Expr) -> exp.Expr:
    """A day number as a date."""
    return exp.paren(exp.Add(this=exp.cast(exp.Literal.string("1970-01-01"), "DATE"), expression=exp.cast(day, "INT")))


def day_text(day: exp.Expr) -> exp.Expr:
    """A day number as `2026-03-02`."""
    return exp.cast(day_date(day), "VARCHAR")


def day_of(date: exp.Expr) -> exp.Expr:
    """The day number of a date."""
    epoch = exp.cast(exp.Literal.string("1970-01-01"), "DATE")
    return exp.cast(exp.paren(exp.Sub(this=date, expression=epoch)), "BIGINT")
