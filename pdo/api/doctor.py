"""What is wrong with a set-up (体检), from the folder to the last run, each with its remedy. Writes nothing."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from sqlalchemy import Integer, func, select
from sqlmodel import col

from pdo.api.project import project_root
from pdo.core.calendar import Moment, offset_at
from pdo.core.errors import PdoError
from pdo.core.frozen import dataclass
from pdo.core.sizes import GIGABYTE, shown_size
from pdo.core.spill import left_folders
from pdo.playbook.files import playbook_files, shown
from pdo.playbook.project import load_project
from pdo.playbook.settings import read_settings
from pdo.store.door import open_door
from pdo.store.lock import holder
from pdo.store.space import free_space, run_space
from pdo.store.tables import Customer, FileImport, Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pdo.model.settings import Settings

OLD_HOURS = 48
"""Data and runs older than this are told."""
LEAST_FREE = GIGABYTE
"""Bytes that should be free on the disk, or what a run may take if that is more."""
PRIVATE_FILES = ("secrets.yaml", "secrets.yml", ".env")
OPEN = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the program runs.

    Args:
        now: the clock, an instant.
        encoding: of standard output, as Python names it.
        machine_offset: seconds east of Greenwich of the machine's own clock.
        program: the absolute path of `pdo`; empty where it is not known.
        is_on_cron_path: whether cron, which searches `/usr/bin:/bin` only, would find it.
    """

    now: int
    encoding: str
    machine_offset: int
    program: str
    is_on_cron_path: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What one look came to.

    Args:
        key: of the wording, `doctor.…`, with the remedy as its hint; or of what the program would say itself.
        level: `ok`, `advice`, or `error` for what keeps it from working.
    """

    key: str
    level: str
    params: Mapping[str, object]


def examine(folder: Path | None, around: Surroundings) -> tuple[Checked, ...]:
    """Look at everything that can be looked at; what rests on something that is wrong is left out.

    Args:
        folder: the project's; None looks in the current folder and above it.
        around: where the program runs.
    """
    try:
        root = project_root(folder)
        settings, findings = read_settings(root)
    except PdoError as error:
        return (_told(error),)
    found = list(_surroundings(around))
    if settings is None or findings.has_errors:
        found.append(_error("doctor.settings", count=sum(one.is_error for one in findings.sorted())))
    if settings is not None:
        found += [*_zone(settings, around), *_playbooks(settings), *_places(settings), *_nights(settings)]
        found += _store(settings, around)
    return tuple(found)


def _error(key: str, **params: object) -> Checked:
    return Checked(key, "error", params)


def _advice(key: str, **params: object) -> Checked:
    return Checked(key, "advice", params)


def _ok(key: str, **params: object) -> Checked:
    return Checked(key, "ok", params)


def _told(error: PdoError) -> Checked:
    return Checked(error.key, "error", error.params)


def _surroundings(around: Surroundings) -> Iterator[Checked]:
    if around.encoding.lower().replace("-", "") not in ("utf8", "utf8sig"):
        yield _advice("doctor.encoding", encoding=around.encoding)
    if not around.is_on_cron_path:
        yield _advice("doctor.cron_path", program=around.program or "…/.venv/bin/pdo")


def _zone(settings: Settings, around: Surroundings) -> Iterator[Checked]:
    if offset_at(settings.timezone, around.now) != around.machine_offset:
        hours = around.machine_offset / 3600
        yield _advice("doctor.zone", zone=settings.timezone, machine=f"UTC{hours:+g}")


def _playbooks(settings: Settings) -> Iterator[Checked]:
    try:
        files = playbook_files(settings, None)
        findings = load_project(settings, files)[1]
    except PdoError as error:
        yield _told(error)
        return
    errors = sum(one.is_error for one in findings.sorted())
    if not files:
        yield _error("doctor.no_playbooks", folder=shown(settings.root / "playbooks"))
    elif errors:
        yield _error("doctor.playbooks", count=errors)
    else:
        yield _ok("doctor.playbooks_fine", count=len(files))


def _places(settings: Settings) -> Iterator[Checked]:
    """Folders that are written to, files that others must not read, room on the disk."""
    for folder in (settings.root / "out", settings.database.parent):
        there = folder if folder.exists() else folder.parent
        if not os.access(there, os.W_OK | os.X_OK):
            yield _error("doctor.not_writable", path=there)
    for path in (settings.root / name for name in PRIVATE_FILES):
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & OPEN:
            yield _error("doctor.open_secret", path=path)
    free, least = free_space(settings.database), max(LEAST_FREE, run_space(settings.database))
    if free < least:
        yield _error("doctor.disk", free=shown_size(free), least=shown_size(least))


def _nights(settings: Settings) -> Iterator[Checked]:
    if settings.nightly is not None and "inbox" in settings.nightly and not (settings.root / "inbox").is_dir():
        yield _advice("doctor.no_inbox", path=shown(settings.root / "inbox"))


def _store(settings: Settings, around: Surroundings) -> Iterator[Checked]:
    path = settings.database
    if path.is_file() and stat.S_IMODE(path.stat().st_mode) & OPEN:
        yield _error("doctor.open_store", path=path, mode=f"{stat.S_IMODE(path.stat().st_mode):o}")
    for folder in left_folders(path):
        yield _advice("doctor.spill", path=folder)
    if (who := holder(path)) is not None:
        yield _advice("doctor.busy", holder=who)
    try:
        with open_door(path, write=False) as door:
            last_import, last_run, customers = (
                door.rows(query)[0][0]
                for query in (
                    select(func.max(col(FileImport.started_at)).label("at")).where(col(FileImport.undone_at).is_(None)),
                    select(func.max(col(Run.started_at)).label("at")).where(col(Run.undone_at).is_(None)),
                    select(func.count(col(Customer.id), type_=Integer()).label("n")),
                )
            )
    except PdoError as error:
        yield _told(error)
        return
    if not customers:
        yield _error("doctor.no_customers")
        return
    yield _ok("doctor.store_fine", customers=f"{customers:,}")
    yield from _old("doctor.old_data", "doctor.no_imports", last_import, settings, around)
    yield from _old("doctor.old_run", "doctor.no_runs", last_run, settings, around)


def _old(old: str, never: str, at: int | None, settings: Settings, around: Surroundings) -> Iterator[Checked]:
    if at is None:
        yield _advice(never)
    elif around.now - at > OLD_HOURS * 3600:
        told = str(Moment(at, settings.timezone))[:16].replace("T", " ")
        yield _advice(old, at=told, days=(around.now - at) // 86_400)
