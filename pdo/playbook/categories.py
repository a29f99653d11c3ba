"""`categories`: which products belong to which category, and how long one lasts, where files do not say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.nodes import Node, Scalar
from pdo.model.fields import Type
from pdo.model.settings import CategoryRule
from pdo.playbook.plain import read_whole
from pdo.playbook.reading import (
    read_block,
    read_fields,
    read_name,
    read_text,
    read_texts,
    report_misread,
    report_unknown,
)
from pdo.playbook.tables import read_table
from pdo.playbook.values import MisreadError, parse_number

if TYPE_CHECKING:
    from pdo.playbook.reading import Reading
    from pdo.playbook.tables import Row

CATEGORY_KEYS = ("title", "sku", "cycle_days")
_HEADERS = {
    "category": ("category", "品类"),
    "title": ("title", "标题", "商品名称"),
    "sku": ("sku", "商品编码"),
    "cycle_days": ("cycle_days", "消耗周期天数", "周期天数"),
}
"""What the columns of a file may be called."""


def read_categories(node: Node, reading: Reading) -> tuple[CategoryRule, ...]:
    """Rules in their order: written out, or a CSV with a row a rule.

    Diagnostics:
        PB117 a rule that says of no product, PB203 a file without the columns, PB221 and PB222 a file that cannot be used,
        PB301 a cycle that is no number of days.
    """
    if isinstance(node, Scalar):
        path = read_text(node, "categories", reading)
        return _from_file(path, node, reading) if path is not None else ()
    mapping = read_block(node, "categories", reading)
    found = []
    for entry in mapping.entries if mapping else ():
        name = read_name(entry.key, reading)
        inner = read_block(entry.value, "categories", reading)
        if inner is None:
            continue
        fields = read_fields(inner, CATEGORY_KEYS, "categories", reading)
        titles, skus = (_texts(fields.get(key), key, reading) for key in ("title", "sku"))
        if "title" not in fields and "sku" not in fields and len(fields) == len(inner.entries):
            reading.findings.add("PB117", entry.key.span, name="title", example="title: [车厘子, 草莓]")
        days = read_whole(fields["cycle_days"], "cycle_days", reading) if "cycle_days" in fields else None
        if name is not None:
            found.append(CategoryRule(name, titles, skus, days))
    return tuple(found)


def _texts(node: Node | None, place: str, reading: Reading) -> tuple[str, ...]:
    texts = read_texts(node, place, reading) if node is not None else None
    return tuple(dict.fromkeys(text for text, _ in texts or ()))


def _from_file(path: str, node: Node, reading: Reading) -> tuple[CategoryRule, ...]:
    table = read_table(path, node.span, reading)
    if table is None:
        return ()
    columns = {key: next((name for name in names if name in table.header), None) for key, names in _HEADERS.items()}
    if columns["category"] is None or (columns["title"] is None and columns["sku"] is None):
        missing = "category" if columns["category"] is None else "title"
        report_unknown("PB203", table.span, missing, table.header, reading.findings, subject=path)
        return ()
    return tuple(rule for row in table.rows if (rule := _rule_of(row, columns, reading)) is not None)


def _rule_of(row: Row, columns: dict[str, str | None], reading: Reading) -> CategoryRule | None:
    """A row's rule; None for a row without category, or without a product."""
    said = {key: row.cells[name] if name is not None else "" for key, name in columns.items()}
    days = None
    if said["cycle_days"]:
        try:
            days = parse_number(said["cycle_days"], Type.INTEGER)
        except MisreadError as wrong:
            report_misread(wrong, row.span, reading)
    if not said["category"] or not (said["title"] or said["sku"]):
        missing = "category" if not said["category"] else "title"
        reading.findings.add("PB117", row.span, name=missing, example=f"{columns[missing] or missing}: …")
        return None
    titles, skus = ((said[key],) if said[key] else () for key in ("title", "sku"))
    return CategoryRule(said["category"], titles, skus, days)
