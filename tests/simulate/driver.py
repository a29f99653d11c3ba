"""Works the shop day by day through the program's command line, and kills it now and then."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from tests.cli.inside import Shop, call
from tests.simulate.playbook import EDITS, RECIPES, SETTINGS, Said, playbook
from tests.simulate.shop import Files, Ledger, Town, csv_text
from tests.support.project import ENVIRONMENT
from tests.support.workbooks import write_workbook

FIRST = date(2025, 1, 1)
KINDS = {
    "stores": 1,
    "staff": 1,
    "chats": 1,
    "customers": 2,
    "members": 5,
    "consents": 2,
    "orders": 2,
    "events": 3,
    "coupons": 1,
}
"""Kind → every how many days its file comes, in the order in which they are brought."""
MANY = 3000
"""So many customers are too many to write to all of them."""
HANDS = ("one_to_one", "call")
RESULTS = ("已回复", "没联系上", "已完成")


@dataclass
class Driver:
    """A shop at work.

    Args:
        root: the project's folder, which must not exist.
        crashes: how many commands are killed at most, spread over the days.
    """

    root: Path
    seed: int
    days: int
    customers: int
    crashes: int
    killed: int = 0

    def __post_init__(self) -> None:
        self.shop = Shop(self.root)
        self.town = Town(self.seed, self.customers, FIRST)
        self.chance = random.Random(self.seed + 1)
        # Of its own, for how often it is asked hangs on how fast the machine is.
        self.doom = random.Random(self.seed + 2)
        self.said = Said()
        self.lasts: dict[str, float] = {}
        self.sheets: list[Path] = []
        self.files = Files()

    def work(self) -> None:
        """From the first day to the last."""
        self.shop.write("pdo.yaml", SETTINGS)
        assert call("init", str(self.root)).returncode == 0
        self.shop.write("contents/食谱.csv", RECIPES)
        self.ledger = Ledger(self.root / "ledger.jsonl")
        self._edit(self.said)
        self.town.open(self.files)
        self._bring(0)
        for number in range(self.days):
            # Nobody switched the machine on: what was due in these days is late.
            if number % 15 in (10, 11):
                continue
            self._day(number, FIRST + timedelta(days=number))

    def _day(self, number: int, today: date) -> None:
        self.town.day(self.files, today)
        self._bring(number)
        for what, key, channel in self.town.blocks():
            self.shop.pdo("block", what, key, "--channel", channel)
            self.ledger.note("block", customer=key, channel=channel, is_on=what == "add")
        if number % 3 == 1:
            self._bring_sheets()
        if number % 12 == 11:
            self._edit(EDITS[number // 12 % len(EDITS)](self.said))
        hour = "21:30" if number % 9 == 5 else "08:30"
        self._run(today, hour)
        if number % 7 == 3:
            self._run(today, "21:45")
        self._decide(today)
        self._pdo("task", "export", "--date", today.isoformat())
        self.ledger.note("sheets", day=today.isoformat())
        self.sheets = sorted((self.root / "out" / today.isoformat() / "tasks").rglob("*.xlsx"))

    # What is done ---------------------------------------------------------------------------------------------------------

    def _pdo(self, *arguments: str) -> None:
        """A command that may be killed first; then it is called again, and must come to its end."""
        if self.killed < self.crashes and self.doom.random() < self.crashes / self.days / 4:
            self._kill(arguments)
        self.shop.pdo(*arguments)

    def _kill(self, arguments: tuple[str, ...]) -> None:
        """Start a command as a process of its own and kill it at some moment of its life."""
        name = arguments[0]
        began = time.monotonic()
        command = [sys.executable, "-m", "pdo", *arguments, "--project", str(self.root)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        try:
            process.wait(timeout=self.lasts.get(name, 2.0) * self.doom.uniform(0.3, 1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            self.killed += 1
            self.ledger.note("crash", command=name)
        else:
            self.lasts[name] = time.monotonic() - began

    def _bring(self, day: int) -> None:
        for kind, every in KINDS.items():
            if kind in self.files.rows and day % every == 0:
                path = self.shop.write(f"in/{day:03d}-{kind}.csv", csv_text(self.files.rows.pop(kind)))
                self._pdo("import", kind, str(path))
                for line, told in self.files.told.pop(kind, ()):
                    self.ledger.note(line, **told)

    def _edit(self, said: Said) -> None:
        self.said = said
        self.shop.write("playbooks/p.yaml", playbook(said, 10 if self.customers < MANY else 1))
        self.ledger.note("policy", **said.policy())

    def _run(self, today: date, hour: str) -> None:
        self._pdo("run", "--as-of", f"{today} {hour}")
        self.ledger.note("run", as_of=f"{today}T{hour}:00+08:00")

    def _decide(self, today: date) -> None:
        """Some batches are approved, some are not, some are cancelled; most of those that may leave do."""
        for batch, status in self._batches(today):
            if status == "draft" and self.chance.random() < 0.85:
                self.shop.pdo("batch", "approve", str(batch))
            elif self.chance.random() < 0.05:
                self.shop.pdo("batch", "cancel", str(batch))
        for batch, status in self._batches(today):
            if status == "approved" and self._channel(batch) not in HANDS and self.chance.random() < 0.9:
                self._pdo("batch", "export", str(batch), *(("--per-sender",) if batch % 3 == 0 else ()))
                self.ledger.note("export", batch=batch)

    def _batches(self, today: date) -> list[tuple[int, str]]:
        return self._rows(
            "SELECT id, status FROM batch WHERE status IN ('draft', 'approved') AND expires_on >= ? ORDER BY id",
            today.isoformat(),
        )

    def _channel(self, batch: int) -> str:
        return str(self._rows("SELECT channel FROM batch WHERE id = ?", batch)[0][0])

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.root / "pdo.db")) as store:
            return store.execute(query, values).fetchall()

    def _bring_sheets(self) -> None:
        """Some colleagues have filled in what they were given the day before."""
        filled = self.chance.sample(self.sheets, k=min(2, len(self.sheets)))
        for path in filled:
            self._fill(path)
        if filled:
            self._pdo("import", "tasks", *map(str, filled))

    def _fill(self, path: Path) -> None:
        book = CalamineWorkbook.from_path(path)
        sheets = {
            name: [list(map(str, row)) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names
        }
        head, *rows = sheets["今天的任务"]
        for row in rows:
            if self.chance.random() < 0.8:
                row[head.index("结果 ▼")] = self.chance.choice(RESULTS)
        write_workbook(path, {name: rows for name, rows in sheets.items() if rows})
