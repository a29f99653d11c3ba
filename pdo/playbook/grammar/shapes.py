"""What the grammar is made of: places, their keys, and what a value can be."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from pdo.core.frozen import dataclass


class Form(StrEnum):
    """What a text is read as."""

    TEXT = "text"
    PROSE = "prose"
    NAME = "name"
    COUNT = "count"
    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"
    RANGE = "range"
    DURATION = "duration"
    DURATIONS = "durations"
    DATE = "date"
    MOMENT = "moment"
    CLOCK = "clock"
    HOURS = "hours"
    SIZE = "size"
    BOOLEAN = "boolean"
    PATH = "path"
    COLUMN = "column"
    TEST = "test"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class Value:
    """What may stand behind a key, written as a text, as a list or as a mapping.

    Args:
        forms: what a text is read as; empty for no text.
        words: fixed words that a text may be, the same in both languages.
        refers: the kind of block that a name must exist of (`tag`, `segment` …); empty where any name will do.
        items: what a list holds; None for no list.
        place: the keys of a mapping; empty for none.
        names: a mapping whose keys are the user's own; None for none.
        by: the key beside it whose value, a kind of row, says what the columns are; empty for none.
        may_be_empty: whether a list with nothing in it says something.
    """

    forms: tuple[Form, ...] = ()
    words: tuple[str, ...] = ()
    refers: str = ""
    items: Value | None = None
    place: str = ""
    names: Names | None = None
    by: str = ""
    may_be_empty: bool = False

    def __or__(self, other: Value) -> Value:
        """Written in the one way or in the other; each has a list or a mapping that the other lacks."""
        return Value(
            tuple(dict.fromkeys((*self.forms, *other.forms))),
            tuple(dict.fromkeys((*self.words, *other.words))),
            self.refers or other.refers,
            self.items or other.items,
            self.place or other.place,
            self.names or other.names,
            self.by or other.by,
            self.may_be_empty or other.may_be_empty,
        )


@dataclass(frozen=True, slots=True)
class Names:
    """Keys that are not words of the language.

    Args:
        kind: whose names they are: `tag`, `variable`, `customer` … or `attribute` where conditions look.
        value: what stands behind each.
        columns: the kind of row whose columns may be keys too, Chinese by their labels; empty for none.
        words: the only names there are, the same in both languages; empty for the user's own.
    """

    kind: str
    value: Value
    columns: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """A word of the language.

    Args:
        name: English, as the model and the messages of the program have it.
        zh: Chinese; no other key of the place has it.
        value: what stands behind it.
        about_zh: what it says, in a line.
        about_en: the same in English.
        required: whether its mapping is nothing without it.
    """

    name: str
    zh: str
    value: Value
    about_zh: str
    about_en: str
    required: bool = False

    def must(self) -> Key:
        """The same key where it must be given."""
        return replace(self, required=True)


@dataclass(frozen=True, slots=True)
class Place:
    """A mapping of the language.

    Args:
        name: as `read_fields` and messages call it.
        zh: what it is, in Chinese.
        en: what it is, in English.
        keys: in the order of the reference.
        others: keys besides those; None for none.
    """

    name: str
    zh: str
    en: str
    keys: tuple[Key, ...]
    others: Names | None = None


def text(*forms: Form) -> Value:
    """A text that is read as one of these."""
    return Value(forms)


def word(*words: str) -> Value:
    """One of a few words."""
    return Value(words=words)


def reference(kind: str) -> Value:
    """The name of a block."""
    return Value((Form.NAME,), refers=kind)


def block(place: str) -> Value:
    """A mapping with the keys of a place."""
    return Value(place=place)


def listed(items: Value) -> Value:
    """A list."""
    return Value(items=items)


def some(item: Value) -> Value:
    """One, or a list of them."""
    return item | listed(item)


def named(kind: str, value: Value, *, columns: str = "", words: tuple[str, ...] = ()) -> Value:
    """A mapping whose keys are the user's own."""
    return Value(names=Names(kind, value, columns, words))


PROSE = text(Form.TEXT, Form.PROSE)
TEXT = text(Form.TEXT)
NAME = text(Form.NAME)
COUNT = text(Form.COUNT)
NUMBER = text(Form.NUMBER)
MONEY = text(Form.MONEY)
SHARE = text(Form.SHARE)
RANGE = text(Form.RANGE)
DURATION = text(Form.DURATION)
DURATIONS = text(Form.DURATIONS)
DATE = text(Form.DATE)
MOMENT = text(Form.MOMENT)
CLOCK = text(Form.CLOCK)
HOURS = text(Form.HOURS)
SIZE = text(Form.SIZE)
BOOLEAN = text(Form.BOOLEAN)
PATH = text(Form.PATH)
COLUMN = text(Form.COLUMN)
CELL = text(Form.CELL)
CELLS = some(CELL)
NUMBERS = RANGE | listed(RANGE) | block("test")
TEST = text(Form.TEST) | listed(text(Form.TEST)) | block("test")
CONDITION = word("everyone") | block("condition")
