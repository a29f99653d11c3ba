"""Where the rows of each kind live in the store."""

from __future__ import annotations

from dataclasses import dataclass, field
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
        "follows": tables.Follow,
        "chats": tables.Chat,
        "members": tables.ChatMember,
        "channels": tables.Channel,
        "spend": tables.Spend,
        "leads": tables.Lead,
        "coupons": tables.Coupon,
        "tasks": tables.Task,
        "tags": tables.Assignment,
        "consents": tables.Consent,
        "referrals": tables.Referral,
        # Not a kind of its own, but what tags refer to.
        "labels": tables.Label,
    }
)
_SURROGATES: Mapping[tuple[str, str], str] = MappingProxyType(
    {("items", "sku"): "product_id", ("tags", "tag"): "label_id"}
)
"""Columns that hold a surrogate key under another name than the rule gives."""


@dataclass(frozen=True, slots=True)
class Place:
    """A kind's table.

    Args:
        kind: the kind.
        model: its table's class.
        identity: the columns that name a stored row: its surrogate key, or the columns of its table's key.
        references: column of the kind → column that holds the surrogate key of what it names.
        columns: columns of the kind that the table has under the same name, the key's left out.
        outside: columns that are kept as identifiers only, and their kind in `identity`.
        consents: columns that are kept as consents only, and their channel.
        constants: columns of the table that are the same for all rows of the kind.
    """

    kind: Kind
    model: type[SQLModel]
    identity: tuple[str, ...]
    references: Mapping[str, str]
    columns: tuple[str, ...]
    outside: Mapping[str, str]
    consents: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """As SQLAlchemy knows it."""
        return table_of(self.model)

    @property
    def is_composite(self) -> bool:
        """Whether rows are named by several columns together, the first of them a surrogate key of something else."""
        return "id" not in self.identity

    @property
    def own(self) -> tuple[str, ...]:
        """Columns of a composite key that are no references."""
        return tuple(column for column in self.identity if column not in ("id", *self.references.values()))

    def referred(self, column: str) -> str:
        """The kind that a column refers to."""
        found = self.kind.column(column)
        if found is None or found.refers is None:
            raise RuntimeError(f"{self.kind.name}.{column} refers to nothing")
        return found.refers


def table_of(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table of a class."""
    return model.metadata.tables[str(model.__tablename__)]


def model_of(kind: str) -> type[SQLModel]:
    """The class of the table of a built-in kind, or of `labels`."""
    return _MODELS[kind]


def place_of(kind: Kind | str) -> Place:
    """Where a kind's rows live."""
    kind = KINDS[kind] if isinstance(kind, str) else kind
    model = tables.DeclaredRow if kind.declared else _MODELS[kind.name]
    names = set(table_of(model).columns.keys())
    references = {
        column.name: _SURROGATES.get((kind.name, column.name), f"{column.name.removesuffix('_id')}_id")
        for column in kind.columns
        if column.refers
    }
    identity = ("id",) if "id" in names else tuple(references.get(column, column) for column in kind.key)
    plain = [column for column in kind.columns if column.name not in references and column.name not in kind.key]
    return Place(
        kind,
        model,
        identity,
        references,
        tuple(column.name for column in plain if column.name in names),
        {column.name: column.identity for column in plain if column.identity and column.name not in names},
        {column.name: column.consent for column in plain if column.consent},
        {"kind": kind.name} if kind.declared else {},
    )
