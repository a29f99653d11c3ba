"""Hypothesis strategies for conditions and whole projects over a population."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pdo.core.source import Source, Span
from pdo.model.conditions import (
    AgeRange,
    Ages,
    AheadRange,
    All,
    AnyOf,
    AttributeTest,
    ColumnTest,
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
)
from pdo.model.fields import ROWS, Column, Type
from pdo.model.playbook import Lifecycle, Metric, Project, Ranking, Rule, Segment, Tag, Transition
from pdo.model.settings import Attribute, Settings
from tests.property.oracle import MEASURE_TYPES
from tests.property.populations import AMOUNTS, WORDS, Population, instants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

    from pdo.core.calendar import Moment

SPAN = Span(Source("方案.yaml", "标签: {}\n"), 1, 1, 1, 3)
SETTINGS = Settings(
    Path("/nowhere"),
    Path("/nowhere/pdo.db"),
    attributes={
        "customers": (
            Attribute(Column("肤质", Type.TEXT, "肤质")),
            Attribute(Column("孩子数", Type.INTEGER, "孩子数")),
        ),
        "events": (Attribute(Column("页面", Type.TEXT, "页面")), Attribute(Column("秒", Type.INTEGER, "秒"))),
    },
)
ATTRIBUTES: Mapping[str, Type] = MappingProxyType(
    {
        **dict.fromkeys(("customer_id", "name", "city", "member_level", "owner", "store", "肤质"), Type.TEXT),
        "phone": Type.PHONE,
        "birthday": Type.DATE,
        "vip_until": Type.DATE,
        "added_at": Type.INSTANT,
        "points": Type.INTEGER,
        "孩子数": Type.INTEGER,
        "is_friend": Type.BOOLEAN,
    }
)
EXTRA_COLUMNS = {"events": {"页面": Type.TEXT, "秒": Type.INTEGER}}
COMMON = ("count", "days", "distinct", "first", "last", "days_since_first", "days_since_last")
MEASURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "orders": ("amount", "average", *COMMON),
        "items": ("quantity", "orders", "amount", *COMMON),
        "events": COMMON,
    }
)
NUMBERS: Mapping[Type, tuple[int, ...]] = MappingProxyType(
    {
        Type.INTEGER: (0, 1, 2, 3, 7, 30, 60, 365),
        Type.NUMBER: (0, 1000, 1500, 3000, 4500),
        Type.MONEY: (*AMOUNTS, 5_000, 15_000, 30_000, 60_000),
    }
)
SPANS = (
    *(Duration(count, Unit.DAY) for count in (0, 1, 2, 7, 30, 60, 365)),
    Duration(1, Unit.WEEK),
    Duration(1, Unit.MONTH),
    Duration(2, Unit.MONTH),
    Duration(1, Unit.YEAR),
    Duration(18, Unit.YEAR),
)
EXACT = (Duration(1, Unit.HOUR), Duration(24, Unit.HOUR), Duration(48, Unit.HOUR), Duration(60, Unit.MINUTE))
PATTERNS = ("^水果", "礼盒$", "a.b", "[0-9]+%", "(果|鲜)", "^a_b$", "É")


# Tests ----------------------------------------------------------------------------------------------------------------


def _ranges(values: tuple[int, ...]) -> SearchStrategy[Range]:
    ordered = st.tuples(st.sampled_from(values), st.sampled_from(values)).map(lambda ends: (min(ends), max(ends)))
    both = ordered.map(lambda ends: Range(ends[0], ends[1]))
    open_ends = st.builds(Range, st.sampled_from(values), st.none(), st.booleans())
    below = st.builds(
        lambda high, is_open: Range(None, high, high_open=is_open), st.sampled_from(values), st.booleans()
    )
    apart = ordered.filter(lambda ends: ends[0] < ends[1])
    strict = apart.map(lambda ends: Range(ends[0], ends[1], low_open=True, high_open=True))
    return st.one_of(both, open_ends, below, strict)


def _texts() -> SearchStrategy[Test]:
    words = st.sampled_from((*WORDS, "客户回复", "已付款", "张三", "s1", "油性", "o1", "没有"))
    operators = st.sampled_from([one for one in TextOperator if one is not TextOperator.MATCHES])
    parts = st.sampled_from(("果", "水", "%", "_", "a", "盒", "'", '"', "0", "\\", "["))
    return st.one_of(
        st.lists(words, min_size=1, max_size=3, unique=True).map(lambda found: OneOf(tuple(found))),
        st.builds(TextTest, operators, parts),
        st.builds(TextTest, st.just(TextOperator.MATCHES), st.sampled_from(PATTERNS)),
    )


def _lengths(lengths: tuple[Duration, ...], make: type[AgeRange | AheadRange]) -> SearchStrategy[Test]:
    one = st.sampled_from(lengths)
    same_unit = st.sampled_from([(low, high) for low in lengths for high in lengths if _in_order(low, high)])
    return st.one_of(
        one.map(lambda low: make(low, None)),
        one.map(lambda high: make(None, high)),
        same_unit.map(lambda ends: make(*ends)),
    )


def _in_order(low: Duration, high: Duration) -> bool:
    return low.unit is high.unit and low.count <= high.count


@st.composite
def _days(draw: st.DrawFn, now: Moment) -> Day:
    if draw(st.booleans()):
        return Day(draw(st.sampled_from((0, -1, 1, -2))), relative=True)
    return Day(now.today - draw(st.sampled_from((0, 1, 7, 30, 60, 365, -1, -7))))


def _times(now: Moment, type_: Type, *, past: bool) -> SearchStrategy[Test]:
    fixed = st.integers(-3, 60).map(lambda age: now.today - age)
    found: list[SearchStrategy[Test]] = [
        _lengths(SPANS, AgeRange),
        st.builds(DayRange, _days(now), st.none()),
        st.builds(DayRange, st.none(), _days(now)),
        _days(now).map(lambda day: DayRange(day, day)),
        st.lists(fixed, min_size=1, max_size=3, unique=True).map(lambda days: OneOf(tuple(days))),
    ]
    if type_ is Type.INSTANT:
        found.append(_lengths(EXACT, AgeRange))
    if not past:
        found.append(_lengths(SPANS, AheadRange))
    return st.one_of(*found)


def predicates(type_: Type, now: Moment, *, past: bool = False) -> SearchStrategy[Test]:
    """Tests that a playbook may write of a value of a type.

    Args:
        past: nothing can be asked of the future.
    """
    filled = st.booleans().map(Filled)
    if type_ in (Type.TEXT, Type.PHONE):
        plain = _texts()
    elif type_ is Type.BOOLEAN:
        plain = st.sampled_from((0, 1)).map(lambda flag: OneOf((flag,)))
    elif type_ in NUMBERS:
        values = NUMBERS[type_]
        several = st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)
        plain = st.one_of(_ranges(values), _ranges(values), several.map(lambda found: OneOf(tuple(found))))
    else:
        plain = _times(now, type_, past=past)
    either = st.one_of(plain, plain, plain, filled)
    return st.one_of(either, either, either, either.map(Negated), either.map(Negated).map(Negated))


# Measures and conditions ----------------------------------------------------------------------------------------------


@st.composite
def measures(draw: st.DrawFn, now: Moment) -> Measure:
    """Measures over rows, with `where` and a window or without."""
    subject = draw(st.sampled_from(tuple(MEASURES)))
    columns = {**{column.name: column.type for column in ROWS[subject]}, **EXTRA_COLUMNS.get(subject, {})}
    chosen = draw(st.lists(st.sampled_from(tuple(columns)), max_size=2, unique=True))
    if draw(st.integers(0, 7)) == 0 and subject != "events" and "status" not in chosen:
        chosen.append("status")
    where = tuple(ColumnTest(name, columns[name], draw(predicates(columns[name], now))) for name in chosen)
    windows = (None, None, *(Ages((), (one,)) for one in (*SPANS, *EXACT) if one.count))
    name = MeasureName(draw(st.sampled_from(MEASURES[subject])))
    of = draw(st.sampled_from(tuple(columns))) if name is MeasureName.DISTINCT else ""
    return Measure(Rows(subject, where, draw(st.sampled_from(windows))), name, of)


@st.composite
def leaves(draw: st.DrawFn, now: Moment, known: Project) -> Condition:
    """Conditions without parts, over what is defined before."""
    kinds = ["attribute", "attribute", "measure", "measure", "measure", "everyone"]
    kinds += ["metric"] * bool(known.metrics) + ["tag"] * bool(known.tags)
    kinds += ["stage"] * bool(known.lifecycles) + ["segment"] * bool(known.segments)
    kind = draw(st.sampled_from(kinds))
    if kind == "everyone":
        return Everyone(SPAN)
    if kind == "attribute":
        name = draw(st.sampled_from(tuple(ATTRIBUTES)))
        return AttributeTest(ColumnTest(name, ATTRIBUTES[name], draw(predicates(ATTRIBUTES[name], now))), SPAN)
    if kind == "measure":
        measure = draw(measures(now))
        return MeasureTest(measure, draw(predicates(MEASURE_TYPES[measure.name], now, past=True)), SPAN)
    return draw(_references(kind, now, known))


@st.composite
def _references(draw: st.DrawFn, kind: str, now: Moment, known: Project) -> Condition:
    if kind == "metric":
        metric = known.metrics[draw(st.sampled_from(tuple(known.metrics)))]
        return MetricTest(metric.name, draw(predicates(metric.type, now, past=True)), SPAN)
    if kind == "stage":
        lifecycle = known.lifecycles[draw(st.sampled_from(tuple(known.lifecycles)))]
        return StageTest(lifecycle.name, draw(_some(lifecycle.stages)), SPAN)
    if kind == "tag":
        return TagTest(draw(_some(tuple(known.tags))), SPAN, every=draw(st.booleans()))
    return SegmentTest(draw(_some(tuple(known.segments))), SPAN)


def _some(names: tuple[str, ...]) -> SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True).map(tuple)


def conditions(now: Moment, known: Project | None = None, *, depth: int = 2) -> SearchStrategy[Condition]:
    """Conditions, nested to a depth."""
    leaf = leaves(now, known or Project())
    if depth == 0:
        return leaf
    parts = st.lists(conditions(now, known, depth=depth - 1), min_size=1, max_size=3).map(tuple)
    joined = st.builds(lambda make, found: make(found, SPAN), st.sampled_from((All, AnyOf, NoneOf)), parts)
    return st.one_of(leaf, leaf, joined)


# Projects -------------------------------------------------------------------------------------------------------------


@st.composite
def projects(draw: st.DrawFn, now: Moment, *, rules: int = 5, loops: bool = True) -> Project:
    """A project whose rules refer to those before them.

    Args:
        loops: transitions may lead back to earlier stages.
    """
    metrics = {}
    for name in ("客单", "近况")[: draw(st.integers(0, 2))]:
        measure = draw(measures(now))
        metrics[name] = Metric(name, "p", measure, MEASURE_TYPES[measure.name], SPAN)
    known = Project(metrics=metrics)
    for place in range(draw(st.integers(1, rules))):
        kind = draw(st.sampled_from(("tag", "tag", "lifecycle", "lifecycle", "segment")))
        known = draw(_with_rule(known, Rule(kind, f"{kind}{place}"), now, loops=loops))
    return known


@st.composite
def _with_rule(draw: st.DrawFn, known: Project, rule: Rule, now: Moment, *, loops: bool) -> Project:
    tags, lifecycles, segments = dict(known.tags), dict(known.lifecycles), dict(known.segments)
    if rule.kind == "tag":
        when = None if draw(st.integers(0, 5)) == 0 else draw(conditions(now, known, depth=1))
        tags[rule.name] = Tag(rule.name, "p", "", when, draw(st.integers(0, 3)) == 0, SPAN)
    elif rule.kind == "segment":
        segments[rule.name] = draw(_segments(rule.name, known, now))
    elif draw(st.booleans()):
        lifecycles[rule.name] = draw(_derived(rule.name, known, now))
    else:
        lifecycles[rule.name] = draw(_stateful(rule.name, known, now, loops=loops))
    return replace(
        known,
        playbooks=(),
        tags=tags,
        lifecycles=lifecycles,
        segments=segments,
        order=(*known.order, rule),
    )


@st.composite
def _segments(draw: st.DrawFn, name: str, known: Project, now: Moment) -> Segment:
    values = (*known.metrics, *known.metrics, "points", "added_at", "birthday", "city", "owner", "is_friend", "孩子数")
    ranked = draw(st.lists(st.sampled_from(values), max_size=2, unique=True))
    rank_by = tuple(Ranking(value, draw(st.booleans()), SPAN) for value in ranked)
    top = draw(st.sampled_from((None, 1, 2, 3)))
    return Segment(name, "p", draw(conditions(now, known, depth=1)), rank_by, top, (), SPAN)


@st.composite
def _derived(draw: st.DrawFn, name: str, known: Project, now: Moment) -> Lifecycle:
    stages = ("甲", "乙", "丙")[: draw(st.integers(1, 3))]
    derived = tuple((stage, draw(conditions(now, known, depth=0))) for stage in stages)
    otherwise = draw(st.sampled_from(("", "其他")))
    every = (*stages, otherwise) if otherwise else stages
    return Lifecycle(name, "p", every, "", (), (), derived, draw(st.booleans()), otherwise, SPAN)


@st.composite
def _stateful(draw: st.DrawFn, name: str, known: Project, now: Moment, *, loops: bool) -> Lifecycle:
    stages = ("新", "熟", "热", "冷")[: draw(st.integers(2, 4))]
    final = draw(st.sampled_from(((), (), (stages[-1],))))
    moves = []
    for _ in range(draw(st.integers(0, 5))):
        target = draw(st.sampled_from(stages))
        usable = [one for one in stages if one not in (target, *final)]
        usable = [one for one in usable if loops or stages.index(one) < stages.index(target)]
        if not usable:
            continue
        origins = tuple(draw(st.lists(st.sampled_from(usable), min_size=1, unique=True)))
        after = draw(st.sampled_from((None, None, *(one for one in SPANS if one.count))))
        when = draw(conditions(now, known, depth=0))
        moves.append(Transition(origins, target, None if after and draw(st.booleans()) else when, after, SPAN))
    return Lifecycle(name, "p", stages, stages[0], final, tuple(moves), (), highest=False, otherwise="", span=SPAN)


# What the store holds -------------------------------------------------------------------------------------------------


@st.composite
def with_state(draw: st.DrawFn, population: Population, project: Project) -> Population:
    """The population with assignments of earlier runs and of hands, blocks, and labels of rules that are gone."""
    labels = [("tag", "", name) for name in (*project.tags, "旧标签")]
    labels += [("segment", "", name) for name in (*project.segments, "旧人群")]
    for lifecycle in project.lifecycles.values():
        labels += [("stage", lifecycle.name, stage) for stage in (*lifecycle.stages, "已删阶段")]
    labels.append(("stage", "旧周期", "旧阶段"))
    kept = [label for label in labels if draw(st.integers(0, 4))]
    names: dict[int, tuple[str, str, str, str]] = {10 + place: (*label, "p") for place, label in enumerate(kept)}
    population.names, population.held, population.off = names, [], []
    customers: list[int] = [row["id"] for row in population.kinds["customers"]]
    for customer in customers:
        for scope in {label[1] for label in kept if label[0] == "stage"}:
            own = [number for number, label in names.items() if label[:2] == ("stage", scope)]
            stage = draw(st.sampled_from((None, *own)))
            if stage is not None:
                population.held.append((stage, customer, draw(instants(population.now)), draw(_sources())))
        for number, label in names.items():
            if label[0] != "stage":
                draw(_hold(population, number, customer, is_tag=label[0] == "tag"))
    return population


def _sources() -> SearchStrategy[str]:
    return st.sampled_from(("rule", "rule", "staff"))


@st.composite
def _hold(draw: st.DrawFn, population: Population, label: int, customer: int, *, is_tag: bool) -> None:
    state: Any = draw(st.sampled_from(("", "", "rule", "staff", "file", "both", "off")))
    since = draw(instants(population.now))
    if state == "off" and is_tag:
        population.off.append((label, customer))
    if state in ("rule", "both"):
        population.held.append((label, customer, since, "rule"))
    if state in ("staff", "file", "both") and is_tag:
        population.held.append((label, customer, since, "file" if state == "file" else "staff"))
