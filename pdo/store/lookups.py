"""Indexes for questions about one customer, and for the few assignments that are no rule's.

They are built by a run, not by an import: a first import of millions of orders would take a good deal longer, and nobody asks
why before something was run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pdo.store.door import Door

LOOKUPS = (
    "CREATE INDEX IF NOT EXISTS ix_sales_order_customer ON sales_order (customer_id)",
    "CREATE INDEX IF NOT EXISTS ix_event_customer ON event (customer_id)",
    # What rules gave is millions of rows, what hands and files gave is few: they are found without looking at the others.
    (
        "CREATE INDEX IF NOT EXISTS ix_assignment_hand ON assignment (label_id, customer_id, since) "
        "WHERE source <> 'rule' AND until IS NULL"
    ),
)


def build_lookups(door: Door) -> None:
    """Build them where they are missing, in the caller's transaction."""
    door.build_indexes(*LOOKUPS)
