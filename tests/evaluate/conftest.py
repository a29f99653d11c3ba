"""A playbook's text, a few customers, what the store holds, and what a run would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pdo.compiler.layers import EXPIRED
from pdo.core.calendar import Moment, parse_moment
from pdo.evaluate.changes import Difference, difference
from pdo.evaluate.engine import open_engine
from pdo.evaluate.outcome import evaluate
from pdo.model.playbook import Project
from pdo.model.settings import Settings
from pdo.playbook.project import load_project
from tests.support.memory import MemoryFacts

ZONE = "Asia/Shanghai"
NOW = parse_moment("2026-03-02 09:00", ZONE)
HEAD = "version: 1\nplaybook: p\n"
Kept = dict[str, tuple[str, ...]]


def instant(text: str) -> int:
    """The instant of a local time."""
    return parse_moment(text, ZONE).at


@dataclass
class Scene:
    """A project over rows in memory.

    Args:
        keys: natural keys of the customers; their number is the place from 1.
        facts: rows and what the store holds.
    """

    project: Project
    settings: Settings
    keys: tuple[str, ...]
    facts: MemoryFacts = field(default_factory=MemoryFacts)

    def number(self, key: str) -> int:
        """The surrogate key of a customer."""
        return self.keys.index(key) + 1

    def give(self, key: str, name: str, *, scope: str = "", since: str = "2026-01-01", by: str = "rule") -> None:
        """An open assignment: a tag, or a stage where there is a scope; a segment where that is its name."""
        kind = "stage" if scope else ("segment" if name in self.project.segments else "tag")
        self.facts.held.append((self._label(kind, scope, name), self.number(key), instant(since), by))

    def block(self, key: str, tag: str) -> None:
        """A rule's tag that a hand took off for good."""
        self.facts.off.append((self._label("tag", "", tag), self.number(key)))

    def _label(self, kind: str, scope: str, name: str) -> int:
        wanted = (kind, scope, name, "p")
        known = {label: number for number, label in self.facts.names.items()}
        number = known.get(wanted, len(known) + 1)
        self.facts.names[number] = wanted
        return number

    def difference(self, now: Moment = NOW) -> Difference:
        """What a run would change."""
        with open_engine() as engine:
            return difference(evaluate(engine, self.facts, self.project, self.settings, now), self.facts)

    def run(self, now: str) -> Kept:
        """Apply what a run would change at a local time, and say it."""
        moment = parse_moment(now, ZONE)
        made = self.difference(moment)
        for kind, scope, name, _ in made.rules:
            self._label(kind, scope, name)
        for step in made.steps:
            label = self._label(step.kind, step.scope, step.name)
            for customer in step.keys.column("customer_id").to_pylist():
                if step.change == "gained":
                    self.facts.held.append((label, customer, moment.at, "rule"))
                else:
                    self.facts.held = [
                        one for one in self.facts.held if one[:2] != (label, customer) or one[3] != "rule"
                    ]
        return {f"{step.change} {step.name}": step.sample for step in made.steps if step.kind != EXPIRED}

    def changes(self, now: Moment = NOW) -> Kept:
        """What a run would change, as `gained 标签` → customers."""
        return {f"{step.change} {step.name}": step.sample for step in self.difference(now).steps}


Make = Callable[..., Scene]


@pytest.fixture
def scene(tmp_path: Path) -> Make:
    """Makes a scene of a playbook's text and the attributes of some customers."""

    def made(playbook: str, **rows: dict[str, Any]) -> Scene:
        (tmp_path / "p.yaml").write_text(HEAD + playbook, "utf-8")
        settings = Settings(tmp_path, tmp_path / "pdo.db")
        project, findings = load_project(settings, [tmp_path / "p.yaml"])
        assert project is not None, findings
        customers = [{"id": place, "key": key, **row} for place, (key, row) in enumerate(rows.items(), 1)]
        return Scene(project, settings, tuple(rows), MemoryFacts({"customers": customers}))

    return made
