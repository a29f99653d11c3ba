"""The grammar is whole: its places fit together, its words are one to one, and the readers know every one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from pdo.core.diagnostics import Findings
from pdo.core.source import Source
from pdo.model.fields import ATTRIBUTES, KINDS, SUBJECTS
from pdo.model.settings import Settings
from pdo.playbook import grammar, vocabulary
from pdo.playbook.grammar import Key, Place, Value
from pdo.playbook.grammar.blocks import RESERVED
from pdo.playbook.lint import raw_text
from pdo.playbook.project import read_project
from pdo.playbook.reading import Reading
from pdo.playbook.settings import read_settings
from tests.playbook.grammar_texts import BOGUS, ROOTS, Spot, file_with, spots

SETTINGS = """\
attributes: {customers: {爱好: {type: list}}}
tables: {孩子: {columns: {生日: date}, time: 生日}}
"""
DIFFERENT = {
    "after": {"之后", "停留满", "晚于"},
    "before": {"之前", "早于"},
    "each": {"逐个", "每次"},
    "from": {"从", "取自列"},
    "in": {"将在", "段数"},
    "max": {"最多", "最大"},
    "members": {"成员", "群成员"},
    "of": {"哪一列", "哪个周期"},
    "on": {"当天", "日子", "结果"},
    "orders": {"订单", "订单数"},
    "tag": {"打标签", "有标签"},
    "tags": {"标签", "客户标签"},
    "to": {"到", "发给"},
}
"""English keys that Chinese says in different ways, by what they mean in their place."""

UNKNOWN = ("PB114", "PB115", "PB202", "PB203", "PB305", "PB306", "PB309", "PB314")
"""What is found of a key that nobody reads."""

OF_AN_ATTRIBUTE = {
    "points": ("above", "below", "top"),
    "city": ("contains", "starts_with", "ends_with", "matches", "not", "exists"),
    "vip_until": ("in", "before", "after", "on"),
    "birthday": ("anniversary_in", "age", "turns"),
    "爱好": ("has", "has_all"),
}
"""Operators, by an attribute that they can be asked of."""

ALONE = ("metrics", "scores.each", "variants", "tags")
"""Places whose reader stops at a second key, or asks for more before it looks at one."""


def all_keys() -> Iterator[tuple[Place, Key]]:
    for place in grammar.PLACES.values():
        yield from ((place, key) for key in place.keys)


def values_in(value: Value) -> Iterator[Value]:
    yield value
    if value.items is not None:
        yield from values_in(value.items)
    if value.names is not None:
        yield from values_in(value.names.value)


def all_values() -> Iterator[Value]:
    for place in grammar.PLACES.values():
        others = [place.others.value] if place.others else []
        for value in (*(key.value for key in place.keys), *others):
            yield from values_in(value)


# Its own law ------------------------------------------------------------------------------------------------------


def test_every_place_is_one_and_can_be_reached() -> None:
    named = {value.place for value in all_values() if value.place}
    assert named - set(grammar.PLACES) == set()
    reached = {spot.place.name for root in (*ROOTS, "mappings") for spot in spots(root)}
    assert set(grammar.PLACES) - reached == set()


@pytest.mark.parametrize("place", grammar.PLACES.values(), ids=grammar.PLACES)
def test_words_are_one_to_one_within_a_place(place: Place) -> None:
    english, chinese = [key.name for key in place.keys], [key.zh for key in place.keys]
    columns = [column.label for column in ATTRIBUTES] if place.name == "condition" else []
    assert len({*english, *columns}) == len([*english, *columns])
    assert len({*chinese, *columns}) == len([*chinese, *columns])
    assert [key.name for key in place.keys if key.zh in english and key.zh != key.name] == []


def test_words_are_one_to_one_in_the_language_but_where_chinese_tells_more() -> None:
    chinese: defaultdict[str, set[str]] = defaultdict(set)
    english: defaultdict[str, set[str]] = defaultdict(set)
    for _, key in all_keys():
        chinese[key.name].add(key.zh)
        english[key.zh].add(key.name)
    assert {name: words for name, words in chinese.items() if len(words) > 1} == DIFFERENT
    assert {zh: names for zh, names in english.items() if len(names) > 1} == {"渠道": {"channel", "channels"}}


@pytest.mark.parametrize("kind", [*KINDS.values(), *SUBJECTS.values()], ids=lambda kind: kind.name)
def test_columns_are_one_to_one_within_a_kind(kind: object) -> None:
    columns = getattr(kind, "columns", ())
    assert len({column.name for column in columns}) == len({column.label for column in columns}) == len(columns)


def test_every_key_is_explained_in_a_line_of_both_languages() -> None:
    wrong = [
        (place.name, key.name)
        for place, key in all_keys()
        if not key.about_zh or not key.about_en or "\n" in key.about_zh + key.about_en or key.about_zh.endswith("。")
    ]
    assert wrong == []


def test_kinds_are_called_as_their_labels_say() -> None:
    subjects = {key.name: key.zh for key in grammar.place("condition").keys if key.name in SUBJECTS}
    assert subjects == {name: subject.label for name, subject in SUBJECTS.items()}
    rows = {key.name: key.zh for key in grammar.place("pdo.yaml.attributes").keys}
    assert rows == {name: kind.label for name, kind in KINDS.items() if kind.extensible}


def test_the_short_columns_of_subjects_are_keys() -> None:
    short = {name: subject.short for name, subject in SUBJECTS.items() if subject.short}
    assert {name: key for name, key in short.items() if key not in grammar.keys(name)} == {}


def test_texts_are_known_in_both_languages() -> None:
    assert {"text", "文案", "because", "理由", "question", "问题", "label", "显示名"} <= vocabulary.TEXT_KEYS


# The readers ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("project")
    (folder / "pdo.yaml").write_text(SETTINGS, "utf-8")
    found, findings = read_settings(folder)
    assert found is not None
    assert not findings.has_errors
    return found


def unknown_keys(text: str, settings: Settings) -> dict[str, str]:
    """The keys of a playbook that no reader knows → why."""
    reading = Reading(settings, Findings())
    read_project((Source("a.yaml", text),), reading)
    return {raw_text(found.span): found.code for found in reading.findings if found.span and found.code in UNKNOWN}


def playbook_spots() -> list[Spot]:
    return [spot for spot in spots("playbook") if spot.place.keys and spot.place.name != "test"]


@pytest.mark.parametrize("spot", playbook_spots(), ids=lambda spot: spot.place.name)
def test_every_key_of_a_playbook_is_read(spot: Spot, settings: Settings) -> None:
    keys = tuple(key for key in spot.place.keys if key not in RESERVED)
    at_once = unknown_keys(file_with(spot, *keys), settings)
    if BOGUS in at_once and not {key.name for key in keys} & set(at_once):
        return
    for key in keys:  # some do not go together
        text = file_with(spot, key)
        found = unknown_keys(text, settings)
        assert key.name not in found, text
        assert BOGUS in found or spot.place.name in ALONE, text


@pytest.mark.parametrize(("attribute", "operators"), OF_AN_ATTRIBUTE.items(), ids=OF_AN_ATTRIBUTE)
def test_every_operator_is_read(attribute: str, operators: tuple[str, ...], settings: Settings) -> None:
    for operator in operators:
        text = f"version: 1\nplaybook: p\ntags: {{甲: {{when: {{{attribute}: {{{operator}: 3, {BOGUS}: 1}}}}}}}}\n"
        found = unknown_keys(text, settings)
        assert operator not in found, text
        assert BOGUS in found


def test_every_operator_is_asked_of_something() -> None:
    assert {name for names in OF_AN_ATTRIBUTE.values() for name in names} == set(grammar.keys("test"))


@pytest.mark.parametrize("key", RESERVED, ids=lambda key: key.name)
def test_blocks_to_come_are_refused_by_their_name(key: Key, settings: Settings) -> None:
    for word in (key.name, key.zh):
        assert unknown_keys(f"version: 1\n{word}: {{}}\n", settings) == {word: "PB115"}


NOT_YET = vocabulary.LATER_KEYS.get("pdo.yaml", frozenset())
"""Keys of `pdo.yaml` that come with the commands that need them."""


@pytest.mark.parametrize(
    "spot", [spot for spot in spots("pdo.yaml") if spot.place.keys], ids=lambda spot: spot.place.name
)
def test_every_key_of_the_settings_is_read(spot: Spot, tmp_path: Path) -> None:
    for key in spot.place.keys:
        text = file_with(spot, key)
        (tmp_path / "pdo.yaml").write_text(text, "utf-8")
        _, findings = read_settings(tmp_path)
        found = {raw_text(each.span): each.code for each in findings if each.span and each.code in UNKNOWN}
        assert found.get(key.name) == ("PB115" if key.name in NOT_YET else None), text
        assert BOGUS in found, text
