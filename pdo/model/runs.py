"""Runs as their journal tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class RunUndone:
    """A run that was taken back.

    Args:
        run_id: its journal row.
        as_of: its now, an instant.
        given: how many assignments that it had made are gone.
        taken: how many that it had ended hold again.
        messages: how many of its messages are gone.
        batches: how many of its batches are.
    """

    run_id: int
    as_of: int
    given: int
    taken: int
    messages: int
    batches: int


@dataclass(frozen=True, slots=True)
class RunStep:
    """How many customers gained or lost something.

    Args:
        kind: `tag`, `stage`, `segment` or `expired`.
        scope: the lifecycle of a stage, the tag of a value of a column; else empty.
        change: `gained` or `lost`.
        sample: natural keys of the first few; empty where the journal alone is asked.
    """

    kind: str
    scope: str
    name: str
    change: str
    count: int
    sample: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A run in the journal.

    Args:
        changes: as its plan told them.
        playbooks: name → digest of the file.
        override: why the guard was passed over; None where it was not.
        stops: what it had said, as keys of wordings with their values.
        undone_at: when it was taken back; None while it stands.
        undone_by: who did.
    """

    run_id: int
    as_of: str
    started_at: str
    actor: str
    changes: int
    playbooks: Mapping[str, str]
    steps: tuple[RunStep, ...]
    override: str | None
    stops: tuple[tuple[str, Mapping[str, object]], ...]
    undone_at: str | None
    undone_by: str | None
