"""Every sentence that a person reads, in Chinese and English, in one place.

One module a subject, each with a read-only table `WORDING`; keys are unique over all of them. A sentence names its values in
braces (`{name}`). Hints stand beside the sentence they belong to.
"""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from pdo.core.wording import (
    command,
    compared,
    described,
    described_blocks,
    handbook,
    ingest,
    journeys,
    outbox,
    people,
    playbook,
    runs,
    sheets,
    testing,
    world,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.core.wording.table import Wording

Language = Literal["zh", "en"]

TABLES = (
    world.WORDING,
    playbook.WORDING,
    ingest.WORDING,
    command.WORDING,
    testing.WORDING,
    described.WORDING,
    described_blocks.WORDING,
    compared.WORDING,
    handbook.WORDING,
    runs.WORDING,
    sheets.WORDING,
    people.WORDING,
    outbox.WORDING,
    journeys.WORDING,
)
WORDING: Mapping[str, Wording] = MappingProxyType({key: words for table in TABLES for key, words in table.items()})


def say(key: str, language: Language, **params: object) -> str:
    """The sentence of a key.

    Raises:
        KeyError: the key has no wording: our bug, found by a meta test.
    """
    words = WORDING[key]
    return (words.zh if language == "zh" else words.en).format(**params)


def hint_of(key: str, language: Language, **params: object) -> str:
    """The hint of a key; empty where there is none."""
    words = WORDING[key]
    return (words.hint_zh if language == "zh" else words.hint_en).format(**params)


def language_of(environment: Mapping[str, str] | None = None, *, project: Language | None = None) -> Language:
    """The language to speak: `PDO_LANG`, then the project's, then the locale; Chinese where nothing says otherwise.

    Args:
        environment: the process's own unless given.
        project: what `pdo.yaml` says.
    """
    env = os.environ if environment is None else environment
    asked = env.get("PDO_LANG", "").lower()
    if asked[:2] in ("zh", "en"):
        return "zh" if asked[:2] == "zh" else "en"
    if project is not None:
        return project
    locale = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    return "en" if locale.lower().startswith("en") else "zh"
