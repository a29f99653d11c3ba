"""The members of a segment with the columns that it shows, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.conditions import rules_of_value
from pdo.compiler.measures import CUSTOMER
from pdo.compiler.program import Wants
from pdo.compiler.ranks import KEY, RANK_SCALE
from pdo.core.figures import average_minor
from pdo.evaluate.outcome import evaluate
from pdo.model.playbook import Project

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdo.compiler.program import Shown
    from pdo.core.calendar import Moment
    from pdo.evaluate.engine import Engine
    from pdo.evaluate.facts import FactSource
    from pdo.model.fields import Type
    from pdo.model.playbook import Segment
    from pdo.model.settings import Settings

DEFAULT_COLUMNS = ("customer_id", "name", "phone", "owner")


def read_members(
    engine: Engine,
    source: FactSource,
    project: Project,
    settings: Settings,
    now: Moment,
    *,
    segment: Segment,
    label_ids: frozenset[int],
    limit: int | None = None,
) -> tuple[dict[str, Type], pa.Table, int]:
    """The stored members of a segment at `now`.

    Grain: one row a member, by the segment's ranking, absent values last, then by natural key.

    Args:
        label_ids: the segment's label; empty where nobody ever belonged to it.
        limit: the first so many; None for all.

    Returns:
        The type of each column, the rows in the units of those types, and how many members there are in all.
    """
    names = segment.columns or DEFAULT_COLUMNS
    ranked = tuple(ranking.name for ranking in segment.rank_by)
    shown = {name: name for name in dict.fromkeys((*names, *ranked))}
    outcome = evaluate(engine, source, _needed(project, shown), settings, now, Wants(shown=shown))
    engine.load("held", source.assignments(("segment",), by_rule=None))
    wanted = outcome.program.shown
    same = exp.EQ(this=sql.column(CUSTOMER, "outcome"), expression=sql.column("customer_id", "held"))
    columns = dict.fromkeys(part for name in names for part in (wanted[name].number, wanted[name].per) if part)
    query = exp.select(*(sql.column(one) for one in columns)).from_("outcome")
    query = query.join(exp.to_table("held"), on=same, join_type="inner")
    ids = [sql.literal(number) for number in sorted(label_ids)]
    mine = exp.In(this=sql.column("label_id", "held"), expressions=ids) if ids else exp.false()
    order = [
        term for ranking in segment.rank_by for term in _terms(wanted[ranking.name], descending=ranking.descending)
    ]
    query = query.where(mine).order_by(*order, sql.column(KEY, "outcome"))
    total = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(query.copy().subquery("m"))
    count = int(engine.rows(total)[0]["n"])
    found = engine.table(query if limit is None else query.limit(limit))
    rows = pa.table({name: _column(found, wanted[name]) for name in names})
    return {name: wanted[name].type for name in names}, rows, count


def _needed(project: Project, names: Iterable[str]) -> Project:
    """The project without rules, unless a value is made by one."""
    if any(rules_of_value(project, name) for name in names):
        return project
    return Project(metrics=project.metrics)


def _terms(value: Shown, *, descending: bool) -> list[exp.Expr]:
    number = sql.column(value.number)
    if value.per:
        scaled = exp.paren(exp.Mul(this=number, expression=sql.literal(RANK_SCALE)))
        number = exp.IntDiv(this=scaled, expression=sql.column(value.per))
    missing = sql.choose([(sql.absent(sql.column(value.number)), sql.literal(1))], sql.literal(0))
    return [exp.Ordered(this=missing), exp.Ordered(this=number, desc=descending)]


def _column(found: pa.Table, value: Shown) -> pa.ChunkedArray | pa.Array:
    """A column's values; an average is divided here, only for showing."""
    if not value.per:
        return found.column(value.number)
    pairs = zip(found.column(value.number).to_pylist(), found.column(value.per).to_pylist(), strict=True)
    return pa.array([None if number is None else average_minor(number, per) for number, per in pairs], pa.int64())
