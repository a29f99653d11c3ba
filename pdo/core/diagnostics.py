"""Findings: what is wrong in a user's file, where, and what to do about it.

A finding holds no sentence: its code and values do, so that `pdo.core.wording` can say it in Chinese or English, and JSON can
carry it unchanged.
"""

from __future__ import annotations

import re
from dataclasses import field
from enum import StrEnum
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.core.wording import WORDING, Language, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pdo.core.source import Span
    from pdo.core.wording.table import Wording


_KEYS: Mapping[Language, re.Pattern[str]] = MappingProxyType(
    {
        "zh": re.compile(r"(?<![\w.\-（“])(?<!: )(?<!\{\{ )[a-z_]{2,}(?![\w.\-(])|(?<!\w)[a-z_]{2,}(?=:(?: |$))"),
        "en": re.compile(r"(?<!\w)[a-z_]{2,}(?=:(?: |$))"),
    }
)
"""What may be a key in a sentence: any English word among Chinese ones, but only `when:` among English ones."""


class Severity(StrEnum):
    """How much a finding weighs; only errors fail a command unless `--strict`."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that belongs to a finding, as where a name was defined first."""

    span: Span
    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    def message(self, language: Language) -> str:
        """The words for this place."""
        return say(self.key, language, **self.params)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    Args:
        code: stable, never reused, as `PB201`; its wording stands under the same key.
        span: where; None when no place in a file is meant.
        params: the values that the wording names.
        related: other places.
        severity: error unless said.
        variant: chooses between several hints of one code (`PB101.tab`); empty for the code's own.
        words: how the file writes the keys that sentences name, English → as written; empty for English.
    """

    code: str
    span: Span | None
    params: Mapping[str, object] = field(default_factory=dict)
    related: tuple[Related, ...] = ()
    severity: Severity = Severity.ERROR
    variant: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Whether this finding fails a check."""
        return self.severity is Severity.ERROR

    @property
    def key(self) -> str:
        """The key of the wording."""
        return f"{self.code}.{self.variant}" if self.variant else self.code

    def message(self, language: Language) -> str:
        """What was found and what was expected."""
        return self._said(WORDING[self.key], language, hint=False)

    def hint(self, language: Language) -> str:
        """What to do; empty where there is nothing to add."""
        return self._said(WORDING[self.key], language, hint=True)

    def _said(self, words: Wording, language: Language, *, hint: bool) -> str:
        """A sentence with its values, its keys as the file has them."""
        zh, en = (words.hint_zh, words.hint_en) if hint else (words.zh, words.en)
        sentence = zh if language == "zh" else en
        if not self.words:
            return sentence.format(**self.params)
        keys = _KEYS[language]
        pieces = Formatter().parse(sentence)
        return "".join(
            keys.sub(lambda found: self.words.get(found[0], found[0]), literal)
            + (str(self.params[name]) if name is not None else "")
            for literal, name, _, _ in pieces
        )

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Findings are shown by file, line, column and code."""
        if self.span is None:
            return ("", 0, 0, self.code)
        return (self.span.source.path, self.span.line, self.span.column, self.code)


class Findings:
    """Collects diagnostics on the way through a check; the one mutable thing in it."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []

    def add(
        self,
        code: str,
        span: Span | None,
        *,
        variant: str = "",
        related: tuple[Related, ...] = (),
        severity: Severity = Severity.ERROR,
        **params: object,
    ) -> None:
        """Note a finding."""
        self._found.append(Diagnostic(code, span, params, related, severity, variant))

    def extend(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Note findings of another check."""
        self._found.extend(diagnostics)

    def __iter__(self) -> Iterator[Diagnostic]:
        """In the order of the files."""
        return iter(self.sorted())

    @property
    def has_errors(self) -> bool:
        """Whether any of them fails a check."""
        return any(found.is_error for found in self._found)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """All of them once each, by file, line, column and code."""
        unique: dict[object, Diagnostic] = {}
        for found in self._found:
            unique.setdefault((found.order, found.key, str(dict(found.params))), found)
        return tuple(sorted(unique.values(), key=lambda found: found.order))
