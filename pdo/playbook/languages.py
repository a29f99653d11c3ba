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
from typing import TYPE_CHECKING, NamedTuple

from pdo.core.diagnostics import Diagnostic, Related
from pdo.core.nodes import Entry, Mapping, Node, Scalar, Sequence, Style
from pdo.model.fields import ATTRIBUTES, SUBJECTS
from pdo.playbook import grammar
from pdo.playbook.grammar import Key, Names, Place, Value
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
_KEYED = re.compile(r"(\w+)[\"']?\s*[:：]")
_QUOTED = (Style.SINGLE, Style.DOUBLE)
_TABLE_PLACES = (TABLE, f"{TABLE}.where", f"{TABLE}.rows", f"{TABLE}.latest", f"metrics.{TABLE}")


class Word(NamedTuple):
    """A key as both languages have it, and what stands behind it."""

    english: str
    chinese: str
    value: Value

    def written(self, language: Language) -> str:
        """In one of the languages."""
        return self.chinese if language == "zh" else self.english

    def language(self, text: str) -> Language | None:
        """The language in which it is written; None where both write it alike."""
        if text == self.english:
            return None if self.is_same else "en"
        return None if self.is_same else "zh"

    @property
    def is_same(self) -> bool:
        """Whether both languages write it alike, so that it says nothing of a file's language."""
        return self.english == self.chinese or self.english == self.chinese.casefold()


class Met(NamedTuple):
    """A key of the language, where it was met.

    Args:
        key: as written.
        language: in which it is written; None where both are alike.
    """

    key: Scalar
    word: Word
    language: Language | None


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
        self._chinese: frozenset[str] | None = None

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
        key = (f"columns of {what} {id(value)}", kind)
        if key not in self._words:
            self._words[key] = _both(Word(column.name, column.label, value) for column in self._columns(what, kind))
        return self._words[key]

    def may_be_in(self, text: str) -> bool:
        """Whether a Chinese key may stand in a text: most texts are English and need no translation."""
        if self._chinese is None:
            settings = self._settings
            columns = [*ATTRIBUTES, *(each for kind in settings.kinds.values() for each in kind.columns)]
            columns += [each for subject in settings.subjects.values() for each in subject.columns]
            columns += [each.column for declared in settings.attributes.values() for each in declared]
            labels = {column.label for column in columns} - {column.name for column in columns}
            self._chinese = frozenset((*labels, *grammar.every_chinese()))
        return not self._chinese.isdisjoint(_KEYED.findall(text))

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
        if isinstance(node, Mapping):
            return self._mapping(node, value, kind, under)
        if isinstance(node, Sequence):
            inner = value.items
            if inner is None:
                return node
            items = tuple(self.node(item, inner, kind, under) for item in node.items)
            return Sequence(items, node.span, node.flow, node.prefix)
        if (value.place or value.names) and not value.forms and not node.text.isascii():
            mapping = mapping_from_text(node, self.findings)
            return node if mapping is None else self._mapping(mapping, value, kind, under)
        return node

    def _mapping(self, node: Mapping, value: Value, kind: str, under: str) -> Mapping:
        if value.place:
            return self._block(node, value.place, kind, under)
        if value.names is not None:
            return self._named(node, value.names, kind)
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
            key = entry.key
            self.keys.add((key.span.line, key.span.column))
            word = words.get(key.text)
            if word is not None:
                before = first.setdefault(word.english, key)
                if before.text != key.text:
                    self.twice.append((key, before))
                entries.append(self._met(entry, word, beside))
                continue
            inner = self.lexicon.table(key.text, place)
            if inner is None and others is not None:
                inner = others.value
            if inner is None:
                self.unknown.append(Unknown(key, place, under))
                # What stands behind a word for a key is read as behind that key, so that it is checked in the same run.
                meant = next((words[english] for english in grammar.english_of(key.text) if english in words), None)
                inner = None if meant is None else meant.value
            found = entry.value if inner is None else self.node(entry.value, inner, beside, key.text)
            if others is None or others.kind == "column":
                key = _spelt(key, in_english(key.text))
            entries.append(Entry(key, found))
        return Mapping(tuple(entries), node.span, node.flow, node.prefix)

    def _met(self, entry: Entry, word: Word, kind: str) -> Entry:
        key = entry.key
        self.met.append(Met(key, word, word.language(key.text)))
        return Entry(_spelt(key, word.english), self.node(entry.value, word.value, kind, key.text))

    def _named(self, node: Mapping, names: Names, kind: str) -> Mapping:
        words = self.lexicon.columns(names.columns, names.value, kind) if names.columns else {}
        entries = []
        for entry in node.entries:
            self.keys.add((entry.key.span.line, entry.key.span.column))
            word = words.get(entry.key.text)
            if word is not None:
                entries.append(self._met(entry, word, kind))
            else:
                entries.append(Entry(entry.key, self.node(entry.value, names.value, kind, entry.key.text)))
        return Mapping(tuple(entries), node.span, node.flow, node.prefix)


def _spelt(key: Scalar, text: str) -> Scalar:
    return key if key.text == text else Scalar(text, key.style, key.span, key.prefix)


@lru_cache(maxsize=1024)
def in_english(text: str) -> str:
    """A Chinese key in English wherever it belongs, for readers to say where; other words as they are."""
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
