"""Sizes of memory and disks, as people write and read them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MEGABYTE, GIGABYTE = 10**6, 10**9

_PLACES: Mapping[str, int] = MappingProxyType({"k": 1, "m": 2, "g": 3, "t": 4})
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,3})?)\s*([kmgt])(i?)b?", re.IGNORECASE)


def parse_size(text: str) -> int | None:
    """Bytes of `2GB`, `2 GB`, `2G`, `1500MB` or `1.5GiB`; None for what is no size or has no unit.

    `GB` and `G` are thousand millions, the smaller of their two meanings, for what is written is a bound; `GiB` is 1024³.
    """
    found = _SIZE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    base = 1024 if found[3] else 1000
    return int(Decimal(found[1]) * base ** _PLACES[found[2].lower()])


def shown_size(size: int) -> str:
    """A size as `parse_size` reads it, as `1.5GB` or `600MB`; smaller ones are rounded up to whole megabytes."""
    if size < GIGABYTE:
        return f"{-(-size // MEGABYTE)}MB"
    return f"{size / GIGABYTE:.1f}".removesuffix(".0") + "GB"
