"""What refers to what: the order in which rules are computed, and circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.diagnostics import Related
from pdo.model.conditions import All, AnyOf, NoneOf, SegmentTest, StageTest, TagTest
from pdo.model.playbook import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pdo.core.diagnostics import Findings
    from pdo.core.source import Span
    from pdo.model.conditions import Condition
    from pdo.model.playbook import Lifecycle, Segment, Tag


def tests_in(condition: Condition) -> Iterator[Condition]:
    """The tests of a condition, whatever they are nested in, in written order."""
    waiting = [condition]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (All, AnyOf, NoneOf)):
            waiting.extend(reversed(part.parts))
        else:
            yield part


def references_of(condition: Condition) -> Iterator[tuple[Rule, Span]]:
    """The rules that a condition asks for, with the place where it does."""
    for test in tests_in(condition):
        match test:
            case TagTest(tags=tags, span=span):
                yield from ((Rule("tag", tag), span) for tag in tags)
            case StageTest(lifecycle=lifecycle, span=span):
                yield Rule("lifecycle", lifecycle), span
            case SegmentTest(segments=segments, span=span):
                yield from ((Rule("segment", segment), span) for segment in segments)
            case _:
                pass


def conditions_of(block: Tag | Lifecycle | Segment) -> tuple[Condition, ...]:
    """All conditions of a block that others may refer to."""
    transitions = getattr(block, "transitions", None)
    if transitions is None:
        when = getattr(block, "when", None)
        return () if when is None else (when,)
    moves = (move.when for move in transitions if move.when is not None)
    return (*moves, *(condition for _, condition in getattr(block, "derived", ())))


Edges = dict[Rule, list[tuple[Rule, "Span"]]]


def order_rules(blocks: Mapping[Rule, Tag | Lifecycle | Segment], findings: Findings) -> tuple[Rule, ...]:
    """Every rule after all it refers to; in the order given where nothing else decides.

    Diagnostics:
        PB205 a circle, once each, with the way round.
    """
    edges: Edges = {}
    for rule, block in blocks.items():
        targets = [pair for condition in conditions_of(block) for pair in references_of(condition)]
        edges[rule] = [
            (target, span)
            for target, span in targets
            if target in blocks and not (target == rule and rule.kind == "lifecycle")
        ]
    done: dict[Rule, None] = {}
    for rule in blocks:
        _visit(rule, edges, done, findings)
    return tuple(done)


def _visit(start: Rule, edges: Edges, done: dict[Rule, None], findings: Findings) -> None:
    """Depth first with a stack of one's own: chains may be long."""
    if start in done:
        return
    path: dict[Rule, Iterator[tuple[Rule, Span]]] = {start: iter(edges[start])}
    places: list[Span | None] = [None]
    while path:
        rule = next(reversed(path))
        step = next(path[rule], None)
        if step is None:
            done[rule] = None
            path.popitem()
            places.pop()
            continue
        target, span = step
        if target in path:
            _report_circle(target, span, list(path), places, findings)
        elif target not in done:
            path[target] = iter(edges[target])
            places.append(span)


def _report_circle(target: Rule, span: Span, path: list[Rule], places: list[Span | None], findings: Findings) -> None:
    begin = path.index(target)
    around = [*path[begin:], target]
    steps: Iterable[Span] = (place for place in places[begin + 1 :] if place is not None)
    related = tuple(
        Related(place, "related.refers", {"name": rule.name}) for place, rule in zip(steps, around[1:], strict=False)
    )
    findings.add("PB205", span, related=related, path=" → ".join(rule.name for rule in around))
