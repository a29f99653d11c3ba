"""The outreach part of a run over a store: the messages that come of what the rules say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.api.sources import sending_of, whom
from pdo.outbox.history import read_blocked, read_codes, read_touches
from pdo.outbox.pipeline import Around, plan_messages
from pdo.outbox.writing import edited_batches, take_back, write_batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdo.api.project import OpenProject
    from pdo.api.sources import Sending
    from pdo.evaluate.outcome import Outcome
    from pdo.evaluate.stored import StoreFacts
    from pdo.model.outbox import Meant, PlannedBatch
    from pdo.model.reports import Plan
    from pdo.store.door import Door


def planned_messages(
    door: Door,
    outcome: Outcome,
    source: StoreFacts,
    sending: Sending,
    *,
    also: str = "",
    steps: Sequence[Meant] = (),
) -> tuple[PlannedBatch, ...]:
    """The messages of a run over a store.

    Args:
        source: the store's rows.
        also: the campaign that is looked at though it may not run today; empty for none.
        steps: whom the steps of journeys mean.
    """
    project, now = outcome.project, outcome.now
    meant = (*whom(outcome.engine, outcome.program, project, sending, (now,), also=also), *steps)
    if not meant:
        return ()
    edited = edited_batches(door, sending.sources)
    around = Around(
        outreach=project.outreach,
        rows=source.rows,
        moments=(now,),
        history=read_touches(door, now.today, edited),
        blocked=read_blocked(door),
        codes=read_codes(door, project.outreach, now, edited),
        types=sending.types,
    )
    return plan_messages(outcome.engine, outcome.program, meant, around)


def write_messages(door: Door, opened: OpenProject, made: Plan, *, only: str, run_id: int, at: int) -> None:
    """Write the messages of a plan; those that never left and whose campaign was edited since go.

    Args:
        only: the playbook whose campaigns ran; empty for all.
        at: the clock.
    """
    sources = sending_of(opened.project, opened.settings, only=only).sources
    take_back(door, edited_batches(door, sources), at=at, actor=opened.actor)
    write_batches(door, made.batches, run_id=run_id, at=at, actor=opened.actor)
