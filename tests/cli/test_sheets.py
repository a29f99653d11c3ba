"""A task sheet goes out, is filled in, comes back, and the next run knows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.inside import Shop, call
from tests.support.workbooks import write_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = "2026-03-02"
SHEET = f"out/{DAY}/tasks/一店/李导购.xlsx"
PLAYBOOK = """\
version: 1
playbook: p
tags:
  大客户: {when: {orders: {amount: 100..}}}
  奶粉过敏: {group: 健康, ask: {who: 导购, question: 宝宝对牛奶蛋白过敏吗, answers: [是, 否]}}
  说过敏: {when: {tag: "奶粉过敏:是"}}
  回过话: {when: {tasks: {where: {result: 已回复}}}}
segments:
  高价值: {when: {tag: 大客户}}
campaigns:
  回访: {to: 高价值, channel: one_to_one, sender: owner, approval: auto, text: "{{ name | default('您') }}，好久不见"}
"""
FILES = {
    "stores.csv": "store_id,name\nM1,一店\n",
    "staff.csv": "staff_id,name,role,store_id\nG1,李导购,导购,M1\nG2,赵客服,客服,\n",
    "customers.csv": (
        "customer_id,name,phone,owner,is_friend\n"
        "c1,王芳,15400000001,G1,是\nc2,李雷,15400000002,G1,是\nc3,周舟,,G2,是\nc4,吴双,15400000004,G1,是\n"
    ),
    "orders.csv": "order_id,customer_id,paid_at,paid\no1,c1,2026-02-01 10:00,200\n",
    "tasks.csv": (
        "task_id,customer_id,type,staff,due_on,text\n"
        "t1,c2,电话回访,G1,2026-02-28,问问满意吗\nt2,c3,电话回访,G2,2026-03-05,问问满意吗\n"
    ),
}
Row = dict[str, object]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop with two colleagues, a run, and a customer who wants no messages; nobody changes it."""
    shop = Shop(tmp_path_factory.mktemp("sheets") / "shop")
    shop.write("pdo.yaml", "timezone: Asia/Shanghai\nlanguage: zh\ndatabase: pdo.db\n")
    shop.write("playbooks/p.yaml", PLAYBOOK)
    assert call("init", str(shop.root)).returncode == 0
    for name, text in FILES.items():
        shop.write(f"in/{name}", text)
        shop.pdo("import", name.removesuffix(".csv"), str(shop.root / "in" / name))
    with closing(sqlite3.connect(shop.root / "pdo.db")) as store, store:
        store.execute("INSERT INTO contact_block SELECT id, 'any', 0, 'x', NULL FROM customer WHERE key = 'c4'")
    shop.pdo("run", "--as-of", f"{DAY} 09:00")
    return shop


@pytest.fixture
def guided(made: Shop, tmp_path: Path) -> Shop:
    """A copy of it to change."""
    return Shop(made.copy(tmp_path / "shop").root)


def sheet_of(path: Path) -> dict[str, list[Row]]:
    """Rows by sheet, as whoever opens the file sees them."""
    book = CalamineWorkbook.from_path(path)
    found: dict[str, list[Row]] = {}
    for name in book.sheet_names:
        head, *rows = book.get_sheet_by_name(name).to_python()
        found[name] = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    return found


def fill(path: Path, answers: Mapping[str, Mapping[str, str]]) -> None:
    """Write into the rows of customers as another program saves them."""
    sheets = sheet_of(path)
    for row in sheets["今天的任务"]:
        row.update(answers.get(str(row["客户"]), {}))
    write_workbook(
        path,
        {
            name: [list(rows[0]), *(list(map(str, row.values())) for row in rows)]
            for name, rows in sheets.items()
            if rows
        },
    )


def test_a_sheet_says_whom_why_what_and_whom_not(guided: Shop) -> None:
    guided.pdo("task", "export", "--date", DAY)
    sheets = sheet_of(guided.root / SHEET)
    late, message = sheets["今天的任务"]
    assert (late["客户"], late["手机尾号"], late["要做什么"], late["最晚哪天"]) == (
        *("李雷", "0002", "电话回访"),
        "2026-02-28 已逾期",
    )
    assert (message["客户"], message["要做什么"], message["话术"]) == ("王芳", "发一条私信", "王芳，好久不见")
    assert message["为什么"] == "回访：有标签「大客户」"
    assert message["顺便问一句"] == "宝宝对牛奶蛋白过敏吗"
    assert sheets["今日勿扰"] == [{"客户": "吴双", "手机尾号": "0004", "原因": "在勿扰名单里"}]
    (other,) = sheet_of(guided.root / f"out/{DAY}/tasks/-/赵客服.xlsx")["今天的任务"]
    assert (other["客户"], other["顺便问一句"]) == ("周舟", "")  # another role asks


def test_the_same_sheet_is_the_same_bytes_and_a_filled_one_is_kept(guided: Shop) -> None:
    path = guided.root / SHEET
    guided.pdo("task", "export", "--date", DAY)
    before = path.read_bytes()
    guided.pdo("task", "export", "--date", DAY)
    assert path.read_bytes() == before
    fill(path, {"王芳": {"结果 ▼": "已回复"}})
    filled = path.read_bytes()
    assert "没有覆盖" in guided.pdo("task", "export", "--date", DAY).stdout
    assert path.read_bytes() == filled


@pytest.mark.slow
def test_what_comes_back_is_known_to_the_next_run(guided: Shop) -> None:
    path = guided.root / SHEET
    guided.pdo("task", "export", "--date", DAY)
    fill(
        path,
        {
            "王芳": {"结果 ▼": "已回复", "回答 ▼": "奶粉过敏:是", "备注": "周末来"},
            "李雷": {"结果 ▼": "没联系上"},
        },
    )
    guided.pdo("import", "tasks", str(path))
    guided.pdo("run")
    with closing(sqlite3.connect(guided.root / "pdo.db")) as store:
        tasks = store.execute("SELECT customer, result, note FROM v_task ORDER BY customer").fetchall()
        tags = store.execute("SELECT tag, source FROM v_customer_tag WHERE customer = 'c1' ORDER BY tag").fetchall()
    assert tasks == [("c1", "已回复", "周末来"), ("c2", "没联系上", None), ("c3", None, None)]
    assert tags == [("回过话", "rule"), ("大客户", "rule"), ("奶粉过敏:是", "staff"), ("说过敏", "rule")]
    # What has a result is off the sheet.
    path.unlink()
    guided.pdo("task", "export", "--date", DAY)
    assert not path.exists()


@pytest.mark.slow
def test_the_last_answer_holds_and_taking_the_sheet_back_brings_the_first_one(guided: Shop) -> None:
    path = guided.root / SHEET
    guided.pdo("task", "export", "--date", DAY)
    fill(path, {"王芳": {"回答 ▼": "奶粉过敏:是"}})
    guided.pdo("import", "tasks", str(path))
    fill(path, {"王芳": {"回答 ▼": "奶粉过敏:否"}})
    guided.pdo("import", "tasks", str(path))
    assert answers(guided) == ["奶粉过敏:否"]
    tags = max(number for number, kind in imports(guided) if kind == "tags")
    guided.pdo("imports", "undo", str(tags))
    assert answers(guided) == ["奶粉过敏:是"]


def answers(shop: Shop) -> list[str]:
    with closing(sqlite3.connect(shop.root / "pdo.db")) as store:
        return [
            row[0] for row in store.execute("SELECT tag FROM v_customer_tag WHERE source = 'staff' AND until IS NULL")
        ]


def imports(shop: Shop) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(shop.root / "pdo.db")) as store:
        return store.execute("SELECT id, kind FROM file_import WHERE undone_at IS NULL").fetchall()
