"""What stood in the store before an import changed it: kept row by row, so that the import can be taken back.

Only rows that are changed are kept. A row that an import makes names the import itself; identifiers, whose rows do not, are kept
as rows that were not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, literal, null, select

from pdo.ingest.places import table_of
from pdo.store.tables import BeforeImage, Identity

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table, TableClause

    from pdo.store.door import Door

_COLUMNS = ("import_id", "of_table", "identity", "content")


def keep_rows(door: Door, table: Table, meant: TableClause, import_id: int, *conditions: ColumnElement[bool]) -> None:
    """Keep rows as they are, before they are changed.

    Args:
        door: the store.
        table: where they are.
        meant: names them by the columns of the table's primary key that it has.
        import_id: the import that changes them.
        conditions: what else tells them.
    """
    key = [column.name for column in table.primary_key]
    same = [table.c[column] == meant.c[column] for column in key if column in meant.c]
    members: list[Any] = [part for column in table.columns for part in (column.name, column)]
    content = func.json_object(*members)
    identity = func.json_array(*(table.c[column] for column in key))
    rows = select(literal(import_id), literal(table.name), identity, content).join_from(meant, table, and_(*same))
    door.execute(insert(table_of(BeforeImage)).from_select(_COLUMNS, rows.where(*conditions)))


def keep_identifiers(door: Door, made: TableClause, import_id: int) -> None:
    """Keep that identifiers are not there yet, before they are added; those that are there are left out."""
    of = table_of(Identity)
    key = [column.name for column in of.primary_key]
    there = select(literal(1)).where(*(of.c[column] == made.c[column] for column in key)).exists()
    identity = func.json_array(*(made.c[column] for column in key))
    rows = select(literal(import_id), literal(of.name), identity, null()).where(~there)
    door.execute(insert(table_of(BeforeImage)).from_select(_COLUMNS, rows))
