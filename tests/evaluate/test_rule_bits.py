"""What customers have by rule is kept as bits beside the assignments: whatever is written, they never say anything else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from pdo.store.rule_bits import BITS
from tests.cli.inside import Shop, call

PLAYBOOK = """\
version: 1
playbook: 位
tags:
  近来买过: {group: 行为, when: {orders: {within: 3d}}}
  大客户: {group: 价值, when: {orders: {amount: 300.., count: 2..}}}
  限时: {group: 行为, expires: 2d, when: {orders: {within: 5d}}}
  留下: {group: 行为, keep: true, when: {orders: {amount: 200.., within: 1d}}}
  城市: {group: 城市, from: city}
lifecycles:
  阶段:
    stages: [新, 活跃]
    initial: 新
    transitions: [{from: 新, to: 活跃, when: {orders: {within: 2d}}}]
segments:
  在册: {when: {any: [{tag: 大客户}, {stage: 活跃}]}}
"""
MANY_MORE = "".join(
    f"  花费{number}: {{group: 价值, when: {{orders: {{amount: {10 * number}..}}}}}}\n" for number in range(70)
)
FIRST = date(2026, 1, 1)
CUSTOMERS = 8


def _shop(root: Path) -> Shop:
    root.mkdir()
    shop = Shop(root)
    shop.write("pdo.yaml", "timezone: Asia/Shanghai\nlanguage: zh\n")
    shop.write("playbooks/位.yaml", PLAYBOOK)
    assert call("init", str(root)).returncode == 0
    rows = "".join(f"c{number},{'上海' if number % 2 else '北京'}\n" for number in range(CUSTOMERS))
    shop.pdo("import", "customers", str(shop.write("customers.csv", "customer_id,city\n" + rows)))
    return shop


def _night(shop: Shop, place: int) -> None:
    """A day, and the run of it."""
    _day(shop, place)
    _run(shop, place)


def _run(shop: Shop, place: int) -> None:
    shop.pdo("run", "--as-of", f"{FIRST + timedelta(days=place)} 23:59:59", "--override-guard", "试验")


def _day(shop: Shop, place: int) -> None:
    """A day's orders and, on some days, what hands do and how the rules change."""
    chance, day = Random(place), FIRST + timedelta(days=place)
    rows = "".join(
        f"o{place}-{number},c{chance.randrange(CUSTOMERS)},{day} 09:30:00,{chance.choice((50, 150, 300))}\n"
        for number in range(chance.randrange(4))
    )
    if rows:
        shop.pdo("import", "orders", str(shop.write("orders.csv", "order_id,customer_id,paid_at,paid\n" + rows)))
    if place % 4 == 1:
        shop.pdo("tag", "set", f"c{place % CUSTOMERS}", "大客户", "--as-of", str(day))
    if place % 4 == 2:
        shop.pdo("tag", "remove", f"c{(place - 1) % CUSTOMERS}", "大客户", "--as-of", str(day))
    if place % 4 == 3:
        shop.pdo("import", "customers", str(shop.write("moved.csv", f"customer_id,city\nc{place % CUSTOMERS},杭州\n")))
    if place == 4:
        shop.write("playbooks/位.yaml", PLAYBOOK.replace("lifecycles:", MANY_MORE + "lifecycles:"))
    if place == 6:
        shop.write("playbooks/位.yaml", PLAYBOOK)


def _connect(shop: Shop) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(shop.root / "pdo.db"))


def _held(shop: Shop) -> set[tuple[int, int]]:
    """(customer, label) by the assignments."""
    query = """
        SELECT customer_id, label_id FROM assignment JOIN label ON label.id = label_id
        WHERE source = 'rule' AND until IS NULL AND kind <> 'stage'
    """
    with _connect(shop) as connection:
        return set(connection.execute(query))


def _bits(shop: Shop) -> set[tuple[int, int]]:
    """(customer, label) by the bits."""
    found = set()
    with _connect(shop) as connection:
        for customer, bits in connection.execute("SELECT customer_id, bits FROM rule_bits"):
            for word in range(len(bits) // 8):
                value = int.from_bytes(bits[word * 8 : word * 8 + 8], "little")
                found |= {(customer, word * BITS + bit) for bit in range(BITS) if value >> bit & 1}
    return found


def _unsure(shop: Shop) -> list[int]:
    with _connect(shop) as connection:
        return [row[0] for row in connection.execute("SELECT customer_id FROM rule_bits_stale")]


def _forget(shop: Shop) -> None:
    """Make the next run read rows."""
    with _connect(shop) as connection, connection:
        connection.execute("INSERT INTO rule_bits_stale VALUES (0)")


def _labels(shop: Shop) -> list[tuple[object, ...]]:
    query = (
        "SELECT label_id, customer_id, source, since, run_id, until, until_run_id FROM assignment ORDER BY 1, 2, 3, 4"
    )
    with _connect(shop) as connection:
        return list(connection.execute(query))


def _check_nights(root: Path, nights: Iterable[int]) -> None:
    """Each night by bits and, in a copy, by rows: the same assignments, and the bits are the rows."""
    by_bits = by_rows = _shop(root / "bits")
    for place in nights:
        _day(by_bits, place)
        by_rows = Shop(by_bits.copy(root / f"rows{place}").root)
        if place:  # before the first night there are no bits
            _forget(by_rows)
        _run(by_bits, place)
        _run(by_rows, place)
        assert _labels(by_bits) == _labels(by_rows)
        assert _bits(by_bits) == _bits(by_rows) == _held(by_bits)
        assert not _unsure(by_bits)
    assert {row[0] for row in _bits(by_bits)}
    assert by_bits.state() == by_rows.state()


@pytest.mark.slow
def test_a_week_of_nights_by_bits_is_the_week_by_rows(tmp_path: Path) -> None:
    """With tags set and taken off by hand, rules that come and go; in the month customers move, too."""
    _check_nights(tmp_path, (0, 1, 2, 4, 6))


@pytest.mark.slow
def test_a_month_of_nights_by_bits_is_the_month_by_rows(tmp_path: Path) -> None:
    _check_nights(tmp_path, range(31))


@pytest.mark.slow
def test_who_writes_assignments_need_not_know_of_the_bits(tmp_path: Path) -> None:
    """Whatever changes a row of a rule's, even behind the program's back, the next run reads that customer's rows."""
    shop = _shop(tmp_path / "shop")
    _night(shop, 0)
    _night(shop, 1)
    with _connect(shop) as connection, connection:
        label, customer = connection.execute(
            "SELECT label_id, customer_id FROM assignment JOIN label ON label.id = label_id "
            "WHERE source = 'rule' AND until IS NULL AND scope = '城市' ORDER BY 2 LIMIT 1"
        ).fetchone()
        connection.execute("DELETE FROM assignment WHERE label_id = ? AND customer_id = ?", (label, customer))
    assert _unsure(shop) == [customer]
    assert (customer, label) in _bits(shop)
    shop.pdo("run", "--as-of", f"{FIRST + timedelta(days=2)} 23:59:59")
    assert (customer, label) in _held(shop)
    assert _bits(shop) == _held(shop)
    assert not _unsure(shop)


@pytest.mark.slow
def test_a_run_that_is_taken_back_takes_its_bits_with_it(tmp_path: Path) -> None:
    shop = _shop(tmp_path / "shop")
    _night(shop, 0)
    _night(shop, 1)
    before = _held(shop)
    _night(shop, 2)
    shop.pdo("runs", "undo")
    assert _held(shop) == before
    _night(shop, 2)
    assert _bits(shop) == _held(shop)


def test_bits_that_went_wrong_are_made_anew_after_a_repair(tmp_path: Path) -> None:
    shop = _shop(tmp_path / "shop")
    _night(shop, 0)
    with _connect(shop) as connection, connection:
        connection.execute("UPDATE rule_bits SET bits = zeroblob(length(bits))")
    assert _bits(shop) != _held(shop)
    shop.pdo("db", "check", "--repair")
    shop.pdo("run", "--as-of", f"{FIRST} 23:59:59")
    assert _bits(shop) == _held(shop)
