"""What a program may be made of: the members that mean the same on every engine.

No date function, no float, no cast of text, no hash, no regular expression: engines differ there without a word. A test runs
every member on every engine and finds the same rows.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMBERS: Mapping[type[exp.Expr], str] = MappingProxyType(
    {
        exp.Select: "query",
        exp.Subquery: "query",
        exp.Union: "the rows of both, equal ones too",
        exp.CTE: "query",
        exp.With: "query",
        exp.From: "query",
        exp.Join: "left and inner joins on equality",
        exp.Where: "query",
        exp.Group: "query",
        exp.Order: "a total order",
        exp.Ordered: "a total order",
        exp.Table: "name",
        exp.TableAlias: "name",
        exp.Alias: "name",
        exp.Column: "name",
        exp.Identifier: "name",
        exp.Star: "every column; count(*)",
        exp.Literal: "integer or text",
        exp.Boolean: "true, false",
        exp.Null: "absent",
        exp.Neg: "negative literal",
        exp.Paren: "grouping",
        exp.And: "logic",
        exp.Or: "logic",
        exp.Not: "logic",
        exp.EQ: "comparison",
        exp.NEQ: "comparison",
        exp.LT: "comparison",
        exp.LTE: "comparison",
        exp.GT: "comparison",
        exp.GTE: "comparison",
        exp.Is: "IS NULL",
        exp.In: "list of literals",
        exp.Case: "case",
        exp.If: "branch of a case",
        exp.Coalesce: "default",
        exp.Add: "integers",
        exp.Sub: "integers",
        exp.Mul: "integers",
        exp.IntDiv: "integers, both at least 0: only to rank averages",
        exp.Cast: "a sum back to a 64-bit integer, never text",
        exp.DataType: "BIGINT",
        exp.Count: "aggregate",
        exp.Sum: "aggregate",
        exp.Min: "aggregate",
        exp.Max: "aggregate",
        exp.Filter: "aggregate over some rows",
        exp.Distinct: "count(distinct)",
        exp.RowNumber: "window over a total order",
        exp.Lag: "window over a total order",
        exp.WindowSpec: "strictly later rows",
        exp.Window: "window over a total order",
    }
)
"""Expression → what it is allowed for."""


def strangers(query: exp.Expr) -> tuple[str, ...]:
    """What a query is made of that is no member, sorted; empty for a sound program."""
    found = {type(node).__name__ for node in query.walk() if type(node) not in MEMBERS}
    found |= {
        f"cast to {node.to.sql()}" for node in query.find_all(exp.Cast) if node.to.this is not exp.DataType.Type.BIGINT
    }
    return tuple(sorted(found))
