"""Children: processes that run beside a test and stop where it wants them to."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pdo

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(pdo.__file__).parents[1]


class Child:
    """Another process that runs a script and stops at each `point(name)` until it is told to go on."""

    PRELUDE = """
import sys
from pathlib import Path
import pyarrow as pa
from sqlalchemy import select, true, update
from sqlalchemy.dialects.sqlite import insert
from pdo.core.errors import PdoError
from pdo.store import door, engine, tables as T
from pdo.store.door import open_door
from pdo.store.session import open_session
door.BUSY_MS, engine.BUSY_SECONDS = 20, 0.02
path = Path(sys.argv[1])
def point(name):
    print(name, flush=True)
    sys.stdin.readline()
def staff(*keys):
    return pa.table({"key": list(keys), "row_hash": [0] * len(keys), "import_id": [0] * len(keys)})
"""

    def __init__(self, script: str, path: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.PRELUDE + script, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )

    def point(self) -> str:
        """The next point, empty when the script has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def go_on(self) -> None:
        """Let it run to its next point."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

    def finish(self) -> list[str]:
        """What it said until its end; it must end well."""
        said, _ = self.process.communicate("\n" * 1000, timeout=60)
        assert self.process.returncode == 0
        return said.splitlines()


@contextmanager
def child(script: str, path: Path) -> Iterator[Child]:
    """A child that is gone afterwards."""
    found = Child(script, path)
    try:
        yield found
    finally:
        found.process.kill()
        found.process.communicate()


def run_child(script: str, path: Path) -> list[str]:
    """What a script says that runs from start to end while nothing else does."""
    with child(script, path) as found:
        return found.finish()
