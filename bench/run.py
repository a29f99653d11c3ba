"""Time `pdo import` and `pdo run` beside `sqlite3 .import` of the same files, in one run.

    python bench/run.py [--customers N] [--repeat N] [--imports] [--write]

The files come from a generator that is no part of the project: the folder named by PDO_BENCH (`../shared/bench` beside the
project unless said) holds `generate.py` and `rules.py`; where it is absent the script says so and ends. First comes the ratio
of every promise about imports: first ones, changed, reordered and identical files, a quarter of the rows, `sqlite-utils insert`
where it is installed, and the awkward shapes of `reading.py`; then a night with its runs, which `--imports` leaves out.
`--write` puts the figures into `docs/explanation/performance.md`. Times are medians over the repeats; read the ratios, the
machine is whatever it is.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from reading import FLAT, measure_shapes

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "explanation" / "performance.md"
FIGURES, IMPORTS = "figures", "imports"
"""Parts of the page that this script writes."""

FLOOR = "`sqlite3 .import`"
AS_OF = "2026-03-01T09:00"
FILES = ("products", "customers", "orders", "items", "events")
KEYS = {
    "products": "sku",
    "customers": "customer_id",
    "orders": "order_id",
    "items": "order_id, line",
    "events": "event_id",
}
LATER = ("anniversary_in",)
"""Words of the language that this version does not know yet; rules with them are left out and counted."""


@dataclass(frozen=True)
class Measured:
    """One command, measured as a whole process."""

    seconds: float
    peak_mib: float


@dataclass(frozen=True)
class Line:
    """A row of the report."""

    what: str
    ours: Measured
    floor: Measured | None


@dataclass(frozen=True)
class Compared:
    """A promise about an import, and what became of it.

    Args:
        what: was imported.
        ours: how long it took.
        beside: what it is compared with, for the report.
        other: how long that took; None where the bound is in seconds.
        bound: how many times as long ours may take.
        most_mib: the highest peak that ours may have.
    """

    what: str
    ours: Measured
    beside: str
    other: Measured | None
    bound: float
    most_mib: float = math.inf

    @property
    def ratio(self) -> float:
        """How many times as long ours took, or its seconds."""
        return self.ours.seconds / (self.other.seconds if self.other else 1)

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.ratio <= self.bound and self.ours.peak_mib <= self.most_mib


def usual_size() -> int:
    """How many customers there are unless said otherwise: SIZE of the environment, times its SCALE."""
    return int(os.environ.get("SIZE") or 1_000_000) * int(os.environ.get("SCALE") or 1)


def measure(command: list[str], **environment: str) -> Measured:
    """Run a command and take its wall time and peak memory.

    Raises:
        SystemExit: it failed.
    """
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **environment}, cwd=ROOT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        if process.returncode != 0:
            output.seek(0)
            raise SystemExit(f"{' '.join(command)}\n{output.read().decode()}")
    return Measured(seconds, usage.ru_maxrss / 1024)


def median(found: list[Measured]) -> Measured:
    """The median time, and the highest peak."""
    return Measured(statistics.median(one.seconds for one in found), max(one.peak_mib for one in found))


def generator() -> Path:
    """The folder with the generator.

    Raises:
        SystemExit: it is not there.
    """
    folder = Path(os.environ.get("PDO_BENCH", ROOT.parent / "shared" / "bench"))
    if not (folder / "generate.py").exists():
        raise SystemExit(f"bench: no generator in {folder}; name its folder in PDO_BENCH. Nothing was measured.")
    return folder


def playbook(folder: Path) -> tuple[str, int, int]:
    """The rules that this version can read, how many they are, and how many were left out."""
    made = subprocess.run([sys.executable, str(folder / "rules.py")], capture_output=True, text=True, check=True)
    lines = made.stdout.splitlines()
    kept = [line for line in lines if not any(word in line for word in LATER)]
    return "\n".join(kept) + "\n", sum(line.startswith("  ") for line in kept), len(lines) - len(kept)


def project(root: Path, rules: str) -> None:
    """A fresh project with the bench's playbook."""
    measure([sys.executable, "-m", "pdo", "init", str(root)])
    for old in (root / "playbooks").glob("*.yaml"):
        old.unlink()
    (root / "playbooks" / "bench.yaml").write_text(rules, encoding="utf-8")


def floor(data: Path, kind: str, folder: Path) -> Measured:
    """`sqlite3 .import` of a file into a bare table with the same key."""
    with (data / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    database = folder / f"floor-{kind}.db"
    database.unlink(missing_ok=True)
    create = f"create table t({', '.join(f'{name} text' for name in header)}, primary key({KEYS[kind]}));"
    commands = ["pragma journal_mode=wal;", create, ".mode csv", f".import --skip 1 '{data / f'{kind}.csv'}' t"]
    found = measure(["sqlite3", str(database), *commands])
    database.unlink()
    return found


def night(data: Path, work: Path, rules: str) -> dict[str, tuple[Measured, Measured | None]]:
    """Every step once: each import beside its floor, then the first run and the same again."""
    root = work / "shop"
    shutil.rmtree(root, ignore_errors=True)
    project(root, rules)
    pdo = [sys.executable, "-m", "pdo"]
    found: dict[str, tuple[Measured, Measured | None]] = {}
    for kind in FILES:
        command = [*pdo, "import", kind, str(data / f"{kind}.csv"), "--project", str(root)]
        found[f"import {kind}"] = (measure(command), floor(data, kind, work))
    again = [*pdo, "import", "customers", str(data / "customers.csv"), "--project", str(root)]
    found["import customers again"] = (measure(again), found["import customers"][1])
    run = [*pdo, "run", "--as-of", AS_OF, "--project", str(root)]
    found["run, first"] = (measure(run), None)
    found["run, the same again"] = (measure(run), None)
    return found


def imports(data: Path, work: Path) -> dict[str, Compared]:
    """Imports once: first ones beside their floors, then the same customers in other shapes beside the first's floor."""
    root = work / "shop"
    shutil.rmtree(root, ignore_errors=True)
    project(root, "version: 1\nplaybook: bench\n")
    found: dict[str, Compared] = {}

    def bring(kind: str, path: Path, into: Path = root) -> Measured:
        return measure([sys.executable, "-m", "pdo", "import", kind, str(path), "--project", str(into)])

    def compare(what: str, ours: Measured, beside: str, other: Measured | None, bound: float, **most: float) -> None:
        found[what] = Compared(what, ours, beside, other, bound, **most)

    beside = floor(data, "customers", work)
    first = bring("customers", data / "customers.csv")
    compare("customers, first", first, FLOOR, beside, 2.0)
    if shutil.which("sqlite-utils"):
        database = work / "utils.db"
        command = [
            "sqlite-utils",
            "insert",
            str(database),
            "t",
            str(data / "customers.csv"),
            "--csv",
            "--pk",
            "customer_id",
        ]
        compare("customers, first: a seventh", first, "`sqlite-utils insert --pk`", measure(command), 1 / 7)
        database.unlink()
    compare("customers, the identical file", bring("customers", data / "customers.csv"), "seconds", None, 0.6)
    compare("customers, in another order", bring("customers", shuffled(data, work)), FLOOR, beside, 1.6)
    compare("customers, 1 % changed", bring("customers", changed(data, work)), FLOOR, beside, 1.8)
    small = work / "quarter"
    shutil.rmtree(small, ignore_errors=True)
    project(small, "version: 1\nplaybook: bench\n")
    compare("customers, four times as many", first, "a quarter", bring("customers", quarter(data, work), small), 4.5)
    compare(
        "orders, first", bring("orders", data / "orders.csv"), FLOOR, floor(data, "orders", work), 1.6, most_mib=1536
    )
    compare("items, first", bring("items", data / "items.csv"), FLOOR, floor(data, "items", work), 1.6)
    return found


def shapes(repeat: int, scale: float) -> list[Compared]:
    """Files of awkward shapes: see `reading.py`."""
    return [
        Compared(
            taken.shape.what,
            Measured(taken.seconds[1], taken.peak_mib[1]),
            "a quarter" if taken.shape.flat else "the same as CSV",
            Measured(taken.seconds[0], taken.peak_mib[0]),
            taken.shape.bound,
            most_mib=taken.peak_mib[0] * FLAT if taken.shape.flat else math.inf,
        )
        for taken in measure_shapes(repeat=repeat, scale=scale)
    ]


def quarter(data: Path, work: Path) -> Path:
    """The first quarter of the customers."""
    lines = (data / "customers.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    path = work / "quarter.csv"
    path.write_text("".join(lines[: 1 + len(lines) // 4]), encoding="utf-8")
    return path


def shuffled(data: Path, work: Path) -> Path:
    """The customers in another order."""
    header, *rows = (data / "customers.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    random.Random(1).shuffle(rows)
    path = work / "shuffled.csv"
    path.write_text("".join([header, *rows]), encoding="utf-8")
    return path


def changed(data: Path, work: Path) -> Path:
    """The customers, every hundredth with another city."""
    header, *rows = (data / "customers.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    city = header.split(",").index("city")
    for place in range(0, len(rows), 100):
        cells = rows[place].split(",")
        rows[place] = ",".join([*cells[:city], "拉萨", *cells[city + 1 :]])
    path = work / "changed.csv"
    path.write_text("".join([header, *rows]), encoding="utf-8")
    return path


def report(lines: list[Line], customers: int, rules: int, left_out: int, repeats: int) -> str:
    """The table, in Markdown."""
    head = [
        f"Measured on {datetime.now(tz=UTC).date().isoformat()}: {customers:,} customers, {5 * customers:,} orders, "
        f"{10 * customers:,} items, {3 * customers:,} events; {rules} tag rules"
        + (f" ({left_out} of the bench's rules need words that this version does not know yet)" if left_out else "")
        + f"; medians of {repeats}; Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        "| step | seconds | peak MiB | `sqlite3 .import` | ratio |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    rows = []
    for line in lines:
        beside, ratio = "", ""
        if line.floor is not None:
            beside, ratio = f"{line.floor.seconds:.2f}", f"{line.ours.seconds / line.floor.seconds:.2f}"
        rows.append(f"| {line.what} | {line.ours.seconds:.2f} | {line.ours.peak_mib:,.0f} | {beside} | {ratio} |")
    return "\n".join([*head, *rows])


def main() -> None:
    """Generate, measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=usual_size())
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--imports", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    folder = generator()
    if shutil.which("sqlite3") is None:
        raise SystemExit("bench: sqlite3 is not installed (apt install sqlite3). Nothing was measured.")
    texts: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="pdo-bench-") as name:
        work, data = Path(name), Path(name) / "data"
        measure([sys.executable, str(folder / "generate.py"), str(options.customers), str(data)])
        times = [imports(data, work) for _ in range(options.repeat)]
        promises = [together([one[what] for one in times]) for what in times[0]]
        promises += shapes(options.repeat, options.customers / 1_000_000)
        texts[IMPORTS] = told(promises, options.customers, options.repeat)
        sys.stdout.write(texts[IMPORTS] + "\n\n")
        if not options.imports:
            rules, count, left_out = playbook(folder)
            nights = [night(data, work, rules) for _ in range(options.repeat)]
            lines = [Line(what, median([one[what][0] for one in nights]), beside(nights, what)) for what in nights[0]]
            texts[FIGURES] = report(lines, options.customers, count, left_out, options.repeat)
            sys.stdout.write(texts[FIGURES] + "\n")
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        for part, text in texts.items():
            begin = f"<!-- {part}: begin -->"
            start, end = page.index(begin) + len(begin), page.index(f"<!-- {part}: end -->")
            page = f"{page[:start]}\n{text}\n{page[end:]}"
        PAGE.write_text(page, encoding="utf-8")


def together(times: list[Compared]) -> Compared:
    """One promise, measured several times."""
    others = [one.other for one in times if one.other is not None]
    return replace(times[0], ours=median([one.ours for one in times]), other=median(others) if others else None)


def told(promises: list[Compared], customers: int, repeats: int) -> str:
    """The promises, in Markdown."""
    load = os.getloadavg()[0]
    head = [
        f"Measured on {datetime.now(tz=UTC).date().isoformat()}: {customers:,} customers, {5 * customers:,} orders, "
        f"{10 * customers:,} items; medians of {repeats}; Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {load:.1f} at the end."
        + ("" if shutil.which("sqlite-utils") else " `sqlite-utils` is not installed, so it was not measured."),
        "",
        "| import | seconds | peak MiB | beside | seconds | ratio | bound | |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | --- |",
    ]
    rows = [
        f"| {one.what} | {one.ours.seconds:.2f} | {one.ours.peak_mib:,.0f} | {one.beside} | "
        + (f"{one.other.seconds:.2f}" if one.other else "")
        + f" | {one.ratio:.2f} | {one.bound:.2f} | {'holds' if one.holds else 'missed'} |"
        for one in promises
    ]
    return "\n".join([*head, *rows])


def beside(nights: list[dict[str, tuple[Measured, Measured | None]]], what: str) -> Measured | None:
    """The floor of a step, where it has one."""
    found = [one[what][1] for one in nights]
    known = [one for one in found if one is not None]
    return median(known) if known else None


if __name__ == "__main__":
    main()
