"""Findings in the formats of those who show them: each is well formed, and all of them say the same."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.cli.inside import call
from tests.support.project import Done

PLAYBOOK = """\
version: 1
playbook: 甲
tags:
  a: {when: {city: [北京，上海]}}
  b: {when: {none: [{city: 北京}]}}
  c: {when: {none: [{city: 上海}]}}   # pdo: ignore PB904 就是要这样，100%
  d: {when: {tag: e}}
  e: {when: {tag: d}}
segments:
  "a:b,c<&>": {when: {tag: a}, columns: [nmae]}
"""
CLEAN = "version: 1\nplaybook: 乙\n"
MARKUP = re.compile(r"^::(error|warning|notice) ([^:]*(?::(?!:)[^:]*)*)::(.*)$")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "pdo.yaml").write_text("language: zh\n", "utf-8")
    (tmp_path / "playbooks" / "甲 a.yaml").write_text(PLAYBOOK, "utf-8")
    (tmp_path / "playbooks" / "乙.yaml").write_text(CLEAN, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(name: str, *options: str, code: int = 3) -> Done:
    done = call("validate", "--format", name, *options)
    assert (done.returncode, done.stderr) == (code, "")
    return done


def found(*options: str) -> list[dict[str, Any]]:
    findings: list[dict[str, Any]] = json.loads(told("json", *options).stdout)["diagnostics"]
    return findings


def places() -> list[tuple[str, str, int, int]]:
    """What JSON says, which every other format must say as well."""
    return [(one["code"], one["file"], one["line"], one["column"]) for one in found()]


@pytest.mark.usefixtures("project")
def test_there_is_something_of_every_severity() -> None:
    assert {one["severity"] for one in found()} >= {"error", "advice"}


def test_github(project: Path) -> None:
    *annotations, summary = told("github").stdout.splitlines()
    assert not summary.startswith("::")
    seen = []
    for line in annotations:
        parts = MARKUP.match(line)
        assert parts, line
        properties = dict(one.split("=", 1) for one in parts[2].split(","))
        assert set(properties) == {"title", "file", "line", "col", "endLine", "endColumn"}
        assert (project / properties["file"].replace("%3A", ":").replace("%2C", ",")).is_file()
        code = properties["title"].removeprefix("pdo ")
        assert parts[3].startswith(f"{properties['file']}:{properties['line']}:{properties['col']}: {code} ")
        seen.append((code, properties["file"], int(properties["line"]), int(properties["col"])))
    assert seen == places()


def test_sarif_has_what_the_standard_requires(project: Path) -> None:
    log = json.loads(told("sarif").stdout)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "pdo"
    rules = [rule["id"] for rule in driver["rules"]]
    assert rules == sorted(set(rules))
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    assert run["columnKind"] == "unicodeCodePoints"
    assert [invocation["executionSuccessful"] for invocation in run["invocations"]] == [True]
    seen = []
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        for place in (*result["locations"], *result.get("relatedLocations", ())):
            physical = place["physicalLocation"]
            uri, region = physical["artifactLocation"]["uri"], physical["region"]
            assert uri.isascii()
            assert (project / unquote(uri)).is_file()
            assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])
        if "suppressions" not in result:
            physical = result["locations"][0]["physicalLocation"]
            region = physical["region"]
            uri = unquote(physical["artifactLocation"]["uri"])
            seen.append((result["ruleId"], uri, region["startLine"], region["startColumn"]))
    assert seen == places()
    assert [r["suppressions"] for r in run["results"] if "suppressions" in r] == [
        [{"kind": "inSource", "justification": "就是要这样，100%"}]
    ]
    marks = [result["partialFingerprints"]["pdo/v1"] for result in run["results"]]
    assert len(set(marks)) == len(marks)


def test_junit(project: Path) -> None:
    suites = ET.fromstring(told("junit").stdout)  # noqa: S314  (our own output)
    by_name = {suite.get("name"): suite for suite in suites}
    assert set(by_name) == {"playbooks/乙.yaml", "playbooks/甲 a.yaml"}
    assert [len(case) for case in by_name["playbooks/乙.yaml"]] == [0]
    cases = list(by_name["playbooks/甲 a.yaml"])
    assert [(case.get("name"), int(case.get("line", 0)), int(case.get("column", 0))) for case in cases] == [
        (f"{code}:{line}:{column}", line, column) for code, _, line, column in places()
    ]
    assert [case.find("failure") is not None for case in cases] == [one["severity"] == "error" for one in found()]
    failures = sum(one["severity"] == "error" for one in found())
    assert suites.get("failures") == str(failures)
    assert suites.get("tests") == str(len(cases) + 1)
    strict = ET.fromstring(told("junit", "--strict").stdout)  # noqa: S314  (our own output)
    assert strict.get("failures") == str(len(cases))


def test_gitlab(project: Path) -> None:
    report = json.loads(told("gitlab").stdout)
    seen = []
    for one in report:
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
        begin = one["location"]["positions"]["begin"]
        assert (project / one["location"]["path"]).is_file()
        seen.append((one["check_name"], one["location"]["path"], begin["line"], begin["column"]))
    assert seen == places()
    assert len({one["fingerprint"] for one in report}) == len(report)


def test_a_fingerprint_stays_when_lines_come_above(project: Path) -> None:
    before = {one["fingerprint"] for one in json.loads(told("gitlab").stdout)}
    path = project / "playbooks" / "甲 a.yaml"
    path.write_text(PLAYBOOK.replace("tags:\n", "\n# 新的一行\n\ntags:\n"), "utf-8")
    assert {one["fingerprint"] for one in json.loads(told("gitlab").stdout)} == before


@pytest.mark.parametrize("name", ["github", "sarif", "junit", "gitlab", "concise", "json"])
def test_nothing_found(project: Path, name: str) -> None:
    (project / "playbooks" / "甲 a.yaml").unlink()
    out = told(name, code=0).stdout
    match name:
        case "sarif":
            assert json.loads(out)["runs"][0]["results"] == []
        case "gitlab":
            assert json.loads(out) == []
        case "junit":
            assert ET.fromstring(out).get("failures") == "0"  # noqa: S314  (our own output)
        case "json":
            assert json.loads(out)["status"] == "ok"
        case _:
            assert len(out.splitlines()) == 1


@pytest.mark.parametrize("name", ["github", "sarif", "junit", "gitlab", "concise", "text", "json"])
def test_control_characters_of_a_file_do_no_harm(project: Path, name: str) -> None:
    path = project / "playbooks" / "甲 a.yaml"
    path.write_text("version: 1\nplaybook: x\ntags:\n  'a\x1b[2J\u202e\ufffe': {when: {city: '\x07'}}\n", "utf-8")
    out = told(name).stdout
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", out)
    if name == "junit":
        ET.fromstring(out)  # noqa: S314  (our own output)


# What is chosen, and what is silenced -------------------------------------------------------------------------------------


def test_select_and_ignore(project: Path) -> None:
    every = {one["code"] for one in found()}
    assert {"PB107", "PB904", "PB205"} <= every
    assert {one["code"] for one in found("--select", "PB9")} == {"PB107", "PB904"}
    assert "PB904" not in {one["code"] for one in found("--ignore", "pb904,PB2")}
    data = json.loads(told("json", "--ignore", "PB904").stdout)["data"]
    assert (data["hidden"], data["silenced"]) == (1, 1)
    assert "没有显示的 1 处" in told("text", "--ignore", "PB904").stdout
    done = call("validate", "--select", "PB77")
    assert (done.returncode, done.stdout) == (2, "")
    assert "PB77" in done.stderr
    assert project.is_dir()


def test_what_is_ignored_does_not_fail_but_what_cannot_be_read_does(project: Path) -> None:
    path = project / "playbooks" / "甲 a.yaml"
    path.write_text("version: 1\nplaybook: x\ntags:\n  a: {when: {tag: 没有}}\n", "utf-8")
    assert call("validate", "--ignore", "PB2").returncode == 0
    path.write_text("version: 1\nplaybook: x\ntags: [\n", "utf-8")
    assert call("validate", "--ignore", "PB").returncode == 3
    path.write_bytes("version: 1 # 方案\n".encode("gb18030"))
    assert call("validate", "--select", "PB9").returncode == 3


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("a: {when: {none: [{city: 北京}]}}  # pdo: ignore PB904 新店", []),
        ("# pdo: ignore PB904 新店\n  a: {when: {none: [{city: 北京}]}}", []),
        ("# pdo：忽略 PB904，新店\n\n  # 别的\n  a: {when: {none: [{city: 北京}]}}", []),
        ("a: {when: {none: [{city: 北京}]}}  # pdo: ignore PB904", ["PB130", "PB904"]),
        ("a: {when: {none: [{city: 北京}]}}  # pdo: ignore PB902 新店", ["PB904", "PB990"]),
        ("a: {group: '# pdo: ignore PB904 新店', when: {none: [{city: 北京}]}}", ["PB904"]),
        ("a: {when: {city: 北京}}  # pdo: ignored", []),
    ],
)
def test_comments_that_silence(project: Path, line: str, keys: list[str]) -> None:
    path = project / "playbooks" / "甲 a.yaml"
    path.write_text(f"version: 1\nplaybook: x\ntags:\n  {line}\n", "utf-8")
    done = call("validate", "--format", "json")
    assert sorted(one["code"] for one in json.loads(done.stdout)["diagnostics"]) == keys
    assert done.returncode == 0


def test_files_of_several_projects_from_above_them(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = project / "other"
    (other / "playbooks").mkdir(parents=True)
    (other / "pdo.yaml").write_text("timezone: Nowhere\n", "utf-8")
    (other / "playbooks" / "丙.yaml").write_text(CLEAN, "utf-8")
    monkeypatch.chdir(project.parent)
    name = project.name
    done = call("validate", "--format", "concise", f"{name}/playbooks/乙.yaml", f"{name}/other/playbooks/丙.yaml")
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        f"{name}/other/pdo.yaml",
        "2 个文件：1 处错误，0 处警告或建议。",
    ]
    assert call("validate", f"{name}/pdo.yaml").returncode == 0
    assert call("validate", f"{name}/nowhere.yaml").returncode == 2
