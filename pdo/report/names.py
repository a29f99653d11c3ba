"""The answer to a name that does not exist."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from pdo.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable


def unknown_name(what: str, name: str, known: Iterable[str], **params: object) -> UsageError:
    """A name that nothing has, with the nearest one that something has.

    Args:
        what: `tag`, `segment` …; the wording stands under `error.unknown_WHAT` and `error.unknown_WHAT.near`.
        name: as typed.
        known: what there is.
        params: other values that the wording names.
    """
    near = get_close_matches(name, list(known), 1, 0.5)
    if near:
        return UsageError(f"error.unknown_{what}.near", name=name, near=near[0], **params)
    return UsageError(f"error.unknown_{what}", name=name, **params)
