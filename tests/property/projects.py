"""Hypothesis strategies for whole projects over a population, and for what a store holds of their earlier runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pdo.model.conditions import AgeRange, Condition, Duration, Measure, MeasureName, Middle, Range, Unit
from pdo.model.fields import Type
from pdo.model.playbook import (
    RFM_TYPES,
    Cut,
    ExclusiveSet,
    Fading,
    Lifecycle,
    Metric,
    Part,
    Project,
    Ranking,
    Ratio,
    Rfm,
    Rule,
    Score,
    ScoreRule,
    Segment,
    Tag,
    Transition,
)
from tests.property.naive_measures import type_of
from tests.property.playbooks import (
    AMOUNTS_OF,
    COMMON,
    SPAN,
    TIMED,
    conditions,
    measures,
    rows_of,
    scored_parts,
    windows,
)
from tests.property.populations import Population, instants
from tests.property.predicates import SPANS

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from pdo.core.calendar import Moment

SET = "价值"
_QUOTIENTS = (MeasureName.AVERAGE, MeasureName.GAP)
_PLAIN_VALUES = ("points", "added_at", "birthday", "city", "owner", "is_friend", "孩子数")


@st.composite
def projects(draw: st.DrawFn, now: Moment, *, rules: int = 5, loops: bool = True) -> Project:
    """A project whose rules refer to those before them.

    Args:
        loops: transitions may lead back to earlier stages.
    """
    known = Project(metrics=draw(_metrics(now)))
    kinds = ("tag", "tag", "lifecycle", "lifecycle", "segment", "score", "rfm", "exclusive")
    for place in range(draw(st.integers(1, rules))):
        kind = draw(st.sampled_from(kinds))
        known = draw(_with_rule(known, kind, place, now, loops=loops))
    return known


@st.composite
def full_projects(draw: st.DrawFn, now: Moment) -> Project:
    """A project that has something of every kind."""
    known = Project(metrics=draw(_metrics(now, most=True)))
    kinds = (
        "score",
        "rfm",
        "tag",
        "tag",
        "lifecycle",
        "exclusive",
        "rfm",
        "lifecycle",
        "score",
        "segment",
        "tag",
        "segment",
    )
    for place, kind in enumerate(kinds):
        known = draw(_with_rule(known, kind, place, now, loops=True))
    return known


# Metrics --------------------------------------------------------------------------------------------------------------


@st.composite
def _metrics(draw: st.DrawFn, now: Moment, *, most: bool = False) -> dict[str, Metric]:
    names = ("客单", "近况", "常去", "件数")
    found = {}
    for name in names if most else names[: draw(st.integers(0, 3))]:
        measure = draw(measures(now).filter(lambda one: one.name not in (MeasureName.FIRST, MeasureName.LAST)))
        found[name] = Metric(name, "p", measure, type_of(measure), SPAN)
    plain = [
        name
        for name, one in found.items()
        if one.type in AMOUNTS_OF and isinstance(one.measure, Measure) and one.measure.name not in _QUOTIENTS
    ]
    if most:
        amount, count = (draw(measures(now, (), name, "orders")) for name in ("amount", "count"))
        found["花费"] = Metric("花费", "p", amount, Type.MONEY, SPAN)
        found["单数"] = Metric("单数", "p", count, Type.INTEGER, SPAN)
        plain += ["花费", "单数"]
    if plain:
        ratio = Ratio(draw(st.sampled_from(plain)), draw(st.sampled_from(plain)))
        found["倍数"] = Metric("倍数", "p", ratio, Type.NUMBER, SPAN)
    return found


# Rules ----------------------------------------------------------------------------------------------------------------


@st.composite
def _with_rule(draw: st.DrawFn, known: Project, kind: str, place: int, now: Moment, *, loops: bool) -> Project:
    name = f"{kind}{place}"
    if kind == "exclusive":
        return draw(_with_set(known, place, now))
    if kind == "tag":
        return _added(known, "tags", draw(_tags(name, known, now)))
    if kind == "segment":
        return _added(known, "segments", draw(_segments(name, known, now)))
    if kind == "score":
        return _added(known, "scores", draw(_scores(name, known, now)))
    if kind == "rfm":
        return _added(known, "rfm", draw(_settings(name, known, now)))
    make = _derived(name, known, now) if draw(st.booleans()) else _stateful(name, known, now, loops=loops)
    return _added(known, "lifecycles", draw(make))


def _added(known: Project, block: str, made: Tag | Segment | Score | Rfm | Lifecycle) -> Project:
    kind = block if block == "rfm" else block.removesuffix("s")
    changed: dict[str, Any] = {block: {**getattr(known, block), made.name: made}}
    return replace(known, **changed, order=(*known.order, Rule(kind, made.name)))


@st.composite
def _tags(draw: st.DrawFn, name: str, known: Project, now: Moment) -> Tag:
    when = None if draw(st.integers(0, 7)) == 0 else draw(conditions(now, known, depth=1))
    keep = draw(st.integers(0, 3)) == 0
    expires = None
    if when is not None and not keep:
        expires = draw(st.sampled_from((None, None, *(one for one in SPANS if one.count))))
    return Tag(name, "p", "", when, keep, SPAN, expires)


@st.composite
def _with_set(draw: st.DrawFn, known: Project, place: int, now: Moment) -> Project:
    """An exclusive set; no tag of it refers to another."""
    name = f"{SET}{place}"
    tags = [
        replace(draw(_tags(f"tag{place}{letter}", known, now)), exclusive=name, group=name)
        for letter in "甲乙丙"[: draw(st.integers(1, 3))]
    ]
    rules = (*(Rule("tag", tag.name) for tag in tags), Rule("exclusive", name))
    return replace(
        known,
        tags={**known.tags, **{tag.name: tag for tag in tags}},
        exclusive={**known.exclusive, name: ExclusiveSet(name, tuple(tag.name for tag in tags))},
        order=(*known.order, *rules),
    )


@st.composite
def _scores(draw: st.DrawFn, name: str, known: Project, now: Moment) -> Score:
    rules = draw(st.lists(_score_rules(known, now), min_size=1, max_size=3))
    return Score(name, "p", tuple(rules), SPAN)


@st.composite
def _score_rules(draw: st.DrawFn, known: Project, now: Moment) -> ScoreRule:
    add = draw(st.sampled_from((1_000, 2_000, 2_500, 333, 1, 50_000, -1_000, -2_500)))
    up_to = draw(st.sampled_from((None, None, 1_000, 3_500, 20_000))) if add > 0 else None
    if draw(st.integers(0, 3)) == 0:
        return ScoreRule(draw(conditions(now, known, depth=0)), None, add, up_to, None, "", SPAN)
    subject = draw(st.sampled_from((*COMMON, *TIMED)))
    fades = draw(st.sampled_from((None, *((how, count) for how in Fading for count in (1, 7, 30, 365)))))
    rows = draw(rows_of(subject, now, tuple(known.lifecycles)))
    if fades is not None and (rows.window is None or any(one.column == "status" for one in rows.where)):
        # What has no time cannot fade: whoever counts such rows says so without fading.
        rows = replace(rows, window=draw(windows(now, tuple(known.lifecycles), daily=True)))
    return ScoreRule(None, rows, add, up_to, fades, "", SPAN)


_FIXED: dict[Part, tuple[AgeRange | Range, ...]] = {
    Part.RECENCY: (AgeRange(None, Duration(30, Unit.DAY)), AgeRange(None, Duration(1, Unit.MONTH))),
    Part.FREQUENCY: (Range(2, None), Range(1, None), Range(3, None)),
    Part.MONEY: (Range(10_000, None), Range(10_001, None), Range(20_000, None, low_open=True)),
}


def _cuts(part: Part) -> SearchStrategy[Cut]:
    scores = st.sampled_from((Range(4, None), Range(3, None), Range(5, 5), Range(2, 4)))
    return st.one_of(
        st.sampled_from(_FIXED[part]).map(lambda test: Cut(test=test)),
        st.sampled_from((1_000, 4_000, 5_000, 10_000)).map(lambda share: Cut(share=share)),
        st.sampled_from(Middle).map(lambda middle: Cut(middle=middle)),
        scores.map(lambda test: Cut(score=test)),
        scores.map(lambda test: Cut(score=test)),
    )


@st.composite
def _settings(draw: st.DrawFn, name: str, known: Project, now: Moment) -> Rfm:
    cuts = {part: draw(_cuts(part)) for part in Part}
    window = draw(windows(now, tuple(known.lifecycles))) if draw(st.integers(0, 2)) == 0 else None
    return Rfm(name, "p", cuts, window, {key: f"{name} {label}" for key, label in RFM_TYPES.items()}, SPAN)


@st.composite
def _segments(draw: st.DrawFn, name: str, known: Project, now: Moment) -> Segment:
    values = (*known.metrics, *known.metrics, *known.scores, *scored_parts(known), *_PLAIN_VALUES)
    ranked = draw(st.lists(st.sampled_from(values), max_size=2, unique=True))
    rank_by = tuple(Ranking(value, draw(st.booleans()), SPAN) for value in ranked)
    top, share = draw(st.sampled_from(((None, None), (1, None), (2, None), (3, None), (None, 5_000), (None, 2_500))))
    per = draw(st.sampled_from(("", "", "owner", "city", "肤质")))
    when = draw(conditions(now, known, depth=1))
    return Segment(name, "p", when, rank_by, top, (), SPAN, share, per)


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
        when: Condition = draw(conditions(now, known, depth=0))
        moves.append(Transition(origins, target, None if after and draw(st.booleans()) else when, after, SPAN))
    return Lifecycle(name, "p", stages, stages[0], final, tuple(moves), (), highest=False, otherwise="", span=SPAN)


# What the store holds -------------------------------------------------------------------------------------------------


@st.composite
def with_state(draw: st.DrawFn, population: Population, project: Project) -> Population:
    """The population with assignments of earlier runs and of hands, blocks, and labels of rules that are gone."""
    labels = [("tag", "", name) for name in (*project.tags, "旧标签")]
    labels += [("expired", "", name) for name, tag in project.tags.items() if tag.expires is not None]
    labels += [("segment", "", name) for name in (*project.segments, "旧人群")]
    for lifecycle in project.lifecycles.values():
        labels += [("stage", lifecycle.name, stage) for stage in (*lifecycle.stages, "已删阶段")]
    labels.append(("stage", "旧周期", "旧阶段"))
    kept = [label for label in labels if draw(st.integers(0, 4))]
    names: dict[int, tuple[str, str, str, str]] = {10 + place: (*label, "p") for place, label in enumerate(kept)}
    population.names, population.held, population.off = names, [], []
    marks = {name[2]: number for number, name in names.items() if name[0] == "expired"}
    customers: list[int] = [row["id"] for row in population.kinds["customers"]]
    # In the order of the labels: that of a set is another one in each process, and so would be what is drawn.
    scopes = tuple(dict.fromkeys(label[1] for label in kept if label[0] == "stage"))
    for customer in customers:
        for scope in scopes:
            own = [number for number, label in names.items() if label[:2] == ("stage", scope)]
            stage = draw(st.sampled_from((None, *own)))
            if stage is not None:
                population.held.append((stage, customer, draw(_past(population.now)), draw(_sources())))
        for number, label in names.items():
            if label[0] != "stage":
                draw(_hold(population, number, customer, kind=label[0]))
    # A tag that its rule still gives has not run out.
    given = {
        (marks.get(names[number][2]), customer)
        for number, customer, _, source in population.held
        if source == "rule" and names[number][0] == "tag"
    }
    population.held = [one for one in population.held if one[:2] not in given]
    return population


def _past(now: Moment) -> SearchStrategy[int]:
    return instants(now).map(lambda at: min(at, now.at))


def _sources() -> SearchStrategy[str]:
    return st.sampled_from(("rule", "rule", "staff"))


@st.composite
def _hold(draw: st.DrawFn, population: Population, label: int, customer: int, *, kind: str) -> None:
    state: Any = draw(st.sampled_from(("", "", "rule", "staff", "file", "both", "off")))
    since = draw(_past(population.now))
    if state == "off" and kind == "tag":
        population.off.append((label, customer))
    if state in ("rule", "both"):
        population.held.append((label, customer, since, "rule"))
    if state in ("staff", "file", "both") and kind == "tag":
        population.held.append((label, customer, since, "file" if state == "file" else "staff"))
