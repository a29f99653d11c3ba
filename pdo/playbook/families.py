"""Families of tags: `爱{品类}` with `each`, spelt out before anything of it is read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Diagnostic, Findings, Related
from pdo.core.nodes import Entry, Mapping, Node, Scalar, Sequence
from pdo.playbook.plain import read_keyed
from pdo.playbook.reading import read_block, read_name, read_text, read_texts, report_unknown
from pdo.playbook.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from pdo.playbook.reading import Reading

MAX_MEMBERS = 2000
_PLACEHOLDER = re.compile(r"(?<!\{)\{([^{}\d,\s][^{}]*)\}(?!\})")


@dataclass(frozen=True, slots=True)
class Member:
    """One block of a family, as if it had been written out.

    Args:
        key: its name, with the place of the family's.
        value: without `each`, every `{品类}` filled in; places are those of the family.
    """

    key: Scalar
    value: Node


def is_family(entry: Entry) -> bool:
    """Whether a block is to be spelt out."""
    written = isinstance(entry.value, Mapping) and entry.value.get("each") is not None
    return written or _PLACEHOLDER.search(entry.key.text) is not None


def spell_out(entry: Entry, reading: Reading) -> tuple[Member, ...]:
    """The blocks of a family, one a combination of values; none where that cannot be said.

    Diagnostics:
        PB112 too many, PB117 no `each`, PB221, PB222 a file that cannot be read, PB223 a name or a text that does not
        go with `each`.
    """
    mapping = read_block(entry.value, entry.key.text, reading)
    if mapping is None:
        return ()
    node = mapping.get("each")
    wanted = dict.fromkeys(_PLACEHOLDER.findall(entry.key.text))
    if node is None:
        name = next(iter(wanted))
        reading.findings.add("PB117", entry.key.span, name="each", example=f"each: {{{name}: [水果, 海鲜]}}")
        return ()
    values = _read_each(node, reading)
    if values is None or not _fits(entry.key, wanted, values, node, reading):
        return ()
    rest = Mapping(tuple(e for e in mapping.entries if e.key.text != "each"), mapping.span, mapping.flow)
    _check_placeholders(rest, values, reading)
    combinations = [dict(zip(values, each, strict=True)) for each in product(*values.values())]
    if len(combinations) > MAX_MEMBERS:
        reading.findings.add("PB112", node.span, variant="family", limit=MAX_MEMBERS)
        return ()
    return tuple(
        Member(replace(entry.key, text=_fill(entry.key.text, chosen)), _filled(rest, chosen)) for chosen in combinations
    )


def _read_each(node: Node, reading: Reading) -> dict[str, tuple[str, ...]] | None:
    mapping = read_keyed(node, "each", "each: {品类: [水果, 海鲜]}", reading)
    found: dict[str, tuple[str, ...]] = {}
    complete = mapping is not None and bool(mapping.entries)
    if mapping is not None and not mapping.entries:
        reading.findings.add("PB118", mapping.span, name="each")
    for entry in mapping.entries if mapping else ():
        name = read_name(entry.key, reading)
        values = _read_values(name or "each", entry.value, reading)
        complete = complete and name is not None and bool(values)
        found.setdefault(name or "", values)
    return found if complete else None


def _read_values(name: str, node: Node, reading: Reading) -> tuple[str, ...]:
    if isinstance(node, Scalar) and node.text.strip().lower().endswith(".csv"):
        path = read_text(node, name, reading)
        table = read_table(path, node.span, reading) if path is not None else None
        if table is None:
            return ()
        column = name if name in table.header else table.header[0]
        values = tuple(dict.fromkeys(row.cells[column] for row in table.rows if row.cells[column]))
        if not values:
            reading.findings.add("PB221", node.span, variant="empty", path=path)
        return values
    texts = read_texts(node, name, reading) or []
    return tuple(dict.fromkeys(text for text, _ in texts))


def _fits(
    key: Scalar, wanted: dict[str, None], values: ReadOnly[str, tuple[str, ...]], node: Node, reading: Reading
) -> bool:
    """Whether the name has every key of `each` and no other."""
    for name in wanted:
        if name not in values:
            report_unknown("PB223", key.span, name, values, reading.findings)
            return False
    missing = [name for name in values if name not in wanted]
    if missing:
        mended = key.text + "".join(f"{{{name}}}" for name in missing)
        reading.findings.add("PB223", node.span, variant="name", name=missing[0], mended=mended)
    return not missing


def _check_placeholders(node: Node, values: ReadOnly[str, tuple[str, ...]], reading: Reading) -> None:
    """Note a `{…}` in the block that `each` says nothing of."""
    for scalar in _scalars(node):
        for name in _PLACEHOLDER.findall(unicodedata.normalize("NFC", scalar.text)):
            if name not in values:
                report_unknown("PB223", scalar.span, name, values, reading.findings)


def _scalars(node: Node) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Sequence):
        return [scalar for item in node.items for scalar in _scalars(item)]
    return [scalar for entry in node.entries for scalar in (entry.key, *_scalars(entry.value))]


def _fill(text: str, values: ReadOnly[str, str]) -> str:
    if "{" not in text:
        return text
    plain = unicodedata.normalize("NFC", text)
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), plain)


def _filled(node: Node, values: ReadOnly[str, str]) -> Node:
    if isinstance(node, Scalar):
        text = _fill(node.text, values)
        return node if text == node.text else replace(node, text=text)
    if isinstance(node, Sequence):
        return replace(node, items=tuple(_filled(item, values) for item in node.items))
    entries = (Entry(_key(entry.key, values), _filled(entry.value, values)) for entry in node.entries)
    return replace(node, entries=tuple(entries))


def _key(key: Scalar, values: ReadOnly[str, str]) -> Scalar:
    text = _fill(key.text, values)
    return key if text == key.text else replace(key, text=text)


def of_member(findings: Findings, name: str, key: Scalar) -> tuple[Diagnostic, ...]:
    """What was found in a block that was spelt out, saying which."""
    which = Related(key.span, "related.member", {"name": name})
    return tuple(replace(found, related=(*found.related, which)) for found in findings)
