"""Runs: what each changed, and how things stood after it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import except_
from sqlmodel import col, func, or_, select

from pdo.core.errors import UsageError
from pdo.model.runs import RunEntry, RunStep
from pdo.report.values import moment_text
from pdo.store.tables import Assignment, Customer, Label, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement
    from sqlmodel import Session
    from sqlmodel.sql.expression import SelectOfScalar

BY_HAND = 0
KINDS = ("tag", "stage", "segment")
SAMPLE = 5


def list_runs(session: Session, zone: str, *, limit: int) -> tuple[RunEntry, ...]:
    """The latest runs, latest first, those that were taken back among them."""
    query = select(Run).order_by(col(Run.id).desc()).limit(limit)
    return tuple(_entry(found, zone) for found in session.exec(query).all())


def show_run(session: Session, run_id: int | None, zone: str) -> RunEntry:
    """One run.

    Args:
        session: reads.
        run_id: its number; None for the last that was not taken back.
        zone: the project's.

    Raises:
        UsageError: there is no such run.
    """
    return _entry(find_run(session, run_id), zone)


def find_run(session: Session, run_id: int | None) -> Run:
    """The run of a number; the last that was not taken back for None.

    Raises:
        UsageError: there is none.
    """
    if run_id is not None:
        found = session.get(Run, run_id)
        if found is None:
            raise UsageError("error.unknown_run", run_id=run_id)
        return found
    last = session.exec(_standing().limit(1)).first()
    if last is None:
        raise UsageError("error.no_run_yet")
    return last


def run_at(session: Session, at: int, told: str) -> Run:
    """The last run of a moment or before it that was not taken back.

    Args:
        session: reads.
        at: the moment.
        told: how it is called in a message.

    Raises:
        UsageError: there is none.
    """
    found = session.exec(_standing().where(Run.as_of <= at).limit(1)).first()
    if found is None:
        raise UsageError("error.no_run_at", at=told)
    return found


def _standing() -> SelectOfScalar[Run]:
    return select(Run).where(col(Run.undone_at).is_(None)).order_by(col(Run.id).desc())


def diff_runs(session: Session, before: int, after: int) -> tuple[RunStep, ...]:
    """Who has what after one run and had it not after another, and the other way round, by kind and name.

    Raises:
        UsageError: there is no such run, or it was taken back.
    """
    runs = [find_run(session, number) for number in (before, after)]
    for run in runs:
        if run.undone_at is not None:
            raise UsageError("error.run_undone", run_id=run.id)
    return tuple(_differences(session, held_after(runs[0]), held_after(runs[1])))


def held_after(run: Run) -> ColumnElement[bool]:
    """Whether an assignment held when a run had been applied: by the runs' order, and for hands by time."""
    given = or_(
        (col(Assignment.run_id) != BY_HAND) & (col(Assignment.run_id) <= run.id),
        (col(Assignment.run_id) == BY_HAND) & (col(Assignment.since) <= run.as_of),
    )
    lasts = or_(
        col(Assignment.until).is_(None),
        (col(Assignment.until_run_id) != BY_HAND) & (col(Assignment.until_run_id) > run.id),
        (col(Assignment.until_run_id) == BY_HAND) & (col(Assignment.until) > run.as_of),
    )
    return given & lasts


def _differences(session: Session, before: ColumnElement[bool], after: ColumnElement[bool]) -> Iterator[RunStep]:
    labels = session.exec(
        select(Label).where(col(Label.kind).in_(KINDS)).order_by(col(Label.kind).desc(), Label.scope, Label.name)
    ).all()
    for label in labels:
        held = select(Assignment.customer_id).where(Assignment.label_id == label.id)
        for change, there, absent in (("gained", after, before), ("lost", before, after)):
            changed = except_(held.where(there), held.where(absent)).subquery()
            count = session.exec(select(func.count()).select_from(changed)).one()
            if count:
                keys = select(Customer.key).join(changed, changed.c.customer_id == Customer.id)
                sample = tuple(session.exec(keys.order_by(Customer.key).limit(SAMPLE)).all())
                yield RunStep(label.kind, label.scope, label.name, change, count, sample)


def _entry(found: Run, zone: str) -> RunEntry:
    override = json.loads(found.override) if found.override else {}
    return RunEntry(
        run_id=found.id or 0,
        as_of=moment_text(found.as_of, zone) or "",
        started_at=moment_text(found.started_at, zone) or "",
        actor=found.actor,
        changes=found.changes,
        playbooks=json.loads(found.playbooks),
        steps=tuple(RunStep(*step) for step in json.loads(found.counts)),
        override=override.get("reason"),
        stops=tuple((stop["key"], stop["params"]) for stop in override.get("stops", ())),
        undone_at=moment_text(found.undone_at, zone),
        undone_by=found.undone_by,
    )
