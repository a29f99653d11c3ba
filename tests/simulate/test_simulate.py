"""Some days of the simulated year, and a checker that sees what is spoilt; `make simulate` works all of it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.simulate.checker import Least, check
from tests.simulate.driver import Driver

pytestmark = pytest.mark.slow
LET_THROUGH = (
    "UPDATE message SET status = 'exported', reason = NULL, text = 'x', planned_at = {noon} WHERE id IN ({one})"
)
NOON = "unixepoch(planned_on) + 4 * 3600"
WITHHELD = (
    "SELECT m.id FROM message m JOIN batch b ON b.id = m.batch_id "
    "WHERE b.status = 'exported' AND reason {which} ORDER BY m.id DESC LIMIT 50"
)
SPOILT = {
    "made against consent": LET_THROUGH.format(noon=NOON, one=WITHHELD.format(which="= 'not_friend'")),
    "left against consent": LET_THROUGH.format(noon=NOON, one=WITHHELD.format(which="= 'no_consent'")),
    "over a cap": LET_THROUGH.format(noon=NOON, one=WITHHELD.format(which="LIKE 'cap:%'")),
    "to control people": LET_THROUGH.format(noon=NOON, one=WITHHELD.format(which="= 'control'")),
    "in quiet hours": "UPDATE message SET planned_at = planned_at + 43200 WHERE text <> ''",
    "twice by key": "DROP INDEX ix_message_once; INSERT INTO message SELECT 1000000 + {columns} FROM message",
    "codes twice": "UPDATE message SET text = text || 'RC000001' WHERE status = 'exported'",
    "messages in the wrong state": "UPDATE message SET status = 'planned' WHERE status = 'exported'",
    "files that differ from the store": "UPDATE message SET text = text || '!' WHERE status = 'exported'",
    "sent by hand but on no sheet": "UPDATE task SET key = key || '?'",
    "store is sound": "DELETE FROM customer WHERE id = (SELECT customer_id FROM message LIMIT 1)",
}
"""What the checker says → what makes it so."""


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that was open for some days; nobody changes it."""
    root = tmp_path_factory.mktemp("simulate") / "shop"
    Driver(root, seed=8, days=20, customers=300, crashes=6).work()
    return root


def test_some_days_of_a_shop_with_crashes(worked: Path) -> None:
    found = check(worked)
    assert found.wrong == []
    assert found.missing(Least(messages=1000, reason=0, cap=0, crashes=3)) == []


@pytest.mark.parametrize("what", SPOILT)
def test_the_checker_sees_what_is_spoilt(worked: Path, what: str, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    shutil.copytree(worked, root)
    with closing(sqlite3.connect(root / "pdo.db")) as store:
        columns = ", ".join(row[1] for row in store.execute("PRAGMA table_info(message)"))
        store.executescript(SPOILT[what].replace("{columns}", columns))
    assert check(root).counts[what] > 0
