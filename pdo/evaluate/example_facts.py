"""The rows of examples as facts, in the shape in which a store serves them, and what earlier runs of them left."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pdo.evaluate.worlds import Worlds
from pdo.model.fields import CONSENT_SUFFIX, SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pdo.core.calendar import Moment
    from pdo.model.examples import Cell
    from pdo.model.settings import Settings

Row = dict[str, Any]
Given = tuple[str, str, str]
"""Kind, scope and name of a label."""

NUMBERED = ("customers", "orders", "products", "staff", "stores")
"""Kinds whose rows have a surrogate key that others name."""

REFERENCES = {
    "owner": ("owner_id", "staff"),
    "store": ("store_id", "stores"),
    "staff": ("staff_id", "staff"),
    "manager": ("manager_id", "staff"),
}
KEYS = {
    "customers": "customer_id",
    "orders": "order_id",
    "products": "sku",
    "staff": "staff_id",
    "stores": "store_id",
    "events": "event_id",
}
TEXTS = frozenset(
    (
        *(
            "key",
            "seed",
            "name",
            "remark_name",
            "phone",
            "gender",
            "birthday",
            "city",
            "source_channel",
            "member_level",
        ),
        *(
            "vip_from",
            "vip_until",
            "left_on",
            "extra",
            "status",
            "channel",
            "coupon",
            "line",
            "type",
            "product",
            "category",
            "brand",
        ),
    )
)
"""Columns of the tables that are served as they are stored and hold texts; all others are integers."""


@dataclass(slots=True)
class World:
    """One example, so far.

    Args:
        number: its place among those that are worked out together.
        rows: kind → natural key → cells; a row that comes again replaces what it says.
        held: own id of a customer → label → since when, by whom (`rule`, `file`).
    """

    number: int
    rows: dict[str, dict[tuple[object, ...], Mapping[str, Cell]]] = field(default_factory=dict)
    held: dict[str, dict[Given, tuple[int, str]]] = field(default_factory=dict)

    def bring(self, kind: str, key: tuple[object, ...], cells: Mapping[str, Cell]) -> None:
        """Add a row, or what a row with the same key says now."""
        known = self.rows.setdefault(kind, {})
        known[key] = {**known.get(key, {}), **cells}

    def give(self, customer: str, label: Given, since: int, source: str) -> None:
        """Note that a customer has a label."""
        self.held.setdefault(customer, {})[label] = since, source

    def of(self, kind: str) -> Iterable[Mapping[str, Cell]]:
        """The rows of a kind."""
        return self.rows.get(kind, {}).values()


@dataclass(slots=True)
class ExampleFacts:
    """A `FactSource` over the rows of several examples.

    Args:
        settings: for what is declared.
        worlds: the examples.
        labels_known: every label of the rules: each rule counts as having run before.
    """

    settings: Settings
    worlds: list[World]
    labels_known: list[tuple[str, str, str, str]]
    customers: dict[tuple[int, str], int] = field(init=False, default_factory=dict)
    _served: dict[str, list[Row]] = field(init=False, default_factory=dict)
    _ids: dict[tuple[str, int, str], int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Give every row its number, and shape the rows."""
        for world in self.worlds:
            for kind in NUMBERED:
                for cells in world.of(kind):
                    key = (kind, world.number, str(cells[KEYS[kind]]))
                    self._ids.setdefault(key, len(self._ids) + 1)
        self.customers = {key[1:]: number for key, number in self._ids.items() if key[0] == "customers"}
        for world in self.worlds:
            self._shape(world)

    def living(self, moments: tuple[Moment, ...]) -> Worlds:
        """Which world each customer lives in."""
        places = {world.number: place for place, world in enumerate(self.worlds)}
        return Worlds(moments, {number: places[key[0]] for key, number in self.customers.items()})

    # Rows -----------------------------------------------------------------------------------------------------------------

    def _shape(self, world: World) -> None:
        for kind in (*NUMBERED, "events"):
            for cells in world.of(kind):
                self._serve(kind, self._stored(kind, cells, world))
        for cells in world.of("items"):
            order = self._number("orders", world, cells["order_id"])
            product = self._number("products", world, cells["sku"])
            row = {"order_id": order, "product_id": product, "line": str(cells.get("line", ""))}
            self._serve("items", {**self._plain("items", cells), **row})
        chats = {cells["chat_id"]: cells for cells in world.of("chats")}
        for cells in world.of("members"):
            of_chat: Row = dict(chats.get(cells["chat_id"], {}))
            declared = self._declared("chats", of_chat)
            membership: Row = {**of_chat, **cells, "customer_id": self._customer(world, cells), "key": cells["chat_id"]}
            self._serve("chats", {**membership, "extra": declared})
        for kind in ("follows", "coupons", "tasks", "referrals", *self.settings.tables):
            for key, cells in world.rows.get(kind, {}).items():
                owner = self._customer(world, cells)
                if owner is not None:
                    told = {**cells, "customer_id": owner, "key": "|".join(str(part) for part in key)}
                    self._serve(kind, {**told, "extra": self._declared(kind, cells)})

    def _serve(self, kind: str, row: Row) -> None:
        self._served.setdefault(kind, []).append(row)

    def _stored(self, kind: str, cells: Mapping[str, Cell], world: World) -> Row:
        """A row as its table holds it."""
        row = self._plain(kind, cells)
        if kind in KEYS:
            row["key"] = str(cells.get(KEYS[kind], ""))
        if kind in NUMBERED:
            row["id"] = self._number(kind, world, cells[KEYS[kind]])
        if kind in ("orders", "events"):
            row["customer_id"] = self._customer(world, cells)
        for name, (column, other) in REFERENCES.items():
            if cells.get(name) is not None:
                row[column] = self._number(other, world, cells[name])
        if kind == "customers":
            row["seed"] = hashlib.sha256(row["key"].encode()).hexdigest()[:16]
            row |= self._consents(world, row["key"])
        return row

    def _consents(self, world: World, customer: str) -> Row:
        """What a customer allows: given, and not withdrawn at that moment or later."""
        found: Row = {}
        for cells in world.of("consents"):
            if cells.get("customer_id") != customer:
                continue
            given, withdrawn = cells.get("given_at"), cells.get("withdrawn_at")
            kept = isinstance(given, int) and (not isinstance(withdrawn, int) or withdrawn < given)
            found[f"{cells['channel']}{CONSENT_SUFFIX}"] = int(kept)
        return found

    def _plain(self, kind: str, cells: Mapping[str, Cell]) -> Row:
        return {**cells, "extra": self._declared(kind, cells)}

    def _declared(self, kind: str, cells: Mapping[str, Cell]) -> str | None:
        names = [one.column.name for one in self.settings.declared(kind)]
        found = {name: cells[name] for name in names if name in cells}
        return json.dumps(found, ensure_ascii=False, sort_keys=True) if found else None

    def _number(self, kind: str, world: World, key: object) -> int | None:
        return self._ids.get((kind, world.number, str(key)))

    def _customer(self, world: World, cells: Mapping[str, Cell]) -> int | None:
        """The customer that a row names; of a referral the one who brought the other."""
        named = cells.get("customer_id", cells.get("referrer"))
        return None if named is None else self._number("customers", world, named)

    # A fact source --------------------------------------------------------------------------------------------------------

    def rows(self, kind: str, columns: tuple[str, ...], _oldest: int | None = None) -> pa.Table:
        """See `FactSource`."""
        served = self._served.get(kind, [])
        types = {name: self._type(kind, name) for name in columns}
        return pa.table({name: pa.array([row.get(name) for row in served], types[name]) for name in columns})

    def _type(self, kind: str, name: str) -> pa.DataType:
        if kind in SUBJECTS and kind not in (*NUMBERED, "items", "events"):
            whole = {column.name for column in SUBJECTS[kind].columns if column.type.value in INTEGERS}
            return pa.int64() if name in whole or name in ("customer_id", SUBJECTS[kind].time) else pa.string()
        if kind in self.settings.tables:
            return pa.int64() if name == "customer_id" else pa.string()
        return pa.string() if name in TEXTS else pa.int64()

    def counted_orders(self, _columns: tuple[str, ...], _now: int, _oldest: int | None) -> None:
        """See `FactSource`: every world has its own now."""
        return

    def some_items(self, _columns: tuple[str, ...], _either: object) -> None:
        """See `FactSource`."""
        return

    def assignments(
        self, kinds: tuple[str, ...], *, by_rule: bool | None, labels: tuple[int, ...] | None = None
    ) -> pa.Table:
        """See `FactSource`."""
        numbers = {name[:3]: number for number, name in self.labels().items()}
        found = [
            (numbers[label], self.customers[world.number, customer], since)
            for world in self.worlds
            for customer, held in world.held.items()
            if (world.number, customer) in self.customers
            for label, (since, source) in held.items()
            if label[0] in kinds
            and label in numbers
            and (by_rule is None or (source == "rule") is by_rule)
            and (labels is None or numbers[label] in labels)
        ]
        names = ("label_id", "customer_id", "since")
        return pa.table({name: pa.array([one[place] for one in found], pa.int64()) for place, name in enumerate(names)})

    def rule_bits(self) -> None:
        """See `FactSource`."""
        return

    def blocks(self) -> pa.Table:
        """See `FactSource`."""
        return pa.table({name: pa.array([], pa.int64()) for name in ("label_id", "customer_id")})

    def labels(self) -> dict[int, tuple[str, str, str, str]]:
        """See `FactSource`."""
        return dict(enumerate(self.labels_known, 1))


INTEGERS = frozenset(("integer", "number", "money", "boolean", "instant"))
