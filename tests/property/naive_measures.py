"""The measures of the language over the rows of one customer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pdo.model.conditions import Measure, MeasureName, Pieces, Streak
from pdo.model.fields import Type
from tests.property.naive_tests import Value
from tests.property.naive_time import Clock, is_of_age

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

Row = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """A row as a condition sees it.

    Args:
        columns: by the names of the language; dates as day numbers.
        at: its moment; the beginning of the day where it only knows its day; None for no time.
        key: by which ties are broken.
    """

    columns: Row
    at: int | None
    key: tuple[str, ...]


def last_of(rows: list[Seen]) -> Seen | None:
    """The last row that has a time; of the same moment the highest key."""
    return max((one for one in rows if one.at is not None), key=lambda one: (one.at, one.key), default=None)


def days_of(rows: list[Seen], clock: Clock) -> list[date]:
    """The local dates of the rows, each row's, in order."""
    return sorted(clock.day_of(one.at) for one in rows if one.at is not None)


def _filled(rows: list[Seen], column: str) -> list[Any]:
    return [one.columns[column] for one in rows if one.columns.get(column) is not None]


def _total(rows: list[Seen], column: str) -> int:
    return sum(_filled(rows, column))


def _average(rows: list[Seen]) -> Value:
    return Fraction(_total(rows, "amount"), len(rows)) if rows else None


def _moments(rows: list[Seen]) -> list[int]:
    return sorted(one.at for one in rows if one.at is not None)


def _most(rows: list[Seen], column: str) -> Value:
    counted = Counter(_filled(rows, column))
    most = max(counted.values(), default=0)
    found: Value = min((value for value, count in counted.items() if count == most), default=None)
    return found


def _latest(rows: list[Seen], column: str) -> Value:
    last = last_of(rows)
    return None if last is None else last.columns.get(column)


def _since(day: date | None, clock: Clock) -> Value:
    return None if day is None else (clock.today - day).days


def _gap(rows: list[Seen], clock: Clock) -> Value:
    days = days_of(rows, clock)
    return Fraction((days[-1] - days[0]).days, len(days) - 1) if len(days) > 1 else None


def _streak(rows: list[Seen], shape: Streak, clock: Clock) -> Value:
    """The most active pieces in a row, with no more than `grace` missed ones between two of them."""
    pieces = sorted({(clock.today - day).days // shape.per for day in days_of(rows, clock)})
    best = run = 0
    for place, piece in enumerate(pieces):
        goes_on = place > 0 and piece - pieces[place - 1] - 1 <= shape.grace
        run = run + 1 if goes_on else 1
        best = max(best, run)
    return best or None


def _regularly(rows: list[Seen], shape: Pieces, clock: Clock) -> Value:
    """In how many pieces there are so many rows."""
    counts = [
        sum(one.at is not None and is_of_age(window, one.at, clock.day_of(one.at), clock) for one in rows)
        for window in shape.windows
    ]
    return sum(shape.count.includes(count) for count in counts)


def measured(measure: Measure, rows: list[Seen], clock: Clock) -> Value:
    """The value of a measure over rows; None where it has none."""
    return MEASURES[measure.name](rows, measure, clock)


def _of_shape(rows: list[Seen], measure: Measure, clock: Clock) -> Value:
    if isinstance(measure.shape, Streak):
        return _streak(rows, measure.shape, clock)
    assert isinstance(measure.shape, Pieces)
    return _regularly(rows, measure.shape, clock)


MEASURES: Mapping[MeasureName, Callable[[list[Seen], Measure, Clock], Value]] = MappingProxyType(
    {
        MeasureName.COUNT: lambda rows, _measure, _clock: len(rows),
        MeasureName.AMOUNT: lambda rows, _measure, _clock: _total(rows, "amount"),
        MeasureName.AVERAGE: lambda rows, _measure, _clock: _average(rows),
        MeasureName.QUANTITY: lambda rows, _measure, _clock: _total(rows, "quantity"),
        MeasureName.ORDERS: lambda rows, _measure, _clock: len({one.columns["order_id"] for one in rows}),
        MeasureName.DAYS: lambda rows, _measure, clock: len(set(days_of(rows, clock))),
        MeasureName.DISTINCT: lambda rows, measure, _clock: len(set(_filled(rows, measure.of))),
        MeasureName.SUM: lambda rows, measure, _clock: _total(rows, measure.of),
        MeasureName.MIN: lambda rows, measure, _clock: min(_filled(rows, measure.of), default=None),
        MeasureName.MAX: lambda rows, measure, _clock: max(_filled(rows, measure.of), default=None),
        MeasureName.MOST: lambda rows, measure, _clock: _most(rows, measure.of),
        MeasureName.LATEST: lambda rows, measure, _clock: _latest(rows, measure.of),
        MeasureName.FIRST: lambda rows, _measure, _clock: next(iter(_moments(rows)), None),
        MeasureName.LAST: lambda rows, _measure, _clock: next(reversed(_moments(rows)), None),
        MeasureName.DAYS_SINCE_FIRST: lambda rows, _measure, clock: _since(
            next(iter(days_of(rows, clock)), None), clock
        ),
        MeasureName.DAYS_SINCE_LAST: lambda rows, _measure, clock: _since(
            next(reversed(days_of(rows, clock)), None), clock
        ),
        MeasureName.GAP: lambda rows, _measure, clock: _gap(rows, clock),
        MeasureName.STREAK: _of_shape,
        MeasureName.REGULARLY: _of_shape,
    }
)

MEASURE_TYPES: Mapping[MeasureName, Type] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                MeasureName.COUNT,
                MeasureName.ORDERS,
                MeasureName.DAYS,
                MeasureName.DISTINCT,
                MeasureName.DAYS_SINCE_FIRST,
                MeasureName.DAYS_SINCE_LAST,
                MeasureName.GAP,
                MeasureName.STREAK,
                MeasureName.REGULARLY,
            ),
            Type.INTEGER,
        ),
        MeasureName.AMOUNT: Type.MONEY,
        MeasureName.AVERAGE: Type.MONEY,
        MeasureName.QUANTITY: Type.NUMBER,
        MeasureName.FIRST: Type.INSTANT,
        MeasureName.LAST: Type.INSTANT,
    }
)
"""What a measure gives; those that are not here give what their column holds."""


def type_of(measure: Measure) -> Type:
    """What a measure gives."""
    if measure.name in MEASURE_TYPES:
        return MEASURE_TYPES[measure.name]
    assert measure.type is not None
    return measure.type
