"""What `pdo.yaml` declares of the data: columns of one's own, and tables of one's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdo.core.nodes import Mapping, Node, Scalar
from pdo.model.fields import ATTRIBUTES, CONSENT_SUFFIX, CUSTOMERS, KINDS, ROWS, Column, Kind, Type
from pdo.model.settings import Attribute, DeclaredTable
from pdo.playbook import vocabulary
from pdo.playbook.reading import (
    near,
    read_block,
    read_boolean,
    read_choice,
    read_fields,
    read_name,
    read_text,
    read_texts,
    report_unknown,
    require,
)

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.playbook.reading import Reading

ATTRIBUTE_KEYS = ("type", "label", "values", "sensitive")
TABLE_KEYS = ("label", "key", "time", "columns")
TYPES = (
    Type.TEXT,
    Type.INTEGER,
    Type.NUMBER,
    Type.MONEY,
    Type.BOOLEAN,
    Type.INSTANT,
    Type.DATE,
    Type.LIST,
)
EXTENSIBLE = tuple(name for name, kind in KINDS.items() if kind.extensible)
"""Kinds that may have columns of one's own."""

_OWNER = next(column for column in KINDS["events"].columns if column.name == "customer_id")
"""The column of a declared table that says whose row it is."""


def read_attributes(node: Node, reading: Reading) -> dict[str, tuple[Attribute, ...]]:
    """Declared columns by kind.

    Diagnostics:
        PB208 a name or label that the kind has already, PB305 a type that does not go with the rest, PB314 no such kind.
    """
    mapping = read_block(node, "attributes", reading)
    found: dict[str, tuple[Attribute, ...]] = {}
    for entry in mapping.entries if mapping else ():
        kind = entry.key.text
        if kind not in EXTENSIBLE:
            report_unknown("PB314", entry.key.span, kind, EXTENSIBLE, reading.findings, place="attributes")
            continue
        inner = read_block(entry.value, kind, reading)
        found.setdefault(kind, _read_columns(inner, kind, _taken(kind), reading))
    return found


def read_tables(
    node: Node, attributes: tuple[Attribute, ...], reading: Reading
) -> dict[str, tuple[DeclaredTable, tuple[Attribute, ...]]]:
    """Declared tables and their columns, by name.

    Args:
        node: what stands under `tables`.
        attributes: declared columns of customers; conditions name both, so no name may mean both.
        reading: where findings go.

    Diagnostics:
        PB203 a key or time that is no column, PB208 a name that means something else, PB305 a time that is none.
    """
    taken = {column.name for column in (*ATTRIBUTES, *(found.column for found in attributes))}
    labels = {column.label for column in ATTRIBUTES}
    reserved = (*vocabulary.RESERVED_NAMES, *KINDS, *ROWS, *vocabulary.RESERVED_BLOCKS)
    mapping = read_block(node, "tables", reading)
    found: dict[str, tuple[DeclaredTable, tuple[Attribute, ...]]] = {}
    for entry in mapping.entries if mapping else ():
        name = read_name(entry.key, reading, reserved=reserved)
        if name is not None and name in taken | labels:
            reading.findings.add("PB208", entry.key.span, variant="attribute", name=name)
            continue
        read = _read_table(name or "", entry.key.span, entry.value, reading)
        if name is not None and read is not None:
            found.setdefault(name, read)
    return found


def _read_table(
    name: str, span: Span, node: Node, reading: Reading
) -> tuple[DeclaredTable, tuple[Attribute, ...]] | None:
    mapping = read_block(node, "tables", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, TABLE_KEYS, "tables", reading)
    columns_node = require(fields, "columns", span, "columns: {birthday: date}", reading)
    inner = read_block(columns_node, "columns", reading) if columns_node is not None else None
    attributes = _read_columns(inner, name, {_OWNER.name, _OWNER.label, "extra", "key"}, reading)
    label = read_text(fields["label"], "label", reading) if "label" in fields else name
    columns = {attribute.column.name: attribute.column for attribute in attributes}
    key: tuple[str, ...] = ()
    if "key" in fields:
        texts = read_texts(fields["key"], "key", reading) or []
        known = (_OWNER.name, *columns)
        key = tuple(dict.fromkeys(text for text, at in texts if _is_known(text, known, name, at, reading)))
        attributes = tuple(
            replace(found, column=replace(found.column, required=True)) if found.column.name in key else found
            for found in attributes
        )
    time = _read_time(fields["time"], name, columns, reading) if "time" in fields else None
    kind = Kind(name, label or name, (_OWNER,), key, made=not key, declared=True)
    return DeclaredTable(kind, time), attributes


def _read_time(node: Node, table: str, columns: dict[str, Column], reading: Reading) -> Column | None:
    text = read_text(node, "time", reading)
    if text is None or not _is_known(text, tuple(columns), table, node.span, reading):
        return None
    if columns[text].type not in (Type.INSTANT, Type.DATE):
        reading.findings.add("PB305", node.span, variant="time", name=text)
        return None
    return columns[text]


def _is_known(name: str, known: tuple[str, ...], table: str, span: Span, reading: Reading) -> bool:
    if name not in known:
        report_unknown("PB203", span, name, known, reading.findings, subject=table)
    return name in known


def _taken(kind: str) -> set[str]:
    """Names and labels that mean something for a kind: as keys of playbooks they are one to one."""
    columns = [*KINDS[kind].columns, *ROWS.get(kind, ())]
    return {word for column in columns for word in (column.name, column.label)}


def _read_columns(mapping: Mapping | None, kind: str, taken: set[str], reading: Reading) -> tuple[Attribute, ...]:
    found: list[Attribute] = []
    taken = set(taken)
    for entry in mapping.entries if mapping else ():
        attribute = _read_attribute(kind, entry.key, entry.value, taken, reading)
        if attribute is not None:
            found.append(attribute)
            taken |= {attribute.column.name, attribute.column.label}
    return tuple(found)


def _read_attribute(kind: str, key: Scalar, node: Node, taken: set[str], reading: Reading) -> Attribute | None:
    reserved = vocabulary.RESERVED_NAMES if kind == "customers" else ()
    name = read_name(key, reading, reserved=reserved)
    if isinstance(node, Scalar) and not node.is_empty:
        type_ = _read_type(node, reading)
        mapping = Mapping((), node.span)
    else:
        found = read_block(node, key.text, reading)
        if found is None:
            return None
        mapping = found
        type_node = require(
            read_fields(mapping, ATTRIBUTE_KEYS, "attributes", reading), "type", key.span, "type: text", reading
        )
        type_ = _read_type(type_node, reading) if type_node is not None else Type.TEXT
    if name is not None and name in taken:
        reading.findings.add("PB208", key.span, variant="attribute", name=name)
        return None
    if name is None:
        return None
    fields = {entry.key.text: entry.value for entry in reversed(mapping.entries)}
    label = (read_text(fields["label"], "label", reading) if "label" in fields else None) or name
    if label in taken:
        reading.findings.add("PB208", fields["label"].span, variant="attribute", name=label)
        label = name
    values = read_texts(fields["values"], "values", reading) if "values" in fields else []
    sensitive = read_boolean(fields["sensitive"], "sensitive", reading) if "sensitive" in fields else False
    if values and type_ not in (Type.TEXT, Type.LIST):
        reading.findings.add("PB305", fields["values"].span, variant="values", name=name)
        values = []
    texts = tuple(dict.fromkeys(text for text, _ in values or ()))
    consent = _consent_of(kind, name, type_, key.span, reading)
    return Attribute(Column(name, type_, label, consent=consent), texts, bool(sensitive))


def _consent_of(kind: str, name: str, type_: Type, span: Span, reading: Reading) -> str | None:
    """The channel whose consent a column of customers is, by its name."""
    channel = name.removesuffix(CONSENT_SUFFIX)
    if kind != CUSTOMERS.name or channel in ("", name):
        return None
    if type_ is not Type.BOOLEAN:
        reading.findings.add("PB305", span, variant="consent", name=name)
    return channel


def _read_type(node: Node, reading: Reading) -> Type:
    """The type; of a misspelt one what was meant, so that playbooks are checked against that."""
    text = read_choice(node, "type", tuple(type_.value for type_ in TYPES), reading)
    if text is None and isinstance(node, Scalar):
        text = near(node.text, [type_.value for type_ in TYPES])
    return Type(text) if text else Type.TEXT
