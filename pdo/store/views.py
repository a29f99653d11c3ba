"""Readable views, for people and tools that look into the store with plain SQL. Kept stable; see `docs/reference/store.md`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VIEWS: Mapping[str, str] = MappingProxyType({})
