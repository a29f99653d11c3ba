"""The gate (触达管控) that no message passes round: it says why a message is held back, or nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pdo.core.calendar import add_months, date_of, day_number
from pdo.model.conditions import Duration, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdo.model.playbook import Cap, Policy

ANY = "any"


@dataclass(frozen=True, slots=True)
class Touch:
    """A message that counts: approved or gone, or planned for today by a rule of higher priority."""

    customer_id: int
    channel: str
    day: int


@dataclass(slots=True)
class Gate:
    """Decides message by message, in order of priority, and remembers what it let through.

    Args:
        policy: the project's rules.
        today: the planned local day.
    """

    policy: Policy
    today: int
    _touches: dict[int, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))

    def remember(self, touches: Iterable[Touch]) -> None:
        """Count messages that were made before."""
        for touch in touches:
            self._touches[touch.customer_id].append((touch.channel, touch.day))

    def reason(self, customer_id: int, channel: str) -> str:
        """Why a message may not go; empty when it may, and then it counts from now on."""
        for cap in self.policy.caps:
            if cap.channel in (ANY, channel) and self._count(customer_id, cap) >= cap.max:
                return f"cap:{cap.channel}:{cap.max}/{cap.per}"
        self._touches[customer_id].append((channel, self.today))
        return ""

    def _count(self, customer_id: int, cap: Cap) -> int:
        first = first_day(self.today, cap.per)
        made = self._touches.get(customer_id, [])
        return sum(cap.channel in (ANY, channel) and first <= day <= self.today for channel, day in made)


def first_day(today: int, per: Duration) -> int:
    """The first day that counts: `1d` is today, `7d` today and the six days before."""
    match per.unit:
        case Unit.DAY:
            return today - per.count + 1
        case Unit.WEEK:
            return today - 7 * per.count + 1
        case Unit.MONTH:
            return day_number(add_months(date_of(today), -per.count)) + 1
        case Unit.YEAR:
            return day_number(add_months(date_of(today), -12 * per.count)) + 1
        case Unit.HOUR | Unit.MINUTE:
            return today
