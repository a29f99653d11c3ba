"""A walk through the journeys of a run, in the tables of an engine: `jr_walk<number>` has those in the course of that number."""

# ruff: noqa: S608  (queries are put together of our own names and numbers; what users write comes in as tables and literals)

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    import pyarrow as pa

    from pdo.compiler.program import Program
    from pdo.model.journeys import Course
    from pdo.model.outbox import Meant
    from pdo.outbox.engine import Engine

COLUMNS = "entry, cust, entered, entered_at, anchor, reached, reached_at, pos, fresh, status, today, minute, at"
"""Of a walk: one row an entry; `pos` is the place of the next step."""


@dataclass(slots=True)
class Walk:
    """A walk through the journeys of a run. Made by `pdo.outbox.journeys.walk`.

    Args:
        meant: whom each step that sends means.
    """

    engine: Engine
    program: Program
    courses: tuple[Course, ...]
    zone: str
    meant: tuple[Meant, ...] = ()

    def create(self, name: str, query: str) -> None:
        """Keep the rows of a query."""
        self.engine.drop(name)
        self.engine.create(name, _parsed(query))

    def add(self, name: str, query: str) -> None:
        """Add the rows of a query to a table."""
        self.engine.add(name, _parsed(query))

    def table(self, query: str) -> pa.Table:
        """The rows of a query."""
        return self.engine.table(_parsed(query))

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The few rows of a query, as dicts."""
        return self.engine.rows(_parsed(query))

    def move(self, number: int) -> None:
        """Those of a course stand where `jr_next` says."""
        self.create(f"jr_walk{number}", f"SELECT {COLUMNS} FROM jr_next")
        self.engine.drop("jr_next")

    def answer(self, name: str) -> str:
        """The column that answers a condition."""
        return f'o."{self.program.answers[name]}"'


def quoted(value: str) -> str:
    """A text as a literal."""
    return exp.Literal.string(value).sql("duckdb")


def _parsed(query: str) -> exp.Expr:
    return sqlglot.parse_one(query, dialect="duckdb")
