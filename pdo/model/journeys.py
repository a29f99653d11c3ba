"""Who is where in which journey, and what a run makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.model.outbox import Source, digest_of, said_with
from pdo.model.outreach import StepMessage

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from pdo.model.outreach import Journey, Outreach

ENTERING = "journey"
"""The kind of label that remembers who met the condition to enter a journey at the last run."""


def enter_name(journey: str) -> str:
    """The name under which a program answers whether somebody meets the condition to enter a journey."""
    return f"enter {journey}"


@dataclass(frozen=True, slots=True)
class Course:
    """A journey as some people go through it: as it was defined when they entered.

    Args:
        version: a digest of the definition.
        is_current: as it stands in the playbook now; only this one can be entered.
        sources: place of a step that sends → what its messages are made for.
    """

    journey: Journey
    version: str
    is_current: bool
    sources: Mapping[int, Source]

    @property
    def name(self) -> str:
        """Unique among the courses of a run."""
        return self.journey.name if self.is_current else f"{self.journey.name}@{self.version}"

    def step_name(self, place: int) -> str:
        """`journey/step`, as messages and tasks name it."""
        return f"{self.journey.name}/{self.journey.steps[place].name}"


def course_of(journey: Journey, outreach: Outreach, current: Course | None = None) -> Course:
    """A journey as something to go through.

    Args:
        outreach: the project's, for the offers and contents that steps name.
        current: as it is defined now, where this is an earlier definition: a step that says the same is the same source,
            all others are called after the version.
    """
    version = version_of(journey)
    mine: dict[int, Source] = {}
    now = {} if current is None else {one.digest: one for one in current.sources.values()}
    for place, step in enumerate(journey.steps):
        if not isinstance(step.action, StepMessage):
            continue
        digest = digest_of(step.name, step.at, step.action, *said_with(step.action.said, outreach))
        suffix = "" if current is None else f"@{version}"
        mine[place] = now.get(digest) or Source(
            name=f"{journey.name}/{step.name}{suffix}",
            playbook=journey.playbook,
            journey=journey.name,
            channels=step.action.channels,
            sender=step.action.sender,
            said=step.action.said,
            at=step.at,
            priority=1,
            control=0,
            valid=None,
            approval="manual",
            exclusive="",
            caps=(),
            every=None,
            repeats=True,
            goal=None,
            digest=digest,
        )
    return Course(journey, version, current is None, mine)


def version_of(journey: Journey) -> str:
    """What tells one definition of a journey from another."""
    return digest_of(journey)


@dataclass(frozen=True, slots=True)
class MadeTask:
    """A task that a run makes.

    Args:
        source: `journey/step`, or the tag of an alert.
        kind: `journey` or `alert`.
        to: `owner`, `manager` or a staff id.
        due_on: a day number; None for no end.
        entry: into the journey; None for an alert.
        escalate: from what instant on it goes to whom, should it not be done; None for never.
    """

    source: str
    kind: str
    customer_id: int
    customer_key: str
    to: str
    text: str
    due_on: int | None
    entry: int | None = None
    escalate: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run does in one journey.

    Args:
        entered: how many customers.
        exited: left by the exit.
        done: came to the end.
        steps: (step, state) → how many.
    """

    journey: str
    playbook: str
    entered: int
    exited: int
    done: int
    steps: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Walked:
    """What a run makes of journeys and alerts.

    Args:
        entries: see `pdo.outbox.journey_tables.ENTRIES`.
        steps: see `pdo.outbox.journey_tables.STEPS`.
        tasks: in the order of their sources, by natural key.
        end_tags: tag → ids of customers who get it.
        progress: by journey.
        gone: (journey, version) whose people are out: it is defined no more, or cannot be read any more.
    """

    entries: pa.Table
    steps: pa.Table
    tasks: tuple[MadeTask, ...]
    end_tags: Mapping[str, tuple[int, ...]]
    progress: tuple[Progress, ...]
    gone: tuple[tuple[str, str], ...] = ()

    @property
    def changes(self) -> int:
        """How many come in, leave or end, and how many tasks are made."""
        return sum(one.entered + one.exited + one.done for one in self.progress) + len(self.tasks)
