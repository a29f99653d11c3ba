"""A folder that people drop exports into: what is complete comes in, in the right order, and moves on.

    INBOX/file → done/DATE/file (and file.rejects.csv) · failed/DATE/file (and file.txt, which says why) · left for the next time

A file moves only behind the commit of its rows, and rows that are there already say nothing new: killed anywhere, the next call
does what is left. Two calls never work on one folder at a time, and a store that is busy leaves the files where they are.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from pdo.api.importing import AUTO, import_recognised, recogniser
from pdo.core.errors import LockedError, PdoError, StorageError, UsageError
from pdo.core.frozen import dataclass
from pdo.core.wording import hint_of, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pdo.api.arrivals import ImportOptions
    from pdo.api.importing import Progress
    from pdo.core.calendar import Moment
    from pdo.ingest.recognising import Recognised
    from pdo.model.reports import ImportReport
    from pdo.model.settings import Settings

DONE, FAILED = "done", "failed"
LOCK = ".pdo-inbox.lock"

SETTLED_SECONDS = 10
"""A file that was written to less than so long ago may not be whole."""

UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".downloading", ".opdownload", ".tmp")
"""What programs call files that they are still writing."""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """What became of one file.

    Args:
        path: where it lay.
        target: where it lies now; None where it was left.
        label: what it was taken for; empty for a plain kind or for nothing.
        profile: the layout; empty without one.
        reports: of its kinds, in order.
        rejects: the file of its rejected records; None where there are none.
        error: why it could not be used; None where it could.
    """

    path: Path
    target: Path | None = None
    label: str = ""
    profile: str = ""
    reports: tuple[ImportReport, ...] = ()
    rejects: Path | None = None
    error: PdoError | None = None


@dataclass(frozen=True, slots=True)
class InboxOutcome:
    """What became of a folder.

    Args:
        items: files that came in or failed, in the order in which they were taken, and behind them those that were left because
            they may not be whole.
        stopped: what ended it before all were taken, as a busy store; the others lie where they were.
    """

    items: tuple[InboxItem, ...]
    stopped: PdoError | None = None

    @property
    def reports(self) -> tuple[ImportReport, ...]:
        """Of all files."""
        return tuple(report for item in self.items for report in item.reports)

    @property
    def failures(self) -> tuple[PdoError, ...]:
        """Why files could not be used."""
        return tuple(item.error for item in self.items if item.error is not None)


def take_inbox(
    settings: Settings,
    folder: Path,
    options: ImportOptions,
    *,
    now: Moment,
    actor: str,
    progress: Progress | None = None,
) -> InboxOutcome:
    """Import what lies in a folder.

    Args:
        settings: of the project.
        folder: the inbox.
        options: encoding, mode, strictness; files that are strict and have a rejected record fail.
        now: for the journal, the day of the folders, and to see which files were written to just now.
        actor: for the journal.
        progress: as for `import_files`.

    Raises:
        UsageError: there is no such folder.
        LockedError: another call is at work on it.
        FindingsError: a profile of the project has errors.
    """
    if not folder.is_dir():
        raise UsageError("error.inbox_missing", path=folder)
    with _alone(folder):
        waiting, found, failed = _sorted_out(settings, folder, options, now)
        items: list[InboxItem] = [_put_away(item, now, settings) for item in failed]
        for path, recognised in found:
            try:
                item = _bring(settings, path, recognised, options, now, actor, progress)
            except PdoError as stopped:
                return InboxOutcome((*items, *waiting), stopped)
            items.append(item)
        return InboxOutcome((*items, *waiting))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / LOCK, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockedError("error.inbox_busy", path=folder) from error
    try:
        yield
    finally:
        lock.release()


def _sorted_out(
    settings: Settings, folder: Path, options: ImportOptions, now: Moment
) -> tuple[list[InboxItem], list[tuple[Path, Recognised]], list[InboxItem]]:
    """Files that are left, those that can be used, in the order in which they have to come in, and those that cannot."""
    waiting: list[InboxItem] = []
    failed: list[InboxItem] = []
    found: list[tuple[tuple[int, int, str], Path, Recognised]] = []
    order = {kind: place for place, kind in enumerate(settings.kinds)}
    recognise_file = recogniser(settings, AUTO, options)
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or not path.is_file():
            continue
        changed = path.stat().st_mtime_ns
        if path.suffix.lower() in UNFINISHED or 0 <= now.at - changed // 10**9 < SETTLED_SECONDS:
            waiting.append(InboxItem(path))
            continue
        try:
            recognised = recognise_file(path)
        except UsageError as error:
            (waiting if error.key == "error.import_changing" else failed).append(InboxItem(path, error=error))
            continue
        # What refers to others comes behind them; of one kind what was exported later, for it holds.
        last = max(order[kind] for kind, _ in recognised.parts)
        found.append(((last, changed, path.name), path, recognised))
    found.sort(key=lambda one: one[0])
    # One that somebody is writing to is not at fault.
    return [replace(item, error=None) for item in waiting], [(path, one) for _, path, one in found], failed


def _bring(
    settings: Settings,
    path: Path,
    found: Recognised,
    options: ImportOptions,
    now: Moment,
    actor: str,
    progress: Progress | None,
) -> InboxItem:
    """Import a file and put it away.

    Raises:
        PdoError: the store is busy or cannot be written; the file lies where it was.
    """
    item = InboxItem(path, label=found.label, profile=found.profile)
    folder = _folder(path, DONE, now)
    # Not under its name yet: until the rows are committed there are no rejects.
    written = folder / f".{path.name}.rejects"
    try:
        reports = import_recognised(
            settings, path, found, replace(options, rejects_path=written), now=now, actor=actor, progress=progress
        )
    except UsageError as error:
        written.unlink(missing_ok=True)
        if error.key == "error.import_changing":
            return item
        return _put_away(replace(item, error=error), now, settings)
    except PdoError:
        written.unlink(missing_ok=True)
        raise
    item = replace(item, reports=reports)
    if options.strict and any(report.rejected for report in reports):
        folder = _folder(path, FAILED, now)
    target = _free(folder, path.name)
    if any(report.rejected for report in reports):
        item = replace(item, rejects=written.replace(folder / f"{target.name}.rejects.csv"))
    else:
        written.unlink(missing_ok=True)
    return replace(item, target=_moved(path, target))


def _put_away(item: InboxItem, now: Moment, settings: Settings) -> InboxItem:
    """Move a file that cannot be used, with a text beside it that says why."""
    error = item.error
    if error is None:
        raise RuntimeError("nothing is wrong with this file")
    target = _free(_folder(item.path, FAILED, now), item.path.name)
    reason = say(error.key, settings.language, **error.params)
    hint = hint_of(error.key, settings.language, **error.params)
    text = target.with_name(f"{target.name}.txt")
    text.write_text("\n".join(filter(None, (reason, hint))) + "\n", encoding="utf-8-sig")
    text.chmod(0o600)
    return replace(item, target=_moved(item.path, target))


def _folder(path: Path, name: str, now: Moment) -> Path:
    folder = path.parent / name / now.local.date().isoformat()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError("error.not_permitted", path=folder) from error
    return folder


def _free(folder: Path, name: str) -> Path:
    """A path in a folder that nothing has: the same name may come every day."""
    stem, dot, suffix = name.partition(".")
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}{dot}{suffix}"
    return target


def _moved(path: Path, target: Path) -> Path:
    with suppress(PermissionError):
        path.chmod(0o600)
    try:
        return path.replace(target)
    except OSError as error:
        raise StorageError("error.not_permitted", path=target) from error
