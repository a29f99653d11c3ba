"""Facts out of the store, through an open door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlmodel import col

from pdo.store.tables import (
    Assignment,
    Block,
    Customer,
    Event,
    Label,
    OrderItem,
    Product,
    SalesOrder,
    Staff,
    Store,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Select

    from pdo.store.door import Door

TABLES = {
    "customers": Customer,
    "orders": SalesOrder,
    "items": OrderItem,
    "events": Event,
    "products": Product,
    "staff": Staff,
    "stores": Store,
}


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """The store's rows, through an open door.

    Args:
        at: the past moment whose assignments count; None for those that hold, also where a hand gave them after a run's
            as-of.
        customer_id: the one customer to read; None for all. Products, staff, stores and items' orders are always whole.
    """

    door: Door
    at: int | None = None
    customer_id: int | None = None

    def rows(self, kind: str, columns: tuple[str, ...]) -> pa.RecordBatchReader:
        """See `FactSource`."""
        table = TABLES[kind]
        return self.door.read(self._narrowed(kind, select(*(getattr(table, name) for name in columns))))

    def _narrowed(self, kind: str, query: Select[Any]) -> Select[Any]:
        if kind in ("orders", "events"):
            owner = col(SalesOrder.customer_id) if kind == "orders" else col(Event.customer_id)
            return query.where(owner.is_not(None) if self.customer_id is None else owner == self.customer_id)
        if self.customer_id is None:
            return query
        if kind == "customers":
            return query.where(col(Customer.id) == self.customer_id)
        if kind == "items":
            own = select(col(SalesOrder.id)).where(col(SalesOrder.customer_id) == self.customer_id)
            return query.where(col(OrderItem.order_id).in_(own))
        return query

    def assignments(self, kinds: tuple[str, ...], *, by_rule: bool | None) -> pa.RecordBatchReader:
        """See `FactSource`."""
        query = (
            select(col(Assignment.label_id), col(Assignment.customer_id), col(Assignment.since))
            .join(Label, col(Label.id) == col(Assignment.label_id))
            .where(col(Label.kind).in_(kinds))
        )
        if self.at is None:
            query = query.where(col(Assignment.until).is_(None))
        else:
            later = or_(col(Assignment.until).is_(None), col(Assignment.until) > self.at)
            query = query.where(col(Assignment.since) <= self.at, later)
        if by_rule is not None:
            query = query.where(col(Assignment.source) == "rule" if by_rule else col(Assignment.source) != "rule")
        if self.customer_id is not None:
            query = query.where(col(Assignment.customer_id) == self.customer_id)
        return self.door.read(query)

    def blocks(self) -> pa.RecordBatchReader:
        """See `FactSource`."""
        query = select(col(Block.label_id), col(Block.customer_id))
        if self.customer_id is not None:
            query = query.where(col(Block.customer_id) == self.customer_id)
        return self.door.read(query)

    def labels(self) -> dict[int, tuple[str, str, str, str]]:
        """See `FactSource`."""
        query = select(col(Label.id), col(Label.kind), col(Label.scope), col(Label.name), col(Label.playbook))
        return {row[0]: (row[1], row[2], row[3], row[4]) for row in self.door.rows(query)}
