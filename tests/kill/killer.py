"""Run `pdo` and die by SIGKILL around the n-th call into the database driver, or get the signal that `KILL_SIGNAL` names.

    python killer.py N before|after ARGUMENTS…

The calls are the driver's, not ours: each statement and each bulk load of a command is a place to die at. Says on the file
descriptor of stderr how many calls there were when the command outlived them all.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from adbc_driver_manager import dbapi


class Killer:
    """Counts the driver's calls and dies at one of them."""

    def __init__(self, at: int, when: str) -> None:
        self.at, self.when, self.calls = at, when, 0
        self.signal = signal.Signals[f"SIG{os.environ.get('KILL_SIGNAL', 'KILL')}"]

    def around(self, name: str) -> None:
        """Put the counter round a method of the driver's cursor."""
        original: Callable[..., Any] = getattr(dbapi.Cursor, name)

        def counted(*args: Any, **options: Any) -> Any:
            self.calls += 1
            if self.calls == self.at and self.when == "before":
                os.kill(os.getpid(), self.signal)
            result = original(*args, **options)
            if self.calls == self.at and self.when == "after":
                os.kill(os.getpid(), self.signal)
            return result

        setattr(dbapi.Cursor, name, counted)


def main() -> None:
    """Set the trap and run the command."""
    killer = Killer(int(sys.argv[1]), sys.argv[2])
    killer.around("execute")
    killer.around("adbc_ingest")
    sys.argv = ["pdo", *sys.argv[3:]]
    from pdo.cli import main as command  # after the trap, for it loads the driver

    try:
        command()
    finally:
        sys.stderr.write(f"calls={killer.calls}\n")


main()
