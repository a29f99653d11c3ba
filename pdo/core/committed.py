"""Whether this process has written for good: what a signal that ends a command may truly say.

Grain: one process, which runs one command. The store notes; the error boundary of the program asks.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMITTED: ContextVar[bool] = ContextVar("committed", default=False)


@contextmanager
def noting_commit() -> Iterator[None]:
    """Around a commit: noted however it ends, for a signal may come between the commit and the note."""
    try:
        yield
    finally:
        note_commit()


def note_commit() -> None:
    """Something has been written for good."""
    _COMMITTED.set(True)


def has_committed() -> bool:
    """Whether something was written for good, or may have been."""
    return _COMMITTED.get()


def begin_command() -> None:
    """Nothing is written yet."""
    _COMMITTED.set(False)
