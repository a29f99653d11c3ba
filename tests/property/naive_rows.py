"""The rows of a customer as conditions see them, out of dicts in the shape of the store's tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pdo.model.fields import SUBJECTS, Column, Type
from tests.property.naive_measures import Row, Seen
from tests.property.naive_tests import Value
from tests.property.naive_time import Clock, day_number, number_day

REFERENCES = {"owner": ("staff", "owner_id"), "store": ("stores", "store_id")}
ORDER_COLUMNS = tuple(column.name for column in SUBJECTS["orders"].columns)


def declared(row: Row) -> Row:
    """The declared columns of a row."""
    found: Row = json.loads(row.get("extra") or "{}")
    return found


def in_units(value: Any, type_: Type) -> Value:
    """A value in the units in which tests are written: ISO dates as day numbers, lists as tuples."""
    if type_ is Type.DATE and isinstance(value, str):
        return day_number(date.fromisoformat(value))
    if type_ is Type.LIST and value is not None:
        listed = json.loads(value) if isinstance(value, str) else value
        return tuple(listed) or None
    found: Value = value
    return found


@dataclass
class Rooms:
    """All rows, by kind, as a run at a `now` may see them.

    Args:
        tables: the declared tables: name → the column of their time, or none.
        columns: the columns of each subject, declared ones included.
    """

    kinds: Mapping[str, list[Row]]
    clock: Clock
    tables: Mapping[str, str | None]
    columns: Mapping[str, tuple[Column, ...]]

    def named(self, kind: str, number: int | None, column: str = "key") -> Value:
        """A column of what a surrogate key names."""
        found: Value = next((row.get(column) for row in self.kinds.get(kind, []) if row["id"] == number), None)
        return found

    def attribute(self, customer: Row, name: str, type_: Type) -> Value:
        """What a customer has in a column."""
        if name == "customer_id":
            return str(customer["key"])
        if name in REFERENCES:
            target, number = REFERENCES[name]
            return self.named(target, customer.get(number))
        return in_units({**declared(customer), **customer}.get(name), type_)

    def of_customer(self, customer: Row, subject: str, *, any_status: bool) -> list[Seen]:
        """The rows of a customer that exist and count."""
        if subject == "items":
            return self._items(customer, any_status=any_status)
        own = [row for row in self.kinds.get(subject, []) if row.get("customer_id") == customer["id"]]
        if subject == "orders":
            orders = [self._order(row, any_status=any_status) for row in own]
            return [one for one in orders if one is not None]
        time = SUBJECTS[subject].time if subject in SUBJECTS else self.tables[subject]
        rows = [self._plain(subject, row, time) for row in own]
        return [one for one in rows if one.at is None or one.at <= self.clock.at]

    def _plain(self, subject: str, row: Row, time: str | None) -> Seen:
        found = self._in_units(subject, {**declared(row), **row, "event_id": row["key"]})
        return Seen(found, self._moment(found, subject, time), (str(row["key"]),))

    def _in_units(self, subject: str, row: Row) -> Row:
        types = {column.name: column.type for column in self.columns[subject]}
        return {name: in_units(value, types.get(name, Type.TEXT)) for name, value in row.items()}

    def _moment(self, row: Row, subject: str, time: str | None) -> int | None:
        """The time of a row; a date begins with its day."""
        value: int | None = None if time is None else row.get(time)
        if value is None or all(one.name != time or one.type is not Type.DATE for one in self.columns[subject]):
            return value
        return self.clock.beginning_of(number_day(value))

    def _order(self, row: Row, *, any_status: bool) -> Seen | None:
        """An order as it stood at now; None where it does not count."""
        order = dict(row)
        for later in ("created_at", "paid_at", "refunded_at"):
            if (order.get(later) or 0) > self.clock.at:
                order[later] = None
                order["refunded"] = None if later == "refunded_at" else order.get("refunded")
        created, at = order.get("created_at"), order.get("paid_at")
        if created is None and at is None and (row.get("created_at"), row.get("paid_at")) != (None, None):
            return None
        paid, refunded = order.get("paid") or 0, order.get("refunded") or 0
        if any_status:
            at = created if at is None else at
        elif at is None or 0 < refunded >= paid:
            return None
        order["amount"] = paid - refunded
        order["order_id"] = order["key"]
        order["store"] = self.named("stores", order.get("store_id"))
        order["staff"] = self.named("staff", order.get("staff_id"))
        found = self._in_units("orders", declared(row) | dict.fromkeys(ORDER_COLUMNS) | order)
        return Seen(found, at, (str(row["key"]),))

    def _items(self, customer: Row, *, any_status: bool) -> list[Seen]:
        found = []
        for row in self.kinds.get("items", []):
            owner = next(one for one in self.kinds["orders"] if one["id"] == row["order_id"])
            order = self._order(owner, any_status=any_status)
            if order is None or owner.get("customer_id") != customer["id"]:
                continue
            item: Row = {"quantity": row.get("quantity"), "amount": row.get("amount")}
            item["sku"] = self.named("products", row["product_id"])
            for name in ("product", "category", "brand"):
                item[name] = self.named("products", row["product_id"], name)
            for name in ("order_id", "paid_at", "status", "channel", "store"):
                item[name] = order.columns[name]
            found.append(
                Seen(self._in_units("items", declared(row) | item), order.at, (*order.key, str(row.get("line"))))
            )
        return found
