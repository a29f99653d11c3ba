"""Input made to break the reader: it ends quickly, with findings, and never with a traceback."""

import time
from pathlib import Path

import pytest

from pdo.core.diagnostics import Findings
from pdo.core.source import Source
from pdo.model.playbook import Project
from pdo.model.settings import Settings
from pdo.playbook.project import load_project, parse_condition_text, read_project
from pdo.playbook.reading import Reading

HOSTILE = {
    "brackets": "[" * 100_000,
    "braces": "{a: " * 50_000,
    "dashes": "- " * 60_000,
    "aliases": "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a, *a, *a, *a, *a]\n" for n in range(50)),
    "nul": "tags: {a\x00b: {}}",
    "separators": "tags:\u2028  甲: {when: {city: 北\u2029京}}",
    "tabs": "tags:\n\t甲:\n\t\twhen:\n\t\t\tcity: 北京",
    "quotes": '"' * 9_999,
    "percent": "%YAML 9.9\n---\nversion: 1",
    "question": "? " * 1_000,
    "merge": "<<: {version: 1}\nversion: 1",
    "no end": "text: 'x" + "\n" * 5_000,
    "half a line": "tags:\n  甲: {when: {city: [北京",
    "many broken lines": "tags:\n" + "  甲: {when: [}\n" * 300,
    "colons": ":" * 5_000,
    "full width": "：" * 5_000,
    "one long line": "tags: {" + "甲: {when: {city: 北京}}, " * 10_000 + "}",
    "bom inside": "version: 1\n\ufefftags: {}",
    "crlf": "version: 1\r\nplaybook: p\r\ntags:\r\n  甲: {when: {city: 北京}}\r\n",
    "deep conditions": "version: 1\nplaybook: p\ntags: {甲: {when: " + "{not: " * 36 + "{city: 北京}" + "}" * 36 + "}}",
    "deep template": "campaigns:\n  甲: {to: everyone, channel: file, text: '{{ "
    + "(" * 1_500
    + "name"
    + ")" * 1_500
    + " }}'}",
    "closed again and again": 'version: 1】\nplaybook: p\ncampaigns:\n\t  甲: {to: everyone, text: "您好, 券已到\t',
    "a very long line that is never closed": "tags: " + "{a: [" * 15 + "b, " * 100_000 + "@",
    "quoted again and again": "t: {s: {e\n    \n    s:\n" + "      - e: ,: \n" * 2 + "      - e: ,: '\"\u00a0",
    "format": "tags: {'{0}{x.__class__}': {when: {'{0}': '{1}'}}}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_ends_with_findings(name: str, settings: Settings) -> None:
    reading = Reading(settings, Findings())
    start = time.monotonic()
    read_project((Source("p.yaml", HOSTILE[name]),), reading)
    parse_condition_text(HOSTILE[name], settings, Project())
    for found in reading.findings:
        assert found.message("zh")
        assert found.message("en")
        assert found.hint("zh") is not None
    assert time.monotonic() - start < 20
    assert reading.findings.has_errors or name in ("crlf", "deep conditions")


def test_a_file_of_100_mb_is_not_read(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    project, findings = load_project(settings, [path])
    assert project is None
    assert [found.key for found in findings] == ["PB112.size"]


def test_a_chain_of_a_thousand_tags(settings: Settings) -> None:
    lines = ["version: 1", "playbook: p", "tags:", "  t0: {when: {city: 北京}}"]
    lines += [f"  t{n}: {{when: {{tag: t{n - 1}}}}}" for n in range(1, 1_000)]
    reading = Reading(settings, Findings())
    project = read_project((Source("p.yaml", "\n".join(reversed(lines[3:]))),), reading)
    head, tail = lines[:3], list(reversed(lines[3:]))
    reading = Reading(settings, Findings())
    project = read_project((Source("p.yaml", "\n".join(head + tail)),), reading)
    assert not reading.findings.has_errors
    assert [rule.name for rule in project.order[:3]] == ["t0", "t1", "t2"]
