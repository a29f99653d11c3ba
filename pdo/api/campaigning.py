"""How campaigns stand: when they run next, what waits, what went out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from pdo.core.calendar import date_of
from pdo.model.previews import CampaignEntry
from pdo.outbox.calendar import next_day
from pdo.store.session import open_session
from pdo.store.tables import Batch, Message

if TYPE_CHECKING:
    from sqlalchemy import Select

    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment

WAITING = ("draft", "approved")


def campaigns(opened: OpenProject, *, as_of: Moment) -> tuple[CampaignEntry, ...]:
    """Every campaign in the order in which they go."""
    control = func.coalesce(col(Message.reason), "") == "control"
    by = (col(Message.campaign), col(Message.status), col(Batch.status), control)
    messages: Select[*tuple[Any, ...]] = select(*by, func.count())
    query = messages.join(Batch, col(Batch.id) == col(Message.batch_id)).group_by(*by)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    with open_session(opened.settings.database) as session:
        for name, status, batch, held_back, count in session.execute(query):
            if held_back:
                counts[name, "control"] += count
            elif status in ("withheld", "exported"):
                counts[name, "sent" if status == "exported" else "withheld"] += count
            elif status == "planned" and batch in WAITING:
                counts[name, "waiting"] += count
    found = sorted(opened.project.outreach.campaigns.values(), key=lambda one: (one.priority, one.name))
    entries = []
    for one in found:
        upcoming = as_of.today if one.days is None else next_day(one.days, as_of.today)
        next_on = "" if upcoming is None else date_of(upcoming).isoformat()
        told = {name: counts[one.name, name] for name in ("waiting", "sent", "withheld", "control")}
        channels = tuple(channel.value for channel in one.channels)
        entries.append(CampaignEntry(one.name, one.playbook, one.priority, channels, next_on, **told))
    return tuple(entries)
