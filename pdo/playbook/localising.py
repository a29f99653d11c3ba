"""Findings about a file with Chinese keys, told with the keys of that file.

Readers know English keys only. What they note of a Chinese file is put into its words afterwards: keys among the values of a
finding, the lines that it suggests, and the keys that its sentences name.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Diagnostic, Findings
from pdo.core.nodes import Mapping, parse_nodes
from pdo.core.source import Source
from pdo.model.fields import SUBJECTS
from pdo.playbook import grammar
from pdo.playbook.grammar.shapes import block
from pdo.playbook.languages import Lexicon, Translated, report_languages, rewritten, translate
from pdo.playbook.lint import raw_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as ReadOnly

    from pdo.core.nodes import Node
    from pdo.core.source import Span
    from pdo.model.settings import Settings

_LINES = ("mended", "example", "past")
_CHOICES = ("near", "known")
"""Words to choose from: keys where a finding is about a key, values otherwise."""

_WORDS = ("name", "names", "kind", "place", "subject", "operator", "measure", "other", "usable")
_KEYS = ("PB114",)
"""Findings whose `name` is the key that they stand at."""

_VALUES = ("PB314",)
"""Findings whose `name` is a value."""


class Languages:
    """The languages of the files of a reading; notes both in one file."""

    def __init__(self) -> None:
        self._lexicon: Lexicon | None = None
        self._chinese: dict[Source, Translated] = {}

    def english(self, root: Node, place: str, settings: Settings, findings: Findings) -> Node:
        """The nodes of a text with English keys.

        Diagnostics:
            PB103 a key in both languages, PB122 both languages in one file, and what `translate` notes.
        """
        if self._lexicon is None:
            self._lexicon = Lexicon(settings)
        if not self._lexicon.may_be_in(root.span.source.text):
            return root
        found = translate(root, block(place), self._lexicon, findings)
        report_languages(found, findings)
        if found.language == "zh":
            self._chinese[root.span.source] = found
        return found.root

    def worded(self, findings: Findings) -> Findings:
        """The same findings, those about Chinese files with Chinese keys."""
        if not self._chinese:
            return findings
        kept = Findings()
        kept.extend(tuple(self._worded(found) for found in findings.sorted()))
        return kept

    def _worded(self, found: Diagnostic) -> Diagnostic:
        span = found.span
        text = None if span is None else self._chinese.get(span.source)
        if span is None or text is None or self._lexicon is None:
            return found
        words = _words(self._lexicon, _places_at(text, span))
        params = {name: self._param(name, value, found, text, words) for name, value in found.params.items()}
        return replace(found, params=params, words=words)

    def _param(
        self, name: str, value: object, found: Diagnostic, text: Translated, words: ReadOnly[str, str]
    ) -> object:
        span = found.span
        if not isinstance(value, str) or self._lexicon is None or span is None:
            return value
        if name in _LINES:
            return line_in_chinese(value, _places_at(text, span), self._lexicon)
        if name in _CHOICES and (span.line, span.column) not in text.keys:
            return value
        if name not in (*_CHOICES, *_WORDS) or (name == "name" and found.code in _VALUES):
            return value
        written = raw_text(span).strip("\"'")
        if written == value:
            return value
        if name == "name" and found.code in _KEYS and (span.line, span.column) in text.keys and not written.isascii():
            return written
        if name == "kind":
            return _kind_in_chinese(value) or words.get(value, value)
        return ", ".join(words.get(each, each) for each in value.split(", "))


def _kind_in_chinese(kind: str) -> str | None:
    """What a kind of block is called: as the block is, not as the key that asks for one."""
    return next((key.zh for key in grammar.place("playbook").keys if key.name == f"{kind}s"), None)


def _places_at(text: Translated, span: Span) -> tuple[str, ...]:
    """The places of the mappings around a stretch, the innermost first; before them what stands behind a key that it is."""
    behind = [place for met in text.met if met.key.span == span and (place := met.word.value.place)]
    start = (span.line, span.column)
    around = [
        (where.line, where.column, place)
        for where, place in text.places
        if (where.line, where.column) <= start < (where.end_line, where.end_column)
    ]
    return (*behind, *(place for _, _, place in sorted(around, reverse=True)))


def _words(lexicon: Lexicon, places: tuple[str, ...]) -> ReadOnly[str, str]:
    """English → Chinese, as the innermost of the places has it that has it at all."""
    words = dict(_anywhere())
    for place in reversed(places):
        words.update({word.english: word.chinese for word in lexicon.words(place).values()})
    return MappingProxyType(words)


@lru_cache(maxsize=1)
def _anywhere() -> ReadOnly[str, str]:
    """English → Chinese as the first place has it; only what is a key of the language."""
    words: dict[str, str] = {}
    for place in grammar.PLACES.values():
        for key in place.keys:
            words.setdefault(key.name, key.zh)
    for subject in SUBJECTS.values():
        for column in subject.columns:
            words.setdefault(column.name, column.label)
    return MappingProxyType(words)


def line_in_chinese(line: str, places: tuple[str, ...], lexicon: Lexicon) -> str:
    """A piece of a playbook that a finding suggests, with Chinese keys; as it is where it is no mapping."""
    source = Source("", line)
    root = parse_nodes(source, line, lambda number, column: (number, column)).root
    if not isinstance(root, Mapping) or not root.entries:
        return line
    first = root.entries[0].key.text
    for place in dict.fromkeys(_candidates(first, places, lexicon)):
        found = translate(root, block(place), lexicon, Findings())
        if not found.unknown:
            return rewritten(source, found.met, "zh")
    return line


def _candidates(first: str, places: tuple[str, ...], lexicon: Lexicon) -> Iterator[str]:
    for place in (*places, *grammar.PLACES):
        if first in lexicon.words(place):
            yield place
