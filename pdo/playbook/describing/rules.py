"""Every rule of a project with what is said of it, in the order in which a reader meets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.core.source import Span
from pdo.model.conditions import SegmentTest, TagTest
from pdo.model.outreach import OutreachPolicy
from pdo.model.playbook import ExclusiveSet
from pdo.playbook.describing.blocks import Blocks
from pdo.playbook.describing.conditions import Clause
from pdo.playbook.describing.outreach import Outreach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.model.playbook import Project
    from pdo.playbook.describing.tests import Voice

KINDS = (
    "metric",
    "tag",
    "tag_group",
    "score",
    "rfm",
    "lifecycle",
    "segment",
    "offer",
    "content",
    "campaign",
    "journey",
    "policy",
)
"""Kinds of rule, in the order in which they rest on each other."""


@dataclass(frozen=True, slots=True)
class Described:
    """A rule as a sentence.

    Args:
        kind: one of `KINDS`.
        name: of the rule; empty for the policy.
        playbook: that it belongs to; empty where several do.
        title: `标签「爱水果」`.
        sentence: what it says.
        notes: what else is true of it.
        span: where it is written; None for the policy and for groups.
    """

    kind: str
    name: str
    playbook: str
    title: str
    sentence: Clause
    notes: tuple[Clause, ...]
    span: Span | None

    def text(self) -> str:
        """All of it as lines."""
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """The sentence, then the notes."""
        return [*self.sentence.lines(), *(line for note in self.notes for line in _indented(note))]


def _indented(note: Clause) -> list[str]:
    first, *below = note.lines("  ")
    return [f"  {first.lstrip(' -')}", *below]


def rules_of(project: Project) -> dict[tuple[str, str], object]:
    """Every rule as it is understood, by kind and name, in order."""
    outreach = project.outreach
    blocks: Mapping[str, Mapping[str, object]] = {
        "metric": project.metrics,
        "tag": {name: tag for name, tag in project.tags.items() if not _is_brought(name, project)},
        "tag_group": {name: each for name, each in project.exclusive.items() if _is_group(name, project)},
        "score": project.scores,
        "rfm": project.rfm,
        "lifecycle": project.lifecycles,
        "segment": project.segments,
        "offer": outreach.offers,
        "content": outreach.contents,
        "campaign": outreach.campaigns,
        "journey": outreach.journeys,
        "policy": {} if outreach.policy == OutreachPolicy() else {"": outreach.policy},
    }
    return {(kind, name): rule for kind in KINDS for name, rule in blocks[kind].items()}


def _is_brought(name: str, project: Project) -> bool:
    """Whether a tag is a type of RFM, which its setting tells."""
    tag = project.tags[name]
    return tag.group in project.rfm and tag.when is not None and name in project.rfm[tag.group].names.values()


def _is_group(name: str, project: Project) -> bool:
    """Whether a set of tags is a group that is written as such, not the answers to a question or the types of RFM."""
    tags = [project.tags[each] for each in project.exclusive[name].tags]
    return name not in project.rfm and name not in project.scores and all(tag.ask is None for tag in tags)


def describe(project: Project, voice: Voice) -> Iterator[Described]:
    """Say every rule of a project."""
    blocks = Blocks(voice, project)
    outreach = Outreach(blocks)
    writers = {
        "metric": blocks.metric,
        "tag": blocks.tag,
        "tag_group": blocks.exclusive,
        "score": blocks.score,
        "rfm": blocks.rfm,
        "lifecycle": blocks.lifecycle,
        "segment": blocks.segment,
        "offer": outreach.offer,
        "content": outreach.content,
        "campaign": outreach.campaign,
        "journey": outreach.journey,
        "policy": outreach.policy,
    }
    for (kind, name), rule in rules_of(project).items():
        first, *notes = writers[kind](rule)  # type: ignore[operator]  # the writer of this kind
        worded = voice.say(f"block.kind.{kind}")
        title = voice.say("block.title", kind=worded, name=name) if name else worded
        text = voice.say("block.sentence", title=title, text=first.text)
        if not first.parts:
            text = voice.say("block.stop", text=text)
        playbook, span = getattr(rule, "playbook", ""), getattr(rule, "span", None)
        yield Described(kind, name, playbook, title, Clause(text, first.parts), tuple(notes), span)


def meaning(value: object, renamed: Mapping[tuple[str, str], str] = MappingProxyType({})) -> object:
    """What is left of a rule when the places where it is written are taken away: equal for equal meanings.

    Args:
        value: a rule or a part of one.
        renamed: kind and name of tags and segments → what they are called now.
    """
    if isinstance(value, Span):
        return None
    if isinstance(value, TagTest | ExclusiveSet):
        value = replace(value, tags=tuple(renamed.get(("tag", name), name) for name in value.tags))
    elif isinstance(value, SegmentTest):
        value = replace(value, segments=tuple(renamed.get(("segment", name), name) for name in value.segments))
    if is_dataclass(value):
        named = (getattr(value, one.name) for one in fields(value) if one.name != "playbook")
        return (type(value).__name__, *(meaning(each, renamed) for each in named))
    if isinstance(value, tuple):
        return tuple(meaning(each, renamed) for each in value)
    if isinstance(value, Mapping):
        return tuple((key, meaning(value[key], renamed)) for key in sorted(value, key=str))
    return value
