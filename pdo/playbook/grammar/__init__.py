"""The grammar of the language as data: every place, its keys in English and Chinese, what their values are.

Flows in: nothing but `model.fields`, whose columns and kinds are words of the language too. Flows out: the keys that readers
take (`keys`), translation between the languages (`translation`), the schema for editors, tables of the reference.
Values stay English in both languages (`desc`, `highest`, `wecom`); names are the user's.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.playbook.grammar import blocks, conditions, project, sending
from pdo.playbook.grammar.shapes import Form, Key, Names, Place, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PLACES", "Form", "Key", "Names", "Place", "Value", "keys", "place"]

PLACES: Mapping[str, Place] = MappingProxyType(
    {found.name: found for module in (blocks, conditions, sending, project) for found in module.PLACES}
)
"""Name → place, of playbooks, `pdo.yaml`, mappings and files of cases."""


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
