"""Facts in memory, in the shape of the store's tables, so that rules can be evaluated without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from pdo.evaluate.stored import facts_query
from pdo.store.statements import arrow_schema

Row = dict[str, Any]


@dataclass
class MemoryFacts:
    """A `FactSource` over lists of rows; a column that a row leaves out is absent.

    Rows have the columns that the source serves: those of the table for what `TABLES` has, else those of the subject.
    """

    kinds: dict[str, list[Row]] = field(default_factory=dict)
    held: list[tuple[int, int, int, str]] = field(default_factory=list)
    """label_id, customer_id, since, source"""
    off: list[tuple[int, int]] = field(default_factory=list)
    names: dict[int, tuple[str, str, str, str]] = field(default_factory=dict)

    def rows(self, kind: str, columns: tuple[str, ...], _oldest: int | None = None) -> pa.Table:
        """See `FactSource`."""
        schema = arrow_schema(facts_query(kind, columns))
        return pa.Table.from_pylist(
            [{name: row.get(name) for name in columns} for row in self.kinds.get(kind, [])], schema
        )

    def counted_orders(self, _columns: tuple[str, ...], _now: int, _oldest: int | None) -> None:
        """See `FactSource`; the loader does it."""
        return

    def some_items(self, _columns: tuple[str, ...], _either: object) -> None:
        """See `FactSource`."""
        return

    def assignments(
        self, kinds: tuple[str, ...], *, by_rule: bool | None, labels: tuple[int, ...] | None = None
    ) -> pa.Table:
        """See `FactSource`."""
        found = [
            one
            for one in self.held
            if self.names[one[0]][0] in kinds
            and (by_rule is None or (one[3] == "rule") is by_rule)
            and (labels is None or one[0] in labels)
        ]
        return pa.table(
            {
                name: pa.array([one[place] for one in found], pa.int64())
                for place, name in enumerate(("label_id", "customer_id", "since"))
            }
        )

    def rule_bits(self) -> None:
        """See `FactSource`."""
        return

    def blocks(self) -> pa.Table:
        """See `FactSource`."""
        return pa.table(
            {
                "label_id": pa.array([one[0] for one in self.off], pa.int64()),
                "customer_id": pa.array([one[1] for one in self.off], pa.int64()),
            }
        )

    def labels(self) -> dict[int, tuple[str, str, str, str]]:
        """See `FactSource`."""
        return self.names
