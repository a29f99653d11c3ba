"""Whether rules make sense together: what can never be, what always is, what never gets its turn, what leads back."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Diagnostic, Related, Severity
from pdo.core.frozen import dataclass
from pdo.model.conditions import (
    All,
    AnyOf,
    AttributeTest,
    Everyone,
    MeasureName,
    MeasureTest,
    MetricTest,
    Negated,
    NoneOf,
    SegmentTest,
)
from pdo.model.outreach import Choice, StepMessage, Wait
from pdo.playbook.certainty import NEVER_ABSENT
from pdo.playbook.possible import Conflict, Known, Leaf, conflict_in, tree_of
from pdo.playbook.references import stages_begun, tests_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdo.core.source import Source, Span
    from pdo.model.conditions import Condition
    from pdo.model.outreach import Said
    from pdo.model.playbook import Lifecycle, Project, Tag, Transition
    from pdo.playbook.possible import Tree
    from pdo.playbook.reading import Reading

_MANY = 40
"""Of more conditions beside each other no two are held against each other."""
_PLAIN = frozenset((MeasureName.COUNT, MeasureName.AMOUNT, MeasureName.LAST))
"""Measures whose values hardly hang on each other, so that two of them may well hold together."""

Facts = dict[tuple[object, ...], bool]


@dataclass(frozen=True, slots=True)
class _Ruled:
    """A condition with what it is read in."""

    condition: Condition
    within: Condition | None = None


def check_sense(project: Project, reading: Reading) -> None:
    """What the rules of a project say together.

    Diagnostics:
        PB920 what never holds, PB921 what always does, PB922 what never gets its turn, PB923 exclusive tags that can both
        hold, PB925 transitions that lead back.
    """
    known = Known(project.metrics, project.segments)
    told: set[tuple[str, int, int]] = set()
    for ruled in _conditions(project):
        span = ruled.condition.span
        place = (span.source.path, span.line, span.column)
        if place not in told and _check_condition(ruled, known, reading):
            told.add(place)
    for name, each in project.exclusive.items():
        tags = [project.tags[tag] for tag in each.tags]
        _check_exclusive(name, [tag for tag in tags if tag.when is not None and tag.ask is None], known, reading)
    for lifecycle in project.lifecycles.values():
        _check_derived(lifecycle, known, reading)
        _check_back(lifecycle, known, reading)


# Conditions by themselves -----------------------------------------------------------------------------------------


def _conditions(project: Project) -> Iterator[_Ruled]:
    for tag in project.tags.values():
        yield from _ruled(tag.when)
    for score in project.scores.values():
        for rule in score.rules:
            yield from _ruled(rule.when)
    for lifecycle in project.lifecycles.values():
        for move in lifecycle.transitions:
            yield from _ruled(move.when)
        for _, condition in lifecycle.derived:
            yield from _ruled(condition)
    for segment in project.segments.values():
        yield from _ruled(segment.when)
    yield from _sent(project)


def _sent(project: Project) -> Iterator[_Ruled]:
    for campaign in project.outreach.campaigns.values():
        yield from _ruled(campaign.to)
        yield from _chosen(campaign.said, campaign.to)
        yield from _ruled(campaign.goal.when if campaign.goal is not None else None)
    for journey in project.outreach.journeys.values():
        yield from _ruled(journey.enter)
        yield from _ruled(journey.exit)
        for step in journey.steps:
            yield from _ruled(step.when)
            if isinstance(step.action, Wait):
                yield from _ruled(step.action.until)
            elif isinstance(step.action, StepMessage):
                yield from _chosen(step.action.said, None)


def _ruled(condition: Condition | None, within: Condition | None = None) -> Iterator[_Ruled]:
    if condition is not None and not isinstance(condition, (Everyone, SegmentTest)):
        yield _Ruled(condition, within)


def _chosen(said: Said, to: Condition | None) -> Iterator[_Ruled]:
    for line in said if isinstance(said, tuple) else ():
        if isinstance(line, Choice):
            yield from _ruled(line.when, to)


def _check_condition(ruled: _Ruled, known: Known, reading: Reading) -> bool:
    """Whether something was found."""
    condition = ruled.condition
    tree = tree_of(condition, known)
    conflict = conflict_in(tree)
    if conflict is None and ruled.within is not None:
        conflict = conflict_in(tree_of(ruled.within, known), tree)
    if conflict is not None:
        _tell_never(conflict, reading)
        return True
    if _may_be_always(condition) and conflict_in(tree_of(condition, known, holds=False)) is not None:
        _add("PB921", condition.span, Severity.WARNING, reading)
        return True
    dead = [found for part in _alternatives(condition) if (found := conflict_in(tree_of(part, known))) is not None]
    for found in dead:
        _tell_never(found, reading)
    return bool(dead)


def _may_be_always(condition: Condition) -> bool:
    """Whether it is worth asking: most conditions hold for nobody of whom nothing is known."""
    match condition:
        case All(parts=parts):
            return all(_may_be_always(part) for part in parts)
        case AnyOf() | NoneOf():
            return not any(isinstance(test, Everyone) for test in tests_in(condition))
        case MeasureTest(measure=measure):
            return measure.name in NEVER_ABSENT
        case AttributeTest(test=column):
            return isinstance(column.test, Negated)
        case MetricTest() | SegmentTest():
            return True
        case _:
            return False


def _alternatives(condition: Condition) -> Iterator[Condition]:
    """What stands under `any`, wherever that is not itself turned round."""
    waiting = [condition]
    while waiting:
        part = waiting.pop()
        parts = getattr(part, "parts", ())
        if isinstance(part, AnyOf) and len(parts) <= _MANY:
            yield from parts
        if not isinstance(part, NoneOf):
            waiting.extend(parts)


def _tell_never(conflict: Conflict, reading: Reading) -> None:
    wrong = {(each.span.source.path, each.span.line) for each in reading.findings if each.is_error and each.span}
    if any((span.source.path, span.line) in wrong for span in (conflict.span, conflict.against)):
        # What was found wrong there, as a key given twice, is mended first.
        return
    if conflict.span == conflict.against:
        _add("PB920", conflict.span, Severity.WARNING, reading, variant="alone")
        return
    related = (Related(conflict.against, "related.against"),)
    _add("PB920", conflict.span, Severity.WARNING, reading, related=related)


def _add(
    code: str,
    span: Span,
    severity: Severity,
    reading: Reading,
    *,
    variant: str = "",
    related: tuple[Related, ...] = (),
    **params: object,
) -> None:
    reading.findings.extend((Diagnostic(code, span, params, related, severity, variant),))


# One beside another -----------------------------------------------------------------------------------------------


def _check_exclusive(name: str, tags: list[Tag], known: Known, reading: Reading) -> None:
    """Tags of which the first that holds is taken: one that never gets its turn, two that can both hold."""
    if len(tags) > _MANY:
        return
    trees = [(tag, tag.when, tree_of(tag.when, known)) for tag in tags if tag.when is not None]
    overlaps = 0
    for (one, first, earlier), (other, second, later) in combinations(trees, 2):
        if conflict_in(earlier, later) is not None:
            continue
        related = (Related(one.span, "related.taken", {"name": one.name}),)
        if conflict_in(later, tree_of(first, known, holds=False)) is not None:
            params = {"name": other.name, "first": one.name}
            _add("PB922", other.span, Severity.WARNING, reading, variant="tag", related=related, **params)
        elif conflict_in(earlier, tree_of(second, known, holds=False)) is None and _may_meet(earlier, later):
            overlaps += 1
            if overlaps == 1:
                params = {"name": other.name, "first": one.name, "group": name}
                _add("PB923", other.span, Severity.ADVICE, reading, related=related, **params)


def _check_derived(lifecycle: Lifecycle, known: Known, reading: Reading) -> None:
    stages = lifecycle.derived
    if len(stages) > _MANY:
        return
    # Of several that hold the last is taken by `take: highest`, otherwise the first.
    ordered = list(reversed(stages)) if lifecycle.highest else list(stages)
    for (one, first), (other, second) in combinations(ordered, 2):
        later = tree_of(second, known)
        if conflict_in(later) is None and conflict_in(later, tree_of(first, known, holds=False)) is not None:
            related = (Related(first.span, "related.taken", {"name": one}),)
            params = {"name": other, "first": one}
            _add("PB922", second.span, Severity.WARNING, reading, variant="stage", related=related, **params)


def covers_all(choices: Sequence[Condition], to: Condition | None, known: Known) -> bool:
    """Whether one of the conditions certainly holds for everybody in question."""
    trees = [tree_of(choice, known, holds=False) for choice in choices]
    return conflict_in(*([tree_of(to, known)] if to is not None else []), *trees) is not None


def check_turns(choices: Sequence[Choice], to: Condition | None, known: Known, reading: Reading) -> None:
    """Lines of which the first that holds is taken: one that never gets its turn.

    Diagnostics:
        PB922.
    """
    lines = [(choice.span, choice.when) for choice in choices if choice.when is not None]
    around = [tree_of(to, known)] if to is not None else []
    for (span, first), (place, second) in combinations(lines, 2) if len(lines) <= _MANY else ():
        later = [*around, tree_of(second, known)]
        if conflict_in(*later) is None and conflict_in(*later, tree_of(first, known, holds=False)) is not None:
            _add("PB922", place, Severity.WARNING, reading, related=(Related(span, "related.before"),))


def _may_meet(one: Tree, other: Tree) -> bool:
    """Whether nothing but plain facts is said, so that some customer may well meet both."""
    facts: Facts = {}
    waiting = [one, other]
    while waiting:
        tree = waiting.pop()
        if isinstance(tree, Leaf):
            facts[tree.key] = True
        else:
            waiting.extend(tree.parts)
    asked = [key[1] if key[0] == "attribute" else key for key in facts if key[0] != "present"]
    return len(set(asked)) == len(asked) and all(_is_plain(key) for key in facts)


def _is_plain(key: tuple[object, ...]) -> bool:
    match key:
        case ("measure", _, name, *_):
            return name in _PLAIN
        case ("age", "attribute", _) | ("day", _, "attribute", _) | ("completed", "attribute", _):
            return True
        case (kind, *_):
            return kind in ("attribute", "present")
        case _:
            return False


# There and back ---------------------------------------------------------------------------------------------------


def _check_back(lifecycle: Lifecycle, known: Known, reading: Reading) -> None:
    """Two transitions that can both hold: a customer who meets them goes to and fro, run by run."""
    moves = [move for move in lifecycle.transitions if _is_at_once(move)]
    if len(moves) > _MANY:
        return
    for one, other in combinations(moves, 2):
        if one.target not in other.origins or other.target not in one.origins:
            continue
        if one.when is None or other.when is None:
            continue
        there, back = tree_of(one.when, known), tree_of(other.when, known)
        if conflict_in(there, back) is None and _may_meet(there, back):
            related = (Related(one.span, "related.there"),)
            path = f"{other.target} → {one.target} → {other.target}"
            _add("PB925", other.span, Severity.WARNING, reading, related=related, path=path)


def _is_at_once(move: Transition) -> bool:
    """Whether it may hold in the run that leads to where it begins."""
    if move.after is not None or move.when is None:
        return False
    return not any(stage for test in tests_in(move.when) for stage in stages_begun(test))


# Names ------------------------------------------------------------------------------------------------------------


def check_unused(project: Project, sources: Sequence[Source], reading: Reading) -> None:
    """Names that stand nowhere but where they are defined.

    A name that is found anywhere else, even in a comment, counts as used.

    Diagnostics:
        PB926.
    """
    rows = [row for content in project.outreach.contents.values() for row in content.rows]
    said = (f"{row.offer} {row.text.text}" for row in rows if row.offer or "{" in row.text.text)
    text = "\n".join([*(source.text for source in sources), *dict.fromkeys(said)])
    defined = {
        "metrics": {name: metric.span for name, metric in project.metrics.items()},
        "offers": {name: offer.span for name, offer in project.outreach.offers.items()},
        "contents": {name: content.span for name, content in project.outreach.contents.items()},
    }
    for kind, names in defined.items():
        for name, span in names.items():
            start = text.find(name)
            if text.find(name, start + 1) < 0:
                _add("PB926", span, Severity.ADVICE, reading, name=name, block=kind)
