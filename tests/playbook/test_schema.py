"""The schema for editors: it takes what is right, refuses what is wrong, explains every key, and its copies are current."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pdo.core.codes import codes, examples_of
from pdo.core.diagnostics import Findings
from pdo.core.source import Source
from pdo.deliver.starting import lay_project, template_names
from pdo.model.settings import Settings
from pdo.playbook import grammar
from pdo.playbook.files import CASES_SUFFIXES, SETTINGS_FILE
from pdo.playbook.formatting import format_keys
from pdo.playbook.grammar.blocks import RESERVED
from pdo.playbook.languages import Lexicon
from pdo.playbook.project import read_project
from pdo.playbook.reading import Reading
from pdo.playbook.schema import DIALECT, FILES, schema_of, schema_text
from pdo.playbook.settings import read_settings
from tests.playbook.plain_yaml import as_editors_read
from tests.playbook.test_codes import LISTS, written
from tests.support.project import ROOT

MODELINE = re.compile(r"^# yaml-language-server: \$schema=(\S+)$", re.MULTILINE)
HEAD = "version: 1\nplaybook: p\n"


@lru_cache
def validator(file: str) -> Any:
    return jsonschema.Draft202012Validator(schema_of(file))


def wrong(file: str, text: str) -> list[str]:
    """What an editor would mark."""
    return [error.message for error in validator(file).iter_errors(as_editors_read(text))]


def kind_of(path: Path) -> str:
    if path.name == SETTINGS_FILE:
        return "pdo"
    return "cases" if path.name.endswith(CASES_SUFFIXES) else "playbook"


def shipped() -> Iterator[Path]:
    for folder in ("playbooks", "pdo/deliver/starter"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            if path.parent.name in ("playbooks", "zh", "en") or path.name == SETTINGS_FILE:
                yield path


SHIPPED = tuple(shipped())


@pytest.mark.parametrize("file", FILES)
def test_it_is_a_schema_of_its_dialect(file: str) -> None:
    schema = schema_of(file)
    assert schema["$schema"] == DIALECT
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", FILES)
def test_the_copy_is_current(file: str) -> None:
    path = ROOT / "docs" / "schema" / f"{file}.schema.json"
    assert path.read_text("utf-8") == schema_text(file), "run make docs"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_shipped_files_are_right_in_both_languages(path: Path) -> None:
    text = path.read_text("utf-8")
    assert wrong(kind_of(path), text) == []
    root = next(folder for folder in path.parents if (folder / SETTINGS_FILE).is_file())
    settings, _ = read_settings(root)  # for the tables that it declares
    assert settings is not None
    chinese = format_keys(Source(path.name, text), "zh", Lexicon(settings), Findings())
    assert chinese is not None
    assert wrong(kind_of(path), chinese.text) == []


EXPECTING = "examples:\n  - {name: 例, now: 2026-03-02 09:00, customers: [{customer_id: a}], expect: "


@pytest.mark.parametrize(
    "expected",
    [
        "{messages: {回店: a}}",
        "{tasks: {将流失: [a]}}",
        "{members: {将流失: a}}",
        "{members: {将流失: []}}",
        "{absent: {messages: {回店: a}}}",
        "{absent: {messages: {回店: {a: {contains: 王}}}, tasks: {将流失: a}, stages: {阶段: {a: [新, 老]}}}}",
    ],
)
def test_what_examples_may_expect_is_not_marked(expected: str) -> None:
    assert wrong("cases", f"{EXPECTING}{expected}}}\n") == []


@pytest.mark.slow
def test_what_the_reader_takes_is_not_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mended twin of every finding, and each of them with one value as a list, or a list of one as a value."""
    monkeypatch.chdir(tmp_path)
    settings = Settings(tmp_path, tmp_path / "pdo.db")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "老客.csv").write_text(LISTS["老客.csv"], "utf-8")
    marked, seen = [], set[tuple[str, ...]]()
    for example in (each for code in codes() if code.startswith("PB") for each in examples_of(code)):
        for name, text in written(example, example.good).items():
            file = "pdo" if name == SETTINGS_FILE else "playbook"
            if found := wrong(file, text):
                marked.append((example.key, found))
            if file == "pdo":
                continue
            for changed, path in variants(as_editors_read(text)):
                if path[-4:] in seen:
                    continue
                seen.add(path[-4:])
                content = yaml.safe_dump(changed, allow_unicode=True, sort_keys=False, width=1_000)
                reading = Reading(settings, Findings())
                read_project((Source("p.yaml", content),), reading)
                if not reading.findings.has_errors and (found := wrong(file, content)):
                    marked.append((example.key, found))
    assert len(seen) > 400
    assert marked == []


SHAPES = ("PB109", "PB110", "PB114", "PB115", "PB116", "PB117", "PB118", "PB119")
READERS_ONLY = frozenset(
    ("PB116.key", "PB117.condition", "PB117.alert", "PB117.said", "PB117.anchor", "PB118.condition")
)
"""Shapes that hang on what else the mapping says, or on a key that no editor sees as one."""


def test_a_wrong_shape_is_marked() -> None:
    missed = set()
    for example in (each for code in SHAPES for each in examples_of(code)):
        for name, text in written(example, example.bad).items():
            try:
                found = wrong("pdo" if name == SETTINGS_FILE else "playbook", text)
            except AssertionError:  # no YAML at all
                continue
            if name != "a.yaml" and not found:
                missed.add(example.key)
    assert missed <= READERS_ONLY


def variants(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """A text with one value put into a list, one list of one taken out of it, or one list emptied; and where that is."""
    if isinstance(node, list):
        yield [], (*path, "emptied")
        if len(node) == 1:
            yield node[0], (*path, "alone")
    else:
        yield [node], (*path, "listed")
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        for changed, place in variants(value, (*path, str(key)) if isinstance(node, dict) else path):
            whole = node.copy()
            whole[key] = changed
            yield whole, place


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("playbook", "playbook: p\n"),
        ("playbook", "version: 2\n"),
        ("playbook", HEAD + "tgas: {}\n"),
        ("playbook", HEAD + "fissions: {}\n"),
        ("playbook", HEAD + "tags: {甲: {gruop: 乙}}\n"),
        ("playbook", HEAD + "tags: {甲: 乙}\n"),
        ("playbook", HEAD + "tags: {甲: {keep: 也许}}\n"),
        ("playbook", HEAD + "tags: {甲: {expires: 3}}\n"),
        ("playbook", HEAD + "tags: {甲: {when: {orders: {cuont: 3..}}}}\n"),
        ("playbook", HEAD + "tags: {甲: {when: {orders: {within: 30}}}}\n"),
        ("playbook", HEAD + "tags: {甲: {when: {orders: {last: {abvoe: 3}}}}}\n"),
        ("playbook", HEAD + "tags: {甲: {when: []}}\n"),
        ("playbook", HEAD + "tags: {甲: {when: {all: {city: 北京}}}}\n"),
        ("playbook", HEAD + "metrics: {甲: {orders: amuont}}\n"),
        ("playbook", HEAD + "lifecycles: {甲: {take: biggest}}\n"),
        ("playbook", HEAD + "lifecycles: {甲: {stages: [a], transitions: [{from: a}]}}\n"),
        ("playbook", HEAD + "segments: {甲: {top: 3}}\n"),
        ("playbook", HEAD + "segments: {甲: {when: everyone, rank_by: {累计消费: down}}}\n"),
        ("playbook", HEAD + "campaigns: {甲: {to: everyone, channel: wechat, text: 您好}}\n"),
        ("playbook", HEAD + "campaigns: {甲: {to: everyone, channel: sms, at: 早上}}\n"),
        ("playbook", HEAD + "journeys: {甲: {enter: everyone}}\n"),
        ("playbook", HEAD + "policy: {consent: {短信: sms_consent}}\n"),
        ("playbook", HEAD + "policy: {caps: [{channel: any, max: 很多, per: 1d}]}\n"),
        ("playbook", "版本: 1\n方案: p\n标签: {甲: {条间: {城市: 北京}}}\n"),
        ("playbook", "版本: 1\n方案: p\n人群: {甲: {前: 3}}\n"),
        ("cases", "examples: [{now: 2026-01-01}]\n"),
        ("cases", "examples: [{name: 甲, now: 2026-01-01, expect: {tgas: {}}}]\n"),
        ("cases", "cases: []\n"),
        ("pdo", "timezon: Asia/Shanghai\n"),
        ("pdo", "language: 中文\n"),
        ("pdo", "attributes: {customers: {肤质: {type: string}}}\n"),
        ("pdo", "mappings: {店: {kind: orders, paid_is: brutto}}\n"),
    ],
)
def test_what_is_wrong_is_marked(file: str, text: str) -> None:
    assert wrong(file, text) != []


@pytest.mark.parametrize("file", FILES)
def test_every_key_is_explained_in_both_languages(file: str) -> None:
    places = schema_of(file)["$defs"]
    for name in (name for name in places if name in grammar.PLACES):
        properties = places[name]["properties"]
        for key in grammar.place(name).keys:
            if key in RESERVED:
                assert key.name not in properties
                continue
            assert properties[key.name]["description"] == f"{key.about_zh}\n\n{key.about_en}"
            assert key.zh == key.name or properties[key.zh] == {"$ref": f"#/$defs/{name}/properties/{key.name}"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_shipped_files_name_their_schema(path: Path) -> None:
    copy = os.path.relpath(ROOT / "docs" / "schema" / f"{kind_of(path)}.schema.json", path.parent)
    assert path.read_text("utf-8").startswith(f"# yaml-language-server: $schema={copy}\n")


@pytest.mark.parametrize("template", [None, *template_names()])
def test_a_new_project_has_its_schemas(tmp_path: Path, template: str | None) -> None:
    lay_project(tmp_path, template=template, language="zh")
    named = {}
    for path in (tmp_path / SETTINGS_FILE, *(tmp_path / "playbooks").glob("*.yaml")):
        found = MODELINE.search(path.read_text("utf-8"))
        assert found is not None
        named[(path.parent / found[1]).resolve()] = kind_of(path)
    assert set(named.values()) >= {"pdo", "playbook"}
    assert [path for path, file in named.items() if path.read_text("utf-8") != schema_text(file)] == []
    assert lay_project(tmp_path, template=template, language="zh").made == ()
