"""JSON Schema of the language, for editors: made from the grammar, keys in both languages, explained in both.

An editor that knows it completes keys and words, shows what they mean and marks what cannot be. `pdo validate` knows more:
references, units, sense. So a value is left alone here where only a reader can judge it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pdo.model.fields import ATTRIBUTES, KINDS, ROWS
from pdo.playbook import grammar
from pdo.playbook.files import SETTINGS_FILE
from pdo.playbook.grammar import Form
from pdo.playbook.grammar.blocks import RESERVED
from pdo.playbook.grammar.conditions import TABLE
from pdo.playbook.grammar.shapes import CELLS, CONDITION, NUMBERS, TEST
from pdo.playbook.vocabulary import BOOLEANS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pdo.model.fields import Column
    from pdo.playbook.grammar import Key, Names, Place, Value

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES: Mapping[str, str] = MappingProxyType({"playbook": "playbook", "cases": "cases", "pdo": SETTINGS_FILE})
"""What can be asked for → the place that it is."""

_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_DIGIT = "[0-9０-９]"
_NUMBER: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _DIGIT}]}
_WITH_UNIT: Schema = {"type": "string", "pattern": f"{_DIGIT}|^[今昨本上]"}
_FORMS: Mapping[Form, Schema] = MappingProxyType(
    {
        Form.COUNT: _NUMBER,
        Form.NUMBER: _NUMBER,
        Form.MONEY: _NUMBER,
        Form.RANGE: _NUMBER,
        Form.SHARE: {"type": "string", "pattern": "[%％]"},
        Form.DURATION: _WITH_UNIT,
        Form.DURATIONS: _WITH_UNIT,
        Form.DATE: {"type": "string", "pattern": f"{_DIGIT}|^(today|yesterday)$"},
        Form.MOMENT: {"type": "string", "pattern": _DIGIT},
        Form.CLOCK: {"type": "string", "pattern": f"^{_DIGIT}{{1,2}}\\s*[:：点]"},
        Form.HOURS: {"type": "string", "pattern": _DIGIT},
        Form.SIZE: {"type": "string", "pattern": f"{_DIGIT}\\s*[kmgtKMGTｋｍｇｔＫＭＧＴ]"},
        Form.BOOLEAN: {"enum": [True, False, *BOOLEANS, 1, 0]},
    }
)
"""Forms that an editor can judge; all others are any text."""


def schema_of(file: str) -> Schema:
    """The schema of a kind of file.

    Args:
        file: a key of `FILES`.
    """
    name = FILES[file]
    place = grammar.place(name)
    reached = {each: _object(grammar.place(each)) for each in _reached(name)}
    return {
        "$schema": DIALECT,
        "title": f"pdo · {place.zh} · {place.en}",
        "$ref": f"#/$defs/{name}",
        "$defs": {**dict(sorted(reached.items())), **_shared()},
    }


def schema_text(file: str) -> str:
    """The schema as it is printed and kept in `docs/schema/`."""
    return json.dumps(schema_of(file), ensure_ascii=False, indent=1) + "\n"


def _shared() -> Schema:
    """What many places need: what may be written for a test, and the columns of each kind of row."""
    shared: Schema = {"text": _TEXT, "number": _NUMBER, "with_unit": _WITH_UNIT}
    return {**shared, **{f"any-{name}": _ways(value) for name, value in _COMMON.items()}}


def _reached(name: str) -> list[str]:
    """The places that can be met in a file."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each in found:
            continue
        found[each] = None
        place = grammar.place(each)
        values = [key.value for key in _keys(place)]
        values += [place.others.value] if place.others else []
        values += [grammar.Value(place=TABLE)] if each == "condition" else []
        waiting += [inner for value in values for inner in _places_in(value)]
    return list(found)


def _places_in(value: Value) -> Iterator[str]:
    if value.place:
        yield value.place
    if value.items is not None:
        yield from _places_in(value.items)
    if value.names is not None:
        yield from _places_in(value.names.value)


def _keys(place: Place) -> tuple[Key, ...]:
    return tuple(key for key in place.keys if key not in RESERVED)


# Mappings ---------------------------------------------------------------------------------------------------------


def _object(place: Place) -> Schema:
    keys = _keys(place)
    properties: Schema = {}
    for key in keys:
        properties[key.name] = _property(key)
    for key in keys:
        properties.setdefault(key.zh, {"$ref": f"#/$defs/{place.name}/properties/{key.name}"})
    found: Schema = {"type": "object", "description": _both(place.zh, place.en)}
    if place.others is not None:
        properties = {**_column_properties(place.others), **properties}
    found["properties"] = properties
    found["additionalProperties"] = False if place.others is None else _others(place)
    required = [{"anyOf": [{"required": [key.name]}, {"required": [key.zh]}]} for key in keys if key.required]
    return {**found, "allOf": required} if required else found


def _others(place: Place) -> Schema | bool:
    """What stands behind a name of the user's own."""
    others = place.others
    if others is None:
        return False
    if others.words:
        return False
    value = _value(others.value)
    if place.name == "condition":  # a metric or score, or a declared table
        table = {"$ref": f"#/$defs/{TABLE}"}
        return {"anyOf": [value, table, {"type": "array", "items": table}]}
    return value


def _property(key: Key) -> Schema:
    return {**_value(key.value), "title": f"{key.name} · {key.zh}", "description": _both(key.about_zh, key.about_en)}


def _both(zh: str, en: str) -> str:
    return f"{zh}\n\n{en}"


def _column_properties(names: Names) -> Schema:
    """The columns that are built in, as both languages call them, and names that are fixed."""
    value = _value(names.value)
    found: Schema = dict.fromkeys(names.words, value)
    for column in _columns(names.columns):
        for word in (column.name, column.label):
            found.setdefault(word, {**value, "title": f"{column.name} · {column.label}"})
    return found


@lru_cache(maxsize=64)
def _columns(what: str) -> tuple[Column, ...]:
    if what == "customers":
        return ATTRIBUTES
    if what.startswith("file:"):
        name = what.removeprefix("file:")
        return (*KINDS[name].columns, *ROWS.get(name, ()))
    return ROWS.get(what, ())


# Values -----------------------------------------------------------------------------------------------------------


_COMMON: Mapping[str, Value] = MappingProxyType(
    {"test": TEST, "condition": CONDITION, "range": NUMBERS, "cells": CELLS}
)
"""Values of many keys."""


def _value(value: Value) -> Schema:
    """What may stand behind a key."""
    common = next((name for name, each in _COMMON.items() if each == value), None)
    return _ways(value) if common is None else {"$ref": f"#/$defs/any-{common}"}


def _ways(value: Value) -> Schema:
    """One of the ways in which a value can be written."""
    ways = [*_texts(value)]
    if value.place:
        ways.append({"$ref": f"#/$defs/{value.place}"})
    if value.items is not None:
        ways.append({"type": "array", "minItems": int(not value.may_be_empty), "items": _value(value.items)})
    if value.names is not None:
        names = value.names
        inner: Schema = {"type": "object"}
        if columns := _column_properties(names):
            inner["properties"] = columns
        inner["additionalProperties"] = False if names.words else _value(names.value)
        ways.append(inner)
    return ways[0] if len(ways) == 1 else {"anyOf": ways}


def _texts(value: Value) -> Iterator[Schema]:
    if value.words:
        yield {"enum": [each for word in value.words for each in ((word, int(word)) if word.isdigit() else (word,))]}
    forms = [_FORMS.get(form) for form in value.forms]
    if None in forms:
        yield {"$ref": "#/$defs/text"}
        return
    for form in forms:
        if form is _NUMBER:
            yield {"$ref": "#/$defs/number"}
        elif form is _WITH_UNIT:
            yield {"$ref": "#/$defs/with_unit"}
        elif form is not None:
            yield form
