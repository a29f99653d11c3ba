"""The difference between what the rules say and what the store holds, one step a rule and change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.measures import CUSTOMER
from pdo.compiler.ranks import KEY
from pdo.evaluate.labels import known_labels
from pdo.evaluate.ruled import Slots, add_changes
from pdo.model.conditions import RfmTest
from pdo.model.reports import Conflict, Move, Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pdo.compiler.layers import Output
    from pdo.evaluate.engine import Engine
    from pdo.evaluate.facts import FactSource
    from pdo.evaluate.labels import Labels, Name
    from pdo.evaluate.outcome import Outcome
    from pdo.model.bits import RuleBits
    from pdo.model.playbook import Project

SAMPLE = 5
BYTES_SORTED = 48
"""What a change takes while changes are sorted, with as much again for the facts that lie beside it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a run would change.

    Args:
        steps: by the project's order of rules.
        moves: stage changes as from → to.
        conflicts: exclusive sets of which somebody would have several tags.
        alerts: steps that call somebody: a tag came whose rule had run before.
        renamed: label id → its name before and now, for rules that a `was` names.
        rules: what was decided, as (kind, scope, name, playbook).
        bits: what customers have by rule afterwards; None where there are too many labels to keep it.
    """

    steps: tuple[Step, ...]
    moves: tuple[Move, ...]
    conflicts: tuple[Conflict, ...]
    alerts: tuple[Step, ...]
    renamed: Mapping[int, tuple[str, str]]
    rules: tuple[Name, ...]
    bits: RuleBits | None


def difference(outcome: Outcome, source: FactSource, *, only: str = "") -> Difference:
    """What the rules say and the store does not hold (gained), and the other way round (lost).

    Hand-given tags are none of its business; a stage set by hand is lost when a transition leaves it. Labels of rules that
    are gone are lost for everybody.

    Args:
        only: the playbook whose rules may change anything; empty for all.
    """
    engine, outputs, project = outcome.engine, outcome.program.outputs, outcome.project
    labels = known_labels(source, project)
    known = labels.where(lambda name: not only or name[3] == only)
    numbers = {
        (one.kind, one.scope, one.name): place for place, one in enumerate(outputs) if only in ("", one.playbook)
    }
    decided = {(one.kind, one.scope, one.name) for one in outputs}
    gone = {label: -label for label, name in known.items() if name[:3] not in decided}
    places = {label: numbers[name[:3]] for label, name in labels.names.items() if name[:3] in numbers} | gone
    stages = {label: place for label, place in places.items() if labels.names[label][0] == "stage"}
    _load_staged(engine, source, stages)
    _desire(engine, {place: outputs[place] for place in numbers.values() if outputs[place].kind == "stage"})
    engine.create("change", _changes())
    for name in ("current", "desired"):
        engine.drop(name)
    bits = add_changes(outcome, source, _slots(labels, places, numbers, outputs))
    names: dict[int, Name] = {
        place: (outputs[place].kind, outputs[place].scope, outputs[place].name, outputs[place].playbook)
        for place in numbers.values()
    }
    names |= {place: labels.names[label] for label, place in gone.items()}
    steps, moves = _steps(engine, names, _notes(project)), _moves(engine, names)
    engine.drop("change")
    ran = {name[:3] for name in labels.names.values()}
    alerting = {tag.name for tag in project.tags.values() if tag.alert is not None}
    alerts = tuple(
        step
        for step in steps
        if (step.kind, step.change) == ("tag", "gained") and step.name in alerting and ("tag", "", step.name) in ran
    )
    rules = tuple(names[place] for place in numbers.values())
    return Difference(steps, moves, _conflicts(outcome), alerts, labels.renamed, rules, bits)


def _slots(
    labels: Labels, places: Mapping[int, int], numbers: Mapping[tuple[str, str, str], int], outputs: Sequence[Output]
) -> Slots:
    """The bits of tags and segments; labels that are still to be made get the next ids, in the order of the rules."""
    known = {name[:3] for name in labels.names.values()}
    first = max(labels.names, default=0) + 1
    fresh = {name: first + number for number, name in enumerate(name for name in numbers if name not in known)}
    ruled = {label: place for label, place in places.items() if labels.names[label][0] != "stage"}
    ruled |= {label: numbers[name] for name, label in fresh.items() if outputs[numbers[name]].kind != "stage"}
    kinds = tuple(sorted({name[0] for name in labels.names.values()} - {"stage"}))
    return Slots(ruled, fresh, kinds, max((*labels.names, *fresh.values()), default=0))


def _load_staged(engine: Engine, source: FactSource, places: Mapping[int, int]) -> None:
    """`current`: label (as its place among the outputs) and customer of every stage, whoever gave it."""
    engine.load("place", _place_table(places))
    engine.load("staged", source.assignments(("stage",), by_rule=None))
    same = exp.EQ(this=sql.column("label_id", "place"), expression=sql.column("label_id", "staged"))
    columns = (sql.column("label", "place"), exp.alias_(sql.column("customer_id", "staged"), CUSTOMER))
    engine.create(
        "current", exp.select(*columns).from_("staged").join(exp.to_table("place"), on=same, join_type="inner")
    )
    for name in ("place", "staged"):
        engine.drop(name)


def _place_table(places: Mapping[int, int]) -> pa.Table:
    return pa.table(
        {"label_id": pa.array(list(places), pa.int64()), "label": pa.array(list(places.values()), pa.int64())}
    )


def _desire(engine: Engine, outputs: Mapping[int, Output]) -> None:
    """`desired`: label and customer of the stages that the rules say."""
    empty = exp.select(
        exp.alias_(sql.integer(sql.literal(0)), "label"), exp.alias_(sql.integer(sql.literal(0)), CUSTOMER)
    )
    parts: list[exp.Select] = [empty.where(exp.false())]
    for place, output in outputs.items():
        columns = (exp.alias_(sql.integer(sql.literal(place)), "label"), sql.column(CUSTOMER))
        parts.append(exp.select(*columns).from_("outcome").where(output.holds.copy()))
    engine.create("desired", sql.stacked(parts))


def _conflicts(outcome: Outcome) -> tuple[Conflict, ...]:
    """Who would have several tags of an exclusive set, with the first few natural keys."""
    found = []
    for name, column in outcome.program.conflicts.items():
        several = exp.GT(this=sql.column(column), expression=sql.literal(1))
        sample = exp.Anonymous(this="min", expressions=[sql.column(KEY), sql.literal(SAMPLE)])
        query = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n"), exp.alias_(sample, "sample"))
        row = outcome.engine.rows(query.from_("outcome").where(several))[0]
        if row["n"]:
            found.append(Conflict(name, int(row["n"]), tuple(row["sample"] or ())))
    return tuple(found)


def _changes() -> exp.Expr:
    return exp.union(_only("desired", "current", 1), _only("current", "desired", 0), distinct=False)


def _only(one: str, other: str, gained: int) -> exp.Select:
    """The rows of one table that the other does not have."""
    columns = (sql.column("label", one), sql.column(CUSTOMER, one), exp.alias_(sql.literal(gained), "gained"))
    return _missing(one, other, columns)


def _missing(one: str, other: str, columns: tuple[exp.Expr, ...]) -> exp.Select:
    same = exp.and_(
        exp.EQ(this=sql.column("label", one), expression=sql.column("label", other)),
        exp.EQ(this=sql.column(CUSTOMER, one), expression=sql.column(CUSTOMER, other)),
    )
    query = exp.select(*columns).from_(one).join(exp.to_table(other), on=same, join_type="left")
    return query.where(sql.absent(sql.column(CUSTOMER, other)))


def _notes(project: Project) -> dict[str, str]:
    """The letters of the tags that are RFM types."""
    kinds = {tag.name: tag.when for tag in project.tags.values() if isinstance(tag.when, RfmTest)}
    return {name: when.types[0] for name, when in kinds.items() if len(when.types) == 1}


def _steps(engine: Engine, names: Mapping[int, Name], notes: Mapping[str, str]) -> tuple[Step, ...]:
    counted = _sampled(engine, ("label", "gained"))
    if not counted:
        return ()
    keys = pa.concat_tables([_whom(engine, *labels) for labels in _sortable(counted, engine.room // BYTES_SORTED)])
    steps, start = [], 0
    for row in counted:
        kind, scope, name, playbook = names[row["label"]]
        change, count = "gained" if row["gained"] else "lost", int(row["n"])
        note = notes.get(name, "") if kind == "tag" else ""
        sample = tuple(row["sample"])
        steps.append(Step(kind, scope, name, playbook, change, count, sample, keys.slice(start, count), note))
        start += count
    return tuple(steps)


def _sortable(counted: list[dict[str, Any]], most: int) -> list[tuple[int, int]]:
    """Labels from one to another whose changes together can be sorted in memory; of one label alone all."""
    changes: dict[int, int] = {}
    for row in counted:
        changes[row["label"]] = changes.get(row["label"], 0) + row["n"]
    groups: list[tuple[int, int]] = []
    taken = most
    for label, number in changes.items():
        if taken + number > most:
            groups.append((label, label))
            taken = 0
        groups[-1] = (groups[-1][0], label)
        taken += number
    return groups


def _whom(engine: Engine, lowest: int, highest: int) -> pa.Table:
    """The customers who change from one label to another, by label and key."""
    label = sql.column("label")
    mine = exp.Between(this=label, low=sql.literal(lowest), high=sql.literal(highest))
    query = exp.select(exp.alias_(sql.column(CUSTOMER), "customer_id")).from_("change").where(mine)
    return engine.table(query.order_by(label.copy(), sql.column("gained"), sql.column(CUSTOMER)))


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
