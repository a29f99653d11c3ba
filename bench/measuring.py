"""What the scripts of the bench share: taking a process's time and memory, where the data come from, where the figures go."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "explanation" / "performance.md"
PDO = (sys.executable, "-m", "pdo")


@dataclass(frozen=True)
class Taken:
    """One process: seconds by the clock, of processors, and the peak of memory."""

    seconds: float
    processor: float
    peak_mib: float


def measure(command: Iterable[str], output: Path | None = None) -> Taken:
    """Run a command to its end, and say on standard error what it took: a bench of an hour should not be silent.

    Args:
        command: the program and its arguments.
        output: a file for what it says; otherwise that is thrown away.

    Raises:
        SystemExit: it failed.
    """
    words = [*command]
    start = time.perf_counter()
    with (output or Path(os.devnull)).open("w") as said, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(words, stdout=said, stderr=errors, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            raise SystemExit(f"bench: {' '.join(words)[:300]}\n{errors.read().decode()}")
    taken = Taken(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
    said_briefly = " ".join(words)[-100:].replace("\n", " ")
    print(f"{taken.seconds:8.1f} s {taken.peak_mib:7,.0f} MiB  {said_briefly}", file=sys.stderr, flush=True)
    return taken


def median(found: Iterable[Taken]) -> Taken:
    """The median times, and the highest peak."""
    every = [*found]
    return Taken(
        statistics.median(one.seconds for one in every),
        statistics.median(one.processor for one in every),
        max(one.peak_mib for one in every),
    )


def usual_size() -> int:
    """How many customers there are unless said otherwise: SIZE of the environment, times its SCALE."""
    return int(os.environ.get("SIZE") or 1_000_000) * int(os.environ.get("SCALE") or 1)


def generator() -> Path:
    """The folder with the generator, the rules and the script by hand.

    Raises:
        SystemExit: it is not there.
    """
    folder = Path(os.environ.get("PDO_BENCH", ROOT.parent / "shared" / "bench"))
    if not (folder / "generate.py").exists():
        raise SystemExit(f"bench: no generator in {folder}; name its folder in PDO_BENCH. Nothing was measured.")
    return folder


def generate(customers: int, data: Path) -> None:
    """The files of so many customers."""
    measure([sys.executable, str(generator() / "generate.py"), str(customers), str(data)])


def fresh_project(root: Path, playbook: str = "version: 1\nplaybook: bench\n") -> None:
    """A new project whose only playbook is that one."""
    measure([*PDO, "init", str(root)])
    for old in (root / "playbooks").glob("*.yaml"):
        old.unlink()
    (root / "playbooks" / "bench.yaml").write_text(playbook, encoding="utf-8")


def measured_on(what: str, repeats: int) -> str:
    """The sentence above a table: when, what, on which machine."""
    return (
        f"Measured on {datetime.now(tz=UTC).date().isoformat()}: {what}; medians of {repeats}; "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}."
    )


def keep(part: str, text: str) -> None:
    """Put figures between the marks of their part of the page."""
    page = PAGE.read_text(encoding="utf-8")
    begin = f"<!-- {part}: begin -->"
    start, end = page.index(begin) + len(begin), page.index(f"<!-- {part}: end -->")
    PAGE.write_text(f"{page[:start]}\n{text}\n{page[end:]}", encoding="utf-8")
