"""The same run again has nothing to do and does not look; whatever could change its answer makes it look again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.inside import Shop, call

PLAYBOOK = """\
version: 1
playbook: 安
tags:
  买过: {group: 行为, when: {orders: {count: 1..}}}
  新客: {group: 价值, when: {orders: {count: 1..}}}
"""
ORDERS = "order_id,customer_id,paid_at,paid\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Two customers, one of whom bought; run once."""
    shop = Shop(tmp_path_factory.mktemp("settled") / "shop")
    shop.write("pdo.yaml", "timezone: Asia/Shanghai\nlanguage: zh\n")
    shop.write("playbooks/安.yaml", PLAYBOOK)
    assert call("init", str(shop.root)).returncode == 0
    shop.pdo("import", "customers", str(shop.write("c.csv", "customer_id\na\nb\n")))
    _order(shop, "a")
    assert _run(shop) == {"买过": 1, "新客": 1}
    return shop


@pytest.fixture
def shop(made: Shop, tmp_path: Path) -> Shop:
    """A copy of it to change."""
    return Shop(made.copy(tmp_path / "shop").root)


def _order(shop: Shop, customer: str) -> None:
    row = f"o-{customer},{customer},2026-01-01 09:00:00,100\n"
    shop.pdo("import", "orders", str(shop.write("o.csv", ORDERS + row)))


def _run(shop: Shop, as_of: str = "2026-01-02 09:00") -> dict[str, int]:
    """How many gained each tag."""
    tags = shop.data("run", "--as-of", as_of)["tags"]
    return {name: one["gained"] for name, one in tags.items() if one["gained"]}


def test_the_same_run_again_changes_nothing_and_is_noted(shop: Shop) -> None:
    first = shop.state()
    again = shop.data("run", "--as-of", "2026-01-02 09:00")
    assert again["total_changes"] == 0
    assert again["customers"] == 2
    assert again["run_id"] == 2
    assert shop.state() == first


def test_what_was_imported_is_looked_at(shop: Shop) -> None:
    _order(shop, "b")
    assert _run(shop) == {"买过": 1, "新客": 1}


def test_a_changed_rule_is_looked_at(shop: Shop) -> None:
    shop.write("playbooks/安.yaml", PLAYBOOK.replace("1..", "2.."))
    assert shop.data("run", "--as-of", "2026-01-02 09:00")["total_changes"] == 2


def test_what_was_written_to_the_store_is_looked_at(shop: Shop) -> None:
    with closing(sqlite3.connect(shop.root / "pdo.db")) as connection, connection:
        connection.execute("DELETE FROM assignment WHERE label_id = 1")
        connection.execute("UPDATE store_state SET serial = serial + 1")
    assert _run(shop) == {"买过": 1}


def test_a_run_taken_back_is_made_again(shop: Shop) -> None:
    shop.pdo("runs", "undo")
    assert _run(shop) == {"买过": 1, "新客": 1}


@pytest.mark.slow
def test_what_a_hand_did_is_looked_at(shop: Shop) -> None:
    """By the program's own counting: every transaction of it that writes moves the serial."""
    shop.pdo("tag", "set", "b", "买过", "--as-of", "2026-01-02 09:00")
    assert _run(shop) == {}
    _order(shop, "b")
    assert _run(shop, "2026-01-03 09:00") == {"买过": 1, "新客": 1}


def test_what_values_were_held_against_is_kept(shop: Shop) -> None:
    shop.write("playbooks/安.yaml", PLAYBOOK + "  爱买: {group: 价值, when: {orders: {amount: {above: average}}}}\n")
    for _ in range(2):
        shop.pdo("run", "--as-of", "2026-01-02 09:00")
    with closing(sqlite3.connect(shop.root / "pdo.db")) as store:
        found = store.execute("SELECT id, changes, thresholds FROM run ORDER BY id DESC LIMIT 2").fetchall()
    assert found[0][:2] == (3, 0)
    assert found[0][2] == found[1][2]
    assert found[0][2] is not None
