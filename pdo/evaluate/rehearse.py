"""Examples run: one program answers for a round of all of them, and what came of it is there in the next round."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pdo.compiler.measures import CUSTOMER
from pdo.core.figures import quantity, shown
from pdo.evaluate.example_facts import ExampleFacts, Given, World
from pdo.evaluate.outcome import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from pdo.compiler.layers import Output
    from pdo.compiler.program import Shown, Wants
    from pdo.core.calendar import Moment
    from pdo.evaluate.engine import Engine
    from pdo.evaluate.outcome import Outcome
    from pdo.model.playbook import Project
    from pdo.model.settings import Settings

BY_RULE = "rule"


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one customer in one round.

    Args:
        customer_id: the surrogate key of the round.
        tags: those the customer has, whoever put them on.
        stages: lifecycle → stage; lifecycles without one are left out.
        segments: that the customer belongs to.
        shown: name of a value → as people read it; empty where it is absent.
        values: name of a value → as texts use it; None where it is absent.
        answers: name of a condition → whether it holds.
    """

    customer_id: int
    tags: frozenset[str]
    stages: Mapping[str, str]
    segments: frozenset[str]
    shown: Mapping[str, str]
    values: Mapping[str, object]
    answers: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Runs examples side by side, round by round.

    Args:
        engine: where.
        project: the checked playbooks.
        settings: of the project.
    """

    engine: Engine
    project: Project
    settings: Settings
    _labels: list[tuple[str, str, str, str]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Every rule counts as having run before, and tags that hands put on are known."""
        self._labels.extend(("tag", "", tag.name, tag.playbook) for tag in self.project.tags.values() if not tag.column)

    @property
    def tags(self) -> frozenset[str]:
        """The names of all tags, values of a column as soon as somebody has them."""
        return frozenset(name for kind, _, name, _ in self._labels if kind == "tag")

    def round(
        self,
        worlds: Sequence[World],
        moments: Sequence[Moment],
        wants: Wants,
        then: Callable[[Outcome, ExampleFacts], None] = lambda _outcome, _facts: None,
        inside: Callable[[ExampleFacts], pa.Table | None] = lambda _facts: None,
    ) -> dict[int, dict[str, Seen]]:
        """Run one round.

        Args:
            worlds: the examples; what they gain and lose is noted in them.
            moments: the now of each.
            wants: what is asked and shown.
            then: is called with what came of it, before the engine forgets that.
            inside: gives who is in which journey.

        Returns:
            Number of the world → own id of a customer → what became of them.
        """
        facts = ExampleFacts(self.settings, list(worlds), self._labels)
        living = facts.living(tuple(moments))
        outcome = evaluate(
            self.engine, facts, self.project, self.settings, moments[0], wants, living, entries=inside(facts)
        )
        self._remember(outcome)
        outputs = outcome.program.outputs
        labels = [exp.alias_(one.holds.copy(), f"o{place}") for place, one in enumerate(outputs)]
        rows = self.engine.rows(exp.select(exp.Star(), *labels).from_("outcome"))
        then(outcome, facts)
        self.engine.clear()
        owners = {number: key for key, number in facts.customers.items()}
        by_number = {world.number: (world, now) for world, now in zip(worlds, moments, strict=True)}
        found: dict[int, dict[str, Seen]] = {}
        for row in rows:
            number, key = owners[row[CUSTOMER]]
            world, now = by_number[number]
            self._settle(world, key, now, {_name(one) for place, one in enumerate(outputs) if row[f"o{place}"]})
            found.setdefault(number, {})[key] = self._seen(row, world, key, outcome, now)
        return found

    def _remember(self, outcome: Outcome) -> None:
        """The labels that the next round knows; values of a column as soon as somebody has them."""
        known = {label[:3] for label in self._labels}
        for one in outcome.program.outputs:
            if _name(one) not in known:
                self._labels.append((*_name(one), one.playbook))

    @staticmethod
    def _settle(world: World, key: str, now: Moment, holding: set[Given]) -> None:
        """Note what a customer has by rule from now on."""
        held = world.held.setdefault(key, {})
        for label, (_, source) in list(held.items()):
            if source == BY_RULE and label not in holding:
                del held[label]
        for label in holding:
            held.setdefault(label, (now.at, BY_RULE))

    def _seen(self, row: Mapping[str, Any], world: World, key: str, outcome: Outcome, now: Moment) -> Seen:
        labels = list(world.held.get(key, ()))
        program = outcome.program
        return Seen(
            row[CUSTOMER],
            frozenset(name for kind, _, name in labels if kind == "tag"),
            {scope: name for kind, scope, name in labels if kind == "stage"},
            frozenset(name for kind, _, name in labels if kind == "segment"),
            {name: _told(row, one, now) for name, one in program.shown.items()},
            {name: _usable(row, one, now) for name, one in program.shown.items()},
            {name: bool(row[column]) for name, column in program.answers.items()},
        )


def _name(output: Output) -> Given:
    return output.kind, output.scope, output.name


def _told(row: Mapping[str, Any], value: Shown, now: Moment) -> str:
    return shown(value.type.value, row[value.number], now.zone, row[value.per] if value.per else None)


def _usable(row: Mapping[str, Any], value: Shown, now: Moment) -> object:
    return quantity(value.type.value, row[value.number], now.zone, row[value.per] if value.per else None)
