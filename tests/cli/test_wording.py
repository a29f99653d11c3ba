"""Every key that the command line says has a wording, and every wording of it is said."""

from __future__ import annotations

import re

from pdo.core.wording import WORDING
from pdo.core.wording import command as spoken
from tests.support.project import ROOT

KEY = re.compile(
    r'"((?:error|help|init|validate|import|imports|plan|run|count|explain|customer|history|label|hand|segment|export|batch|db)'
    r'\.[a-z_.]+)"'
)
SOURCES = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "pdo").rglob("*.py")) if "wording" not in path.parts
)


def test_every_key_in_the_code_has_a_wording() -> None:
    assert sorted({key for key in KEY.findall(SOURCES) if key not in WORDING and not key.endswith(".id")}) == []


def test_headings_have_a_wording() -> None:
    named = {name for call in re.findall(r"headings\(([^)]*)\)", SOURCES) for name in re.findall(r'"([a-z_]+)"', call)}
    assert {name for name in named if f"heading.{name}" not in WORDING} == set()


def test_options_and_arguments_have_a_wording() -> None:
    named = {f"option.{key}" for key in re.findall(r'option\([^)]*?key="([a-z_]+)"', SOURCES)}
    named |= {f"argument.{key}" for key in re.findall(r'argument\("([a-z_]+)"', SOURCES)}
    assert {key for key in named if key not in WORDING} == set()
    worded = {key for key in WORDING if key.startswith(("option.", "argument."))}
    assert worded - named == {"option.help", "option.version", "option.install", "option.show"}


def test_both_languages_name_the_same_values() -> None:
    for key, words in spoken.WORDING.items():
        named = [set(re.findall(r"(?<!\{)\{(\w+)\}(?!\})", text)) for text in (words.zh, words.en)]
        assert named[0] == named[1] or key in ("error.usage", "error.unknown_customer.near"), key
        assert bool(words.hint_zh) == bool(words.hint_en), key
