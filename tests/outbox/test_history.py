"""What is written of a run's messages, and what the next run reads of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from pdo.outbox.history import read_history
from pdo.outbox.planning import plan_messages
from pdo.outbox.writing import write_batches
from pdo.store import schema
from pdo.store.door import open_door
from pdo.store.tables import Batch, Message
from tests.outbox.conftest import TODAY, campaign, candidates, cap, days, project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with two customers and a run."""
    found = tmp_path / "pdo.db"
    assert schema.create(found)
    with sqlite3.connect(found) as connection:
        connection.executemany(
            "INSERT INTO customer (id, key, seed, row_hash, import_id) VALUES (?, ?, ?, 0, 0)",
            [(1, "a", "a"), (2, "b", "b")],
        )
        connection.execute(
            "INSERT INTO run (id, as_of, started_at, actor, playbooks, changes, counts) VALUES (1, 0, 0, '', '{}', 0, '')"
        )
    connection.close()
    return found


PLAYBOOK = project(campaign("上新"), campaign("回访", priority=1), caps=(cap("any", 1, days(1)),))
EVERYBODY = candidates(a={}, b={})


def write(path: Path, today: int = TODAY) -> dict[str, tuple[int, int]]:
    """Plan and write the messages of a day: campaign → made, withheld."""
    with open_door(path, write=True) as door:
        meant = {"上新": EVERYBODY, "回访": EVERYBODY[:1]}
        batches = plan_messages(PLAYBOOK, meant, read_history(door, today), today)
        write_batches(door, batches, run_id=1, at=5, actor="test")
        return {one.campaign: (len(one.messages), len(one.withheld)) for one in batches}


def set_status(path: Path, campaign_name: str, status: str) -> None:
    """Put the batches of a campaign in a state."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE batch SET status = ? WHERE campaign = ?", (status, campaign_name))
    connection.close()


def test_messages_are_kept_with_why_they_were_held_back(path: Path) -> None:
    assert write(path) == {"回访": (1, 0), "上新": (1, 1)}
    with open_door(path, write=False) as door:
        query = select(col(Message.campaign), col(Message.customer_id), col(Message.status), col(Message.reason))
        found = [tuple(row) for row in door.rows(query.order_by(col(Message.campaign), col(Message.customer_id)))]
        states = {tuple(row) for row in door.rows(select(col(Batch.status), col(Batch.planned_on)))}
    assert found == [
        ("上新", 1, "withheld", "cap:any:1/1d"),
        ("上新", 2, "planned", None),
        ("回访", 1, "planned", None),
    ]
    assert states == {("draft", "2026-03-02")}


def test_the_same_day_again_makes_nothing(path: Path) -> None:
    write(path)
    assert write(path) == {}


def test_whoever_was_held_back_is_asked_on_the_next_day(path: Path) -> None:
    write(path)
    set_status(path, "回访", "approved")
    set_status(path, "上新", "exported")
    assert write(path, TODAY + 1) == {"上新": (1, 0)}


@pytest.mark.parametrize(("status", "again"), [("draft", True), ("cancelled", True), ("approved", False)])
def test_a_draft_is_over_when_its_day_is(path: Path, status: str, again: bool) -> None:
    write(path)
    set_status(path, "回访", status)
    assert ("回访" in write(path, TODAY + 1)) is again
