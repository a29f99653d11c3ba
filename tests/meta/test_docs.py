"""The documentation says what the program does: words, examples, links, generated pages."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer._click import Command
from typer.core import TyperGroup

from pdo.api.checking import check
from pdo.cli import COMMANDS, load_command
from pdo.model.conditions import Unit
from pdo.model.exporting import ENCODINGS, FORMS, MESSAGE_FIELDS, TYPES
from pdo.model.fields import ATTRIBUTES, ROWS
from pdo.model.made import CLEANERS
from pdo.model.settings import Settings
from pdo.playbook import export_profiles, vocabulary
from pdo.playbook import settings as settings_module
from pdo.playbook.channels import CHANNELS
from pdo.playbook.declared import EXTENSIBLE
from pdo.playbook.export_profiles import read_export_profile
from pdo.playbook.measures import MEASURES
from pdo.playbook.operators import ALL_OPERATORS
from pdo.playbook.profiles import CELL_KEYS, LAYOUT_KEYS, PART_KEYS, read_profile
from pdo.playbook.settings import read_mapping, read_settings
from pdo.playbook.templates import FILTERS
from tests.meta.pages import DOCS, PAGES, builder, read, yaml_blocks
from tests.support.project import ROOT

PLAYBOOK = DOCS / "reference" / "playbook.md"
SETTINGS = DOCS / "reference" / "settings.md"
KNOWN = (
    *vocabulary.BLOCKS,
    *vocabulary.TAG_KEYS,
    *vocabulary.LIFECYCLE_KEYS,
    *vocabulary.TRANSITION_KEYS,
    *vocabulary.SEGMENT_KEYS,
    *vocabulary.CAMPAIGN_KEYS,
    *vocabulary.POLICY_KEYS,
    *vocabulary.CAP_KEYS,
    *vocabulary.ROW_KEYS,
    *vocabulary.SUBJECTS,
    *vocabulary.LOGIC,
    *vocabulary.REFERENCES,
    *(measure for measures in MEASURES.values() for measure in measures),
    *ALL_OPERATORS,
    *CHANNELS,
    *FILTERS,
    *(unit.value for unit in Unit),
    *(column.name for column in ATTRIBUTES),
    *(column.name for columns in ROWS.values() for column in columns),
)
LATER = (
    *vocabulary.RESERVED_BLOCKS,
    *(word for words in vocabulary.LATER_KEYS.values() for word in words),
    *(word for words in vocabulary.LATER_WORDS.values() for word in words),
)


def code_of(text: str) -> str:
    """What a page says in code: fenced or in backticks."""
    return "\n".join(re.findall(r"^```.*?^```|`[^`\n]+`", text, flags=re.DOTALL | re.MULTILINE))


def names(word: str, text: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", text) is not None


# Commands ---------------------------------------------------------------------------------------------------------------


def commands() -> Iterator[str]:
    for name in COMMANDS:
        yield from _commands(f"pdo {name}", load_command(name))


def _commands(name: str, found: Command) -> Iterator[str]:
    yield name
    if isinstance(found, TyperGroup):
        for inner, command in found.commands.items():
            yield from _commands(f"{name} {inner}", command)


def test_every_command_is_in_the_reference() -> None:
    page = read(DOCS / "reference" / "commands.md")
    assert [name for name in commands() if f"## `{name}`\n" not in page] == []


def test_pages_name_only_commands_that_exist() -> None:
    known = {"pdo -", *commands()}
    for page in PAGES:
        for call in re.findall(r"(?:^|`|\$ )pdo ([a-z]+(?: [a-z]+)?)", code_of(read(page)), flags=re.MULTILINE):
            first, *rest = call.split()
            group = any(name.startswith(f"pdo {first} ") for name in known)
            assert f"pdo {first}" in known, f"{page.name}: pdo {call}"
            assert not group or not rest or f"pdo {call}" in known, f"{page.name}: pdo {call}"


# Words ------------------------------------------------------------------------------------------------------------------


def test_every_word_of_the_language_is_explained() -> None:
    page = code_of(read(PLAYBOOK).partition('<a id="later">')[0])
    assert [word for word in dict.fromkeys(KNOWN) if not names(word, page)] == []


def test_every_word_to_come_is_listed() -> None:
    later = code_of(read(PLAYBOOK).partition('<a id="later">')[2])
    assert [word for word in sorted(set(LATER)) if not names(word, later)] == []


def test_no_known_key_is_listed_as_to_come() -> None:
    assert set(vocabulary.BLOCKS) & set(vocabulary.LATER_KEYS["playbook"]) == set()


def test_every_key_of_the_settings_is_explained() -> None:
    data = (*settings_module.ATTRIBUTE_KEYS, *settings_module.TABLE_KEYS, *EXTENSIBLE)
    names_of = (*settings_module.CATEGORY_KEYS, *settings_module.ALIAS_KEYS, *settings_module.MAPPING_KEYS)
    keys = (*settings_module.KEYS, *data, *names_of)
    types = tuple(type_.value for type_ in settings_module.TYPES)
    page = code_of(read(SETTINGS))
    assert [word for word in (*keys, *types) if not names(word, page)] == []


def test_every_key_of_a_profile_is_explained() -> None:
    page = code_of(read(DOCS / "how-to" / "write-a-profile.md"))
    assert [word for word in (*LAYOUT_KEYS, *PART_KEYS, *CELL_KEYS, *CLEANERS) if not names(word, page)] == []


def test_every_key_of_an_export_profile_is_explained() -> None:
    page = code_of(read(DOCS / "how-to" / "task-sheets.md"))
    words = (*export_profiles.PROFILE_KEYS, *export_profiles.COLUMN_KEYS, *FORMS, *TYPES, *ENCODINGS, *MESSAGE_FIELDS)
    assert [word for word in words if not names(word, page)] == []


# Examples ---------------------------------------------------------------------------------------------------------------


def examples() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        found += [(f"{page.name}-{place}", block) for place, block in enumerate(yaml_blocks(page), start=1)]
    return found


def found_in(folder: Path, block: str) -> list[str]:
    """What `pdo validate --strict` would say of an example, by what its first keys show it to be."""
    first = {line.split(":")[0] for line in block.splitlines() if re.match(r"\w+:", line)}
    if "kind" in first:
        (folder / "例.yaml").write_text(block, encoding="utf-8")
        return [finding.message("zh") for finding in read_mapping(folder / "例.yaml")[1]]
    if "files" in first:
        (folder / "例.yaml").write_text(block, encoding="utf-8")
        plain = Settings(folder, folder / "pdo.db")
        return [finding.message("zh") for finding in read_profile(folder / "例.yaml", plain, is_own=True)[1]]
    if "columns" in first:
        (folder / "例.yaml").write_text(block, encoding="utf-8")
        plain = Settings(folder, folder / "pdo.db")
        return [finding.message("zh") for finding in read_export_profile(folder / "例.yaml", plain)[1]]
    is_settings = bool(first - {"version"}) and first <= set(settings_module.KEYS)
    (folder / "pdo.yaml").write_text(block if is_settings else "language: zh\n", encoding="utf-8")
    settings, findings = read_settings(folder)
    assert settings is not None
    if not is_settings:
        head = "" if first & {"playbook", "方案"} else "version: 1\nplaybook: 例\n"
        if "when" in first:
            block = "tags:\n  例:\n" + "".join(f"    {line}\n" for line in block.splitlines())
        (folder / "playbooks").mkdir()
        (folder / "playbooks" / "例.yaml").write_text(head + block, encoding="utf-8")
        return [finding.message("zh") for finding in check(folder, None).diagnostics]
    return [finding.message("zh") for finding in findings]


@pytest.mark.parametrize(("place", "block"), examples(), ids=[place for place, _ in examples()])
def test_every_yaml_example_loads_without_a_finding(place: str, block: str, tmp_path: Path) -> None:
    assert found_in(tmp_path, block) == []


def test_there_are_examples_in_each_page_that_teaches() -> None:
    pages = {place.rpartition("-")[0] for place, _ in examples()}
    assert pages >= {"playbook.md", "settings.md", "import-your-export.md"}


# Links ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```|`[^`\n]+`", "", read(page), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        assert not anchor or f'<a id="{anchor}">' in read(file), f"{page.name}: {target}"


# Generated parts ----------------------------------------------------------------------------------------------------------


def test_generated_pages_are_current() -> None:
    for name, text in builder().pages().items():
        assert read(DOCS / "reference" / name) == text, f"docs/reference/{name}: run make docs"


def test_the_tour_has_the_commands_of_the_demo() -> None:
    written = re.findall(r'^ *show "(.*)"$', read(DOCS / "demo.sh"), flags=re.MULTILINE)
    tour = read(ROOT / "README.md").partition("<!-- tour: begin -->")[2].partition("<!-- tour: end -->")[0]
    shown = re.findall(r"^\$ (.*)$", tour, flags=re.MULTILINE)
    kinds = ("products", "stores", "staff", "customers", "orders", "items", "events")
    expected = [
        each
        for line in written
        for each in ([line.replace("$kind", kind) for kind in kinds] if "$kind" in line else [line])
    ]
    assert shown == expected


def test_a_tour_is_filled_in_order_and_what_repeats_is_told() -> None:
    table = [f"行 {number}" for number in range(12)]
    page = "甲\n<!-- tour: begin -->\n一\n```console\n$ a\n旧\n$ b\n```\n二\n<!-- tour: end -->\n乙\n"
    filled = builder().with_tour(page, [("a", table), ("b", ["头", *table, "尾"])])
    body = "\n".join(
        ["$ a", *table, "", "$ b", "头", "（此处 12 行与上面相同，略 · 12 lines as above, left out）", "尾"]
    )
    assert filled == f"甲\n<!-- tour: begin -->\n一\n```console\n{body}\n```\n二\n<!-- tour: end -->\n乙\n"


@pytest.mark.parametrize("steps", [[("a", [])], [("b", []), ("a", [])], [("a", []), ("b", []), ("c", [])]])
def test_a_tour_that_is_not_the_demo_is_refused(steps: list[tuple[str, list[str]]]) -> None:
    page = "<!-- tour: begin -->\n```console\n$ a\n$ b\n```\n<!-- tour: end -->\n"
    with pytest.raises(ValueError, match="tour"):
        builder().with_tour(page, steps)


@pytest.mark.slow
def test_the_tour_is_what_the_demo_prints() -> None:
    done = subprocess.run(
        [sys.executable, DOCS / "build.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0), done.stderr
