"""The guard, plans in files and taking runs back, through the command line."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import PLAYBOOK
from tests.cli.inside import Shop

NEXT = "2026-03-03T09:00"


def policy(shop: Shop, guard: str, playbook: str = PLAYBOOK) -> None:
    shop.write("playbooks/shop.yaml", f"{playbook}  guard: {{{guard}}}\n")


def runs(shop: Shop) -> int:
    with closing(sqlite3.connect(shop.root / "pdo.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM run").fetchone()[0])


STRICTER = PLAYBOOK.replace("orders: {count: 2..}", "orders: {count: 3..}")


# The guard ----------------------------------------------------------------------------------------------------------------


def test_what_is_taken_away_is_stopped_with_rule_and_effect(shop: Shop) -> None:
    policy(shop, "max_share_changed: 30%", STRICTER)
    before = shop.state()
    done = shop.pdo("run", "--as-of", NEXT, code=3)
    assert done.stdout == ""
    assert "标签“复购”会从 1 位客户中的 1 位身上拿掉（100%，上限 30%），例如 c1" in done.stderr
    assert "--override-guard" in done.stderr
    assert (shop.state(), runs(shop)) == (before, 1)


def test_a_plan_says_what_the_guard_would(shop: Shop) -> None:
    policy(shop, "max_share_changed: 30%", STRICTER)
    assert "护栏会拦下这次执行" in shop.pdo("plan", "--as-of", NEXT).stdout
    found = shop.data("plan", "--as-of", NEXT)["guard"]
    assert [one["code"] for one in found] == ["guard.share", "guard.share"]
    assert found[0]["hint"]


def test_a_rule_that_is_gone_counts(shop: Shop) -> None:
    policy(
        shop,
        "max_share_changed: 30%",
        PLAYBOOK.replace("  复购: {group: 价值, when: {orders: {count: 2..}}}\n", "").replace(
            "{tag: 复购}", "{tag: 爱水果}"
        ),
    )
    assert "复购" in shop.pdo("run", "--as-of", NEXT, code=3).stderr


def test_gains_are_never_stopped(shop: Shop) -> None:
    policy(shop, "max_share_changed: 1%", PLAYBOOK.replace("orders: {count: 2..}", "orders: {count: 1..}"))
    assert shop.data("run", "--as-of", NEXT)["tags"]["复购"]["gained"] == 1


def test_a_stage_that_many_leave_is_stopped_by_its_lifecycle(shop: Shop) -> None:
    policy(shop, "max_share_changed: 30%")
    found = shop.data("plan", "--as-of", "2026-06-01")["guard"]
    assert "“活跃”里 3 位客户中的 1 位会换阶段（33.3%" in found[0]["message"]


def test_the_guard_is_passed_with_a_reason_that_is_kept(shop: Shop) -> None:
    policy(shop, "max_share_changed: 30%", STRICTER)
    done = shop.pdo("run", "--as-of", NEXT, "--override-guard", "规则改严了")
    assert "护栏已放行，理由：规则改严了" in done.stdout
    with closing(sqlite3.connect(shop.root / "pdo.db")) as connection:
        kept = json.loads(connection.execute("SELECT override FROM run WHERE id = 2").fetchone()[0])
    assert (kept["reason"], kept["stops"][0]["key"]) == ("规则改严了", "guard.share.tag")


def test_too_many_messages_are_stopped(shop: Shop) -> None:
    policy(shop, "max_messages: 1")
    assert "会生成 2 条消息，上限 1：上新 2" in shop.pdo("run", "--as-of", "2026-05-02", code=3).stderr


@pytest.mark.slow
def test_old_data_are_stopped(shop: Shop) -> None:
    policy(shop, "max_data_age: 36h")
    shop.pdo("run", "--as-of", NEXT)
    assert "数据旧了" in shop.pdo("run", "--as-of", "2099-01-01", code=3).stderr


@pytest.mark.parametrize(("kept", "code"), [("c1,王芳\n", 3), ("c1,王芳\nc2,李\nc3,张\nc4,新\n", 0)])
@pytest.mark.slow
def test_a_list_that_came_in_short_is_stopped_until_a_whole_one_comes(shop: Shop, kept: str, code: int) -> None:
    policy(shop, "max_shrink: 20%")
    path = shop.write("in/customers.csv", "customer_id,name\n" + kept)
    shop.pdo("import", "customers", str(path))
    done = shop.pdo("run", "--as-of", NEXT, code=code)
    assert ("这次（导入 #7）1 行，上次 3 行，少了 66.7%" in done.stderr) == (code == 3)
    shop.pdo("run", "--as-of", NEXT, "--override-guard", "退会了两位")
    shop.pdo("run", "--as-of", NEXT)  # it has been looked at


@pytest.mark.slow
def test_a_short_file_of_new_rows_is_no_short_list(shop: Shop) -> None:
    policy(shop, "max_shrink: 20%")
    path = shop.write("in/orders.csv", "order_id,customer_id,paid_at,paid\no9,c1,2026-03-02 10:00,1\n")
    shop.pdo("import", "orders", str(path))
    shop.pdo("run", "--as-of", NEXT)


# Plans in files -------------------------------------------------------------------------------------------------------------


def plan(shop: Shop) -> str:
    path = str(shop.root / "plan.json")
    shop.pdo("plan", "--as-of", "2026-05-02", "--out", path)
    return path


@pytest.fixture(scope="module")
def with_plan(made_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop with a plan in `plan.json`; nobody changes it."""
    shop = Shop(made_shop.copy(tmp_path_factory.mktemp("plan") / "shop").root)
    plan(shop)
    return shop


@pytest.fixture
def planned(with_plan: Shop, tmp_path: Path) -> Shop:
    """A copy of it to change."""
    return Shop(with_plan.copy(tmp_path / "planned").root)


@pytest.mark.slow
def test_a_kept_plan_is_applied_as_it_is(planned: Shop) -> None:
    """Also where the project was moved since."""
    shop, path = planned, str(planned.root / "plan.json")
    said = json.loads((shop.root / "plan.json").read_text())
    done = shop.data("run", "--plan", path)
    assert done["as_of"] == said["as_of"] == "2026-05-02T00:00:00+08:00"
    assert done["total_changes"] == said["total_changes"] > 0
    assert "之后又执行过 1 次" in shop.pdo("run", "--plan", path, code=3).stderr


@pytest.mark.slow
def test_an_export_in_between_changes_nothing_of_it(planned: Shop) -> None:
    planned.pdo("segment", "export", "水果客")
    planned.pdo("run", "--plan", str(planned.root / "plan.json"))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("playbook", "运营方案改过了：shop"),
        pytest.param("settings", "pdo.yaml 改过了", marks=pytest.mark.slow),
        ("import", "之后又有 1 次导入，最后是 #7"),
        pytest.param("undo", "之后撤销了 1 次导入", marks=pytest.mark.slow),
        ("hand", "之后有 1 处人工修改"),
        pytest.param("store", "另一个数据库", marks=pytest.mark.slow),
    ],
)
@pytest.mark.slow
def test_a_plan_that_no_longer_fits_says_why(planned: Shop, what: str, said: str) -> None:
    shop, path = planned, str(planned.root / "plan.json")
    match what:
        case "playbook":
            shop.write("playbooks/shop.yaml", PLAYBOOK + "# 改过\n")
        case "settings":
            shop.write("pdo.yaml", (shop.root / "pdo.yaml").read_text() + "# 改过\n")
        case "import":
            new = shop.write("in/new.csv", "order_id,customer_id,paid_at,paid\no9,c1,2026-03-02 10:00,1\n")
            shop.pdo("import", "orders", str(new))
        case "undo":
            shop.pdo("imports", "undo", "6")
        case "hand":
            shop.pdo("tag", "set", "c3", "首单未转化")
        case "store":
            with closing(sqlite3.connect(shop.root / "pdo.db")) as connection:
                connection.execute("UPDATE store_state SET lineage = 'other'")
                connection.commit()
    before = shop.state()
    done = shop.pdo("run", "--plan", path, "--format", "json", code=3)
    found = json.loads(done.stdout)
    assert found["status"] == "findings"
    assert said in found["diagnostics"][0]["message"]
    assert shop.state() == before


@pytest.mark.parametrize("text", ["", "[]", '{"what": "pdo plan", "version": 1}', '{"what": "other"}'])
def test_a_file_that_is_no_plan(shop: Shop, text: str) -> None:
    path = shop.write("plan.json", text)
    assert "不是 pdo plan --out 写的文件" in shop.pdo("run", "--plan", str(path), code=2).stderr


# Taking back ----------------------------------------------------------------------------------------------------------------


def test_a_run_that_is_taken_back_never_was(shop: Shop) -> None:
    before = shop.state()
    shop.write(
        "playbooks/shop.yaml",
        STRICTER.replace("爱水果: {group", "爱吃水果: {was: 爱水果, group").replace("tag: 爱水果", "tag: 爱吃水果")
        + "# \n",
    )
    first = shop.data("run", "--as-of", "2026-05-02")
    assert first["total_changes"] > 0
    after = shop.state()
    assert after != before
    assert "已撤销执行 #2（2026-05-02 00:00）" in shop.pdo("runs", "undo").stdout
    assert shop.state() == before
    again = shop.data("run", "--as-of", "2026-05-02")
    assert {**again, "run_id": 0} == {**first, "run_id": 0}
    assert shop.state() == after


def test_back_to_before_the_first_run(shop: Shop) -> None:
    shop.pdo("runs", "undo", "1")
    assert not any(f'"table": "{name}"' in shop.state() for name in ("label", "assignment", "batch", "message"))
    assert "还没有执行过" in shop.pdo("runs", "undo", code=2).stderr


@pytest.mark.slow
def test_drafts_that_a_run_let_expire_wait_again(shop: Shop) -> None:
    shop.pdo("run", "--as-of", NEXT)
    assert {one["status"] for one in shop.data("batch", "list")["batches"]} == {"draft", "expired"}
    shop.pdo("runs", "undo")
    assert {one["status"] for one in shop.data("batch", "list")["batches"]} == {"draft"}


def refused(shop: Shop, number: str) -> str:
    before = shop.state()
    said = shop.pdo("runs", "undo", number, code=2).stderr
    assert shop.state() == before
    return said


@pytest.mark.slow
def test_later_runs_go_first(shop: Shop) -> None:
    shop.pdo("run", "--as-of", NEXT)
    assert "后来的执行：2" in refused(shop, "1")
    shop.pdo("runs", "undo", "2")
    shop.pdo("runs", "undo", "1")
    assert "已经撤销过了" in refused(shop, "1")
    assert "没有执行 #9" in refused(shop, "9")


def test_hands_that_rest_on_a_run_are_counted(shop: Shop) -> None:
    shop.pdo("tag", "remove", "c1", "复购")
    assert "人工操作：1" in refused(shop, "1")


def test_a_hand_beside_a_run_stays(shop: Shop) -> None:
    shop.pdo("tag", "set", "c3", "复购")
    shop.pdo("runs", "undo")
    assert [one["name"] for one in shop.data("tag", "history", "c3")["history"]] == ["复购"]


def test_who_was_moved_by_hand_since_is_not_moved_back(shop: Shop) -> None:
    shop.pdo("stage", "set", "c3", "客户阶段", "意向客户")
    assert "人工操作：1" in refused(shop, "1")


def test_what_has_left_cannot_be_called_back(shop: Shop) -> None:
    shop.pdo("batch", "approve", "1")
    shop.pdo("batch", "export", "1")
    assert "批次 1 的 2 条消息已经发出" in refused(shop, "1")


@pytest.mark.slow
def test_an_import_waits_for_the_runs_on_it_and_no_longer(shop: Shop) -> None:
    assert "运行：1" in shop.pdo("imports", "undo", "4", code=2).stderr
    shop.pdo("runs", "undo")
    for number in ("6", "5", "4"):
        shop.pdo("imports", "undo", number)


def test_rows_that_stand_with_a_joined_customer_are_told(shop: Shop) -> None:
    """Two customers are joined by hand: what the run gave the one stands with the other, until they are split."""
    shop.pdo("customer", "merge", "c1", "c2")
    assert "合并客户：-" not in refused(shop, "1")
