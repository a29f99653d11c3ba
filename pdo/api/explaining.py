"""Explain and the members of a segment: what is asked of the engine, and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdo.core.calendar import Moment
from pdo.core.errors import UsageError
from pdo.evaluate.engine import open_engine
from pdo.evaluate.explain import Memory, Standing
from pdo.evaluate.explain import explain as explain_rules
from pdo.evaluate.members import read_members
from pdo.evaluate.stored import StoreFacts
from pdo.model.playbook import Rule
from pdo.model.reports import MemberTable
from pdo.report.customers import resolve_customer
from pdo.report.labels import resolve_label
from pdo.store.door import open_door
from pdo.store.last_run import last_as_of, last_thresholds
from pdo.store.session import open_session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.api.project import OpenProject
    from pdo.model.reports import Explanation
    from pdo.store.door import Door


def facts_at(door: Door, as_of: Moment, customer_id: int | None = None) -> StoreFacts:
    """The store as it stands; for a moment before the last run, with the assignments of that moment."""
    last = last_as_of(door)
    past = last is not None and as_of.at < last
    return StoreFacts(door, as_of.at if past else None, customer_id)


def explain(
    opened: OpenProject, customer: str, *, kind: str | None, name: str | None, as_of: Moment | None
) -> tuple[Explanation, ...]:
    """Why a customer has a tag, is in a stage or belongs to a segment, or why not.

    Args:
        opened: the project.
        customer: an identifier.
        kind: `tag`, `stage` or `segment`; None for all that the customer has.
        name: of the tag or segment, of the lifecycle or one of its stages.
        as_of: the now to look from; None for the last run's.

    Raises:
        UsageError: there is no such customer or rule, or nothing was run yet.
    """
    with open_session(opened.settings.database) as session:
        found = resolve_customer(session, customer)
        customer_id, key = found.id or 0, found.key
    with open_door(opened.settings.database, write=False) as door, open_engine(opened.settings) as engine:
        now = as_of or _last_run(door, opened)
        source = facts_at(door, now, customer_id)
        memory = Memory(_stored(source), last_thresholds(door, now.at))
        rules = _rules(opened, kind, name, memory.standings)
        sources = (source, facts_at(door, now))
        return explain_rules(
            engine, sources, opened.project, opened.settings, now, customer_key=key, rules=rules, memory=memory
        )


def _last_run(door: Door, opened: OpenProject) -> Moment:
    last = last_as_of(door)
    if last is None:
        raise UsageError("error.no_run_yet")
    return Moment(last, opened.settings.timezone)


def _stored(source: StoreFacts) -> dict[tuple[str, str, str], Standing]:
    """How the customer stands with each label that was ever given, as (kind, scope, name)."""
    names = {number: label[:3] for number, label in source.labels().items()}
    found: dict[tuple[str, str, str], Standing] = {}
    for by_rule in (True, False):
        held = source.assignments(("tag", "stage", "segment"), by_rule=by_rule).read_all().to_pylist()
        for row in held:
            found[names[row["label_id"]]] = Standing(since=row["since"], by_hand=not by_rule)
    for row in source.blocks().read_all().to_pylist():
        found[names[row["label_id"]]] = replace(found.get(names[row["label_id"]], Standing()), blocked=True)
    return found


def _rules(
    opened: OpenProject, kind: str | None, name: str | None, stored: Mapping[tuple[str, str, str], Standing]
) -> tuple[Rule, ...]:
    project = opened.project
    if kind is not None and name is not None:
        found = resolve_label(project, kind, name)
        return (Rule("lifecycle" if kind == "stage" else kind, found),)
    held = {(kind, name) for (kind, _, name), standing in stored.items() if standing.since is not None}
    rules = [Rule("tag", tag) for tag in project.tags if ("tag", tag) in held]
    rules += [Rule("lifecycle", one) for one in project.lifecycles]
    return (*rules, *(Rule("segment", one) for one in project.segments if ("segment", one) in held))


def members(
    opened: OpenProject,
    segment: str,
    *,
    limit: int | None = None,
    at: Moment | None = None,
    columns: tuple[str, ...] = (),
) -> MemberTable:
    """The members that a run gave a segment, with the columns it shows.

    Args:
        opened: the project.
        segment: its name.
        limit: the first so many; None for all.
        at: the run's now; None for the last run's.
        columns: instead of those it shows; columns, metrics and scores that there are.

    Raises:
        UsageError: there is no such segment, or nothing was run yet.
    """
    found = opened.project.segments[resolve_label(opened.project, "segment", segment)]
    found = replace(found, columns=columns or found.columns)
    with open_door(opened.settings.database, write=False) as door, open_engine(opened.settings) as engine:
        now = at or _last_run(door, opened)
        source = facts_at(door, now)
        labels = frozenset(
            number for number, names in source.labels().items() if names[:3] == ("segment", "", found.name)
        )
        types, rows, total = read_members(
            engine, source, opened.project, opened.settings, now, segment=found, label_ids=labels, limit=limit
        )
        return MemberTable(found.name, types, rows, total, now)
