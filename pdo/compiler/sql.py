"""Short names for the expressions that a program is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TRUE = exp.true()
FALSE = exp.false()


def column(name: str, table: str | None = None) -> exp.Expr:
    """A column; names are made by the compiler, never by users."""
    return exp.column(exp.to_identifier(name, quoted=True), table=table)


def literal(value: int | str) -> exp.Expr:
    """A literal; text is escaped by sqlglot when it is printed."""
    if isinstance(value, str):
        return exp.Literal.string(value)
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


def every(parts: Iterable[exp.Expr]) -> exp.Expr:
    """All hold; true where there are none."""
    kept = [part for part in parts if part != TRUE]
    return exp.and_(*kept, copy=False) if kept else exp.true()


def some(parts: Iterable[exp.Expr]) -> exp.Expr:
    """At least one holds; false where there are none."""
    kept = [part for part in parts if part != FALSE]
    return exp.or_(*kept, copy=False) if kept else exp.false()


def opposite(part: exp.Expr) -> exp.Expr:
    """Does not hold; only for what is never NULL."""
    return exp.true() if part == FALSE else exp.not_(exp.paren(part, copy=False), copy=False)


def known(part: exp.Expr) -> exp.Expr:
    """A comparison that is false, not NULL, where a value is absent."""
    return exp.Coalesce(this=part, expressions=[exp.false()])


def absent(part: exp.Expr) -> exp.Expr:
    """IS NULL."""
    return exp.Is(this=part, expression=exp.null())


def present(part: exp.Expr) -> exp.Expr:
    """IS NOT NULL."""
    return exp.not_(absent(part), copy=False)


def or_zero(part: exp.Expr) -> exp.Expr:
    """0 where there is nothing: counts and sums of no rows."""
    return exp.Coalesce(this=part, expressions=[exp.Literal.number(0)])


def filtered(aggregate: exp.Expr, condition: exp.Expr) -> exp.Expr:
    """The aggregate over the rows that hold."""
    if condition == TRUE:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition))


def integer(part: exp.Expr) -> exp.Expr:
    """A sum as a 64-bit integer; DuckDB's own sum of one is wider."""
    return exp.cast(part, "BIGINT")


def choose(branches: Iterable[tuple[exp.Expr, exp.Expr]], otherwise: exp.Expr) -> exp.Expr:
    """The value of the first branch that holds."""
    ifs = [exp.If(this=condition, true=value) for condition, value in branches]
    return exp.Case(ifs=ifs, default=otherwise) if ifs else otherwise


def over(
    function: exp.Expr, partition: Sequence[exp.Expr] = (), order: Sequence[exp.Expr] = (), *, later: bool = False
) -> exp.Window:
    """A function over the rows of a partition; in order up to the row itself, or of strictly later ones."""
    spec = None
    if later:
        spec = exp.WindowSpec(
            kind="RANGE", start=literal(1), start_side="FOLLOWING", end="UNBOUNDED", end_side="FOLLOWING"
        )
    return exp.Window(
        this=function,
        partition_by=list(partition),
        order=exp.Order(expressions=list(order)) if order else None,
        spec=spec,
        over="OVER",
    )


def row_number(partition: Sequence[exp.Expr], order: Sequence[exp.Expr]) -> exp.Window:
    """The place of a row in its partition, from 1."""
    return over(exp.RowNumber(), partition, order)


def left_join(query: exp.Select, table: str, on: exp.Expr) -> exp.Select:
    """The query with a table joined to its left side."""
    return query.join(exp.to_table(table), on=on, join_type="left", copy=False)


def stacked(queries: Sequence[exp.Select]) -> exp.Query:
    """The rows of all queries, one below the other; equal ones stay."""
    return queries[0] if len(queries) == 1 else exp.union(*queries, distinct=False)
