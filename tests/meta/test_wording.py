"""Every sentence: in both languages, with the same values, and said somewhere."""

from __future__ import annotations

import re
from functools import lru_cache
from string import Formatter

from pdo.core.wording import TABLES, WORDING
from tests.support.project import ROOT

FAMILIES = (
    "argument.",
    "change.",
    "block.",
    "book.",
    "channel.",
    "count.",
    "error.unknown_",
    "diff.",
    "doctor.",
    "drift.",
    "guard.",
    "exit.",
    "funnel.",
    "processing.",
    "hand.",
    "heading.",
    "help.",
    "IM1",
    "journey.",
    "task.",
    "nightly.",
    "identity.",
    "option.",
    "preview.step.",
    "progress.",
    "quota.",
    "reason.",
    "say.",
    "sheet.",
    "match.",
    "message.",
    "source.",
    "status.",
    "stock.",
    "today.",
    "topic.",
)
"""Keys that are put together where they are said (`f"change.{step.change}"`): their end must stand in the code as a word."""


@lru_cache
def said() -> str:
    """The package's text, but for the tables of wordings."""
    files = sorted((ROOT / "pdo").rglob("*.py"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files if path.parent.name != "wording")


def values_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_keys_are_unique_over_all_tables() -> None:
    assert len(WORDING) == sum(len(table) for table in TABLES)


def test_every_key_is_worded_in_both_languages() -> None:
    assert [key for key, words in WORDING.items() if not words.zh or not words.en] == []


def test_a_hint_is_given_in_both_languages_or_none() -> None:
    assert [key for key, words in WORDING.items() if bool(words.hint_zh) != bool(words.hint_en)] == []


def test_both_languages_name_the_same_values() -> None:
    unequal = {
        key: (words.zh, words.en) for key, words in WORDING.items() if values_of(words.zh) != values_of(words.en)
    }
    assert unequal == {}


def test_hints_of_both_languages_name_the_same_values() -> None:
    hints = {key: (words.hint_zh, words.hint_en) for key, words in WORDING.items()}
    assert {key: both for key, both in hints.items() if values_of(both[0]) != values_of(both[1])} == {}


def test_english_is_english_but_for_quoted_examples() -> None:
    examples = re.compile(r"(北京|元|万|未触达)")
    chinese = {key: words.en for key, words in WORDING.items() if re.search("[一-鿿]", examples.sub("", words.en))}
    assert chinese == {}


def test_no_wording_is_left_over() -> None:
    assert {key for key in WORDING if not is_said(key)} == set()


@lru_cache
def quoted() -> frozenset[str]:
    """What stands between two quotes, without blanks."""
    return frozenset(re.findall(r'"(?=([^"\s]+)")', said()))


@lru_cache
def words() -> frozenset[str]:
    return frozenset(re.findall(r"\w+", said().lower()))


def is_said(key: str) -> bool:
    if key in quoted():
        return True
    if key.startswith("PB"):  # a code and a variant; tests/playbook/test_codes.py raises each of them
        return key.partition(".")[0] in quoted()
    plain = key.removesuffix(".near")
    family = next((family for family in FAMILIES if plain.startswith(family)), None)
    if family is None:
        return False
    end = plain if family == "IM1" else plain.removeprefix(family).rpartition(".")[2]
    return end.lower() in words() or re.search(rf"\b{re.escape(end)}\b", said(), re.IGNORECASE) is not None
