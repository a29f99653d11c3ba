"""Conditions over the columns of a program: true or false for every customer, never unknown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.measures import Facts
from pdo.compiler.predicates import Value, predicate
from pdo.compiler.searches import Searches
from pdo.model.conditions import (
    All,
    Anchor,
    AnyOf,
    AttributeTest,
    BucketTest,
    Condition,
    Everyone,
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
    SegmentTest,
    Since,
    StageTest,
    TagTest,
    Top,
    walk,
)
from pdo.model.fields import ATTRIBUTES, Type
from pdo.model.playbook import RFM_TYPES, Part, Ratio, Rule
from pdo.playbook.references import stages_begun

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pdo.compiler.clock import Clock
    from pdo.compiler.measures import Points
    from pdo.compiler.ranks import Ranks
    from pdo.model.conditions import AgeRange, Rows
    from pdo.model.playbook import Project
    from pdo.model.settings import Settings

Subject = str | Measure
"""What a value is of: the name of an attribute, metric, score or part of RFM, or a measure."""

UNITS = {Type.MONEY: 100, Type.NUMBER: 1000}
"""How many of its units one is."""
TYPES = tuple(RFM_TYPES)
"""RFM types in the order of their places: `HHH` is 0."""
BUCKETS = 100
NO_STAGE = -1
NEVER_ABSENT = (
    MeasureName.COUNT,
    MeasureName.AMOUNT,
    MeasureName.QUANTITY,
    MeasureName.SUM,
    MeasureName.DAYS,
    MeasureName.ORDERS,
    MeasureName.DISTINCT,
)
"""Measures that are 0 where there are no rows."""


@dataclass(slots=True)
class Conditions:
    """Turns conditions into expressions and remembers what they need.

    Args:
        project: the checked playbooks, for metrics and stages.
        settings: for declared attributes.
        clock: the bounds of `now`.
        facts: what measures need of the fact tables.
        ranks: what values are held against that all customers make.
        attributes: the attributes asked for, with their types.
        has: for each tag, lifecycle, segment, score and RFM setting that is compiled: who has it; the stage's place for a
            lifecycle, the points of a score, the place of the type of RFM.
        parts: the quintile scores of RFM settings.
        chances: purpose and name → the column with everybody's digest.
        lists: path → the ids that stand there.
        since: the tags that conditions ask how long they are held.
        moving: the lifecycle whose transitions are compiled → whether the stage they start from is one of this run.
        staged: the lifecycles whose present stage and its `since` conditions need, besides the stateful ones.
        journeys: those that windows begin with the entry into.
    """

    project: Project
    settings: Settings
    clock: Clock
    ranks: Ranks
    facts: Facts = field(init=False)
    attributes: dict[str, Type] = field(init=False, default_factory=dict)
    has: dict[Rule, exp.Expr] = field(init=False, default_factory=dict)
    parts: dict[str, exp.Expr] = field(init=False, default_factory=dict)
    chances: dict[tuple[str, str], str] = field(init=False, default_factory=dict)
    lists: dict[tuple[str, ...], str] = field(init=False, default_factory=dict)
    since: dict[str, None] = field(init=False, default_factory=dict)
    moving: dict[str, bool] = field(init=False, default_factory=dict)
    staged: dict[str, None] = field(init=False, default_factory=dict)
    journeys: dict[str, None] = field(init=False, default_factory=dict)
    _known: dict[str, Type] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Look up the attributes' types once."""
        self.facts = Facts(self.clock, Searches(), self.attributes.__setitem__, self.stage_since, self.entered)
        declared = tuple(attribute.column for attribute in self.settings.declared("customers"))
        self._known = {column.name: column.type for column in (*ATTRIBUTES, *declared)}

    def of(self, condition: Condition) -> exp.Expr:  # noqa: C901, PLR0911 - one line a condition
        """A condition over the columns of the last layer: true or false, never unknown."""
        match condition:
            case Everyone():
                return exp.true()
            case All(parts):
                return sql.every(self.of(part) for part in parts)
            case AnyOf(parts):
                return sql.some(self.of(part) for part in parts)
            case NoneOf(parts):
                return sql.opposite(sql.some(self.of(part) for part in parts))
            case AttributeTest(test):
                return predicate(test.test, self.value_of(test.column), self.clock)
            case MetricTest(metric, test):
                return predicate(test, self.value_of(metric), self.clock)
            case MeasureTest(measure, test):
                return predicate(test, self.value_of(measure), self.clock)
            case LatestTest(rows, has):
                return self._since_stage(rows, lambda mine: self.facts.is_latest(mine, has), exp.false())
            case TagTest(tags, _, every, held):
                found = [self._tag(tag, held) for tag in tags]
                return sql.every(found) if every else exp.paren(sql.some(found), copy=False)
            case StageTest(lifecycle, stages, _, held):
                return self._stage(lifecycle, stages, held)
            case SegmentTest(segments):
                return exp.paren(sql.some(self.has[Rule("segment", one)].copy() for one in segments), copy=False)
            case RfmTest(setting, types):
                return sql.known(in_places(self.has[Rule("rfm", setting)], [TYPES.index(one) for one in types]))
            case ListTest(_, ids):
                return sql.present(sql.column(self.lists.setdefault(ids, f"list{len(self.lists)}")))
            case BucketTest(low, high):
                return self.chance("bucket", "", low, high + 1, BUCKETS)

    # Values -------------------------------------------------------------------------------------------------------------

    def value_of(self, subject: Subject) -> Value:
        """A metric, an attribute, a score, a part of RFM by name, or a measure."""
        value = self._value(subject)
        return replace(value, among=lambda test: self.ranks.condition(subject, value, test), anchor=self._anchor)

    def _value(self, subject: Subject) -> Value:
        if isinstance(subject, Measure):
            return self._measure(subject)
        if metric := self.project.metrics.get(subject):
            if isinstance(metric.measure, Ratio):
                return self._ratio(metric.measure)
            return self._measure(metric.measure)
        if subject in self.project.scores:
            return Value(Type.NUMBER, self.has[Rule("score", subject)].copy())
        if subject in self.parts:
            return Value(Type.INTEGER, self.parts[subject].copy())
        return self.attribute(subject)

    def _measure(self, measure: Measure) -> Value:
        """A measure; since a stage that this run gives, it looks at what is left of this second."""
        window = measure.rows.window
        value = self.facts.value(measure)
        if not (isinstance(window, Since) and window.anchor is Anchor.STAGE):
            return value
        now = self.facts.value(replace(measure, rows=replace(measure.rows, window=Since(Anchor.RUN))))
        absent: exp.Expr = sql.literal(0) if measure.name in NEVER_ABSENT else exp.null()

        def chosen(stored: exp.Expr | None, fresh: exp.Expr | None, none: exp.Expr) -> exp.Expr | None:
            return None if stored is None or fresh is None else self._entered(window.name, stored, fresh, none)

        one, other = value.search, now.search
        search = None
        if one is not None and other is not None:
            search = lambda test: self._entered(window.name, one(test), other(test), exp.false())  # noqa: E731
        return Value(
            value.type,
            self._entered(window.name, value.number, now.number, absent),
            day=chosen(value.day, now.day, exp.null()),
            per=chosen(value.per, now.per, exp.null()),
            search=search,
        )

    def _since_stage(self, rows: Rows, make: Callable[[Rows], exp.Expr], none: exp.Expr) -> exp.Expr:
        """What is made of rows, of whose window a stage of this run may be the beginning."""
        window = rows.window
        if not (isinstance(window, Since) and window.anchor is Anchor.STAGE):
            return make(rows)
        return self._entered(window.name, make(rows), make(replace(rows, window=Since(Anchor.RUN))), none)

    def points(self, rows: Rows, points: Points) -> exp.Expr:
        """The points of rows."""
        return self._since_stage(rows, lambda mine: self.facts.points(mine, points), sql.literal(0))

    def _entered(self, lifecycle: str, stored: exp.Expr, fresh: exp.Expr, none: exp.Expr) -> exp.Expr:
        """One thing where the stage of this run is the stored one, another where this run gives it; a third without a stage.

        A transition of the lifecycle itself asks of the stage it starts from: the stored one at first, then one of this run.
        """
        if lifecycle in self.moving:
            return fresh if self.moving[lifecycle] else stored
        stage = self.has[Rule("lifecycle", lifecycle)]
        known = sql.column(self.stage_since(lifecycle).removesuffix("_since"))
        same = sql.known(exp.EQ(this=known, expression=stage.copy()))
        there = exp.NEQ(this=stage.copy(), expression=sql.literal(NO_STAGE))
        return sql.choose([(same, stored), (there, fresh)], none)

    def _ratio(self, ratio: Ratio) -> Value:
        """A quotient kept as two numbers, so that limits in thousandths are compared as products; its divisor is above 0."""
        over, under = self._value(ratio.over), self._value(ratio.under)
        above = exp.Mul(this=exp.paren(over.number), expression=sql.literal(1000 * UNITS.get(under.type, 1)))
        below = exp.Mul(this=exp.paren(under.number), expression=sql.literal(UNITS.get(over.type, 1)))
        zero = sql.literal(0)
        positive = sql.known(exp.GT(this=under.number.copy(), expression=zero))
        negative = sql.known(exp.LT(this=under.number.copy(), expression=zero.copy()))
        number = sql.choose([(positive, above), (negative, exp.Neg(this=exp.paren(above)))], exp.null())
        per = sql.choose([(positive.copy(), below), (negative.copy(), exp.Neg(this=exp.paren(below)))], exp.null())
        return Value(Type.NUMBER, number, per=per)

    def attribute(self, name: str) -> Value:
        """An attribute of the customer as a value."""
        type_ = self._known[name]
        self.attributes[name] = type_
        return Value(
            type_,
            sql.column(name),
            day=sql.column(f"{name}_day") if type_ is Type.INSTANT else None,
            search=lambda test: self.facts.searches.own(
                f"{name}_day" if type_ is Type.INSTANT else name, test, self.clock
            ),
        )

    def _anchor(self, since: Since) -> Value:
        """The moment of the customer that a window begins at, as a column of the first layer."""
        if since.anchor is Anchor.STAGE:
            stored = sql.column(self.stage_since(since.name))
            return Value(Type.INSTANT, self._entered(since.name, stored, self.clock.instant(), exp.null()))
        if since.anchor is Anchor.ENTRY:
            entered = sql.column(self.entered(since.name))
            return Value(Type.INSTANT, exp.Coalesce(this=entered, expressions=[self.clock.instant()]))
        return self.attribute(since.name)

    def chance(self, purpose: str, name: str, low: int, high: int, of: int) -> exp.Expr:
        """The condition that the dice fall from `low` up to below `high` of so many parts.

        The first 16 hexadecimal digits decide, compared as text; the whole digest is longer, so it compares the same.
        """
        digest = sql.column(self.chances.setdefault((purpose, name), f"chance{len(self.chances)}"))
        limits: list[exp.Expr] = []
        if low > 0:
            limits.append(exp.GTE(this=digest, expression=sql.literal(_bound(low, of))))
        if high < of:
            limits.append(exp.LT(this=digest.copy(), expression=sql.literal(_bound(high, of))))
        return sql.every(limits)

    # What the customer has ------------------------------------------------------------------------------------------------

    def _tag(self, tag: str, held: AgeRange | None) -> exp.Expr:
        has = self.has[Rule("tag", tag)].copy()
        if held is None:
            return has
        self.since[tag] = None
        name = tag_since(self.project, tag)
        return sql.every([has, predicate(held, self._since(sql.column(name), sql.column(f"{name}_day")), self.clock)])

    def _stage(self, lifecycle: str, stages: tuple[str, ...], held: AgeRange | None) -> exp.Expr:
        known = self.project.lifecycles[lifecycle].stages
        stage = self.has[Rule("lifecycle", lifecycle)]
        inside = in_places(stage, [known.index(one) for one in stages])
        if held is None:
            return inside
        since = self.stage_since(lifecycle)
        same = sql.known(exp.EQ(this=sql.column(since.removesuffix("_since")), expression=stage.copy()))
        moment = (sql.choose([(same, sql.column(name))], exp.null()) for name in (since, f"{since}_day"))
        return sql.every([inside, predicate(held, self._since(*moment), self.clock)])

    def _since(self, at: exp.Expr, day: exp.Expr) -> Value:
        """Since when something is held; since now for what this run gives."""
        return Value(
            Type.INSTANT,
            exp.Coalesce(this=at, expressions=[self.clock.instant()]),
            day=exp.Coalesce(this=day, expressions=[self.clock.today()]),
        )

    def stage_since(self, lifecycle: str) -> str:
        """The column that says since when a customer is in the present stage of a lifecycle."""
        self.staged[lifecycle] = None
        return f"{stage_state(self.project, lifecycle)}_since"

    def entered(self, journey: str) -> str:
        """The column that says since when a customer is in a journey; who is not in it may enter now."""
        self.journeys[journey] = None
        return entry_state(self.project, journey)


def _bound(part: int, of: int) -> str:
    return format((part << 64) // of, "016x")


def tag_since(project: Project, tag: str) -> str:
    """The column of `tag_state` that says since when somebody has a tag, whoever put it on."""
    return f"since_{list(project.tags).index(tag)}"


def stage_state(project: Project, lifecycle: str) -> str:
    """The column of `stage_state` with the place of the present stage."""
    return f"stage_state_{list(project.lifecycles).index(lifecycle)}"


def entry_state(project: Project, journey: str) -> str:
    """The column of `entry_state` with the moment at which a customer entered a journey."""
    return f"entry_{list(project.outreach.journeys).index(journey)}"


def part_name(setting: str, part: Part) -> str:
    """What a part of RFM is called in conditions."""
    return f"{setting}.{part.value}"


def in_places(column: exp.Expr, places: list[int]) -> exp.Expr:
    """The condition that a stage or type, by its place, is one of these."""
    if len(places) == 1:
        return exp.EQ(this=column.copy(), expression=sql.literal(places[0]))
    return exp.In(this=column.copy(), expressions=[sql.literal(place) for place in places])


def references(project: Project, condition: Condition) -> tuple[Rule, ...]:
    """The rules that a condition asks for."""
    found: dict[Rule, None] = {}
    for part in walk(condition):
        match part:
            case TagTest(tags):
                found |= {Rule("tag", tag): None for tag in tags}
            case StageTest(lifecycle):
                found[Rule("lifecycle", lifecycle)] = None
            case SegmentTest(segments):
                found |= {Rule("segment", segment): None for segment in segments}
            case RfmTest(setting):
                found[Rule("rfm", setting)] = None
            case MetricTest(name):
                found |= dict.fromkeys(rules_of_value(project, name))
            case MeasureTest() | LatestTest():
                found |= {Rule("lifecycle", name): None for name in stages_begun(part)}
            case _:
                pass
    return tuple(found)


def rules_of_value(project: Project, name: str) -> tuple[Rule, ...]:
    """The rules that make a value: a score, an RFM setting, the lifecycle that a metric's window begins with."""
    if metric := project.metrics.get(name):
        if isinstance(metric.measure, Ratio):
            names = (metric.measure.over, metric.measure.under)
            return tuple(rule for name in names for rule in rules_of_value(project, name))
        return rules_of_rows(metric.measure.rows)
    if name in project.scores:
        return (Rule("score", name),)
    setting, _, part = name.rpartition(".")
    return (Rule("rfm", setting),) if setting in project.rfm and part in set(Part) else ()


def rules_of_rows(rows: Rows) -> tuple[Rule, ...]:
    """The lifecycle that a window begins with."""
    window = rows.window
    begins = isinstance(window, Since) and window.anchor is Anchor.STAGE
    return (Rule("lifecycle", window.name),) if begins and isinstance(window, Since) else ()


def ranked(condition: Condition) -> Iterator[tuple[Subject, Top | Level]]:
    """The tests in a condition that hold a value against those of all customers."""
    for part in walk(condition):
        subject: Subject
        match part:
            case AttributeTest(test):
                subject, inner = test.column, test.test
            case MetricTest(name, test):
                subject, inner = name, test
            case MeasureTest(measure, test):
                subject, inner = measure, test
            case _:
                continue
        while isinstance(inner, Negated):
            inner = inner.test
        if isinstance(inner, Top | Level):
            yield subject, inner
