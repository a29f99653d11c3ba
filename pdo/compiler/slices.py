"""Only what is asked for: a project cut down to some rules and all that they refer to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdo.compiler.conditions import references, rules_of_rows, rules_of_value
from pdo.model.playbook import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdo.model.conditions import Condition
    from pdo.model.playbook import Project


def sliced(project: Project, conditions: Iterable[Condition], rules: Iterable[Rule] = ()) -> Project:
    """A project with the rules that conditions and other rules refer to, in its own order.

    Tags and lifecycles keep their place, for columns of the state are named by it.
    """
    waiting = [*rules, *(rule for one in conditions for rule in references(project, one))]
    needed: set[Rule] = set()
    while waiting:
        rule = waiting.pop()
        if rule not in needed:
            needed.add(rule)
            waiting.extend(_referred(project, rule))
    return replace(project, order=tuple(rule for rule in project.order if rule in needed))


def _referred(project: Project, rule: Rule) -> Iterator[Rule]:
    match rule.kind:
        case "tag":
            tag = project.tags[rule.name]
            if tag.when is not None:
                yield from references(project, tag.when)
            if tag.exclusive:
                yield Rule("exclusive", tag.exclusive)
        case "exclusive":
            yield from (Rule("tag", name) for name in project.exclusive[rule.name].tags)
        case "score":
            whens = (one.when for one in project.scores[rule.name].rules if one.when is not None)
            yield from (found for when in whens for found in references(project, when))
            rows = (one.each for one in project.scores[rule.name].rules if one.each is not None)
            yield from (found for one in rows for found in rules_of_rows(one))
        case "lifecycle":
            cycle = project.lifecycles[rule.name]
            moves = (move.when for move in cycle.transitions if move.when is not None)
            derived = (condition for _, condition in cycle.derived)
            yield from (found for one in (*moves, *derived) for found in references(project, one))
        case "segment":
            segment = project.segments[rule.name]
            yield from references(project, segment.when)
            yield from (found for one in segment.rank_by for found in rules_of_value(project, one.name))
