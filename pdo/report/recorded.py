"""All rows of some customers, as the columns of their kinds, with personal data replaced by made-up one.

Whom it is about cannot be told from what leaves here: own ids, names, phones, order and coupon numbers and colleagues are
numbered in the order in which they come; outside identifiers, remarks and sensitive attributes are left out. The same store and
the same customers in the same order give the same rows.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlmodel import col, select

from pdo.model.fields import KINDS, Type
from pdo.store import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from pdo.model.examples import Cell
    from pdo.model.fields import Kind
    from pdo.model.settings import Settings
    from pdo.store.tables import Customer

OWN: Mapping[str, Any] = MappingProxyType(
    {
        "consents": tables.Consent,
        "follows": tables.Follow,
        "members": tables.ChatMember,
        "orders": tables.SalesOrder,
        "events": tables.Event,
        "coupons": tables.Coupon,
        "tasks": tables.Task,
        "referrals": tables.Referral,
    }
)
"""Kinds whose rows name a customer."""
NAMED: Mapping[str, Any] = MappingProxyType(
    {
        "customers": tables.Customer,
        "orders": tables.SalesOrder,
        "products": tables.Product,
        "stores": tables.Store,
        "staff": tables.Staff,
        "chats": tables.Chat,
    }
)
"""Kinds that rows name, with tables that have their keys."""
NUMBERED: Mapping[str, str] = MappingProxyType(
    {
        "customers": "客户",
        "orders": "单",
        "staff": "员工",
        "coupons": "券",
        "tasks": "任务",
        "referrals": "引荐",
        "events": "事",
    }
)
"""Kinds whose keys are replaced, with what stands before the number."""
DROPPED = frozenset(("remark_name", "external_id", "unionid", "note", "text", "result"))
NAMES = ("王芳", "李娜", "张伟", "刘洋", "陈静", "杨磊", "赵敏", "黄强", "周婷", "吴军")
PHONE = 13_900_000_000
PRODUCT = ("sku", "product", "category", "brand", "cycle_days")


@dataclass(slots=True)
class Recorder:
    """Reads the rows of customers.

    Args:
        session: of the store.
        settings: for what is declared.
        customers: whose rows.
        now: rows later than this are left out.
    """

    session: Session
    settings: Settings
    customers: tuple[Customer, ...]
    now: int
    _numbers: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    _found: dict[str, list[dict[str, Cell]]] = field(default_factory=dict)

    def rows(self) -> dict[str, list[dict[str, Cell]]]:
        """Kind → its rows, column → value in the units of the store; the first customers are those that were asked for."""
        for customer in self.customers:
            self._add("customers", self._cells(KINDS["customers"], customer, self._key("customers", customer.key)))
        for customer in self.customers:
            for kind, model in OWN.items():
                query = select(model).where(model.customer_id == customer.id)
                for row in self.session.exec(query.order_by(*model.__table__.primary_key.columns)):
                    self._own(KINDS[kind], row)
            self._given(customer)
            self._declared(customer)
        return {kind: found for kind, found in self._found.items() if found}

    def alias(self, customer: Customer) -> str:
        """What a customer is called in the rows."""
        return self._key("customers", customer.key)

    def _add(self, kind: str, cells: dict[str, Cell]) -> None:
        self._found.setdefault(kind, []).append(cells)

    def _own(self, kind: Kind, row: Any) -> None:
        key = self._key(kind.name, row.key) if hasattr(row, "key") else ""
        cells = self._cells(kind, row, key)
        times = [cells.get(name) for name in ("paid_at", "created_at", "occurred_at", "joined_at", "given_at")]
        moments = [at for at in times if isinstance(at, int)]
        if moments and min(moments) > self.now:
            return
        self._add(kind.name, cells)
        if kind.name == "orders":
            lines = (
                select(tables.OrderItem).where(tables.OrderItem.order_id == row.id).order_by(col(tables.OrderItem.line))
            )
            for line in self.session.exec(lines):
                self._add("items", self._cells(KINDS["items"], line, ""))

    def _cells(self, kind: Kind, row: Any, key: str) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for column in kind.columns:
            name = column.name
            cell: Any
            if name in DROPPED or column.consent:
                continue
            if column.refers is not None:
                cell = self._reference(row, name, column.refers)
            elif kind.key == (name,):
                cell = key
            elif (kind.name, name) == ("coupons", "order_id"):
                cell = self._key("orders", row.order_id) if row.order_id else None
            else:
                cell = getattr(row, name, None)
            if cell is not None:
                found[name] = cell.isoformat() if column.type is Type.DATE and not isinstance(cell, str) else cell
        if kind.name == "customers":
            number = len(self._numbers["customers"])
            found |= {"name": NAMES[(number - 1) % len(NAMES)]} if "name" in found else {}
            found |= {"phone": str(PHONE + number)} if "phone" in found else {}
        return found | self._attributes(kind.name, row.extra)

    def _attributes(self, kind: str, extra: str | None) -> dict[str, Cell]:
        told = {one.column.name for one in self.settings.declared(kind) if not one.sensitive}
        cells = json.loads(extra or "{}")
        return {name: tuple(cell) if isinstance(cell, list) else cell for name, cell in cells.items() if name in told}

    def _reference(self, row: Any, name: str, refers: str) -> str | None:
        held = "product_id" if name == "sku" else f"{name.removesuffix('_id')}_id"
        number = getattr(row, held, None)
        if number is None or refers not in NAMED:
            return None
        found: Any = self.session.get(NAMED[refers], number)
        known = found.key in self._numbers[refers]
        key = self._key(refers, found.key)
        if not known:
            self._bring(refers, key, found)
        return key

    def _bring(self, kind: str, key: str, row: Any) -> None:
        """What a row names: of a product what rules ask, of others no more than that they are there."""
        if kind == "products":
            self._add(
                kind, {name: cell for name, cell in self._cells(KINDS[kind], row, key).items() if name in PRODUCT}
            )
        elif kind == "chats":
            self._add(kind, {name: cell for name, cell in self._cells(KINDS[kind], row, key).items() if name != "name"})
        elif kind == "customers":
            self._add(kind, {"customer_id": key})

    def _key(self, kind: str, key: str) -> str:
        known = self._numbers[kind]
        if key not in known:
            known[key] = f"{NUMBERED[kind]}{len(known) + 1}" if kind in NUMBERED else key
        return known[key]

    def _given(self, customer: Customer) -> None:
        """Tags that hands, files and platforms put on."""
        held = (
            select(tables.Assignment, tables.Label)
            .where(tables.Assignment.customer_id == customer.id, tables.Assignment.label_id == tables.Label.id)
            .where(
                tables.Label.kind == "tag", tables.Assignment.source != "rule", col(tables.Assignment.until).is_(None)
            )
        )
        for assignment, label in self.session.exec(held.order_by(col(tables.Label.name))):
            self._add("tags", {"customer_id": self.alias(customer), "tag": label.name, "since": assignment.since})

    def _declared(self, customer: Customer) -> None:
        """Rows of tables of one's own."""
        query = select(tables.DeclaredRow).where(tables.DeclaredRow.customer_id == customer.id)
        for row in self.session.exec(query.order_by(col(tables.DeclaredRow.id))):
            if row.kind in self.settings.tables:
                cells = self._attributes(row.kind, row.extra)
                self._add(row.kind, {"customer_id": self.alias(customer), **cells})
