"""Rules in layers: each after all it refers to, each layer's results as columns of the next.

A reference is a column of an earlier layer, so that a long chain of rules stays as short as it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.conditions import (
    NO_STAGE,
    UNITS,
    Conditions,
    in_places,
    part_name,
    ranked,
    references,
    rules_of_rows,
    rules_of_value,
    stage_state,
)
from pdo.compiler.measures import Points
from pdo.compiler.predicates import Value, predicate
from pdo.compiler.ranks import KEY, SHARE, comparable, threshold_key
from pdo.model.conditions import Level, Measure, MeasureName, Rows, Top
from pdo.model.fields import Type
from pdo.model.playbook import Part, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pdo.model.conditions import Condition
    from pdo.model.playbook import (
        ExclusiveSet,
        Lifecycle,
        Project,
        Rfm,
        Score,
        ScoreRule,
        Segment,
        Tag,
        Transition,
    )

EXPIRED = "expired"
"""The kind of label that remembers whose tag ran out while its condition still holds."""


@dataclass(frozen=True, slots=True)
class State:
    """What the store holds and rules depend on: tags, by name.

    Args:
        held: that hands, files or platforms put on somebody.
        kept: with `keep`, that somebody has by rule.
        blocked: that a hand took off somebody for good.
        ruled: with `expires`, that somebody has by rule, with the moment.
        spent: that ran out for somebody and whose condition held ever since.
    """

    held: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    ruled: frozenset[str] = frozenset()
    spent: frozenset[str] = frozenset()


NOTHING = State()


@dataclass(frozen=True, slots=True)
class Output:
    """A label that the program decides.

    Args:
        kind: `tag`, `stage`, `segment` or `expired`.
        scope: the lifecycle of a stage, the tag of a value of a column; empty otherwise.
        holds: the condition, over the columns of the outcome, that a customer has it.
    """

    kind: str
    scope: str
    name: str
    playbook: str
    holds: exp.Expr


@dataclass(frozen=True, slots=True)
class ColumnTag:
    """A tag for each value of a column, which are known when the outcome is there.

    Args:
        tag: its name, the scope of the labels.
        column: of the outcome, with the value.
    """

    tag: str
    playbook: str
    column: str


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
        column_tags: tags named by the values of a column.
        conflicts: exclusive sets → the column with how many of its tags a customer would have.
        points: rules of scores → the column with their points.
        types: RFM setting → the columns of the place of the type and of its three parts.
    """

    project: Project
    conditions: Conditions
    state: State
    settled: Mapping[str, bool]
    layers: list[list[exp.Expr]] = field(init=False, default_factory=list)
    outputs: list[Output] = field(init=False, default_factory=list)
    column_tags: list[ColumnTag] = field(init=False, default_factory=list)
    conflicts: dict[str, str] = field(init=False, default_factory=dict)
    points: dict[tuple[str, int], str] = field(init=False, default_factory=dict)
    types: dict[str, tuple[str, str, str, str]] = field(init=False, default_factory=dict)
    _depth: dict[Rule, int] = field(init=False, default_factory=dict)

    def build(self) -> None:
        """Every rule, in the project's order."""
        for rule in self.project.order:
            match rule.kind:
                case "tag":
                    self._tag(self.project.tags[rule.name])
                case "exclusive":
                    self._exclusive(self.project.exclusive[rule.name])
                case "score":
                    self._score(self.project.scores[rule.name])
                case "rfm":
                    self._rfm(self.project.rfm[rule.name])
                case "lifecycle":
                    self._lifecycle(self.project.lifecycles[rule.name])
                case "segment":
                    self._segment(self.project.segments[rule.name])

    def prepare(self, condition: Condition) -> int:
        """Work out what a condition holds values against; the first layer in which it can be asked."""
        # A transition asks of its own lifecycle, which is not there yet.
        depths = [
            self._depth[rule] for rule in references(self.project, condition) if rule.name not in self.conditions.moving
        ]
        for subject, test in ranked(condition):
            rules = rules_of_value(self.project, subject) if isinstance(subject, str) else rules_of_rows(subject.rows)
            mine = (rule for rule in rules if rule.name not in self.conditions.moving)
            layer = 1 + max((self._depth[rule] for rule in mine), default=-1)
            number = comparable(self.conditions.value_of(subject))
            key = self.conditions.ranks.key(subject, test)
            depths.append(self.conditions.ranks.build(key, number, test, layer, self._add))
        return 1 + max(depths, default=-1)

    def _layer_after(self, conditions: Iterable[Condition], values: Iterable[str] = ()) -> int:
        """The first layer after all that conditions and values refer to."""
        of_values = (self._depth[rule] + 1 for name in values for rule in rules_of_value(self.project, name))
        return max((*(self.prepare(one) for one in conditions), *of_values), default=0)

    def _add(self, layer: int, expression: exp.Expr, name: str) -> exp.Expr:
        while len(self.layers) <= layer:
            self.layers.append([])
        self.layers[layer].append(exp.alias_(expression, name, copy=False))
        return sql.column(name)

    # Tags -----------------------------------------------------------------------------------------------------------------

    def _tag(self, tag: Tag) -> None:
        rule, number = Rule("tag", tag.name), list(self.project.tags).index(tag.name)
        if tag.column:
            column = self._add(0, self.conditions.attribute(tag.column).number, f"t{number}_value")
            self.column_tags.append(ColumnTag(tag.name, tag.playbook, column.name))
            self._depth[rule], self.conditions.has[rule] = 0, sql.present(column)
            return
        held = self._flag(tag.name, "held", self.state.held)
        if tag.when is None and not tag.keep:
            self._depth[rule], self.conditions.has[rule] = -1, held
            return
        conditions = [] if tag.when is None else [tag.when]
        layer = self._layer_after(conditions)
        reasons = [self.conditions.of(condition) for condition in conditions]
        if tag.expires is not None:
            reasons, layer = [self._unspent(tag, number, sql.some(reasons), layer)], layer + 1
        holds = exp.paren(sql.some([*reasons, self._flag(tag.name, "kept", self.state.kept)]))
        allowed = sql.opposite(self._flag(tag.name, "blocked", self.state.blocked))
        name = self._add(layer, sql.every([holds, allowed]), f"t{number}")
        self._depth[rule] = layer
        self.conditions.has[rule] = exp.paren(sql.some([name, held])) if tag.name in self.state.held else name
        if not tag.exclusive:
            self.outputs.append(Output("tag", "", tag.name, tag.playbook, name))

    def _unspent(self, tag: Tag, number: int, met: exp.Expr, layer: int) -> exp.Expr:
        """The condition holds and has not run out; what ran out stays so until the condition fails once."""
        when = self._add(layer, met, f"t{number}_when")
        spent = self._flag(tag.name, "spent", self.state.spent)
        if tag.name in self.state.ruled and tag.expires is not None:
            name = state_column(self.project, tag.name, "ruled")
            old = exp.LTE(this=sql.column(f"{name}_day"), expression=self.conditions.clock.days_before(tag.expires))
            spent = sql.some([spent, sql.known(old)])
        ran_out = self._add(layer + 1, sql.every([when, exp.paren(spent)]), f"t{number}_spent")
        self.outputs.append(Output(EXPIRED, "", tag.name, tag.playbook, ran_out))
        return sql.every([when.copy(), sql.opposite(spent.copy())])

    def _flag(self, tag: str, how: str, tags: frozenset[str]) -> exp.Expr:
        """Whether the store says that the customer has (or may not have) the tag; false where it says so of nobody."""
        if tag not in tags:
            return exp.false()
        return sql.known(exp.EQ(this=sql.column(state_column(self.project, tag, how)), expression=sql.literal(1)))

    def _exclusive(self, group: ExclusiveSet) -> None:
        """At most one: who has one by hand gets none by rule, and of the rules the first that holds gives its own."""
        rule = Rule("exclusive", group.name)
        place = list(self.project.exclusive).index(group.name)
        tags = [self.project.tags[name] for name in group.tags]
        layer = 1 + max((self._depth[Rule("tag", tag.name)] for tag in tags), default=-1)
        ruled = [tag for tag in tags if tag.when is not None or tag.keep]
        raw = {tag.name: sql.column(f"t{list(self.project.tags).index(tag.name)}") for tag in ruled}
        held = {tag.name: self._flag(tag.name, "held", self.state.held) for tag in tags}
        # A tag that another one by hand stands in the way of does not stand in the way of the next.
        free: list[exp.Expr] = []
        for number, tag in enumerate(ruled):
            others = [flag.copy() for name, flag in held.items() if name != tag.name]
            before = [earlier.copy() for earlier in free]
            free.append(exp.paren(sql.every([raw[tag.name].copy(), sql.opposite(sql.some(others))])))
            final = self._add(layer, sql.every([free[-1].copy(), sql.opposite(sql.some(before))]), f"e{place}_{number}")
            self._depth[Rule("tag", tag.name)] = layer
            has = exp.paren(sql.some([final, held[tag.name].copy()])) if tag.name in self.state.held else final
            self.conditions.has[Rule("tag", tag.name)] = has
            self.outputs.append(Output("tag", "", tag.name, tag.playbook, final))
        self._depth[rule] = layer
        wanted: exp.Expr = sql.literal(0)
        for tag in tags:
            either = exp.paren(sql.some([*([raw[tag.name].copy()] if tag.name in raw else []), held[tag.name].copy()]))
            wanted = exp.Add(this=wanted, expression=sql.choose([(either, sql.literal(1))], sql.literal(0)))
        self.conflicts[group.name] = self._add(layer, wanted, f"e{place}").name

    # Scores and RFM -------------------------------------------------------------------------------------------------------

    def _score(self, score: Score) -> None:
        rule, number = Rule("score", score.name), list(self.project.scores).index(score.name)
        layer = self._layer_after(one.when for one in score.rules if one.when is not None)
        begun = (rule for one in score.rules if one.each is not None for rule in rules_of_rows(one.each))
        layer = max(layer, *(self._depth[rule] + 1 for rule in begun), 0)
        total: exp.Expr = sql.literal(0)
        for place, one in enumerate(score.rules):
            points = self._add(layer, self._points(one), f"p{number}_{place}")
            self.points[score.name, place] = points.name
            total = exp.Add(this=total, expression=points)
        self.conditions.has[rule] = self._add(layer + 1, total, f"p{number}")
        self._depth[rule] = layer + 1

    def _points(self, rule: ScoreRule) -> exp.Expr:
        if rule.each is None:
            met = exp.true() if rule.when is None else self.conditions.of(rule.when)
            points = sql.choose([(met, sql.literal(rule.add))], sql.literal(0))
        else:
            points = self.conditions.points(rule.each, Points(rule.add, rule.fades))
        if rule.up_to is None:
            return points
        above = exp.GT(this=points.copy(), expression=sql.literal(rule.up_to))
        return sql.choose([(above, sql.literal(rule.up_to))], points)

    def _rfm(self, rfm: Rfm) -> None:
        """The place of the type in `RFM_TYPES`; absent for who has no order."""
        rule, number = Rule("rfm", rfm.name), list(self.project.rfm).index(rfm.name)
        rows = Rows("orders", window=rfm.window)
        measures = (MeasureName.DAYS_SINCE_LAST, MeasureName.COUNT, MeasureName.AMOUNT)
        facts = self.conditions.facts
        some = sql.known(exp.GT(this=facts.value(Measure(rows, MeasureName.COUNT)).number, expression=sql.literal(0)))
        last = facts.value(Measure(rows, MeasureName.LAST))
        depth, high = -1, []
        for part, name in zip(Part, measures, strict=True):
            value = facts.value(Measure(rows, name))
            mine = self._add(0, sql.choose([(some.copy(), value.number)], exp.null()), f"r{number}_{part}")
            asked = (
                Value(Type.INSTANT, last.number, day=last.day)
                if part is Part.RECENCY
                else Value(value.type, mine.copy())
            )
            condition, ready = self._is_high(rfm, part, mine, asked, number)
            depth = max(depth, ready)
            high.append(condition)
        weights = (2, 1, 4)
        low = [
            sql.choose([(one, sql.literal(0))], sql.literal(weight)) for one, weight in zip(high, weights, strict=True)
        ]
        place = exp.Add(this=exp.Add(this=low[0], expression=low[1]), expression=low[2])
        bought = sql.present(sql.column(f"r{number}_{Part.FREQUENCY}"))
        kind = self._add(depth + 1, sql.choose([(bought, place)], exp.null()), f"r{number}")
        self.conditions.has[rule], self._depth[rule] = kind, depth + 1
        recency, frequency, money = (f"r{number}_{part}" for part in Part)
        self.types[rfm.name] = (kind.name, recency, frequency, money)

    def _is_high(self, rfm: Rfm, part: Part, number: exp.Expr, value: Value, place: int) -> tuple[exp.Expr, int]:
        """The condition that a part is high, and the layer after which it is known."""
        cut, ranks, recent = rfm.cuts[part], self.conditions.ranks, part is Part.RECENCY
        key = part_name(rfm.name, part)
        if cut.test is not None:
            return predicate(cut.test, value, self.conditions.clock), 0
        if cut.share is not None:
            top = Top(None, cut.share)
            name = threshold_key(key, top)
            ready = ranks.build(name, number, top, 1, self._add, descending=not recent)
            return ranks.is_top(name, number, descending=not recent), max(ready, 0)
        if cut.middle is not None:
            level = Level(above=not recent, middle=cut.middle)
            name = threshold_key(key, level)
            ready = ranks.build(name, number, level, 1, self._add)
            return ranks.is_beyond(name, number, level), max(ready, 0)
        unit = UNITS.get(value.type, 1) if part is Part.MONEY else 1
        ready = max(ranks.quintiles(f"{key} quintiles", number, unit, 1, self._add), 0)
        score = ranks.bin_of(f"{key} quintiles", number)
        if recent:
            score = exp.Sub(this=sql.literal(6), expression=exp.paren(score))
        scored = self._add(ready + 1, score, f"r{place}_{part}_score")
        self.conditions.parts[key] = scored
        points = Value(Type.INTEGER, scored)
        return predicate(cut.score, points, self.conditions.clock) if cut.score else exp.false(), ready + 1

    # Lifecycles -----------------------------------------------------------------------------------------------------------

    def _lifecycle(self, lifecycle: Lifecycle) -> None:
        rule, number = Rule("lifecycle", lifecycle.name), list(self.project.lifecycles).index(lifecycle.name)
        if lifecycle.is_derived:
            layer = self._layer_after(condition for _, condition in lifecycle.derived)
            stage = self._add(layer, self._derived(lifecycle), f"s{number}")
        else:
            whens = [move.when for move in lifecycle.transitions if move.when is not None]
            self._move(lifecycle, entered=False)
            layer = self._layer_after(whens)
            self._move(lifecycle, entered=True)
            layer = max(layer, self._layer_after(when for when in whens if rule in references(self.project, when)))
            stage, layer = self._stateful(lifecycle, number, layer)
        self._depth[rule], self.conditions.has[rule] = layer, stage
        self.outputs += [
            Output("stage", lifecycle.name, name, lifecycle.playbook, in_places(stage, [place]))
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
        state = stage_state(self.project, lifecycle.name)
        initial = sql.literal(places[lifecycle.initial])
        path = [self._add(layer, exp.Coalesce(this=sql.column(state), expressions=[initial]), f"s{number}_0")]
        first = self._met(lifecycle, number, layer, entered=False)
        later = self._met(lifecycle, number, layer, entered=True)
        targets = {move.target for move in lifecycle.transitions}
        for step in range(1, len(targets) + 1):
            met = first if step == 1 else later
            branches = [
                (self._fires(move, met[index], path, places, state), sql.literal(places[move.target]))
                for index, move in enumerate(lifecycle.transitions)
                if step == 1 or move.after is None
            ]
            path.append(self._add(layer + step, sql.choose(branches, path[-1].copy()), f"s{number}_{step}"))
        return path[-1], layer + len(targets)

    def _met(self, lifecycle: Lifecycle, number: int, layer: int, *, entered: bool) -> list[exp.Expr]:
        """The conditions of the transitions, for who was in the present stage before or entered it in this run."""
        own = Rule("lifecycle", lifecycle.name)
        found: list[exp.Expr] = []
        self._move(lifecycle, entered=entered)
        for index, move in enumerate(lifecycle.transitions):
            name = f"s{number}_c{index}"
            if move.when is None:
                found.append(exp.true())
            elif not entered:
                found.append(self._add(layer, self.conditions.of(move.when), name))
            elif own in references(self.project, move.when):
                found.append(self._add(layer, self.conditions.of(move.when), f"{name}_entered"))
            else:
                found.append(sql.column(name))
        del self.conditions.moving[lifecycle.name]
        self.conditions.ranks.of = ""
        return found

    def _move(self, lifecycle: Lifecycle, *, entered: bool) -> None:
        """Say which stage a window since the lifecycle's own begins with; what it is held against differs with it."""
        self.conditions.moving[lifecycle.name] = entered
        self.conditions.ranks.of = f" in {lifecycle.name}" + (" entered" if entered else "")

    def _fires(
        self, move: Transition, met: exp.Expr, path: list[exp.Expr], places: dict[str, int], state: str
    ) -> exp.Expr:
        parts = [in_places(path[-1], [places[origin] for origin in move.origins]), met.copy()]
        target = sql.literal(places[move.target])
        parts += [exp.NEQ(this=been.copy(), expression=target.copy()) for been in path]
        if move.after is not None and move.after.is_exact:
            since, bound = sql.column(f"{state}_since"), self.conditions.clock.seconds_before(move.after)
            parts.append(sql.known(exp.LTE(this=since, expression=bound)))
        elif move.after is not None:
            since, bound = sql.column(f"{state}_since_day"), self.conditions.clock.days_before(move.after)
            parts.append(sql.known(exp.LTE(this=since, expression=bound)))
        return sql.every(parts)

    # Segments -------------------------------------------------------------------------------------------------------------

    def _segment(self, segment: Segment) -> None:
        rule, number = Rule("segment", segment.name), list(self.project.segments).index(segment.name)
        layer = self._layer_after([segment.when], (ranking.name for ranking in segment.rank_by))
        member = self._add(layer, self.conditions.of(segment.when), f"g{number}")
        if segment.name in self.settled:
            member = exp.true() if self.settled[segment.name] else exp.false()
        elif segment.top is not None or segment.share is not None:
            place = self._add(layer + 1, self._place(segment, member), f"g{number}_place")
            if segment.share is None:
                within = exp.LTE(this=place, expression=sql.literal(segment.top or 0))
            else:
                size = sql.over(exp.Count(this=exp.Star()), self._partition(segment, member))
                whole = exp.Mul(
                    this=self._add(layer + 1, size, f"g{number}_size"), expression=sql.literal(segment.share)
                )
                within = exp.LTE(this=exp.Mul(this=place, expression=sql.literal(SHARE)), expression=whole)
            layer += 2
            member = self._add(layer, sql.every([member.copy(), within]), f"g{number}_top")
        self._depth[rule], self.conditions.has[rule] = layer, member
        self.outputs.append(Output("segment", "", segment.name, segment.playbook, member))

    def _place(self, segment: Segment, member: exp.Expr) -> exp.Expr:
        """The place among the members, from 1: by the ranking, absent values last, ties by natural key."""
        terms: list[exp.Expr] = []
        for ranking in segment.rank_by:
            value = self.conditions.value_of(ranking.name)
            missing = sql.choose([(sql.absent(value.number.copy()), sql.literal(1))], sql.literal(0))
            terms += [exp.Ordered(this=missing), exp.Ordered(this=comparable(value), desc=ranking.descending)]
        terms.append(exp.Ordered(this=sql.column(KEY)))
        return sql.row_number(self._partition(segment, member), terms)

    def _partition(self, segment: Segment, member: exp.Expr) -> list[exp.Expr]:
        per = [self.conditions.attribute(segment.per).number] if segment.per else []
        return [*(one.copy() for one in self.conditions.ranks.within), member.copy(), *per]


def state_column(project: Project, tag: str, how: str) -> str:
    """The column of `tag_state` that says whether a tag is `held`, `kept`, `blocked`, `spent`, or since when `ruled`."""
    return f"{how}_{list(project.tags).index(tag)}"
