"""What there is to say about a code: `pdo rule` prints it, the reference page and SARIF repeat it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.codes import Example, codes, examples_of
from pdo.core.frozen import dataclass
from pdo.core.wording import WORDING

if TYPE_CHECKING:
    from pdo.core.wording import Language


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that can be found under a code; `…` stands for a value.

    Args:
        key: code and variant, `PB107.comma`.
        message: what is said.
        hint: what to do; empty for none.
        example: None where there is none.
    """

    key: str
    message: str
    hint: str
    example: Example | None


class _Anything(dict[str, str]):
    """Says `…` for every value that a sentence names."""

    def __missing__(self, _name: str) -> str:
        return "…"


_ANYTHING = _Anything()


def title_of(code: str, language: Language) -> str:
    """A code in a few words: the first sentence under it."""
    return _said(next(iter(keys_of(code)), code), language)


def keys_of(code: str) -> tuple[str, ...]:
    """The wordings of a code, in their order."""
    return tuple(key for key in WORDING if key.partition(".")[0] == code)


def findings_of(code: str, language: Language) -> tuple[Finding, ...]:
    """Everything that can be found under a code; nothing for a code that does not exist."""
    if code not in codes():
        return ()
    examples = {example.key: example for example in examples_of(code)}
    return tuple(Finding(key, _said(key, language), _hinted(key, language), examples.get(key)) for key in keys_of(code))


def _said(key: str, language: Language) -> str:
    words = WORDING[key]
    return (words.zh if language == "zh" else words.en).format_map(_ANYTHING)


def _hinted(key: str, language: Language) -> str:
    words = WORDING[key]
    return (words.hint_zh if language == "zh" else words.hint_en).format_map(_ANYTHING)
