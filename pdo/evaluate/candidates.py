"""Customers out of an outcome, with values as texts use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.measures import CUSTOMER
from pdo.compiler.ranks import KEY
from pdo.core.figures import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pdo.evaluate.outcome import Outcome


def read_candidates(
    outcome: Outcome, answer: str, names: tuple[str, ...]
) -> Iterator[tuple[int, str, Mapping[str, object]]]:
    """Who meets a condition that was asked.

    Grain: one customer: surrogate key, natural key, and the values asked for, None where absent.

    Args:
        answer: the name of the condition.
        names: of shown values.
    """
    program = outcome.program
    shown = {name: program.shown[name] for name in names}
    columns = dict.fromkeys(part for one in shown.values() for part in (one.number, one.per) if part)
    query = exp.select(sql.column(CUSTOMER), sql.column(KEY), *(sql.column(name) for name in columns))
    query = query.from_("outcome").where(sql.column(program.answers[answer])).order_by(sql.column(KEY))
    for batch in outcome.engine.table(query).to_batches():
        for row in batch.to_pylist():
            values = {
                name: quantity(one.type.value, row[one.number], outcome.now.zone, row[one.per] if one.per else None)
                for name, one in shown.items()
            }
            yield row[CUSTOMER], row[KEY], values
