"""What runs did, how things stood after them, and days that are walked through one after the other."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from pdo.api.runs import run
from pdo.core.calendar import Moment, instant_of, parse_moment
from pdo.core.errors import UsageError
from pdo.core.frozen import dataclass
from pdo.report.runs import diff_runs, find_run, list_runs, run_at, show_run
from pdo.store.session import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from pdo.api.project import OpenProject
    from pdo.model.reports import Plan
    from pdo.model.runs import RunEntry, RunStep
    from pdo.model.settings import Settings
    from pdo.store.tables import Run

DATE_LENGTH = len("2026-03-02")


@dataclass(frozen=True, slots=True)
class Past:
    """A state of the past: how things stood after a run.

    Args:
        text: as it was asked for.
        run_id: the number of the run; None to take the last one up to a moment.
        at: the moment.
    """

    text: str
    run_id: int | None
    at: int

    def find(self, session: Session) -> Run:
        """The run.

        Raises:
            UsageError: there is none.
        """
        return find_run(session, self.run_id) if self.run_id is not None else run_at(session, self.at, self.text)


def read_past(text: str, zone: str) -> Past:
    """What `--at` says: a moment, a date (its whole day counts), or the number of a run as `#12` or `12`.

    Raises:
        UsageError: it is none of these.
    """
    number = text.strip().removeprefix("#")
    if number.isdecimal() and len(number) < len("20260302"):
        return Past(text, int(number), 0)
    try:
        at = parse_moment(text, zone).at
        if len(text.strip()) == DATE_LENGTH:
            next_day = datetime.combine(Moment(at, zone).local.date() + timedelta(days=1), time())
            at = instant_of(next_day, zone) - 1
    except (ValueError, OverflowError) as error:
        raise UsageError("error.at", value=text) from error
    return Past(text, None, at)


def runs(settings: Settings, *, limit: int) -> tuple[RunEntry, ...]:
    """The latest runs."""
    with open_session(settings.database) as session:
        return list_runs(session, settings.timezone, limit=limit)


def one_run(settings: Settings, run_id: int | None) -> RunEntry:
    """One run; the last where none is named.

    Raises:
        UsageError: there is no such run.
    """
    with open_session(settings.database) as session:
        return show_run(session, run_id, settings.timezone)


def difference(settings: Settings, before: int, after: int) -> tuple[RunStep, ...]:
    """What somebody has after one run and had not after another, and the other way round.

    Raises:
        UsageError: there is no such run, or it was taken back.
    """
    with open_session(settings.database) as session:
        return diff_runs(session, before, after)


def as_of_past(settings: Settings, past: Past) -> Moment:
    """The now of a run of the past.

    Raises:
        UsageError: there was none.
    """
    with open_session(settings.database) as session:
        return Moment(past.find(session).as_of, settings.timezone)


def days_between(first: Moment, last: Moment) -> tuple[Moment, ...]:
    """The same time of day on each day from one to another.

    Raises:
        UsageError: the last lies before the first.
    """
    count = last.today - first.today + 1
    if count < 1:
        raise UsageError("error.walk_backwards", first=str(first)[:DATE_LENGTH], last=str(last)[:DATE_LENGTH])
    clock = first.local.replace(tzinfo=None)
    return tuple(Moment(instant_of(clock + timedelta(days=day), first.zone), first.zone) for day in range(count))


def walk(
    opened: OpenProject, days: tuple[Moment, ...], *, now: Moment, playbook: str = "", override: str = ""
) -> Iterator[Plan]:
    """Run day after day, each in a transaction of its own.

    Args:
        opened: the project.
        days: the as-of of each run.
        now: the clock, for the journal.
        playbook: see `pdo.api.running.run`.
        override: the same.

    Raises:
        UsageError: the store has been there.
        FindingsError: the guard stops a day; those before stand.
    """
    for day in days:
        yield run(opened, as_of=day, now=now, playbook=playbook, override=override)
