"""RFM settings: what counts as high, and the names of the eight types."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.nodes import Mapping, Node, Scalar
from pdo.model.conditions import AgeRange, Middle, Range, RfmTest
from pdo.model.fields import Type
from pdo.model.playbook import RFM_TYPES, Cut, Part, Rfm, Tag
from pdo.playbook import vocabulary
from pdo.playbook.plain import read_keyed
from pdo.playbook.predicates import Tested, read_test
from pdo.playbook.reading import read_block, read_fields, read_name, read_text, report_unknown, require
from pdo.playbook.rows import read_rows
from pdo.playbook.values import normalise, parse_share

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Window
    from pdo.playbook.reading import Defined, Reading

PARTS = MappingProxyType({"recency": Part.RECENCY, "frequency": Part.FREQUENCY, "money": Part.MONEY})
_EXAMPLES = MappingProxyType({"recency": "{high: ..30d}", "frequency": "{high: 3..}", "money": "{high: above average}"})
_TYPES = MappingProxyType({Part.RECENCY: Type.INSTANT, Part.FREQUENCY: Type.INTEGER, Part.MONEY: Type.MONEY})
QUINTILES = 5


def type_names_in(node: Node) -> dict[str, Scalar | None]:
    """Each of the eight types with the node of the name that is given to it, before anything is checked."""
    given = node.get("names") if isinstance(node, Mapping) else None
    names: dict[str, Scalar | None] = dict.fromkeys(RFM_TYPES)
    for entry in given.entries if isinstance(given, Mapping) else ():
        if entry.key.text in names and isinstance(entry.value, Scalar):
            names[entry.key.text] = entry.value
    return names


def part_types_in(name: str, node: Node) -> dict[str, Type]:
    """The types of the setting's parts that are values (`全店.R`): those scored by quintiles, from 1 to 5."""
    found = {}
    for key, part in PARTS.items():
        cut = node.get(key) if isinstance(node, Mapping) else None
        if isinstance(cut, Mapping) and cut.get("score") is not None:
            found[f"{name}.{part.value}"] = Type.INTEGER
    return found


def part_types(setting: Rfm) -> dict[str, Type]:
    """The same of a setting that was read."""
    scored = (part for part, cut in setting.cuts.items() if cut.score is not None)
    return {f"{setting.name}.{part.value}": Type.INTEGER for part in scored}


def read_rfm(block: Defined, reading: Reading) -> Rfm | None:
    """A setting.

    Diagnostics:
        PB114 to PB118, PB209, PB301, PB302, PB314, PB342, PB345.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.RFM_KEYS, "rfm", reading)
    cuts: dict[Part, Cut] = {}
    for key, part in PARTS.items():
        node = require(fields, key, block.key.span, f"{key}: {_EXAMPLES[key]}", reading)
        cut = _read_cut(key, part, node, reading) if node is not None else None
        if cut is not None:
            cuts[part] = cut
    window, readable = _read_window(mapping, reading)
    names = _read_names(fields["names"], reading) if "names" in fields else {}
    if len(cuts) != len(PARTS) or not readable or names is None:
        return None
    whole = {type_: names.get(type_, standard) for type_, standard in RFM_TYPES.items()}
    return Rfm(block.name, block.playbook, cuts, window, whole, block.key.span)


def type_tags(setting: Rfm) -> tuple[Tag, ...]:
    """The eight types as tags of the setting's group, of which a customer has at most one."""
    return tuple(
        Tag(
            name,
            setting.playbook,
            setting.name,
            RfmTest(setting.name, (type_,), setting.span),
            keep=False,
            span=setting.span,
            exclusive=setting.name,
        )
        for type_, name in setting.names.items()
    )


def _read_window(mapping: Mapping, reading: Reading) -> tuple[Window | None, bool]:
    windows = tuple(entry for entry in mapping.entries if entry.key.text == "within")
    if not windows:
        return None, True
    rows = read_rows("orders", Mapping(windows[:1], mapping.span), (), reading)
    return (None, False) if rows is None else (rows.window, True)


def _read_names(node: Node, reading: Reading) -> dict[str, str] | None:
    mapping = read_block(node, "names", reading)
    if mapping is None:
        return None
    found: dict[str, str] = {}
    complete = True
    for entry in mapping.entries:
        type_ = entry.key.text.upper()
        if type_ not in RFM_TYPES:
            report_unknown("PB345", entry.key.span, entry.key.text, RFM_TYPES, reading.findings)
            complete = False
            continue
        text = read_text(entry.value, type_, reading)
        name = read_name(entry.value, reading) if text is not None and isinstance(entry.value, Scalar) else None
        complete = complete and name is not None
        found.setdefault(type_, name or "")
    return found if complete else None


# Cuts -------------------------------------------------------------------------------------------------------------


def _read_cut(key: str, part: Part, node: Node, reading: Reading) -> Cut | None:
    mapping = read_keyed(node, key, f"{key}: {_EXAMPLES[key]}", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.RFM_CUT_KEYS, key, reading)
    high = require(fields, "high", mapping.span, f"{key}: {_EXAMPLES[key]}", reading)
    if high is None:
        return None
    if "score" in fields:
        return _read_scored(key, fields["score"], high, reading)
    if isinstance(high, Scalar):
        words = normalise(high.text).lower().split()
        if words[:1] == ["top"]:
            return _read_top(" ".join(words[1:]), high, reading)
        if words[:1] in (["above"], ["below"]):
            return _read_middle(words, high.span, reading)
    test = read_test(high, Tested(key, _TYPES[part], past=True), reading)
    if test is None:
        return None
    if isinstance(test, AgeRange if part is Part.RECENCY else Range):
        return Cut(test=test)
    reading.findings.add("PB345", high.span, variant="high", name=key, example=_EXAMPLES[key])
    return None


def _read_scored(key: str, score: Node, high: Node, reading: Reading) -> Cut | None:
    kind = read_text(score, "score", reading)
    if kind is not None and kind != "quintile":
        report_unknown("PB314", score.span, kind, ("quintile",), reading.findings, place="score")
        return None
    test = read_test(high, Tested(key, Type.INTEGER), reading)
    if test is None or kind is None:
        return None
    if not isinstance(test, Range) or not any(test.includes(score) for score in range(1, QUINTILES + 1)):
        reading.findings.add("PB345", high.span, variant="score", name=key)
        return None
    return Cut(score=test)


def _read_top(text: str, node: Scalar, reading: Reading) -> Cut | None:
    share = parse_share(re.sub(r"\s", "", text))
    if share is None:
        reading.findings.add("PB342", node.span, value=node.text)
        return None
    return Cut(share=share)


def _read_middle(words: list[str], span: Span, reading: Reading) -> Cut | None:
    known = tuple(f"above {middle.value}" for middle in Middle)
    text = " ".join(words)
    if text not in known:
        report_unknown("PB314", span, text, known, reading.findings, place="high")
        return None
    return Cut(middle=Middle(words[1]))
