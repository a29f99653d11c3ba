"""Keys in Chinese and English: a file's keys are read in either language and go on in English.

Works on the nodes, by the grammar, before any reader looks. Positions stay those of the file, so that findings show what was
written. Names of the user's own and values are nobody's business here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Diagnostic, Related
from pdo.core.nodes import Entry, Mapping, Node, Scalar, Sequence, Style
from pdo.model.fields import ATTRIBUTES, SUBJECTS
from pdo.playbook import grammar
from pdo.playbook.grammar import Key, Place, Value
from pdo.playbook.grammar.conditions import TABLE
from pdo.playbook.lint import mapping_from_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as ReadOnly

    from pdo.core.diagnostics import Findings
    from pdo.core.source import Source, Span
    from pdo.core.wording import Language
    from pdo.model.fields import Column
    from pdo.model.settings import Settings

MAX_NAMED = 8
_LINE_ENDS = re.compile(r"(\r\n|\r|\n)")
_QUOTED = (Style.SINGLE, Style.DOUBLE)
_TABLE_PLACES = (TABLE, f"{TABLE}.where", f"{TABLE}.rows", f"{TABLE}.latest", f"metrics.{TABLE}")


@dataclass(frozen=True, slots=True)
class Word:
    """A key as both languages have it, and what stands behind it."""

    english: str
    chinese: str
    value: Value

    def written(self, language: Language) -> str:
        """In one of the languages."""
        return self.chinese if language == "zh" else self.english

    @property
    def is_same(self) -> bool:
        """Whether both languages write it alike, so that it says nothing of a file's language."""
        return self.english.casefold() == self.chinese.casefold()


@dataclass(frozen=True, slots=True)
class Met:
    """A key of the language, where it was met.

    Args:
        key: as written.
        place: whose key it is.
    """

    key: Scalar
    word: Word
    place: str

    @property
    def language(self) -> Language | None:
        """The language in which it is written; None where both are alike."""
        if self.word.is_same:
            return None
        return "zh" if self.key.text == self.word.chinese else "en"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A key that its place does not have.

    Args:
        key: as written.
        place: whose key it would be; empty where nothing has keys.
        under: the key or name that its mapping stands under.
    """

    key: Scalar
    place: str
    under: str


@dataclass(frozen=True, slots=True)
class Translated:
    """A text whose keys are English.

    Args:
        root: with the positions of the text.
        language: of most of its keys; None where it has none of the language.
        met: its keys, in order.
        keys: where keys stand, names of the user's own among them.
        places: what each mapping is: where it stands and the name of its place.
        unknown: keys that their place does not have.
        twice: keys given again in the other language, with the first.
    """

    root: Node
    language: Language | None
    met: tuple[Met, ...]
    keys: frozenset[tuple[int, int]]
    places: tuple[tuple[Span, str], ...]
    unknown: tuple[Unknown, ...]
    twice: tuple[tuple[Scalar, Scalar], ...]

    @property
    def minority(self) -> tuple[Met, ...]:
        """Keys in the other language."""
        return tuple(met for met in self.met if met.language not in (None, self.language))


@lru_cache(maxsize=512)
def _words_of(name: str) -> ReadOnly[str, Word]:
    """Both spellings of every key of a place → word."""
    return _both(Word(key.name, key.zh, key.value) for key in grammar.place(name).keys)


def _both(words: Iterable[Word]) -> ReadOnly[str, Word]:
    found: dict[str, Word] = {}
    for word in words:
        found.setdefault(word.english, word)
        found.setdefault(word.chinese, word)
    return MappingProxyType(found)


class Lexicon:
    """The words of a project: those of the grammar, and the columns and tables that `pdo.yaml` declares."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._words: dict[tuple[str, str], ReadOnly[str, Word]] = {}
        self._tables = {name: _table_places(name) for name in settings.tables}

    def place(self, name: str) -> Place:
        """A place of the grammar or of a declared table."""
        for places in self._tables.values():
            if name in places:
                return places[name]
        return grammar.place(name)

    def table(self, name: str, place: str) -> Value | None:
        """What stands behind the name of a declared table in a place; None where there is no such table."""
        if name not in self._tables:
            return None
        others = self.place(place).others
        value = others.value if others is not None and others.kind == "table" else Value(place=TABLE)
        return _of_table(name, Value(place=TABLE, items=Value(place=TABLE)) if place == "condition" else value)

    def words(self, name: str, kind: str = "") -> ReadOnly[str, Word]:
        """Both spellings of every key of a place → word, columns included.

        Args:
            kind: the kind of row whose columns they are, where that stands beside the mapping.
        """
        found = self._words.get((name, kind))
        if found is None:
            place = self.place(name)
            words = _words_of(name) if name in grammar.PLACES else _both(_word_of(key) for key in place.keys)
            if place.others is not None and place.others.columns:
                words = {**self.columns(place.others.columns, place.others.value, kind), **words}
            found = self._words.setdefault((name, kind), words)
        return found

    def columns(self, what: str, value: Value, kind: str = "") -> ReadOnly[str, Word]:
        """Both spellings of columns: `customers` and subjects as conditions have them, `file:KIND` as files have them."""
        return _both(Word(column.name, column.label, value) for column in self._columns(what, kind))

    def _columns(self, what: str, kind: str) -> tuple[Column, ...]:
        settings = self._settings
        if what == "by:kind":
            what = f"file:{kind}"
        if what.startswith("file:"):
            name = what.removeprefix("file:")
            if name not in settings.kinds:
                return ()
            own = settings.kinds[name].columns
            rest = settings.subjects[name].columns if name in settings.subjects else ()
            return (*own, *rest, *(found.column for found in settings.declared(name)))
        if what == "customers":
            return (*ATTRIBUTES, *(found.column for found in settings.declared("customers")))
        subject = settings.subjects.get(what)
        if subject is None:
            return ()
        declared = settings.declared(subject.kind) if subject.kind else ()
        return (*subject.columns, *(found.column for found in declared))


def _word_of(key: Key) -> Word:
    return Word(key.name, key.zh, key.value)


def _table_places(table: str) -> dict[str, Place]:
    """The places of a declared table: those that the grammar has for any, with its columns."""
    found = {}
    for name in _TABLE_PLACES:
        place = grammar.place(name)
        others = place.others
        if name == f"{TABLE}.where" and others is not None:
            others = replace(others, columns=table)
        keys = tuple(replace(key, value=_of_table(table, key.value)) for key in place.keys)
        renamed = _renamed(name, table)
        found[renamed] = replace(place, name=renamed, keys=keys, others=others)
    return found


def _renamed(name: str, table: str) -> str:
    return ".".join(f"@{table}" if part == TABLE else part for part in name.split("."))


def _of_table(table: str, value: Value) -> Value:
    items = None if value.items is None else _of_table(table, value.items)
    return replace(value, items=items, place=_renamed(value.place, table) if value.place else "")


# Translation ------------------------------------------------------------------------------------------------------


def translate(root: Node, value: Value, lexicon: Lexicon, findings: Findings) -> Translated:
    """The nodes of a text with English keys.

    Args:
        root: as read.
        value: what the text is: `block("playbook")`.
        lexicon: the words of its project.
        findings: where mappings that lack a blank after their colon are told.

    Diagnostics:
        PB107, PB109 a mapping that was written as a text.
    """
    walk = _Walk(lexicon, findings)
    english = walk.node(root, value, "", "")
    counted = Counter(language for met in walk.met if (language := met.language) is not None)
    ((language, _),) = counted.most_common(1) or ((None, 0),)
    return Translated(
        english,
        language,
        tuple(walk.met),
        frozenset(walk.keys),
        tuple(walk.places),
        tuple(walk.unknown),
        tuple(walk.twice),
    )


class _Walk:
    """Goes down the nodes with the grammar beside them."""

    def __init__(self, lexicon: Lexicon, findings: Findings) -> None:
        self.lexicon = lexicon
        self.findings = findings
        self.met: list[Met] = []
        self.keys: set[tuple[int, int]] = set()
        self.places: list[tuple[Span, str]] = []
        self.unknown: list[Unknown] = []
        self.twice: list[tuple[Scalar, Scalar]] = []

    def node(self, node: Node, value: Value, kind: str, under: str) -> Node:
        if isinstance(node, Sequence):
            inner = value.items
            if inner is None:
                return node
            return replace(node, items=tuple(self.node(item, inner, kind, under) for item in node.items))
        if isinstance(node, Scalar):
            is_block = (value.place or value.names) and not value.forms and not node.text.isascii()
            mapping = mapping_from_text(node, self.findings) if is_block else None
            return node if mapping is None else self.node(mapping, value, kind, under)
        if value.place:
            return self._block(node, value.place, kind, under)
        if value.names is not None:
            return self._named(node, value, kind)
        self.unknown.extend(Unknown(entry.key, "", under) for entry in node.entries)
        return node

    def _block(self, node: Mapping, place: str, kind: str, under: str) -> Mapping:
        words = self.lexicon.words(place, kind)
        others = self.lexicon.place(place).others
        self.places.append((node.span, place))
        beside = _kind_beside(node, words)
        first: dict[str, Scalar] = {}
        entries = []
        for entry in node.entries:
            self.keys.add((entry.key.span.line, entry.key.span.column))
            word = words.get(entry.key.text)
            if word is not None:
                self.met.append(Met(entry.key, word, place))
                before = first.setdefault(word.english, entry.key)
                if before.text != entry.key.text:
                    self.twice.append((entry.key, before))
                key = _named_so(entry.key, word.english)
                entries.append(Entry(key, self.node(entry.value, word.value, beside, entry.key.text)))
                continue
            inner = self.lexicon.table(entry.key.text, place)
            if inner is None and others is not None:
                inner = others.value
            if inner is None:
                self.unknown.append(Unknown(entry.key, place, under))
            key = entry.key
            if others is None or others.kind == "column":
                key = _named_so(key, _stray(key.text))
            entries.append(
                Entry(key, entry.value if inner is None else self.node(entry.value, inner, beside, entry.key.text))
            )
        return replace(node, entries=tuple(entries))

    def _named(self, node: Mapping, value: Value, kind: str) -> Mapping:
        if value.names is None:
            return node
        words = self.lexicon.columns(value.names.columns, value.names.value, kind) if value.names.columns else {}
        entries = []
        for entry in node.entries:
            self.keys.add((entry.key.span.line, entry.key.span.column))
            word = words.get(entry.key.text)
            key = entry.key
            if word is not None:
                self.met.append(Met(key, word, f"columns:{value.names.columns}"))
                key = _named_so(key, word.english)
            entries.append(Entry(key, self.node(entry.value, value.names.value, kind, entry.key.text)))
        return replace(node, entries=tuple(entries))


@lru_cache(maxsize=1024)
def _stray(text: str) -> str:
    """A Chinese key that its place does not have, in English, so that readers can say where it belongs."""
    if text.isascii():
        return text
    labelled = (each.name for subject in SUBJECTS.values() for each in subject.columns if each.label == text)
    return next(iter((*labelled, *grammar.keys_in_english(text))), text)


def _named_so(key: Scalar, text: str) -> Scalar:
    """A key with another text; the same where it says so already."""
    return key if key.text == text else replace(key, text=text)


def _kind_beside(node: Mapping, words: ReadOnly[str, Word]) -> str:
    """The kind of row that a mapping says its columns are of."""
    for entry in node.entries:
        word = words.get(entry.key.text)
        if word is not None and word.english == "kind" and isinstance(entry.value, Scalar):
            return entry.value.text
    return ""


# Writing ----------------------------------------------------------------------------------------------------------


def rewritten(source: Source, changed: Iterable[Met], language: Language) -> str:
    """A text in which some keys are written in a language."""
    parts = _LINE_ENDS.split(source.text)
    by_line: dict[int, list[Met]] = {}
    for met in changed:
        by_line.setdefault(met.key.span.line, []).append(met)
    for number, found in by_line.items():
        at = 2 * (number - 1)
        for met in sorted(found, key=lambda each: -each.key.span.column):
            span, line = met.key.span, parts[at]
            inside = 1 if met.key.style in _QUOTED else 0
            start, end = span.column - 1 + inside, span.end_column - 1 - inside
            parts[at] = line[:start] + met.word.written(language) + line[end:]
    return "".join(parts)


# Findings ---------------------------------------------------------------------------------------------------------


def report_languages(found: Translated, findings: Findings) -> None:
    """Note keys of both languages in one file, and one key in both languages in one mapping.

    Diagnostics:
        PB122 both languages, PB103 a key given twice.
    """
    minority = found.minority
    if not minority:
        return
    first = minority[0].key.span
    names = list(dict.fromkeys(met.key.text for met in minority))
    listed = ", ".join(names[:MAX_NAMED]) + (" …" if len(names) > MAX_NAMED else "")
    params = {"found": listed, "count": len(minority), "path": first.source.path}
    findings.extend((Diagnostic("PB122", first, params, variant="chinese" if found.language == "zh" else "english"),))
    for again, before in found.twice:
        related = (Related(before.span, "related.first"),)
        findings.extend((Diagnostic("PB103", again.span, {"name": again.text}, related),))
