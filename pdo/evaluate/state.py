"""What the store holds and rules depend on, as tables of one row a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.conditions import entry_state, stage_state, tag_since
from pdo.compiler.layers import EXPIRED, State, state_column
from pdo.compiler.measures import CUSTOMER
from pdo.evaluate.days import local_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pdo.core.calendar import Moment
    from pdo.evaluate.engine import Engine
    from pdo.evaluate.facts import FactSource
    from pdo.evaluate.labels import Labels
    from pdo.model.playbook import Project

TABLES = ("tag_state", "tag_since", "stage_state", "entry_state")


def load_tag_state(engine: Engine, source: FactSource, project: Project, labels: Labels, now: Moment) -> State:
    """`tag_state`: a column for each tag that is held, kept, blocked or spent for somebody, and since when one expires.

    Only labels of rules that keep or expire are read besides those that hands gave: all others may be millions of rows.
    """
    known = _of_tags(labels, "tag", project)
    keeping = {number: name for number, name in known.items() if project.tags[name].keep}
    expiring = {number: name for number, name in known.items() if project.tags[name].expires is not None}
    spending = _of_tags(labels, EXPIRED, project)
    engine.load("held", source.assignments(("tag",), by_rule=False, labels=tuple(known)))
    engine.load("blocked", source.blocks())
    engine.load("kept", source.assignments(("tag",), by_rule=True, labels=tuple(keeping)))
    engine.load("ruled", source.assignments(("tag",), by_rule=True, labels=tuple(expiring)))
    engine.load("spent", source.assignments((EXPIRED,), by_rule=True, labels=tuple(spending)))
    of = {"held": known, "blocked": known, "kept": keeping, "ruled": expiring, "spent": spending}
    found = {how: _labels_in(engine, how, names) for how, names in of.items()}
    columns: dict[str, exp.Expr] = {}
    parts = []
    for how, names in found.items():
        if not names:
            continue
        parts.append(_marks(project, how, names))
        for name in dict.fromkeys(names.values()):
            mark = state_column(project, name, how)
            columns[mark] = exp.Max(this=_marked(mark, sql.column("since") if how == "ruled" else sql.literal(1)))
    if parts:
        inner = exp.select(sql.column(CUSTOMER), *(exp.alias_(one, name) for name, one in columns.items()))
        inner = inner.from_(sql.stacked(parts).subquery("u")).group_by(sql.column(CUSTOMER))
        moments = [name for name in columns if name.startswith("ruled_")]
        engine.create("tag_state", _with_days(inner, moments, now))
    for how in of:
        engine.drop(how)
    return State(**{how: frozenset(names.values()) for how, names in found.items()})


def load_tag_since(
    engine: Engine, source: FactSource, project: Project, labels: Labels, now: Moment, *, tags: Sequence[str]
) -> None:
    """`tag_since`: since when tags are held, by whoever put them on first and they are still there."""
    if not tags:
        return
    known = {number: name for number, name in _of_tags(labels, "tag", project).items() if name in tags}
    engine.load("held", source.assignments(("tag",), by_rule=None, labels=tuple(known)))
    columns = []
    for tag in tags:
        branches = [(_is_label(number), sql.column("since")) for number, name in known.items() if name == tag]
        columns.append(exp.alias_(exp.Min(this=_or_null(branches)), tag_since(project, tag)))
    inner = exp.select(exp.alias_(sql.column("customer_id"), CUSTOMER), *columns)
    inner = inner.from_("held").group_by(sql.column("customer_id"))
    engine.create("tag_since", _with_days(inner, [tag_since(project, tag) for tag in tags], now))
    engine.drop("held")


def load_stage_state(
    engine: Engine, source: FactSource, project: Project, labels: Labels, now: Moment, *, lifecycles: Sequence[str]
) -> None:
    """`stage_state`: the stage and its `since` in each of some lifecycles."""
    if not lifecycles:
        return
    known = labels.where(lambda name: name[0] == "stage" and name[1] in lifecycles)
    numbers = {name[1:3]: number for number, name in known.items()}
    engine.load("held", source.assignments(("stage",), by_rule=None, labels=tuple(known)))
    columns: list[exp.Expr] = [exp.alias_(sql.column("customer_id"), CUSTOMER)]
    for name in lifecycles:
        stages = enumerate(project.lifecycles[name].stages)
        places = {place: numbers[name, stage] for place, stage in stages if (name, stage) in numbers}
        which = [(_is_label(label), sql.literal(place)) for place, label in places.items()]
        since = [(_is_label(label), sql.column("since")) for label in places.values()]
        column = stage_state(project, name)
        columns.append(exp.alias_(exp.Max(this=_or_null(which)), column))
        columns.append(exp.alias_(exp.Max(this=_or_null(since)), f"{column}_since"))
    inner = exp.select(*columns).from_("held").group_by(sql.column("customer_id"))
    moments = [f"{stage_state(project, name)}_since" for name in lifecycles]
    engine.create("stage_state", _with_days(inner, moments, now))
    engine.drop("held")


def load_entry_state(engine: Engine, entries: pa.Table | None, project: Project, *, journeys: Sequence[str]) -> None:
    """`entry_state`: since when customers are in journeys.

    Args:
        entries: grain: journey × customer, with `journey`, `customer_id`, `entered_at`; of who is inside; None for nobody.
    """
    if not journeys:
        return
    types = {"journey": pa.string(), "customer_id": pa.int64(), "entered_at": pa.int64()}
    nobody = pa.schema(list(types.items())).empty_table()
    engine.load("inside", nobody if entries is None else entries.select(list(types)))
    columns: list[exp.Expr] = [exp.alias_(sql.column("customer_id"), CUSTOMER)]
    for name in journeys:
        mine = exp.EQ(this=sql.column("journey"), expression=sql.literal(name))
        moment = sql.choose([(mine, sql.column("entered_at"))], exp.null())
        columns.append(exp.alias_(exp.Max(this=moment), entry_state(project, name)))
    engine.create("entry_state", exp.select(*columns).from_("inside").group_by(sql.column("customer_id")))
    engine.drop("inside")


def _of_tags(labels: Labels, kind: str, project: Project) -> dict[int, str]:
    """Labels of the tags that are worked out; those that values of a column name have no state."""
    wanted = {rule.name for rule in project.order if rule.kind == "tag"}
    return {number: name[2] for number, name in labels.names.items() if name[:2] == (kind, "") and name[2] in wanted}


def _labels_in(engine: Engine, table: str, labels: Mapping[int, str]) -> dict[int, str]:
    query = exp.select(sql.column("label_id")).distinct().from_(table)
    return {row["label_id"]: labels[row["label_id"]] for row in engine.rows(query) if row["label_id"] in labels}


def _marks(project: Project, how: str, labels: Mapping[int, str]) -> exp.Select:
    """Rows (customer, name of a column, since) of one kind of state."""
    branches = [(_is_label(number), sql.literal(state_column(project, name, how))) for number, name in labels.items()]
    mark = sql.choose(branches, exp.null())
    since = sql.integer(sql.literal(0)) if how == "blocked" else sql.column("since")
    columns = (exp.alias_(sql.column("customer_id"), CUSTOMER), exp.alias_(mark, "mark"), exp.alias_(since, "since"))
    return exp.select(*columns).from_(how)


def _marked(name: str, value: exp.Expr) -> exp.Expr:
    met = exp.EQ(this=sql.column("mark"), expression=sql.literal(name))
    return _or_null([(met, value)])


def _is_label(number: int) -> exp.Expr:
    return exp.EQ(this=sql.column("label_id"), expression=sql.literal(number))


def _or_null(branches: Sequence[tuple[exp.Expr, exp.Expr]]) -> exp.Expr:
    return sql.choose(branches, exp.null()) if branches else exp.cast(exp.null(), "BIGINT")


def _with_days(inner: exp.Select, moments: Iterable[str], now: Moment) -> exp.Select:
    """The rows with the local day of each moment beside it."""
    days = [exp.alias_(local_day(sql.column(name), now), f"{name}_day") for name in moments]
    return exp.select(exp.Star(), *days).from_(inner.subquery("s"))
