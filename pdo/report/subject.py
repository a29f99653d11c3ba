"""Everything that is known of one person: each table's rows of theirs, by natural keys (查阅权)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from pdo.report.values import moment_text
from pdo.store.dump import state_of
from pdo.store.tables import METADATA, Customer, Profile
from pdo.store.types import Instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, ColumnElement, Table
    from sqlmodel import Session

_LEFT_OUT = frozenset({"profile", "carried", "before_image", "run_image"})
"""How rows stand with a person, and what they were before: no more is known by them."""


def known_of(session: Session, customer: Customer, zone: str) -> dict[str, list[dict[str, Any]]]:
    """Table → rows of a person. Money is integer fen, quantities integer thousandths, moments ISO texts of the zone."""
    found: dict[str, list[dict[str, Any]]] = {}
    people = METADATA.tables["customer"]
    _add(found, people, _rows(session, people, people.c.id == customer.id, zone))
    for table, column in _ways(people):
        mine = column == customer.id
        _add(found, table, _rows(session, table, mine, zone))
        if "id" not in table.columns:
            continue
        # Lines of an order, steps of a journey: what rests on rows that name the person.
        for other, naming in _ways(table):
            if not any(key.column.table is people for column in other.columns for key in column.foreign_keys):
                _add(found, other, _rows(session, other, naming.in_(select(table.c.id).where(mine)), zone))
    own = select(col(Profile.key)).where(col(Profile.person_id) == customer.id).order_by(col(Profile.key))
    if keys := list(session.execute(own).scalars()):
        found["own_ids"] = [{"customer_id": key} for key in keys]
    return found


def _add(found: dict[str, list[dict[str, Any]]], table: Table, rows: list[dict[str, Any]]) -> None:
    there = found.get(table.name, [])
    if fresh := [row for row in rows if row not in there]:
        found[table.name] = there + fresh


def _ways(named: Table) -> Iterator[tuple[Table, Column[Any]]]:
    """Every column that names a row of a table."""
    for table in sorted(METADATA.tables.values(), key=lambda table: table.name):
        for column in table.columns:
            if table.name not in _LEFT_OUT and any(key.column.table is named for key in column.foreign_keys):
                yield table, column


def _rows(session: Session, table: Table, mine: ColumnElement[bool], zone: str) -> list[dict[str, Any]]:
    moments = {found.name for found in table.columns if isinstance(found.type, Instant)}
    rows = session.execute(state_of(table).where(mine)).mappings().all()
    return [
        {
            name: moment_text(value, zone) if name in moments else value
            for name, value in row.items()
            if value is not None
        }
        for row in rows
    ]
