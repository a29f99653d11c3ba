"""`pdo describe`: the worked project as sentences, word for word; `PDO_UPDATE=1` writes them as they are now."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.inside import call
from tests.cli.test_help import HEAVY, loaded
from tests.support.project import ROOT

PROJECT = str(ROOT / "playbooks" / "fresh-retail")
GOLDEN = Path(__file__).parent / "golden"


def golden(name: str, text: str) -> None:
    """A text is as it is kept."""
    path = GOLDEN / name
    if os.environ.get("PDO_UPDATE"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_worked_project_in_sentences(language: str) -> None:
    done = call("describe", "--project", PROJECT, PDO_LANG=language)
    assert (done.returncode, done.stderr) == (0, "")
    golden(f"fresh-retail.{language}.txt", done.stdout)


def test_a_rule_is_said_as_one_would_say_it() -> None:
    done = call("describe", "重要客户将流失", "--project", PROJECT)
    assert done.stdout.splitlines()[0] == (
        "标签「重要客户将流失」：至少 3 单、最近一单在 30 到 60 天前、累计至少 500 元的客户。"
    )


def test_a_playbook_stands_for_its_rules() -> None:
    done = call("describe", "fresh-stages", "policy", "--project", PROJECT, "--format", "json")
    rules = json.loads(done.stdout)["data"]["rules"]
    assert [rule["name"] for rule in rules] == ["客户阶段", "AIPL", "新老客", ""]
    assert {rule["kind"] for rule in rules} == {"lifecycle", "policy"}
    assert rules[0]["file"].endswith("03-客户阶段.yaml")
    assert len(rules[0]["sentence"]["parts"]) == 5


def test_a_name_that_nothing_has_is_answered_with_the_nearest() -> None:
    done = call("describe", "大客", "--project", PROJECT)
    assert (done.returncode, done.stdout) == (2, "")
    assert "大客户" in done.stderr


def test_control_characters_of_a_playbook_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "pdo.yaml").write_text("language: zh\n", "utf-8")
    text = 'version: 1\nplaybook: a\ntags:\n  A: {when: {city: "\\e[31m红"}}\n'
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    done = call("describe", "--project", str(tmp_path))
    assert "\x1b" not in done.stdout + done.stderr
    assert "红" in done.stdout + done.stderr


@pytest.mark.parametrize("command", [["describe"], ["handbook"], ["diff", PROJECT]])
def test_neither_store_nor_engine_is_loaded(command: list[str]) -> None:
    texts_need = {"jinja2"}
    assert set(HEAVY) & loaded([*command, "--project", PROJECT]) <= texts_need
