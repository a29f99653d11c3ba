"""Laws of a real store: imports and runs may be cut into pieces, and the past comes out as it was."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.cli.inside import Shop, call

pytestmark = pytest.mark.slow

PLAYBOOK = """\
version: 1
playbook: 规律
tags:
  近来买过: {group: 行为, when: {orders: {within: 7d}}}
  大客户: {group: 价值, when: {orders: {amount: 300.., count: 2..}}}
  常来: {group: 行为, when: {events: {type: 到店, within: 30d, days: 3..}}}
  沉默: {group: 行为, when: {orders: {last: 14d..}}}
  新近: {group: 行为, expires: 5d, when: {events: {type: 到店, within: 10d}}}
  领过: {group: 行为, keep: true, when: {events: {type: 领取试用装}}}
lifecycles:
  阶段:
    stages: [新, 活跃, 沉睡]
    initial: 新
    transitions:
      - {from: [新, 沉睡], to: 活跃, when: {orders: {within: 7d}}}
      - {from: 活跃, to: 沉睡, after: 10d, when: {orders: {within: 10d, count: 0}}}
segments:
  在册: {when: {any: [{tag: 大客户}, {tag: {is: 近来买过, for: 3d..}}, {stage: 沉睡}]}}
"""
FIRST = date(2026, 1, 1)
SETTINGS = "timezone: Asia/Shanghai\nlanguage: zh\n"
Rows = list[dict[str, str]]


def _table(rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _history(days: int) -> dict[date, dict[str, Rows]]:
    """What happened on each day; the same every time."""
    chance = Random(days)
    found: dict[date, dict[str, Rows]] = {}
    for place in range(days):
        day = FIRST + timedelta(days=place)
        orders = [
            {
                "order_id": f"o{day:%m%d}{number}",
                "customer_id": f"c{chance.randrange(6)}",
                "paid_at": f"{day} {chance.choice(('00:00:00', '09:30:00', '23:59:59'))}",
                "paid": str(chance.choice((0, 99, 150, 300))),
            }
            for number in range(chance.randrange(3))
        ]
        events = [
            {
                "event_id": f"e{day:%m%d}{number}",
                "customer_id": f"c{chance.randrange(6)}",
                "type": chance.choice(("到店", "到店", "领取试用装")),
                "occurred_at": f"{day} {chance.choice(('00:00:00', '12:00:00', '23:59:59'))}",
            }
            for number in range(chance.randrange(3))
        ]
        found[day] = {"orders": orders, "events": events}
    return found


def _shop(root: Path) -> Shop:
    root.mkdir()
    shop = Shop(root)
    shop.write("pdo.yaml", SETTINGS)
    shop.write("playbooks/规律.yaml", PLAYBOOK)
    assert call("init", str(root)).returncode == 0
    _import(shop, "customers", [{"customer_id": f"c{number}"} for number in range(6)])
    return shop


def _import(shop: Shop, kind: str, rows: Rows) -> None:
    if rows:
        shop.pdo("import", kind, str(shop.write(f"{kind}.csv", _table(rows))))


def _labels(shop: Shop) -> list[tuple[str, ...]]:
    """All that rules ever gave, and until when, by the names that people know."""
    query = """
        SELECT customer.key, label.kind, label.scope, label.name, since, ifnull(until, '')
        FROM assignment JOIN customer ON customer.id = customer_id JOIN label ON label.id = label_id
    """
    with closing(sqlite3.connect(shop.root / "pdo.db")) as connection:
        return sorted(tuple(map(str, row)) for row in connection.execute(query))


def _run(shop: Shop, day: date) -> None:
    shop.pdo("run", "--as-of", f"{day} 23:59:59")


def _whole(history: dict[date, dict[str, Rows]], kind: str) -> Rows:
    return [row for day in history.values() for row in day[kind]]


def _check_replay(root: Path, days: int) -> None:
    """All rows first and then day after day, or each day's rows when they came: the same labels at the same times."""
    history = _history(days)
    later, daily = _shop(root / "later"), _shop(root / "daily")
    for kind in ("orders", "events"):
        _import(later, kind, _whole(history, kind))
    for day, rows in history.items():
        for kind in ("orders", "events"):
            _import(daily, kind, rows[kind])
        _run(later, day)
        _run(daily, day)
    found = _labels(later)
    assert found == _labels(daily)
    assert {"tag", "stage", "segment"} <= {row[1] for row in found}


def test_the_past_replayed_is_the_days_as_they_were(tmp_path: Path) -> None:
    _check_replay(tmp_path, 5)


@pytest.mark.slow
def test_two_months_replayed_are_the_days_as_they_were(tmp_path: Path) -> None:
    _check_replay(tmp_path, 60)


@pytest.mark.slow
def test_two_months_at_one_go_are_the_days_one_by_one(tmp_path: Path) -> None:
    history = _history(60)
    whole, daily = _shop(tmp_path / "whole"), _shop(tmp_path / "daily")
    for shop in (whole, daily):
        for kind in ("orders", "events"):
            _import(shop, kind, _whole(history, kind))
    whole.pdo("run", "--from", f"{min(history)} 23:59:59", "--to", str(max(history)))
    for day in history:
        _run(daily, day)
    assert whole.state() == daily.state()
    assert _labels(whole)


def test_an_import_in_pieces_is_the_whole_import(tmp_path: Path) -> None:
    """In another order, and with what overlaps."""
    history = _history(20)
    whole, pieces = _shop(tmp_path / "whole"), _shop(tmp_path / "pieces")
    for kind in ("orders", "events"):
        rows = _whole(history, kind)
        middle = len(rows) // 2
        _import(whole, kind, rows)
        for piece in (rows[middle:], rows[: middle + 2], rows[-3:]):
            _import(pieces, kind, piece)
    day = FIRST + timedelta(days=20)
    for shop in (whole, pieces):
        _run(shop, day)
    assert _labels(whole) == _labels(pieces)


def test_two_runs_are_one_run(tmp_path: Path) -> None:
    shop = _shop(tmp_path / "shop")
    for kind in ("orders", "events"):
        _import(shop, kind, _whole(_history(20), kind))
    day = FIRST + timedelta(days=20)
    _run(shop, day)
    once = _labels(shop)
    _run(shop, day)
    assert once == _labels(shop)
    assert once
