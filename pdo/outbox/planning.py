"""Which messages a run makes: candidates by priority, once each, past the gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from pdo.core.calendar import day_number
from pdo.model.reports import PlannedBatch, PlannedMessage
from pdo.outbox.gate import Gate, Touch, first_day
from pdo.outbox.texts import Text
from pdo.store.tables import Batch, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Select

    from pdo.model.playbook import Campaign, Project
    from pdo.store.door import Door

LIVE = ("planned", "exported")
GONE_OR_READY = ("approved", "exported")


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


def read_history(door: Door, today: int) -> tuple[Sent, ...]:
    """Every message made so far."""
    query: Select[*tuple[Any, ...]] = select(
        col(Message.campaign),
        col(Batch.channel),
        col(Message.customer_id),
        col(Message.planned_on),
        col(Message.status),
        col(Batch.status).label("batch_status"),
    ).join(Batch, col(Batch.id) == col(Message.batch_id))
    found = []
    for campaign, channel, customer_id, planned_on, status, batch_status in door.rows(query):
        day = day_number(date.fromisoformat(planned_on))
        ready = batch_status in GONE_OR_READY
        lives = status in LIVE and (ready or (batch_status == "draft" and day >= today))
        found.append(Sent(campaign, channel, customer_id, day, lives, lives))
    return tuple(found)


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
