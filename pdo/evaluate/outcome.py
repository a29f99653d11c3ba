"""The outcome: one row a customer with all that the rules say, and its difference to what the store holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.layers import KEY, State, state_column
from pdo.compiler.measures import CUSTOMER
from pdo.compiler.program import compile_project
from pdo.core.calendar import offset_at
from pdo.evaluate.load import Loader
from pdo.model.reports import Move, Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pdo.compiler.program import Program
    from pdo.core.calendar import Moment
    from pdo.evaluate.engine import Engine
    from pdo.evaluate.facts import FactSource
    from pdo.model.conditions import Condition, Measure
    from pdo.model.playbook import Project
    from pdo.model.settings import Settings

SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules say, as the table `outcome` of an engine.

    Grain of the table: one row a customer: `cust`, `key`, the columns of the program's outputs, answers and shown values.
    """

    engine: Engine
    program: Program
    now: Moment

    @property
    def customers(self) -> int:
        """How many customers were looked at."""
        return self._count(exp.true())

    def how_many(self, answer: str) -> int:
        """For how many customers a condition that was asked holds."""
        return self._count(sql.column(self.program.answers[answer]))

    def _count(self, condition: exp.Expr) -> int:
        count = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_("outcome").where(condition)
        return int(self.engine.rows(count)[0]["n"])


def evaluate(
    engine: Engine,
    source: FactSource,
    project: Project,
    settings: Settings,
    now: Moment,
    *,
    asked: Mapping[str, Condition] | None = None,
    shown: Mapping[str, str | Measure] | None = None,
    settled: Mapping[str, bool] | None = None,
) -> Outcome:
    """Run the project's program over a source of facts.

    Args:
        asked: conditions to answer besides the rules.
        shown: metrics, attributes and measures to show, by the name they get.
        settled: segments whose members are known already.
    """
    state = _load_tag_state(engine, source, project)
    program = compile_project(project, settings, now, state=state, asked=asked, shown=shown, settled=settled)
    _load_stage_state(engine, source, project, now)
    Loader(engine, source, now).load(program)
    engine.create("outcome", program.query)
    for name in ("customers", "orders", "items", "events", "tag_state", "stage_state"):
        engine.drop(name)
    return Outcome(engine, program, now)


# State ------------------------------------------------------------------------------------------------------------------


def _load_tag_state(engine: Engine, source: FactSource, project: Project) -> State:
    """`tag_state`: one row a customer, a column for each tag that is held, kept or blocked for somebody."""
    labels = {number: label[2] for number, label in source.labels().items() if label[0] == "tag"}
    known = {number: name for number, name in labels.items() if name in project.tags}
    keeping = {number: name for number, name in known.items() if project.tags[name].keep}
    engine.load("held", source.assignments(("tag",), by_rule=False))
    engine.load("blocked", source.blocks())
    found = {"held": _labels_in(engine, "held", known), "blocked": _labels_in(engine, "blocked", known), "kept": {}}
    if keeping:
        engine.load("kept", source.assignments(("tag",), by_rule=True))
        found["kept"] = _labels_in(engine, "kept", keeping)
    parts = [_flags(project, how, names) for how, names in found.items() if names]
    flags = [state_column(project, name, how) for how, names in found.items() for name in dict.fromkeys(names.values())]
    if parts:
        union = sql.stacked(parts)
        highest = [exp.alias_(exp.Max(this=_flag(flag)), flag) for flag in flags]
        query = exp.select(sql.column(CUSTOMER), *highest).from_(union.subquery("u")).group_by(sql.column(CUSTOMER))
        engine.create("tag_state", query)
    for name in ("held", "blocked", "kept"):
        engine.drop(name)
    return State(**{how: frozenset(names.values()) for how, names in found.items()})


def _labels_in(engine: Engine, table: str, labels: Mapping[int, str]) -> dict[int, str]:
    query = exp.select(sql.column("label_id")).distinct().from_(table)
    return {row["label_id"]: labels[row["label_id"]] for row in engine.rows(query) if row["label_id"] in labels}


def _flags(project: Project, how: str, labels: Mapping[int, str]) -> exp.Select:
    """Rows (customer, name of a flag) of one kind of state."""
    branches = [
        (
            exp.EQ(this=sql.column("label_id"), expression=sql.literal(number)),
            sql.literal(state_column(project, name, how)),
        )
        for number, name in labels.items()
    ]
    flag = sql.choose(branches, exp.null())
    return exp.select(exp.alias_(sql.column("customer_id"), CUSTOMER), exp.alias_(flag, "flag")).from_(how)


def _flag(name: str) -> exp.Expr:
    met = exp.EQ(this=sql.column("flag"), expression=sql.literal(name))
    return sql.choose([(met, sql.literal(1))], sql.literal(0))


def _load_stage_state(engine: Engine, source: FactSource, project: Project, now: Moment) -> None:
    """`stage_state`: one row a customer with the stage and its `since` in each stateful lifecycle."""
    stateful = [(place, one) for place, one in enumerate(project.lifecycles.values()) if not one.is_derived]
    if not stateful:
        return
    engine.load("held", source.assignments(("stage",), by_rule=None))
    labels = {(label[1], label[2]): number for number, label in source.labels().items() if label[0] == "stage"}
    shift = sql.literal(offset_at(now.zone, now.at))
    columns: list[exp.Expr] = [exp.alias_(sql.column("customer_id"), CUSTOMER)]
    for place, lifecycle in stateful:
        stages = [
            (labels[lifecycle.name, name], number)
            for number, name in enumerate(lifecycle.stages)
            if (lifecycle.name, name) in labels
        ]
        which = [
            (exp.EQ(this=sql.column("label_id"), expression=sql.literal(label)), sql.literal(number))
            for label, number in stages
        ]
        since = [(condition.copy(), sql.column("since")) for condition, _ in which]
        name = f"stage_state_{place}"
        columns.append(exp.alias_(exp.Max(this=_or_null(which)), name))
        columns.append(exp.alias_(exp.Max(this=_or_null(since)), f"{name}_since"))
    inner = exp.select(*columns).from_("held").group_by(sql.column("customer_id"))
    days = [
        exp.alias_(_whole_days(sql.column(f"stage_state_{place}_since"), shift), f"stage_state_{place}_since_day")
        for place, _ in stateful
    ]
    engine.create("stage_state", exp.select(exp.Star(), *days).from_(inner.subquery("s")))
    engine.drop("held")


def _or_null(branches: Sequence[tuple[exp.Expr, exp.Expr]]) -> exp.Expr:
    return sql.choose(branches, exp.null()) if branches else exp.cast(exp.null(), "BIGINT")


def _whole_days(instant: exp.Expr, shift: exp.Expr) -> exp.Expr:
    local = exp.paren(exp.Add(this=instant, expression=shift.copy()))
    return exp.IntDiv(this=local, expression=sql.literal(86_400))


# Difference -------------------------------------------------------------------------------------------------------------


def difference(outcome: Outcome, source: FactSource) -> tuple[tuple[Step, ...], tuple[Move, ...]]:
    """What the rules say and the store does not hold (gained), and the other way round (lost).

    Hand-given tags are none of its business; a stage set by hand is lost when a transition leaves it. Labels of rules that
    are gone are lost for everybody.
    """
    engine = outcome.engine
    labels = source.labels()
    numbers = {(one.kind, one.scope, one.name): place for place, one in enumerate(outcome.program.outputs)}
    gone = {label: -label for label, (kind, scope, name, _) in labels.items() if (kind, scope, name) not in numbers}
    places = {label: numbers.get(names[:3], gone.get(label, 0)) for label, names in labels.items()}
    _load_current(engine, source, places)
    _desire(engine, outcome.program)
    engine.create("change", _changes())
    for name in ("current", "desired"):
        engine.drop(name)
    names = {place: (one.kind, one.scope, one.name, one.playbook) for place, one in enumerate(outcome.program.outputs)}
    names |= {place: labels[label] for label, place in gone.items()}
    result = _steps(engine, names), _moves(engine, names)
    engine.drop("change")
    return result


def _load_current(engine: Engine, source: FactSource, places: Mapping[int, int]) -> None:
    """`current`: label (as its place among the outputs) and customer of what rules gave, and of every stage."""
    mapping = pa.table(
        {"label_id": pa.array(list(places), pa.int64()), "label": pa.array(list(places.values()), pa.int64())}
    )
    engine.load("place", mapping)
    engine.load("ruled", source.assignments(("tag", "segment"), by_rule=True))
    engine.load("staged", source.assignments(("stage",), by_rule=None))
    parts = []
    for table in ("ruled", "staged"):
        same = exp.EQ(this=sql.column("label_id", "place"), expression=sql.column("label_id", table))
        columns = (sql.column("label", "place"), exp.alias_(sql.column("customer_id", table), CUSTOMER))
        parts.append(exp.select(*columns).from_(table).join(exp.to_table("place"), on=same, join_type="inner"))
    engine.create("current", sql.stacked(parts))
    for name in ("place", "ruled", "staged"):
        engine.drop(name)


def _desire(engine: Engine, program: Program) -> None:
    """`desired`: label and customer of what the rules say."""
    empty = exp.select(
        exp.alias_(sql.integer(sql.literal(0)), "label"), exp.alias_(sql.integer(sql.literal(0)), CUSTOMER)
    )
    parts: list[exp.Select] = [empty.where(exp.false())]
    for place, output in enumerate(program.outputs):
        columns = (exp.alias_(sql.integer(sql.literal(place)), "label"), sql.column(CUSTOMER))
        parts.append(exp.select(*columns).from_("outcome").where(output.holds.copy()))
    engine.create("desired", sql.stacked(parts))


def _changes() -> exp.Expr:
    return exp.union(_only("desired", "current", 1), _only("current", "desired", 0), distinct=False)


def _only(one: str, other: str, gained: int) -> exp.Select:
    """The rows of one table that the other does not have."""
    same = exp.and_(
        exp.EQ(this=sql.column("label", one), expression=sql.column("label", other)),
        exp.EQ(this=sql.column(CUSTOMER, one), expression=sql.column(CUSTOMER, other)),
    )
    columns = (sql.column("label", one), sql.column(CUSTOMER, one), exp.alias_(sql.literal(gained), "gained"))
    query = exp.select(*columns).from_(one).join(exp.to_table(other), on=same, join_type="left")
    return query.where(sql.absent(sql.column(CUSTOMER, other)))


def _steps(engine: Engine, names: Mapping[int, tuple[str, str, str, str]]) -> tuple[Step, ...]:
    order = [sql.column("label"), sql.column("gained"), sql.column(CUSTOMER)]
    changed = engine.table(exp.select(*order).from_("change").order_by(*(column.copy() for column in order)))
    counted = _sampled(engine, ("label", "gained"))
    steps, start = [], 0
    keys = changed.select([CUSTOMER]).rename_columns(["customer_id"])
    for row in counted:
        kind, scope, name, playbook = names[row["label"]]
        change, count = "gained" if row["gained"] else "lost", int(row["n"])
        steps.append(Step(kind, scope, name, playbook, change, count, tuple(row["sample"]), keys.slice(start, count)))
        start += count
    return tuple(steps)


def _sampled(engine: Engine, by: tuple[str, ...], table: str = "change") -> list[dict[str, Any]]:
    """How many changes there are of each kind, with the first few natural keys, in order."""
    keys = [sql.column(name, table) for name in by]
    same = exp.EQ(this=sql.column(CUSTOMER, "outcome"), expression=sql.column(CUSTOMER, table))
    sample = exp.Anonymous(this="min", expressions=[sql.column(KEY, "outcome"), sql.literal(SAMPLE)])
    query = exp.select(*keys, exp.alias_(exp.Count(this=exp.Star()), "n"), exp.alias_(sample, "sample"))
    query = (
        query.from_(table)
        .join(exp.to_table("outcome"), on=same, join_type="left")
        .group_by(*(key.copy() for key in keys))
    )
    rows = engine.rows(query.order_by(*(key.copy() for key in keys)))
    return [{**row, "sample": row["sample"] or []} for row in rows]


def _moves(engine: Engine, names: Mapping[int, tuple[str, str, str, str]]) -> tuple[Move, ...]:
    """Stage changes as from → to, one row a lifecycle and pair."""
    lifecycles = sorted({names[place][1] for place in names if names[place][0] == "stage"})
    places = [
        (exp.EQ(this=sql.column("label"), expression=sql.literal(place)), sql.literal(lifecycles.index(scope)))
        for place, (kind, scope, _, _) in names.items()
        if kind == "stage"
    ]
    if not places:
        return ()
    which = exp.alias_(sql.choose(places, exp.null()), "lifecycle")
    sides = [
        exp.alias_(exp.Max(this=sql.choose([(_equals("gained", side), sql.column("label"))], exp.null())), name)
        for side, name in ((0, "origin"), (1, "target"))
    ]
    inner = exp.select(sql.column(CUSTOMER), sql.column("label"), sql.column("gained"), which).from_("change")
    query = exp.select(sql.column("lifecycle"), sql.column(CUSTOMER), *sides).from_(inner.subquery("c"))
    query = query.where(sql.present(sql.column("lifecycle"))).group_by(sql.column("lifecycle"), sql.column(CUSTOMER))
    engine.create("move", query)
    rows = _sampled(engine, ("lifecycle", "origin", "target"), "move")
    engine.drop("move")

    def stage(place: int | None) -> str:
        return "" if place is None else names[place][2]

    return tuple(
        Move(lifecycles[row["lifecycle"]], stage(row["origin"]), stage(row["target"]), row["n"], tuple(row["sample"]))
        for row in rows
    )


def _equals(column: str, value: int) -> exp.Expr:
    return exp.EQ(this=sql.column(column), expression=sql.literal(value))
