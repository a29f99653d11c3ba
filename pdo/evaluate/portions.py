"""The outcome of a few customers after the other, where all of them at once would need far more memory than there is.

DuckDB spills what it groups and joins, but slowly, and beyond a few times its memory not at all. What is worked out for customers
before they are held against one another needs nobody else, so it can be had in portions: the facts are laid by customer,
and each portion reads only its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.measures import CUSTOMER
from pdo.compiler.program import MEASURED
from pdo.evaluate.load import PARTS_OF_ITEMS
from pdo.evaluate.state import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdo.compiler.program import Program
    from pdo.evaluate.engine import Engine

BYTES_OF_VALUE = 16
"""What a value takes while it is worked out: a sum more, a count less."""
SPILT = 2
"""Up to so many times its memory an engine is faster when it spills than in portions; measured with one and three million
customers."""
PART_OF_ROOM = 2
"""A portion takes one of so many parts of the memory; the rest is for facts and for the joins beside the groups."""
LEAST = 50_000
"""Customers of a portion: with fewer each costs more to begin than to work out."""


def create_outcome(engine: Engine, program: Program) -> None:
    """The table `outcome` out of the facts that were loaded, which are gone then."""
    name = "outcome" if program.among is None else MEASURED
    facts = {"customers", *program.columns, *TABLES}
    first, last, number = _customers(engine)
    portions = how_many(number * program.values * BYTES_OF_VALUE, number, engine.room)
    if portions == 1:
        engine.create(name, program.each)
    else:
        for subject in program.columns:
            if subject != "customers":
                engine.order(subject, CUSTOMER)
        _drop(engine, PARTS_OF_ITEMS)
        with engine.at_once():
            for place in range(portions):
                low, high = (first + (last + 1 - first) * edge // portions for edge in (place, place + 1))
                query = program.each.transform(_of_customers, facts, low, high)
                (engine.add if place else engine.create)(name, query)
    _drop(engine, (*facts, *PARTS_OF_ITEMS))
    if program.among is not None:
        engine.create("outcome", program.among)
        engine.drop(MEASURED)


def _drop(engine: Engine, tables: Iterable[str]) -> None:
    for table in tables:
        engine.drop(table)


def _customers(engine: Engine) -> tuple[int, int, int]:
    """The lowest and the highest key of customers, and how many there are."""
    key = sql.column(CUSTOMER)
    found = {"low": exp.Min(this=key), "high": exp.Max(this=key.copy()), "n": exp.Count(this=exp.Star())}
    row = engine.rows(exp.select(*(exp.alias_(one, name) for name, one in found.items())).from_("customers"))[0]
    return row["low"] or 0, row["high"] or 0, row["n"]


def how_many(size: int, customers: int, room: int) -> int:
    """How many portions there are to be.

    Args:
        size: bytes that all customers at once would take.
        customers: their number.
        room: bytes that an engine may hold.
    """
    if size <= SPILT * room:
        return 1
    return max(1, min(-(-size * PART_OF_ROOM // room), customers // LEAST))


def _of_customers(node: exp.Expr, facts: set[str], low: int, high: int) -> exp.Expr:
    """A table of rows of customers, down to those of some."""
    if not isinstance(node, exp.Table) or node.name not in facts:
        return node
    key = sql.column(CUSTOMER)
    mine = exp.and_(
        exp.GTE(this=key, expression=sql.literal(low)), exp.LT(this=key.copy(), expression=sql.literal(high))
    )
    whole = exp.Table(this=node.this.copy())
    return exp.select(exp.Star()).from_(whole).where(mine).subquery(node.alias_or_name)
