"""A naive evaluator of the playbook language, written from its specification and apart from the engine.

Row by row, customer by customer, in plain Python: no SQL, no sharing, no speed. What it says is what the engine has to say.
Rows are dicts in the shape of the store's tables, the time is `datetime` and `zoneinfo`, quotients are fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pdo.model.conditions import (
    AgeRange,
    Ages,
    All,
    Anchor,
    AnyOf,
    AttributeTest,
    BucketTest,
    Calendar,
    ColumnTest,
    Condition,
    DayRange,
    Everyone,
    Following,
    InWindow,
    LatestTest,
    Level,
    ListTest,
    Measure,
    MeasureName,
    MeasureTest,
    MetricTest,
    Negated,
    NoneOf,
    RfmTest,
    Rows,
    SegmentTest,
    Since,
    StageTest,
    TagTest,
    Test,
    Top,
    Window,
)
from pdo.model.fields import Type
from pdo.model.playbook import Part, Ratio
from tests.property.naive_blocks import best, faded, how_many, hundredth, in_top, middle_of, on_level, quintiles
from tests.property.naive_measures import Row, Seen, last_of, measured, type_of
from tests.property.naive_rows import Rooms
from tests.property.naive_tests import Value, day_in, holds
from tests.property.naive_time import Clock, is_between, is_in_calendar, is_of_age, number_day, shift

if TYPE_CHECKING:
    from datetime import date

    from pdo.core.calendar import Moment
    from pdo.model.playbook import Cut, Lifecycle, Metric, Project, Rfm, ScoreRule, Segment, Tag, Transition

Held = tuple[int, int, int, str]
Label = tuple[str, str, str, str]
Change = tuple[str, str, str, str, frozenset[int]]
Of = Callable[[Row], Value]

UNITS = {Type.MONEY: 100, Type.NUMBER: 1000}
"""How many units of the store make one of what it is: 100 分, 1000 thousandths."""


@dataclass
class Oracle:
    """Evaluates a project over rows at a `now`.

    Args:
        rooms: the rows.
        held: (label, customer, since, source) of open assignments.
        off: (label, customer) of tags that a hand took off.
        names: label → kind, scope, name, playbook.
    """

    project: Project
    now: Moment
    rooms: Rooms
    held: list[Held] = field(default_factory=list)
    off: list[tuple[int, int]] = field(default_factory=list)
    names: Mapping[int, Label] = field(default_factory=dict)
    _known: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = Clock(self.now.at, self.now.zone)
        self.keys = {row["id"]: str(row["key"]) for row in self.customers}

    @property
    def customers(self) -> list[Row]:
        """Everybody."""
        return self.rooms.kinds.get("customers", [])

    def who(self, condition: Condition) -> frozenset[int]:
        """For whom a condition holds."""
        return frozenset(row["id"] for row in self.customers if self.met(condition, row))

    def met(self, condition: Condition, customer: Row) -> bool:
        """Whether a condition holds for a customer."""
        return CONDITIONS[type(condition)](self, condition, customer)

    def _once(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """What is asked again and again is worked out once."""
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    # Values

    def is_so(self, test: Test, of: Of, type_: Type, customer: Row, name: Any) -> bool:
        """Whether a test holds of a value of a customer, among those of all.

        Args:
            of: the value of any customer.
            name: of the value.
        """
        if isinstance(test, Negated):
            return not self.is_so(test.test, of, type_, customer, name)
        if isinstance(test, Top | Level):
            found: frozenset[int] = self._once(("ranked", name, test), lambda: self._ranked(test, of))
            return customer["id"] in found
        if isinstance(test, InWindow):
            return self._lies_in(test.window, of(customer), type_, customer)
        return holds(test, of(customer), type_, self.clock)

    def _ranked(self, test: Top | Level, of: Of) -> frozenset[int]:
        values = {row["id"]: of(row) for row in self.customers}
        filled = {number: value for number, value in values.items() if value is not None}
        return in_top(test, filled, self.keys) if isinstance(test, Top) else on_level(test, filled)

    def _lies_in(self, window: Window, value: Any, type_: Type, customer: Row) -> bool:
        if value is None:
            return False
        day = day_in(value, type_, self.clock)
        at = self.clock.beginning_of(day) if type_ is Type.DATE else value
        return self._is_within(window, at, day, customer)

    def attribute(self, customer: Row, name: str, type_: Type) -> Value:
        """What a customer has in a column."""
        return self.rooms.attribute(customer, name, type_)

    def measured(self, customer: Row, measure: Measure) -> Value:
        """The value of a measure for a customer."""
        found: Value = self._once(
            ("measure", customer["id"], measure),
            lambda: measured(measure, self.rows(customer, measure.rows), self.clock),
        )
        return found

    def metric(self, name: str, customer: Row) -> Value:
        """The value of a metric, a score, or a part of an RFM setting; a ratio in thousandths."""
        setting, _, part = name.rpartition(".")
        if setting in self.project.rfm:
            return self.part(self.project.rfm[setting], Part(part), customer)
        if name in self.project.scores:
            return self.score(name, customer)
        metric = self.project.metrics[name]
        if isinstance(metric.measure, Measure):
            return self.measured(customer, metric.measure)
        return self._ratio(metric.measure, customer)

    def _ratio(self, ratio: Ratio, customer: Row) -> Value:
        over, under = (self._plain(self.project.metrics[name], customer) for name in (ratio.over, ratio.under))
        return None if over is None or not under else 1000 * over / under

    def _plain(self, metric: Metric, customer: Row) -> Fraction | None:
        """A metric in 元, pieces or times."""
        value: Any = self.metric(metric.name, customer)
        return None if value is None else Fraction(value, UNITS.get(metric.type, 1))

    def metric_type(self, name: str) -> Type:
        """What a metric, score or part of RFM is."""
        if name in self.project.metrics:
            metric = self.project.metrics[name]
            return type_of(metric.measure) if isinstance(metric.measure, Measure) else Type.NUMBER
        return Type.NUMBER if name in self.project.scores else Type.INTEGER

    # Rows

    def rows(self, customer: Row, rows: Rows) -> list[Seen]:
        """The rows that a measure looks at."""
        any_status = any(test.column == "status" for test in rows.where) and rows.subject in ("orders", "items")
        own = self.rooms.of_customer(customer, rows.subject, any_status=any_status)
        found = [one for one in own if self._is_row_within(one, rows.window, customer)]
        found = [one for one in found if self._passes(one, rows.where)]
        if rows.followed_by is None:
            return found
        later = self.rows(customer, rows.followed_by.rows)
        return [one for one in found if any(self._follows(one, other, rows.followed_by) for other in later)]

    def _is_row_within(self, row: Seen, window: Window | None, customer: Row) -> bool:
        if window is None:
            return True
        return row.at is not None and self._is_within(window, row.at, self.clock.day_of(row.at), customer)

    def _is_within(self, window: Window, at: int, day: date, customer: Row) -> bool:
        match window:
            case Ages():
                return at <= self.clock.at and is_of_age(window, at, day, self.clock)
            case Calendar():
                return is_in_calendar(window, day, self.clock)
            case DayRange():
                return is_between(window, day, self.clock)
            case Since(anchor=Anchor.STAGE):
                since = self.stage_since(window.name, customer)
                return since is not None and at >= since
            case Since():
                return self._is_since_attribute(window, at, day, customer)

    def _is_since_attribute(self, window: Since, at: int, day: date, customer: Row) -> bool:
        assert window.anchor is Anchor.ATTRIBUTE
        assert window.type is not None
        value: Any = self.attribute(customer, window.name, window.type)
        if value is None:
            return False
        return day >= number_day(value) if window.type is Type.DATE else at >= value

    def _passes(self, row: Seen, tests: tuple[ColumnTest, ...]) -> bool:
        return all(holds(one.test, row.columns.get(one.column), one.type, self.clock) for one in tests)

    def _follows(self, row: Seen, other: Seen, following: Following) -> bool:
        if row.at is None or other.at is None or other.at <= row.at:
            return False
        within = following.within
        if within.is_exact:
            return other.at - row.at < within.seconds
        return self.clock.day_of(other.at) < shift(self.clock.day_of(row.at), within)

    def has_latest(self, customer: Row, condition: LatestTest) -> bool:
        """Whether there is a last row and it is so."""
        last = last_of(self.rows(customer, condition.rows))
        return last is not None and self._passes(last, condition.has)

    # Tags

    def _assigned(self, kind: str, customer: Row) -> list[tuple[Label, int, str]]:
        """The open assignments of a customer: label, since, source."""
        return [
            (self.names[label], since, source)
            for label, owner, since, source in self.held
            if owner == customer["id"] and self.names[label][0] == kind
        ]

    def _tag_since(self, name: str, customer: Row, *, by_rule: bool) -> list[int]:
        return [
            since
            for label, since, source in self._assigned("tag", customer)
            if label[1:3] == ("", name) and (source == "rule") is by_rule
        ]

    def _is_blocked(self, name: str, customer: Row) -> bool:
        return any(self.names[label][:3] == ("tag", "", name) and who == customer["id"] for label, who in self.off)

    def _is_wanted(self, tag: Tag, customer: Row) -> bool:
        """Whether the rule of a tag alone gives it to a customer."""
        held = self._tag_since(tag.name, customer, by_rule=True)
        if tag.keep and held:
            return True
        return tag.when is not None and self.met(tag.when, customer) and not self.has_run_out(tag, customer)

    def has_run_out(self, tag: Tag, customer: Row) -> bool:
        """Whether the time of a tag that expires is over, and its condition has not been false since."""
        if tag.expires is None:
            return False
        held = self._tag_since(tag.name, customer, by_rule=True)
        if held:
            return self.clock.day_of(held[0]) <= shift(self.clock.today, tag.expires, -1)
        return any(label[2] == tag.name for label, _, _ in self._assigned("expired", customer))

    def is_ruled(self, name: str, customer: Row) -> bool:
        """Whether the rule of a tag gives it to a customer: no hand took it off for good, no other of its set wins."""
        tag = self.project.tags[name]
        if self._is_blocked(name, customer) or not self._is_wanted(tag, customer):
            return False
        return not tag.exclusive or self._winner(tag.exclusive, customer) == name

    def _winner(self, name: str, customer: Row) -> str | None:
        """The tag of an exclusive set that a rule gives: the first in file order beside which no hand put another."""
        tags = self.project.exclusive[name].tags
        by_hand = {tag for tag in tags if self._tag_since(tag, customer, by_rule=False)}
        free = (
            tag
            for tag in tags
            if by_hand <= {tag}
            and not self._is_blocked(tag, customer)
            and self._is_wanted(self.project.tags[tag], customer)
        )
        return next(free, None)

    def has_tag(self, name: str, customer: Row) -> bool:
        """Whether a customer has a tag in this run, by rule or by hand."""
        by_hand = bool(self._tag_since(name, customer, by_rule=False))
        found: bool = self._once(("tag", name, customer["id"]), lambda: by_hand or self.is_ruled(name, customer))
        return found

    def held_since(self, name: str, customer: Row) -> int:
        """Since when a customer has a tag that it has in this run."""
        by_rule = self._tag_since(name, customer, by_rule=True) if self.is_ruled(name, customer) else []
        return min([*by_rule, *self._tag_since(name, customer, by_rule=False)], default=self.clock.at)

    # Stages

    def stage(self, name: str, customer: Row) -> str:
        """The stage of a customer in this run; empty for none."""
        lifecycle = self.project.lifecycles[name]
        find = self._derived if lifecycle.is_derived else self._moved
        found: str = self._once(("stage", name, customer["id"]), lambda: find(lifecycle, customer))
        return found

    def stage_since(self, name: str, customer: Row) -> int | None:
        """Since when a customer is in its stage; None where there is none."""
        stage = self.stage(name, customer)
        stored = self._stored_stage(self.project.lifecycles[name], customer)
        if not stage:
            return None
        return stored[1] if stored is not None and stored[0] == stage else self.clock.at

    def _stored_stage(self, lifecycle: Lifecycle, customer: Row) -> tuple[str, int] | None:
        stored = [
            (label[2], since)
            for label, since, _ in self._assigned("stage", customer)
            if label[1] == lifecycle.name and label[2] in lifecycle.stages
        ]
        return stored[0] if stored else None

    def _derived(self, lifecycle: Lifecycle, customer: Row) -> str:
        met = [stage for stage, condition in lifecycle.derived if self.met(condition, customer)]
        if not met:
            return lifecycle.otherwise
        return met[-1] if lifecycle.highest else met[0]

    def _moved(self, lifecycle: Lifecycle, customer: Row) -> str:
        stage, since = self._stored_stage(lifecycle, customer) or (lifecycle.initial, None)
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

    # Scores

    def score(self, name: str, customer: Row) -> int:
        """The points of a customer, in thousandths."""
        found: int = self._once(
            ("score", name, customer["id"]),
            lambda: sum(self._points(rule, customer) for rule in self.project.scores[name].rules),
        )
        return found

    def _points(self, rule: ScoreRule, customer: Row) -> int:
        if rule.each is None:
            found = rule.add if rule.when is not None and self.met(rule.when, customer) else 0
        else:
            found = sum(self._row_points(rule, row) for row in self.rows(customer, rule.each))
        return found if rule.up_to is None else min(found, rule.up_to)

    def _row_points(self, rule: ScoreRule, row: Seen) -> int:
        if rule.fades is None:
            return rule.add
        assert row.at is not None
        return faded(rule.add, (self.clock.today - self.clock.day_of(row.at)).days, rule.fades)

    # RFM

    def buyers(self, setting: Rfm) -> dict[int, dict[Part, int]]:
        """The three parts of whoever has an order that counts in the window: days, orders, 分."""
        rows = Rows("orders", (), setting.window)
        names = {
            Part.RECENCY: MeasureName.DAYS_SINCE_LAST,
            Part.FREQUENCY: MeasureName.COUNT,
            Part.MONEY: MeasureName.AMOUNT,
        }

        def values(row: Row) -> dict[Part, Any]:
            return {part: self.measured(row, Measure(rows, name)) for part, name in names.items()}

        found: dict[int, dict[Part, int]] = self._once(
            ("rfm", setting.name), lambda: {row["id"]: values(row) for row in self.customers if self.rows(row, rows)}
        )
        return found

    def part(self, setting: Rfm, part: Part, customer: Row) -> int | None:
        """A part of a customer: its quintile score where the setting scores it, else days, orders, 分."""
        if customer["id"] not in self.buyers(setting):
            return None
        if setting.cuts[part].score is not None:
            return self._scores(setting, part)[customer["id"]]
        return self.buyers(setting)[customer["id"]][part]

    def _scores(self, setting: Rfm, part: Part) -> dict[int, int]:
        def make() -> dict[int, int]:
            values = {number: parts[part] for number, parts in self.buyers(setting).items()}
            found = quintiles(values, unit=UNITS[Type.MONEY] if part is Part.MONEY else 1)
            return {one: 6 - score for one, score in found.items()} if part is Part.RECENCY else found

        found: dict[int, int] = self._once(("scores", setting.name, part), make)
        return found

    def _high(self, setting: Rfm, part: Part) -> frozenset[int]:
        """Whose part counts as high."""
        cut: Cut = setting.cuts[part]
        values = {number: parts[part] for number, parts in self.buyers(setting).items()}
        if cut.score is not None:
            return frozenset(one for one, score in self._scores(setting, part).items() if cut.score.includes(score))
        if cut.share is not None:
            ordered = best(values, self.keys, descending=part is not Part.RECENCY)
            return frozenset(ordered[: how_many(len(values), None, cut.share)])
        if cut.middle is not None:
            middle = middle_of(list(values.values()), cut.middle) if values else Fraction(0)
            less = part is Part.RECENCY
            return frozenset(one for one, value in values.items() if (value < middle if less else value > middle))
        assert cut.test is not None
        return frozenset(
            row["id"] for row in self.customers if row["id"] in values and self._passes_cut(cut, row, setting, part)
        )

    def _passes_cut(self, cut: Cut, customer: Row, setting: Rfm, part: Part) -> bool:
        assert cut.test is not None
        if isinstance(cut.test, AgeRange):
            last = Measure(Rows("orders", (), setting.window), MeasureName.LAST)
            return holds(cut.test, self.measured(customer, last), Type.INSTANT, self.clock)
        return holds(cut.test, self.buyers(setting)[customer["id"]][part], Type.INTEGER, self.clock)

    def rfm(self, name: str, customer: Row) -> str | None:
        """The type of a customer, `HHL`; None for whoever bought nothing."""
        setting = self.project.rfm[name]
        if customer["id"] not in self.buyers(setting):
            return None
        high: dict[Part, frozenset[int]] = self._once(
            ("high", name), lambda: {part: self._high(setting, part) for part in Part}
        )
        return "".join("H" if customer["id"] in high[part] else "L" for part in Part)

    # Segments

    def members(self, name: str) -> list[int]:
        """The members of a segment, in its order."""
        found: list[int] = self._once(("segment", name), lambda: self._listed(self.project.segments[name]))
        return found

    def _listed(self, segment: Segment) -> list[int]:
        met = [row for row in self.customers if self.met(segment.when, row)]
        met.sort(key=lambda row: row["key"])
        for ranking in reversed(segment.rank_by):
            met = self._sorted(met, ranking.name, descending=ranking.descending)
        groups: dict[Value, list[Row]] = {}
        for row in met:
            groups.setdefault(self.attribute(row, segment.per, Type.TEXT) if segment.per else None, []).append(row)
        taken = {
            row["id"] for group in groups.values() for row in group[: how_many(len(group), segment.top, segment.share)]
        }
        return [row["id"] for row in met if row["id"] in taken]

    def _sorted(self, rows: list[Row], name: str, *, descending: bool) -> list[Row]:
        """Sorted by one value, equal ones as they were, absent ones last."""
        values: dict[int, Any] = {row["id"]: self.shown(name, row) for row in rows}
        filled = {number: value for number, value in values.items() if value is not None}
        places = {row["id"]: f"{place:9}" for place, row in enumerate(rows)}
        rows_by_number = {row["id"]: row for row in rows}
        ordered = [rows_by_number[number] for number in best(filled, places, descending=descending)]
        return ordered + [row for row in rows if row["id"] not in filled]

    def shown(self, name: str, customer: Row) -> Value:
        """The value of a metric, a score, a part of RFM, or an attribute."""
        if name in self.project.metrics or name in self.project.scores or name.rpartition(".")[0] in self.project.rfm:
            return self.metric(name, customer)
        return self.attribute(customer, name, Type.TEXT)

    # The difference

    def desired(self) -> set[tuple[str, str, str, int]]:
        """What the rules say: kind, scope, name, customer."""
        found = set()
        for customer in self.customers:
            number = customer["id"]
            for tag in self.project.tags.values():
                found |= {(*label, number) for label in self._labels(tag, customer)}
            stages = {name: self.stage(name, customer) for name in self.project.lifecycles}
            found |= {("stage", name, stage, number) for name, stage in stages.items() if stage}
            found |= {("segment", "", name, number) for name in self.project.segments if number in self.members(name)}
        return found

    def _labels(self, tag: Tag, customer: Row) -> set[tuple[str, str, str]]:
        """What the rule of a tag gives a customer: the tag, a mark that it has run out, or the value of its column."""
        if tag.column:
            value = self.attribute(customer, tag.column, Type.TEXT)
            return set() if value is None else {("tag", tag.name, str(value))}
        found = {("tag", "", tag.name)} if self.is_ruled(tag.name, customer) else set()
        if (
            tag.expires is not None
            and tag.when is not None
            and self.met(tag.when, customer)
            and self.has_run_out(tag, customer)
        ):
            found.add(("expired", "", tag.name))
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


# Conditions -----------------------------------------------------------------------------------------------------------


def _attribute_holds(oracle: Oracle, condition: AttributeTest, customer: Row) -> bool:
    name, type_ = condition.test.column, condition.test.type
    return oracle.is_so(condition.test.test, lambda row: oracle.attribute(row, name, type_), type_, customer, name)


def _metric_holds(oracle: Oracle, condition: MetricTest, customer: Row) -> bool:
    name = condition.metric
    type_ = oracle.metric_type(name)
    return oracle.is_so(condition.test, lambda row: oracle.metric(name, row), type_, customer, name)


def _measure_holds(oracle: Oracle, condition: MeasureTest, customer: Row) -> bool:
    measure = condition.measure
    return oracle.is_so(condition.test, lambda row: oracle.measured(row, measure), type_of(measure), customer, measure)


def _tags_hold(oracle: Oracle, condition: TagTest, customer: Row) -> bool:
    found = [_tag_holds(oracle, name, condition.held, customer) for name in condition.tags]
    return all(found) if condition.every else any(found)


def _tag_holds(oracle: Oracle, name: str, held: AgeRange | None, customer: Row) -> bool:
    if not oracle.has_tag(name, customer):
        return False
    return held is None or holds(held, oracle.held_since(name, customer), Type.INSTANT, oracle.clock)


def _stage_holds(oracle: Oracle, condition: StageTest, customer: Row) -> bool:
    if oracle.stage(condition.lifecycle, customer) not in condition.stages:
        return False
    since = oracle.stage_since(condition.lifecycle, customer)
    return condition.held is None or holds(condition.held, since, Type.INSTANT, oracle.clock)


CONDITIONS: Mapping[type, Callable[[Oracle, Any, Row], bool]] = MappingProxyType(
    {
        Everyone: lambda _oracle, _condition, _customer: True,
        All: lambda oracle, condition, customer: all(oracle.met(part, customer) for part in condition.parts),
        AnyOf: lambda oracle, condition, customer: any(oracle.met(part, customer) for part in condition.parts),
        NoneOf: lambda oracle, condition, customer: not any(oracle.met(part, customer) for part in condition.parts),
        AttributeTest: _attribute_holds,
        MetricTest: _metric_holds,
        MeasureTest: _measure_holds,
        LatestTest: lambda oracle, condition, customer: oracle.has_latest(customer, condition),
        TagTest: _tags_hold,
        StageTest: _stage_holds,
        SegmentTest: lambda oracle, condition, customer: any(
            customer["id"] in oracle.members(name) for name in condition.segments
        ),
        RfmTest: lambda oracle, condition, customer: oracle.rfm(condition.setting, customer) in condition.types,
        ListTest: lambda _oracle, condition, customer: customer["key"] in condition.ids,
        BucketTest: lambda _oracle, condition, customer: condition.low <= hundredth(customer) <= condition.high,
    }
)
