"""Task sheets (任务单): what is approved and due goes to the colleagues who do it."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING

from sqlmodel import col, select

from pdo.core.errors import UsageError
from pdo.core.frozen import dataclass
from pdo.deliver.export import log_export
from pdo.deliver.files import file_stem, pending_file
from pdo.deliver.task_sheets import task_workbook
from pdo.model.conditions import SegmentTest
from pdo.model.sheets import questions
from pdo.outbox.handing import hand_over
from pdo.playbook.describing.conditions import Conditions
from pdo.playbook.describing.tests import Voice
from pdo.report.sheets import read_sheets
from pdo.store.session import open_session
from pdo.store.tables import ExportLog

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sqlmodel import Session

    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment
    from pdo.model.conditions import Condition
    from pdo.model.playbook import Project
    from pdo.model.sheets import GuideSheet

OUT = "out"
COLUMNS = ("name", "phone_end", "text")
"""What of customers stands on a sheet, for the journal."""


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """A sheet that was written, or left alone.

    Args:
        is_kept: somebody has filled it in since, so it was not written over.
    """

    staff: str
    store: str
    tasks: int
    late: int
    path: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class SheetsReport:
    """What became of the sheets of a day.

    Args:
        folder: where they are.
    """

    day: str
    folder: str
    sheets: tuple[WrittenSheet, ...]


def write_sheets(opened: OpenProject, *, day: date | None, output: Path | None, now: Moment) -> SheetsReport:
    """Write the sheet of each colleague who has something to do; messages that are sent by hand leave with it.

    A sheet that somebody has changed since it was written is left as it is.

    Args:
        opened: the project.
        day: whose sheets; None for today.
        output: the folder; `out/DATE/tasks` unless given.
        now: for the journal.

    Raises:
        StorageError: a file cannot be written.
    """
    settings, project = opened.settings, opened.project
    on = day or now.local.date()
    folder = output or settings.root / OUT / on.isoformat() / "tasks"
    reasons = _Reasons(project, Voice(settings.language, settings))
    with ExitStack() as files:
        with open_session(settings.database, write=True, doing="task export") as session:
            hand_over(session, on, now=now.at)
            sheets = read_sheets(session, on, questions(project), settings.timezone)
            paths = _paths(folder, sheets)
            pending, written = [], []
            for sheet in sheets:
                path = paths[sheet.staff]
                kept = path.exists() and _digest(path) not in _digests(session, path)
                late = sum(task.is_late for task in sheet.tasks)
                written.append(WrittenSheet(sheet.staff, sheet.store, len(sheet.tasks), late, str(path), kept))
                if kept:
                    continue
                content = task_workbook(sheet, settings.language, reasons.of)
                file = files.enter_context(pending_file(path, [content]))
                what = f"tasks:{sheet.staff}"
                rows = len(sheet.tasks)
                log_export(session, file, what=what, columns=COLUMNS, rows=rows, now=now, actor=opened.actor)
                pending.append(file)
        for file in pending:
            file.publish()
    return SheetsReport(on.isoformat(), str(folder), tuple(written))


class _Reasons:
    """Why somebody has a task, as a sentence of the playbook."""

    def __init__(self, project: Project, voice: Voice) -> None:
        self._project = project
        self._words = Conditions(voice, project)

    def of(self, source: str) -> str:
        """The sentence of a campaign, a step `journey/step` or a tag; empty where the playbook has it no longer."""
        condition = self._condition(source)
        return "" if condition is None else self._words.inline(condition)

    def _condition(self, source: str) -> Condition | None:
        outreach = self._project.outreach
        campaign = outreach.campaigns.get(source)
        if campaign is not None:
            to = campaign.to
            segment = self._project.segments.get(to.segments[0]) if isinstance(to, SegmentTest) else None
            return to if segment is None else segment.when
        journey = outreach.journeys.get(source.partition("/")[0])
        if journey is not None:
            return journey.enter
        tag = self._project.tags.get(source)
        return None if tag is None else tag.when


def _paths(folder: Path, sheets: tuple[GuideSheet, ...]) -> dict[str, Path]:
    """Colleague → file: by shop and name, with the key where two have the same."""
    named = {sheet.staff: (_stem(sheet.store) or "-", _stem(sheet.name) or "-") for sheet in sheets}
    shared = Counter(named.values())
    return {
        staff: folder / store / f"{name if shared[store, name] == 1 else f'{name}-{_stem(staff)}'}.xlsx"
        for staff, (store, name) in named.items()
    }


def _stem(name: str) -> str:
    try:
        return file_stem(name)
    except UsageError:
        return hashlib.sha256(name.encode()).hexdigest()[:8] if name else ""


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digests(session: Session, path: Path) -> set[str]:
    """All that was ever written there."""
    return set(session.exec(select(ExportLog.digest).where(col(ExportLog.path) == str(path))).all())
