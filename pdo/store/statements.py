"""SQLAlchemy Core statements as text and parameters for the door, and their types in Arrow."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import Boolean, Integer, LargeBinary, Select, String, literal_column, select, union_all
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, CompoundSelect, Executable
    from sqlalchemy.types import TypeEngine

_DIALECT = sqlite.dialect()
_HEADER_CELLS = {pa.int64(): "0", pa.string(): "''", pa.binary(): "x''"}


def compiled(statement: Executable) -> tuple[str, tuple[int | str | float | None, ...]]:
    """A statement as SQLite reads it, with the values of its question marks."""
    expression: Any = statement
    found = expression.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return str(found), tuple(_plain(found.params[name]) for name in found.positiontup or ())


def arrow_schema(statement: Select[*tuple[Any, ...]]) -> pa.Schema:
    """The columns of a statement in Arrow.

    Raises:
        RuntimeError: two columns share a name, or one has no type that the store keeps: our bug.
    """
    columns = list(statement.selected_columns)
    names = [str(getattr(found, "name", "")) for found in columns]
    if len(set(names)) < len(names) or not all(names):
        raise RuntimeError(f"columns need names of their own: {names}")
    return pa.schema([(name, _arrow_type(found)) for name, found in zip(names, columns, strict=True)])


@lru_cache(maxsize=64)
def readable(statement: Select[*tuple[Any, ...]]) -> tuple[pa.Schema, str, tuple[int | str | float | None, ...]]:
    """The columns of a statement in Arrow, its text behind their header, and its values. Kept for those that are asked again.

    Raises:
        RuntimeError: as `arrow_schema`.
    """
    return arrow_schema(statement), *compiled(typed_by_header(statement))


def typed_by_header(statement: Select[*tuple[Any, ...]]) -> CompoundSelect[Any]:
    """The statement behind one row that shows the driver the type of each column; SQLite gives it first."""
    cells = [_HEADER_CELLS[field.type] for field in arrow_schema(statement)]
    body = statement.subquery("body")
    return union_all(select(*(literal_column(cell) for cell in cells)), select(*body.columns))


def sql_type(type_: pa.DataType) -> TypeEngine[Any]:
    """The SQL type of an Arrow column that is put into a temporary table."""
    return Integer() if pa.types.is_integer(type_) or pa.types.is_boolean(type_) else String()


def _arrow_type(found: ColumnElement[Any]) -> pa.DataType:
    type_: Any = found.type
    while isinstance(type_, TypeDecorator):
        type_ = type_.impl
    if isinstance(type_, Integer | Boolean):
        return pa.int64()
    if isinstance(type_, String):
        return pa.string()
    if isinstance(type_, LargeBinary):
        return pa.binary()
    raise RuntimeError(f"column {found!s} has type {type_!r}; give it one with type_coerce or cast")


def _plain(value: object) -> int | str | float | None:
    """A value as the driver takes it: dates are ISO text, as `DayText` writes them."""
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, int | str | float):
        return value
    raise RuntimeError(f"the store keeps no {type(value).__name__}")
