"""When a step of a journey is due, in minutes of local time since 1970, as pieces of a query.

The columns are those of a walk: `entered` and `reached` (such minutes), `anchor` (a day number), `today` (a day number) and
`minute` (after midnight). Day 0 is the day of entry, or of the anchor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.model.conditions import Unit
from pdo.outbox.hours import DAY_MINUTES, MONTHS

if TYPE_CHECKING:
    from pdo.model.conditions import Duration
    from pdo.model.outreach import Step

NOW = f"(w.today * {DAY_MINUTES} + w.minute)"
DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


def day_of(minutes: str) -> str:
    """The day of a local minute."""
    return f"({minutes} // {DAY_MINUTES})"


def due(step: Step, *, anchored: bool) -> str:
    """From when on a step is due.

    Args:
        anchored: steps count from the anchor.
    """
    start, whole_day = _start(step, anchored=anchored)
    if step.weekday is not None:
        # 1970-01-01 was a Thursday; 0 is Monday.
        start = f"(({day_of(start)} + ({step.weekday} - ({day_of(start)} + 3) % 7 + 7) % 7) * {DAY_MINUTES})"
        whole_day = True
    if step.at is None:
        return start
    if whole_day:
        return f"({start} + {step.at})"
    day = f"{day_of(start)} + CASE WHEN {start} % {DAY_MINUTES} > {step.at} THEN 1 ELSE 0 END"
    return f"(({day}) * {DAY_MINUTES} + {step.at})"


def _start(step: Step, *, anchored: bool) -> tuple[str, bool]:
    """The moment that an offset leads to, and whether that is the beginning of a day."""
    offset = step.offset
    if offset is None:
        return "w.reached", step.at is not None and step.weekday is None
    if offset.is_exact:
        base = f"(w.anchor * {DAY_MINUTES})" if anchored else "w.entered"
        return f"({base} + {offset.seconds // 60})", False
    base = "w.anchor" if anchored else day_of("w.entered")
    return f"({later(base, offset, -1 if step.before else 1)} * {DAY_MINUTES})", True


def later(day: str, length: Duration, direction: int = 1) -> str:
    """A day so long after (1) or before (-1) a day; months and years lead to the same day, or the last of the month."""
    if length.unit in MONTHS:
        months = direction * length.count * MONTHS[length.unit]
        moved = f"DATE '1970-01-01' + CAST({day} AS INT) + to_months({months})"
        return f"CAST(CAST({moved} AS DATE) - DATE '1970-01-01' AS BIGINT)"
    return f"({day} + {direction * length.count * DAYS[length.unit]})"


def over(start: str, length: Duration) -> str:
    """Whether so long has passed since a local minute: whole days by the calendar, hours by the clock."""
    if length.is_exact:
        return f"({start} + {length.seconds // 60} <= {NOW})"
    return f"({later(day_of(start), length)} <= w.today)"


def next_anniversary(day: str) -> str:
    """The day number of the next anniversary of a day from today on; 29 February falls on the 28th in common years."""
    date = f"CAST(DATE '1970-01-01' + CAST({day} AS INT) AS DATE)"
    today = "CAST(DATE '1970-01-01' + CAST(w.today AS INT) AS DATE)"
    years = f"(year({today}) - year({date}))"
    this, then = (
        f"CAST(CAST({date} + to_years(CAST({years} + {more} AS INT)) AS DATE) - DATE '1970-01-01' AS BIGINT)"
        for more in (0, 1)
    )
    return f"CASE WHEN {this} >= w.today THEN {this} ELSE {then} END"
