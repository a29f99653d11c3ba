"""What customers have by rule, as bits: frozen, on its way from a plan into the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class RuleBits:
    """What customers have by rule after a run, but stages; which bit is which label says `pdo.store.rule_bits`.

    Args:
        rows: `customer_id`, and `words` of 64 bits as a list of fixed length.
        whole: of everybody who has any; else of those whose bits change.
        slots: (kind, scope, name) of a new label → the id that it was expected to get.
    """

    rows: pa.Table
    whole: bool
    slots: Mapping[tuple[str, str, str], int]
