"""The guard (护栏): what stops a run before it writes, because so much is seldom meant.

It looks at what is taken away or moved from customers who had it, by rule and in all, at how many messages are made, at how old
the data are, and at files that came in much shorter than the time before. Gains are never stopped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Integer, func, or_, select
from sqlmodel import col

from pdo.core.calendar import Moment, add_months, date_of, day_number
from pdo.core.diagnostics import Diagnostic
from pdo.core.figures import local_time
from pdo.model.conditions import Unit
from pdo.store.tables import Assignment, FileImport, Label, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.model.conditions import Duration
    from pdo.model.outreach import Guard
    from pdo.model.reports import Plan, Step
    from pdo.store.door import Door

WHOLE = 10_000
"""All, in hundredths of a percent."""
KINDS = ("tag", "stage", "segment")
SAMPLE = 5


@dataclass(slots=True)
class _Lost:
    """What one rule takes from customers who had it.

    A tag or segment is a rule; of stages the lifecycle is, for who leaves one of them goes to another.
    """

    kind: str
    name: str
    steps: list[Step] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(step.count for step in self.steps)

    @property
    def sample(self) -> str:
        found = sorted({key for step in self.steps for key in step.sample})[:SAMPLE]
        return ", ".join(found) + (" …" if self.count > len(found) else "")


def guard_run(door: Door, plan: Plan, guard: Guard) -> tuple[Diagnostic, ...]:
    """Why a run must not be applied before somebody has looked; empty where nothing is out of the way.

    Args:
        door: the store, before the run has written.
        plan: what it would do.
        guard: the limits of the policy; None stops nothing.

    Returns:
        Findings without a place in a file, whose codes begin with `guard.`.
    """
    found: list[Diagnostic] = []
    if guard.max_share_changed is not None:
        found += _shares(door, plan, guard.max_share_changed)
    if guard.max_messages is not None:
        found += _messages(plan, guard.max_messages)
    if guard.max_data_age is not None:
        found += _age(door, plan.as_of, guard.max_data_age)
    if guard.max_shrink is not None:
        found += _shrinkage(door, guard.max_shrink)
    return tuple(found)


def percent(share: int) -> str:
    """Hundredths of a percent for people: `33.3%`."""
    return f"{share / 100:.1f}".removesuffix(".0") + "%"


# What is taken away -------------------------------------------------------------------------------------------------------


def _shares(door: Door, plan: Plan, limit: int) -> Iterator[Diagnostic]:
    rules: dict[tuple[str, str], _Lost] = {}
    for step in plan.steps:
        if step.change == "lost" and step.kind in KINDS:
            name = step.scope if step.kind == "stage" else step.name
            rules.setdefault((step.kind, name), _Lost(step.kind, name)).steps.append(step)
    if not rules:
        return
    held = _held(door, list(rules.values()))
    for key, lost in rules.items():
        share = _share(lost.count, held[key])
        if share > limit:
            yield _stop("share", lost, of=held[key], share=share, limit=limit)
    everybody = _Lost("all", "", [step for lost in rules.values() for step in lost.steps])
    keys = pa.concat_tables([step.keys for step in everybody.steps]).column("customer_id")
    count = int(pc.count_distinct(keys).as_py())
    if _share(count, max(held.values())) <= limit:
        return  # there are at least so many who have something
    having = select(func.count(func.distinct(col(Assignment.customer_id)), type_=Integer()).label("n"))
    of = max(int(door.rows(having.where(col(Assignment.until).is_(None)))[0][0]), count)
    share = _share(count, of)
    if share > limit:
        yield _stop("share", everybody, count=count, of=of, share=share, limit=limit)


def _share(part: int, whole: int) -> int:
    return part * WHOLE // whole if whole else 0


def _stop(what: str, lost: _Lost, *, share: int, limit: int, of: int, count: int | None = None) -> Diagnostic:
    params = {
        "name": lost.name,
        "count": lost.count if count is None else count,
        "of": of,
        "share": percent(share),
        "limit": percent(limit),
        "sample": lost.sample,
    }
    return Diagnostic(f"guard.{what}", None, params, variant=lost.kind)


def _held(door: Door, rules: list[_Lost]) -> dict[tuple[str, str], int]:
    """How many customers have what each rule gave them before the run; of a lifecycle, who is in any of its stages."""
    names = {(step.kind, step.scope, step.name) for lost in rules for step in lost.steps}
    scopes = {lost.name for lost in rules if lost.kind == "stage"}
    query = select(col(Label.id), col(Label.kind), col(Label.scope), col(Label.name))
    wanted: dict[int, tuple[str, str]] = {}
    for number, kind, scope, name in door.rows(query.where(col(Label.kind).in_(KINDS))):
        if kind == "stage" and scope in scopes:
            wanted[number] = (kind, scope)
        elif (kind, scope, name) in names:
            wanted[number] = (kind, name)
    counted = (
        select(col(Assignment.label_id), func.count(type_=Integer()).label("n"))
        .join(Label, col(Label.id) == col(Assignment.label_id))
        .where(col(Assignment.label_id).in_(wanted), col(Assignment.until).is_(None))
        .where(or_(col(Assignment.source) == "rule", col(Label.kind) == "stage"))
        .group_by(col(Assignment.label_id))
    )
    # What a rule was called before it was renamed is not found: then all that it takes counts as all there was.
    found = {(lost.kind, lost.name): 0 for lost in rules}
    for number, count in door.rows(counted):
        found[wanted[number]] += count
    return {(lost.kind, lost.name): max(found[lost.kind, lost.name], lost.count) for lost in rules}


# Messages and data --------------------------------------------------------------------------------------------------------


def _messages(plan: Plan, limit: int) -> Iterator[Diagnostic]:
    made = {batch.campaign: batch.planned for batch in plan.batches if batch.planned}
    count = sum(made.values())
    if count > limit:
        most = sorted(made.items(), key=lambda one: (-one[1], one[0]))[:SAMPLE]
        told = ", ".join(f"{name} {number}" for name, number in most)
        yield Diagnostic("guard.messages", None, {"count": count, "limit": limit, "campaigns": told})


def _age(door: Door, as_of: Moment, limit: Duration) -> Iterator[Diagnostic]:
    kept = col(FileImport.undone_at).is_(None)
    last: int | None = door.rows(select(func.max(col(FileImport.started_at)).label("at")).where(kept))[0][0]
    if last is None:
        return
    if last < as_of.at - limit.seconds if limit.is_exact else _day(last, as_of) < _days_back(as_of.today, limit):
        hours = (as_of.at - last) // 3600
        told = local_time(last, as_of.zone)[:16]
        yield Diagnostic("guard.age", None, {"last": told, "hours": hours, "limit": str(limit)})


def _day(at: int, as_of: Moment) -> int:
    return Moment(at, as_of.zone).today


def _days_back(today: int, length: Duration) -> int:
    """The day so long before another."""
    match length.unit:
        case Unit.DAY:
            return today - length.count
        case Unit.WEEK:
            return today - 7 * length.count
        case Unit.MONTH:
            return day_number(add_months(date_of(today), -length.count))
    return day_number(add_months(date_of(today), -12 * length.count))


def _shrinkage(door: Door, limit: int) -> Iterator[Diagnostic]:
    """Files that came in since the last run and hold much fewer rows than the one of that name before.

    Only where most of the rows were known: a file with each day's new rows is as long as the day was good.
    """
    seen = select(func.coalesce(func.max(col(Run.import_id)), 0, type_=Integer()).label("id")).where(
        col(Run.undone_at).is_(None)
    )
    query: Any = select(
        *(col(getattr(FileImport, name)) for name in ("id", "kind", "path", "read", "blank", "new", "changed", "same"))
    )
    query = query.where(col(FileImport.undone_at).is_(None)).order_by(col(FileImport.id))
    new_from = int(door.rows(seen)[0][0])
    before: dict[tuple[str, str], int] = {}
    found: dict[tuple[str, str], Diagnostic] = {}
    for number, kind, path, read, blank, new, changed, same in door.rows(query):
        name = (kind, re.sub(r"\d+", "#", PurePath(path).name))
        found.pop(name, None)
        rows = read - blank
        missing = before.get(name, 0) - rows
        is_list = same + changed > new or not rows
        if number > new_from and is_list and missing > 0 and _share(missing, before[name]) > limit:
            share = percent(_share(missing, before[name]))
            params = {"kind": kind, "path": path, "import_id": number, "rows": rows, "before": before[name]}
            found[name] = Diagnostic("guard.shrink", None, {**params, "share": share, "limit": percent(limit)})
        before[name] = rows
    yield from found.values()
