"""Who in this process has which database file open.

Python and ADBC carry a SQLite library each. When one of them closes the file, the kernel drops the locks that
the other one holds on it (POSIX locks belong to the process), and a committed row of another process can be
lost. So a file has one handle at a time, and a second one is a bug of ours that is refused, whatever library
it would use.

Opening and closing raise the audit events `pdo.store.open` and `pdo.store.close` (`sys.addaudithook`), with
the path and what opened it: a test listens to every command.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_open: dict[str, str] = {}
_guard = Lock()


@contextmanager
def only_handle(path: Path, opener: str) -> Iterator[None]:
    """Hold the right to open a file.

    Args:
        path: the database.
        opener: `door`, `session` or `schema`.

    Raises:
        RuntimeError: this process has it open already: our bug.
    """
    name = os.path.realpath(path)
    with _guard:
        if name in _open:
            raise RuntimeError(f"{opener}: the database is open in this process already, by a {_open[name]}")
        _open[name] = opener
    sys.audit("pdo.store.open", name, opener)
    try:
        yield
    finally:
        sys.audit("pdo.store.close", name, opener)
        with _guard:
            del _open[name]
