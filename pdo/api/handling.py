"""Changes by hand: tags and stages. Each is one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import select

from pdo.core.errors import UsageError
from pdo.evaluate import hands
from pdo.report.customers import resolve_customer
from pdo.report.names import unknown_name
from pdo.store.session import open_session
from pdo.store.tables import Label

if TYPE_CHECKING:
    from sqlmodel import Session

    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment
    from pdo.model.playbook import Lifecycle, Project, Tag
    from pdo.model.reports import HandReport


def set_tag(opened: OpenProject, customer: str, tag: str, *, now: Moment, note: str | None) -> HandReport:
    """Put a tag on a customer.

    Raises:
        UsageError: no such tag, or no such customer.
    """
    found = _tag(opened.project, tag)
    if found is None:
        raise unknown_name("tag", tag, opened.project.tags)
    group = opened.project.exclusive.get(found.exclusive)
    others = tuple(name for name in group.tags if name != found.name) if group is not None else ()
    with open_session(opened.settings.database, write=True, doing="tag set") as session:
        return hands.set_tag(session, found, _hand(session, opened, customer, now, note), others=others)


def _tag(project: Project, name: str) -> Tag | None:
    """A tag that can be put on; the bare name of a question means its first answer."""
    found = project.tags.get(name)
    if found is None:
        answers = [tag for tag in project.tags.values() if tag.ask is not None and tag.exclusive == name]
        return answers[0] if answers else None
    return None if found.column else found


def remove_tag(opened: OpenProject, customer: str, tag: str, *, now: Moment, note: str | None) -> HandReport:
    """Take a tag off a customer; a rule's stays off.

    Raises:
        UsageError: no such tag, neither in the playbooks nor in the store, or no such customer.
    """
    found = _tag(opened.project, tag)
    with open_session(opened.settings.database, write=True, doing="tag remove") as session:
        stored = {
            name: scope for scope, name in session.exec(select(Label.scope, Label.name).where(Label.kind == "tag"))
        }
        if found is None and tag not in stored:
            raise unknown_name("tag", tag, {*opened.project.tags, *stored})
        name, scope = (found.name, "") if found is not None else (tag, stored[tag])
        return hands.remove_tag(session, name, found, _hand(session, opened, customer, now, note), scope=scope)


def set_stage(
    opened: OpenProject, customer: str, lifecycle: str, stage: str, *, now: Moment, note: str | None
) -> HandReport:
    """Move a customer to a stage.

    Raises:
        UsageError: no such lifecycle or stage, one that follows from the data alone, or no such customer.
    """
    found = _stateful(opened, lifecycle)
    if stage not in found.stages:
        raise unknown_name("stage", stage, found.stages, lifecycle=lifecycle)
    with open_session(opened.settings.database, write=True, doing="stage set") as session:
        return hands.set_stage(session, found, stage, _hand(session, opened, customer, now, note))


def remove_stage(opened: OpenProject, customer: str, lifecycle: str, *, now: Moment, note: str | None) -> HandReport:
    """Take a customer out of a lifecycle.

    Raises:
        UsageError: no such lifecycle, one that follows from the data alone, or no such customer.
    """
    found = _stateful(opened, lifecycle)
    with open_session(opened.settings.database, write=True, doing="stage remove") as session:
        return hands.remove_stage(session, found.name, _hand(session, opened, customer, now, note))


def _stateful(opened: OpenProject, lifecycle: str) -> Lifecycle:
    found = opened.project.lifecycles.get(lifecycle)
    if found is None:
        raise unknown_name("lifecycle", lifecycle, opened.project.lifecycles)
    if found.is_derived:
        raise UsageError("error.derived_lifecycle", lifecycle=lifecycle)
    return found


def _hand(session: Session, opened: OpenProject, customer: str, now: Moment, note: str | None) -> hands.Hand:
    return hands.Hand(resolve_customer(session, customer), now, opened.actor, note)
