"""From a checked project to one query.

The query is a chain: customers with their attributes, measures and state, then the layers of `layers`, then the columns that
are wanted at the end. What depends on no other customer stands in a query of its own: that may be asked of some customers at a
time, and whatever sorts all of them does not carry it along.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.clock import Bound, Clock
from pdo.compiler.conditions import Conditions, entry_state, stage_state, tag_since
from pdo.compiler.layers import NOTHING, Layers, state_column
from pdo.compiler.measures import BOUNDS, CUSTOMER, DAY, TIME, WORLD
from pdo.compiler.ranks import KEY, Ranks
from pdo.model.fields import Type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pdo.compiler.layers import ColumnTag, Output, State
    from pdo.compiler.measures import Needed
    from pdo.compiler.searches import Search
    from pdo.core.calendar import Moment
    from pdo.model.conditions import Condition, Measure
    from pdo.model.playbook import Fading, Project
    from pdo.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that somebody wants to see: the columns that hold it.

    Args:
        type: of the value.
        number: its column.
        per: the column of its divisor; empty for none.
        day: the column of the local day of a moment; empty for all else.
    """

    type: Type
    number: str
    per: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Wants:
    """What is asked of a program besides the rules.

    Args:
        asked: conditions to answer, by name (campaigns' `to`, `pdo count`, `pdo explain`).
        shown: metrics, attributes, scores (by name) and measures to show, by the name they get.
        settled: segments whose members are known already, where only one customer is looked at.
        thresholds: of a run, where only one customer is looked at.
        worlds: customers of several examples lie side by side, each in a world with its own now.
        detail: also the points of each rule of each score, and the types of RFM with what they are made of.
    """

    asked: Mapping[str, Condition] = field(default_factory=dict)
    shown: Mapping[str, str | Measure] = field(default_factory=dict)
    settled: Mapping[str, bool] = field(default_factory=dict)
    thresholds: Mapping[str, Sequence[int | str | None]] = field(default_factory=dict)
    detail: bool = False
    worlds: bool = False


NO_WANTS = Wants()
MEASURED = "measured"
"""The table of what is known of each customer before they are held against one another."""
_HELD = "~held"
"""The customer beside what came of holding them against one another."""


@dataclass(frozen=True, slots=True)
class Program:
    """What an engine runs.

    Args:
        each: gives one row a customer for which nobody else matters; its tables are `customers`, the subjects, the searches, the
            lists, the fading points, `tag_state`, `tag_since`, `stage_state`, `entry_state`.
        among: gives one row a customer, who is held against all others; its only table is `measured`, the rows of `each`, which
            it reads twice. None where those are all that is asked.
        values: how many values of rows are worked out for each customer.
        columns: fact table → column → type, to be loaded.
        searches: to be run before.
        lists: table of one column `value` → what stands in it.
        fades: table of `age` and `points` → how points fade, the days of it, and what is added.
        chances: (purpose, name) → the column of `customers` with the sha256 of `purpose|name|seed`, hexadecimal.
        since: tags whose columns of `tag_since` are needed.
        staged: lifecycles whose columns of `stage_state` are needed.
        entered: journeys whose columns of `entry_state` are needed.
        outputs: the labels, in the project's order.
        column_tags: tags that the values of a column name.
        conflicts: exclusive set → the column with how many of its tags a customer would have.
        thresholds: key → the columns that hold it, the same for everybody.
        shown: name → columns of the values asked for.
        answers: name → column of the conditions asked for.
        points: score and place of its rule → column of the points.
        types: RFM setting → columns of the place of the type, of recency, frequency, money.
        needed: subject → which of its rows anything looks at.
        bounds: column of the table of bounds → what it is at the now of a world; empty where there is one now.
    """

    each: exp.Select
    among: exp.Select | None
    values: int
    columns: Mapping[str, Mapping[str, Type]]
    searches: tuple[Search, ...]
    lists: Mapping[str, tuple[str, ...]]
    fades: Mapping[str, tuple[Fading, int, int]]
    chances: Mapping[tuple[str, str], str]
    since: tuple[str, ...]
    staged: tuple[str, ...]
    entered: tuple[str, ...]
    outputs: tuple[Output, ...]
    column_tags: tuple[ColumnTag, ...]
    conflicts: Mapping[str, str]
    thresholds: Mapping[str, tuple[str, ...]]
    shown: Mapping[str, Shown]
    answers: Mapping[str, str]
    points: Mapping[tuple[str, int], str]
    types: Mapping[str, tuple[str, str, str, str]]
    bounds: Mapping[str, Bound]
    needed: Mapping[str, Needed]


def compile_project(
    project: Project, settings: Settings, now: Moment, *, state: State = NOTHING, wants: Wants = NO_WANTS
) -> Program:
    """The program of a project.

    Args:
        state: which tags the store holds, keeps or blocks for somebody.
        wants: what is asked besides the rules.
    """
    bounds: dict[str, tuple[str, Bound]] | None = {} if wants.worlds else None
    ranks = Ranks(wants.thresholds, within=(sql.column(WORLD),) if wants.worlds else ())
    conditions = Conditions(project, settings, Clock(now, bounds), ranks)
    cycles = (project.lifecycles[rule.name] for rule in project.order if rule.kind == "lifecycle")
    conditions.staged |= {one.name: None for one in cycles if not one.is_derived}
    rules = Layers(project, conditions, state, wants.settled)
    rules.build()
    for condition in wants.asked.values():
        rules.prepare(condition)
    points = rules.points if wants.detail else {}
    types = rules.types if wants.detail else {}
    outcome = dict.fromkeys(column.name for output in rules.outputs for column in output.holds.find_all(exp.Column))
    outcome |= dict.fromkeys(one.column for one in rules.column_tags)
    outcome |= dict.fromkeys((*rules.conflicts.values(), *points.values()))
    outcome |= dict.fromkeys(name for names in types.values() for name in names)
    thresholds = {} if wants.worlds else ranks.names
    outcome |= dict.fromkeys(name for names in thresholds.values() for name in names)
    wanted: list[exp.Expr] = [sql.column(CUSTOMER), sql.column(KEY), *(sql.column(name) for name in outcome)]
    answers = {name: f"a{number}" for number, name in enumerate(wants.asked)}
    for name, condition in wants.asked.items():
        wanted.append(exp.alias_(conditions.of(condition), answers[name], copy=False))
    values, names = _shown(conditions, wants.shown)
    each, among = _chained(conditions, rules, [*wanted, *values])
    timed = any(column.name in (TIME, DAY) for column in each.find_all(exp.Column))
    return Program(
        each=each,
        among=among,
        values=len(conditions.facts.aggregates),
        columns={"customers": conditions.attributes, **conditions.facts.columns},
        searches=tuple(conditions.facts.searches.found.values()),
        lists={name: ids for ids, name in conditions.lists.items()},
        fades={name: fade for fade, name in conditions.facts.fades.items()},
        chances=conditions.chances,
        since=tuple(conditions.since),
        staged=tuple(conditions.staged),
        entered=tuple(conditions.journeys),
        outputs=tuple(rules.outputs),
        column_tags=tuple(rules.column_tags),
        conflicts=rules.conflicts,
        thresholds={key: tuple(found) for key, found in thresholds.items()},
        shown=names,
        answers=answers,
        points=points,
        types=types,
        bounds=dict(bounds.values()) if bounds else {},
        needed={subject: replace(conditions.facts.needs(subject), timed=timed) for subject in conditions.facts.columns},
    )


def _shown(conditions: Conditions, wanted: Mapping[str, str | Measure]) -> tuple[list[exp.Expr], dict[str, Shown]]:
    """The columns that show metrics, attributes and measures, each under the name it was asked by."""
    columns: list[exp.Expr] = []
    shown: dict[str, Shown] = {}
    for number, (name, asked) in enumerate(wanted.items()):
        value = conditions.value_of(asked)
        columns.append(exp.alias_(value.number.copy(), f"v{number}", copy=False))
        if value.per is not None:
            columns.append(exp.alias_(value.per.copy(), f"v{number}_per", copy=False))
        if value.day is not None:
            columns.append(exp.alias_(value.day.copy(), f"v{number}_day", copy=False))
        per, day = value.per is not None, value.day is not None
        shown[name] = Shown(value.type, f"v{number}", f"v{number}_per" if per else "", f"v{number}_day" if day else "")
    return columns, shown


def _chained(conditions: Conditions, rules: Layers, wanted: list[exp.Expr]) -> tuple[exp.Select, exp.Select | None]:
    """The chain of layers with the wanted columns at its end; in two where customers are held against one another."""
    conditions.facts.prepare()
    made = _of_others(rules.layers)
    each = _through(_customers(conditions, rules), _only(rules.layers, lambda name: name not in made))
    if not made:
        return _ended(each, wanted), None
    rest = _only(rules.layers, made.__contains__)
    looked_at = _named(column for added in rest for column in added) - made
    shown = _named(wanted)
    # Whatever sorts all customers carries no column that nothing of it looks at: there may be hundreds.
    held = exp.select(*_columns({CUSTOMER, *looked_at}), copy=False).from_(MEASURED, copy=False)
    held = _ended(_through(held, rest), [exp.alias_(sql.column(CUSTOMER), _HELD), *_columns(shown & made)])
    same = exp.EQ(this=sql.column(CUSTOMER, MEASURED), expression=sql.column(_HELD, "held"))
    among = exp.select(*wanted, copy=False).from_(MEASURED, copy=False)
    among = among.join(held.subquery("held", copy=False), on=same, join_type="inner", copy=False)
    return _ended(each, _columns({CUSTOMER, KEY, *looked_at, *(shown - made)})), among


def _of_others(layers: Sequence[Sequence[exp.Expr]]) -> set[str]:
    """The columns that depend on other customers."""
    found: set[str] = set()
    for added in layers:
        found |= {one.alias for one in added if one.find(exp.Window) is not None or not found.isdisjoint(_named([one]))}
    return found


def _only(layers: Sequence[Sequence[exp.Expr]], wanted: Callable[[str], bool]) -> list[list[exp.Expr]]:
    """The layers with some of their columns."""
    chosen = ([column for column in added if wanted(column.alias)] for added in layers)
    return [added for added in chosen if added]


def _named(columns: Iterable[exp.Expr]) -> set[str]:
    return {column.name for one in columns for column in one.find_all(exp.Column)}


def _columns(names: Iterable[str]) -> list[exp.Expr]:
    return [sql.column(name) for name in sorted(names)]


def _through(chain: exp.Select, layers: Iterable[Iterable[exp.Expr]]) -> exp.Select:
    for added in layers:
        chain = exp.select(exp.Star(), *added, copy=False).from_(chain.subquery("layer", copy=False), copy=False)
    return chain


def _ended(chain: exp.Select, wanted: Iterable[exp.Expr]) -> exp.Select:
    return exp.select(*wanted, copy=False).from_(chain.subquery("outcome", copy=False), copy=False)


def _customers(conditions: Conditions, rules: Layers) -> exp.Select:
    """Customers with their attributes, finds, measures and state."""
    facts = conditions.facts
    columns = [sql.column(CUSTOMER, "customers"), sql.column(KEY, "customers")]
    for name, type_ in conditions.attributes.items():
        columns.append(sql.column(name, "customers"))
        if type_ is Type.INSTANT:
            columns.append(sql.column(f"{name}_day", "customers"))
    columns += [sql.column(name, "customers") for name in conditions.chances.values()]
    bounds = conditions.clock.bounds
    if bounds is not None:
        columns += [sql.column(WORLD, "customers"), *(sql.column(name, BOUNDS) for name, _ in bounds.values())]
    columns += [sql.column(name) for name in facts.aggregates.values()]
    columns += facts.searches.of_customers()
    columns += [exp.alias_(sql.column("value", name), name, copy=False) for name in conditions.lists.values()]
    query = exp.select(*columns, copy=False).from_("customers", copy=False)
    query = facts.joined(facts.searches.joined(query, "customers"))
    if bounds is not None:
        same = exp.EQ(this=sql.column(WORLD, "customers"), expression=sql.column(WORLD, BOUNDS))
        query = sql.left_join(query, BOUNDS, same)
    for name in conditions.lists.values():
        query = sql.left_join(
            query, name, exp.EQ(this=sql.column(KEY, "customers"), expression=sql.column("value", name))
        )
    states = {
        "tag_state": _tag_states(rules),
        "tag_since": _with_days(tag_since(rules.project, tag) for tag in conditions.since),
        "stage_state": _stage_states(rules.project, conditions),
        "entry_state": [entry_state(rules.project, name) for name in conditions.journeys],
    }
    for table, names in states.items():
        if names:
            same = exp.EQ(this=sql.column(CUSTOMER, "customers"), expression=sql.column(CUSTOMER, table))
            query = sql.left_join(query.select(*[sql.column(one, table) for one in names], copy=False), table, same)
    return query


def _tag_states(rules: Layers) -> list[str]:
    state = rules.state
    known = {"held": state.held, "kept": state.kept, "blocked": state.blocked, "spent": state.spent}
    flags = [state_column(rules.project, tag, how) for how, tags in known.items() for tag in sorted(tags)]
    return [*flags, *_with_days(state_column(rules.project, tag, "ruled") for tag in sorted(state.ruled))]


def _stage_states(project: Project, conditions: Conditions) -> list[str]:
    found = []
    for name in conditions.staged:
        state = stage_state(project, name)
        found += [state, *_with_days((f"{state}_since",))]
    return found


def _with_days(names: Iterable[str]) -> list[str]:
    return [part for name in names for part in (name, f"{name}_day")]
