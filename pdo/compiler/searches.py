"""What is asked of each different value of a column once, apart from the program, and joined to it.

Texts are searched so, lists are looked through, and the next anniversary of a date is found: an engine could do none of that
the same way everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.predicates import Value
from pdo.model.conditions import Anniversary, Has, TextTest
from pdo.model.fields import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.compiler.clock import Clock

SearchTest = TextTest | Has | Anniversary


@dataclass(frozen=True, slots=True)
class Search:
    """A question to each different value of a column.

    Args:
        table: the fact table.
        column: its column.
        test: the search; an `Anniversary` without an upper limit, for those that differ in it share the answer.
        name: the table of finds: `value`, and `found`: for an anniversary the day number of the next one, else 1.
        beside: the aggregate that holds such a value; empty for the column itself.
    """

    table: str
    column: str
    test: SearchTest
    name: str
    beside: str = ""


@dataclass(slots=True)
class Searches:
    """All searches of a program, each once."""

    found: dict[tuple[str, str, SearchTest, str], Search] = field(default_factory=dict)

    def cell(self, table: str, column: str, type_: Type, clock: Clock) -> Value:
        """A column of a fact table as a value."""
        number = sql.column(column, table)
        day = sql.column(f"{column}_day", table) if type_ is Type.INSTANT else None

        def search(test: SearchTest) -> exp.Expr:
            by_day = isinstance(test, Anniversary) and day is not None
            name = self._search(table, f"{column}_day" if by_day else column, test)
            return _met(test, sql.column("found", name), clock)

        return Value(type_, number, day=day, search=search)

    def own(self, column: str, test: SearchTest, clock: Clock) -> exp.Expr:
        """A test of an attribute of the customer; what was found is a column of the first layer."""
        return _met(test, sql.column(self._search("customers", column, test)), clock)

    def beside(self, table: str, column: str, test: SearchTest, aggregate: str, clock: Clock) -> exp.Expr:
        """A test of a value that an aggregate took from a column; what was found is a column of the first layer."""
        return _met(test, sql.column(self._search(table, column, test, aggregate)), clock)

    def _search(self, table: str, column: str, test: SearchTest, beside: str = "") -> str:
        asked = Anniversary(test.low, None) if isinstance(test, Anniversary) else test
        key = (table, column, asked, beside)
        return self.found.setdefault(key, Search(table, column, asked, f"search{len(self.found)}", beside)).name

    def joined(self, query: exp.Select, table: str) -> exp.Select:
        """The query over a fact table with the finds of its searches beside it."""
        for search in self._of(table):
            same = exp.EQ(this=sql.column(search.column, table), expression=sql.column("value", search.name))
            query = sql.left_join(query, search.name, same)
        return query

    def joined_beside(self, query: exp.Select) -> exp.Select:
        """The customers with the finds among their aggregates beside them."""
        for search in self.found.values():
            if search.beside:
                same = exp.EQ(this=sql.column(search.beside), expression=sql.column("value", search.name))
                query = sql.left_join(query, search.name, same)
        return query

    def of_customers(self) -> list[exp.Expr]:
        """The finds that later layers look at."""
        shown = [*self._of("customers"), *(one for one in self.found.values() if one.beside)]
        return [exp.alias_(sql.column("found", one.name), one.name, copy=False) for one in shown]

    def _of(self, table: str) -> Iterator[Search]:
        return (search for search in self.found.values() if search.table == table and not search.beside)


def _met(test: SearchTest, found: exp.Expr, clock: Clock) -> exp.Expr:
    if isinstance(test, Anniversary) and test.high is not None:
        return sql.known(exp.LTE(this=found, expression=clock.until(test.high)))
    return sql.present(found)
