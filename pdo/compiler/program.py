"""From a checked project to one query.

The query is a chain of layers: customers with their measures, then layer by layer the tags, lifecycles and segments, each after
what it refers to. A reference is a column of an earlier layer, so that a long chain stays as short as it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.clock import Clock
from pdo.compiler.measures import CUSTOMER, Facts, Searches, cell
from pdo.compiler.predicates import Value, predicate
from pdo.model.conditions import (
    All,
    AnyOf,
    AttributeTest,
    Condition,
    Everyone,
    MeasureTest,
    MetricTest,
    NoneOf,
    SegmentTest,
    StageTest,
    TagTest,
    walk,
)
from pdo.model.fields import ATTRIBUTES, Type
from pdo.model.playbook import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.compiler.measures import Search
    from pdo.core.calendar import Moment
    from pdo.model.conditions import Measure
    from pdo.model.playbook import Lifecycle, Project, Segment, Tag, Transition
    from pdo.model.settings import Settings

KEY = "key"
NO_STAGE = -1
RANK_SCALE = 10_000
"""Averages are ranked by whole ten-thousandths of a minor unit; closer ones are ties and go by natural key."""


@dataclass(frozen=True, slots=True)
class State:
    """What the store holds and rules depend on. Numbers are places in the project's own order of tags and lifecycles.

    Args:
        held: tags that hands, files or platforms put on somebody.
        kept: tags with `keep` that somebody has by rule.
        blocked: tags that a hand took off somebody for good.
    """

    held: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Output:
    """A label that the program decides.

    Args:
        kind: `tag`, `stage` or `segment`.
        holds: the condition, over the columns of the outcome, that a customer has it.
    """

    kind: str
    scope: str
    name: str
    playbook: str
    holds: exp.Expr


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


@dataclass(slots=True)
class Compiler:
    """Builds one program; used once.

    Args:
        project: the checked playbooks.
        settings: for declared attributes.
        now: the run's now.
        state: which tags are held, kept or blocked.
        settled: segments whose members are known already, where only one customer is looked at and a place cannot be found.
    """

    project: Project
    settings: Settings
    now: Moment
    state: State = State()
    settled: Mapping[str, bool] = field(default_factory=dict)
    clock: Clock = field(init=False)
    searches: Searches = field(init=False, default_factory=Searches)
    facts: Facts = field(init=False)
    attributes: dict[str, Type] = field(init=False, default_factory=dict)
    customer_columns: dict[str, Type] = field(init=False, default_factory=dict)
    layers: list[list[exp.Expr]] = field(init=False, default_factory=list)
    outputs: list[Output] = field(init=False, default_factory=list)
    has: dict[Rule, exp.Expr] = field(init=False, default_factory=dict)
    depth: dict[Rule, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Set up what the parts share."""
        self.clock = Clock(self.now)
        self.facts = Facts(self.clock, self.searches)
        declared = tuple(attribute.column for attribute in self.settings.declared("customers"))
        self.attributes = {column.name: column.type for column in (*ATTRIBUTES, *declared)}

    # Conditions -----------------------------------------------------------------------------------------------------

    def condition(self, condition: Condition) -> exp.Expr:
        """A condition over the columns of the last layer: true or false, never unknown."""
        match condition:
            case Everyone():
                return exp.true()
            case All(parts):
                return sql.every(self.condition(part) for part in parts)
            case AnyOf(parts):
                return sql.some(self.condition(part) for part in parts)
            case NoneOf(parts):
                return sql.opposite(sql.some(self.condition(part) for part in parts))
            case AttributeTest(test):
                return predicate(test.test, self.attribute(test.column), self.clock)
            case MetricTest(metric, test):
                return predicate(test, self.facts.value(self.project.metrics[metric].measure), self.clock)
            case MeasureTest(measure, test):
                return predicate(test, self.facts.value(measure), self.clock)
            case TagTest(tags, _, every):
                held = [self.has[Rule("tag", tag)].copy() for tag in tags]
                return sql.every(held) if every else exp.paren(sql.some(held), copy=False)
            case StageTest(lifecycle, stages):
                known = self.project.lifecycles[lifecycle].stages
                return _in_stages(self.has[Rule("lifecycle", lifecycle)], [known.index(stage) for stage in stages])
            case SegmentTest(segments):
                return exp.paren(sql.some(self.has[Rule("segment", one)].copy() for one in segments), copy=False)

    def attribute(self, name: str) -> Value:
        """An attribute of the customer as a value."""
        type_ = self.attributes[name]
        self.customer_columns[name] = type_
        value = cell(self.searches, "customers", name, type_)
        plain = sql.column(name)
        if value.search is None:
            return Value(type_, plain, day=None if value.day is None else sql.column(f"{name}_day"))
        return Value(type_, plain, search=lambda test: self._found(name, test))

    def _found(self, name: str, test: object) -> exp.Expr:
        """A search in an attribute is a column of the first layer, joined there."""
        self.searches.condition("customers", name, test)  # type: ignore[arg-type]
        search = self.searches.found[("customers", name, test)]  # type: ignore[index]
        return sql.present(sql.column(search.name))

    def value_of(self, name: str) -> Value:
        """A metric or an attribute by name."""
        metric = self.project.metrics.get(name)
        return self.attribute(name) if metric is None else self.facts.value(metric.measure)

    # Rules ----------------------------------------------------------------------------------------------------------

    def rules(self) -> None:
        """Every tag, lifecycle and segment, in the project's order."""
        for rule in self.project.order:
            if rule.kind == "tag":
                self._tag(self.project.tags[rule.name])
            elif rule.kind == "lifecycle":
                self._lifecycle(self.project.lifecycles[rule.name])
            elif rule.kind == "segment":
                self._segment(self.project.segments[rule.name])

    def _layer_after(self, conditions: list[Condition]) -> int:
        """The first layer after all that the conditions refer to."""
        return 1 + max((self.depth[rule] for one in conditions for rule in references(one)), default=-1)

    def _add(self, layer: int, expression: exp.Expr, name: str) -> exp.Expr:
        while len(self.layers) <= layer:
            self.layers.append([])
        self.layers[layer].append(exp.alias_(expression, name, copy=False))
        return sql.column(name)

    def _tag(self, tag: Tag) -> None:
        rule, number = Rule("tag", tag.name), len(self.depth)
        held = self._tag_state(tag.name, "held", self.state.held)
        if tag.when is None and not tag.keep:
            self.depth[rule], self.has[rule] = -1, held
            return
        conditions = [] if tag.when is None else [tag.when]
        layer = self._layer_after(conditions)
        reasons = [self.condition(condition) for condition in conditions]
        holds = exp.paren(sql.some([*reasons, self._tag_state(tag.name, "kept", self.state.kept)]))
        allowed = sql.opposite(self._tag_state(tag.name, "blocked", self.state.blocked))
        name = self._add(layer, sql.every([holds, allowed]), f"t{number}")
        self.depth[rule] = layer
        self.has[rule] = exp.paren(sql.some([name, held])) if tag.name in self.state.held else name
        self.outputs.append(Output("tag", "", tag.name, tag.playbook, name))

    def _tag_state(self, tag: str, how: str, tags: frozenset[str]) -> exp.Expr:
        """Whether the store says that the customer has (or may not have) the tag; false where it says so of nobody."""
        if tag not in tags:
            return exp.false()
        return sql.known(exp.EQ(this=sql.column(state_column(self.project, tag, how)), expression=sql.literal(1)))

    def _lifecycle(self, lifecycle: Lifecycle) -> None:
        rule, number = Rule("lifecycle", lifecycle.name), len(self.depth)
        if lifecycle.is_derived:
            layer = self._layer_after([condition for _, condition in lifecycle.derived])
            stage = self._add(layer, self._derived(lifecycle), f"s{number}")
        else:
            conditions = [move.when for move in lifecycle.transitions if move.when is not None]
            layer = self._layer_after(conditions)
            stage, layer = self._stateful(lifecycle, number, layer)
        self.depth[rule], self.has[rule] = layer, stage
        self.outputs += [
            Output("stage", lifecycle.name, name, lifecycle.playbook, _in_stages(stage, [place]))
            for place, name in enumerate(lifecycle.stages)
        ]

    def _derived(self, lifecycle: Lifecycle) -> exp.Expr:
        written = reversed(lifecycle.derived) if lifecycle.highest else iter(lifecycle.derived)
        places = {name: place for place, name in enumerate(lifecycle.stages)}
        branches = [(self.condition(condition), sql.literal(places[name])) for name, condition in written]
        last = places[lifecycle.otherwise] if lifecycle.otherwise else NO_STAGE
        return sql.choose(branches, sql.literal(last))

    def _stateful(self, lifecycle: Lifecycle, number: int, layer: int) -> tuple[exp.Expr, int]:
        """One layer a step. A stage already visited in this run is not entered again, so the steps end."""
        places = {name: place for place, name in enumerate(lifecycle.stages)}
        state = f"stage_state_{list(self.project.lifecycles).index(lifecycle.name)}"
        initial = sql.literal(places[lifecycle.initial])
        path = [self._add(layer, exp.Coalesce(this=sql.column(state), expressions=[initial]), f"s{number}_0")]
        met = [
            exp.true() if move.when is None else self._add(layer, self.condition(move.when), f"s{number}_c{index}")
            for index, move in enumerate(lifecycle.transitions)
        ]
        targets = {move.target for move in lifecycle.transitions}
        for step in range(1, len(targets) + 1):
            branches = [
                (self._fires(move, met[index], path, places, state), sql.literal(places[move.target]))
                for index, move in enumerate(lifecycle.transitions)
                if step == 1 or move.after is None
            ]
            path.append(self._add(layer + step, sql.choose(branches, path[-1].copy()), f"s{number}_{step}"))
        return path[-1], layer + len(targets)

    def _fires(
        self, move: Transition, met: exp.Expr, path: list[exp.Expr], places: dict[str, int], state: str
    ) -> exp.Expr:
        parts = [_in_stages(path[-1], [places[origin] for origin in move.origins]), met.copy()]
        target = sql.literal(places[move.target])
        parts += [exp.NEQ(this=been.copy(), expression=target.copy()) for been in path]
        if move.after is not None and move.after.is_exact:
            since, bound = sql.column(f"{state}_since"), self.clock.seconds_before(move.after)
            parts.append(sql.known(exp.LTE(this=since, expression=bound)))
        elif move.after is not None:
            since, bound = sql.column(f"{state}_since_day"), self.clock.days_before(move.after)
            parts.append(sql.known(exp.LTE(this=since, expression=bound)))
        return sql.every(parts)

    def _segment(self, segment: Segment) -> None:
        rule, number = Rule("segment", segment.name), len(self.depth)
        layer = self._layer_after([segment.when])
        member = self._add(layer, self.condition(segment.when), f"g{number}")
        if segment.name in self.settled:
            member = exp.true() if self.settled[segment.name] else exp.false()
        elif segment.top is not None:
            place = self._add(layer + 1, self._place(segment, member), f"g{number}_place")
            within = exp.LTE(this=place, expression=sql.literal(segment.top))
            layer += 2
            member = self._add(layer, sql.every([member.copy(), within]), f"g{number}_top")
        self.depth[rule], self.has[rule] = layer, member
        self.outputs.append(Output("segment", "", segment.name, segment.playbook, member))

    def _place(self, segment: Segment, member: exp.Expr) -> exp.Expr:
        """The place among the members, from 1: by the ranking, absent values last, ties by natural key."""
        terms: list[exp.Expr] = []
        for ranking in segment.rank_by:
            value = self.value_of(ranking.name)
            number = value.number.copy()
            if value.per is not None:
                scaled = exp.Mul(this=number, expression=sql.literal(RANK_SCALE))
                number = exp.IntDiv(this=exp.paren(scaled), expression=value.per.copy())
            missing = sql.choose([(sql.absent(value.number.copy()), sql.literal(1))], sql.literal(0))
            terms += [exp.Ordered(this=missing), exp.Ordered(this=number, desc=ranking.descending)]
        terms.append(exp.Ordered(this=sql.column(KEY)))
        return exp.Window(
            this=exp.RowNumber(), partition_by=[member.copy()], order=exp.Order(expressions=terms), over="OVER"
        )

    # The whole ------------------------------------------------------------------------------------------------------

    def query(self, wanted: list[exp.Expr]) -> exp.Select:
        """The chain of layers with the wanted columns at its end."""
        self.facts.prepare()
        chain = self._base()
        for number, added in enumerate(self.layers):
            inner = chain.subquery(f"layer{number}", copy=False)
            chain = exp.select(exp.Star(), *added, copy=False).from_(inner, copy=False)
        return exp.select(*wanted, copy=False).from_(chain.subquery("outcome", copy=False), copy=False)

    def _base(self) -> exp.Select:
        """Customers with their attributes, finds, measures and state."""
        columns = [sql.column(CUSTOMER, "customers"), sql.column(KEY, "customers")]
        for name, type_ in self.customer_columns.items():
            columns.append(sql.column(name, "customers"))
            if type_ is Type.INSTANT:
                columns.append(sql.column(f"{name}_day", "customers"))
        own = [search.name for search in self.searches.found.values() if search.table == "customers"]
        columns += [exp.alias_(sql.column("value", name), name, copy=False) for name in own]
        columns += [sql.column(name) for name in self.facts.aggregates.values()]
        query = exp.select(*columns, copy=False).from_("customers", copy=False)
        query = self.facts.joined(self.searches.joined(query, "customers"))
        for table, names in (("tag_state", self._tag_states()), ("stage_state", self._stage_states())):
            if names:
                same = exp.EQ(this=sql.column(CUSTOMER, "customers"), expression=sql.column(CUSTOMER, table))
                query = sql.left_join(query.select(*[sql.column(one) for one in names], copy=False), table, same)
        return query

    def _tag_states(self) -> list[str]:
        known = {"held": self.state.held, "kept": self.state.kept, "blocked": self.state.blocked}
        return [state_column(self.project, tag, how) for how, tags in known.items() for tag in sorted(tags)]

    def _stage_states(self) -> list[str]:
        found = []
        for number, lifecycle in enumerate(self.project.lifecycles.values()):
            if not lifecycle.is_derived:
                found += [f"stage_state_{number}", f"stage_state_{number}_since", f"stage_state_{number}_since_day"]
        return found

    def show(self, wanted: Mapping[str, str | Measure]) -> tuple[list[exp.Expr], dict[str, Shown]]:
        """The columns that show metrics, attributes and measures, each under the name it was asked by."""
        columns: list[exp.Expr] = []
        shown: dict[str, Shown] = {}
        for number, (name, asked) in enumerate(wanted.items()):
            value = self.value_of(asked) if isinstance(asked, str) else self.facts.value(asked)
            columns.append(exp.alias_(value.number.copy(), f"v{number}", copy=False))
            if value.per is not None:
                columns.append(exp.alias_(value.per.copy(), f"v{number}_per", copy=False))
            shown[name] = Shown(value.type, f"v{number}", f"v{number}_per" if value.per is not None else "")
        return columns, shown


def _in_stages(stage: exp.Expr, places: list[int]) -> exp.Expr:
    if len(places) == 1:
        return exp.EQ(this=stage.copy(), expression=sql.literal(places[0]))
    return exp.In(this=stage.copy(), expressions=[sql.literal(place) for place in places])


def state_column(project: Project, tag: str, how: str) -> str:
    """The column of `tag_state` that says whether a tag is `held`, `kept` or `blocked`."""
    return f"{how}_{list(project.tags).index(tag)}"


def references(condition: Condition) -> tuple[Rule, ...]:
    """The tags, lifecycles and segments that a condition asks for."""
    found: dict[Rule, None] = {}
    for part in walk(condition):
        match part:
            case TagTest(tags):
                found |= {Rule("tag", tag): None for tag in tags}
            case StageTest(lifecycle):
                found[Rule("lifecycle", lifecycle)] = None
            case SegmentTest(segments):
                found |= {Rule("segment", segment): None for segment in segments}
            case _:
                pass
    return tuple(found)


def compile_project(
    project: Project,
    settings: Settings,
    now: Moment,
    *,
    state: State = State(),
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
    compiler = Compiler(project, settings, now, state, settled or {})
    compiler.rules()
    wanted: list[exp.Expr] = [sql.column(CUSTOMER), sql.column(KEY)]
    columns = dict.fromkeys(_column_names(compiler.outputs))
    wanted += [sql.column(name) for name in columns]
    answers = {}
    for number, (name, condition) in enumerate((asked or {}).items()):
        answers[name] = f"a{number}"
        wanted.append(exp.alias_(compiler.condition(condition), f"a{number}", copy=False))
    values, names = compiler.show(shown or {})
    query = compiler.query([*wanted, *values])
    return Program(
        query=query,
        columns={"customers": compiler.customer_columns, **compiler.facts.columns},
        searches=tuple(compiler.searches.found.values()),
        outputs=tuple(compiler.outputs),
        shown=names,
        answers=answers,
    )


def _column_names(outputs: list[Output]) -> list[str]:
    found: list[str] = []
    for output in outputs:
        found += [column.name for column in output.holds.find_all(exp.Column)]
    return found
