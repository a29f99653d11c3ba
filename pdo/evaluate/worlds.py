"""Examples side by side: each customer lives in a world of its own now, and one program answers for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from pdo.compiler.measures import CUSTOMER, WORLD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.compiler.clock import Bound
    from pdo.core.calendar import Moment

MOMENTS = "moments"
AT, TODAY = "~now", "~today"


@dataclass(frozen=True, slots=True)
class Worlds:
    """Which world each customer lives in.

    Args:
        moments: the now of each world.
        of: surrogate key of a customer → the place of its world.
    """

    moments: tuple[Moment, ...]
    of: Mapping[int, int]

    def of_customers(self) -> pa.Table:
        """Grain: one row a customer, with the world and its now."""
        places = list(self.of.values())
        return pa.table(
            {
                CUSTOMER: pa.array(list(self.of), pa.int64()),
                WORLD: pa.array(places, pa.int64()),
                AT: pa.array([self.moments[place].at for place in places], pa.int64()),
                TODAY: pa.array([self.moments[place].today for place in places], pa.int64()),
            }
        )

    def table(self, bounds: Mapping[str, Bound]) -> pa.Table:
        """Grain: one row a world, with what each bound is there."""
        columns = {name: pa.array([make(now) for now in self.moments], pa.int64()) for name, make in bounds.items()}
        return pa.table({WORLD: pa.array(range(len(self.moments)), pa.int64()), **columns})
