"""Which outcomes of the rules the examples have seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pdo.model.playbook import Part
from pdo.model.verdicts import Covered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pdo.core.source import Span
    from pdo.evaluate.rehearse import Seen
    from pdo.model.playbook import Project
    from pdo.model.verdicts import RenderedMessage

    RuleName = tuple[str, str, str]
    """Kind, scope and name."""

HIGH = "H"


@dataclass(slots=True)
class Coverage:
    """Notes what rules came to.

    Args:
        project: whose rules: tags with a condition, the three parts of RFM, stages, segments, campaigns.
    """

    project: Project
    rules: dict[RuleName, tuple[str, Span]] = field(init=False)
    _seen: dict[RuleName, set[bool]] = field(init=False, default_factory=dict)
    _types: dict[str, Mapping[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        """List the rules."""
        self._types = {
            setting.name: {tag: type_ for type_, tag in setting.names.items()} for setting in self.project.rfm.values()
        }
        self.rules = {name: (playbook, span) for name, playbook, span in self._rules()}
        self._seen = {name: set() for name in self.rules}

    def _rules(self) -> Iterator[tuple[RuleName, str, Span]]:
        project = self.project
        of_rfm = {tag for names in self._types.values() for tag in names}
        for tag in project.tags.values():
            if tag.when is not None and tag.name not in of_rfm:
                yield ("tag", "", tag.name), tag.playbook, tag.span
        for setting in project.rfm.values():
            yield from (((("rfm", setting.name, part.value), setting.playbook, setting.span)) for part in Part)
        for cycle in project.lifecycles.values():
            yield from ((("stage", cycle.name, stage), cycle.playbook, cycle.span) for stage in cycle.stages)
        for segment in project.segments.values():
            yield ("segment", "", segment.name), segment.playbook, segment.span
        for campaign in project.outreach.campaigns.values():
            yield ("campaign", "", campaign.name), campaign.playbook, campaign.span

    def note(self, seen: Mapping[str, Seen], messages: Sequence[RenderedMessage]) -> None:
        """Note what became of the customers of one moment of one example."""
        sent = {(one.campaign, one.customer) for one in messages if not one.reason}
        for customer, what in seen.items():
            for rule, outcomes in self._seen.items():
                kind, scope, name = rule
                match kind:
                    case "tag":
                        outcomes.add(name in what.tags)
                    case "stage":
                        outcomes.add(what.stages.get(scope) == name)
                    case "segment":
                        outcomes.add(name in what.segments)
                    case "campaign":
                        outcomes.add((name, customer) in sent)
                    case _:
                        outcomes.update(self._part(scope, name, what))

    def _part(self, setting: str, part: str, what: Seen) -> Iterator[bool]:
        """Whether a part of RFM is high; nothing for who has no type."""
        place = [one.value for one in Part].index(part)
        types = self._types[setting]
        yield from (types[tag][place] == HIGH for tag in what.tags if tag in types)

    def report(self) -> tuple[Covered, ...]:
        """Every rule with its outcomes."""
        return tuple(
            Covered(*name, playbook, True in self._seen[name], False in self._seen[name], span)
            for name, (playbook, span) in self.rules.items()
        )
