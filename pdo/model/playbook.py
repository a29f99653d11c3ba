"""Playbooks as they are understood, and the project that they make together.

Every block keeps the span of its name. A `Project` is checked: names exist, nothing goes round in a circle, `order` says what
is computed after what.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Duration, Measure
    from pdo.model.fields import Type


@dataclass(frozen=True, slots=True)
class Metric:
    """A named measure.

    Grain: one value a customer; absent where the measure is of no rows.
    Units: those of `type`; an average is kept as sum and count.
    """

    name: str
    playbook: str
    measure: Measure
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Tag:
    """A label that comes and goes by rule, or that staff put on.

    Args:
        name: unique in the project.
        playbook: that owns the rule.
        group: the tag group; empty for none.
        when: None where only hands or journeys put it on.
        keep: never taken off by rule.
    """

    name: str
    playbook: str
    group: str
    when: Condition | None
    keep: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Transition:
    """A move of a stateful lifecycle.

    Args:
        origins: the stages it starts from; `any` is spelt out as every stage but the target.
        target: where it leads.
        when: None where time alone decides.
        after: so long in the stage at least, by local dates; None for at once.
    """

    origins: tuple[str, ...]
    target: str
    when: Condition | None
    after: Duration | None
    span: Span


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """One stage at a time.

    Args:
        stages: in written order, `otherwise` last where there is one.
        initial: the stage of whoever has none yet; empty for a derived lifecycle.
        final: stages that nobody leaves.
        transitions: in file order; empty for a derived lifecycle.
        derived: stage → condition, in file order; empty for a stateful lifecycle.
        highest: of several that hold the last written wins, not the first.
        otherwise: the stage of whoever meets none; empty for no stage.
    """

    name: str
    playbook: str
    stages: tuple[str, ...]
    initial: str
    final: tuple[str, ...]
    transitions: tuple[Transition, ...]
    derived: tuple[tuple[str, Condition], ...]
    highest: bool
    otherwise: str
    span: Span

    @property
    def is_derived(self) -> bool:
        """Whether the data alone decide, each run."""
        return bool(self.derived)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order of a segment: by a metric or an attribute; absent values last, ties by natural key."""

    name: str
    descending: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A list of customers (人群).

    Args:
        rank_by: how the list is ordered; empty for natural key.
        top: the best so many; None for all.
        columns: attributes and metrics that an export shows.
    """

    name: str
    playbook: str
    when: Condition
    rank_by: tuple[Ranking, ...]
    top: int | None
    columns: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Campaign:
    """A message to some customers, now and then.

    Args:
        to: who; a segment's name has become a `SegmentTest`.
        channel: `file`.
        text: a template in `{{ }}`.
        every: the same person at most so often, in days; None for once ever.
        approval: `manual` (a draft waits for `pdo batch approve`) or `auto`.
        priority: 1 goes first, ties by name.
    """

    name: str
    playbook: str
    to: Condition
    channel: str
    text: str
    text_span: Span
    every: Duration | None
    approval: str
    priority: int
    span: Span


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `max` messages a customer in `per`, on a channel or on any."""

    channel: str
    max: int
    per: Duration
    span: Span


@dataclass(frozen=True, slots=True)
class Policy:
    """What no message passes round (触达管控)."""

    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True, slots=True)
class Playbook:
    """One file.

    Args:
        name: unique in the project.
        path: as shown to the user.
        digest: sha256 of the file, hexadecimal.
    """

    name: str
    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A reference to a block that others may depend on: (`metric` | `tag` | `lifecycle` | `segment`, name)."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Project:
    """All playbooks of a project, checked.

    Args:
        order: tags, lifecycles and segments, each after all it refers to; file order where nothing else decides.
    """

    playbooks: tuple[Playbook, ...] = ()
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)
    lifecycles: Mapping[str, Lifecycle] = field(default_factory=dict)
    segments: Mapping[str, Segment] = field(default_factory=dict)
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    policy: Policy = Policy()
    order: tuple[Rule, ...] = ()
