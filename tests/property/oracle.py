"""A naive evaluator of the playbook language, written from its specification and apart from the engine.

Row by row, customer by customer, in plain Python: no SQL, no sharing, no speed. What it says is what the engine has to say.
Rows are dicts in the shape of the store's tables, the time is `datetime` and `zoneinfo`, averages are fractions.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pdo.model.conditions import (
    AgeRange,
    Ages,
    AheadRange,
    All,
    AnyOf,
    AttributeTest,
    Condition,
    Day,
    DayRange,
    Duration,
    Everyone,
    Filled,
    Measure,
    MeasureName,
    MeasureTest,
    MetricTest,
    Negated,
    NoneOf,
    OneOf,
    Range,
    Rows,
    SegmentTest,
    StageTest,
    TagTest,
    Test,
    TextOperator,
    TextTest,
    Unit,
    Window,
)
from pdo.model.fields import Type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pdo.core.calendar import Moment
    from pdo.model.playbook import Lifecycle, Project, Transition

Row = dict[str, Any]
Value = str | int | Fraction | None
Held = tuple[int, int, int, str]
Label = tuple[str, str, str, str]
Change = tuple[str, str, str, str, frozenset[int]]

TIMES = (Type.INSTANT, Type.DATE)
REFERENCES = {"owner": ("staff", "owner_id"), "store": ("stores", "store_id")}


# Time -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """A `now` in its zone."""

    at: int
    zone: str

    def day_of(self, instant: int) -> date:
        """The local date of an instant."""
        return datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(self.zone)).date()

    @property
    def today(self) -> date:
        """The local date of now."""
        return self.day_of(self.at)

    def day(self, written: Day) -> date:
        """The date that is meant."""
        return self.today + timedelta(days=written.number) if written.relative else number_day(written.number)


def number_day(number: int) -> date:
    """The date of a day number."""
    return date(1970, 1, 1) + timedelta(days=number)


def shift(day: date, length: Duration, sign: int) -> date:
    """A date so much later (1) or earlier (-1); the last of the month where there is no such day."""
    count = sign * length.count
    if length.unit is Unit.DAY:
        return day + timedelta(days=count)
    if length.unit is Unit.WEEK:
        return day + timedelta(days=7 * count)
    months = day.year * 12 + day.month - 1 + (count if length.unit is Unit.MONTH else 12 * count)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def in_days(value: Any, type_: Type) -> Value:
    """A value in the units in which tests are written: ISO dates as day numbers."""
    found: Value = value
    if type_ is Type.DATE and isinstance(value, str):
        return (date.fromisoformat(value) - date(1970, 1, 1)).days
    return found


def declared(row: Row) -> Row:
    """The declared attributes of a row."""
    found: Row = json.loads(row.get("extra") or "{}")
    return found


# Tests ----------------------------------------------------------------------------------------------------------------


def holds(test: Test, value: Value, type_: Type, clock: Clock) -> bool:
    """Whether a test holds of a value; absent values satisfy nothing but `exists: false` and what is turned round."""
    if isinstance(test, Negated):
        return not holds(test.test, value, type_, clock)
    if isinstance(test, Filled):
        return (value is not None) is test.exists
    return value is not None and TESTS[type(test)](test, value, type_, clock)


def _day(value: Any, type_: Type, clock: Clock) -> date:
    return clock.day_of(value) if type_ is Type.INSTANT else number_day(value)


def _is_one_of(test: OneOf, value: Any, type_: Type, clock: Clock) -> bool:
    if type_ in TIMES:
        return any(_day(value, type_, clock) == number_day(int(one)) for one in test.values)
    return any(value == one for one in test.values)


def _is_in_range(test: Range, value: Any, _type: Type, _clock: Clock) -> bool:
    if test.low is not None and (value < test.low or (test.low_open and value == test.low)):
        return False
    return not (test.high is not None and (value > test.high or (test.high_open and value == test.high)))


def _is_found(test: TextTest, value: Any, _type: Type, _clock: Clock) -> bool:
    match test.operator:
        case TextOperator.CONTAINS:
            return test.value in value
        case TextOperator.STARTS_WITH:
            return str(value).startswith(test.value)
        case TextOperator.ENDS_WITH:
            return str(value).endswith(test.value)
        case TextOperator.MATCHES:
            return re.search(test.value, value) is not None


def _is_so_old(test: AgeRange, value: Any, type_: Type, clock: Clock) -> bool:
    day = _day(value, type_, clock)
    if day > clock.today:
        return False
    exact = [end for end in (test.low, test.high) if end is not None and end.is_exact]
    if exact and value > clock.at:
        return False
    if test.low is not None and not _at_least(test.low, value, day, clock):
        return False
    return test.high is None or _at_most(test.high, value, day, clock)


def _at_least(length: Duration, value: Any, day: date, clock: Clock) -> bool:
    return clock.at - value >= length.seconds if length.is_exact else day <= shift(clock.today, length, -1)


def _at_most(length: Duration, value: Any, day: date, clock: Clock) -> bool:
    return clock.at - value <= length.seconds if length.is_exact else day >= shift(clock.today, length, -1)


def _is_so_far_ahead(test: AheadRange, value: Any, type_: Type, clock: Clock) -> bool:
    day = _day(value, type_, clock)
    low = clock.today if test.low is None else shift(clock.today, test.low, 1)
    return day >= low and (test.high is None or day <= shift(clock.today, test.high, 1))


def _is_between(test: DayRange, value: Any, type_: Type, clock: Clock) -> bool:
    day = _day(value, type_, clock)
    after = test.first is None or day >= clock.day(test.first)
    return after and (test.last is None or day <= clock.day(test.last))


TESTS: Mapping[type, Callable[[Any, Any, Type, Clock], bool]] = MappingProxyType(
    {
        OneOf: _is_one_of,
        Range: _is_in_range,
        TextTest: _is_found,
        AgeRange: _is_so_old,
        AheadRange: _is_so_far_ahead,
        DayRange: _is_between,
    }
)


# Measures -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """A row as a condition sees it: its columns by the names of the language, and its time."""

    columns: Row
    at: int | None


def _days(rows: list[Seen], clock: Clock) -> list[date]:
    return sorted({clock.day_of(one.at) for one in rows if one.at is not None})


def _total(rows: list[Seen], column: str) -> int:
    return sum(one.columns[column] for one in rows if one.columns[column] is not None)


def _average(rows: list[Seen]) -> Value:
    return Fraction(_total(rows, "amount"), len(rows)) if rows else None


def _instants(rows: list[Seen]) -> list[int]:
    return sorted(one.at for one in rows if one.at is not None)


def _since(day: date | None, clock: Clock) -> Value:
    return None if day is None else (clock.today - day).days


MEASURES: Mapping[MeasureName, Callable[[list[Seen], Measure, Clock], Value]] = MappingProxyType(
    {
        MeasureName.COUNT: lambda rows, _measure, _clock: len(rows),
        MeasureName.AMOUNT: lambda rows, _measure, _clock: _total(rows, "amount"),
        MeasureName.AVERAGE: lambda rows, _measure, _clock: _average(rows),
        MeasureName.QUANTITY: lambda rows, _measure, _clock: _total(rows, "quantity"),
        MeasureName.ORDERS: lambda rows, _measure, _clock: len({one.columns["order_id"] for one in rows}),
        MeasureName.DAYS: lambda rows, _measure, clock: len(_days(rows, clock)),
        MeasureName.DISTINCT: lambda rows, measure, _clock: len(
            {one.columns.get(str(measure.of)) for one in rows} - {None}
        ),
        MeasureName.FIRST: lambda rows, _measure, _clock: next(iter(_instants(rows)), None),
        MeasureName.LAST: lambda rows, _measure, _clock: next(reversed(_instants(rows)), None),
        MeasureName.DAYS_SINCE_FIRST: lambda rows, _measure, clock: _since(next(iter(_days(rows, clock)), None), clock),
        MeasureName.DAYS_SINCE_LAST: lambda rows, _measure, clock: _since(
            next(reversed(_days(rows, clock)), None), clock
        ),
    }
)

MEASURE_TYPES: Mapping[MeasureName, Type] = MappingProxyType(
    {
        **dict.fromkeys(MeasureName, Type.INTEGER),
        MeasureName.AMOUNT: Type.MONEY,
        MeasureName.AVERAGE: Type.MONEY,
        MeasureName.QUANTITY: Type.NUMBER,
        MeasureName.FIRST: Type.INSTANT,
        MeasureName.LAST: Type.INSTANT,
    }
)


# The evaluator --------------------------------------------------------------------------------------------------------


@dataclass
class Oracle:
    """Evaluates a project over rows at a `now`.

    Args:
        kinds: kind → rows of the store's table.
        held: (label, customer, since, source) of open assignments.
        off: (label, customer) of tags that a hand took off.
        names: label → kind, scope, name, playbook.
    """

    project: Project
    now: Moment
    kinds: Mapping[str, list[Row]]
    held: list[Held] = field(default_factory=list)
    off: list[tuple[int, int]] = field(default_factory=list)
    names: Mapping[int, Label] = field(default_factory=dict)
    _tags: dict[tuple[str, int], bool] = field(default_factory=dict)
    _stages: dict[tuple[str, int], str] = field(default_factory=dict)
    _members: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = Clock(self.now.at, self.now.zone)

    @property
    def customers(self) -> list[Row]:
        """Everybody."""
        return self.kinds.get("customers", [])

    def who(self, condition: Condition) -> frozenset[int]:
        """For whom a condition holds."""
        return frozenset(row["id"] for row in self.customers if self.met(condition, row))

    def met(self, condition: Condition, customer: Row) -> bool:
        """Whether a condition holds for a customer."""
        return CONDITIONS[type(condition)](self, condition, customer)

    # Rows

    def _named(self, kind: str, number: int | None, column: str = "key") -> Value:
        found: Value = next((row.get(column) for row in self.kinds.get(kind, []) if row["id"] == number), None)
        return found

    def attribute(self, customer: Row, name: str, type_: Type) -> Value:
        """What a customer has in a column; dates as day numbers."""
        if name == "customer_id":
            return str(customer["key"])
        if name in REFERENCES:
            target, number = REFERENCES[name]
            return self._named(target, customer.get(number))
        return in_days({**declared(customer), **customer}.get(name), type_)

    def _order(self, row: Row, *, any_status: bool) -> Seen | None:
        """An order as it stood at now; None where it does not count."""
        order = dict(row)
        for later in ("created_at", "paid_at", "refunded_at"):
            if (order.get(later) or 0) > self.clock.at:
                order[later] = None
                order["refunded"] = None if later == "refunded_at" else order.get("refunded")
        created, at = order.get("created_at"), order.get("paid_at")
        if created is None and at is None and (row.get("created_at"), row.get("paid_at")) != (None, None):
            return None
        paid, refunded = order.get("paid") or 0, order.get("refunded") or 0
        if any_status:
            at = created if at is None else at
        elif at is None or 0 < refunded >= paid:
            return None
        order["amount"] = paid - refunded
        order["order_id"] = order["key"]
        order["store"] = self._named("stores", order.get("store_id"))
        order["staff"] = self._named("staff", order.get("staff_id"))
        return Seen(declared(row) | dict.fromkeys(ORDER_COLUMNS) | order, at)

    def _items(self, customer: Row, *, any_status: bool) -> list[Seen]:
        found = []
        for row in self.kinds.get("items", []):
            owner = next(one for one in self.kinds["orders"] if one["id"] == row["order_id"])
            order = self._order(owner, any_status=any_status)
            if order is None or owner.get("customer_id") != customer["id"]:
                continue
            item: Row = {"quantity": row.get("quantity"), "amount": row.get("amount")}
            item["sku"] = self._named("products", row["product_id"])
            for name in ("product", "category", "brand"):
                item[name] = self._named("products", row["product_id"], name)
            for name in ("order_id", "paid_at", "status", "channel", "store"):
                item[name] = order.columns[name]
            found.append(Seen(declared(row) | item, order.at))
        return found

    def _own_rows(self, customer: Row, subject: str, *, any_status: bool) -> list[Seen]:
        if subject == "items":
            return self._items(customer, any_status=any_status)
        own = [row for row in self.kinds.get(subject, []) if row.get("customer_id") == customer["id"]]
        if subject == "orders":
            orders = [self._order(row, any_status=any_status) for row in own]
            return [one for one in orders if one is not None]
        return [
            Seen(declared(row) | row | {"event_id": row["key"]}, row["occurred_at"])
            for row in own
            if row["occurred_at"] <= self.clock.at
        ]

    def rows(self, customer: Row, rows: Rows) -> list[Seen]:
        """The rows that a measure looks at."""
        any_status = any(test.column == "status" for test in rows.where)
        own = self._own_rows(customer, rows.subject, any_status=any_status)
        return [one for one in own if self._is_within(one, rows.window) and self._passes(one, rows)]

    def _is_within(self, row: Seen, window: Window | None) -> bool:
        if window is None:
            return True
        assert isinstance(window, Ages)
        (within,) = window.below
        if row.at is None:
            return False
        if within.is_exact:
            return self.clock.at - row.at < within.seconds
        return self.clock.day_of(row.at) > shift(self.clock.today, within, -1)

    def _passes(self, row: Seen, rows: Rows) -> bool:
        return all(
            holds(test.test, in_days(row.columns.get(test.column), test.type), test.type, self.clock)
            for test in rows.where
        )

    def measured(self, customer: Row, measure: Measure) -> Value:
        """The value of a measure for a customer."""
        return MEASURES[measure.name](self.rows(customer, measure.rows), measure, self.clock)

    # What the customer has in this run

    def _assigned(self, kind: str, customer: int) -> list[tuple[Label, int, str]]:
        """The open assignments of a customer: label, since, source."""
        return [
            (self.names[label], since, source)
            for label, owner, since, source in self.held
            if owner == customer and self.names[label][0] == kind
        ]

    def is_ruled(self, name: str, customer: Row) -> bool:
        """Whether the rule of a tag gives it to a customer: it holds or is kept, and no hand took it off for good."""
        tag = self.project.tags[name]
        if any(self.names[label][:3] == ("tag", "", name) and who == customer["id"] for label, who in self.off):
            return False
        if tag.when is not None and self.met(tag.when, customer):
            return True
        mine = self._assigned("tag", customer["id"])
        return tag.keep and any(label[2] == name and source == "rule" for label, _, source in mine)

    def has_tag(self, name: str, customer: Row) -> bool:
        """Whether a customer has a tag in this run, by rule or by hand."""
        place = name, customer["id"]
        if place not in self._tags:
            mine = self._assigned("tag", customer["id"])
            by_hand = any(label[2] == name and source != "rule" for label, _, source in mine)
            self._tags[place] = by_hand or self.is_ruled(name, customer)
        return self._tags[place]

    def stage(self, name: str, customer: Row) -> str:
        """The stage of a customer in this run; empty for none."""
        place = name, customer["id"]
        if place not in self._stages:
            lifecycle = self.project.lifecycles[name]
            derived = lifecycle.is_derived
            self._stages[place] = self._derived(lifecycle, customer) if derived else self._moved(lifecycle, customer)
        return self._stages[place]

    def _derived(self, lifecycle: Lifecycle, customer: Row) -> str:
        met = [stage for stage, condition in lifecycle.derived if self.met(condition, customer)]
        if not met:
            return lifecycle.otherwise
        return met[-1] if lifecycle.highest else met[0]

    def _moved(self, lifecycle: Lifecycle, customer: Row) -> str:
        stored = [
            (label[2], since)
            for label, since, _ in self._assigned("stage", customer["id"])
            if label[1] == lifecycle.name and label[2] in lifecycle.stages
        ]
        stage, since = stored[0] if stored else (lifecycle.initial, None)
        visited = {stage}
        while True:
            move = next(
                (one for one in lifecycle.transitions if self._fires(one, stage, since, visited, customer)), None
            )
            if move is None:
                return stage
            stage, since = move.target, None
            visited.add(stage)

    def _fires(self, move: Transition, stage: str, since: int | None, visited: set[str], customer: Row) -> bool:
        if stage not in move.origins or move.target in visited:
            return False
        if move.after is not None and (
            since is None or self.clock.day_of(since) > shift(self.clock.today, move.after, -1)
        ):
            return False
        return move.when is None or self.met(move.when, customer)

    def members(self, name: str) -> list[int]:
        """The members of a segment, in its order."""
        if name not in self._members:
            segment = self.project.segments[name]
            met = [row for row in self.customers if self.met(segment.when, row)]
            met.sort(key=lambda row: row["key"])
            for ranking in reversed(segment.rank_by):
                met = self._ranked(met, ranking.name, descending=ranking.descending)
            self._members[name] = [row["id"] for row in met[: segment.top]]
        return self._members[name]

    def _ranked(self, rows: list[Row], name: str, *, descending: bool) -> list[Row]:
        """Sorted by one value, equal ones as they were, absent ones last."""
        values = {row["id"]: self.shown(name, row) for row in rows}
        filled = [row for row in rows if values[row["id"]] is not None]

        def value(row: Row) -> Any:
            return values[row["id"]]

        filled.sort(key=value, reverse=descending)
        return filled + [row for row in rows if values[row["id"]] is None]

    def shown(self, name: str, customer: Row) -> Value:
        """The value of a metric or an attribute."""
        if name in self.project.metrics:
            return self.measured(customer, self.project.metrics[name].measure)
        return self.attribute(customer, name, Type.TEXT)

    # The difference

    def desired(self) -> set[tuple[str, str, str, int]]:
        """What the rules say: kind, scope, name, customer."""
        found = set()
        for customer in self.customers:
            number = customer["id"]
            found |= {("tag", "", name, number) for name in self.project.tags if self.is_ruled(name, customer)}
            stages = {name: self.stage(name, customer) for name in self.project.lifecycles}
            found |= {("stage", name, stage, number) for name, stage in stages.items() if stage}
            found |= {("segment", "", name, number) for name in self.project.segments if number in self.members(name)}
        return found

    def current(self) -> set[tuple[str, str, str, int]]:
        """What rules have given, and every stage."""
        return {
            (*self.names[label][:3], customer)
            for label, customer, _, source in self.held
            if source == "rule" or self.names[label][0] == "stage"
        }

    def difference(self) -> set[Change]:
        """What a run changes: kind, scope, name, gained or lost, customers."""
        desired, current = self.desired(), self.current()
        sides = (("gained", desired - current), ("lost", current - desired))
        return {
            (*label, change, frozenset(one[3] for one in found if one[:3] == label))
            for change, found in sides
            for label in {one[:3] for one in found}
        }


ORDER_COLUMNS = (
    *("order_id", "paid_at", "status", "channel", "store", "staff", "coupon", "discount", "paid", "refunded"),
    "refunded_at",
)


# Conditions -----------------------------------------------------------------------------------------------------------


def _measure_holds(oracle: Oracle, measure: Measure, test: Test, customer: Row) -> bool:
    return holds(test, oracle.measured(customer, measure), MEASURE_TYPES[measure.name], oracle.clock)


def _tags_hold(oracle: Oracle, condition: TagTest, customer: Row) -> bool:
    found = [oracle.has_tag(name, customer) for name in condition.tags]
    return all(found) if condition.every else any(found)


CONDITIONS: Mapping[type, Callable[[Oracle, Any, Row], bool]] = MappingProxyType(
    {
        Everyone: lambda _oracle, _condition, _customer: True,
        All: lambda oracle, condition, customer: all(oracle.met(part, customer) for part in condition.parts),
        AnyOf: lambda oracle, condition, customer: any(oracle.met(part, customer) for part in condition.parts),
        NoneOf: lambda oracle, condition, customer: not any(oracle.met(part, customer) for part in condition.parts),
        AttributeTest: lambda oracle, condition, customer: holds(
            condition.test.test,
            oracle.attribute(customer, condition.test.column, condition.test.type),
            condition.test.type,
            oracle.clock,
        ),
        MetricTest: lambda oracle, condition, customer: _measure_holds(
            oracle, oracle.project.metrics[condition.metric].measure, condition.test, customer
        ),
        MeasureTest: lambda oracle, condition, customer: _measure_holds(
            oracle, condition.measure, condition.test, customer
        ),
        TagTest: _tags_hold,
        StageTest: lambda oracle, condition, customer: oracle.stage(condition.lifecycle, customer) in condition.stages,
        SegmentTest: lambda oracle, condition, customer: any(
            customer["id"] in oracle.members(name) for name in condition.segments
        ),
    }
)
