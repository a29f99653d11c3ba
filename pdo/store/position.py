"""Where a store stands: which one it is, and how often it was written. What was planned against one standing fits no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from pdo.core.frozen import dataclass
from pdo.store.tables import StoreState

if TYPE_CHECKING:
    from pdo.store.door import Door


@dataclass(frozen=True, slots=True)
class Position:
    """A standing of a store.

    Args:
        lineage: of the store; copies share it.
        serial: one more with every transaction that wrote something.
    """

    lineage: str
    serial: int


def read_position(door: Door) -> Position:
    """Where the store stands, without what this transaction has written."""
    lineage, serial = door.rows(select(col(StoreState.lineage), col(StoreState.serial)))[0]
    return Position(lineage, serial)
