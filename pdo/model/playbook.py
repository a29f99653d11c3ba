"""Playbooks as they are understood, and the project that they make together.

Every block keeps the span of its name. A `Project` is checked: names exist, nothing goes round in a circle, `order` says what
is computed after what.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.core.late import late
from pdo.model.outreach import Outreach

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Mapping

    from pdo.core.source import Span
    from pdo.model.conditions import AgeRange, Condition, Duration, Measure, Middle, Range, Rows, Window
    from pdo.model.examples import Example
    from pdo.model.fields import Type
else:
    hashlib = late("hashlib")  # most calls want no digest, and OpenSSL loads slowly


@dataclass(frozen=True, slots=True)
class Ratio:
    """One metric divided by another; absent where the lower one is 0 or absent, or the upper one absent.

    Args:
        over: the name of the metric above.
        under: of the one below; neither is an average or a ratio.
    """

    over: str
    under: str


@dataclass(frozen=True, slots=True)
class Metric:
    """A named measure.

    Grain: one value a customer; absent where the measure is of no rows.
    Units: those of `type`; averages and ratios are kept as two numbers; a ratio's limits are thousandths.
    """

    name: str
    playbook: str
    measure: Measure | Ratio
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Alert:
    """A task for somebody when a tag comes (提醒). It fires on the edge: held now, not at the playbook's last run.

    Args:
        to: `owner`, `manager`, a staff id; each gets one.
        due: by when.
        text: a template.
        text_span: where it stands.
        at_most: so many tasks a customer from this tag in so long; None for no limit.
        escalate: after so long without a result it goes to somebody else; None for never.
    """

    to: tuple[str, ...]
    due: Duration | None
    text: str
    text_span: Span
    at_most: tuple[int, Duration] | None
    escalate: tuple[Duration, str] | None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that staff answer (导购打标); each answer is a tag of its own.

    Args:
        who: the role or persona that asks; empty for any.
        question: as the task sheet shows it.
    """

    who: str
    question: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A label that comes and goes by rule, or that staff put on.

    Args:
        name: unique in the project; of an answer `奶粉过敏:是`; of `column` what stands before the values.
        playbook: that owns the rule.
        group: the tag group; empty for none.
        when: None where only hands or journeys put it on, and for a tag of a column.
        keep: never taken off by rule.
        expires: taken off after so long though the condition may still hold; comes again only after it was false in a run.
        column: an attribute, each value of which is a tag; empty otherwise.
        exclusive: the set of which a customer has at most one: the tag group, or the question of an answer; empty for none.
        ask: the question that it answers.
        alert: what comes with it.
        was: its name before; empty for none.
    """

    name: str
    playbook: str
    group: str
    when: Condition | None
    keep: bool
    span: Span
    expires: Duration | None = None
    column: str = ""
    exclusive: str = ""
    ask: Ask | None = None
    alert: Alert | None = None
    was: str = ""


@dataclass(frozen=True, slots=True)
class ExclusiveSet:
    """Tags of which a customer has at most one: staff wins over rules, rules go by file order.

    Args:
        name: of the tag group or the question.
        tags: by playbook name, then in file order.
    """

    name: str
    tags: tuple[str, ...]


class Part(StrEnum):
    """The three parts of RFM."""

    RECENCY = "R"
    FREQUENCY = "F"
    MONEY = "M"


@dataclass(frozen=True, slots=True)
class Cut:
    """What counts as high.

    Exactly one of the first four is given.

    Args:
        test: a fixed threshold: an `AgeRange` of recency, a `Range` of the others.
        share: the best so many of those who bought, in hundredths of a percent.
        middle: strictly better than the average or median; for recency more recent.
        score: the quintile scores that are high; 5 is best.
    """

    test: AgeRange | Range | None = None
    share: int | None = None
    middle: Middle | None = None
    score: Range | None = None


RFM_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "HHH": "重要价值",
        "HLH": "重要发展",
        "LHH": "重要保持",
        "LLH": "重要挽留",
        "HHL": "一般价值",
        "HLL": "一般发展",
        "LHL": "一般保持",
        "LLL": "一般挽留",
    }
)
"""Type → standard name. Letters are recency, frequency, money; source: `definitions.md` §3.1."""


@dataclass(frozen=True, slots=True)
class Rfm:
    """A setting of RFM. Whoever has no order that counts in the window has no type.

    Recency is days since the last order, frequency the number of orders, money their amount, all in the window.

    Args:
        name: also the tag group of its types, and what stands before `.R`, `.F`, `.M`.
        cuts: by part.
        window: which orders; None is since ever.
        names: type → tag name, all eight.
    """

    name: str
    playbook: str
    cuts: Mapping[Part, Cut]
    window: Window | None
    names: Mapping[str, str]
    span: Span


class Fading(StrEnum):
    """How points lose weight with the whole days since they were earned."""

    HALF_LIFE = "half_life"
    TO_ZERO_IN = "to_zero_in"


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """Points for a condition, or for each row.

    Args:
        when: the condition; None where rows are counted.
        each: the rows; None where a condition decides.
        add: thousandths of a point, may be negative.
        up_to: no more than so many thousandths from this rule, after fading; None for no limit.
        fades: how, and the days of it; only for rows.
        because: as explanations say it; empty for the condition as written.
    """

    when: Condition | None
    each: Rows | None
    add: int
    up_to: int | None
    fades: tuple[Fading, int] | None
    because: str
    span: Span


@dataclass(frozen=True, slots=True)
class Score:
    """Points for behaviour. Grain: one value a customer, 0 where nothing holds. Units: thousandths of a point."""

    name: str
    playbook: str
    rules: tuple[ScoreRule, ...]
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
        was: stage → its name before.
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
    was: Mapping[str, str] = field(default_factory=dict)

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
        columns: attributes, metrics and scores that an export shows.
        share: the best so many hundredths of a percent, rounded down; None for all.
        per: the attribute of whose every value the best are taken; empty for one list. Absent is a value of its own.
        was: its name before; empty for none.
    """

    name: str
    playbook: str
    when: Condition
    rank_by: tuple[Ranking, ...]
    top: int | None
    columns: tuple[str, ...]
    span: Span
    share: int | None = None
    per: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Playbook:
    """One file.

    Args:
        name: unique in the project.
        path: as shown to the user.
        text: of the file.
    """

    name: str
    path: str
    text: str = field(repr=False)

    @property
    def digest(self) -> str:
        """Sha256 of the file, hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Rule:
    """A reference to what others may depend on.

    Args:
        kind: `tag`, `exclusive` (a set of tags, after which each of them is decided), `score`, `rfm`, `lifecycle`, `segment`.
    """

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Project:
    """All playbooks of a project, checked.

    Args:
        order: tags, exclusive sets, scores, RFM settings, lifecycles and segments, each after all it refers to; file order
            where nothing else decides. What refers to a tag of an exclusive set comes after that set.
        outreach: all that is sent to customers, whole.
        examples: unit tests, those of files of cases last.
    """

    playbooks: tuple[Playbook, ...] = ()
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)
    exclusive: Mapping[str, ExclusiveSet] = field(default_factory=dict)
    rfm: Mapping[str, Rfm] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    lifecycles: Mapping[str, Lifecycle] = field(default_factory=dict)
    segments: Mapping[str, Segment] = field(default_factory=dict)
    order: tuple[Rule, ...] = ()
    outreach: Outreach = field(default_factory=Outreach)
    examples: tuple[Example, ...] = ()
