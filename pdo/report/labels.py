"""Tags, stages and segments: how many have them, who has what since when, who had what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, func, select

from pdo.core.errors import UsageError
from pdo.model.reports import Held, LabelCount
from pdo.report.names import unknown_name
from pdo.report.values import moment_text
from pdo.store.tables import Assignment, Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

    from pdo.model.playbook import Project


def held_by(
    session: Session, customer_id: int, zone: str, *, open_only: bool, kind: str | None = None, name: str | None = None
) -> tuple[Held, ...]:
    """What a customer has, and had unless `open_only`; by kind, then time.

    Args:
        kind: only this kind.
        name: only the tag of this name, or the stages of this lifecycle.
    """
    query = select(Assignment, Label).join(Label).where(Assignment.customer_id == customer_id)
    if open_only:
        query = query.where(col(Assignment.until).is_(None))
    if kind is not None:
        query = query.where(Label.kind == kind)
    if name is not None:
        query = query.where((Label.scope if kind == "stage" else Label.name) == name)
    order = (
        col(Label.kind).desc(),
        col(Label.scope),
        col(Assignment.since),
        col(Assignment.run_id),
        col(Label.name),
    )
    return tuple(
        Held(
            label.kind,
            label.scope,
            label.name,
            given.source,
            moment_text(given.since, zone) or "",
            moment_text(given.until, zone),
            given.run_id or None,
        )
        for given, label in session.exec(query.order_by(*order)).all()
    )


def label_counts(
    session: Session, project: Project, kind: str, held: ColumnElement[bool] | None = None
) -> tuple[LabelCount, ...]:
    """How many have each tag, stage or segment of the playbooks; then those of rules that are gone, while somebody has them.

    Args:
        held: which assignments count; None for those that hold now.
    """
    members = func.count(func.distinct(Assignment.customer_id))
    query = (
        select(Label.scope, Label.name, Label.playbook, members)
        .join(Assignment)
        .where(Label.kind == kind, col(Assignment.until).is_(None) if held is None else held)
        .group_by(Label.scope, Label.name, Label.playbook)
        .order_by(Label.scope, Label.name)
    )
    counted = {(scope, name): (playbook, count) for scope, name, playbook, count in session.exec(query).all()}
    found = [
        LabelCount(kind, scope, name, playbook, group, counted.pop((scope, name), ("", 0))[1])
        for scope, name, playbook, group in _defined(project, kind, list(counted))
    ]
    gone = [LabelCount(kind, scope, name, book, "", count) for (scope, name), (book, count) in counted.items()]
    return (*found, *gone)


def _defined(project: Project, kind: str, held: Sequence[tuple[str, str]]) -> list[tuple[str, str, str, str]]:
    """(scope, name, playbook, group) of what the playbooks define, in file order; of a column the values somebody has."""
    match kind:
        case "tag":
            found = []
            for tag in project.tags.values():
                names = [name for scope, name in held if scope == tag.name] if tag.column else [tag.name]
                found += [(tag.name if tag.column else "", name, tag.playbook, tag.group) for name in names]
            return found
        case "segment":
            return [("", segment.name, segment.playbook, "") for segment in project.segments.values()]
    return [(cycle.name, stage, cycle.playbook, "") for cycle in project.lifecycles.values() for stage in cycle.stages]


def resolve_label(project: Project, kind: str, name: str) -> str:
    """The tag, segment or lifecycle that a name means.

    Args:
        project: the playbooks.
        kind: `tag`, `segment` or `stage`.
        name: of the tag or segment; of a lifecycle, or of a stage that one lifecycle alone has.

    Raises:
        UsageError: nothing has that name, or several lifecycles have that stage.
    """
    if kind != "stage":
        known = project.tags if kind == "tag" else project.segments
        if name not in known:
            raise unknown_name(kind, name, known)
        return name
    if name in project.lifecycles:
        return name
    having = [cycle.name for cycle in project.lifecycles.values() if name in cycle.stages]
    if len(having) > 1:
        raise UsageError("error.ambiguous_stage", name=name, lifecycles=", ".join(having))
    if not having:
        stages = {stage for cycle in project.lifecycles.values() for stage in cycle.stages}
        raise unknown_name("lifecycle", name, sorted({*project.lifecycles, *stages}))
    return having[0]
