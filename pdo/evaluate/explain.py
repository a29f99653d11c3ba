"""Why: the conditions of a rule as they are written, with what each came to for one customer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.conditions import TYPES
from pdo.compiler.layers import EXPIRED
from pdo.compiler.program import Wants
from pdo.compiler.ranks import KEY, RANK_SCALE, threshold_key
from pdo.compiler.slices import sliced
from pdo.core.calendar import Moment
from pdo.core.figures import local_time
from pdo.core.figures import shown as figure
from pdo.evaluate.outcome import evaluate
from pdo.evaluate.words import reason, written
from pdo.model.conditions import (
    All,
    AnyOf,
    AttributeTest,
    Level,
    MeasureTest,
    MetricTest,
    Middle,
    Negated,
    NoneOf,
    RfmTest,
    SegmentTest,
    StageTest,
    TagTest,
    Top,
)
from pdo.model.fields import Type
from pdo.model.reports import ExplainNode, Explanation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pdo.compiler.program import Program, Shown
    from pdo.evaluate.engine import Engine
    from pdo.evaluate.facts import FactSource
    from pdo.model.conditions import Condition, Measure
    from pdo.model.playbook import Lifecycle, Project, Rule
    from pdo.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a tree before it is evaluated.

    Args:
        label: as written in the playbook.
        condition: what it is; None where the parts or the points decide.
        question: the name under which the program answers whether it holds; empty where the parts decide.
        probe: the name under which the program shows the value; empty for none.
        points: the score and the place of its rule, for what a rule of a score gave.
    """

    label: str
    condition: Condition | None = None
    question: str = ""
    probe: str = ""
    parts: tuple[Branch, ...] = ()
    points: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a customer stands with a label in the store.

    Args:
        since: when it was given; None where it is not held.
        by_hand: not a rule gave it.
        blocked: a hand took the rule's tag off, and it stays off.
    """

    since: int | None = None
    by_hand: bool = False
    blocked: bool = False


NOTHING = Standing()


@dataclass(frozen=True, slots=True)
class Memory:
    """What the store knows of a customer and of the last run.

    Args:
        standings: how the customer stands with labels, as (kind, scope, name).
        thresholds: what the run held values against, by key.
    """

    standings: Mapping[tuple[str, str, str], Standing]
    thresholds: Mapping[str, Sequence[int | str | None]]


@dataclass(slots=True)
class Inquiry:
    """Collects what the program is asked for.

    Args:
        project: for the rules of scores.
    """

    project: Project
    asked: dict[str, Condition] = field(default_factory=dict)
    shown: dict[str, str | Measure] = field(default_factory=dict)

    def branch(self, condition: Condition) -> Branch:
        """A condition with its parts."""
        question = f"q{len(self.asked)}"
        self.asked[question] = condition
        probe = ""
        if isinstance(condition, AttributeTest | MetricTest | MeasureTest):
            probe = f"p{len(self.shown)}"
            self.shown[probe] = _looked_at(condition)
        return Branch(written(condition), condition, question, probe, self._parts(condition))

    def _parts(self, condition: Condition) -> tuple[Branch, ...]:
        if isinstance(condition, All | AnyOf | NoneOf):
            return tuple(self.branch(part) for part in condition.parts)
        if isinstance(condition, MetricTest) and condition.metric in self.project.scores:
            rules = self.project.scores[condition.metric].rules
            return tuple(Branch(reason(rule), points=(condition.metric, place)) for place, rule in enumerate(rules))
        return ()


def _looked_at(condition: AttributeTest | MetricTest | MeasureTest) -> str | Measure:
    match condition:
        case AttributeTest(test):
            return test.column
        case MetricTest(metric):
            return metric
        case MeasureTest(measure):
            return measure


def explain(
    engine: Engine,
    sources: tuple[FactSource, FactSource],
    project: Project,
    settings: Settings,
    now: Moment,
    *,
    customer_key: str,
    rules: tuple[Rule, ...],
    memory: Memory,
) -> tuple[Explanation, ...]:
    """Explain rules for one customer.

    Args:
        sources: the facts of that customer, and of all, which are read where the run left a threshold open.
        customer_key: the natural key.
        rules: tags, lifecycles and segments to explain.
        memory: what the store knows.
    """
    project = sliced(project, (), rules)
    inquiry = Inquiry(project)
    trees = {rule: _tree(rule, project, inquiry) for rule in rules}
    settled = {
        one.name: memory.standings.get(("segment", "", one.name), NOTHING).since is not None
        for one in project.segments.values()
        if one.top is not None or one.share is not None
    }
    wants = Wants(inquiry.asked, inquiry.shown, settled, memory.thresholds, detail=True)
    narrow, whole = sources
    outcome = evaluate(engine, narrow, project, settings, now, wants)
    if outcome.program.thresholds:
        engine.drop("outcome")
        outcome = evaluate(engine, whole, project, settings, now, wants)
    labels = [exp.alias_(one.holds.copy(), f"o{place}") for place, one in enumerate(outcome.program.outputs)]
    mine = exp.EQ(this=sql.column(KEY), expression=sql.literal(customer_key))
    row = engine.rows(exp.select(exp.Star(), *labels).from_("outcome").where(mine))[0]
    known = {**memory.thresholds, **outcome.thresholds()}
    reader = _Reader(row, outcome.program, now, known)
    return tuple(reader.explanation(rule, tree, project, customer_key, memory) for rule, tree in trees.items())


def _tree(rule: Rule, project: Project, inquiry: Inquiry) -> tuple[Branch, ...]:
    if rule.kind == "tag":
        when = project.tags[rule.name].when
        return () if when is None else (inquiry.branch(when),)
    if rule.kind == "segment":
        return (inquiry.branch(project.segments[rule.name].when),)
    lifecycle = project.lifecycles[rule.name]
    if lifecycle.is_derived:
        return tuple(Branch(stage, parts=(inquiry.branch(condition),)) for stage, condition in lifecycle.derived)
    return tuple(
        Branch(
            f"{'、'.join(move.origins)} → {move.target}" + (f" (after {move.after})" if move.after else ""),
            parts=() if move.when is None else (inquiry.branch(move.when),),
        )
        for move in lifecycle.transitions
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the answers of one customer's row."""

    row: Mapping[str, Any]
    program: Program
    now: Moment
    thresholds: Mapping[str, Sequence[int | str | None]]

    def explanation(
        self,
        rule: Rule,
        tree: tuple[Branch, ...],
        project: Project,
        customer_key: str,
        memory: Memory,
    ) -> Explanation:
        stored = memory.standings
        if rule.kind == "lifecycle":
            name = self.stage(project.lifecycles[rule.name]) or "-"
            standing = stored.get(("stage", rule.name, name), NOTHING)
            kind, holds, name = "stage", True, f"{rule.name}: {name}"
        else:
            kind, name = rule.kind, rule.name
            standing = stored.get((kind, "", name), NOTHING)
            holds = self.output(kind, "", name) or (standing.since is not None and not standing.blocked)
        return Explanation(
            customer_key=customer_key,
            kind=kind,
            name=name,
            holds=holds,
            since=None if standing.since is None else local_time(standing.since, self.now.zone),
            nodes=tuple(self.node(branch) for branch in tree),
            as_of=self.now,
            by_hand=standing.by_hand,
            blocked=standing.blocked,
            kept=kind == "tag" and project.tags[name].keep and standing.since is not None,
            excluded_by="" if holds or kind != "tag" else self.instead(project, name, stored),
            expired=kind == "tag" and not holds and self.output(EXPIRED, "", name),
        )

    def instead(self, project: Project, name: str, stored: Mapping[tuple[str, str, str], Standing]) -> str:
        """The tag of the same exclusive set that the customer has."""
        group = project.exclusive.get(project.tags[name].exclusive)
        others = [one for one in group.tags if one != name] if group is not None else []
        by_hand = [one for one in others if stored.get(("tag", "", one), NOTHING).by_hand]
        return next(iter([*by_hand, *(one for one in others if self.output("tag", "", one))]), "")

    def node(self, branch: Branch) -> ExplainNode:
        children = tuple(self.node(part) for part in branch.parts)
        holds = (
            bool(self.row[self.program.answers[branch.question]]) if branch.question else all(c.holds for c in children)
        )
        if branch.points is not None:
            points = self.row[self.program.points[branch.points]]
            return ExplainNode(branch.label, points != 0, figure("number", points, self.now.zone), ())
        return ExplainNode(branch.label, holds, self.value(branch), children)

    def value(self, branch: Branch) -> str:
        if branch.probe:
            shown = self.program.shown[branch.probe]
            per = self.row[shown.per] if shown.per else None
            number = self.row[shown.number]
            text = figure(shown.type.value, number, self.now.zone, per) or "—"
            return (
                text if number is None else f"{text}{self.age(shown, number)}{self.threshold(branch.condition, shown)}"
            )
        match branch.condition:
            case TagTest(tags):
                return "、".join(tag for tag in tags if self.output("tag", "", tag)) or "—"
            case StageTest(lifecycle):
                held = [
                    one.name
                    for place, one in enumerate(self.program.outputs)
                    if one.scope == lifecycle and self.row[f"o{place}"]
                ]
                return held[0] if held else "—"
            case RfmTest(setting):
                return self.type_of(setting)
            case SegmentTest(segments):
                return "、".join(name for name in segments if self.output("segment", "", name)) or "—"
            case _:
                return ""

    def type_of(self, setting: str) -> str:
        """The type with what it is made of: ` HHL (R 3, F 5, M 580.00)`."""
        kind, recency, frequency, money = (self.row[name] for name in self.program.types[setting])
        if kind is None:
            return "—"
        amount = figure("money", money, self.now.zone)
        return f"{TYPES[kind]} (R {recency}, F {frequency}, M {amount})"

    def threshold(self, condition: Condition | None, shown: Shown) -> str:
        """What the value was held against: ` (average 433.20)`; nothing for other tests."""
        if not isinstance(condition, AttributeTest | MetricTest | MeasureTest):
            return ""
        test = condition.test.test if isinstance(condition, AttributeTest) else condition.test
        while isinstance(test, Negated):
            test = test.test
        found = (
            self.thresholds.get(threshold_key(_looked_at(condition), test)) if isinstance(test, Top | Level) else None
        )
        if found is None or not isinstance(test, Top | Level) or not isinstance(found[0], int):
            return ""
        scale = RANK_SCALE if shown.per else 1
        if isinstance(test, Top):
            return f" (top: {figure(shown.type.value, found[0] // scale, self.now.zone)})"
        pair = (
            (found[1], found[0] * scale)
            if test.middle is Middle.AVERAGE
            else (found[0] + int(found[1] or 0), 2 * scale)
        )
        text = figure(shown.type.value, int(pair[0] or 0), self.now.zone, pair[1])
        return f" ({test.middle}: {text})"

    def age(self, shown: Shown, number: int) -> str:
        """How long ago a moment or date was, for tests say ages: ` (36d)`; nothing for other values."""
        if shown.type is Type.DATE:
            return f" ({self.now.today - number}d)"
        if shown.type is Type.INSTANT:
            return f" ({self.now.today - Moment(number, self.now.zone).today}d)"
        return ""

    def output(self, kind: str, scope: str, name: str) -> bool:
        return any(
            bool(self.row[f"o{place}"])
            for place, one in enumerate(self.program.outputs)
            if (one.kind, one.scope, one.name) == (kind, scope, name)
        )

    def stage(self, lifecycle: Lifecycle) -> str:
        return next((stage for stage in lifecycle.stages if self.output("stage", lifecycle.name, stage)), "")
