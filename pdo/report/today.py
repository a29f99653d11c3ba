"""What a day begins with, read from journals and short tables: no rule is worked out, no customer is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlmodel import col, func, or_, select

from pdo.core.calendar import Moment, date_of
from pdo.model.runs import RunStep
from pdo.model.today import CodeStock, DataAge, Overdue, Today
from pdo.report.batches import list_batches
from pdo.report.values import moment_text
from pdo.store.tables import Batch, Code, Coupon, FileImport, Run, Staff, Task

if TYPE_CHECKING:
    from sqlmodel import Session

    from pdo.model.reports import BatchEntry

HOUR_SECONDS = 3600
WEEK_DAYS = 7
MOST_BATCHES = 1_000
KINDS = ("tag", "stage", "segment")
CLOSED = ("cancelled", "done")
"""States of tasks for which nobody waits."""


def read_today(session: Session, now: Moment) -> Today:
    """What changed since yesterday, what waits for whom, how old the data are.

    Args:
        session: reads.
        now: the clock, in the project's zone.
    """
    last = session.exec(select(Run).where(col(Run.undone_at).is_(None)).order_by(col(Run.id).desc()).limit(1)).first()
    return Today(
        now,
        None if last is None else Moment(last.as_of, now.zone),
        () if last is None else _changed(session, Moment(last.as_of, now.zone)),
        _drafts(session, now),
        _overdue(session, now),
        _ages(session, now),
        _codes(session, now),
    )


def _changed(session: Session, last: Moment) -> tuple[RunStep, ...]:
    """What the runs of the last run's day did, added up; one that gives what another took away cancels it."""
    clock = last.local
    midnight = last.at - (clock.hour * HOUR_SECONDS + clock.minute * 60 + clock.second)
    query = select(Run.counts).where(col(Run.undone_at).is_(None), Run.as_of >= midnight).order_by(col(Run.id))
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    for counts in session.exec(query).all():
        for kind, scope, name, change, count in json.loads(counts):
            if kind in KINDS:
                label = found.setdefault((kind, scope, name), {"gained": 0, "lost": 0})
                label[change] += count
    return tuple(
        RunStep(*label, change, count) for label, counted in found.items() for change, count in counted.items() if count
    )


def _drafts(session: Session, now: Moment) -> tuple[BatchEntry, ...]:
    today = date_of(now.today)
    waiting = select(Batch.id).where(
        Batch.status == "draft", or_(Batch.planned_on >= today, col(Batch.expires_on) >= today)
    )
    numbers = set(session.exec(waiting).all())
    found = list_batches(session, now.zone, limit=MOST_BATCHES) if numbers else ()
    return tuple(one for one in found if one.batch_id in numbers and one.planned)


def _overdue(session: Session, now: Moment) -> tuple[Overdue, ...]:
    count = func.count(col(Task.id))
    query = (
        select(Staff.key, Staff.name, count, func.min(col(Task.due_on)))
        .select_from(Task)
        .outerjoin(Staff, col(Staff.id) == col(Task.staff_id))
        .where(col(Task.due_on) < date_of(now.today), col(Task.done_at).is_(None))
        .where(or_(col(Task.status).is_(None), col(Task.status).not_in(CLOSED)))
        .group_by(col(Staff.key), col(Staff.name))
        .order_by(count.desc(), Staff.key)
    )
    return tuple(
        Overdue(key or "", name or "", int(number), str(oldest))
        for key, name, number, oldest in session.exec(query).all()
    )


def _ages(session: Session, now: Moment) -> tuple[DataAge, ...]:
    last = select(func.max(col(FileImport.id))).where(col(FileImport.undone_at).is_(None)).group_by(FileImport.kind)
    query = select(FileImport).where(col(FileImport.id).in_(last)).order_by(col(FileImport.started_at))
    return tuple(
        DataAge(
            one.kind,
            moment_text(one.started_at, now.zone) or "",
            max(now.at - one.started_at, 0) // HOUR_SECONDS,
            one.read - one.blank,
        )
        for one in session.exec(query).all()
    )


def _codes(session: Session, now: Moment) -> tuple[CodeStock, ...]:
    given = select(Code.id).where(Code.key == Coupon.key).exists()
    free = (
        col(Coupon.customer_id).is_(None)
        & col(Coupon.used_at).is_(None)
        & or_(col(Coupon.expires_at).is_(None), col(Coupon.expires_at) > now.at)
        & ~given
    )
    first_end = func.min(col(Coupon.expires_at)).filter(free)
    query = (
        select(Coupon.offer, func.count(col(Coupon.id)).filter(free), func.count(col(Coupon.id)), first_end)
        .where(col(Coupon.offer).is_not(None))
        .group_by(Coupon.offer)
        .order_by(Coupon.offer)
    )
    since = date_of(now.today - WEEK_DAYS + 1)
    of_late = select(Code.pool, func.count(col(Code.id))).where(col(Code.given_on) >= since).group_by(Code.pool)
    spent = dict(session.exec(of_late).all())
    return tuple(
        CodeStock(offer or "", int(left), int(total), spent.get(offer or "", 0), _last_day(ends, now.zone))
        for offer, left, total, ends in session.exec(query).all()
    )


def _last_day(ends: int | None, zone: str) -> str:
    """The last day of something that is over at a moment."""
    return "" if ends is None else date_of(Moment(ends - 1, zone).today).isoformat()
