"""`pdo fmt` and `pdo schema` as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.inside import call

ENGLISH = "version: 1\nplaybook: p\ntags: {甲: {when: {city: 北京}}}   # 注释\n"
CHINESE = "版本: 1\n方案: p\n标签: {甲: {条件: {城市: 北京}}}   # 注释\n"
MIXED = "version: 1\nplaybook: q\ntags: {乙: {条件: {city: 北京}}}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "pdo.yaml").write_text("language: zh\n", "utf-8")
    (tmp_path / "playbooks" / "a.yaml").write_text(ENGLISH, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_keys_become_chinese_and_english_again(project: Path) -> None:
    path = project / "playbooks" / "a.yaml"
    done = call("fmt", "--lang", "zh")
    assert (done.returncode, path.read_text("utf-8")) == (0, CHINESE)
    assert done.stdout == "已改写  pdo.yaml（1 处）\n已改写  playbooks/a.yaml（5 处）\n改写 2 个文件，0 个本来就是。\n"
    assert call("validate").returncode == 0
    assert call("fmt", "--lang", "zh").stdout == "改写 0 个文件，2 个本来就是。\n"
    assert call("fmt", "--lang", "en").returncode == 0
    assert path.read_text("utf-8") == ENGLISH


def test_without_a_language_it_only_looks(project: Path) -> None:
    (project / "playbooks" / "b.yaml").write_text(MIXED, "utf-8")
    done = call("fmt")
    assert done.returncode == 3
    assert [line.split() for line in done.stdout.splitlines()[1:4]] == [
        ["pdo.yaml", "英文"],
        ["playbooks/a.yaml", "英文"],
        ["playbooks/b.yaml", "中英文混用"],
    ]
    assert (project / "playbooks" / "b.yaml").read_text("utf-8") == MIXED
    assert call("validate").returncode == 3
    assert call("fmt", "--lang", "en", "playbooks/b.yaml").returncode == 0
    assert (call("validate").returncode, call("fmt").returncode) == (0, 0)


def test_check_and_diff_write_nothing(project: Path) -> None:
    path = project / "playbooks" / "a.yaml"
    checked = call("fmt", "--lang", "zh", "--check")
    assert (checked.returncode, checked.stdout.splitlines()[-1]) == (3, "要改写 2 个文件，0 个本来就是。没有写入。")
    assert call("fmt", "--lang", "en", "--check").returncode == 0
    shown = call("fmt", "--lang", "zh", "--diff", "playbooks/a.yaml")
    assert shown.returncode == 0
    assert [line for line in shown.stdout.splitlines() if line.startswith("+")] == [
        "+++ b/playbooks/a.yaml",
        *(f"+{line}" for line in CHINESE.splitlines()),
    ]
    assert path.read_text("utf-8") == ENGLISH


def test_a_file_with_errors_is_named_and_left_alone(project: Path) -> None:
    bad = ENGLISH.replace("when", "wehn").replace("playbook: p", "playbook: q")
    (project / "playbooks" / "b.yaml").write_text(bad, "utf-8")
    done = call("fmt", "--lang", "zh", "playbooks")
    assert done.returncode == 3
    assert "error[PB114]: 甲 里没有“wehn”这一项。" in done.stdout
    assert "playbooks/b.yaml:3:12" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("有错误、没有动的文件：playbooks/b.yaml。")
    assert (project / "playbooks" / "a.yaml").read_text("utf-8") == CHINESE
    assert (project / "playbooks" / "b.yaml").read_text("utf-8") == bad


def test_wrong_settings_stop_everything(project: Path) -> None:
    (project / "pdo.yaml").write_text("timezone: Mars\n", "utf-8")
    done = call("fmt", "--lang", "zh")
    assert done.returncode == 3
    assert "PB315" in done.stdout
    assert (project / "playbooks" / "a.yaml").read_text("utf-8") == ENGLISH


@pytest.mark.usefixtures("project")
def test_json_says_the_same() -> None:
    done = json.loads(call("fmt", "--lang", "zh", "--check", "--format", "json").stdout)
    assert (done["command"], done["status"]) == ("fmt", "findings")
    assert done["data"] == {
        "language": "zh",
        "written": False,
        "files": [
            {"path": "pdo.yaml", "language": "en", "mixed": False, "keys": 1},
            {"path": "playbooks/a.yaml", "language": "en", "mixed": False, "keys": 5},
        ],
        "refused": [],
    }


@pytest.mark.parametrize("file", [(), ("playbook",), ("cases",), ("pdo",)])
def test_a_schema_is_json(file: tuple[str, ...]) -> None:
    done = call("schema", *file)
    assert done.returncode == 0
    assert json.loads(done.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_there_are_three_schemas() -> None:
    assert call("schema", "tags").returncode == 2
