"""The tables of keys in the reference pages, made from the grammar: each key in both languages, its value, what it says."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.model.fields import ATTRIBUTES
from pdo.model.fields import SUBJECTS as SUBJECT_COLUMNS
from pdo.playbook import grammar
from pdo.playbook.files import SETTINGS_FILE
from pdo.playbook.grammar import Form
from pdo.playbook.grammar.blocks import RESERVED
from pdo.playbook.grammar.conditions import SUBJECTS, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pdo.playbook.grammar import Key, Place, Value

_FORMS: Mapping[Form, str] = MappingProxyType(
    {
        Form.TEXT: "文字 text",
        Form.PROSE: "文字 text",
        Form.NAME: "名字 name",
        Form.COUNT: "整数 whole number",
        Form.NUMBER: "数字 number",
        Form.MONEY: "元 yuan",
        Form.SHARE: "百分比 share `10%`",
        Form.RANGE: "区间 range `3..`",
        Form.DURATION: "时长 duration `30d`",
        Form.DURATIONS: "时长区间 durations `..30d`",
        Form.DATE: "日期 date",
        Form.MOMENT: "时刻 moment",
        Form.CLOCK: "钟点 time of day",
        Form.HOURS: "钟点区间 hours",
        Form.SIZE: "大小 size `2GB`",
        Form.BOOLEAN: "`true` `false`",
        Form.PATH: "文件 file",
        Form.COLUMN: "列 column",
        Form.TEST: "值 value",
        Form.CELL: "单元格 cell",
    }
)
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "attribute": "列或指标 attribute or metric",
        "campaign": "触达 campaign",
        "channel": "渠道 channel",
        "column": "列 column",
        "content": "素材 content",
        "customer": "客户 customer",
        "journey": "旅程 journey",
        "lifecycle": "生命周期 lifecycle",
        "metric": "指标 metric",
        "offer": "权益 offer",
        "rfm": "RFM",
        "score": "评分 score",
        "segment": "人群 segment",
        "stage": "阶段 stage",
        "tag": "标签 tag",
        "tag_group": "标签组 tag group",
        "variable": "变量 variable",
        "variant": "版本 variant",
        "table": "表 table",
        "mapping": "映射 mapping",
        "rfm_type": "`HHH` … `LLL`",
    }
)
_ALIKE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "": ("数据的行：哪些行、多久以内、要怎样", "rows: which rows, within which time, what must hold"),
        ".rows": ("只说哪些行、多久以内", "only which rows, within which time"),
        ".latest": ("最后一行", "the last row"),
        ".where": ("列的条件", "tests on columns"),
        "metrics.": (
            "指标的行：哪些行、多久以内、统计什么",
            "rows of a metric: which rows, within which time, what of them",
        ),
    }
)
"""Families of places that subjects share, by what stands around the subject's name; told once."""


def render_keys(root: str) -> str:
    """The tables of all places of a kind of file.

    Args:
        root: `playbook`, `cases` or `pdo.yaml`.
    """
    own = set(_reached(root)) - (set(_reached("pdo.yaml")) if root != SETTINGS_FILE else set())
    lines: list[str] = []
    told: set[str] = set()
    for name in _reached(root):
        family = _family(name)
        if name not in own or family in told:
            continue
        told.add(family)
        lines += _section(family, [grammar.place(each) for each in _reached(root) if _family(each) == family])
    return "\n".join(lines).strip() + "\n"


def render_columns() -> str:
    """The columns that conditions and `where` may test, each in both languages."""
    lines = ['<a id="keys-columns"></a>', "#### 列 · columns", "", "| 看什么 Of | 列 Columns |", "| --- | --- |"]
    kinds = {"customers": ("客户 customers", ATTRIBUTES)}
    kinds |= {name: (f"{subject.label} {name}", subject.columns) for name, subject in SUBJECT_COLUMNS.items()}
    for title, columns in kinds.values():
        shown = "、".join(f"`{column.name}` {column.label}" for column in columns)
        lines.append(f"| {title} | {shown} |")
    return "\n".join(lines) + "\n"


def _reached(root: str) -> list[str]:
    """The places of a file, outermost first, with those of a declared table."""
    found: dict[str, None] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found[name] = None
        place = grammar.place(name)
        values = [key.value for key in place.keys if key not in RESERVED]
        values += [place.others.value] if place.others else []
        waiting += [inner for value in values for inner in _inside(value)]
        waiting += [TABLE] if name == "condition" else []
    return list(found)


def _inside(value: Value) -> Iterator[str]:
    if value.place:
        yield value.place
    if value.items is not None:
        yield from _inside(value.items)
    if value.names is not None:
        yield from _inside(value.names.value)


def _family(name: str) -> str:
    """What tells places apart that are not the same for every subject."""
    for subject in (*SUBJECTS, TABLE):
        for around in _ALIKE:
            if name == (f"{around}{subject}" if around.endswith(".") else f"{subject}{around}"):
                return f"rows:{around}"
    return name


def _section(family: str, places: list[Place]) -> Iterator[str]:
    first = places[0]
    zh, en = _ALIKE[family.removeprefix("rows:")] if family.startswith("rows:") else (first.zh, first.en)
    yield f'<a id="{_anchor(first.name)}"></a>'
    yield f"#### {zh} · {en}"
    yield ""
    keys = _union(places)
    if keys:
        yield "| 键 Key | 中文 | 值 Value | 说明 | Says |"
        yield "| --- | --- | --- | --- | --- |"
        yield from (_row(key, having, len(places)) for key, having in keys)
        yield ""
    if first.others is not None:
        yield _others(first)
        yield ""


def _union(places: list[Place]) -> list[tuple[Key, list[str]]]:
    found: dict[str, tuple[Key, list[str]]] = {}
    for place in places:
        for key in place.keys:
            if key not in RESERVED:
                found.setdefault(f"{key.name} {key.about_en}", (key, []))[1].append(_subject(place.name))
    return list(found.values())


def _subject(name: str) -> str:
    return next((part for part in name.split(".") if part in (*SUBJECTS, TABLE)), name)


def _row(key: Key, having: list[str], places: int) -> str:
    only = "" if len(having) == places else f"（{'、'.join(f'`{name}`' for name in having)}）"
    must = "**必需 required** " if key.required else ""
    cells = (f"`{key.name}`", f"`{key.zh}`", must + _value(key.value), key.about_zh + only, key.about_en)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _others(place: Place) -> str:
    """What else may be a key."""
    others = place.others
    if others is None:
        return ""
    kind = _NAMES.get(others.kind, others.kind)
    words = "（" + " ".join(f"`{word}`" for word in others.words) + "）" if others.words else ""
    return f"另外的键 Other keys：{kind}{words} → {_value(others.value)}"


def _anchor(name: str) -> str:
    return "keys-" + name.replace(".", "-")


def _value(value: Value) -> str:
    """How a value is written."""
    ways = [" ".join(f"`{word}`" for word in value.words)] if value.words else []
    ways += dict.fromkeys(_FORMS[form] for form in value.forms if form is not Form.PROSE)
    if value.items is not None:
        ways.append(f"[{_value(value.items)}, …]")
    if value.place:
        place = grammar.place(_first_of_family(value.place))
        ways.append(f"[{place.name}](#{_anchor(place.name)})")
    if value.names is not None:
        ways.append(f"{{{_NAMES.get(value.names.kind, value.names.kind)}: {_value(value.names.value)}}}")
    return " / ".join(dict.fromkeys(ways))


def _first_of_family(name: str) -> str:
    family = _family(name)
    return next(each for each in grammar.PLACES if _family(each) == family)
