"""Journeys and tasks in a store: entering, edits while people are inside, switching off, stopping, taking back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.inside import Shop, call

PLAYBOOK = """\
version: 1
playbook: 方案
tags:
  跟进完: {group: 行为, keep: true}
  大客:
    group: 价值
    when: {orders: {amount: 500..}}
    alert: {to: owner, due: 1d, text: 请回访, escalate: {after: 2d, to: manager}}
journeys:
  新客:
    enter: {added_at: ..30d}
    exit: {orders: {since: entry}}
    steps:
      - {name: 开场, after: 0d, channel: one_to_one, sender: owner, text: 欢迎}
      - {name: 第二天, after: 1d, channel: one_to_one, sender: owner, text: 还好吗}
      - {name: 回访, after: 2d, task: 打电话, due: 1d}
    end: {tag: 跟进完}
"""
FILES = {
    "stores": "store_id,name,manager\nt,一店,店长\n",
    "staff": "staff_id,name,store\ns,小美,t\n店长,王店,t\n",
    "customers": "customer_id,name,added_at,owner,store,is_friend\n老,韩梅,2026-03-01,s,t,1\n",
}
NEW = "customer_id,name,added_at,owner,store,is_friend\n甲,王芳,2026-03-02,s,t,1\n乙,李雷,2026-03-02,s,t,1\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The journey has run once; then two customers were added."""
    root = tmp_path_factory.mktemp("made") / "shop"
    shop = Shop(root)
    assert call("init", str(root)).returncode == 0
    shop.write("playbooks/方案.yaml", PLAYBOOK)
    for kind, text in FILES.items():
        shop.pdo("import", kind, str(shop.write(f"{kind}.csv", text)))
    night(shop, 1)
    shop.pdo("import", "customers", str(shop.write("new.csv", NEW)))
    return shop


@pytest.fixture
def shop(made: Shop, tmp_path: Path) -> Shop:
    return Shop(made.copy(tmp_path / "shop").root)


def night(shop: Shop, day: int) -> str:
    return shop.pdo("run", "--as-of", f"2026-03-{day:02d}T23:00").stdout


def ask(shop: Shop, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(shop.root / "pdo.db")) as connection:
        return connection.execute(query).fetchall()


def inside(shop: Shop) -> list[str]:
    rows = ask(
        shop, "SELECT key FROM journey_entry JOIN customer c ON c.id = customer_id WHERE status = 'active' ORDER BY 1"
    )
    return sorted(str(row[0]) for row in rows)


def sent(shop: Shop) -> list[tuple[object, ...]]:
    return ask(
        shop,
        "SELECT campaign, c.key, status, text FROM message m JOIN customer c ON c.id = customer_id WHERE status <> 'withheld' "
        "ORDER BY m.id",
    )


def order(shop: Shop, customer: str, amount: int, day: int) -> None:
    text = f"order_id,customer_id,paid_at,paid\n{customer},{customer},2026-03-{day:02d} 12:00,{amount}\n"
    shop.pdo("import", "orders", str(shop.write(f"{customer}.csv", text)))


def test_who_is_there_on_the_first_night_does_not_enter(shop: Shop) -> None:
    assert inside(shop) == []
    assert "新客     2         0     0" in night(shop, 2)
    assert inside(shop) == ["乙", "甲"]


@pytest.mark.slow
def test_existing_customers_enter_where_that_is_said(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    assert call("init", str(shop.root)).returncode == 0
    shop.write("playbooks/方案.yaml", PLAYBOOK.replace("    exit:", "    existing: enter\n    exit:"))
    for kind, text in FILES.items():
        shop.pdo("import", kind, str(shop.write(f"{kind}.csv", text)))
    night(shop, 1)
    assert inside(shop) == ["老"]


@pytest.mark.slow
def test_twice_is_once_and_a_run_is_taken_back_whole(shop: Shop) -> None:
    before = shop.state()
    night(shop, 2)
    after = shop.state()
    assert "没有变化" in night(shop, 2)
    assert shop.state() == after
    shop.pdo("runs", "undo")
    shop.pdo("runs", "undo")
    assert shop.state() == before


@pytest.mark.slow
def test_a_night_among_others_is_taken_back_whole(shop: Shop) -> None:
    night(shop, 2)
    night(shop, 3)
    moved = shop.state()
    night(shop, 4)
    shop.pdo("runs", "undo")
    assert shop.state() == moved


@pytest.mark.slow
def test_to_the_end_with_task_and_tag(shop: Shop) -> None:
    for day in (2, 3, 4):
        night(shop, day)
    assert inside(shop) == []
    assert [row[0] for row in sent(shop)] == ["新客/开场", "新客/开场", "新客/第二天", "新客/第二天"]
    tasks = shop.data("task", "list", "--as-of", "2026-03-04")["tasks"]
    assert [(one["source"], one["staff"], one["due_on"], one["state"]) for one in tasks] == [
        ("新客/回访", "小美", "2026-03-05", "open")
    ] * 2
    held = "SELECT c.key FROM assignment a JOIN label l ON l.id = label_id JOIN customer c ON c.id = customer_id "
    assert len(ask(shop, held + "WHERE l.name = '跟进完' AND until IS NULL")) == 2
    night(shop, 20)
    assert len(ask(shop, held + "WHERE l.name = '跟进完' AND until IS NULL")) == 2
    states = {one["step"]: one["states"] for one in shop.data("journey", "show", "新客")["steps"]}
    assert states == {"开场": {"made": 2}, "第二天": {"made": 2}, "回访": {"task": 2}}


@pytest.mark.slow
def test_nothing_goes_out_after_switching_off(shop: Shop) -> None:
    """The journey is taken out of the playbook: those inside end there, what waits to be sent to them is cancelled."""
    night(shop, 2)
    shop.write("playbooks/方案.yaml", PLAYBOOK[: PLAYBOOK.index("journeys:")])
    assert "新客" in night(shop, 2)
    assert inside(shop) == []
    assert {row[2] for row in sent(shop)} == {"cancelled"}
    night(shop, 4)
    assert len(sent(shop)) == 2
    listed = shop.data("journey", "list")["journeys"]
    assert [(one["name"], one["playbook"], one["entries"]) for one in listed] == [("新客", "", {"stopped": 2})]


@pytest.mark.slow
def test_who_leaves_gets_nothing_more(shop: Shop) -> None:
    night(shop, 2)
    order(shop, "甲", 100, 3)
    night(shop, 3)
    assert inside(shop) == ["乙"]
    assert [row[1] for row in sent(shop) if row[0] == "新客/第二天"] == ["乙"]
    assert [row[2] for row in ask(shop, "SELECT 1, 2, status FROM journey_entry ORDER BY status")] == [
        "active",
        "exited",
    ]


@pytest.mark.slow
def test_those_inside_go_on_as_they_entered(shop: Shop) -> None:
    night(shop, 2)
    shop.write("playbooks/方案.yaml", PLAYBOOK.replace("还好吗", "新的话").replace("打电话", "上门"))
    late = NEW.replace("甲", "丙").replace("乙", "丁")
    shop.pdo("import", "customers", str(shop.write("late.csv", late)))
    night(shop, 3)
    assert "其中 2 人按进入时的旧写法走完" in shop.pdo("journey", "show", "新客").stdout
    night(shop, 4)
    texts = {(row[1], row[3]) for row in sent(shop) if "第二天" in str(row[0])}
    assert texts == {("甲", "还好吗"), ("乙", "还好吗"), ("丙", "新的话"), ("丁", "新的话")}
    assert [one["text"] for one in shop.data("task", "list")["tasks"]] == ["打电话", "打电话"]
    assert {row[0] for row in sent(shop) if row[3] == "欢迎"} == {"新客/开场"}


@pytest.mark.slow
def test_an_old_definition_that_cannot_be_read_any_more_ends(shop: Shop) -> None:
    shop.write("playbooks/方案.yaml", PLAYBOOK.replace("exit: {orders: {since: entry}}", "exit: {tag: 大客}"))
    night(shop, 2)
    shop.write("playbooks/方案.yaml", PLAYBOOK.replace("  大客:", "  别的:"))
    assert "到此为止" in night(shop, 3)
    assert inside(shop) == []


@pytest.mark.slow
def test_stopping_by_hand(shop: Shop) -> None:
    night(shop, 2)
    done = shop.data("journey", "stop", "新客", "甲", "--as-of", "2026-03-02T23:30")["stopped"]
    assert done == {"journey": "新客", "entries": 1, "messages": 1}
    assert "不在“新客”里" in shop.pdo("journey", "stop", "新客", "甲", code=2).stderr
    assert "仍会进入" in shop.pdo("journey", "stop", "新客").stdout
    assert inside(shop) == []
    night(shop, 3)
    assert len(sent(shop)) == 2
    assert {one["status"] for one in shop.data("journey", "who", "新客", "--all")["customers"]} == {"stopped"}
    assert "是“新客”吗" in shop.pdo("journey", "who", "新课", code=2).stderr


@pytest.mark.slow
def test_an_alert_goes_to_somebody_else_when_nobody_does_it(shop: Shop) -> None:
    order(shop, "老", 600, 1)
    night(shop, 2)
    (task,) = shop.data("task", "list", "--as-of", "2026-03-02")["tasks"]
    assert (task["source"], task["staff"], task["due_on"]) == ("大客", "小美", "2026-03-03")
    night(shop, 4)
    (task, *_) = shop.data("task", "list", "--staff", "王店")["tasks"]
    assert (task["source"], task["state"]) == ("大客", "escalated")
    done = shop.data("task", "done", task["key"], "--result", "已成交")
    assert (done["changed"], done["task"]["state"], done["task"]["result"]) == (True, "done", "已成交")
    assert not shop.data("task", "done", task["key"])["changed"]
    assert "pdo task list" in shop.pdo("task", "done", "没有", code=2).stderr


@pytest.mark.slow
def test_no_task_is_made_of_who_is_not_to_be_disturbed(shop: Shop) -> None:
    night(shop, 2)
    shop.pdo("block", "add", "甲")
    night(shop, 3)
    night(shop, 4)
    assert [one["customer"] for one in shop.data("task", "list")["tasks"]] == ["乙"]
    reasons = ask(shop, "SELECT step, reason FROM journey_step WHERE state = 'withheld' ORDER BY 1")
    assert reasons == [("回访", "blocked"), ("第二天", "blocked")]
