"""Short names for the expressions that a program is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

TRUE = exp.true()
FALSE = exp.false()
NEVER_NULL_OF = (
    exp.And,
    exp.Or,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Neg,
    exp.Paren,
)
"""What is NULL only where a part of it is."""


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
    return _joined(exp.and_, kept) if kept else exp.true()


def some(parts: Iterable[exp.Expr]) -> exp.Expr:
    """At least one holds; false where there are none."""
    kept = [part for part in parts if part != FALSE]
    return _joined(exp.or_, kept) if kept else exp.false()


def _joined(connect: Callable[..., exp.Expr], parts: Sequence[exp.Expr]) -> exp.Expr:
    """Parts as one condition: that a part is false where it is NULL can as well be said of the whole, and is then said once."""
    whole = connect(*map(asked, parts), copy=False)
    return known(whole) if any(_is_known(part) for part in parts) else whole


def opposite(part: exp.Expr) -> exp.Expr:
    """Does not hold; only for what is never NULL."""
    return exp.true() if part == FALSE else exp.not_(exp.paren(part, copy=False), copy=False)


def known(part: exp.Expr) -> exp.Expr:
    """A condition that is false, not NULL, where a value is absent."""
    return part if _is_never_null(part) else exp.Coalesce(this=part, expressions=[exp.false()])


def asked(part: exp.Expr) -> exp.Expr:
    """A condition where NULL is as good as false: in WHERE, FILTER and CASE."""
    return part.this if _is_known(part) else part


def _is_known(part: exp.Expr) -> bool:
    return isinstance(part, exp.Coalesce) and part.expressions == [FALSE]


def _is_never_null(part: exp.Expr) -> bool:
    if isinstance(part, exp.Coalesce):
        return isinstance(part.expressions[-1], exp.Literal | exp.Boolean)
    if isinstance(part, NEVER_NULL_OF):
        return all(_is_never_null(one) for one in part.iter_expressions())
    return isinstance(part, exp.Literal | exp.Boolean)


def conjuncts(part: exp.Expr) -> list[exp.Expr]:
    """What must all hold, asked where NULL is as good as false."""
    inner = asked(part).unnest()
    if isinstance(inner, exp.And):
        return [*conjuncts(inner.left), *conjuncts(inner.right)]
    return [] if inner == TRUE else [inner]


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
    return exp.Filter(this=aggregate, expression=exp.Where(this=asked(condition)))


def integer(part: exp.Expr) -> exp.Expr:
    """A sum as a 64-bit integer; DuckDB's own sum of one is wider."""
    return exp.cast(part, "BIGINT")


def choose(branches: Iterable[tuple[exp.Expr, exp.Expr]], otherwise: exp.Expr) -> exp.Expr:
    """The value of the first branch that holds."""
    ifs = [exp.If(this=asked(condition), true=value) for condition, value in branches]
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
