"""Customers of whom nothing was heard for as long as personal data are kept, and what journals keep of files that old."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, delete, func, select, type_coerce, union_all, update

from pdo.ingest.carrying import references
from pdo.ingest.erasing import Person, erase
from pdo.ingest.places import table_of
from pdo.store.tables import BeforeImage, Customer, FileImport, Reject
from pdo.store.types import Instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Select

    from pdo.store.door import Door

AT_ONCE = 5_000
"""How many customers are erased by one statement."""
_NOT_HEARD = frozenset(
    {"message", "assignment", "block", "batch", "journey_entry", "hand_edit", "contact_block", "code"}
)
"""What we do to customers is no sign of them."""


def due(door: Door, before: int) -> list[int]:
    """Surrogate keys of customers of whom nothing was heard since a moment; who has no date at all counts from the import.

    Args:
        door: the store.
        before: the moment, an instant.
    """
    heard = union_all(*_signs()).subquery("heard")
    last = select(heard.c.customer_id, func.max(heard.c.at, type_=Integer()).label("at")).group_by(heard.c.customer_id)
    latest = last.subquery("latest")
    customer, done = table_of(Customer).c, table_of(FileImport).c
    moment = func.coalesce(latest.c.at, done.started_at, type_=Integer())
    query = (
        select(customer.id)
        .join_from(table_of(Customer), latest, latest.c.customer_id == customer.id, isouter=True)
        .outerjoin(table_of(FileImport), done.id == customer.import_id)
        .where(moment < before)
    )
    return [int(row[0]) for row in door.rows(query.order_by(customer.id))]


def _signs() -> Iterator[Select[Any]]:
    customer = table_of(Customer)
    yield select(customer.c.id.label("customer_id"), _as_number(customer.c.added_at).label("at"))
    for reference in references():
        table = reference.table
        moments = [column for column in table.columns if isinstance(column.type, Instant)]
        if table.name in _NOT_HEARD or not moments:
            continue
        for moment in moments:
            yield select(reference.column.label("customer_id"), _as_number(moment).label("at"))


def _as_number(column: ColumnElement[Any]) -> ColumnElement[int]:
    return type_coerce(column, Integer)


def purge(door: Door, customers: Sequence[int], before: int) -> Counter[str]:
    """Erase customers, and what journals keep of the content of files that came in before a moment.

    Returns:
        Table → rows that are gone or emptied.
    """
    rows: Counter[str] = Counter()
    for begin in range(0, len(customers), AT_ONCE):
        rows += erase(door, Person(tuple(customers[begin : begin + AT_ONCE]), (), ())).rows
    old = select(table_of(FileImport).c.id).where(table_of(FileImport).c.started_at < before)
    images, rejects = table_of(BeforeImage), table_of(Reject)
    rows[images.name] += door.execute(delete(images).where(images.c.import_id.in_(old)))
    emptied = update(rejects).values(value=None).where(rejects.c.import_id.in_(old), rejects.c.value.is_not(None))
    rows[rejects.name] += door.execute(emptied)
    return +rows
