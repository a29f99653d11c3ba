"""Identifiers that together would give one person two own ids of a source, two WeCom ids or two unionids.

Few, so each is looked at by itself. Grain of a unit: one own id, or several that a hand joined.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

Identifier = tuple[str, str]


@dataclass
class Tangle:
    """Units that identifiers hold together.

    Args:
        values: kind and value of an identifier → units on which it stands.
        single: unit and what a person has one of → the unit's.
        keys: unit → own ids.
    """

    values: dict[Identifier, set[int]] = field(default_factory=lambda: defaultdict(set))
    single: dict[tuple[int, str], set[object]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def of(self, unit: int) -> list[Identifier]:
        """The identifiers of a unit."""
        return sorted(found for found, units in self.values.items() if unit in units)

    def cut(self) -> dict[int, set[int]]:
        """Units that join nobody, and the others of the tangle at which each points.

        That is who points at two customers; where without them somebody would still be two, all who hold that together.
        """
        if not self._are_two(self.keys):
            return {}
        pointing = {unit for unit in self.keys if self._points_at_two(unit)}
        found = {unit: set(self.keys) for unit in pointing}
        for part in self._parts(set(self.keys) - pointing):
            if self._are_two(part):
                found |= dict.fromkeys(part, part)
        return found

    def _points_at_two(self, unit: int) -> bool:
        near = {other for identifier in self.of(unit) for other in self.values[identifier]} - {unit}
        parts = [part for part in self._parts(set(self.keys) - {unit}) if part & near]
        return any(self._are_two(one | other) for one, other in combinations(parts, 2))

    def _parts(self, units: set[int]) -> list[set[int]]:
        """What identifiers hold together among some units."""
        parts = [{unit} for unit in units]
        for stood in self.values.values():
            touched = [part for part in parts if part & stood]
            if len(touched) > 1:
                parts = [part for part in parts if not part & stood]
                parts.append(set().union(*touched))
        return parts

    def _are_two(self, units: Collection[int]) -> bool:
        """Whether units have different ones of what a person has one of."""
        held: dict[str, list[set[object]]] = defaultdict(list)
        for (unit, what), values in self.single.items():
            if unit in units:
                held[what].append(values)
        return any(not one & other for found in held.values() for one, other in combinations(found, 2))
