"""Texts made from the grammar: for every key a file in which it stands, and files at random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from pdo.playbook import grammar
from pdo.playbook.grammar import Form, Key, Place, Value
from pdo.playbook.grammar.blocks import RESERVED
from pdo.playbook.grammar.conditions import TABLE

ROOTS = ("playbook", "pdo.yaml", "cases")
"""The kinds of file."""

BOGUS = "zzz"
"""A key that no place has."""

SAMPLES = {
    Form.TEXT: "文字",
    Form.PROSE: "文字",
    Form.NAME: "某个名字",
    Form.COUNT: "3",
    Form.NUMBER: "3",
    Form.MONEY: "3",
    Form.SHARE: "10%",
    Form.RANGE: "3..",
    Form.DURATION: "30d",
    Form.DURATIONS: "..30d",
    Form.DATE: "2026-01-01",
    Form.MOMENT: "2026-01-01 09:00",
    Form.CLOCK: '"10:00"',
    Form.HOURS: "21:00..09:00",
    Form.SIZE: "2GB",
    Form.BOOLEAN: "true",
    Form.PATH: "lists/a.csv",
    Form.COLUMN: "city",
    Form.TEST: "甲",
    Form.CELL: "甲",
}
"""How each form looks."""

BESIDE = {
    ("lifecycles", "transitions"): {"stages": "[甲, 乙]", "initial": "甲"},
    ("lifecycles", "by"): {"bands": "{甲: 0mo}"},
    ("steps", "on"): {"wait_for": "everyone", "timeout": "2d"},
}
"""What else a mapping must say, so that its reader goes on to what is looked for."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a file, and how to get there.

    Args:
        root: the kind of file.
        path: keys and names from the top; `[]` for a list.
        place: what is there.
    """

    root: str
    path: tuple[str, ...]
    place: Place


def spots(root: str) -> Iterator[Spot]:
    """Every place of a kind of file once, by the shortest way."""
    seen = {root}
    waiting = [Spot(root, (), grammar.place(root))]
    while waiting:
        spot = waiting.pop(0)
        yield spot
        for path, name in _next(spot.place):
            if name not in seen:
                seen.add(name)
                waiting.append(Spot(root, (*spot.path, *path), grammar.place(name)))


def _next(place: Place) -> Iterator[tuple[tuple[str, ...], str]]:
    for key in place.keys:
        yield from ((path, name) for path, name in _behind((key.name,), key.value))
    if place.name == "condition":
        yield ("points",), "test"
        yield ("孩子",), TABLE
    elif place.others is not None and not place.name.endswith(".where"):
        yield from _behind(("孩子" if place.others.kind == "table" else "某个名字",), place.others.value)
    elif place.others is not None:
        yield from _behind((_column(place),), place.others.value)


def _column(place: Place) -> str:
    return {"orders": "paid", "items": "amount", "coupons": "value", TABLE: "生日"}.get(
        place.name.split(".")[0], "type"
    )


def _behind(path: tuple[str, ...], value: Value) -> Iterator[tuple[tuple[str, ...], str]]:
    if value.place:
        yield path, value.place
    if value.items is not None:
        yield from _behind((*path, "[]"), value.items)
    if value.names is not None:
        name = (value.names.words or ("某个名字",))[0]
        yield from _behind((*path, name), value.names.value)


# One key ----------------------------------------------------------------------------------------------------------


def file_with(spot: Spot, *keys: Key) -> str:
    """A file in which a place holds some keys, all that it must hold, and a key that does not exist."""
    return _around(grammar.place(spot.root), spot, keys, spot.path) + "\n"


def _around(place: Place, spot: Spot, keys: tuple[Key, ...], path: tuple[str, ...]) -> str:
    """A mapping with what it must hold, on the way to a place."""
    if not path:
        own = {key.name: sample(key.value) for key in keys}
        return mapping({**own, **required(place), BOGUS: "1"})
    beside = BESIDE.get((place.name, path[0]), {})
    return mapping({**beside, **required(place, but=path[0]), path[0]: _inside(place, spot, keys, path)})


def _inside(place: Place, spot: Spot, keys: tuple[Key, ...], path: tuple[str, ...]) -> str:
    first, *rest = path
    found = next((each for each in place.keys if each.name == first), None)
    if found is not None:
        value = found.value
    elif place.name == "condition":
        value = Value(place=TABLE if first == "孩子" else "test")
    else:
        value = place.others.value if place.others else Value()
    return _value_on_the_way(value, spot, keys, tuple(rest))


def _value_on_the_way(value: Value, spot: Spot, keys: tuple[Key, ...], path: tuple[str, ...]) -> str:
    if path and path[0] == "[]" and value.items is not None:
        return f"[{_value_on_the_way(value.items, spot, keys, path[1:])}]"
    if value.place and (not value.names or not path):
        return _around(grammar.place(value.place), spot, keys, path)
    assert value.names is not None
    return mapping({path[0]: _value_on_the_way(value.names.value, spot, keys, path[1:])})


def required(place: Place, *, but: str = "") -> dict[str, str]:
    """What a place must hold."""
    return {key.name: sample(key.value) for key in place.keys if key.required and key.name != but}


def sample(value: Value) -> str:
    """Something that may stand behind a key."""
    if value.words:
        return value.words[0]
    if value.forms:
        return SAMPLES[value.forms[0]]
    if value.items is not None:
        return f"[{sample(value.items)}]"
    if value.place:
        return mapping(required(grammar.place(value.place)))
    assert value.names is not None
    return mapping({(value.names.words or ("某个名字",))[0]: sample(value.names.value)})


def mapping(entries: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"


# At random --------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(("爱水果", "大客户", "累计消费", "name-1", "甲 乙", "店长推荐", "A"))
TEXTS = st.sampled_from(("北京", "3..", '"带 # 的: 文字"', "'单引号'", "30d", "[甲, 乙]", "true", "when", "条件"))
COMMENTS = st.sampled_from(("", "", "", "  # 说明 when: 条件", "    # {标签: tag}"))


@st.composite
def texts(draw: st.DrawFn, root: str = "playbook") -> str:
    """A file with keys of the language where they belong, in English, laid out as hands do."""
    lines = draw(_lines(grammar.place(root), 4, 0))
    end = draw(st.sampled_from(("\n", "\r\n")))
    return end.join(("# 头一行：标签", *lines, ""))


@st.composite
def _lines(draw: st.DrawFn, place: Place, depth: int, indent: int) -> list[str]:
    """The lines of a block mapping."""
    keys = draw(st.lists(st.sampled_from(_usable(place)), min_size=1, max_size=4, unique_by=lambda key: key.name))
    found: list[str] = []
    for key in keys:
        blank = " " * draw(st.integers(1, 3))
        quote = draw(st.sampled_from(("", "", "", '"', "'")))
        head = f"{' ' * indent}{quote}{key.name}{quote}:"
        inner = draw(_below(key.value, depth, indent + 2))
        if inner is None:
            found.append(f"{head}{blank}{draw(_flow(key.value, depth))}{draw(COMMENTS)}")
        else:
            found += [f"{head}{draw(COMMENTS)}", *inner]
        if draw(st.booleans()):
            found.append("")
    return found


def _usable(place: Place) -> tuple[Key, ...]:
    return tuple(key for key in place.keys if key not in RESERVED)


@st.composite
def _below(draw: st.DrawFn, value: Value, depth: int, indent: int) -> list[str] | None:
    """A value on lines of its own; None where it stands on the line of its key."""
    if depth <= 0 or not draw(st.booleans()):
        return None
    if value.names is not None and value.names.value.place and not value.names.words:
        name = draw(NAMES)
        place = grammar.place(value.names.value.place)
        return [f"{' ' * indent}{name}:", *draw(_lines(place, depth - 1, indent + 2))] if _usable(place) else None
    if value.place and _usable(grammar.place(value.place)):
        return draw(_lines(grammar.place(value.place), depth - 1, indent))
    return None


@st.composite
def _flow(draw: st.DrawFn, value: Value, depth: int) -> str:
    """A value on one line."""
    ways = []
    if value.forms or value.words or depth <= 0:
        ways.append(TEXTS)
    if value.place and depth > 0 and _usable(grammar.place(value.place)):
        ways.append(_flow_mapping(grammar.place(value.place), depth - 1))
    if value.items is not None and depth > 0:
        ways.append(_flow(value.items, depth - 1).map(lambda item: f"[{item}]"))
    if value.names is not None and depth > 0:
        names = st.sampled_from(value.names.words) if value.names.words else NAMES
        ways.append(st.tuples(names, _flow(value.names.value, depth - 1)).map(lambda pair: f"{{{pair[0]}: {pair[1]}}}"))
    return draw(st.one_of(ways)) if ways else "北京"


@st.composite
def _flow_mapping(draw: st.DrawFn, place: Place, depth: int) -> str:
    keys = draw(st.lists(st.sampled_from(_usable(place)), min_size=1, max_size=3, unique_by=lambda key: key.name))
    return "{" + ", ".join(f"{key.name}: {draw(_flow(key.value, depth))}" for key in keys) + "}"
