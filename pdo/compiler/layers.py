"""Rules in layers: each after all it refers to, each layer's results as columns of the next.

A reference is a column of an earlier layer, so that a long chain of rules stays as short as it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.conditions import Conditions, in_stages, references
from pdo.model.playbook import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.model.conditions import Condition
    from pdo.model.playbook import Lifecycle, Project, Segment, Tag, Transition

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


NOTHING = State()


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


@dataclass(slots=True)
class Layers:
    """Builds the layers of one project.

    Args:
        project: the checked playbooks.
        conditions: turns their conditions into expressions.
        state: which tags are held, kept or blocked.
        settled: segments whose members are known already, where only one customer is looked at and a place cannot be found.
        layers: the columns that each layer adds.
        outputs: the labels, in the project's order.
    """

    project: Project
    conditions: Conditions
    state: State
    settled: Mapping[str, bool]
    layers: list[list[exp.Expr]] = field(init=False, default_factory=list)
    outputs: list[Output] = field(init=False, default_factory=list)
    _depth: dict[Rule, int] = field(init=False, default_factory=dict)

    def build(self) -> None:
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
        return 1 + max((self._depth[rule] for one in conditions for rule in references(one)), default=-1)

    def _add(self, layer: int, expression: exp.Expr, name: str) -> exp.Expr:
        while len(self.layers) <= layer:
            self.layers.append([])
        self.layers[layer].append(exp.alias_(expression, name, copy=False))
        return sql.column(name)

    def _tag(self, tag: Tag) -> None:
        rule, number = Rule("tag", tag.name), len(self._depth)
        held = self._tag_state(tag.name, "held", self.state.held)
        if tag.when is None and not tag.keep:
            self._depth[rule], self.conditions.has[rule] = -1, held
            return
        conditions = [] if tag.when is None else [tag.when]
        layer = self._layer_after(conditions)
        reasons = [self.conditions.of(condition) for condition in conditions]
        holds = exp.paren(sql.some([*reasons, self._tag_state(tag.name, "kept", self.state.kept)]))
        allowed = sql.opposite(self._tag_state(tag.name, "blocked", self.state.blocked))
        name = self._add(layer, sql.every([holds, allowed]), f"t{number}")
        self._depth[rule] = layer
        self.conditions.has[rule] = exp.paren(sql.some([name, held])) if tag.name in self.state.held else name
        self.outputs.append(Output("tag", "", tag.name, tag.playbook, name))

    def _tag_state(self, tag: str, how: str, tags: frozenset[str]) -> exp.Expr:
        """Whether the store says that the customer has (or may not have) the tag; false where it says so of nobody."""
        if tag not in tags:
            return exp.false()
        return sql.known(exp.EQ(this=sql.column(state_column(self.project, tag, how)), expression=sql.literal(1)))

    def _lifecycle(self, lifecycle: Lifecycle) -> None:
        rule, number = Rule("lifecycle", lifecycle.name), len(self._depth)
        if lifecycle.is_derived:
            layer = self._layer_after([condition for _, condition in lifecycle.derived])
            stage = self._add(layer, self._derived(lifecycle), f"s{number}")
        else:
            conditions = [move.when for move in lifecycle.transitions if move.when is not None]
            layer = self._layer_after(conditions)
            stage, layer = self._stateful(lifecycle, number, layer)
        self._depth[rule], self.conditions.has[rule] = layer, stage
        self.outputs += [
            Output("stage", lifecycle.name, name, lifecycle.playbook, in_stages(stage, [place]))
            for place, name in enumerate(lifecycle.stages)
        ]

    def _derived(self, lifecycle: Lifecycle) -> exp.Expr:
        written = reversed(lifecycle.derived) if lifecycle.highest else iter(lifecycle.derived)
        places = {name: place for place, name in enumerate(lifecycle.stages)}
        branches = [(self.conditions.of(condition), sql.literal(places[name])) for name, condition in written]
        last = places[lifecycle.otherwise] if lifecycle.otherwise else NO_STAGE
        return sql.choose(branches, sql.literal(last))

    def _stateful(self, lifecycle: Lifecycle, number: int, layer: int) -> tuple[exp.Expr, int]:
        """One layer a step. A stage already visited in this run is not entered again, so the steps end."""
        places = {name: place for place, name in enumerate(lifecycle.stages)}
        state = f"stage_state_{list(self.project.lifecycles).index(lifecycle.name)}"
        initial = sql.literal(places[lifecycle.initial])
        path = [self._add(layer, exp.Coalesce(this=sql.column(state), expressions=[initial]), f"s{number}_0")]
        met = [
            exp.true() if move.when is None else self._add(layer, self.conditions.of(move.when), f"s{number}_c{index}")
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
        parts = [in_stages(path[-1], [places[origin] for origin in move.origins]), met.copy()]
        target = sql.literal(places[move.target])
        parts += [exp.NEQ(this=been.copy(), expression=target.copy()) for been in path]
        if move.after is not None and move.after.is_exact:
            since, bound = sql.column(f"{state}_since"), self.conditions.clock.seconds_before(move.after)
            parts.append(sql.known(exp.LTE(this=since, expression=bound)))
        elif move.after is not None:
            since, bound = sql.column(f"{state}_since_day"), self.conditions.clock.days_before(move.after)
            parts.append(sql.known(exp.LTE(this=since, expression=bound)))
        return sql.every(parts)

    def _segment(self, segment: Segment) -> None:
        rule, number = Rule("segment", segment.name), len(self._depth)
        layer = self._layer_after([segment.when])
        member = self._add(layer, self.conditions.of(segment.when), f"g{number}")
        if segment.name in self.settled:
            member = exp.true() if self.settled[segment.name] else exp.false()
        elif segment.top is not None:
            place = self._add(layer + 1, self._place(segment, member), f"g{number}_place")
            within = exp.LTE(this=place, expression=sql.literal(segment.top))
            layer += 2
            member = self._add(layer, sql.every([member.copy(), within]), f"g{number}_top")
        self._depth[rule], self.conditions.has[rule] = layer, member
        self.outputs.append(Output("segment", "", segment.name, segment.playbook, member))

    def _place(self, segment: Segment, member: exp.Expr) -> exp.Expr:
        """The place among the members, from 1: by the ranking, absent values last, ties by natural key."""
        terms: list[exp.Expr] = []
        for ranking in segment.rank_by:
            value = self.conditions.value_of(ranking.name)
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


def state_column(project: Project, tag: str, how: str) -> str:
    """The column of `tag_state` that says whether a tag is `held`, `kept` or `blocked`."""
    return f"{how}_{list(project.tags).index(tag)}"
