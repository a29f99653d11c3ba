"""Tags from files: what another system or a spreadsheet put on customers becomes assignments that no rule takes off.

A tag that is there stays as it is: since when it holds is not moved by a later file. One that somebody took off comes back only
where the file says that it was put on again later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlglot import exp

from pdo.ingest.images import keep_rows
from pdo.ingest.merge import Verdicts
from pdo.ingest.places import place_of, table_of
from pdo.ingest.workspace import call, name
from pdo.store.tables import Assignment, Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdo.ingest.workspace import Workspace
    from pdo.store.door import Door

_IDENTITY = place_of("tags").identity
_FOREVER = 1 << 62
"""Later than any moment: until when an open assignment holds."""


def compare_tags(workspace: Workspace, door: Door, present: Sequence[str], duplicate: int) -> Verdicts:
    """Make `fresh`: the rows of `incoming` that say something new."""
    held = table_of(Assignment).c
    refs = exp.select(name("label_id_ref")).distinct().from_("incoming")
    staged = door.stage(workspace.stage_name("labels_meant"), workspace.stream(refs))
    ended = func.max(func.coalesce(held.until, _FOREVER), type_=held.since.type).label("ended")
    known = (
        select(*(held[column] for column in _IDENTITY), ended)
        .join(staged, staged.c.label_id_ref == held.label_id)
        .where(held.source != "rule")
        .group_by(*(held[column] for column in _IDENTITY))
    )
    workspace.load("existing", door.read(known))
    said = {"customer_id": "customer_id_ref", "label_id": "label_id_ref", "source": "source"}
    same = exp.and_(*(name(said[column], "incoming").eq(name(column, "existing")) for column in _IDENTITY))
    query = exp.select("incoming.*").from_("incoming").join("existing", on=same, join_type="left")
    later = name("since", "incoming") > name("ended", "existing") if "since" in present else exp.false()
    workspace.create("fresh", query.where(exp.or_(name("ended", "existing").is_(exp.null()), later)))
    count = workspace.number(exp.select("count(*)").from_("incoming"))
    fresh = workspace.number(exp.select("count(*)").from_("fresh"))
    return Verdicts(fresh=fresh, same=count - fresh, duplicate=duplicate)


def write_tags(workspace: Workspace, door: Door, present: Sequence[str], import_id: int, *, now: int) -> None:
    """Put the tags of `fresh` on."""
    since = call("coalesce", name("since"), now) if "since" in present else exp.convert(now)
    rows = exp.select(
        exp.alias_(name("label_id_ref"), "label_id"),
        exp.alias_(name("customer_id_ref"), "customer_id"),
        "source",
        exp.alias_(exp.cast(since, "BIGINT"), "since"),
        exp.alias_(exp.convert(0), "run_id"),
        exp.alias_(exp.convert(import_id), "import_id"),
    ).from_("fresh")
    door.append(Assignment, workspace.stream(rows.order_by("label_id", "customer_id", "source")))


def end_other_answers(door: Door, import_id: int, questions: Sequence[Sequence[str]], *, now: int) -> None:
    """End the answers that customers had before an import gave another one to the same question; the last one holds.

    Args:
        door: writes.
        import_id: the import that put answers on.
        questions: the tags that answer each question.
        now: when.
    """
    table, label = table_of(Assignment), table_of(Label).c
    held = table.c
    for number, answers in enumerate(questions):
        of_question = select(label.id).where(label.kind == "tag", label.scope == "", label.name.in_(answers))
        given = select(held.customer_id).where(held.import_id == import_id, held.label_id.in_(of_question))
        before = (
            select(*table.primary_key)
            .where(held.label_id.in_(of_question), held.customer_id.in_(given))
            .where(held.until.is_(None), held.source != "rule", held.import_id.is_distinct_from(import_id))
        )
        ended = door.stage(f"answers_before_{number}", door.read(before).read_all())
        keep_rows(door, table, ended, import_id)
        same = [held[column.name] == ended.c[column.name] for column in table.primary_key]
        door.execute(update(table).where(*same).values(until=func.max(now, held.since), until_run_id=0))
