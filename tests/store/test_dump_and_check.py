from __future__ import annotations

import json
import random
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import literal_column, update

from pdo.core.wording import say
from pdo.store.check import check
from pdo.store.door import open_door
from pdo.store.dump import NATURAL_KEYS, UNTOLD, dump_state, state_of
from pdo.store.tables import JOURNALS, METADATA

if TYPE_CHECKING:
    from collections.abc import Callable

Rows = dict[str, list[dict[str, Any]]]


def content() -> Rows:
    """A store, where what refers to another row names its place in the list of that table."""
    made: dict[str, Any] = {"row_hash": 1, "import_id": 1}
    return {
        "file_import": [
            {"kind": "orders", "path": "a.csv", "digest": "d", "encoding": "utf-8", "started_at": 1, "actor": "me"}
            | {"read": 3, "new": 1, "changed": 0, "same": 0, "duplicate": 0, "rejected": 1, "blank": 1}
        ],
        "reject": [{"import_id": 1, "line": 2, "code": "IM101"}, {"import_id": 1, "line": 2, "code": "IM102"}],
        "staff": [{"key": f"f{n}", "name": "李", **made} for n in range(3)],
        "store": [{"key": f"s{n}", "manager_id": n + 1, **made} for n in range(3)],
        "customer": [
            {
                "key": f"c{n}",
                "seed": f"{n}",
                "owner_id": 1 + n % 3,
                "store_id": 1 + n % 2,
                "birthday": "1990-02-28",
                **made,
            }
            for n in range(5)
        ],
        "identity": [{"kind": "own", "value": f"c{n}", "customer_id": n + 1} for n in range(5)]
        + [{"kind": "phone", "value": "13800138000", "customer_id": n + 1} for n in range(2)],
        "product": [{"key": f"p{n}", "price": 100 * n, **made} for n in range(3)],
        "sales_order": [
            {"key": f"o{n}", "customer_id": 1 + n % 5 if n else None, "paid": 990, "paid_at": 1_000_000 + n, **made}
            for n in range(6)
        ],
        "order_item": [
            {"order_id": n + 1, "line": f"{line}", "product_id": line + 1, "quantity": 1_500, **made}
            for n in range(6)
            for line in range(2)
        ],
        "event": [{"key": "e", "customer_id": 1, "type": "visit", "occurred_at": 5, **made}],
        "channel": [{"key": f"n{n}", "kind": "付费", "staff_id": 1, **made} for n in range(2)],
        "spend": [{"channel_id": 1 + n, "spent_on": "2026-01-05", "item": "", "amount": 990, **made} for n in range(2)],
        "chat": [{"key": f"g{n}", "type": "福利", "owner_id": 1 + n, **made} for n in range(2)],
        "chat_member": [
            {"chat_id": 1, "customer_id": 1, "joined_at": 5, "left_at": 6, **made},
            {"chat_id": 1, "customer_id": 1, "joined_at": 7, **made},
            {"chat_id": 1, "customer_id": 2, "joined_at": 7, **made},
        ],
        "follow": [{"customer_id": 1 + n, "staff_id": 1, "added_at": 5, **made} for n in range(2)],
        "profile": [
            {"id": 1, "key": "c0", "person_id": 1, "rank": 1, "evidence": "{}"},
            {"id": 9, "key": "taobao:c9", "person_id": 1, "rank": 2, "evidence": "{}"},
        ],
        "identity_conflict": [{"reason": "names", "kind": "phone", "value": "13700137000", "keys": "[]", "count": 2}],
        "identity_decision": [
            {
                "at": 5,
                "actor": "me",
                "action": "merge",
                "key": "taobao:c9",
                "into_key": "c0",
                "note": "n",
                "undone_at": 6,
            }
            | {"undone_by": "me"}
        ],
        "suppression": [{"digest": "d1", "kind": "phone", "at": 5, "key_check": "k1"}],
        "lead": [{"key": "13900139000", "staff_id": 1, **made}],
        "coupon": [{"key": "k1", "customer_id": 1, "value": 990, **made}, {"key": "k2", **made}],
        "task": [{"key": "t1", "customer_id": 1, "staff_id": 1, "due_on": "2026-03-02", **made}],
        "consent": [
            {"customer_id": 1, "channel": "sms", "given_at": 5, **made},
            {"customer_id": 1, "channel": "call", "given_at": 5, "withdrawn_at": 5, **made},
            {"customer_id": 2, "channel": "call", "given_at": 6, "withdrawn_at": 5, **made},
            {"customer_id": 3, "channel": "call", "withdrawn_at": 5, **made},
        ],
        "referral": [{"key": "r1", "customer_id": 1, "referred_id": 2, "occurred_at": 5, **made}],
        "declared_row": [
            {"kind": "children", "key": "豆豆", "customer_id": 1, "extra": '{"生日":"2020-05-01"}', **made}
        ],
        "run": [{"as_of": 9, "started_at": 9, "actor": "me", "playbooks": "{}", "changes": 2, "counts": "{}"}],
        "label": [
            {"kind": "tag", "scope": "", "name": "爱水果", "playbook": "p"},
            {"kind": "stage", "scope": "客户阶段", "name": "成交", "playbook": "p"},
            {"kind": "stage", "scope": "客户阶段", "name": "新客", "playbook": "p"},
        ],
        "assignment": [
            {"label_id": 1, "customer_id": n + 1, "source": "rule", "since": 9, "run_id": 1} for n in range(5)
        ]
        + [{"label_id": 2, "customer_id": 1, "source": "rule", "since": 9, "run_id": 1}],
        "block": [{"label_id": 1, "customer_id": 2, "since": 10, "actor": "me"}],
        "batch": [
            {
                "campaign": "x",
                "playbook": "p",
                "channel": "file",
                "planned_on": "2026-03-02",
                "run_id": 1,
                "status": "draft",
            }
        ],
        "message": [
            {
                "batch_id": 1,
                "campaign": "x",
                "customer_id": 1,
                "planned_on": "2026-03-02",
                "status": "planned",
                "text": "您好",
                "code_id": 1,
                "sender_id": 1,
                "entry_id": 1,
            }
        ],
        "code": [{"key": "A1", "pool": "k", "offer": "o", "campaign": "x", "customer_id": 1, "given_on": "2026-03-02"}],
        "contact_block": [{"customer_id": 2, "channel": "any", "since": 10, "actor": "me"}],
        "journey_version": [{"journey": "j", "version": "v", "definition": "{}", "run_id": 1}],
        "journey_entry": [
            {
                "journey": "j",
                "playbook": "p",
                "version": "v",
                "customer_id": 1,
                "entered_at": 9,
                "run_id": 1,
                "status": "active",
            }
        ],
        "journey_step": [{"entry_id": 1, "step": "s", "state": "made", "at": 9, "run_id": 1}],
    }


def write(path: Path, rows: Rows, *, seed: int | None = None) -> None:
    """Put rows in, in another order and with other surrogate keys for each seed."""
    chance = random.Random(seed)
    ids: dict[str, list[int]] = {}
    for name, group in rows.items():
        numbers = list(range(1, len(group) + 1))
        ids[name] = numbers if seed is None else chance.sample(range(1, 1_000), len(group))
    connection = sqlite3.connect(path)
    for name, group in rows.items():
        table = METADATA.tables[name]
        order = list(range(len(group)))
        if seed is not None:
            chance.shuffle(order)
        for place in order:
            row = dict(group[place])
            for column in table.columns:
                reference = next(iter(column.foreign_keys), None)
                target = reference.column.table.name if reference is not None else None
                target = {"import_id": "file_import", "run_id": "run"}.get(column.name, target)
                if target and row.get(column.name):
                    row[column.name] = ids[target][row[column.name] - 1]
            if "id" in table.columns:
                row["id"] = ids[name][place]
            quoted = ", ".join(f'"{key}"' for key in row)
            marks = ", ".join("?" * len(row))
            connection.execute(f'INSERT INTO "{name}" ({quoted}) VALUES ({marks})', tuple(row.values()))
    connection.commit()
    connection.close()


@pytest.fixture
def another(tmp_path: Path, fresh: Path) -> Callable[[str], Path]:
    """Makes stores without rows, each with its name."""
    return lambda name: Path(shutil.copy(fresh, tmp_path / f"{name}.db"))


def test_the_same_store_has_the_same_dump_whatever_the_order_and_the_ids(another: Callable[[str], Path]) -> None:
    plain = another("plain")
    write(plain, content())
    expected = list(dump_state(plain))
    for seed in range(5):
        path = another(f"{seed}")
        write(path, content(), seed=seed)
        assert list(dump_state(path)) == expected
    assert [json.loads(line)["table"] for line in expected] == sorted(json.loads(line)["table"] for line in expected)


def test_every_change_of_a_cell_shows(path: Path) -> None:
    write(path, content())
    with open_door(path, write=True, doing="test") as door:
        for table in METADATA.tables.values():
            for column in table.columns:
                if column.name in UNTOLD or table.name in JOURNALS or column.foreign_keys:
                    continue
                before = door.rows(state_of(table))
                other: Any = literal_column(f"'7' || coalesce(\"{column.name}\", '')")
                door.execute(update(table).values({column.name: other}))
                assert door.rows(state_of(table)) != before, (table.name, column.name)


def test_references_are_named_by_natural_keys(path: Path) -> None:
    write(path, content())
    rows = [json.loads(line) for line in dump_state(path)]
    assert {row["table"] for row in rows}.isdisjoint(JOURNALS)
    assert {"table": "identity", "kind": "phone", "value": "13800138000", "customer": "c1"} in rows
    held = [row for row in rows if row["table"] == "assignment" and row["label_name"] == "成交"]
    assert held == [
        {"table": "assignment", "label_kind": "stage", "label_scope": "客户阶段", "label_name": "成交"}
        | {"customer": "c0", "source": "rule", "since": 9, "until": None}
    ]


def test_every_table_that_is_referred_to_has_a_natural_key() -> None:
    for table in METADATA.tables.values():
        for column in table.columns:
            for reference in column.foreign_keys:
                if table.name not in JOURNALS and column.name not in UNTOLD:
                    assert reference.column.table.name in NATURAL_KEYS
    for name, keys in NATURAL_KEYS.items():
        assert set(keys) <= set(METADATA.tables[name].columns.keys())
        assert state_of(METADATA.tables[name]) is not None


def test_a_sound_store_is_sound(path: Path) -> None:
    write(path, content())
    report = check(path)
    assert report.unsound == ()
    assert report.rows["customer"] == 5


UNSOUND: dict[str, str] = {
    "store.orphans": "DELETE FROM customer WHERE id = 1",
    "store.wrong_type": "UPDATE sales_order SET paid = 'much'",
    "store.import_sum": "UPDATE file_import SET new = 2",
    "store.import_rejects": "DELETE FROM reject",
    "store.no_identity": "DELETE FROM identity WHERE kind = 'own' AND value = 'c1'",
    "store.own_twice": "INSERT INTO identity SELECT 'own', 'c1', id FROM customer WHERE key <> 'c1' LIMIT 1",
    "store.until_before_since": "UPDATE assignment SET until = since - 1 WHERE label_id = 1",
    "store.held_twice": "INSERT INTO assignment SELECT label_id, customer_id, source, since + 1, run_id, NULL, NULL, NULL"
    " FROM assignment WHERE label_id = 1",
    "store.two_stages": "INSERT INTO assignment SELECT 3, customer_id, source, since, run_id, NULL, NULL, NULL"
    " FROM assignment WHERE label_id = 2",
    "store.foreign_message": "UPDATE message SET campaign = 'y'",
}


@pytest.mark.parametrize("key", sorted(UNSOUND))
def test_what_must_not_be_is_found(path: Path, key: str) -> None:
    write(path, content())
    connection = sqlite3.connect(path)
    connection.execute(UNSOUND[key])
    connection.commit()
    connection.close()
    found = check(path).unsound
    assert key in {one.key for one in found}
    for one in found:
        assert say(one.key, "zh", **one.params)
        assert say(one.key, "en", **one.params)


def test_a_run_that_is_gone_is_found(path: Path) -> None:
    write(path, content())
    connection = sqlite3.connect(path)
    connection.execute("UPDATE assignment SET run_id = 77")
    connection.commit()
    connection.close()
    assert [one.params for one in check(path).unsound] == [{"table": "assignment", "target": "run", "count": 6}]


def test_a_file_that_others_can_read_is_found(path: Path) -> None:
    path.chmod(0o644)
    assert [one.key for one in check(path).unsound] == ["store.open_to_others"]


def test_a_damaged_index_is_found(path: Path) -> None:
    write(path, content())
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_master SET sql = replace(sql, '(batch_id)', '(campaign)') WHERE name = 'ix_message_batch'"
    )
    connection.commit()
    connection.close()
    found = check(path).unsound
    assert found[0].key == "store.damaged"


VIEW_ROWS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "v_customer": lambda row: row["customer"] == "c0" and row["owner"] == "f0" and row["owner_name"] == "李",
    "v_identity": lambda row: row["kind"] == "phone" and row["customer"] == "c1",
    "v_order": lambda row: row["paid"] == 9.9 and row["paid_at"] == "1970-01-12T13:46:41Z",
    "v_item": lambda row: row["quantity"] == 1.5 and row["sku"] == "p1" and row["order_key"] == "o5",
    "v_event": lambda row: row["occurred_at"] == "1970-01-01T00:00:05Z",
    "v_follow": lambda row: row["staff"] == "f0" and row["added_at"] == "1970-01-01T00:00:05Z",
    "v_chat": lambda row: row["chat"] == "g0" and row["members"] == 2 and row["owner_name"] == "李",
    "v_chat_member": lambda row: row["chat_type"] == "福利" and row["left_at"] == "1970-01-01T00:00:06Z",
    "v_channel": lambda row: row["channel"] == "n1" and row["staff"] == "f0",
    "v_spend": lambda row: row["channel"] == "n1" and row["amount"] == 9.9,
    "v_lead": lambda row: row["phone"] == "13900139000" and row["staff_name"] == "李",
    "v_coupon": lambda row: row["code"] == "k1" and row["value"] == 9.9 and row["customer"] == "c0",
    "v_task": lambda row: row["task"] == "t1" and row["due_on"] == "2026-03-02",
    "v_consent": lambda row: row["customer"] == "c1" and row["allowed"] == 1,
    "v_referral": lambda row: row["customer"] == "c0" and row["referred"] == "c1",
    "v_declared_row": lambda row: row["table"] == "children" and row["customer"] == "c0",
    "v_customer_tag": lambda row: row["tag"] == "爱水果" and row["until"] is None,
    "v_customer_stage": lambda row: row["lifecycle"] == "客户阶段" and row["stage"] == "成交",
    "v_message": lambda row: row["text"] == "您好" and row["batch_status"] == "draft",
    "v_import": lambda row: row["read"] == 3 and row["started_at"] == "1970-01-01T00:00:01Z",
}


def test_consent_holds_until_it_is_withdrawn(path: Path) -> None:
    write(path, content())
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT customer, channel FROM v_consent WHERE allowed ORDER BY 1, 2").fetchall()
    connection.close()
    assert rows == [("c0", "sms"), ("c1", "call")]


@pytest.mark.parametrize("view", sorted(VIEW_ROWS))
def test_views_show_names(path: Path, view: str) -> None:
    write(path, content())
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    rows = [dict(row) for row in connection.execute(f"SELECT * FROM {view}")]
    connection.close()
    assert any(VIEW_ROWS[view](row) for row in rows), rows
