"""The tests that a condition is made of, and what their rows and windows ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.model.conditions import (
    All,
    Anchor,
    AnyOf,
    InWindow,
    LatestTest,
    MeasureTest,
    Negated,
    NoneOf,
    Since,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.model.conditions import Condition, Test, Window


def tests_in(condition: Condition) -> Iterator[Condition]:
    """The tests of a condition, whatever they are nested in, in written order."""
    waiting = [condition]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (All, AnyOf, NoneOf)):
            waiting.extend(reversed(part.parts))
        else:
            yield part


def stages_begun(test: Condition) -> Iterator[str]:
    """The lifecycles from whose present stage on a measure or a last row looks at rows (`since: stage`)."""
    windows: list[Window | None] = []
    if isinstance(test, MeasureTest):
        windows = [test.measure.rows.window, _window_of(test.test)]
    elif isinstance(test, LatestTest):
        windows = [test.rows.window]
    for window in windows:
        if isinstance(window, Since) and window.anchor is Anchor.STAGE:
            yield window.name


def _window_of(test: Test) -> Window | None:
    """The window that a moment must lie in."""
    while isinstance(test, Negated):
        test = test.test
    return test.window if isinstance(test, InWindow) else None
