"""`pdo diff`: what a change means, against real revisions of a real repository."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.inside import Shop, call
from tests.support.project import ENVIRONMENT

BEFORE = """\
version: 1
playbook: shop
metrics:
  累计消费: {orders: amount}
tags:
  大客户: {group: 价值, when: {累计消费: 3000..}}
  爱水果: {group: 偏好, when: {items: {where: {category: 水果}}}}
segments:
  好客: {when: {tag: 大客户}}
  果客: {when: {tag: 爱水果}}
campaigns:
  上新: {to: 好客, channel: file, every: 30d, text: "车厘子到了"}
"""


def git(folder: Path, *arguments: str) -> None:
    names = {f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *arguments], cwd=folder, env={**ENVIRONMENT, **names}, check=True, capture_output=True)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A project in a folder of a repository, committed once."""
    found = Shop(tmp_path / "店")
    found.write("pdo.yaml", "language: zh\n")
    found.write("playbooks/shop.yaml", BEFORE)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "一")
    return found


def change(shop: Shop, *pairs: tuple[str, str]) -> None:
    text = (shop.root / "playbooks" / "shop.yaml").read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    shop.write("playbooks/shop.yaml", text)


def changes(shop: Shop, *arguments: str) -> list[tuple[Any, ...]]:
    data = json.loads(shop.pdo("diff", *(arguments or ("HEAD",)), "--format", "json").stdout)["data"]
    return [(one["change"], one["kind"], one["name"], one["resting"]) for one in data["changes"]]


def test_nothing_has_changed(shop: Shop) -> None:
    assert shop.pdo("diff", "HEAD", "--exit-code").stdout == "HEAD → 现在的文件：规则的意思没有变。\n"


def test_a_limit_is_told_before_and_after_with_all_that_hangs_on_it(shop: Shop) -> None:
    change(shop, ("3000..", "5000.."))
    assert shop.pdo("diff", "HEAD").stdout.splitlines() == [
        "HEAD → 现在的文件：1 条规则有变。",
        "",
        "改动：标签「大客户」",
        "  原来：「累计消费」至少 3000 元的客户。",
        "  现在：「累计消费」至少 5000 元的客户。",
        "  牵连：人群「好客」、触达活动「上新」",
    ]
    shop.pdo("diff", "HEAD", "--exit-code", code=3)


def test_english_and_markdown(shop: Shop) -> None:
    change(shop, ("3000..", "5000.."))
    assert shop.pdo("diff", "HEAD", "--format", "markdown", PDO_LANG="en").stdout.splitlines() == [
        "## What the change of playbooks means",
        "",
        "HEAD → the files as they are: 1 rules are not the same.",
        "",
        "### Changed: Tag “大客户”",
        "",
        "- before: every customer, provided that “累计消费” is at least 3000 yuan.",
        "- now:    every customer, provided that “累计消费” is at least 5000 yuan.",
        "- What hangs on it: Segment “好客”, Campaign “上新”",
    ]


def test_rules_come_and_go_in_the_order_in_which_they_rest_on_each_other(shop: Shop) -> None:
    change(
        shop,
        ("  果客: {when: {tag: 爱水果}}\n", ""),
        ("metrics:\n", "metrics:\n  单数: {orders: count}\n"),
        ('"车厘子到了"', '"{{ 单数 }} 单了"'),
    )
    assert changes(shop) == [
        ("added", "metric", "单数", ["触达活动「上新」"]),
        ("removed", "segment", "果客", []),
        ("changed", "campaign", "上新", []),
    ]


def test_a_rename_is_no_change_of_who_names_it(shop: Shop) -> None:
    change(shop, ("tag: 爱水果", "tag: 果迷"), ("  爱水果: {", "  果迷: {was: 爱水果, "))
    assert changes(shop) == [("renamed", "tag", "果迷", ["人群「果客」"])]
    assert "改名：标签「爱水果」 → 标签「果迷」\n  牵连" in shop.pdo("diff", "HEAD").stdout


def test_a_name_that_is_not_said_to_be_another_one_is_lost_and_new(shop: Shop) -> None:
    change(shop, ("爱水果", "果迷"))
    assert {one[:3] for one in changes(shop)} == {
        ("removed", "tag", "爱水果"),
        ("added", "tag", "果迷"),
        ("changed", "segment", "果客"),
    }


def test_another_way_to_write_it_is_said_to_be_just_that(shop: Shop) -> None:
    text = BEFORE.replace(
        "{group: 价值, when: {累计消费: 3000..}}", "\n    # 值钱的\n    when: {累计消费: 3000元..}\n    group: 价值"
    )
    shop.write("playbooks/shop.yaml", text)
    assert shop.pdo("diff", "HEAD", "--exit-code").stdout.splitlines()[-1].endswith("规则的意思没有变：shop")
    shop.pdo("fmt", "--lang", "zh")
    assert changes(shop) == []


def test_a_rule_in_another_playbook_and_settings_are_told(shop: Shop) -> None:
    change(shop, ("  果客: {when: {tag: 爱水果}}\n", ""))
    shop.write("playbooks/two.yaml", "version: 1\nplaybook: two\nsegments:\n  果客: {when: {tag: 爱水果}}\n")
    shop.write("pdo.yaml", "language: zh\ntimezone: Asia/Tokyo\n")
    said = shop.pdo("diff", "HEAD").stdout
    assert "换了方案：人群「果客」，shop → two" in said
    assert "timezone" in said.splitlines()[-1]


def test_two_revisions_and_two_folders(shop: Shop, tmp_path: Path) -> None:
    change(shop, ("3000..", "5000.."))
    git(tmp_path, "commit", "--all", "--quiet", "--message", "二")
    change(shop, ("5000..", "9000.."))
    assert changes(shop, "HEAD~1", "HEAD") == changes(shop, "HEAD") == changes(shop, "HEAD~1")
    shop.write("../旧/pdo.yaml", "language: zh\n")
    shop.write("../旧/playbooks/shop.yaml", BEFORE)
    done = call("diff", str(tmp_path / "旧"), str(shop.root), "--format", "json")
    assert [one["name"] for one in json.loads(done.stdout)["data"]["changes"]] == ["大客户"]


def test_the_repository_stays_as_it_is(shop: Shop, tmp_path: Path) -> None:
    change(shop, ("3000..", "5000.."))
    git(tmp_path, "add", "--all")
    change(shop, ("5000..", "9000.."))
    index = (tmp_path / ".git" / "index").read_bytes()
    before = {path: path.read_bytes() for path in shop.root.rglob("*") if path.is_file()}
    shop.pdo("diff", "HEAD", GIT_DIR=str(tmp_path / "elsewhere"), GIT_INDEX_FILE="x")
    assert (tmp_path / ".git" / "index").read_bytes() == index
    assert {path: path.read_bytes() for path in shop.root.rglob("*") if path.is_file()} == before


def test_what_cannot_be_compared_is_said(shop: Shop, tmp_path: Path) -> None:
    assert "没有版本 nix" in shop.pdo("diff", "nix", code=2).stderr
    assert "没有版本 --all" in call("diff", "--project", str(shop.root), "--", "--all").stderr
    assert "没有 git" in shop.pdo("diff", "HEAD", code=2, PATH=str(tmp_path)).stderr
    git(tmp_path, "rm", "-r", "--quiet", "--cached", "店")
    git(tmp_path, "commit", "--quiet", "--message", "空", "--allow-empty")
    assert "店/pdo.yaml" in shop.pdo("diff", "HEAD", code=2).stderr
    alone = Shop(tmp_path.parent / f"{tmp_path.name}-alone")
    alone.write("pdo.yaml", "language: zh\n")
    alone.write("a.yaml", "version: 1\nplaybook: a\n")
    assert "不在 git 仓库里" in alone.pdo("diff", "HEAD", code=2, GIT_CEILING_DIRECTORIES=str(tmp_path.parent)).stderr


def test_errors_of_a_revision_are_told_with_the_revision(shop: Shop, tmp_path: Path) -> None:
    change(shop, ("tag: 爱水果", "tag: 没有的"))
    git(tmp_path, "commit", "--all", "--quiet", "--message", "坏")
    change(shop, ("tag: 没有的", "tag: 爱水果"))
    said = shop.pdo("diff", "HEAD", code=3).stderr
    assert "HEAD:店/playbooks/shop.yaml" in said
