"""Time `pdo import` beside `sqlite3 .import` of the same files into bare tables, in one run.

    python bench/imports.py [--customers N] [--repeat N] [--write]

The files come from a generator that is no part of the project: the folder named by PDO_BENCH (`../shared/bench` beside the
project unless said) holds `generate.py`; where it is absent the script says so and ends. Measured is the ratio of every promise
about imports: first ones, changed, reordered and identical files, a quarter of the rows, `sqlite-utils insert` where it is
installed, and the awkward shapes of `reading.py`. `--write` puts the figures into `docs/explanation/performance.md`. Times are
medians over the repeats; read the ratios, the machine is whatever it is.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from measuring import PDO, Taken, fresh_project, generate, keep, measure, measured_on, median, usual_size
from reading import FLAT, measure_shapes

FLOOR = "`sqlite3 .import`"
KEYS = {"customers": "customer_id", "orders": "order_id", "items": "order_id, line"}


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
    ours: Taken
    beside: str
    other: Taken | None
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


def floor(data: Path, kind: str, folder: Path) -> Taken:
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


def imports(data: Path, work: Path) -> dict[str, Compared]:
    """Imports once: first ones beside their floors, then the same customers in other shapes beside the first's floor."""
    root = work / "shop"
    shutil.rmtree(root, ignore_errors=True)
    fresh_project(root)
    found: dict[str, Compared] = {}

    def bring(kind: str, path: Path, into: Path = root) -> Taken:
        return measure([*PDO, "import", kind, str(path), "--project", str(into)])

    def compare(what: str, ours: Taken, beside: str, other: Taken | None, bound: float, **most: float) -> None:
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
    fresh_project(small)
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
            one.shape.what,
            one.large,
            "a quarter" if one.shape.flat else "the same as CSV",
            one.small,
            one.shape.bound,
            most_mib=one.small.peak_mib * FLAT if one.shape.flat else math.inf,
        )
        for one in measure_shapes(repeat=repeat, scale=scale)
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


def together(times: list[Compared]) -> Compared:
    """One promise, measured several times."""
    others = [one.other for one in times if one.other is not None]
    return replace(times[0], ours=median([one.ours for one in times]), other=median(others) if others else None)


def report(promises: list[Compared], customers: int, repeats: int) -> str:
    """The promises, in Markdown."""
    what = f"{customers:,} customers, {5 * customers:,} orders, {10 * customers:,} items"
    head = [
        measured_on(what, repeats)
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


def main() -> None:
    """Generate, measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=usual_size())
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if shutil.which("sqlite3") is None:
        raise SystemExit("bench: sqlite3 is not installed (apt install sqlite3). Nothing was measured.")
    with tempfile.TemporaryDirectory(prefix="pdo-bench-") as name:
        work, data = Path(name), Path(name) / "data"
        generate(options.customers, data)
        times = [imports(data, work) for _ in range(options.repeat)]
    promises = [together([one[what] for one in times]) for what in times[0]]
    promises += shapes(options.repeat, options.customers / 1_000_000)
    text = report(promises, options.customers, options.repeat)
    sys.stdout.write(text + "\n")
    if options.write:
        keep("imports", text)


if __name__ == "__main__":
    main()
