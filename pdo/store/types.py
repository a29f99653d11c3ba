"""Column types that are spelt the same by SQLModel and by ADBC."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class Instant(TypeDecorator[int]):
    """A moment as UTC seconds in an INTEGER column.

    ORM and ADBC spell timestamps differently in the same column, so a moment is an integer everywhere.
    """

    impl = BigInteger().with_variant(Integer, "sqlite")
    cache_ok = True


class DayText(TypeDecorator[date]):
    """A calendar date as ISO text, `1990-02-28`."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002  (SQLAlchemy's signature)
        """Write the date."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:  # noqa: ARG002  (SQLAlchemy's signature)
        """Read the date."""
        return None if value is None else date.fromisoformat(value)
