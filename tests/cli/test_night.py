"""Nights, days' beginnings, what is wrong with a set-up, and the manners of commands that nobody watches."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.conftest import PLAYBOOK, SETTINGS
from tests.cli.inside import Shop, call

NIGHT = "2026-03-03T02:30"


@contextmanager
def listening(status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and what it was told."""
    told: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ping", told
    finally:
        server.shutdown()
        server.server_close()


def settings(shop: Shop, more: str) -> None:
    shop.write("pdo.yaml", SETTINGS + more)


# Nights -----------------------------------------------------------------------------------------------------------------


def test_a_night_brings_in_runs_and_writes_out_under_one_folder(shop: Shop) -> None:
    path = shop.write("inbox/orders.csv", "order_id,customer_id,paid_at,paid\no9,c3,2026-03-02 10:00,10\n")
    os.utime(path, (1, 1))
    shop.pdo("batch", "approve", "1")
    data = shop.data("nightly", "--as-of", "2026-03-02T20:30")
    assert [one["step"] for one in data["steps"]] == ["inbox", "run", "batches", "sheets", "report"]
    assert data["steps"][0] == {"step": "inbox", "files": 1, "failed": 0, "rows": 1, "rejected": 0}
    assert data["steps"][2] == {"step": "batches", "batches": 1, "messages": 2}
    written = {one.name for one in (shop.root / "out" / "2026-03-02").iterdir()}
    assert written >= {"run-2.json", "batch-1.csv", "today.xlsx"}
    assert not path.exists()


def test_the_steps_are_those_of_the_settings(shop: Shop) -> None:
    settings(shop, "nightly: [report, run]\n")
    assert [one["step"] for one in shop.data("nightly", "--as-of", NIGHT)["steps"]] == ["run", "report"]


@pytest.mark.slow
def test_a_night_that_was_stopped_goes_on_where_it_was(shop: Shop) -> None:
    shop.write("playbooks/shop.yaml", f"{PLAYBOOK}  guard: {{max_messages: 1}}\n")
    done = shop.pdo("nightly", "--as-of", "2026-05-02", code=3)
    assert "pdo nightly --from-step run" in done.stdout
    assert "会生成 2 条消息" in done.stderr
    found = shop.data("nightly", "--as-of", "2026-05-02", "--from-step", "run", "--override-guard", "看过了")
    assert [one["step"] for one in found["steps"]] == ["run", "batches", "sheets", "report"]


@pytest.mark.slow
def test_a_file_that_cannot_be_used_stops_no_night(shop: Shop) -> None:
    path = shop.write("inbox/orders.csv", "")
    os.utime(path, (1, 1))
    done = shop.pdo("nightly", "--as-of", NIGHT, code=4)
    assert "1 个文件不能用" in done.stdout


def test_of_several_playbooks_with_one_broken_nothing_is_applied(shop: Shop) -> None:
    shop.write("playbooks/more.yaml", "version: 1\nplaybook: more\ntags: {甲: {when: {tag: 没有}}}\n")
    path = shop.write("inbox/orders.csv", "order_id,customer_id,paid_at,paid\no9,c3,2026-03-02 10:00,10\n")
    os.utime(path, (1, 1))
    before = shop.state()
    shop.pdo("nightly", "--as-of", NIGHT, code=3)
    assert path.exists()
    assert shop.state() == before


@pytest.mark.slow
def test_the_heartbeat_is_told_the_beginning_and_the_end(shop: Shop) -> None:
    with listening() as (address, told):
        settings(shop, f"heartbeat: {address}\n")
        shop.pdo("nightly", "--as-of", NIGHT)
        shop.pdo("nightly", "--as-of", "2026-03-01", code=2)
    paths = [path.partition("?rid=") for path in told]
    assert [path for path, _, _ in paths] == ["/ping/start", "/ping", "/ping/start", "/ping/2"]
    assert paths[0][2] == paths[1][2] != paths[2][2]


@pytest.mark.slow
def test_a_heartbeat_that_is_not_heard_fails_no_night(shop: Shop) -> None:
    with listening(status=500) as (address, _):
        settings(shop, f"heartbeat: {address}\n")
        assert "心跳没有送到" in shop.pdo("nightly", "--as-of", NIGHT).stderr
    settings(shop, "heartbeat: http://127.0.0.1:9/nobody\n")
    shop.pdo("nightly", "--as-of", NIGHT)


# Manners ----------------------------------------------------------------------------------------------------------------


def test_a_quiet_command_says_nothing_unless_something_is_wrong(shop: Shop) -> None:
    done = shop.pdo("run", "--as-of", NIGHT, "--quiet")
    assert (done.stdout, done.stderr) == ("", "")
    assert "早于上一次执行" in shop.pdo("--quiet", "run", "--as-of", "2026-01-01", code=2).stderr


@pytest.mark.parametrize(
    "command", [("run", "--as-of", NIGHT), ("nightly", "--as-of", NIGHT), ("segment", "show", "水果客")]
)
def test_a_summary_is_one_line(shop: Shop, command: tuple[str, ...]) -> None:
    assert len(shop.pdo(*command, "--summary").stdout.splitlines()) == 1


def test_the_log_has_a_line_for_each_thing_that_happened(shop: Shop) -> None:
    path = shop.root / "log.jsonl"
    shop.pdo("nightly", "--as-of", NIGHT, "--log", str(path))
    shop.pdo("run", "--as-of", "2026-01-01", "--log", str(path), code=2)
    found = [json.loads(line) for line in path.read_text().splitlines()]
    assert [one["event"] for one in found] == ["begin", *["step"] * 5, "end", "begin", "error", "end"]
    assert [one["exit_code"] for one in found if one["event"] == "end"] == [0, 2]
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_settings_name_a_folder_of_logs(shop: Shop) -> None:
    settings(shop, "log: logs\n")
    shop.pdo("tag", "list")
    assert len(list((shop.root / "logs").glob("pdo-*.jsonl"))) == 1
    shop.write("logs2", "")
    settings(shop, "log: logs2\n")
    assert "写不了" in shop.pdo("tag", "list", code=13).stderr


@pytest.mark.parametrize("wait", ["2s", "1h"])
def test_how_long_to_wait_is_said_with_a_unit(shop: Shop, wait: str) -> None:
    shop.pdo("tag", "list", "--wait", wait)


def test_a_length_of_time_that_is_none(shop: Shop) -> None:
    assert "看不懂" in shop.pdo("tag", "list", "--wait", "soon", code=2).stderr


# A day's beginning ------------------------------------------------------------------------------------------------------


def test_a_day_begins_with_what_changed_and_what_waits(shop: Shop) -> None:
    task = "task_id,customer_id,type,staff_id,due_on\nt1,c1,回访,G1,2026-03-01\nt2,c2,回访,G1,2026-03-09\n"
    shop.pdo("import", "tasks", str(shop.write("in/tasks.csv", task)))
    coupon = "code,offer\nA1,回店券\nA2,回店券\n"
    shop.pdo("import", "coupons", str(shop.write("in/coupons.csv", coupon)))
    found = shop.data("today", "--as-of", "2026-03-02T10:00")
    assert {"kind": "tag", "scope": "", "name": "爱水果", "change": "gained", "count": 2} in found["changed"]
    assert [(one["campaign"], one["status"]) for one in found["drafts"]] == [("上新", "draft")]
    assert found["overdue"] == [{"staff": "G1", "name": "李导购", "count": 1, "oldest_on": "2026-03-01"}]
    assert {one["kind"] for one in found["ages"]} >= {"customers", "orders", "tasks"}
    assert found["codes"] == [{"offer": "回店券", "left": 2, "total": 2, "given": 0, "ends_on": ""}]
    path = shop.root / "today.xlsx"
    done = shop.pdo("today", "--as-of", "2026-03-02T10:00", "--output", str(path))
    assert "过期的任务" in done.stdout
    assert CalamineWorkbook.from_path(path).sheet_names == [
        "昨天以来的变化",
        "等审批的批次",
        "过期的任务",
        "数据多旧",
        "券码还剩",
    ]


def test_a_day_on_which_nothing_was_run_yet(tmp_path: Path) -> None:
    assert call("init", str(tmp_path)).returncode == 0
    assert "还没有执行过" in Shop(tmp_path).pdo("today").stdout


# What is wrong ----------------------------------------------------------------------------------------------------------


def wrong(shop: Shop, code: int = 3) -> list[str]:
    checks = shop.data("doctor", code=code)["checks"]
    return [one["code"] for one in checks if one["level"] == "error"]


def test_nothing_is_wrong_with_a_shop(shop: Shop) -> None:
    assert wrong(shop, code=0) == []
    assert "数据库可用，3 位客户" in shop.pdo("doctor").stdout


def test_what_is_wrong_is_told_with_what_to_do(shop: Shop) -> None:
    (shop.root / "pdo.db").chmod(0o644)
    shop.write(".env", "KEY=1").chmod(0o644)
    shop.write("playbooks/shop.yaml", "version: 1\nplaybook: shop\ntags: {甲: {when: {tag: 没有}}}\n")
    assert wrong(shop) == ["doctor.playbooks", "doctor.open_secret", "doctor.open_store"]
    assert "chmod 600" in shop.pdo("doctor", code=3).stdout
    (shop.root / "pdo.db").unlink()
    assert wrong(shop)[-1] == "error.no_database"


def test_an_empty_folder_and_an_empty_project(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    assert wrong(shop) == ["error.no_project"]
    assert call("init", str(tmp_path)).returncode == 0
    assert wrong(shop) == ["doctor.no_customers"]
