"""What refers to what: the order in which rules are computed, and circles."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Related
from pdo.model.conditions import (
    Anchor,
    LatestTest,
    MeasureTest,
    MetricTest,
    RfmTest,
    SegmentTest,
    Since,
    StageTest,
    TagTest,
)
from pdo.model.playbook import ExclusiveSet, Ratio, Rule
from pdo.playbook.references import stages_begun, tests_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdo.core.diagnostics import Findings
    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Rows
    from pdo.model.playbook import Lifecycle, Project, Rfm, Score, Segment, Tag

Edge = tuple[Rule, "Span"]


def exclusive_sets(tags: Iterable[Tag]) -> dict[str, ExclusiveSet]:
    """The sets that tags belong to, their tags by playbook file name and then in file order."""
    found: dict[str, list[Tag]] = {}
    for tag in tags:
        if tag.exclusive:
            found.setdefault(tag.exclusive, []).append(tag)
    ordered = {name: sorted(members, key=lambda tag: _file(tag.span)) for name, members in found.items()}
    return {name: ExclusiveSet(name, tuple(tag.name for tag in members)) for name, members in ordered.items()}


def _file(span: Span) -> str:
    return PurePath(span.source.path.replace("\\", "/")).name


def order_rules(project: Project, findings: Findings) -> tuple[Rule, ...]:
    """Every rule after all it refers to; by file and line where nothing else decides.

    Diagnostics:
        PB205 a circle, once each, with the way round.
    """
    places = _places(project)
    sources = {path: number for number, path in enumerate(dict.fromkeys(span.source.path for span in places.values()))}
    written = sorted(places, key=lambda rule: (sources[places[rule].source.path], *_position(places[rule])))
    graph = _Graph(project, findings)
    for rule in written:
        graph.visit(rule)
    return tuple(graph.done)


def _position(span: Span) -> tuple[int, int]:
    return span.line, span.column


def _places(project: Project) -> dict[Rule, Span]:
    """Every rule with the place where it is written; a set of tags with that of its last one."""
    blocks: dict[Rule, Tag | Rfm | Score | Lifecycle | Segment] = {
        **{Rule("tag", name): tag for name, tag in project.tags.items()},
        **{Rule("rfm", name): setting for name, setting in project.rfm.items()},
        **{Rule("score", name): score for name, score in project.scores.items()},
        **{Rule("lifecycle", name): lifecycle for name, lifecycle in project.lifecycles.items()},
        **{Rule("segment", name): segment for name, segment in project.segments.items()},
    }
    places = {rule: block.span for rule, block in blocks.items()}
    for name, each in project.exclusive.items():
        places[Rule("exclusive", name)] = project.tags[each.tags[-1]].span
    return places


class _Graph:
    """The rules of a project and the way through them; depth first with a stack of its own, for chains may be long."""

    def __init__(self, project: Project, findings: Findings) -> None:
        self.project = project
        self.findings = findings
        self.done: dict[Rule, None] = {}

    def visit(self, start: Rule) -> None:
        """Put a rule behind all that it refers to."""
        if start in self.done:
            return
        path: dict[Rule, Iterator[Edge]] = {start: self._edges(start)}
        places: list[Span | None] = [None]
        while path:
            rule = next(reversed(path))
            step = next(path[rule], None)
            if step is None:
                self.done[rule] = None
                path.popitem()
                places.pop()
                continue
            target, span = step
            if target in path:
                _report_circle(target, span, list(path), places, self.findings)
            elif target not in self.done:
                path[target] = self._edges(target)
                places.append(span)

    # What a rule refers to ---------------------------------------------------------------------------------------

    def _edges(self, rule: Rule) -> Iterator[Edge]:
        project = self.project
        match rule.kind:
            case "tag":
                yield from self._of_condition(project.tags[rule.name].when)
            case "exclusive":
                for name in project.exclusive[rule.name].tags:
                    yield Rule("tag", name), project.tags[name].span
            case "score":
                for points in project.scores[rule.name].rules:
                    yield from self._of_condition(points.when)
                    if points.each is not None:
                        yield from self._of_rows(points.each, points.span)
            case "rfm":
                setting = project.rfm[rule.name]
                yield from self._of_window(setting.window, setting.span)
            case "lifecycle":
                lifecycle = project.lifecycles[rule.name]
                conditions = [move.when for move in lifecycle.transitions]
                conditions.extend(condition for _, condition in lifecycle.derived)
                for condition in conditions:
                    # A lifecycle that asks for its own stage has been reported.
                    yield from (edge for edge in self._of_condition(condition) if edge[0] != rule)
            case _:
                segment = project.segments[rule.name]
                yield from self._of_condition(segment.when)
                for ranking in segment.rank_by:
                    yield from self._of_value(ranking.name, ranking.span)

    def _of_condition(self, condition: Condition | None) -> Iterator[Edge]:
        if condition is None:
            return
        for test in tests_in(condition):
            match test:
                case TagTest(tags=tags, span=span):
                    yield from (edge for name in tags for edge in self._of_tag(name, span))
                case StageTest(lifecycle=name, span=span):
                    yield from self._known(Rule("lifecycle", name), span)
                case SegmentTest(segments=names, span=span):
                    yield from (edge for name in names for edge in self._known(Rule("segment", name), span))
                case RfmTest(setting=name, span=span):
                    yield from self._known(Rule("rfm", name), span)
                case MetricTest(metric=name, span=span):
                    yield from self._of_value(name, span)
                case MeasureTest(span=span) | LatestTest(span=span):
                    for name in stages_begun(test):
                        yield from self._known(Rule("lifecycle", name), span)
                case _:
                    pass

    def _of_tag(self, name: str, span: Span) -> Iterator[Edge]:
        tag = self.project.tags.get(name)
        if tag is not None:
            yield (Rule("exclusive", tag.exclusive) if tag.exclusive else Rule("tag", name)), span

    def _of_value(self, name: str, span: Span) -> Iterator[Edge]:
        metric = self.project.metrics.get(name)
        if metric is None:
            yield from self._known(Rule("score", name), span)
            yield from self._known(Rule("rfm", name.rpartition(".")[0]), span)
            return
        if isinstance(metric.measure, Ratio):
            for part in (metric.measure.over, metric.measure.under):
                yield from self._of_value(part, span)
        else:
            yield from self._of_rows(metric.measure.rows, span)

    def _of_rows(self, rows: Rows, span: Span) -> Iterator[Edge]:
        yield from self._of_window(rows.window, span)

    def _of_window(self, window: object, span: Span) -> Iterator[Edge]:
        if isinstance(window, Since) and window.anchor is Anchor.STAGE:
            yield from self._known(Rule("lifecycle", window.name), span)

    def _known(self, rule: Rule, span: Span) -> Iterator[Edge]:
        """The edge, where the rule exists: what could not be read is left out."""
        project = self.project
        blocks = {
            "score": project.scores,
            "rfm": project.rfm,
            "lifecycle": project.lifecycles,
            "segment": project.segments,
        }
        if rule.name in blocks[rule.kind]:
            yield rule, span


def _report_circle(target: Rule, span: Span, path: list[Rule], places: list[Span | None], findings: Findings) -> None:
    begin = path.index(target)
    around = [*path[begin:], target]
    steps = (place for place in places[begin + 1 :] if place is not None)
    related = tuple(
        Related(place, "related.refers", {"name": rule.name}) for place, rule in zip(steps, around[1:], strict=False)
    )
    findings.add("PB205", span, related=related, path=" → ".join(rule.name for rule in around))
