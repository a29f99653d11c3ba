"""What rests on what: the names that a rule uses, and all that hangs on a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from pdo.model.conditions import Anchor, MetricTest, RfmTest, SegmentTest, Since, StageTest, TagTest
from pdo.model.outreach import Body, ContentRow, Match, MatchKind, Template
from pdo.model.playbook import Alert, Ranking, Ratio, Segment
from pdo.playbook.describing.rules import KINDS, rules_of
from pdo.playbook.templates import template_variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdo.model.outreach import Content
    from pdo.model.playbook import Project

Key = tuple[str, str]
"""The kind and the name of a rule."""


class References:
    """The references between the rules of a project.

    Args:
        project: checked.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.rules = rules_of(project)
        self.users: dict[Key, dict[Key, None]] = {}
        for key, rule in self.rules.items():
            for used in (*self._used(rule), *self._ties(key)):
                if used != key:
                    self.users.setdefault(used, {})[key] = None

    def resting_on(self, keys: Iterable[Key]) -> tuple[Key, ...]:
        """All rules that hang on these, by other rules too, in the order in which a reader meets them; not these themselves."""
        start = set(keys)
        found: set[Key] = set()
        waiting = list(start)
        while waiting:
            for user in self.users.get(waiting.pop(), ()):
                if user not in found:
                    found.add(user)
                    waiting.append(user)
        return tuple(key for key in self.rules if key in found - start)

    def _ties(self, key: Key) -> Iterator[Key]:
        """What a rule hangs on without naming it: a tag on the others of its set, messages on the policy."""
        kind, name = key
        if kind == "tag" and self.project.tags[name].exclusive in self.project.exclusive:
            exclusive = self.project.tags[name].exclusive
            yield "tag_group", exclusive
            yield from (("tag", other) for other in self.project.exclusive[exclusive].tags)
        if kind in ("campaign", "journey"):
            yield "policy", ""

    def _used(self, value: object) -> Iterator[Key]:
        """The names that stand anywhere in a rule."""
        yield from self._asked(value)
        yield from self._shown(value)
        yield from self._inside(value)

    def _asked(self, value: object) -> Iterator[Key]:
        """What a test asks for."""
        match value:
            case TagTest(tags):
                yield from map(self._tag, tags)
            case StageTest(lifecycle) | Since(Anchor.STAGE, lifecycle) | Match(_, MatchKind.STAGE, lifecycle):
                yield "lifecycle", lifecycle
            case SegmentTest(segments):
                yield from (("segment", name) for name in segments)
            case RfmTest(setting):
                yield "rfm", setting
            case MetricTest(name) | Ranking(name):
                yield from self._value(name)
            case Ratio(over, under):
                yield from (("metric", over), ("metric", under))
            case _:
                pass

    def _shown(self, value: object) -> Iterator[Key]:
        """What a list or a text shows, and what goes with it."""
        match value:
            case Segment(columns=names) | Template(variables=names):
                yield from (key for name in names for key in self._value(name))
            case Alert(text=text):
                yield from (key for variable in template_variables(text) for key in self._value(variable.name))
            case Body(content=content, offer=offer):
                yield from (("content", content), ("offer", offer))
            case ContentRow(offer=offer):
                yield "offer", offer
            case _:
                pass

    def _inside(self, value: object) -> Iterator[Key]:
        if is_dataclass(value):
            if hasattr(value, "rows") and hasattr(value, "matches"):
                yield from self._wanted(value)  # type: ignore[arg-type]  # the one with both
            for one in fields(value):
                if one.name != "span":
                    yield from self._used(getattr(value, one.name))
        elif isinstance(value, tuple):
            for each in value:
                yield from self._used(each)
        elif isinstance(value, Mapping):
            for each in value.values():
                yield from self._used(each)

    def _wanted(self, content: Content) -> Iterator[Key]:
        """The tags and segments that cells of a table name."""
        for match in content.matches:
            names = (name for row in content.rows for name in row.wanted.get(match.column, ()))
            if match.kind is MatchKind.TAG:
                yield from map(self._tag, names)
            elif match.kind is MatchKind.SEGMENT:
                yield from (("segment", name) for name in names)

    def _tag(self, name: str) -> Key:
        """A tag; a type of RFM hangs on its setting."""
        tag = self.project.tags.get(name)
        if tag is not None and ("tag", name) not in self.rules and tag.group in self.project.rfm:
            return "rfm", tag.group
        return "tag", name

    def _value(self, name: str) -> Iterator[Key]:
        if name in self.project.metrics:
            yield "metric", name
        elif name in self.project.scores:
            yield "score", name
        elif name.rpartition(".")[0] in self.project.rfm:
            yield "rfm", name.rpartition(".")[0]


def in_order(keys: Iterable[Key]) -> list[Key]:
    """Rules by kind, in the order in which they rest on each other; as given where nothing else decides."""
    return sorted(keys, key=lambda key: KINDS.index(key[0]))
