"""Wording of playbook: see the package's docstring."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING: Mapping[str, Wording] = MappingProxyType({})
