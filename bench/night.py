"""Time `pdo run` of a first day and of the night after it, beside the same tags written by hand in SQLite, and beside a floor.

    python bench/night.py [--customers N] [--repeat N] [--thousand] [--third] [--alone] [--write]

The data, the 200 rules and the script by hand come from the folder named by PDO_BENCH (`../shared/bench` beside the project
unless said), used as they are. The floor reads the columns that the rules look at, and the rows that hold, once through ADBC, and
inserts the rows that the run adds once: what anybody must do who keeps facts and tags in SQLite. Each promise is told with its
bound. `--thousand` adds a night of a thousand rules, once, `--third` the same with a third of the customers, to see how it grows.
`--alone` measures nothing beside `pdo`, for sizes that a disk holds only once. `--write` puts the figures into
`docs/explanation/performance.md`. Seconds are medians over the repeats; processor seconds tell more where others use the machine.
SIZE and SCALE of the environment, as `make bench SCALE=10`, say and multiply the customers.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import adbc_driver_sqlite.dbapi as adbc
from measuring import (
    PDO,
    ROOT,
    Taken,
    fresh_project,
    generate,
    generator,
    keep,
    measure,
    measured_on,
    median,
    usual_size,
)

MILLION = 1_000_000
FIRST, NEXT = "2026-03-01T09:00", "2026-03-02T09:00"
LATER = "2026-03-03T09:00"
EVERYBODY = """version: 1
playbook: list
segments:
  全员: {when: {points: 0..}}
  无人: {when: {points: ..-1}}
"""
COUNTED = {
    "count of orders": "orders: {within: 90d}",
    "count of items of a category": "items: {where: {category: 水果}, count: 3..}",
    "count of all items": "items: {count: 3..}",
}
READ = (
    "SELECT id, key, gender, birthday, city, source_channel, member_level, points FROM customer",
    "SELECT id, customer_id, paid_at, paid, refunded FROM sales_order",
    "SELECT order_id, product_id FROM order_item",
    "SELECT customer_id, type, occurred_at FROM event",
    "SELECT label_id, customer_id, since FROM assignment WHERE until IS NULL",
)
"""The columns of the rules, and the rows that hold."""


def floor(database: Path, run_id: int) -> Taken:
    """Read what the run reads, and insert into a copy of its table what it added.

    Args:
        database: after the run.
        run_id: its number; rows that it closed are read as rows that hold, as before it.
    """
    with tempfile.TemporaryDirectory(prefix="pdo-floor-", dir=database.parent) as folder:
        code = f"import sys; sys.path[:0] = [{str(ROOT / 'bench')!r}]; from night import work; "
        return measure([sys.executable, "-c", f"{code}work({str(database)!r}, {run_id}, {folder!r})"])


def work(database: str, run_id: int, folder: str) -> None:
    """What the floor does, in a process of its own."""
    with closing(adbc.connect(f"file:{database}?mode=ro", autocommit=True)) as source:
        for query in READ:
            with closing(source.cursor()) as cursor:
                before = f" AND run_id < {run_id} OR until_run_id = {run_id}" if "assignment" in query else ""
                cursor.execute(query + before)
                for _ in cursor.fetch_record_batch():
                    pass
        with (
            closing(source.cursor()) as cursor,
            closing(adbc.connect(f"file:{folder}/floor.db", autocommit=True)) as target,
            closing(target.cursor()) as writer,
        ):
            cursor.execute(
                "SELECT label_id, customer_id, source, since, run_id FROM assignment "
                f"WHERE run_id = {run_id} ORDER BY label_id, customer_id"
            )
            writer.execute("PRAGMA journal_mode = WAL")
            writer.execute(
                "CREATE TABLE assignment (label_id INTEGER, customer_id INTEGER, source TEXT, since INTEGER, run_id INTEGER, "
                "until INTEGER, PRIMARY KEY (label_id, customer_id, source, since, run_id)) WITHOUT ROWID"
            )
            writer.execute("BEGIN")
            writer.adbc_ingest("assignment", cursor.fetch_record_batch(), mode="append")
            writer.execute("COMMIT")


def inside(root: Path, call: str) -> Taken:
    """Seconds of one call of the program, libraries loaded; of a count those of its condition, not of whom a message reaches."""
    code = f"""
import time
from pathlib import Path
from pdo.api import explaining, previewing
from pdo.api.project import open_project, open_settings
from pdo.core.calendar import parse_moment
settings = open_settings(Path({str(root)!r}))
opened, now = open_project(settings, actor="bench"), parse_moment({NEXT!r}, settings.timezone)
begun = time.perf_counter()
evaluate = previewing.evaluate
def evaluated(*arguments):
    outcome = evaluate(*arguments)
    outcome.how_many("matched")
    print(time.perf_counter() - begun, flush=True)
    return outcome
previewing.evaluate = evaluated
{call}
print(time.perf_counter() - begun)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    seconds = float(done.stdout.split()[0])
    return Taken(seconds, seconds, 0)


def digest(database: Path) -> str:
    """The number and the digest of the tag rows that hold, as the script by hand prints them."""
    query = """
        SELECT customer.key, label.name FROM assignment JOIN label ON label.id = label_id
        JOIN customer ON customer.id = customer_id WHERE until IS NULL AND kind = 'tag' ORDER BY 1, 2
    """
    found, count = hashlib.sha256(), 0
    with closing(sqlite3.connect(database)) as connection:
        for key, name in connection.execute(query):
            found.update(f"{key}\t{name}\n".encode())
            count += 1
    return f"open tag rows {count} digest {found.hexdigest()[:16]}"


def thousand(rules: str) -> str:
    """A thousand rules that give as many rows in all: each of the 200 in five, by ranges of points."""
    head, listed = rules.split("tags:\n")
    made = [f"{head}tags:\n"]
    for line in listed.splitlines():
        name, _, rest = line.strip().partition(": ")
        group, _, condition = rest.partition(", when: ")
        for part in range(5):
            points = f"{{points: {2000 * part}..{2000 * part + 1999}}}"
            made.append(f"  {name}之{part}: {group}, when: {{all: [{condition.removesuffix('}')}, {points}]}}}}\n")
    return "".join(made)


def bring(root: Path, data: Path, *, day_two: bool = False) -> None:
    """Import the first day's files into a project, or the second day's."""
    kinds = ("orders", "items", "events") if day_two else ("products", "customers", "orders", "items", "events")
    for kind in kinds:
        name = f"{kind}_day2.csv" if day_two else f"{kind}.csv"
        measure([*PDO, "import", kind, str(data / name), "--project", str(root)])


def by_hand(folder: Path, data: Path, database: Path, mode: str) -> tuple[float, str]:
    """Seconds of the script by hand without its import, and the rows it has then."""
    log = database.with_suffix(f".{mode}.log")
    measure([sys.executable, str(folder / "baseline.py"), str(data), str(database), mode], log)
    lines = log.read_text(encoding="utf-8").splitlines()
    phases = [line.split() for line in lines[:-1] if not line.startswith("import ")]
    return sum(float(phase[-2]) for phase in phases), lines[-1]


def once(folder: Path, data: Path, work_folder: Path, rules: str, *, more: bool, alone: bool) -> dict[str, Taken]:
    """Every step once.

    Args:
        folder: of the bench.
        data: the files.
        work_folder: for the stores.
        rules: the playbook.
        more: with the night of a thousand rules.
        alone: without the script by hand and the floor.

    Raises:
        SystemExit: the rows differ from those of the script by hand.
    """
    root, hand = work_folder / "shop", work_folder / "hand.db"
    shutil.rmtree(root, ignore_errors=True)
    hand.unlink(missing_ok=True)
    database = root / "pdo.db"
    found: dict[str, Taken] = {}

    def pdo(*arguments: str, as_of: str = "") -> Taken:
        when = ["--as-of", as_of] if as_of else []
        return measure([*PDO, *arguments, *when, "--project", str(root)])

    def beside(what: str, mode: str, run_id: int) -> None:
        if alone:
            return
        seconds, rows = by_hand(folder, data, hand, mode)
        found[f"{what}, by hand"] = Taken(seconds, seconds, 0)
        found[f"{what}, floor"] = floor(database, run_id)
        if (ours := digest(database)) != rows:
            raise SystemExit(f"bench: {what}: pdo has {ours}, by hand {rows}")

    fresh_project(root, rules)
    bring(root, data)
    found["first run"] = pdo("run", as_of=FIRST)
    beside("first run", "first", 1)
    bring(root, data, day_two=True)
    found["plan of the night"] = pdo("plan", as_of=NEXT)
    found["night"] = pdo("run", as_of=NEXT)
    found["the same again"] = pdo("run", as_of=NEXT)
    beside("night", "night", 2)
    found["explain"] = pdo("explain", "C00000017")
    found["explain, inside"] = inside(root, "explaining.explain(opened, 'C00000017', kind=None, name=None, as_of=None)")
    for what, condition in COUNTED.items():
        found[what] = pdo("count", condition, as_of=NEXT)
        found[f"{what}, inside"] = inside(root, f"previewing.count(opened, {condition!r}, channel='wecom', as_of=now)")
    (root / "playbooks" / "list.yaml").write_text(EVERYBODY, encoding="utf-8")
    pdo("run", as_of=LATER)
    found["export of nobody"] = pdo("segment", "export", "无人")
    found["export of everybody"] = pdo("segment", "export", "全员")
    if more:
        hand.unlink(missing_ok=True)
        shutil.rmtree(root)
        fresh_project(root, thousand(rules))
        bring(root, data)
        pdo("run", as_of=FIRST)
        bring(root, data, day_two=True)
        found["night of 1,000 rules"] = pdo("run", as_of=NEXT)
    return found


@dataclass(frozen=True)
class Promise:
    """Something promised, with what was measured and its bound.

    Args:
        most: whether the bound is the most that it may be; otherwise the least.
    """

    what: str
    measured: float
    bound: float
    most: bool = True

    def __str__(self) -> str:
        """A row of the table."""
        holds = self.measured <= self.bound if self.most else self.measured >= self.bound
        sign, verdict = "≤" if self.most else "≥", "holds" if holds else "missed"
        return f"| {self.what} | {self.measured:,.2f} | {sign} {self.bound:,.2f} | {verdict} |"


def promises(found: dict[str, Taken], third: dict[str, Taken], customers: int) -> list[Promise]:
    """What issue and pages promise of a night, as measured."""

    def ratio(one: str, other: str) -> float:
        return found[one].seconds / found[other].seconds

    told = []
    if "night, by hand" in found:
        told += [
            Promise("first run: times as fast as by hand", ratio("first run, by hand", "first run"), 1.7, most=False),
            Promise("first run: of the floor", ratio("first run", "first run, floor"), 1.5),
            Promise("night: times as fast as by hand", ratio("night, by hand", "night"), 3, most=False),
            Promise("night: of the floor", ratio("night", "night, floor"), 2),
        ]
    writing = found["export of everybody"].seconds - found["export of nobody"].seconds
    told += [
        Promise("night: peak MiB", found["night"].peak_mib, 2048),
        Promise("plan: of the night", ratio("plan of the night", "night"), 1),
        Promise("the same again: seconds", found["the same again"].seconds, 1),
        Promise("explain of one customer, 200 rules: seconds, libraries loaded", found["explain, inside"].seconds, 1),
        Promise(
            "segment export: rows a second, start-up and reading left out", customers / writing, 600_000, most=False
        ),
    ]
    told += [
        Promise(f"{what}: seconds of the condition, libraries loaded", found[f"{what}, inside"].seconds, 3)
        for what in COUNTED
    ]
    if "night of 1,000 rules" in found:
        told.append(Promise("1,000 rules: of the night", ratio("night of 1,000 rules", "night"), 2.5))
    told += [
        Promise(f"{what}, 3 × the customers: times as long", found[what].seconds / third[what].seconds, 3.3)
        for what in ("first run", "night")
        if third
    ]
    return told


def report(found: dict[str, Taken], third: dict[str, Taken], customers: int, repeats: int) -> str:
    """The tables, in Markdown."""
    what = f"{customers:,} customers, {5 * customers:,} orders, {10 * customers:,} items, {3 * customers:,} events, 200 rules"
    head = [
        measured_on(what, repeats),
        "",
        "| step | seconds | processor s | peak MiB | by hand s | times as fast | floor s | of the floor |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    rows = []
    for what, one in found.items():
        if what.endswith((", by hand", ", floor", ", inside")):
            continue
        cells = [f"{one.seconds:.2f}", f"{one.processor:.2f}", f"{one.peak_mib:,.0f}"]
        if f"{what}, floor" in found:
            hand, least = found[f"{what}, by hand"].seconds, found[f"{what}, floor"].seconds
            cells += [f"{hand:.2f}", f"{hand / one.seconds:.2f}", f"{least:.2f}", f"{one.seconds / least:.2f}"]
        else:
            cells += [""] * 4
        rows.append(f"| {what} | {' | '.join(cells)} |")
    usual = [] if customers == MILLION else ["", "Bounds in seconds and MiB are those of a million customers."]
    kept = [*usual, "", "| promise | measured | bound | |", "| --- | ---: | ---: | --- |"]
    return "\n".join([*head, *rows, *kept, *map(str, promises(found, third, customers))])


def main() -> None:
    """Generate, measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=usual_size())
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--thousand", action="store_true", help="also a night of a thousand rules")
    parser.add_argument("--third", action="store_true", help="also with a third of the customers")
    parser.add_argument("--alone", action="store_true", help="without the script by hand and the floor")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    folder = generator()
    rules = subprocess.run(
        [sys.executable, str(folder / "rules.py")], capture_output=True, text=True, check=True
    ).stdout

    def rounds(customers: int, *, more: bool) -> dict[str, Taken]:
        with tempfile.TemporaryDirectory(prefix="pdo-bench-") as name:
            data = Path(name) / "data"
            generate(customers, data)
            taken = [
                once(folder, data, Path(name), rules, more=more, alone=options.alone) for _ in range(options.repeat)
            ]
        return {what: median([one[what] for one in taken]) for what in taken[0]}

    third = rounds(options.customers // 3, more=False) if options.third else {}
    text = report(rounds(options.customers, more=options.thousand), third, options.customers, options.repeat)
    sys.stdout.write(text + "\n")
    if options.write:
        keep("night", text)


if __name__ == "__main__":
    main()
