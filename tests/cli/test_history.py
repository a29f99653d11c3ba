"""What runs did, how things stood, and days walked through, through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import PLAYBOOK
from tests.cli.inside import Shop

STRICTER = PLAYBOOK.replace("orders: {count: 2..}", "orders: {count: 3..}")


@pytest.fixture(scope="module")
def told(made_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop with three runs: a rule was made stricter before the second, the third was taken back. Nobody changes it."""
    shop = Shop(made_shop.copy(tmp_path_factory.mktemp("told") / "shop").root)
    shop.write("playbooks/shop.yaml", STRICTER)
    shop.pdo("run", "--as-of", "2026-05-02")
    shop.pdo("run", "--as-of", "2026-05-03")
    shop.pdo("runs", "undo")
    return shop


@pytest.fixture
def again(told: Shop, tmp_path: Path) -> Shop:
    """A copy of it to change."""
    return Shop(told.copy(tmp_path / "again").root)


def test_runs_are_listed_latest_first_with_those_taken_back(told: Shop) -> None:
    found = told.data("runs", "list")["runs"]
    assert [one["run_id"] for one in found] == [3, 2, 1]
    assert [one["undone_at"] is None for one in found] == [False, True, True]
    assert [one["as_of"][:10] for one in found] == ["2026-05-03", "2026-05-02", "2026-03-02"]
    assert "已撤销" in told.pdo("runs", "list").stdout


def test_a_run_says_what_it_changed(told: Shop) -> None:
    found = told.data("runs", "show")["run"]
    assert found["run_id"] == 2
    assert {"kind": "tag", "scope": "", "name": "复购", "change": "lost", "count": 1, "sample": []} in found["steps"]
    assert "复购" in told.pdo("runs", "show", "1").stdout
    assert "没有执行 #9" in told.pdo("runs", "show", "9", code=2).stderr


def test_two_runs_are_compared_by_what_held_after_them(again: Shop) -> None:
    again.pdo("stage", "set", "c3", "客户阶段", "意向客户")  # later than both
    found = again.data("runs", "diff", "1", "2")["steps"]
    assert [(one["kind"], one["name"], one["change"], one["sample"]) for one in found] == [
        ("tag", "复购", "lost", ["c1"]),
        ("stage", "沉睡", "gained", ["c1"]),
        ("stage", "活跃", "lost", ["c1"]),
    ]
    assert [(one["name"], one["change"]) for one in again.data("runs", "diff", "2", "1")["steps"]] == [
        ("复购", "gained"),
        ("沉睡", "lost"),
        ("活跃", "gained"),
    ]
    assert "完全一样" in again.pdo("runs", "diff", "1", "1").stdout
    assert "已经撤销过了" in again.pdo("runs", "diff", "1", "3", code=2).stderr


@pytest.mark.parametrize(
    ("at", "count"), [("2026-03-02", 1), ("1", 1), ("#2", 0), ("2026-05-02T00:00", 0), ("2026-04-30", 1)]
)
def test_how_many_had_a_tag_at_a_moment(told: Shop, at: str, count: int) -> None:
    found = {one["name"]: one["members"] for one in told.data("tag", "list", "--at", at)["tags"]}
    assert found["复购"] == count


@pytest.mark.slow
def test_who_was_in_a_segment_at_a_moment(again: Shop) -> None:
    new = again.write("in/new.csv", "order_id,customer_id,paid_at,paid\no9,c3,2026-05-03 10:00,10\n")
    again.pdo("import", "orders", str(new))
    item = again.write("in/newitems.csv", "order_id,line,sku,quantity,amount\no9,1,S1,1,10\n")
    again.pdo("import", "items", str(item))
    again.pdo("run", "--as-of", "2026-05-04")
    now, then = again.data("segment", "show", "水果客"), again.data("segment", "show", "水果客", "--at", "2026-05-03")
    assert [one["customer_id"] for one in now["members"]] == ["c1", "c2", "c3"]
    assert [one["customer_id"] for one in then["members"]] == ["c1", "c2"]
    assert then["as_of"] == "2026-05-02T00:00:00+08:00"
    assert "成员是当时的" in again.pdo("segment", "show", "水果客", "--at", "2").stdout


@pytest.mark.parametrize(("at", "said"), [("2020-01-01", "以前没有执行过"), ("99", "没有执行 #99"), ("前天", "看不懂")])
def test_a_past_that_there_was_not(told: Shop, at: str, said: str) -> None:
    assert said in told.pdo("segment", "show", "水果客", "--at", at, code=2).stderr


# Day after day --------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_days_at_one_go_are_the_days_one_by_one(shop: Shop) -> None:
    """Told by the store's dump; `tests/property/test_store_laws.py` does it for two months."""
    apart = Shop(shop.copy(shop.root.parent / "apart").root)
    found = shop.data("run", "--from", "2026-03-03", "--to", "2026-03-06")
    for day in (3, 4, 5, 6):
        apart.pdo("run", "--as-of", f"2026-03-0{day}")
    assert [one["as_of"][:10] for one in found["days"]] == [f"2026-03-0{day}" for day in (3, 4, 5, 6)]
    assert shop.state() == apart.state()
    assert len(shop.data("runs", "list")["runs"]) == 5


@pytest.mark.slow
def test_the_time_of_day_is_that_of_the_first(shop: Shop) -> None:
    found = shop.data("run", "--from", "2026-03-03T21:30", "--to", "2026-03-04")
    assert [one["as_of"] for one in found["days"]] == ["2026-03-03T21:30:00+08:00", "2026-03-04T21:30:00+08:00"]


@pytest.mark.slow
def test_what_ends_a_walk_leaves_the_days_before(shop: Shop) -> None:
    shop.write("playbooks/shop.yaml", f"{PLAYBOOK}  guard: {{max_share_changed: 30%}}\n")
    done = shop.pdo("run", "--from", "2026-03-20", "--to", "2026-03-30", code=3)
    assert "2026-03-21 00:00" in done.stdout
    assert "换阶段" in done.stderr
    assert [one["as_of"][:10] for one in shop.data("runs", "list")["runs"]][:2] == ["2026-03-21", "2026-03-20"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--from", "2026-03-03"), "要一起写"),
        (("--from", "2026-03-03", "--to", "2026-03-02"), "早于 --from"),
        (("--from", "2026-02-03", "--to", "2026-03-02"), "早于上一次执行"),
        (("--from", "2026-03-03", "--to", "2026-03-04", "--as-of", "2026-03-03"), "不能和 --as-of"),
    ],
)
def test_days_that_cannot_be_walked(shop: Shop, options: tuple[str, ...], said: str) -> None:
    assert said in shop.pdo("run", *options, code=2).stderr
