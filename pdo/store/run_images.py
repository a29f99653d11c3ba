"""What stood in the store before a run changed it, kept by triggers while the run lasts, so that the run can be taken back.

Whatever a stage of a run writes is kept, in whatever table: nobody has to remember it. Only assignments are left out: there are
many of them, and each names the run that gave it and the one that took it away.
"""

# ruff: noqa: S608  (only names of our own tables are put together here)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, delete, func, insert, select, tuple_, type_coerce
from sqlmodel import col

from pdo.store.tables import JOURNALS, METADATA, Assignment, Batch, Message, RunImage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Select, Table

    from pdo.store.door import Door

EVENTS = ("INSERT", "UPDATE", "DELETE")
MADE = (str(Message.__tablename__), "INSERT")
"""Not kept: there may be a million of them, and the batch of a message names the run that made it."""


def kept_tables() -> Iterator[Table]:
    """Tables whose changes are kept, those that others refer to first."""
    for table in METADATA.sorted_tables:
        if table.name not in (*JOURNALS, Assignment.__tablename__):
            yield table


def keep_changes(door: Door, run_id: int) -> None:
    """Keep from now on, to the end of the transaction, what every row was before it is changed.

    Args:
        door: the store, open for writing.
        run_id: the run that changes rows.
    """
    kept = ((table, event) for table in kept_tables() for event in EVENTS)
    door.define(*(_trigger(table, event, run_id) for table, event in kept if (table.name, event) != MADE))


def _trigger(table: Table, event: str, run_id: int) -> str:
    """A trigger that is gone with the connection. Names are our own tables', the number is ours: nothing of a user's is in it."""
    row = "NEW" if event == "INSERT" else "OLD"
    identity = ", ".join(f'{row}."{column.name}"' for column in table.primary_key)
    members = ", ".join(f"""'{column.name}', OLD."{column.name}\"""" for column in table.columns)
    content = "NULL" if event == "INSERT" else f"json_object({members})"
    image = f"{run_id:d}, '{table.name}', json_array({identity}), {content}"
    return (
        f'CREATE TEMP TRIGGER "keep_{table.name}_{event.lower()}" AFTER {event} ON main."{table.name}" BEGIN '
        f"INSERT INTO run_image (run_id, of_table, identity, content) VALUES ({image}); END"
    )


def put_back(door: Door, run_id: int, *, keep: ColumnElement[bool]) -> tuple[dict[str, int], int]:
    """Make every row what it was before a run: those that it made are gone, those that it changed or removed are as they were.

    Args:
        door: the store; SQLite need not look references up, for they were right before.
        run_id: the run.
        keep: labels that stay though the run made them, because others use them.

    Returns:
        Table → how many rows are gone, and how many are what they were.
    """
    own = select(col(Batch.id)).where(col(Batch.run_id) == run_id)
    messages = door.execute(delete(Message).where(col(Message.batch_id).in_(own)))
    removed = {MADE[0]: messages} if messages else {}
    restored = 0
    for table in reversed(list(kept_tables())):
        first = _first_images(table, run_id)
        if not door.rows(first.limit(1)):
            continue
        image = first.subquery()
        made = select(*_parts(table, image.c.identity)).where(image.c.content.is_(None))
        gone = delete(table).where(tuple_(*table.primary_key).in_(made))
        if table.name == "label":
            gone = gone.where(~keep)
        if count := door.execute(gone):
            removed[table.name] = count
        values = [type_coerce(func.json_extract(image.c.content, f'$."{one.name}"'), one.type) for one in table.columns]
        before = select(*values).where(image.c.content.is_not(None))
        restored += door.execute(
            insert(table).prefix_with("OR REPLACE").from_select([one.name for one in table.columns], before)
        )
    door.execute(delete(RunImage).where(col(RunImage.run_id) == run_id))
    return removed, restored


def _first_images(table: Table, run_id: int) -> Select[*tuple[Any, ...]]:
    """(identity, content) of each row that a run touched, as it was before the first time."""
    of_run = and_(col(RunImage.run_id) == run_id, col(RunImage.of_table) == table.name)
    first = select(func.min(col(RunImage.id))).where(of_run).group_by(col(RunImage.identity))
    return select(col(RunImage.identity), col(RunImage.content)).where(col(RunImage.id).in_(first))


def _parts(table: Table, identity: ColumnElement[Any]) -> list[Any]:
    return [
        type_coerce(func.json_extract(identity, f"$[{place}]"), column.type)
        for place, column in enumerate(table.primary_key)
    ]


def touched(door: Door, run_id: int, others: Select[*tuple[Any, ...]]) -> set[int]:
    """Who else wrote rows that a run touched.

    Args:
        door: the store.
        run_id: the run.
        others: (number, table, identity) of what others wrote.
    """
    theirs = others.subquery()
    number, of_table, identity = theirs.c
    same = and_(col(RunImage.of_table) == of_table, col(RunImage.identity) == identity)
    query = (
        select(type_coerce(number, Integer).label("number"))
        .join(RunImage, same)
        .where(col(RunImage.run_id) == run_id)
        .distinct()
    )
    return {row[0] for row in door.rows(query)}
