"""A run that writes to everybody beside a plain Jinja2 loop over the same texts.

    python bench/outreach.py [--customers N]

Ours reads the store, passes the gate, renders, and writes the rows of the outbox with their unique key, in one process from its
start to its end. The loop reads the same names out of the same store and renders; it passes no gate and writes nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
import sys
import tempfile
from pathlib import Path

from measuring import PDO, fresh_project, measure, usual_size

MOST_MIB = 2048
TEXT = (
    "{{ name | default('您') }}，{{ city | default('本地') }}门店到了新货，"
    "您有 {{ points | default('0') }} 积分可用，来看看吧。"
)
PLAYBOOK = f"""\
version: 1
playbook: bench
policy:
  quiet_hours: 21:00..09:00
  caps: [{{channel: any, max: 1, per: 1d}}, {{channel: one_to_one, max: 3, per: 7d}}]
campaigns:
  问候: {{to: everyone, channel: one_to_one, control: 1%, text: "{TEXT}"}}
"""
LOOP = """
import sqlite3, sys
from jinja2 import Environment
template = Environment().from_string(sys.argv[2])
rows = sqlite3.connect(sys.argv[1]).execute("SELECT name, city, points FROM customer")
count = 0
for name, city, points in rows:
    values = {"name": name, "city": city, "points": points}
    count += len(template.render({key: value for key, value in values.items() if value is not None})) > 0
print(count)
"""


def customer(number: int) -> tuple[object, ...]:
    """A row of the table."""
    key = f"c{number:08d}"
    seed = hashlib.sha256(key.encode()).hexdigest()[:16]
    city = "北京" if number % 3 else None
    return (number, key, seed, f"客户{number}", f"13{number:09d}", city, number % 5000, 1 + number % 500)


def store(root: Path, customers: int) -> None:
    """A project with so many customers, a third of them without a city, each with a guide."""
    fresh_project(root, PLAYBOOK)
    connection = sqlite3.connect(root / "pdo.db")
    connection.executemany(
        "INSERT INTO staff (id, key, row_hash, import_id) VALUES (?, ?, 0, 0)", [(n, f"s{n}") for n in range(1, 501)]
    )
    columns = "id, key, seed, name, phone, city, points, owner_id, is_friend, row_hash, import_id"
    connection.executemany(
        f"INSERT INTO customer ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 0)",
        (customer(number) for number in range(1, customers + 1)),
    )
    connection.commit()
    connection.close()


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=usual_size())
    customers = parser.parse_args().customers
    with tempfile.TemporaryDirectory(prefix="pdo-bench-") as name:
        root = Path(name) / "shop"
        store(root, customers)
        loop = measure([sys.executable, "-c", LOOP, str(root / "pdo.db"), TEXT])
        run = measure([*PDO, "run", "--as-of", "2026-03-02T10:00", "--project", str(root)])
        made = sqlite3.connect(root / "pdo.db").execute("SELECT count(*) FROM message").fetchone()[0]
    if made != customers:
        raise SystemExit(f"bench: {made} messages of {customers} customers")
    print(f"a message to each of {customers:,} customers      seconds  processor  peak MiB")
    for name, one in (("pdo run", run), ("plain Jinja2 loop, no gate, not written", loop)):
        print(f"{name:44}  {one.seconds:9.1f}  {one.processor:9.1f}  {one.peak_mib:8.0f}")
    holds = run.seconds <= loop.seconds and run.peak_mib <= MOST_MIB
    print(f"as fast as the loop, in {MOST_MIB:,} MiB: {'holds' if holds else 'missed'}")


if __name__ == "__main__":
    main()
