"""The grammar of the language as data: every place, its keys in English and Chinese, what their values are.

Flows in: nothing but `model.fields`, whose columns and kinds are words of the language too. Flows out: the keys that readers
take (`keys`), translation between the languages (`translation`), the schema for editors, tables of the reference.
Values stay English in both languages (`desc`, `highest`, `wecom`); names are the user's.
"""

from __future__ import annotations

from pdo.playbook.grammar.places import PLACES
from pdo.playbook.grammar.shapes import Form, Key, Names, Place, Value
from pdo.playbook.grammar.spelling import SAID, chinese_of, english_of, every_chinese, keys_in_english

__all__ = [
    "PLACES",
    "SAID",
    "Form",
    "Key",
    "Names",
    "Place",
    "Value",
    "chinese_of",
    "english_of",
    "every_chinese",
    "keys",
    "keys_in_english",
    "place",
    "spellings",
]


def place(name: str) -> Place:
    """A place.

    Raises:
        KeyError: there is none of that name: our bug.
    """
    return PLACES[name]


def keys(name: str) -> tuple[str, ...]:
    """The English keys of a place, in the order of the reference.

    Raises:
        KeyError: there is no place of that name: our bug.
    """
    return tuple(key.name for key in PLACES[name].keys)


def spellings(name: str) -> frozenset[str]:
    """The keys of a place in both languages.

    Raises:
        KeyError: there is no place of that name: our bug.
    """
    return frozenset(word for key in PLACES[name].keys for word in (key.name, key.zh))
