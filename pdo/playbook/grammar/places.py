"""All places in one table."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.playbook.grammar import blocks, conditions, project, sending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.playbook.grammar.shapes import Place

PLACES: Mapping[str, Place] = MappingProxyType(
    {found.name: found for module in (blocks, conditions, sending, project) for found in module.PLACES}
)
"""Name → place, of playbooks, `pdo.yaml`, mappings and files of cases."""
