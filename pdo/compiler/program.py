"""From a checked project to one query.

The query is a chain: customers with their attributes, measures and state, then the layers of `layers`, then the columns that
are wanted at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.clock import Clock
from pdo.compiler.conditions import Conditions
from pdo.compiler.layers import KEY, NOTHING, Layers, state_column
from pdo.compiler.measures import CUSTOMER
from pdo.model.fields import Type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.compiler.layers import Output, State
    from pdo.compiler.measures import Search
    from pdo.core.calendar import Moment
    from pdo.model.conditions import Condition, Measure
    from pdo.model.playbook import Project
    from pdo.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that somebody wants to see: the columns that hold it.

    Args:
        type: of the value.
        number: its column.
        per: the column of its divisor; empty for none.
    """

    type: Type
    number: str
    per: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """What an engine runs.

    Args:
        query: gives one row a customer; its tables are `customers`, the subjects, the searches, `tag_state`, `stage_state`.
        columns: fact table → column → type, to be loaded.
        searches: to be run before.
        outputs: the labels, in the project's order.
        shown: name → columns of the values asked for.
        answers: name → column of the conditions asked for.
    """

    query: exp.Select
    columns: Mapping[str, Mapping[str, Type]]
    searches: tuple[Search, ...]
    outputs: tuple[Output, ...]
    shown: Mapping[str, Shown]
    answers: Mapping[str, str]


def compile_project(
    project: Project,
    settings: Settings,
    now: Moment,
    *,
    state: State = NOTHING,
    asked: Mapping[str, Condition] | None = None,
    shown: Mapping[str, str | Measure] | None = None,
    settled: Mapping[str, bool] | None = None,
) -> Program:
    """The program of a project.

    Args:
        state: which tags the store holds, keeps or blocks for somebody.
        asked: conditions to answer besides the rules, by name (campaigns' `to`, `pdo count`, `pdo explain`).
        shown: metrics, attributes (by name) and measures to show, by the name they get.
        settled: segments whose members are known already.
    """
    conditions = Conditions(project, settings, Clock(now))
    rules = Layers(project, conditions, state, settled or {})
    rules.build()
    outcome = dict.fromkeys(column.name for output in rules.outputs for column in output.holds.find_all(exp.Column))
    wanted: list[exp.Expr] = [sql.column(CUSTOMER), sql.column(KEY), *(sql.column(name) for name in outcome)]
    answers = {name: f"a{number}" for number, name in enumerate(asked or {})}
    for name, condition in (asked or {}).items():
        wanted.append(exp.alias_(conditions.of(condition), answers[name], copy=False))
    values, names = _shown(conditions, shown or {})
    query = _chained(conditions, rules, [*wanted, *values])
    return Program(
        query=query,
        columns={"customers": conditions.attributes, **conditions.facts.columns},
        searches=tuple(conditions.facts.searches.found.values()),
        outputs=tuple(rules.outputs),
        shown=names,
        answers=answers,
    )


def _shown(conditions: Conditions, wanted: Mapping[str, str | Measure]) -> tuple[list[exp.Expr], dict[str, Shown]]:
    """The columns that show metrics, attributes and measures, each under the name it was asked by."""
    columns: list[exp.Expr] = []
    shown: dict[str, Shown] = {}
    for number, (name, asked) in enumerate(wanted.items()):
        value = conditions.value_of(asked) if isinstance(asked, str) else conditions.facts.value(asked)
        columns.append(exp.alias_(value.number.copy(), f"v{number}", copy=False))
        if value.per is not None:
            columns.append(exp.alias_(value.per.copy(), f"v{number}_per", copy=False))
        shown[name] = Shown(value.type, f"v{number}", f"v{number}_per" if value.per is not None else "")
    return columns, shown


def _chained(conditions: Conditions, rules: Layers, wanted: list[exp.Expr]) -> exp.Select:
    """The chain of layers with the wanted columns at its end."""
    conditions.facts.prepare()
    chain = _customers(conditions, rules)
    for number, added in enumerate(rules.layers):
        inner = chain.subquery(f"layer{number}", copy=False)
        chain = exp.select(exp.Star(), *added, copy=False).from_(inner, copy=False)
    return exp.select(*wanted, copy=False).from_(chain.subquery("outcome", copy=False), copy=False)


def _customers(conditions: Conditions, rules: Layers) -> exp.Select:
    """Customers with their attributes, finds, measures and state."""
    facts = conditions.facts
    columns = [sql.column(CUSTOMER, "customers"), sql.column(KEY, "customers")]
    for name, type_ in conditions.attributes.items():
        columns.append(sql.column(name, "customers"))
        if type_ is Type.INSTANT:
            columns.append(sql.column(f"{name}_day", "customers"))
    own = [search.name for search in facts.searches.found.values() if search.table == "customers"]
    columns += [exp.alias_(sql.column("value", name), name, copy=False) for name in own]
    columns += [sql.column(name) for name in facts.aggregates.values()]
    query = exp.select(*columns, copy=False).from_("customers", copy=False)
    query = facts.joined(facts.searches.joined(query, "customers"))
    for table, names in (("tag_state", _tag_states(rules)), ("stage_state", _stage_states(rules.project))):
        if names:
            same = exp.EQ(this=sql.column(CUSTOMER, "customers"), expression=sql.column(CUSTOMER, table))
            query = sql.left_join(query.select(*[sql.column(one) for one in names], copy=False), table, same)
    return query


def _tag_states(rules: Layers) -> list[str]:
    known = {"held": rules.state.held, "kept": rules.state.kept, "blocked": rules.state.blocked}
    return [state_column(rules.project, tag, how) for how, tags in known.items() for tag in sorted(tags)]


def _stage_states(project: Project) -> list[str]:
    found = []
    for number, lifecycle in enumerate(project.lifecycles.values()):
        if not lifecycle.is_derived:
            found += [f"stage_state_{number}", f"stage_state_{number}_since", f"stage_state_{number}_since_day"]
    return found
