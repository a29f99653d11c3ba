"""Measures: each aggregate once, all of one fact table in one pass over it.

Grain of what is built: one row a customer who has rows of the subject. Aggregates over different dates or values (`days`,
`distinct`, `orders`) go through one row a customer and value first, so that no engine keeps sets.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.predicates import Value, predicate, window
from pdo.model.conditions import Ages, ColumnTest, Measure, MeasureName, Rows, TextTest
from pdo.model.fields import Type

if TYPE_CHECKING:
    from pdo.compiler.clock import Clock

CUSTOMER = "cust"
TIME, DAY = "at", "at_day"
COUNTED = "counted"
ORDER_ROW = "order_row"
"""The surrogate key of an order, to count different ones."""
COUNTING_SUBJECTS = ("orders", "items")


@dataclass(frozen=True, slots=True)
class Search:
    """A text search, run once over the different values of a column.

    Args:
        table: the fact table.
        column: its column.
        test: the search.
        name: the table of one column, `value`, that holds what was found.
    """

    table: str
    column: str
    test: TextTest
    name: str


@dataclass(slots=True)
class Searches:
    """All text searches of a program, each once."""

    found: dict[tuple[str, str, TextTest], Search] = field(default_factory=dict)

    def condition(self, table: str, column: str, test: TextTest) -> exp.Expr:
        """The condition that a row's column was found; the table of finds is joined by `joined`."""
        key = (table, column, test)
        search = self.found.setdefault(key, Search(table, column, test, f"search{len(self.found)}"))
        return sql.present(sql.column("value", search.name))

    def joined(self, query: exp.Select, table: str) -> exp.Select:
        """The query over a fact table with the finds of its searches beside it."""
        for search in self.found.values():
            if search.table == table:
                same = exp.EQ(this=sql.column(search.column, table), expression=sql.column("value", search.name))
                query = sql.left_join(query, search.name, same)
        return query


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate over rows: what measures are made of.

    Args:
        function: `count`, `sum`, `min`, `max` or `distinct`.
        of: the column; empty for `count`.
    """

    rows: Rows
    function: str
    of: str = ""


@dataclass(slots=True)
class Facts:
    """The fact tables that a program reads, and what it computes of each.

    Args:
        clock: the bounds of windows.
        searches: shared with the customers' own searches.
    """

    clock: Clock
    searches: Searches
    columns: dict[str, dict[str, Type]] = field(default_factory=dict)
    aggregates: dict[Aggregate, str] = field(default_factory=dict)

    def value(self, measure: Measure) -> Value:
        """The value of a measure, as columns that `joined` provides.

        Units: counts, days and ages are integers, amounts minor units, quantities thousandths.
        """
        rows, name = measure.rows, measure.name
        match name:
            case MeasureName.COUNT:
                return Value(Type.INTEGER, sql.or_zero(self._aggregate(rows, "count")))
            case MeasureName.AMOUNT:
                return Value(Type.MONEY, sql.or_zero(self._aggregate(rows, "sum", "amount")))
            case MeasureName.QUANTITY:
                return Value(Type.NUMBER, sql.or_zero(self._aggregate(rows, "sum", "quantity")))
            case MeasureName.AVERAGE:
                total, number = self._aggregate(rows, "sum", "amount"), self._aggregate(rows, "count")
                return Value(Type.MONEY, total, per=number)
            case MeasureName.DAYS:
                return Value(Type.INTEGER, sql.or_zero(self._aggregate(rows, "distinct", DAY)))
            case MeasureName.ORDERS:
                return Value(Type.INTEGER, sql.or_zero(self._aggregate(rows, "distinct", ORDER_ROW)))
            case MeasureName.DISTINCT:
                return Value(Type.INTEGER, sql.or_zero(self._aggregate(rows, "distinct", measure.of)))
            case MeasureName.FIRST:
                return Value(Type.INSTANT, self._aggregate(rows, "min", TIME), day=self._aggregate(rows, "min", DAY))
            case MeasureName.LAST:
                return Value(Type.INSTANT, self._aggregate(rows, "max", TIME), day=self._aggregate(rows, "max", DAY))
            case MeasureName.DAYS_SINCE_FIRST:
                return Value(Type.INTEGER, self._age(self._aggregate(rows, "min", DAY)))
            case MeasureName.DAYS_SINCE_LAST:
                return Value(Type.INTEGER, self._age(self._aggregate(rows, "max", DAY)))

    def joined(self, base: exp.Select) -> exp.Select:
        """The customers with the aggregates of every subject beside them."""
        for number, query in enumerate(self._queries()):
            name = f"f{number}"
            same = exp.EQ(this=sql.column(CUSTOMER, "customers"), expression=sql.column(CUSTOMER, name))
            base = base.join(query.subquery(name, copy=False), on=same, join_type="left", copy=False)
        return base

    def _age(self, day: exp.Expr) -> exp.Expr:
        return exp.Sub(this=self.clock.today(), expression=day)

    def _aggregate(self, rows: Rows, function: str, of: str = "") -> exp.Expr:
        self._note(rows.subject, of)
        return sql.column(self.aggregates.setdefault(Aggregate(rows, function, of), f"m{len(self.aggregates)}"))

    def _note(self, subject: str, column: str, type_: Type | None = None) -> None:
        """Remember that a column must be loaded; time and amount always are.

        Args:
            type_: None where only equality matters, so that whoever needs the type still has a say.
        """
        known = self.columns.setdefault(subject, {})
        if column not in ("", TIME, DAY, "amount", ORDER_ROW) and (type_ is not None or column not in known):
            known[column] = Type.TEXT if type_ is None else type_

    def _queries(self) -> list[exp.Select]:
        found: list[exp.Select] = []
        for subject in self.columns:
            plain = {one: name for one, name in self.aggregates.items() if one.rows.subject == subject}
            by_value: dict[str, dict[Aggregate, str]] = {}
            for one in [one for one in plain if one.function == "distinct"]:
                by_value.setdefault(one.of, {})[one] = plain.pop(one)
            if plain:
                found.append(self._simple(subject, plain))
            found += [self._distinct(subject, of, wanted) for of, wanted in by_value.items()]
        return found

    def _simple(self, subject: str, wanted: dict[Aggregate, str]) -> exp.Select:
        """One pass: every aggregate with its own filter."""
        makers = {"count": exp.Count, "sum": exp.Sum, "min": exp.Min, "max": exp.Max}
        columns = [sql.column(CUSTOMER, subject)]
        for one, name in wanted.items():
            this = exp.Star() if one.function == "count" else sql.column(one.of, subject)
            made = sql.filtered(makers[one.function](this=this), self._rows(one.rows))
            columns.append(exp.alias_(sql.integer(made) if one.function == "sum" else made, name, copy=False))
        query = self.searches.joined(exp.select(*columns, copy=False).from_(subject, copy=False), subject)
        return query.group_by(sql.column(CUSTOMER, subject), copy=False)

    def _distinct(self, subject: str, of: str, wanted: dict[Aggregate, str]) -> exp.Select:
        """Two steps: one row a customer and value that says which filters it met, then the numbers of them.

        Windows of days over different days are tested in the second step, on the value itself, so that measures that
        differ in their window alone share a filter.
        """
        by_day = {one: one.rows.window for one in wanted if of == DAY and _counts_days(one.rows)}
        rows = {one: replace(one.rows, window=None) if one in by_day else one.rows for one in wanted}
        flags = {condition: f"met{place}" for place, condition in enumerate(dict.fromkeys(rows.values()))}
        keys = [sql.column(CUSTOMER, subject), exp.alias_(sql.column(of, subject), "of_value", copy=False)]
        met = [
            exp.alias_(exp.Max(this=sql.choose([(self._rows(one), sql.literal(1))], sql.literal(0))), flag, copy=False)
            for one, flag in flags.items()
        ]
        inner = self.searches.joined(exp.select(*keys, *met, copy=False).from_(subject, copy=False), subject)
        inner = inner.where(sql.present(sql.column(of, subject)), copy=False)
        inner = inner.group_by(sql.column(CUSTOMER, subject), sql.column(of, subject), copy=False)
        value = Value(Type.INSTANT, sql.column("of_value"), day=sql.column("of_value"))
        counts = []
        for one, name in wanted.items():
            flagged = exp.EQ(this=sql.column(flags[rows[one]]), expression=sql.literal(1))
            counted = sql.every([flagged, window(by_day.get(one), value, self.clock)])
            counts.append(exp.alias_(sql.filtered(exp.Count(this=exp.Star()), counted), name, copy=False))
        outer = exp.select(sql.column(CUSTOMER), *counts, copy=False).from_(inner.subquery("v", copy=False), copy=False)
        return outer.group_by(sql.column(CUSTOMER), copy=False)

    def _rows(self, rows: Rows) -> exp.Expr:
        """The condition that a row is one of those looked at."""
        subject = rows.subject
        time = Value(Type.INSTANT, sql.column(TIME, subject), day=sql.column(DAY, subject))
        parts = [predicate(test.test, self._cell(subject, test), self.clock) for test in rows.where]
        if subject in COUNTING_SUBJECTS and not any(test.column == "status" for test in rows.where):
            parts.insert(0, exp.EQ(this=sql.column(COUNTED, subject), expression=sql.literal(1)))
        return sql.every([*parts, window(rows.window, time, self.clock)])

    def _cell(self, subject: str, test: ColumnTest) -> Value:
        self._note(subject, test.column, test.type)
        return cell(self.searches, subject, test.column, test.type)

    def prepare(self) -> None:
        """Note the columns and searches of every filter before the fact tables are described."""
        for one in list(self.aggregates):
            self._rows(one.rows)


def _counts_days(rows: Rows) -> bool:
    """Whether the window is of whole days, so that a day lies in it as a whole."""
    return isinstance(rows.window, Ages) and not any(one.is_exact for one in rows.window.below)


def cell(searches: Searches, table: str, column: str, type_: Type) -> Value:
    """A column of a fact table as a value."""
    number = sql.column(column, table)
    if type_ in (Type.TEXT, Type.PHONE):
        return Value(type_, number, search=lambda test: searches.condition(table, column, test))
    if type_ is Type.INSTANT:
        return Value(type_, number, day=sql.column(f"{column}_day", table))
    return Value(type_, number)
