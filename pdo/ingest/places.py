"""Where the rows of each kind live in the store."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.model.fields import KINDS, Kind
from pdo.store import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Table
    from sqlmodel import SQLModel

_MODELS: Mapping[str, type[SQLModel]] = MappingProxyType(
    {
        "customers": tables.Customer,
        "products": tables.Product,
        "stores": tables.Store,
        "staff": tables.Staff,
        "orders": tables.SalesOrder,
        "items": tables.OrderItem,
        "events": tables.Event,
    }
)
_SURROGATES: Mapping[tuple[str, str], str] = MappingProxyType({("items", "sku"): "product_id"})
"""Columns that hold a surrogate key under another name than the rule gives."""


@dataclass(frozen=True, slots=True)
class Place:
    """A kind's table.

    Args:
        kind: the kind.
        model: its table's class.
        identity: the columns that name a stored row: its surrogate key, or for items order and line.
        references: column of the kind → column that holds the surrogate key of what it names.
        columns: columns of the kind that the table has under the same name.
        outside: columns that are kept as identifiers only, and their kind in `identity`.
    """

    kind: Kind
    model: type[SQLModel]
    identity: tuple[str, ...]
    references: Mapping[str, str]
    columns: tuple[str, ...]
    outside: Mapping[str, str]

    @property
    def table(self) -> Table:
        """As SQLAlchemy knows it."""
        return table_of(self.model)

    def referred(self, column: str) -> str:
        """The kind that a column refers to."""
        found = self.kind.column(column)
        if found is None or found.refers is None:
            raise RuntimeError(f"{self.kind.name}.{column} refers to nothing")
        return found.refers


def table_of(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table of a class."""
    return model.metadata.tables[str(model.__tablename__)]


def place_of(kind: Kind | str) -> Place:
    """Where a kind's rows live."""
    kind = KINDS[kind] if isinstance(kind, str) else kind
    model = _MODELS[kind.name]
    names = set(table_of(model).columns.keys())
    identity = ("id",) if "id" in names else ("order_id", "line")
    references = {
        column.name: _SURROGATES.get((kind.name, column.name), f"{column.name.removesuffix('_id')}_id")
        for column in kind.columns
        if column.refers
    }
    plain = [column for column in kind.columns if column.name not in references and column.name not in kind.key]
    return Place(
        kind,
        model,
        identity,
        references,
        tuple(column.name for column in plain if column.name in names),
        {column.name: column.identity for column in plain if column.identity and column.name not in names},
    )
