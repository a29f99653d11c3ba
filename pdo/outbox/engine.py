"""What the outbox needs of an engine; the run's own one is handed in, with the outcome of its rules in it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    import pyarrow as pa


class Engine(Protocol):
    """Keeps tables and answers queries."""

    def create(self, name: str, query: exp.Expr) -> None:
        """Keep the rows of a query as a table."""

    def add(self, name: str, query: exp.Expr) -> None:
        """Add the rows of a query to a table, in the order of its columns."""

    def load(self, name: str, rows: pa.RecordBatchReader | pa.Table) -> None:
        """Keep Arrow rows as a table."""

    def drop(self, name: str) -> None:
        """Forget a table."""

    def table(self, query: exp.Expr) -> pa.Table:
        """The rows of a query."""

    def rows(self, query: exp.Expr) -> list[dict[str, Any]]:
        """The few rows of a query, as dicts."""


@lru_cache(maxsize=512)
def _parsed(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, dialect="duckdb")


def fixed(text: str) -> exp.Expr:
    """A query or an expression that stands in this program as it is; never one with a name or a value of users in it."""
    return _parsed(text).copy()


def fixed_query(text: str) -> exp.Query:
    """The same of a query."""
    found = fixed(text)
    assert isinstance(found, exp.Query)  # noqa: S101 - the texts stand in this program
    return found


def text_of(value: str | None) -> exp.Expr:
    """A text as a literal; NULL for none."""
    return exp.null() if value is None else exp.Literal.string(value)
