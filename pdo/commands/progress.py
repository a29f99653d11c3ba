"""Progress of long work: a bar on a terminal's standard error, nothing anywhere else."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pdo.commands.present import Output


@contextmanager
def progress_of(output: Output) -> Iterator[Callable[[str, int, int], None] | None]:
    """Show how far the work is, while it lasts.

    Yields:
        What to call with the stage, what is done and what there is to do; None where nobody watches.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(stage: str, done: int, total: int) -> None:
            bar.update(task, description=output.say_or(f"progress.{stage}", stage), completed=done, total=total)

        yield show
