"""Which messages a run makes: candidates by priority, once each, past the gate. Reads no store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdo.model.reports import PlannedBatch, PlannedMessage
from pdo.outbox.gate import Gate, Touch, first_day
from pdo.outbox.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pdo.model.playbook import Campaign, Project


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer whom a campaign means today.

    Args:
        values: what the text names; None where absent.
    """

    customer_id: int
    customer_key: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of the past.

    Args:
        day: the planned local day.
        lives: it was not withheld or cancelled, and did not wait for approval until its day was over.
        counts: caps count it.
    """

    campaign: str
    channel: str
    customer_id: int
    day: int
    lives: bool
    counts: bool


def plan_messages(
    project: Project, candidates: Mapping[str, Iterable[Candidate]], history: tuple[Sent, ...], today: int
) -> tuple[PlannedBatch, ...]:
    """The batches of a run.

    Campaigns go by priority, then by name; within one, customers go by natural key. A customer who already has a message of
    the campaign planned for today, sent or withheld, gets no second one.

    Args:
        candidates: campaign → whom it means.
        history: what was made before.
        today: the planned local day.
    """
    gate = Gate(project.policy, today)
    gate.remember(Touch(one.customer_id, one.channel, one.day) for one in history if one.counts)
    batches = []
    for campaign in sorted(project.campaigns.values(), key=lambda one: (one.priority, one.name)):
        made = _made(campaign, history, today)
        text = Text.compile(campaign.text)
        messages: list[PlannedMessage] = []
        withheld: list[PlannedMessage] = []
        for candidate in sorted(candidates.get(campaign.name, ()), key=lambda one: one.customer_key):
            if candidate.customer_id in made:
                continue
            reason = gate.reason(candidate.customer_id, campaign.channel)
            message = PlannedMessage(
                campaign.name, candidate.customer_id, candidate.customer_key, text.render(candidate.values), reason
            )
            (withheld if reason else messages).append(message)
        if messages or withheld:
            approved = campaign.approval == "auto"
            batches.append(
                PlannedBatch(
                    campaign.name,
                    campaign.playbook,
                    campaign.channel,
                    today,
                    approved,
                    tuple(messages),
                    tuple(withheld),
                )
            )
    return tuple(batches)


def _made(campaign: Campaign, history: tuple[Sent, ...], today: int) -> set[int]:
    """Who has had this campaign: within `every` days, or ever; or was decided about today already."""
    first = None if campaign.every is None else first_day(today, campaign.every)
    own = [one for one in history if one.campaign == campaign.name]
    return {one.customer_id for one in own if one.day == today or (one.lives and (first is None or one.day >= first))}
