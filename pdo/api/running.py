"""Plan and run: what the rules say, compared with the store, and written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdo.api import journeys
from pdo.api.explaining import facts_at
from pdo.api.outreach import planned_messages, write_messages
from pdo.api.planfile import describe_plan, drift, plan_text
from pdo.api.runs import note_done, require_later
from pdo.api.sources import sending_of
from pdo.compiler.program import Wants
from pdo.core.errors import FindingsError, UsageError
from pdo.core.memory import share_of
from pdo.deliver.files import pending_file
from pdo.evaluate.apply import apply_plan
from pdo.evaluate.changes import difference
from pdo.evaluate.engine import open_engine
from pdo.evaluate.guard import guard_run
from pdo.evaluate.outcome import evaluate
from pdo.evaluate.undo import undo_run
from pdo.model.outreach import Guard
from pdo.model.reports import Plan
from pdo.outbox.stock import stock_notes
from pdo.outbox.writing import edited_batches, expire_drafts
from pdo.store.door import open_door
from pdo.store.last_run import last_as_of, next_run_id
from pdo.store.lookups import build_lookups
from pdo.store.run_images import keep_changes
from pdo.store.space import require_space, run_space

if TYPE_CHECKING:
    from pathlib import Path

    from pdo.api.planfile import PlanFile
    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment
    from pdo.model.runs import RunUndone
    from pdo.model.settings import Settings
    from pdo.store.door import Door


def plan(opened: OpenProject, *, as_of: Moment, playbook: str = "", out: Path | None = None) -> Plan:
    """What a run would change, and what the guard would say. Writes nothing but the file that is asked for.

    Args:
        opened: the project.
        as_of: the run's now; may lie before the last run's.
        playbook: the one whose rules may change anything; empty for all.
        out: where to keep the plan, so that a run can apply it as it is.

    Raises:
        UsageError: there is no such playbook.
        StorageError: the file cannot be written.
    """
    _check_playbook(opened, playbook)
    with open_door(opened.settings.database, write=False) as door:
        made = _planned(door, opened, as_of, playbook)
        kept = describe_plan(door, opened, made, playbook) if out is not None else None
    if out is not None and kept is not None:
        with pending_file(out, plan_text(made, kept)) as file:
            file.publish()
    return made


def _check_playbook(opened: OpenProject, playbook: str) -> None:
    known = [one.name for one in opened.project.playbooks]
    if playbook and playbook not in known:
        raise UsageError("error.unknown_playbook", name=playbook, known="、".join(known))


def run_anew(
    opened: OpenProject,
    *,
    as_of: Moment,
    now: Moment,
    playbook: str = "",
    planned: PlanFile | None = None,
    override: str = "",
) -> Plan:
    """Work a run out and write it, also where the same run was before; see `pdo.api.runs.run`."""
    if planned is not None:
        as_of, playbook = planned.as_of, planned.only
    _check_playbook(opened, playbook)
    frugal = not share_of(opened.settings.memory).has_plenty
    with open_door(opened.settings.database, write=True, doing="run", resolved=True, frugal=frugal) as door:
        require_space(opened.settings.database, run_space(opened.settings.database))
        last = last_as_of(door)
        if planned is None:
            require_later(as_of, last)
        run_id = next_run_id(door)
        keep_changes(door, run_id)
        expire_drafts(door, as_of.today)
        made = _planned(door, opened, as_of, playbook)
        if planned is not None and (drifted := drift(planned, describe_plan(door, opened, made, playbook))):
            raise FindingsError(drifted, "error.drift")
        require_later(as_of, last)
        if made.stops and not override:
            raise FindingsError(made.stops, "error.guard")
        build_lookups(door)
        apply_plan(
            door, made, opened.project, run_id=run_id, started_at=now.at, actor=opened.actor, override=override or None
        )
        journeys.write(door, opened.project, made, run_id=run_id)
        write_messages(door, opened, made, only=playbook, run_id=run_id, at=now.at)
        if not playbook and not made.stops:
            note_done(door, opened, made)
        return replace(made, run_id=run_id)


def undo(settings: Settings, run_id: int | None, *, now: Moment, actor: str) -> RunUndone:
    """Take a run back.

    Args:
        settings: of the project.
        run_id: its number; None for the last.
        now: for the journal.
        actor: for the journal.

    Raises:
        UsageError: there is no such run, it was taken back before, something rests on it, or messages of it have left.
    """
    with open_door(settings.database, write=True, doing="undo a run", resolved=True) as door:
        return undo_run(door, run_id, now=now.at, actor=actor)


def _planned(door: Door, opened: OpenProject, as_of: Moment, only: str) -> Plan:
    """Evaluate, compare, and see whom the campaigns mean."""
    project, source = opened.project, facts_at(door, as_of)
    going = journeys.going(door, project, opened.settings, only=only)
    sending = sending_of(project, opened.settings, only=only, steps=going.sources)
    wants = Wants(asked={**going.asked, **sending.asked}, shown={**going.shown, **sending.shown})
    with open_engine(opened.settings) as engine:
        inside = going.people.inside
        outcome = evaluate(engine, source, project, opened.settings, as_of, wants, entries=inside)
        found = difference(outcome, source, only=only)
        walking = journeys.start(outcome, going, found)
        batches = planned_messages(door, outcome, source, sending, steps=walking.meant)
        walked = journeys.finish(door, outcome, going, walking, found, batches)
        made = Plan(
            as_of,
            outcome.customers,
            found.steps,
            found.moves,
            batches,
            conflicts=found.conflicts,
            alerts=found.alerts,
            renamed=found.renamed,
            rules=found.rules,
            thresholds=outcome.thresholds(),
            bits=found.bits,
            walked=walked,
            notes=stock_notes(door, project.outreach, as_of, batches, edited_batches(door, sending.sources)),
        )
        # Of a moment in the past nothing is applied, and what customers had then is not counted.
        guard = Guard() if source.at is not None else project.outreach.policy.guard
        return replace(made, stops=guard_run(door, made, guard))
