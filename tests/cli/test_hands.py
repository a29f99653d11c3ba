"""Tags and stages by hand."""

from __future__ import annotations

import sqlite3

import pytest

from tests.cli.conftest import AS_OF
from tests.cli.inside import Shop

LATER, LAST = "2026-03-03T09:00", "2026-03-04T09:00"


def tags(shop: Shop, customer: str) -> dict[str, str]:
    return {one["name"]: one["source"] for one in shop.data("customer", "show", customer)["tags"]}


def stage(shop: Shop, customer: str, lifecycle: str = "客户阶段") -> str | None:
    found = shop.data("customer", "show", customer)["stages"]
    return next((one["name"] for one in found if one["scope"] == lifecycle), None)


def edits(shop: Shop) -> int:
    database = sqlite3.connect(shop.root / "pdo.db")
    (count,) = database.execute("SELECT count(*) FROM hand_edit").fetchone()
    database.close()
    return int(count)


def test_a_hand_s_tag_stays(shop: Shop) -> None:
    done = shop.data("tag", "set", "c3", "爱水果", "--as-of", LATER, "--note", "店里说的")
    assert done == {
        "action": "set",
        "kind": "tag",
        "scope": "",
        "name": "爱水果",
        "customer_id": "c3",
        "changed": True,
        "blocked": False,
        "replaced": [],
    }
    assert shop.data("tag", "set", "c3", "爱水果", "--as-of", LATER)["changed"] is False
    assert edits(shop) == 1
    shop.pdo("run", "--as-of", LAST)
    assert tags(shop, "c3")["爱水果"] == "staff"


@pytest.mark.slow
def test_a_rule_s_tag_that_is_taken_off_stays_off_until_it_is_set_again(shop: Shop) -> None:
    assert tags(shop, "c1")["爱水果"] == "rule"
    assert shop.data("tag", "remove", "c1", "爱水果", "--as-of", LATER)["blocked"] is True
    assert "爱水果" not in tags(shop, "c1")
    assert shop.data("tag", "remove", "c1", "爱水果", "--as-of", LATER)["changed"] is False
    assert edits(shop) == 1
    shop.pdo("run", "--as-of", LAST)
    assert "爱水果" not in tags(shop, "c1")
    assert shop.data("customer", "show", "c1")["blocked_tags"] == ["爱水果"]
    assert shop.data("tag", "set", "c1", "爱水果", "--as-of", LAST)["changed"] is True
    shop.pdo("run", "--as-of", "2026-03-05T09:00")
    assert "爱水果" in tags(shop, "c1")
    assert shop.data("customer", "show", "c1")["blocked_tags"] == []


def test_set_and_removed_within_a_second_and_set_again(shop: Shop) -> None:
    for action in ("set", "remove", "set"):
        assert shop.data("tag", action, "c1", "首单未转化", "--as-of", LATER)["changed"] is True
    assert tags(shop, "c1")["首单未转化"] == "staff"
    history = shop.data("tag", "history", "c1", "首单未转化")["history"]
    assert [one["until"] for one in history] == [None]
    shop.pdo("db", "check")


@pytest.mark.slow
def test_a_stage_by_hand(shop: Shop) -> None:
    assert stage(shop, "c3") == "新客户"
    assert shop.data("stage", "set", "c3", "客户阶段", "意向客户", "--as-of", LATER)["changed"] is True
    assert shop.data("stage", "set", "c3", "客户阶段", "意向客户", "--as-of", LATER)["changed"] is False
    shop.pdo("run", "--as-of", LAST)
    assert stage(shop, "c3") == "意向客户"
    history = shop.data("stage", "history", "c3", "客户阶段")["history"]
    assert [(one["name"], one["source"], one["until"] is None) for one in history] == [
        ("新客户", "rule", False),
        ("意向客户", "staff", True),
    ]
    assert shop.data("stage", "remove", "c3", "客户阶段", "--as-of", LAST)["changed"] is True
    assert stage(shop, "c3") is None
    shop.pdo("run", "--as-of", "2026-03-05T09:00")
    assert stage(shop, "c3") == "新客户"
    shop.pdo("db", "check")


def test_customers_are_found_by_any_identifier(shop: Shop) -> None:
    assert shop.data("customer", "show", "15400000001")["customer_id"] == "c1"
    assert shop.data("tag", "set", "15400000001", "首单未转化", "--as-of", AS_OF)["customer_id"] == "c1"


def test_counts(shop: Shop) -> None:
    counts = {one["name"]: one["members"] for one in shop.data("tag", "list")["tags"]}
    assert counts == {"爱水果": 2, "复购": 1, "首单未转化": 0}
    stages = {(one["scope"], one["name"]): one["members"] for one in shop.data("stage", "list")["stages"]}
    assert stages[("客户阶段", "成交")] == 2
    assert stages[("活跃", "沉睡")] == 2
    assert {one["name"]: one["members"] for one in shop.data("segment", "list")["segments"]} == {"水果客": 2}
