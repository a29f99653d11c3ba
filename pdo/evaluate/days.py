"""The local day of a moment, as a column: dates are folded here, for engines differ in date functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.core.calendar import DAY_SECONDS, transitions

if TYPE_CHECKING:
    from pdo.core.calendar import Moment

FUTURE = 3650 * DAY_SECONDS
"""How far ahead clock changes are looked at: orders and events end now, a customer's moments may lie a little ahead."""

FAR = 40_000
"""Days added before a division and taken off after it, so that it is of a positive number."""


def local_day(instant: exp.Expr, now: Moment) -> exp.Expr:
    """The local day number of an instant; the newest offsets stand first, for most rows are of late.

    Args:
        instant: a column of UTC seconds.
        now: whose zone is meant.
    """
    offsets = [pair for pair in transitions(now.zone) if pair[0] <= now.at + FUTURE]
    branches = [
        (exp.GTE(this=instant.copy(), expression=sql.literal(start)), sql.literal(offset))
        for start, offset in reversed(offsets[1:])
    ]
    local = exp.Add(this=instant, expression=sql.choose(branches, sql.literal(offsets[0][1])))
    shifted = exp.Add(this=exp.paren(local, copy=False), expression=sql.literal(FAR * DAY_SECONDS))
    days = exp.IntDiv(this=exp.paren(shifted, copy=False), expression=sql.literal(DAY_SECONDS))
    return exp.Sub(this=exp.paren(days, copy=False), expression=sql.literal(FAR))
