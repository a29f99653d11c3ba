"""The shape of a wording."""

from __future__ import annotations

from pdo.core.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence and its hint in both languages.

    Args:
        zh: the Chinese sentence.
        en: the English sentence.
        hint_zh: what to do, in Chinese; empty for none.
        hint_en: the same in English.
    """

    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""
