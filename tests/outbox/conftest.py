"""Campaigns, candidates and a today, in short."""

from __future__ import annotations

from datetime import date

from pdo.core.calendar import day_number
from pdo.core.source import Source, Span
from pdo.model.conditions import Duration, Everyone, Unit
from pdo.model.playbook import Campaign, Cap, Policy, Project
from pdo.outbox.planning import Candidate, Sent

SPAN = Span(Source("p.yaml", ""), 1, 1, 1, 1)
TODAY = day_number(date(2026, 3, 2))


def days(count: int) -> Duration:
    """So many days."""
    return Duration(count, Unit.DAY)


def cap(channel: str, most: int, per: Duration) -> Cap:
    """At most so many a customer."""
    return Cap(channel, most, per, SPAN)


def campaign(
    name: str, *, text: str = "您好", every: Duration | None = None, approval: str = "manual", priority: int = 5
) -> Campaign:
    """A campaign to everybody."""
    return Campaign(name, "p", Everyone(SPAN), "file", text, SPAN, every, approval, priority, SPAN)


def project(*campaigns: Campaign, caps: tuple[Cap, ...] = ()) -> Project:
    """A project of campaigns alone."""
    return Project(campaigns={one.name: one for one in campaigns}, policy=Policy(caps))


def candidates(**values: dict[str, object]) -> list[Candidate]:
    """Candidates by natural key; their number is their place from 1."""
    return [Candidate(place, key, given) for place, (key, given) in enumerate(values.items(), 1)]


def sent(name: str, customer: int, *, ago: int, lives: bool = True) -> Sent:
    """A message of the past."""
    return Sent(name, "file", customer, TODAY - ago, lives, lives)
