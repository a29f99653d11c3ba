"""Why: the conditions of a rule as they are written, with what each came to for one customer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pdo.core.calendar import Moment
from pdo.core.figures import local_time
from pdo.core.figures import shown as figure
from pdo.evaluate.outcome import evaluate
from pdo.evaluate.words import written
from pdo.model.conditions import (
    All,
    AnyOf,
    AttributeTest,
    MeasureTest,
    MetricTest,
    NoneOf,
    SegmentTest,
    StageTest,
    TagTest,
)
from pdo.model.fields import Type
from pdo.model.reports import ExplainNode, Explanation

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        question: the name under which the program answers whether it holds; empty where the parts decide.
        probe: the name under which the program shows the value; empty for none.
    """

    label: str
    condition: Condition | None
    question: str
    probe: str
    parts: tuple[Branch, ...]


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


@dataclass(slots=True)
class Inquiry:
    """Collects what the program is asked for."""

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
        parts = condition.parts if isinstance(condition, All | AnyOf | NoneOf) else ()
        return Branch(written(condition), condition, question, probe, tuple(self.branch(part) for part in parts))


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
    source: FactSource,
    project: Project,
    settings: Settings,
    now: Moment,
    *,
    customer_key: str,
    rules: tuple[Rule, ...],
    stored: Mapping[tuple[str, str, str], Standing],
) -> tuple[Explanation, ...]:
    """Explain rules for one customer.

    Args:
        source: the facts of that customer.
        rules: tags, lifecycles and segments to explain.
        stored: how the customer stands with labels, as (kind, scope, name).
    """
    inquiry = Inquiry()
    trees = {rule: _tree(rule, project, inquiry) for rule in rules}
    settled = {
        one.name: stored.get(("segment", "", one.name), NOTHING).since is not None
        for one in project.segments.values()
        if one.top is not None
    }
    outcome = evaluate(
        engine, source, project, settings, now, asked=inquiry.asked, shown=inquiry.shown, settled=settled
    )
    labels = [exp.alias_(one.holds.copy(), f"o{place}") for place, one in enumerate(outcome.program.outputs)]
    row = engine.rows(exp.select(exp.Star(), *labels).from_("outcome"))[0]
    reader = _Reader(row, outcome.program, now)
    return tuple(reader.explanation(rule, tree, project, customer_key, stored) for rule, tree in trees.items())


def _tree(rule: Rule, project: Project, inquiry: Inquiry) -> tuple[Branch, ...]:
    if rule.kind == "tag":
        when = project.tags[rule.name].when
        return () if when is None else (inquiry.branch(when),)
    if rule.kind == "segment":
        return (inquiry.branch(project.segments[rule.name].when),)
    lifecycle = project.lifecycles[rule.name]
    if lifecycle.is_derived:
        return tuple(
            Branch(stage, None, "", "", (inquiry.branch(condition),)) for stage, condition in lifecycle.derived
        )
    return tuple(
        Branch(
            f"{'、'.join(move.origins)} → {move.target}" + (f" (after {move.after})" if move.after else ""),
            None,
            "",
            "",
            () if move.when is None else (inquiry.branch(move.when),),
        )
        for move in lifecycle.transitions
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the answers of one customer's row."""

    row: Mapping[str, Any]
    program: Program
    now: Moment

    def explanation(
        self,
        rule: Rule,
        tree: tuple[Branch, ...],
        project: Project,
        customer_key: str,
        stored: Mapping[tuple[str, str, str], Standing],
    ) -> Explanation:
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
        )

    def node(self, branch: Branch) -> ExplainNode:
        children = tuple(self.node(part) for part in branch.parts)
        holds = (
            bool(self.row[self.program.answers[branch.question]]) if branch.question else all(c.holds for c in children)
        )
        return ExplainNode(branch.label, holds, self.value(branch), children)

    def value(self, branch: Branch) -> str:
        if branch.probe:
            shown = self.program.shown[branch.probe]
            per = self.row[shown.per] if shown.per else None
            number = self.row[shown.number]
            text = figure(shown.type.value, number, self.now.zone, per) or "—"
            return text if number is None else f"{text}{self.age(shown, number)}"
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
            case SegmentTest(segments):
                return "、".join(name for name in segments if self.output("segment", "", name)) or "—"
            case _:
                return ""

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
