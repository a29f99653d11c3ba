"""Every member that a program may be made of gives the same rows on every engine."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from pdo.compiler.members import MEMBERS, strangers
from pdo.evaluate.engine import open_engine

Rows = list[tuple[Any, ...]]

T = "(SELECT 1 AS k, 'a' AS g, 5 AS n UNION ALL SELECT 2, 'a', NULL UNION ALL SELECT 3, 'b', -7) AS t"
"""Three rows: k 1 a 5, k 2 a nothing, k 3 b -7."""

U = "(SELECT 1 AS k, '水果%' AS word UNION ALL SELECT 9, 'O''Brien') AS u"

CASES: MappingProxyType[type[exp.Expr], tuple[str, Rows]] = MappingProxyType(
    {
        exp.Select: ("SELECT k FROM {T} ORDER BY k", [(1,), (2,), (3,)]),
        exp.Union: (
            "SELECT k FROM (SELECT k FROM {T} UNION ALL SELECT 1 AS k) AS s ORDER BY k",
            [(1,), (1,), (2,), (3,)],
        ),
        exp.Subquery: ("SELECT s.k FROM (SELECT k FROM {T} WHERE n > 0) AS s", [(1,)]),
        exp.CTE: ("WITH c AS (SELECT k FROM {T} WHERE g = 'b') SELECT k FROM c", [(3,)]),
        exp.With: ("WITH c AS (SELECT 1 AS x), d AS (SELECT x + 1 AS y FROM c) SELECT y FROM d", [(2,)]),
        exp.From: ("SELECT t.g FROM {T} WHERE t.k = 2", [("a",)]),
        exp.Join: (
            "SELECT t.k, u.word FROM {T} LEFT JOIN {U} ON t.k = u.k ORDER BY t.k",
            [(1, "水果%"), (2, None), (3, None)],
        ),
        exp.Where: ("SELECT k FROM {T} WHERE n = 5", [(1,)]),
        exp.Group: ("SELECT g, COUNT(*) AS c FROM {T} GROUP BY g ORDER BY g", [("a", 2), ("b", 1)]),
        exp.Order: ("SELECT k FROM {T} ORDER BY g DESC, k", [(3,), (1,), (2,)]),
        exp.Ordered: ("SELECT k FROM {T} ORDER BY CASE WHEN n IS NULL THEN 1 ELSE 0 END, n DESC", [(1,), (3,), (2,)]),
        exp.Table: ("WITH c AS (SELECT 4 AS x) SELECT x FROM c", [(4,)]),
        exp.TableAlias: ("SELECT v.k FROM (SELECT k FROM {T}) AS v WHERE v.k = 3", [(3,)]),
        exp.Alias: ("SELECT k AS other FROM {T} WHERE k = 1", [(1,)]),
        exp.Column: ('SELECT t."n" FROM {T} WHERE t."k" = 3', [(-7,)]),
        exp.Identifier: ('SELECT k AS "品类 x" FROM {T} WHERE k = 1', [(1,)]),
        exp.Star: ("SELECT COUNT(*) AS c FROM {T}", [(3,)]),
        exp.Literal: ("SELECT 9007199254740993 AS big, 'it''s %_\\' AS words", [(9007199254740993, "it's %_\\")]),
        exp.Boolean: ("SELECT k FROM {T} WHERE TRUE AND NOT FALSE ORDER BY k", [(1,), (2,), (3,)]),
        exp.Null: ("SELECT CASE WHEN k = 1 THEN NULL ELSE k END AS x FROM {T} ORDER BY k", [(None,), (2,), (3,)]),
        exp.Neg: ("SELECT k FROM {T} WHERE n = -7", [(3,)]),
        exp.Paren: ("SELECT (2 + 3) * 4 AS x", [(20,)]),
        exp.And: ("SELECT k FROM {T} WHERE g = 'a' AND k > 1", [(2,)]),
        exp.Or: ("SELECT k FROM {T} WHERE k = 1 OR n < 0 ORDER BY k", [(1,), (3,)]),
        exp.Not: ("SELECT k FROM {T} WHERE NOT (n IS NULL) ORDER BY k", [(1,), (3,)]),
        exp.EQ: ("SELECT word FROM {U} WHERE word = '水果%'", [("水果%",)]),
        exp.NEQ: ("SELECT k FROM {T} WHERE n <> 5", [(3,)]),
        exp.LT: ("SELECT k FROM {T} WHERE n < 5", [(3,)]),
        exp.LTE: ("SELECT k FROM {T} WHERE n <= 5 ORDER BY k", [(1,), (3,)]),
        exp.GT: ("SELECT k FROM {T} WHERE n > -7", [(1,)]),
        exp.GTE: ("SELECT k FROM {T} WHERE n >= -7 ORDER BY k", [(1,), (3,)]),
        exp.Is: ("SELECT k FROM {T} WHERE n IS NULL", [(2,)]),
        exp.In: ("SELECT k FROM {T} WHERE n IN (5, -7, 8) ORDER BY k", [(1,), (3,)]),
        exp.Case: (
            "SELECT CASE WHEN n > 0 THEN 'p' WHEN n < 0 THEN 'm' ELSE '-' END AS s FROM {T} ORDER BY k",
            [("p",), ("-",), ("m",)],
        ),
        exp.If: ("SELECT CASE WHEN n > 0 THEN 1 END AS s FROM {T} ORDER BY k", [(1,), (None,), (None,)]),
        exp.Coalesce: ("SELECT COALESCE(n > 0, FALSE) AS s FROM {T} ORDER BY k", [(True,), (False,), (False,)]),
        exp.Add: ("SELECT n + 1 AS s FROM {T} ORDER BY k", [(6,), (None,), (-6,)]),
        exp.Sub: ("SELECT 1 - n AS s FROM {T} ORDER BY k", [(-4,), (None,), (8,)]),
        exp.Mul: ("SELECT n * 3 AS s FROM {T} ORDER BY k", [(15,), (None,), (-21,)]),
        exp.IntDiv: ("SELECT 7 // 2 AS x, 6 // 2 AS y, 0 // 2 AS z", [(3, 3, 0)]),
        exp.Cast: ("SELECT CAST(SUM(n) AS BIGINT) AS s FROM {T}", [(-2,)]),
        exp.DataType: ("SELECT CAST(SUM(k) AS BIGINT) AS s FROM {T} GROUP BY g ORDER BY g", [(3,), (3,)]),
        exp.Count: ("SELECT COUNT(*) AS c, COUNT(n) AS d FROM {T}", [(3, 2)]),
        exp.Sum: ("SELECT CAST(SUM(n) AS BIGINT) AS s FROM {T} WHERE k = 2", [(None,)]),
        exp.Min: ("SELECT MIN(n) AS s FROM {T}", [(-7,)]),
        exp.Max: ("SELECT MAX(g) AS s, MAX(n) AS t FROM {T} WHERE k < 3", [("a", 5)]),
        exp.Filter: ("SELECT COUNT(*) FILTER(WHERE n > 0) AS c, MIN(k) FILTER(WHERE k > 5) AS d FROM {T}", [(1, None)]),
        exp.Distinct: ("SELECT COUNT(DISTINCT g) AS c FROM {T}", [(2,)]),
        exp.RowNumber: (
            "SELECT k, ROW_NUMBER() OVER (ORDER BY g DESC, k) AS r FROM {T} ORDER BY k",
            [(1, 2), (2, 3), (3, 1)],
        ),
        exp.Window: (
            "SELECT k, ROW_NUMBER() OVER (PARTITION BY g ORDER BY k DESC) AS r FROM {T} ORDER BY k",
            [(1, 2), (2, 1), (3, 1)],
        ),
        exp.Lag: (
            "SELECT k, LAG(k) OVER (PARTITION BY g ORDER BY k) AS r FROM {T} ORDER BY k",
            [(1, None), (2, 1), (3, None)],
        ),
        exp.WindowSpec: (
            (
                "SELECT k, MIN(n) OVER (PARTITION BY g ORDER BY k RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)"
                " AS r FROM {T} ORDER BY k"
            ),
            [(1, None), (2, None), (3, None)],
        ),
    }
)
"""Member → a query that leans on it, in DuckDB's words, and its rows."""


def run_on_duckdb(query: exp.Expr) -> Rows:
    """The rows of a query on the engine that pdo runs on."""
    with open_engine() as engine:
        return [tuple(row.values()) for row in engine.rows(query)]


ENGINES: MappingProxyType[str, Callable[[exp.Expr], Rows]] = MappingProxyType({"duckdb": run_on_duckdb})
"""Engine → how to run a query on it. A second one takes its place here, and every case runs on it."""


def read(written: str) -> exp.Expr:
    """The query of a case."""
    return sqlglot.parse_one(written.replace("{T}", T).replace("{U}", U), dialect="duckdb")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("member", CASES, ids=lambda member: member.__name__)
def test_a_member_gives_the_same_rows(member: type[exp.Expr], engine: str) -> None:
    written, expected = CASES[member]
    query = read(written)
    assert query.find(member) is not None
    assert ENGINES[engine](query) == expected


def test_every_member_has_a_case() -> None:
    assert set(CASES) == set(MEMBERS)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("SELECT DATE_DIFF('day', a, b) FROM t", "DateDiff"),
        ("SELECT CAST(a AS TEXT) FROM t", "cast to TEXT"),
        ("SELECT a FROM t WHERE a LIKE 'x%'", "Like"),
        ("SELECT a / b FROM t", "Div"),
        ("SELECT REGEXP_MATCHES(a, 'x') FROM t", "RegexpLike"),
        ("SELECT ARG_MAX(a, b) FROM t", "ArgMax"),
    ],
)
def test_what_engines_disagree_on_is_a_stranger(written: str, found: str) -> None:
    assert any(found in one for one in strangers(read(written)))
