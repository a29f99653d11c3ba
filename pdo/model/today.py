"""What `pdo today` says: what changed, what waits for whom, how old the data are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

if TYPE_CHECKING:
    from pdo.core.calendar import Moment
    from pdo.model.reports import BatchEntry
    from pdo.model.runs import RunStep


@dataclass(frozen=True, slots=True)
class Overdue:
    """Tasks of a colleague whose day is over and that are not done.

    Args:
        staff: own id; empty for tasks that are nobody's.
        oldest_on: the day by which the first was due, ISO.
    """

    staff: str
    name: str
    count: int
    oldest_on: str


@dataclass(frozen=True, slots=True)
class DataAge:
    """How old the rows of a kind are.

    Args:
        imported_at: when they last came in, ISO.
        hours: since then, whole ones.
        rows: that the file held.
    """

    kind: str
    imported_at: str
    hours: int
    rows: int


@dataclass(frozen=True, slots=True)
class CodeStock:
    """Coupon codes that can still be given.

    Args:
        left: nobody has them, and they have not expired.
        total: that ever came in.
        given: on the last seven days, today among them.
        ends_on: the last day of the first of those left that ends, ISO; empty where none does.
    """

    offer: str
    left: int
    total: int
    given: int
    ends_on: str

    @property
    def is_low(self) -> bool:
        """Fewer are left than seven days take."""
        return self.left < self.given


@dataclass(frozen=True, slots=True)
class Today:
    """A day's beginning.

    Args:
        now: when it is asked.
        as_of: of the last run; None where there was none.
        changed: what runs since yesterday gave and took away, by kind and name.
        drafts: batches that wait for approval.
        overdue: by colleague, who has most first.
        ages: by kind, the oldest first.
        codes: by offer.
    """

    now: Moment
    as_of: Moment | None
    changed: tuple[RunStep, ...]
    drafts: tuple[BatchEntry, ...]
    overdue: tuple[Overdue, ...]
    ages: tuple[DataAge, ...]
    codes: tuple[CodeStock, ...]
