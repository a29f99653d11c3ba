"""`pdo test` as users and CI call it: exit codes, what it prints, JSON, JUnit, coverage; no store is loaded."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.inside import Shop
from tests.support.project import ENVIRONMENT
from tests.testing.tried import written

RULES = """\
version: 1
playbook: 规则
tags:
  买过: {group: 行为, when: {orders: {}}}
  大额: {group: 行为, when: {orders: {amount: 100..}}}
segments:
  名单: {when: {tag: 买过}}
campaigns:
  问候: {to: 名单, channel: file, text: "{{ name | default('您') }}好"}
"""
GOOD = """\
  - name: 买过的人
    now: 2026-03-02 09:00
    customers: [{customer_id: a, name: 王芳}, {customer_id: b}]
    orders: [{customer_id: a, paid_at: 2026-03-01, paid: 50}]
    expect: {members: {买过: [a]}}
"""
BAD = """\
  - name: 大额的人
    now: 2026-03-02 09:00
    customers: [{customer_id: a}]
    orders: [{customer_id: a, paid_at: 2026-03-01, paid: 50}]
    expect: {tags: {a: [大额]}}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(written(tmp_path, GOOD, settings="language: zh\n", rules=RULES))


def test_examples_that_pass(shop: Shop) -> None:
    assert shop.pdo("test").stdout == "1 个例子，全部通过。\n"
    assert shop.pdo("test", PDO_LANG="en").stdout == "1 example(s), all passed.\n"


def test_an_example_that_fails_says_where_who_what_and_why(shop: Shop) -> None:
    written(shop.root, GOOD + BAD, settings="language: zh\n", rules=RULES)
    place = shop.root / "playbooks" / "例.cases.yaml"
    assert shop.pdo("test", code=3).stdout == (
        f"✗ 大额的人  {place}:8:11\n"
        f"  {place}:12:25  （2026-03-02 09:00）\n"
        "    a：应有标签 大额；实有 买过\n"
        "      ✗ 标签 大额\n"
        "        ✗ orders: amount: 100..  ← 50.00\n"
        "\n"
        "2 个例子，1 个通过，1 个没通过。\n"
    )


def test_only_some_of_them(shop: Shop) -> None:
    written(shop.root, GOOD + BAD, settings="language: zh\n", rules=RULES)
    assert shop.pdo("test", "--run", "买过").stdout == "1 个例子，全部通过。\n"
    assert "没有名字里有“买个”的例子" in shop.pdo("test", "--run", "买个", code=2).stderr
    assert "1 个没通过" in shop.pdo("test", str(shop.root / "playbooks" / "例.cases.yaml"), code=3).stdout
    done = shop.pdo("test", str(shop.root / "playbooks" / "规则.yaml"), code=2)
    assert "没有例子可以运行" in done.stderr


def test_no_example_is_a_mistake(shop: Shop) -> None:
    (shop.root / "playbooks" / "例.cases.yaml").unlink()
    done = shop.pdo("test", code=2)
    assert "没有例子可以运行" in done.stderr
    assert "customers: [{customer_id: a}]" in done.stderr


def test_playbooks_with_errors_are_told_as_validate_does(shop: Shop) -> None:
    shop.write("playbooks/错.yaml", "version: 1\nplaybook: 错\nsegments:\n  甲: {when: {tag: 没有的}}\n")
    assert "error[PB201]" in shop.pdo("test", code=3).stderr
    assert json.loads(shop.pdo("test", "--format", "json", code=3).stdout)["diagnostics"][0]["code"] == "PB201"
    suites = ET.fromstring(shop.pdo("test", "--format", "junit", code=3).stdout)  # noqa: S314  (our own)
    assert int(suites.attrib["failures"]) == 1


def test_json(shop: Shop) -> None:
    written(shop.root, GOOD + BAD, settings="language: zh\n", rules=RULES)
    envelope = json.loads(shop.pdo("test", "--format", "json", code=3).stdout)
    assert envelope["status"] == "findings"
    data = envelope["data"]
    assert {key: data[key] for key in ("total", "passed", "failed")} == {"total": 2, "passed": 1, "failed": 1}
    good, bad = data["examples"]
    assert set(good) == {
        *("name", "playbook", "passed", "file", "line", "column"),
        *("failures", "unchecked", "unread", "unused", "messages"),
    }
    assert good["messages"] == [
        {
            "campaign": "问候",
            "customer_id": "a",
            "text": "王芳好",
            "withheld": None,
            "moment": "2026-03-02T09:00:00+08:00",
        }
    ]
    (failure,) = bad["failures"]
    assert (failure["aspect"], failure["customer_id"], failure["name"], failure["line"]) == ("tag", "a", "大额", 12)
    assert failure["why"][0]["nodes"][0]["value"] == "50.00"
    assert set(data["coverage"]) == {"percent", "seen", "outcomes", "rules"}


def test_junit(shop: Shop) -> None:
    written(shop.root, GOOD + BAD, settings="language: zh\n", rules=RULES)
    suites = ET.fromstring(shop.pdo("test", "--format", "junit", code=3).stdout)  # noqa: S314  (our own)
    assert (suites.attrib["tests"], suites.attrib["failures"]) == ("2", "1")
    good, bad = suites.iter("testcase")
    assert good.find("failure") is None
    failure = bad.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "a：应有标签 大额；实有 买过"


def test_messages_are_shown(shop: Shop) -> None:
    assert "2026-03-02 09:00  问候 → a：王芳好\n" in shop.pdo("test", "--show-messages").stdout


def test_coverage_names_what_no_example_has_seen(shop: Shop) -> None:
    done = shop.pdo("test", "--coverage")
    assert f"{shop.root}/playbooks/规则.yaml:5:3  标签 大额：没有例子里成立\n" in done.stdout
    assert "标签 买过" not in done.stdout
    assert done.stdout.endswith("例子看到了规则两面的 87.5%（7/8）。\n")


def test_too_little_coverage_fails(shop: Shop) -> None:
    assert shop.pdo("test", "--min-coverage", "87").stdout.endswith("87.5%（7/8）。\n")
    assert "低于 --min-coverage 要求的 88%" in shop.pdo("test", "--min-coverage", "88", code=3).stdout
    shop.pdo("test", "--min-coverage", "101", code=2)


@pytest.mark.slow
def test_several_projects_at_once(shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "另"
    other.mkdir()
    written(other, BAD, settings="language: zh\n", rules=RULES)
    done = subprocess.run(
        [sys.executable, "-m", "pdo", "test", str(shop.root), str(other)],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (3, "2 个例子，1 个通过，1 个没通过。")


def test_no_store_is_loaded_not_even_to_read_files(shop: Shop) -> None:
    (shop.root / "客户.csv").write_text("客户编号\na\n", "utf-8")
    files = "  - {name: 文件, now: 2026-03-02, customers: 客户.csv, expect: {members: {买过: []}}}\n"
    written(shop.root, GOOD + BAD + files, settings="language: zh\n", rules=RULES)
    asked = f"import sys; from pdo.cli import run; code = run(['test', '--project', {str(shop.root)!r}])\n"
    asked += "print(code, [name for name in ('sqlmodel', 'sqlalchemy', 'alembic', 'pdo.store') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert done.stdout.splitlines()[-1] == "3 []"
    assert not (shop.root / "pdo.db").exists()
