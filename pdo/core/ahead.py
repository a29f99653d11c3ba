"""Work that goes on beside other work: what is needed next is made while what was made is used."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

From = TypeVar("From")
Made = TypeVar("Made")

AHEAD = 2
"""How many are made before they are asked for."""


def made_ahead(make: Callable[[From], Made], things: Iterable[From]) -> Iterator[Made]:
    """What is made of each thing, in order, a few of them ahead in a thread of its own.

    Args:
        make: of one thing; it runs beside the caller, so it shares nothing with it.
        things: taken one by one as they are needed.
    """
    with ThreadPoolExecutor(1) as beside:
        waiting: deque[Future[Made]] = deque()
        for one in things:
            waiting.append(beside.submit(make, one))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
