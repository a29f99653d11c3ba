"""Where facts come from: the store, or rows in memory (the oracle's tests, later the examples of playbooks)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import pyarrow as pa

    from pdo.model.conditions import ColumnTest
    from pdo.store.rule_bits import HeldBits

    Rows: TypeAlias = pa.RecordBatchReader | pa.Table | tuple[pa.RecordBatchReader, pa.RecordBatchReader]
    """Rows of one shape; two streams are to be read side by side."""


class FactSource(Protocol):
    """Gives the rows of the store's tables, whole or of one customer."""

    def rows(self, kind: str, columns: tuple[str, ...], oldest: int | None = None) -> Rows:
        """The rows of a kind.

        Args:
            kind: as on the command line.
            columns: of that table.
            oldest: events before this instant need not come.
        """

    def counted_orders(self, columns: tuple[str, ...], now: int, oldest: int | None) -> Rows | None:
        """Orders that count at a moment: paid by then, and not refunded in full by then.

        Args:
            columns: of the table; `net` is paid less refunded, in minor units.
            now: the moment.
            oldest: orders paid before this instant need not come.

        Returns:
            None where the source leaves that to its reader.
        """

    def some_items(self, columns: tuple[str, ...], either: tuple[tuple[ColumnTest, ...], ...]) -> Rows | None:
        """Only items that may pass one of some tests; others may come too.

        Args:
            columns: of the table.
            either: of each measure the tests that its rows must pass.

        Returns:
            None where all items are to be read.
        """

    def assignments(
        self, kinds: tuple[str, ...], *, by_rule: bool | None, labels: tuple[int, ...] | None = None
    ) -> pa.RecordBatchReader | pa.Table:
        """The assignments that hold: `label_id`, `customer_id`, `since`.

        Args:
            kinds: of labels.
            by_rule: only those of rules, only those of others, or all.
            labels: only of these; None for all of the kinds.
        """

    def rule_bits(self) -> HeldBits | None:
        """What customers have by rule, but stages; None where `assignments` must be asked."""

    def blocks(self) -> pa.RecordBatchReader | pa.Table:
        """Tags that a hand took off for good: `label_id`, `customer_id`."""

    def labels(self) -> dict[int, tuple[str, str, str, str]]:
        """Label id → kind, scope, name, playbook."""
