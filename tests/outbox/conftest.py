"""A shop that writes to its customers: run day by day through the command line, looked at in the store."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.inside import Shop

SETTINGS = "timezone: Asia/Shanghai\nlanguage: zh\ndatabase: pdo.db\n"
COLLEAGUES = ("s1", "s2", "boss")
"""Of the store m1, whose manager is the last."""
MONDAY = "2026-03-02T10:00"


@dataclass(frozen=True)
class Sender(Shop):
    """A project that sends."""

    def playbook(self, text: str) -> None:
        """What its playbook says from now on."""
        self.write("playbooks/p.yaml", f"version: 1\nplaybook: p\n{text}")

    def bring(self, kind: str, text: str) -> None:
        """Import a file."""
        self.pdo("import", kind, str(self.write(f"data/{kind}.csv", text)))

    def people(self, *rows: str) -> None:
        """Customers as a file would bring them, the store and the colleagues they name; straight into the tables."""
        connection = sqlite3.connect(self.root / "pdo.db")
        for number, key in enumerate(COLLEAGUES, 1):
            colleague = (number, key, 1)
            connection.execute(
                "INSERT INTO staff (id, key, store_id, row_hash, import_id) VALUES (?, ?, ?, 0, 0)", colleague
            )
        connection.execute("INSERT INTO store (id, key, manager_id, row_hash, import_id) VALUES (1, 'm1', 3, 0, 0)")
        for number, row in enumerate(rows, 1):
            key, name, phone, city, owner, store, friend, sms = row.split(",")
            seed = hashlib.sha256(key.encode()).hexdigest()[:16]
            staff = COLLEAGUES.index(owner) + 1 if owner else None
            values = (number, key, seed, name or None, phone or None, city or None, staff, 1 if store else None)
            columns = "id, key, seed, name, phone, city, owner_id, store_id, is_friend, row_hash, import_id"
            statement = f"INSERT INTO customer ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)"
            connection.execute(statement, (*values, {"是": 1, "否": 0}.get(friend)))
            connection.execute("INSERT INTO identity (kind, value, customer_id) VALUES ('own', ?, ?)", (key, number))
            if sms:
                given = (number, 1 if sms == "是" else None, None if sms == "是" else 1)
                columns = "customer_id, channel, given_at, withdrawn_at, row_hash, import_id"
                connection.execute(f"INSERT INTO consent ({columns}) VALUES (?, 'sms', ?, ?, 0, 0)", given)
        connection.commit()
        connection.close()

    def run(self, as_of: str = MONDAY) -> None:
        """A run of that moment."""
        self.pdo("run", "--as-of", as_of)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the store."""
        connection = sqlite3.connect(self.root / "pdo.db")
        found = connection.execute(query, values).fetchall()
        connection.close()
        return found

    def texts(self, campaign: str, day: str = "2026-03-02") -> dict[str, str]:
        """Whom a campaign writes to on a day, and what."""
        query = "SELECT customer, text FROM v_message WHERE campaign = ? AND planned_on = ? AND status IN ('planned', 'exported')"
        return dict(self.rows(f"{query} ORDER BY customer", campaign, day))

    def reasons(self, campaign: str, day: str = "2026-03-02") -> dict[str, str]:
        """Whom it does not write to, and why."""
        query = "SELECT customer, reason FROM v_message WHERE campaign = ? AND planned_on = ? AND status = 'withheld'"
        return dict(self.rows(f"{query} ORDER BY customer", campaign, day))

    def approve_all(self) -> None:
        """Approve every draft."""
        for (number,) in self.rows("SELECT id FROM batch WHERE status = 'draft'"):
            self.pdo("batch", "approve", str(number))


@pytest.fixture
def shop(tmp_path: Path, empty_store: Path) -> Sender:
    """A project without customers."""
    found = Sender(tmp_path / "shop")
    found.write("pdo.yaml", SETTINGS)
    shutil.copy(empty_store, found.root / "pdo.db")
    return found
