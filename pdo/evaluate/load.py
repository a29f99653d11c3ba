"""Facts into the engine, with the columns that programs stand on: local days, amounts, what counts.

Casts and dates happen here, once, before a program is run: programs compare integers and text.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.fading import points_by_age
from pdo.compiler.measures import BOUNDS, COUNTED, CUSTOMER, DAY, ORDER_ROW, ROW, TIME, WORLD, Needed
from pdo.compiler.ranks import KEY
from pdo.core.calendar import DAY_SECONDS, offset_at
from pdo.evaluate.days import local_day
from pdo.evaluate.search import answers
from pdo.evaluate.worlds import AT, MOMENTS, TODAY
from pdo.model.fields import CONSENT_SUFFIX, CUSTOMERS, ORDERS, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pdo.compiler.program import Program
    from pdo.compiler.searches import Search
    from pdo.core.calendar import Moment
    from pdo.evaluate.engine import Engine
    from pdo.evaluate.facts import FactSource, Rows
    from pdo.evaluate.worlds import Worlds
    from pdo.model.fields import Subject
    from pdo.model.playbook import Fading
    from pdo.model.settings import Settings

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

PARTS_OF_ITEMS = ("raw_items", "raw_products")
"""Tables that items are put together of, beside orders."""

ENDED = ("left_at", "removed_at", "used_at", "done_at")
"""Moments at which something becomes of a row: absent while they are still to come."""

CORE = ("customers", "orders", "items", "events")
"""Tables that are loaded as they are stored; the others come with natural keys from the source."""


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads the fact tables of one program.

    Args:
        engine: where to.
        source: where from.
        now: rows later than this do not exist.
        settings: for the subjects, the declared ones among them.
        worlds: where customers of several examples lie side by side.
    """

    engine: Engine
    source: FactSource
    now: Moment
    settings: Settings
    worlds: Worlds | None = None

    def load(self, program: Program) -> None:
        """Everything that the program reads but the state of tags and stages."""
        columns = {table: dict(wanted) for table, wanted in program.columns.items()}
        if self.worlds is not None:
            self.engine.load(MOMENTS, self.worlds.of_customers())
            self.engine.load(BOUNDS, self.worlds.table(program.bounds))
        self._dimensions(columns)
        self._customers(columns.get("customers", {}), program.chances)
        if "orders" in columns or "items" in columns:
            both = [program.needed[name] for name in ("orders", "items") if name in columns]
            days = [one.oldest for one in both]
            oldest = min((day for day in days if day is not None), default=None) if None not in days else None
            timed = any(one.timed for one in both)
            self._orders(columns, Needed(all(one.counted for one in both), oldest, timed))
        if "items" in columns:
            # Looked at once they are put together on the way; else, and where values are searched, they are kept.
            passes = sum(table.name == "items" for table in program.each.find_all(exp.Table))
            searched = any(search.table == "items" for search in program.searches)
            self._items(columns["items"], program.needed["items"], kept=passes > 1 or searched)
        if "events" in columns:
            self._events(columns["events"], program.needed["events"])
        for kind, wanted in columns.items():
            if kind not in CORE:
                self._subject(self.settings.subjects[kind], wanted)
        for search in program.searches:
            self._search(search)
        for name, ids in program.lists.items():
            self.engine.load(name, pa.table({"value": pa.array(ids, pa.string())}))
        for name, fade in program.fades.items():
            self._fade(name, *fade)

    def _dimensions(self, columns: Mapping[str, Mapping[str, Type]]) -> None:
        tables = (wanted for table, wanted in columns.items() if table in CORE)
        wanted = {REFERENCES[name][1] for table in tables for name in table if name in REFERENCES}
        for kind in sorted(wanted):
            self.engine.load(f"raw_{kind}", self.source.rows(kind, ("id", "key")))

    def _customers(self, wanted: Mapping[str, Type], chances: Mapping[tuple[str, str], str]) -> None:
        self._raw("customers", ("id", "key", *(("seed",) if chances else ())), wanted)
        columns = [_as(_raw("id"), CUSTOMER), _as(_raw("key"), KEY)]
        columns += self._wanted("customers", wanted)
        columns += [_as(_raw(WORLD), WORLD)] if self.worlds is not None else []
        for (purpose, name), column in chances.items():
            text = exp.DPipe(this=sql.literal(f"{purpose}|{name}|"), expression=_raw("seed"))
            columns.append(_as(exp.Anonymous(this="sha256", expressions=[text]), column))
        self._derive("customers", columns, wanted)

    def _orders(self, columns: Mapping[str, Mapping[str, Type]], needed: Needed) -> None:
        """Orders that exist at `now`; what is paid or refunded later is not paid or refunded yet."""
        order_columns = ("order_id", "store", "staff", ROW, *STORED["orders"])
        of_items = {name: type_ for name, type_ in columns.get("items", {}).items() if name in order_columns}
        wanted = dict(columns.get("orders", {}))
        amount = wanted.pop("amount", None) is not None
        for name, type_ in of_items.items():
            # A column that is only counted is noted as text; who tests it says what it is.
            wanted[name] = type_ if wanted.get(name, Type.TEXT) is Type.TEXT else wanted[name]
        row = wanted.pop(ORDER_ROW, None) is not None or "items" in columns
        key = ("key",) if ROW in wanted else ()
        base = ("customer_id", *(("id",) if row else ()), *key)
        made = [_as(_raw("customer_id"), CUSTOMER), *([_as(_raw("id"), ORDER_ROW)] if row else [])]
        back = ("refunded", "refunded_at") if "refunded" in wanted else ()
        fast = (*base, *(("paid_at",) if needed.timed else ()), *(("net",) if amount else ()), *back)
        if needed.counted and self.worlds is None and self._raw("orders", fast, wanted, self._counted(needed)):
            paid_at, where = _raw("paid_at"), None
            made += [_as(paid_at, TIME)] if needed.timed else []
            made += [_as(sql.literal(1), COUNTED), *([_as(_raw("net"), "amount")] if amount else [])]
        else:
            self._raw("orders", (*base, "paid_at", "created_at", "paid", "refunded", "refunded_at"), wanted)
            paid_at = self._until_now(_raw("paid_at"))
            parts, where = self._counting(paid_at)
            made += parts
        special = {
            "paid_at": paid_at,
            "refunded": sql.choose([(self._is_later(_raw("refunded_at")), exp.null())], _raw("refunded")),
            "refunded_at": self._until_now(_raw("refunded_at")),
        }
        made += self._wanted("orders", wanted, special)
        self._derive("orders", made, wanted, where=where)

    def _counting(self, paid_at: exp.Expr) -> tuple[list[exp.Expr], exp.Expr]:
        """When an order was, what it came to, whether it counts; and which orders exist at all."""
        at = exp.Coalesce(this=paid_at.copy(), expressions=[self._until_now(_raw("created_at"))])
        refunded = sql.choose([(self._is_later(_raw("refunded_at")), sql.literal(0))], sql.or_zero(_raw("refunded")))
        paid = sql.or_zero(_raw("paid"))
        back = exp.and_(
            exp.GT(this=refunded.copy(), expression=sql.literal(0)),
            exp.GTE(this=refunded.copy(), expression=paid.copy()),
        )
        counts = exp.and_(sql.present(paid_at.copy()), exp.not_(exp.paren(back)))
        made = [
            _as(at, TIME),
            _as(exp.Sub(this=paid, expression=refunded), "amount"),
            _as(sql.choose([(counts, sql.literal(1))], sql.literal(0)), COUNTED),
        ]
        timeless = exp.and_(sql.absent(_raw("paid_at")), sql.absent(_raw("created_at")))
        return made, exp.or_(sql.present(at.copy()), timeless)

    def _counted(self, needed: Needed) -> Callable[[tuple[str, ...]], Rows | None]:
        """Orders that count, as the source gives them."""
        oldest = None if needed.oldest is None else (needed.oldest - 1) * DAY_SECONDS
        return lambda columns: self.source.counted_orders(columns, self.now.at, oldest)

    def _items(self, wanted: Mapping[str, Type], needed: Needed, *, kept: bool) -> None:
        """Lines of orders with what their order and product say.

        Args:
            kept: as a table; else they are put together as they are looked at.
        """
        of_item = {name: type_ for name, type_ in wanted.items() if name in STORED["items"]}
        of_product = {name: type_ for name, type_ in wanted.items() if name in (*STORED["products"], "sku")}
        mine = {ROW, ORDER_ROW, *of_item, *of_product, *(one.column.name for one in self.settings.declared("items"))}
        of_order = {name: type_ for name, type_ in wanted.items() if name not in mine}
        declared = {
            name: type_ for name, type_ in wanted.items() if name in mine - {ROW, ORDER_ROW, *of_item, *of_product}
        }
        line = ("line",) if ROW in wanted else ()
        product = ("product_id",) if of_product else ()
        stored = ("order_id", *product, *of_item, *line, *(("extra",) if declared else ()))
        some = self.source.some_items(stored, needed.either)
        self.engine.load("raw_items", self.source.rows("items", stored) if some is None else some)
        time = (TIME, DAY) if needed.timed else ()
        columns = [sql.column(name, "orders") for name in (CUSTOMER, ORDER_ROW, *time, COUNTED)]
        columns += [sql.column(name, "raw_items") for name in of_item]
        columns += [_as(_declared(name, type_, "raw_items"), name) for name, type_ in declared.items()]
        if line:
            order = [exp.Ordered(this=sql.column(ROW, "orders")), exp.Ordered(this=sql.column("line", "raw_items"))]
            columns.append(_as(sql.row_number((), order), ROW))
        for name, type_ in of_order.items():
            columns.append(sql.column(name, "orders"))
            columns += [sql.column(f"{name}_day", "orders")] if type_ is Type.INSTANT else []
        query = exp.select(*columns).from_("raw_items")
        same = exp.EQ(this=sql.column(ORDER_ROW, "orders"), expression=sql.column("order_id", "raw_items"))
        query = query.join(exp.to_table("orders"), on=same, join_type="inner")
        if needed.oldest is not None and self.worlds is None:
            query = query.where(exp.GTE(this=sql.column(DAY, "orders"), expression=sql.literal(needed.oldest)))
        if of_product:
            keys = tuple("key" if name == "sku" else name for name in of_product)
            self.engine.load("raw_products", self.source.rows("products", ("id", *keys)))
            query = query.select(
                *[_as(sql.column(old, "raw_products"), name) for old, name in zip(keys, of_product, strict=True)]
            )
            same = exp.EQ(this=sql.column("id", "raw_products"), expression=sql.column("product_id", "raw_items"))
            query = sql.left_join(query, "raw_products", same)
        if not kept:
            self.engine.define("items", query)
            return
        self.engine.create("items", query)
        for name in PARTS_OF_ITEMS:
            self.engine.drop(name)

    def _events(self, wanted: Mapping[str, Type], needed: Needed) -> None:
        oldest = None if needed.oldest is None or self.worlds is not None else (needed.oldest - 1) * DAY_SECONDS
        base = ("customer_id", "occurred_at", *(("key",) if ROW in wanted else ()))
        self._raw("events", base, wanted, lambda columns: self.source.rows("events", columns, oldest))
        columns = [
            _as(_raw("customer_id"), CUSTOMER),
            _as(_raw("occurred_at"), TIME),
        ]
        special = {"occurred_at": _raw("occurred_at")}
        columns += self._wanted("events", wanted, special)
        existing = exp.LTE(this=_raw("occurred_at"), expression=self._at())
        self._derive("events", columns, wanted, where=existing)

    def _subject(self, subject: Subject, wanted: Mapping[str, Type]) -> None:
        """Rows of any other subject: with natural keys already, declared columns in `extra`."""
        own = {column.name: column.type for column in subject.columns}
        declared = {one.column.name: one.column.type for one in self.settings.declared(subject.kind or "")}
        types = {**declared, **own, **({subject.time: subject.time_type} if subject.time else {})}
        cells = [name for name in wanted if name != ROW]
        needed = [name for name in (*cells, subject.time) if name is not None]
        base = ["customer_id", *(("key",) if ROW in wanted else ())]
        base += ["extra" if name in declared else name for name in needed]
        columns_needed = tuple(dict.fromkeys(base))
        self._bring(subject.name, columns_needed, self.source.rows(subject.name, columns_needed))

        def cell(name: str) -> exp.Expr:
            if name in declared:
                return _declared(name, types[name])
            stored = _day_of_text(_raw(name)) if types.get(name) is Type.DATE else _raw(name)
            return self._until_now(stored) if name in ENDED else stored

        when: exp.Expr = exp.cast(exp.null(), "BIGINT")
        columns = [_as(_raw("customer_id"), CUSTOMER)]
        if subject.time and subject.time_type is Type.DATE:
            days = cell(subject.time)
            columns.append(_as(days, DAY))
            existing = exp.GT(this=days.copy(), expression=self._today())
            shift = sql.literal(offset_at(self.now.zone, self.now.at))
            midnight = exp.Mul(this=exp.paren(days.copy()), expression=sql.literal(DAY_SECONDS))
            when = exp.Sub(this=midnight, expression=shift)
        else:
            when = cell(subject.time) if subject.time else when
            existing = exp.GT(this=when.copy(), expression=self._at())
        columns.append(_as(when, TIME))
        columns += [_as(cell(name), name) for name in cells]
        columns += self._row_numbers(wanted)
        by_day = any(column.alias == DAY for column in columns)
        later = exp.not_(sql.known(existing))
        self._derive(subject.name, columns, wanted, where=later, dated=by_day, joins=False)

    def _fade(self, name: str, fading: Fading, days: int, add: int) -> None:
        """What a row of each age is worth."""
        rows = list(points_by_age(fading, days, add))
        ages, points = zip(*rows, strict=True) if rows else ((), ())
        self.engine.load(name, pa.table({"age": pa.array(ages, pa.int64()), "points": pa.array(points, pa.int64())}))

    def _at(self) -> exp.Expr:
        """Now, of the world that a row belongs to."""
        return sql.literal(self.now.at) if self.worlds is None else _raw(AT)

    def _today(self) -> exp.Expr:
        return sql.literal(self.now.today) if self.worlds is None else _raw(TODAY)

    def _bring(self, kind: str, columns: tuple[str, ...], rows: Rows) -> None:
        """Rows as `raw_<kind>`, with the now of their world beside them."""
        if self.worlds is None:
            self.engine.load(f"raw_{kind}", rows)
            return
        self.engine.load("stored", rows)
        owner = "id" if kind == "customers" else "customer_id"
        same = exp.EQ(this=sql.column(owner, "stored"), expression=sql.column(CUSTOMER, MOMENTS))
        moment = [sql.column(name, MOMENTS) for name in (WORLD, AT, TODAY)]
        query = exp.select(*(sql.column(name, "stored") for name in columns), *moment).from_("stored")
        self.engine.create(f"raw_{kind}", query.join(exp.to_table(MOMENTS), on=same, join_type="inner"))
        self.engine.drop("stored")

    # Parts ------------------------------------------------------------------------------------------------------------

    def _raw(
        self,
        kind: str,
        base: tuple[str, ...],
        wanted: Mapping[str, Type],
        read: Callable[[tuple[str, ...]], Rows | None] | None = None,
    ) -> bool:
        """The stored columns of a kind, as `raw_<kind>`.

        Args:
            read: gives them; None for the source's rows.

        Returns:
            Whether there were any to give.
        """
        names = list(base)
        for name in wanted:
            if name == ROW:
                continue
            if name in REFERENCES and name not in STORED[kind]:
                names.append(REFERENCES[name][0])
            elif name in STORED[kind]:
                names.append(name)
            elif name in NATURAL_KEYS:
                names.append("key")
            elif kind == "customers" and name.endswith(CONSENT_SUFFIX):
                names.append(name)
            elif name != "occurred_at":
                names.append("extra")
        columns = tuple(dict.fromkeys(names))
        rows = self.source.rows(kind, columns) if read is None else read(columns)
        if rows is not None:
            self._bring(kind, columns, rows)
        return rows is not None

    def _derive(
        self,
        kind: str,
        columns: list[exp.Expr],
        wanted: Mapping[str, Type],
        where: exp.Expr | None = None,
        *,
        dated: bool = False,
        joins: bool = True,
    ) -> None:
        """Keep a fact table; each instant has its local day beside it, worked out from the finished column.

        Args:
            dated: its rows know only their day, which stands there already.
            joins: its references are surrogate keys.
        """
        query = exp.select(*columns, copy=False).from_(exp.alias_(exp.to_table(f"raw_{kind}"), "raw", table=True))
        for name in wanted:
            if name in REFERENCES and joins:
                stored, table = REFERENCES[name]
                same = exp.EQ(this=sql.column("id", f"of_{name}"), expression=_raw(stored))
                named = exp.alias_(exp.to_table(f"raw_{table}"), f"of_{name}", table=True)
                query = query.join(named, on=same, join_type="left")
        finished = (query if where is None else query.where(where)).subquery("finished", copy=False)
        instants = {name: f"{name}_day" for name, type_ in wanted.items() if type_ is Type.INSTANT}
        if not dated and any(column.alias == TIME for column in columns):
            instants[TIME] = DAY
        days = [_as(local_day(sql.column(name), self.now), day) for name, day in instants.items()]
        self.engine.create(kind, exp.select(exp.Star(), *days, copy=False).from_(finished, copy=False))
        self.engine.drop(f"raw_{kind}")

    def _wanted(
        self, kind: str, wanted: Mapping[str, Type], special: Mapping[str, exp.Expr] | None = None
    ) -> list[exp.Expr]:
        """The columns that conditions ask for, each under its own name."""
        made: list[exp.Expr] = []
        for name, type_ in wanted.items():
            if name == ROW:
                continue
            if special is not None and name in special:
                cell = special[name].copy()
            elif name in REFERENCES:
                cell = sql.column("key", f"of_{name}")
            elif name in STORED[kind]:
                cell = _day_of_text(_raw(name)) if type_ is Type.DATE else _raw(name)
            elif name in NATURAL_KEYS:
                cell = _raw("key")
            elif kind == "customers" and name.endswith(CONSENT_SUFFIX):
                cell = _raw(name)
            else:
                cell = _declared(name, type_)
            made.append(_as(cell, name))
        return [*made, *self._row_numbers(wanted)]

    @staticmethod
    def _row_numbers(wanted: Mapping[str, Type]) -> list[exp.Expr]:
        """The place of each row by natural key, where somebody looks at it."""
        if ROW not in wanted:
            return []
        return [_as(sql.row_number((), [exp.Ordered(this=_raw("key"))]), ROW)]

    def _until_now(self, instant: exp.Expr) -> exp.Expr:
        """The instant, absent where it is still to come."""
        return sql.choose([(exp.LTE(this=instant, expression=self._at()), instant.copy())], exp.null())

    def _is_later(self, instant: exp.Expr) -> exp.Expr:
        return sql.known(exp.GT(this=instant, expression=self._at()))

    def _search(self, search: Search) -> None:
        """Ask each different value of a column and keep the answers."""
        column = sql.column(search.column)
        query = exp.select(_as(column, "value")).distinct().from_(search.table).where(sql.present(column.copy()))
        self.engine.load(search.name, answers(search.test, self.engine.table(query).column("value"), self.now))


def _raw(name: str) -> exp.Expr:
    return sql.column(name, "raw")


def _as(cell: exp.Expr, name: str) -> exp.Expr:
    """A column under a name; names of users are quoted."""
    return exp.alias_(cell, exp.to_identifier(name, quoted=True), copy=False)


def _day_of_text(text: exp.Expr) -> exp.Expr:
    epoch = exp.cast(exp.Literal.string("1970-01-01"), "DATE")
    return exp.cast(exp.paren(exp.Sub(this=exp.cast(text, "DATE"), expression=epoch)), "BIGINT")


def _declared(name: str, type_: Type, table: str = "raw") -> exp.Expr:
    """A declared attribute out of the JSON object of its row."""
    path = exp.Literal.string('$."' + name.replace('"', '\\"') + '"')
    text = exp.Anonymous(this="json_extract_string", expressions=[sql.column("extra", table), path])
    if type_ in (Type.TEXT, Type.PHONE, Type.LIST):
        return text
    if type_ is Type.DATE:
        return _day_of_text(text)
    return exp.cast(text, "BIGINT")
