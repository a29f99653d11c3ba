"""Hypothesis strategies for conditions over a population: one for each kind of condition."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pdo.core.source import Source, Span
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
    Duration,
    Everyone,
    Following,
    InWindow,
    LatestTest,
    ListTest,
    Measure,
    MeasureName,
    MeasureTest,
    MetricTest,
    NoneOf,
    Pieces,
    Range,
    RfmTest,
    Rows,
    SegmentTest,
    Since,
    StageTest,
    Streak,
    TagTest,
    Test,
    Unit,
    Window,
)
from pdo.model.fields import Column, Kind, Type
from pdo.model.playbook import RFM_TYPES, Part, Project
from pdo.model.settings import Attribute, DeclaredTable, Settings
from tests.property.naive_measures import type_of
from tests.property.populations import KEYS
from tests.property.predicates import EXACT, SPANS, completed, days, lengths, predicates, turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

    from pdo.core.calendar import Moment

Stages = tuple[str, ...]
"""Names of lifecycles."""

SPAN = Span(Source("方案.yaml", "标签: {}\n"), 1, 1, 1, 3)


def _own(*columns: tuple[str, Type]) -> tuple[Attribute, ...]:
    return tuple(Attribute(Column(name, type_, name)) for name, type_ in columns)


def _table(name: str, time: Column | None) -> DeclaredTable:
    return DeclaredTable(Kind(name, name, (), ("key",), declared=True), time)


SETTINGS = Settings(
    Path("/nowhere"),
    Path("/nowhere/pdo.db"),
    attributes={
        "customers": _own(
            ("肤质", Type.TEXT),
            ("孩子数", Type.INTEGER),
            ("口味", Type.LIST),
            ("预算", Type.MONEY),
            ("评分", Type.NUMBER),
        ),
        "events": _own(("页面", Type.TEXT), ("秒", Type.INTEGER)),
        "children": _own(("孩子生日", Type.DATE), ("小名", Type.TEXT)),
        "vip_terms": _own(("fee", Type.MONEY), ("bought_on", Type.DATE), ("level", Type.INTEGER)),
        "visits": _own(("at", Type.INSTANT), ("minutes", Type.NUMBER)),
    },
    tables={
        "children": _table("children", None),
        "vip_terms": _table("vip_terms", Column("bought_on", Type.DATE, "bought_on")),
        "visits": _table("visits", Column("at", Type.INSTANT, "at")),
    },
)
"""A table without a time, one that knows its day only, one that knows the moment."""

ATTRIBUTES: Mapping[str, Type] = MappingProxyType(
    {
        **dict.fromkeys(("customer_id", "name", "city", "member_level", "owner", "store", "肤质"), Type.TEXT),
        "phone": Type.PHONE,
        "birthday": Type.DATE,
        "vip_from": Type.DATE,
        "vip_until": Type.DATE,
        "added_at": Type.INSTANT,
        "points": Type.INTEGER,
        "孩子数": Type.INTEGER,
        "is_friend": Type.BOOLEAN,
        "sms_consent": Type.BOOLEAN,
        "口味": Type.LIST,
        "预算": Type.MONEY,
        "评分": Type.NUMBER,
    }
)
_MISSING = {
    "chats": ("left_at",),
    "follows": ("removed_at", "remark_name"),
    "coupons": ("used_at", "expires_at", "order_id"),
    "tasks": ("done_at", "status", "note", "text"),
    "messages": ("sent_at",),
    "referrals": ("referral_id",),
}
"""Columns that no row of the populations has."""

COLUMNS: Mapping[str, Mapping[str, Type]] = MappingProxyType(
    {
        name: {
            column.name: column.type
            for column in (*subject.columns, *(one.column for one in SETTINGS.declared(subject.kind or "")))
            if column.name not in _MISSING.get(name, ())
        }
        for name, subject in SETTINGS.subjects.items()
    }
)
"""What `where` may test, by subject."""

_TIMED = ("days", "first", "last", "days_since_first", "days_since_last", "gap", "streak", "regularly", "latest")
_PLAIN = ("count", "distinct", "most")
_OF_NUMBERS = ("sum", "min", "max")
MEASURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "orders": ("amount", "average", *_PLAIN, *_OF_NUMBERS, *_TIMED),
        "items": ("quantity", "orders", "amount", *_PLAIN, *_OF_NUMBERS, *_TIMED),
        "events": (*_PLAIN, *_OF_NUMBERS, *_TIMED),
        "chats": (*_PLAIN, *_TIMED),
        "follows": (*_PLAIN, *_TIMED),
        "coupons": (*_PLAIN, *_OF_NUMBERS, *_TIMED),
        "tasks": (*_PLAIN, *_TIMED),
        "messages": (*_PLAIN, *_TIMED),
        "referrals": (*_PLAIN, *_TIMED),
        "children": _PLAIN,
        "vip_terms": (*_PLAIN, *_OF_NUMBERS, *_TIMED),
        "visits": (*_PLAIN, *_OF_NUMBERS, *_TIMED),
    }
)
TIMED = tuple(name for name, subject in SETTINGS.subjects.items() if subject.time is not None)
DAILY = tuple(name for name in TIMED if SETTINGS.subjects[name].time_type is Type.DATE)
_SHAPED = (MeasureName.STREAK, MeasureName.REGULARLY)
COMMON = ("orders", "orders", "items", "events", "events")
AMOUNTS_OF = (Type.INTEGER, Type.NUMBER, Type.MONEY)
_MOST = tuple(type_ for type_ in Type if type_ is not Type.LIST)

# Windows --------------------------------------------------------------------------------------------------------------


def _one(count: int, unit: Unit = Unit.DAY) -> tuple[Duration]:
    return (Duration(count, unit),)


_LASTING = tuple(one for one in SPANS if one.count)
_STOPPED = (
    Ages((), _one(7)),
    Ages(_one(7), (*_one(7), *_one(14))),
    Ages(_one(1, Unit.MONTH), (*_one(1, Unit.MONTH), *_one(1, Unit.MONTH))),
    Ages(_one(30), ()),
    Ages(_one(24, Unit.HOUR), _one(48, Unit.HOUR)),
)


def _anchors(stages: Stages) -> SearchStrategy[Window]:
    attributes = [("vip_from", Type.DATE), ("added_at", Type.INSTANT), ("birthday", Type.DATE)]
    found = [Since(Anchor.ATTRIBUTE, name, type_) for name, type_ in attributes]
    return st.sampled_from([*found, *(Since(Anchor.STAGE, name) for name in stages)])


@cache
def windows(now: Moment, stages: Stages = (), *, daily: bool = False) -> SearchStrategy[Window]:
    """Windows of every kind.

    Args:
        stages: lifecycles since whose present stage rows may be asked for.
        daily: of rows that know their day only.
    """
    full = st.sampled_from((1, 7, 30)).map(lambda count: Ages(_one(1), _one(count + 1)))
    lasting = st.sampled_from(_LASTING if daily else (*_LASTING, *EXACT)).map(lambda length: Ages((), (length,)))
    between = st.tuples(days(now), days(now)).map(lambda ends: DayRange(*ends))
    since = days(now).map(lambda day: DayRange(day, None))
    stopped = st.sampled_from(_STOPPED[:-1] if daily else _STOPPED)
    calendar = st.sampled_from(Calendar)
    return st.one_of(lasting, full, calendar, calendar, between, since, stopped, *([_anchors(stages)] * 2))


# Rows and measures ----------------------------------------------------------------------------------------------------


@cache
@st.composite
def _where(draw: st.DrawFn, subject: str, now: Moment, most: int = 2) -> tuple[ColumnTest, ...]:
    columns = COLUMNS[subject]
    chosen = draw(st.lists(st.sampled_from(tuple(columns)), max_size=most, unique=True))
    if draw(st.integers(0, 7)) == 0 and subject in ("orders", "items") and "status" not in chosen:
        chosen.append("status")
    return tuple(ColumnTest(name, columns[name], draw(predicates(columns[name], now))) for name in chosen)


@cache
@st.composite
def rows_of(draw: st.DrawFn, subject: str, now: Moment, stages: Stages = (), *, where: int = 1) -> Rows:
    """Rows of a subject, with `where`, a window, and what follows them, or without.

    Args:
        where: at most so many tests.
    """
    tests = draw(_where(subject, now, where))
    is_timed, daily = subject in TIMED, subject in DAILY
    window = draw(st.one_of(st.none(), st.none(), windows(now, stages, daily=daily))) if is_timed else None
    follows = is_timed and not daily and draw(st.integers(0, 5)) == 0
    return Rows(subject, tests, window, draw(followings(now)) if follows else None)


@cache
@st.composite
def followings(draw: st.DrawFn, now: Moment) -> Following:
    """Rows that follow within a time."""
    subject = draw(st.sampled_from((*COMMON, "messages", "visits")))
    within = draw(st.sampled_from((*EXACT, *_one(1), *_one(2), *_one(30), *_one(365), *_one(1, Unit.WEEK))))
    return Following(Rows(subject, draw(_where(subject, now, 1))), within)


@cache
@st.composite
def measures(
    draw: st.DrawFn, now: Moment, stages: Stages = (), name: str | None = None, subject: str | None = None
) -> Measure:
    """Measures over rows.

    Args:
        name: that one; any unless given.
        subject: of that one; any unless given.
    """
    if subject is None:
        usable = [one for one in (*COMMON, *MEASURES) if name is None or name in MEASURES[one]]
        subject = draw(st.sampled_from(usable))
    measure = MeasureName(name or draw(st.sampled_from(MEASURES[subject])))
    rows = draw(rows_of(subject, now, stages))
    of, type_ = draw(_columns(measure, subject))
    shape: Streak | Pieces | None = None
    if measure is MeasureName.STREAK:
        shape = Streak(draw(st.sampled_from((1, 1, 7, 30))), draw(st.integers(0, 2)))
    elif measure is MeasureName.REGULARLY:
        length = draw(st.sampled_from((1, 7, 30, 365)))
        pieces = tuple(
            Ages(_one(place * length) if place else (), _one((place + 1) * length))
            for place in range(draw(st.integers(1, 4)))
        )
        rows = Rows(rows.subject, rows.where, Ages((), pieces[-1].below), rows.followed_by)
        shape = Pieces(pieces, draw(st.sampled_from((Range(1, None), Range(0, 0), Range(2, 3), Range(None, 1)))))
    return Measure(rows, measure, of, type_, shape)


@cache
def _columns(measure: MeasureName, subject: str) -> SearchStrategy[tuple[str, Type | None]]:
    usable = {
        MeasureName.DISTINCT: _MOST,
        MeasureName.SUM: AMOUNTS_OF,
        MeasureName.MIN: (*AMOUNTS_OF, Type.DATE, Type.INSTANT),
        MeasureName.MAX: (*AMOUNTS_OF, Type.DATE, Type.INSTANT),
        MeasureName.MOST: _MOST,
        MeasureName.LATEST: _MOST,
    }.get(measure)
    if usable is None:
        return st.just(("", None))
    return st.sampled_from([(name, type_) for name, type_ in COLUMNS[subject].items() if type_ in usable])


# Conditions -----------------------------------------------------------------------------------------------------------


@cache
@st.composite
def attribute_tests(draw: st.DrawFn, now: Moment, name: str | None = None) -> Condition:
    """Tests on an attribute."""
    column = name or draw(st.sampled_from(tuple(ATTRIBUTES)))
    type_ = ATTRIBUTES[column]
    return AttributeTest(ColumnTest(column, type_, draw(predicates(type_, now, ranked=True))), SPAN)


@cache
@st.composite
def measure_tests(
    draw: st.DrawFn, now: Moment, stages: Stages = (), name: str | None = None, subject: str | None = None
) -> Condition:
    """Tests on a measure."""
    measure = draw(measures(now, stages, name, subject))
    if measure.name in (MeasureName.FIRST, MeasureName.LAST) and draw(st.booleans()):
        measure = replace(measure, rows=replace(measure.rows, window=None))
        return MeasureTest(measure, InWindow(draw(windows(now, stages, daily=True))), SPAN)
    return MeasureTest(measure, draw(predicates(type_of(measure), now, past=True, ranked=True)), SPAN)


@cache
@st.composite
def latest_tests(draw: st.DrawFn, now: Moment, stages: Stages = ()) -> Condition:
    """The last row is so."""
    subject = draw(st.sampled_from((*COMMON, *TIMED)))
    has = draw(_where(subject, now).filter(bool))
    return LatestTest(draw(rows_of(subject, now, stages, where=0)), has, SPAN)


@cache
@st.composite
def calendar_tests(draw: st.DrawFn, now: Moment, word: Calendar) -> Condition:
    """Rows in a stretch of the calendar."""
    subject = draw(st.sampled_from(TIMED))
    name = MeasureName(draw(st.sampled_from(MEASURES[subject])))
    of, type_ = draw(_columns(name, subject)) if name not in _SHAPED else ("", None)
    measure = Measure(Rows(subject, (), word), MeasureName.COUNT if name in _SHAPED else name, of, type_)
    return MeasureTest(measure, draw(predicates(type_of(measure), now, past=True, ranked=True)), SPAN)


def _birthday(test: Test, span: Span) -> Condition:
    return AttributeTest(ColumnTest("birthday", Type.DATE, test), span)


def _some(names: tuple[str, ...], most: int = 2) -> SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True).map(tuple)


@cache
def _held() -> SearchStrategy[AgeRange | None]:
    return st.one_of(st.none(), lengths((*SPANS, *EXACT)).map(lambda ends: AgeRange(*ends)))


def scored_parts(known: Project) -> list[str]:
    """The parts of RFM that are scored, so that they are values."""
    return [
        f"{name}.{part.value}" for name, one in known.rfm.items() for part in Part if one.cuts[part].score is not None
    ]


@st.composite
def metric_tests(draw: st.DrawFn, now: Moment, known: Project, name: str | None = None) -> Condition:
    """Tests on a metric, a score or a part of RFM."""
    chosen = name or draw(st.sampled_from([*known.metrics, *known.metrics, *known.scores, *scored_parts(known)]))
    usual = Type.NUMBER if chosen in known.scores else Type.INTEGER
    type_ = known.metrics[chosen].type if chosen in known.metrics else usual
    return MetricTest(chosen, draw(predicates(type_, now, past=True, ranked=True)), SPAN)


@st.composite
def stage_tests(draw: st.DrawFn, known: Project) -> Condition:
    """In a stage, also for so long."""
    lifecycle = known.lifecycles[draw(st.sampled_from(tuple(known.lifecycles)))]
    return StageTest(lifecycle.name, draw(_some(lifecycle.stages)), SPAN, draw(_held()))


def tag_tests(known: Project) -> SearchStrategy[Condition]:
    """With a tag, also for so long."""
    names = tuple(tag.name for tag in known.tags.values() if not tag.column)
    return st.builds(TagTest, _some(names), st.just(SPAN), st.booleans(), _held())


def rfm_tests(known: Project) -> SearchStrategy[Condition]:
    """Of a type of RFM."""
    return st.builds(RfmTest, st.sampled_from(tuple(known.rfm)), _some(tuple(RFM_TYPES), 4), st.just(SPAN))


@cache
def bucket_tests() -> SearchStrategy[Condition]:
    """In some of the hundredths."""
    ends = st.tuples(st.integers(0, 99), st.integers(0, 99))
    return ends.map(lambda both: BucketTest(min(both), max(both), SPAN))


@cache
def list_tests() -> SearchStrategy[Condition]:
    """In a file."""
    ids = st.lists(st.sampled_from((*KEYS, "nobody")), max_size=6, unique=True).map(lambda found: tuple(sorted(found)))
    return ids.map(lambda found: ListTest("lists/名单.csv", found, SPAN))


def leaves(now: Moment, known: Project) -> Mapping[str, SearchStrategy[Condition]]:
    """Conditions without parts, over what is defined before; a strategy for each kind."""
    found: dict[str, SearchStrategy[Condition]] = {
        "attribute": attribute_tests(now),
        "measure": measure_tests(now, tuple(known.lifecycles)),
        "latest": latest_tests(now, tuple(known.lifecycles)),
        "list": list_tests(),
        "bucket": bucket_tests(),
        "everyone": st.just(Everyone(SPAN)),
    }
    if known.metrics or known.scores or scored_parts(known):
        found["metric"] = metric_tests(now, known)
    if any(not tag.column for tag in known.tags.values()):
        found["tag"] = tag_tests(known)
    if known.lifecycles:
        found["stage"] = stage_tests(known)
    if known.segments:
        found["segment"] = st.builds(SegmentTest, _some(tuple(known.segments)), st.just(SPAN))
    if known.rfm:
        found["rfm"] = rfm_tests(known)
    return found


def conditions(now: Moment, known: Project | None = None, *, depth: int = 2) -> SearchStrategy[Condition]:
    """Conditions, nested to a depth."""
    usual = leaves(now, known or Project())
    leaf = st.one_of(usual["attribute"], usual["measure"], usual["measure"], *usual.values())
    return leaf if depth == 0 else _nested(leaf, depth)


@st.composite
def _nested(draw: st.DrawFn, leaf: SearchStrategy[Condition], depth: int) -> Condition:
    found: Condition = draw(leaf if depth == 0 or draw(st.integers(0, 2)) else _joined(leaf, depth))
    return found


@st.composite
def _joined(draw: st.DrawFn, leaf: SearchStrategy[Condition], depth: int) -> Condition:
    parts = tuple(draw(st.lists(_nested(leaf, depth - 1), min_size=1, max_size=3)))
    made: tuple[Condition, ...] = (All(parts, SPAN), AnyOf(parts, SPAN), NoneOf(parts, SPAN))
    return draw(st.sampled_from(made))


def one_of_each(now: Moment, known: Project) -> list[SearchStrategy[Condition]]:
    """A strategy for every attribute, every measure, every subject and every kind of condition."""
    stages = tuple(known.lifecycles)
    parts = scored_parts(known)
    found = [attribute_tests(now, name) for name in (*ATTRIBUTES, "口味", "口味")]
    found += [st.builds(_birthday, test, st.just(SPAN)) for test in (completed(), completed(), turns())]
    found += [measure_tests(now, stages, name) for name in (*MeasureName, MeasureName.FIRST)]
    found += [measure_tests(now, stages, None, subject) for subject in MEASURES]
    found += [metric_tests(now, known, name) for name in (*known.metrics, *known.scores, *parts)]
    found += [calendar_tests(now, word) for word in Calendar]
    usual = leaves(now, known)
    joined = _joined(st.one_of(*usual.values()), 2)
    return [*found, *usual.values(), *usual.values(), *([joined] * 10)]
