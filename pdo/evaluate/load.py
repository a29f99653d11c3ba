"""Facts into the engine, with the columns that programs stand on: local days, amounts, what counts.

Casts and dates happen here, once, before a program is run: programs compare integers and text.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import pyarrow as pa
import re2
from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.measures import COUNTED, CUSTOMER, DAY, ORDER_ROW, TIME
from pdo.core.calendar import DAY_SECONDS, transitions
from pdo.model.conditions import TextOperator, TextTest
from pdo.model.fields import CUSTOMERS, ORDERS, Type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.compiler.program import Program
    from pdo.core.calendar import Moment
    from pdo.evaluate.engine import Engine
    from pdo.evaluate.facts import FactSource

REFERENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"owner": ("owner_id", "staff"), "store": ("store_id", "stores"), "staff": ("staff_id", "staff")}
)
"""Column that names something by its key → the stored surrogate key and the table that has the key."""

STORED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "customers": tuple(
            column.name
            for column in CUSTOMERS.columns
            if column.refers is None and column.name not in ("customer_id", "external_id", "unionid")
        ),
        "orders": tuple(
            column.name for column in ORDERS.columns if column.refers is None and column.name != "order_id"
        ),
        "items": ("quantity", "amount"),
        "events": ("type",),
        "products": ("product", "category", "brand"),
    }
)
"""Columns that stand in a table under their own name."""

NATURAL_KEYS = ("customer_id", "order_id", "event_id")
"""Columns that are their table's natural key."""

FUTURE = 3650 * DAY_SECONDS
"""How far ahead clock changes are looked at: orders and events end now, a customer's moments may lie a little ahead."""

FAR = 40_000
"""Days added before a division and taken off after it, so that it is of a positive number."""


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads the fact tables of one program.

    Args:
        engine: where to.
        source: where from.
        now: rows later than this do not exist.
    """

    engine: Engine
    source: FactSource
    now: Moment

    def load(self, program: Program) -> None:
        """Everything that the program reads but the state of tags and stages."""
        columns = {table: dict(wanted) for table, wanted in program.columns.items()}
        self._dimensions(columns)
        self._customers(columns.get("customers", {}))
        if "orders" in columns or "items" in columns:
            self._orders(columns)
        if "items" in columns:
            self._items(columns["items"])
        if "events" in columns:
            self._events(columns["events"])
        for search in program.searches:
            self._search(search.table, search.column, search.test, search.name)

    def _dimensions(self, columns: Mapping[str, Mapping[str, Type]]) -> None:
        wanted = {REFERENCES[name][1] for table in columns.values() for name in table if name in REFERENCES}
        for kind in sorted(wanted):
            self.engine.load(f"raw_{kind}", self.source.rows(kind, ("id", "key")))

    def _customers(self, wanted: Mapping[str, Type]) -> None:
        self._raw("customers", ("id", "key"), wanted)
        columns = [_as(_raw("id"), CUSTOMER), _as(_raw("key"), "key")]
        columns += self._wanted("customers", wanted)
        self._derive("customers", columns, wanted)

    def _orders(self, columns: Mapping[str, Mapping[str, Type]]) -> None:
        """Orders that exist at `now`; what is paid or refunded later is not paid or refunded yet."""
        order_columns = ("order_id", "store", "staff", *STORED["orders"])
        of_items = {name: type_ for name, type_ in columns.get("items", {}).items() if name in order_columns}
        wanted = dict(columns.get("orders", {}))
        for name, type_ in of_items.items():
            # A column that is only counted is noted as text; who tests it says what it is.
            wanted[name] = type_ if wanted.get(name, Type.TEXT) is Type.TEXT else wanted[name]
        base = ("id", "customer_id", "created_at", "paid_at", "paid", "refunded", "refunded_at")
        self._raw("orders", base, wanted)
        paid_at = self._until_now(_raw("paid_at"))
        at = exp.Coalesce(this=paid_at.copy(), expressions=[self._until_now(_raw("created_at"))])
        refunded = sql.choose([(self._is_later(_raw("refunded_at")), sql.literal(0))], sql.or_zero(_raw("refunded")))
        paid = sql.or_zero(_raw("paid"))
        back = exp.and_(
            exp.GT(this=refunded.copy(), expression=sql.literal(0)),
            exp.GTE(this=refunded.copy(), expression=paid.copy()),
        )
        counts = exp.and_(sql.present(paid_at.copy()), exp.not_(exp.paren(back)))
        made = [
            _as(_raw("id"), ORDER_ROW),
            _as(_raw("customer_id"), CUSTOMER),
            _as(at, TIME),
            _as(exp.Sub(this=paid, expression=refunded), "amount"),
            _as(sql.choose([(counts, sql.literal(1))], sql.literal(0)), COUNTED),
        ]
        special = {
            "paid_at": paid_at,
            "refunded": sql.choose([(self._is_later(_raw("refunded_at")), exp.null())], _raw("refunded")),
            "refunded_at": self._until_now(_raw("refunded_at")),
        }
        made += self._wanted("orders", wanted, special)
        timeless = exp.and_(sql.absent(_raw("paid_at")), sql.absent(_raw("created_at")))
        self._derive("orders", made, wanted, where=exp.or_(sql.present(at.copy()), timeless))

    def _items(self, wanted: Mapping[str, Type]) -> None:
        """Lines of orders with what their order and product say."""
        of_item = {name: type_ for name, type_ in wanted.items() if name in STORED["items"]}
        of_product = {name: type_ for name, type_ in wanted.items() if name in (*STORED["products"], "sku")}
        of_order = {name: type_ for name, type_ in wanted.items() if name not in {**of_item, **of_product}}
        self.engine.load("raw_items", self.source.rows("items", ("order_id", "product_id", "quantity", "amount")))
        columns = [sql.column(name, "orders") for name in (CUSTOMER, ORDER_ROW, TIME, DAY, COUNTED)]
        columns += [sql.column(name, "raw_items") for name in dict.fromkeys(("amount", *of_item))]
        for name, type_ in of_order.items():
            columns.append(sql.column(name, "orders"))
            columns += [sql.column(f"{name}_day", "orders")] if type_ is Type.INSTANT else []
        query = exp.select(*columns).from_("raw_items")
        same = exp.EQ(this=sql.column(ORDER_ROW, "orders"), expression=sql.column("order_id", "raw_items"))
        query = query.join(exp.to_table("orders"), on=same, join_type="inner")
        if of_product:
            stored = tuple("key" if name == "sku" else name for name in of_product)
            self.engine.load("raw_products", self.source.rows("products", ("id", *stored)))
            query = query.select(
                *[_as(sql.column(old, "raw_products"), name) for old, name in zip(stored, of_product, strict=True)]
            )
            same = exp.EQ(this=sql.column("id", "raw_products"), expression=sql.column("product_id", "raw_items"))
            query = sql.left_join(query, "raw_products", same)
        self.engine.create("items", query)
        for name in ("raw_items", "raw_products"):
            self.engine.drop(name)

    def _events(self, wanted: Mapping[str, Type]) -> None:
        self._raw("events", ("customer_id", "occurred_at"), wanted)
        columns = [
            _as(_raw("customer_id"), CUSTOMER),
            _as(_raw("occurred_at"), TIME),
        ]
        special = {"occurred_at": _raw("occurred_at")}
        columns += self._wanted("events", wanted, special)
        existing = exp.LTE(this=_raw("occurred_at"), expression=sql.literal(self.now.at))
        self._derive("events", columns, wanted, where=existing)

    # Parts ------------------------------------------------------------------------------------------------------------

    def _raw(self, kind: str, base: tuple[str, ...], wanted: Mapping[str, Type]) -> None:
        """The stored columns of a kind, as `raw_<kind>`."""
        names = list(base)
        for name in wanted:
            if name in REFERENCES and name not in STORED[kind]:
                names.append(REFERENCES[name][0])
            elif name in STORED[kind]:
                names.append(name)
            elif name in NATURAL_KEYS:
                names.append("key")
            elif name != "occurred_at":
                names.append("extra")
        self.engine.load(f"raw_{kind}", self.source.rows(kind, tuple(dict.fromkeys(names))))

    def _derive(
        self,
        kind: str,
        columns: list[exp.Expr],
        wanted: Mapping[str, Type],
        where: exp.Expr | None = None,
    ) -> None:
        """Keep a fact table; each instant has its local day beside it, worked out from the finished column."""
        query = exp.select(*columns, copy=False).from_(exp.alias_(exp.to_table(f"raw_{kind}"), "raw", table=True))
        for name in wanted:
            if name in REFERENCES:
                stored, table = REFERENCES[name]
                same = exp.EQ(this=sql.column("id", f"of_{name}"), expression=_raw(stored))
                named = exp.alias_(exp.to_table(f"raw_{table}"), f"of_{name}", table=True)
                query = query.join(named, on=same, join_type="left")
        finished = (query if where is None else query.where(where)).subquery("finished", copy=False)
        instants = {name: f"{name}_day" for name, type_ in wanted.items() if type_ is Type.INSTANT}
        if any(column.alias == TIME for column in columns):
            instants[TIME] = DAY
        days = [_as(self._day(name), day) for name, day in instants.items()]
        self.engine.create(kind, exp.select(exp.Star(), *days, copy=False).from_(finished, copy=False))
        self.engine.drop(f"raw_{kind}")

    def _wanted(
        self, kind: str, wanted: Mapping[str, Type], special: Mapping[str, exp.Expr] | None = None
    ) -> list[exp.Expr]:
        """The columns that conditions ask for, each under its own name."""
        made: list[exp.Expr] = []
        for name, type_ in wanted.items():
            if special is not None and name in special:
                cell = special[name].copy()
            elif name in REFERENCES:
                cell = sql.column("key", f"of_{name}")
            elif name in STORED[kind]:
                cell = _day_of_text(_raw(name)) if type_ is Type.DATE else _raw(name)
            elif name in NATURAL_KEYS:
                cell = _raw("key")
            else:
                cell = _declared(name, type_)
            made.append(_as(cell, name))
        return made

    def _until_now(self, instant: exp.Expr) -> exp.Expr:
        """The instant, absent where it is still to come."""
        return sql.choose([(exp.LTE(this=instant, expression=sql.literal(self.now.at)), instant.copy())], exp.null())

    def _is_later(self, instant: exp.Expr) -> exp.Expr:
        return sql.known(exp.GT(this=instant, expression=sql.literal(self.now.at)))

    def _day(self, instant: str) -> exp.Expr:
        """The local day number of an instant; the newest offsets stand first, for most rows are of late."""
        offsets = [pair for pair in transitions(self.now.zone) if pair[0] <= self.now.at + FUTURE]
        branches = [
            (exp.GTE(this=sql.column(instant), expression=sql.literal(start)), sql.literal(offset))
            for start, offset in reversed(offsets[1:])
        ]
        local = exp.Add(this=sql.column(instant), expression=sql.choose(branches, sql.literal(offsets[0][1])))
        shifted = exp.Add(this=exp.paren(local, copy=False), expression=sql.literal(FAR * DAY_SECONDS))
        days = exp.IntDiv(this=exp.paren(shifted, copy=False), expression=sql.literal(DAY_SECONDS))
        return exp.Sub(this=exp.paren(days, copy=False), expression=sql.literal(FAR))

    def _search(self, table: str, column: str, test: TextTest, name: str) -> None:
        """Run a search over the different values of a column and keep those that it finds."""
        query = exp.select(_as(sql.column(column), "value")).distinct().from_(table)
        values = [value for value in self.engine.table(query).column("value").to_pylist() if value is not None]
        found = [value for value in values if is_found(test, value)]
        self.engine.load(name, pa.table({"value": pa.array(found, pa.string())}))


def is_found(test: TextTest, text: str) -> bool:
    """Whether a search finds a text; code points, case counts, `%` is a `%`, expressions are RE2 and not anchored."""
    match test.operator:
        case TextOperator.CONTAINS:
            return test.value in text
        case TextOperator.STARTS_WITH:
            return text.startswith(test.value)
        case TextOperator.ENDS_WITH:
            return text.endswith(test.value)
        case TextOperator.MATCHES:
            return re2.search(test.value, text) is not None


def _raw(name: str) -> exp.Expr:
    return sql.column(name, "raw")


def _as(cell: exp.Expr, name: str) -> exp.Expr:
    """A column under a name; names of users are quoted."""
    return exp.alias_(cell, exp.to_identifier(name, quoted=True), copy=False)


def _day_of_text(text: exp.Expr) -> exp.Expr:
    epoch = exp.cast(exp.Literal.string("1970-01-01"), "DATE")
    return exp.cast(exp.paren(exp.Sub(this=exp.cast(text, "DATE"), expression=epoch)), "BIGINT")


def _declared(name: str, type_: Type) -> exp.Expr:
    """A declared attribute out of the JSON object of its row."""
    path = exp.Literal.string('$."' + name.replace('"', '\\"') + '"')
    text = exp.Anonymous(this="json_extract_string", expressions=[_raw("extra"), path])
    if type_ in (Type.TEXT, Type.PHONE):
        return text
    if type_ is Type.DATE:
        return _day_of_text(text)
    return exp.cast(text, "BIGINT")
