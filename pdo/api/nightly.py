"""A night (每晚): what came in is imported, the playbooks are run, what is due is written out, and a report says what there is.

The store is kept from others from the first step to the last; each step is as whole as its command is. A night that was stopped
goes on with the step that failed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlmodel import col, select

from pdo.api.arrivals import ImportOptions
from pdo.api.history import one_run
from pdo.api.inbox import take_inbox
from pdo.api.runs import run
from pdo.api.sending import export_batch
from pdo.api.sheets import write_sheets
from pdo.api.today import today, write_today
from pdo.core.errors import PdoError
from pdo.deliver.files import pending_file
from pdo.model.outbox import BY_HAND
from pdo.model.settings import NIGHTLY_STEPS
from pdo.store.lock import hold
from pdo.store.session import open_session
from pdo.store.space import import_space, require_space, run_space
from pdo.store.tables import Batch, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment
    from pdo.model.settings import Settings

INBOX, OUT = "inbox", "out"
FILE_TYPE = "csv"


@dataclass(frozen=True, slots=True)
class Night:
    """What a night works with.

    Args:
        opened: the project, whose playbooks have no errors.
        as_of: the run's now.
        now: the clock, for journals.
        override: why the guard is not to be heeded; empty to heed it.
    """

    opened: OpenProject
    as_of: Moment
    now: Moment
    override: str = ""

    @property
    def folder(self) -> Path:
        """Where everything goes that this night writes."""
        return self.opened.settings.root / OUT / self.as_of.local.date().isoformat()


@dataclass(slots=True)
class NightReport:
    """What became of a night.

    Args:
        folder: where its files are.
        steps: what was done, step by step, as counts by what they count.
        error: what ended it before all was done; None where all was.
        failed_step: at which step.
        is_partial: all was done, yet files or rows were refused.
    """

    folder: Path
    steps: dict[str, Mapping[str, int]] = field(default_factory=dict)
    error: PdoError | None = None
    failed_step: str = ""
    is_partial: bool = False


def run_night(night: Night, steps: tuple[str, ...], note: Callable[[str, Mapping[str, int]], None]) -> NightReport:
    """Do some steps of a night under one hold of the store.

    Args:
        night: what it works with.
        steps: of `NIGHTLY_STEPS`, in order.
        note: called with each step that is done.

    Raises:
        LockedError: another process holds the store; nothing was done.
        StorageError: the disk has too little room; nothing was done.
    """
    report = NightReport(night.folder)
    with hold(night.opened.settings.database, "nightly"):
        _require_space(night.opened.settings, steps)
        for step in steps:
            try:
                counts = STEPS[step](night)
            except PdoError as error:
                report.error, report.failed_step = error, step
                break
            report.steps[step] = counts
            report.is_partial |= any(counts.get(name, 0) for name in REFUSED)
            note(step, counts)
    return report


def _require_space(settings: Settings, steps: tuple[str, ...]) -> None:
    """See that there is room for the largest file of the inbox, and for the run behind it."""
    folder = settings.root / INBOX
    waiting = folder.iterdir() if folder.is_dir() else ()
    needed = import_space(waiting) if "inbox" in steps else 0
    needed += run_space(settings.database) if "run" in steps else 0
    require_space(settings.database, needed)


REFUSED = ("failed", "rejected")
"""Counts that say that not everything went in."""


def steps_from(chosen: tuple[str, ...] | None, first: str | None) -> tuple[str, ...]:
    """The steps of a night from one on.

    Args:
        chosen: what `pdo.yaml` says; None for all.
        first: where a night that was stopped goes on; None from the beginning.
    """
    steps = NIGHTLY_STEPS if chosen is None else chosen
    if first is None:
        return steps
    return tuple(step for step in steps if NIGHTLY_STEPS.index(step) >= NIGHTLY_STEPS.index(first))


# Steps --------------------------------------------------------------------------------------------------------------------


def _inbox(night: Night) -> Mapping[str, int]:
    """Import what lies in the project's inbox, if it has one. A file that cannot be used keeps out no other."""
    settings = night.opened.settings
    folder = settings.root / INBOX
    if not folder.is_dir():
        return {"files": 0}
    found = take_inbox(settings, folder, ImportOptions(), now=night.now, actor=night.opened.actor)
    if found.stopped is not None:
        raise found.stopped
    reports = found.reports
    return {
        "files": sum(item.target is not None and item.error is None for item in found.items),
        "failed": len(found.failures),
        "rows": sum(report.new + report.changed for report in reports),
        "rejected": sum(report.rejected for report in reports),
    }


def _run(night: Night) -> Mapping[str, int]:
    made = run(night.opened, as_of=night.as_of, now=night.now, override=night.override)
    told = asdict(one_run(night.opened.settings, made.run_id))
    _write(night.folder / f"run-{made.run_id}.json", told)
    return {"run_id": made.run_id or 0, "changes": made.total_changes}


def _write(path: Path, said: Mapping[str, object]) -> None:
    with pending_file(path, [json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n"]) as file:
        file.publish()


def _batches(night: Night) -> Mapping[str, int]:
    """Write out the batches that are approved and due; those that colleagues send by hand leave with their sheets."""
    settings = night.opened.settings
    today_ = night.as_of.local.date()
    due = (
        col(Batch.status) == "approved",
        col(Batch.channel).not_in(BY_HAND),
        col(Batch.planned_on) <= today_,
        (col(Batch.expires_on) >= today_) | (col(Batch.expires_on).is_(None) & (col(Batch.planned_on) == today_)),
    )
    with open_session(settings.database) as session:
        waiting = select(Message.batch_id).where(Message.batch_id == Batch.id, Message.status == "planned").exists()
        query = select(Batch.id).where(*due, waiting).order_by(col(Batch.id))
        numbers = [number for number in session.exec(query) if number]
    rows = 0
    for number in numbers:
        path = night.folder / f"batch-{number}.{FILE_TYPE}"
        rows += export_batch(night.opened, number, output=path, file_type=FILE_TYPE, now=night.now).rows
    return {"batches": len(numbers), "messages": rows}


def _sheets(night: Night) -> Mapping[str, int]:
    day = night.as_of.local.date()
    found = write_sheets(night.opened, day=day, output=night.folder / "tasks", now=night.now)
    return {"sheets": len(found.sheets), "tasks": sum(one.tasks for one in found.sheets)}


def _report(night: Night) -> Mapping[str, int]:
    settings = night.opened.settings
    found = today(settings, now=night.as_of)
    write_today(found, night.folder / "today.xlsx", settings.language)
    return {"drafts": len(found.drafts), "overdue": sum(one.count for one in found.overdue)}


STEPS: Mapping[str, Callable[[Night], Mapping[str, int]]] = MappingProxyType(
    {"inbox": _inbox, "run": _run, "batches": _batches, "sheets": _sheets, "report": _report}
)
"""Step of `pdo.yaml` → what does it and says how many."""
