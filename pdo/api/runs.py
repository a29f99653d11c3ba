"""Runs: what the rules say, into the store.

The same run again has nothing left to do. That is known without the engine, which is loaded only where there is something to
work out.
"""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from pdo import __version__
from pdo.core.errors import UsageError
from pdo.core.figures import local_time
from pdo.core.late import late
from pdo.model.reports import Conflict, Plan
from pdo.store.door import open_door
from pdo.store.last_run import last_as_of, repeat_run
from pdo.store.settled import note_settled, read_settled
from pdo.store.version import SCHEMA_VERSION

if TYPE_CHECKING:
    from pdo.api import running
    from pdo.api.planfile import PlanFile
    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment
    from pdo.store.door import Door
else:
    running = late("pdo.api.running")


def run(
    opened: OpenProject,
    *,
    as_of: Moment,
    now: Moment,
    playbook: str = "",
    planned: PlanFile | None = None,
    override: str = "",
) -> Plan:
    """Apply what a plan shows, in one transaction that begins before the first fact is read.

    Args:
        opened: the project.
        as_of: the run's now; a kept plan brings its own.
        now: the clock, for the journal.
        playbook: the one whose rules may change anything; empty for all. What it refers to is worked out, not written.
        planned: a plan that was kept: exactly that is applied, or nothing.
        override: why the guard is not to be heeded; empty to heed it.

    Raises:
        UsageError: `as_of` lies before the last run's, or there is no such playbook.
        FindingsError: the guard stops it, or the kept plan no longer fits; nothing was written.
        StorageError: the disk has too little room, or memory is too small; nothing was written.
    """
    again = _run_again(opened, as_of, now) if planned is None and not playbook else None
    if again is not None:
        return again
    return running.run_anew(opened, as_of=as_of, now=now, playbook=playbook, planned=planned, override=override)


def _run_again(opened: OpenProject, as_of: Moment, now: Moment) -> Plan | None:
    """Note that a run was asked for again; None where it may have something to do."""
    with open_door(opened.settings.database, write=True, doing="run") as door:
        require_later(as_of, last_as_of(door))
        settled = read_settled(door, _fingerprint(opened, as_of))
        if settled is None:
            return None
        told = json.loads(settled)
        conflicts = tuple(Conflict(name, count, tuple(sample)) for name, count, sample in told["conflicts"])
        run_id = repeat_run(door, started_at=now.at, actor=opened.actor)
        note_settled(door, _fingerprint(opened, as_of), settled)
        return Plan(as_of, told["customers"], (), (), (), run_id=run_id, conflicts=conflicts)


def note_done(door: Door, opened: OpenProject, made: Plan) -> None:
    """Note that all was done that a run of the whole project had to do."""
    conflicts = [[one.name, one.count, one.sample] for one in made.conflicts]
    said = json.dumps({"customers": made.customers, "conflicts": conflicts}, ensure_ascii=False)
    note_settled(door, _fingerprint(opened, made.as_of), said)


def _fingerprint(opened: OpenProject, as_of: Moment) -> str:
    """All that decides what a run does, beside the store: the moment, the rules and contents, the settings, this program."""
    playbooks = [one.digest for one in opened.project.playbooks]
    settings = replace(opened.settings, memory=None)
    seen = (__version__, SCHEMA_VERSION, as_of.at, as_of.zone, playbooks, opened.project, settings)
    return sha256(repr(seen).encode()).hexdigest()


def require_later(as_of: Moment, last: int | None) -> None:
    """See that a run does not go back in time.

    Raises:
        UsageError: it would.
    """
    if last is not None and as_of.at < last:
        raise UsageError("error.as_of_before_last", as_of=_told(as_of.at, as_of), last=_told(last, as_of))


def _told(at: int, as_of: Moment) -> str:
    """A moment as messages say it: `2026-03-02 09:00`."""
    return local_time(at, as_of.zone)[:16]
