"""Rows of examples: typed as an import would type them, with what they name and leave out made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pdo.core.calendar import date_of, parse_moment
from pdo.core.nodes import Mapping, Node, Scalar
from pdo.model.examples import ExampleFile, ExampleRow
from pdo.model.fields import Type
from pdo.playbook.reading import (
    read_block,
    read_boolean,
    read_list,
    read_text,
    read_texts,
    report_misread,
    report_near,
    report_unknown,
)
from pdo.playbook.tables import read_table
from pdo.playbook.values import MisreadError, normalise, parse_day, parse_number

if TYPE_CHECKING:
    from pdo.core.nodes import Entry
    from pdo.core.source import Span
    from pdo.model.examples import Cell
    from pdo.model.fields import Column, Kind
    from pdo.playbook.reading import Reading

_NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)
_MADE = {"staff": "staff_id", "stores": "store_id", "products": "sku", "chats": "chat_id", "channels": "channel"}
"""Kinds that come into being where a row names one, with the column of their key."""

_OF_PRODUCT = ("product", "category", "brand", "cycle_days", "price")
"""What an item may say of its product directly."""


@dataclass(slots=True)
class Population:
    """What an example has brought in so far; the one thing in it that changes.

    Args:
        customers: own id → where it came in.
        named: kind → keys that rows gave or made.
        from_files: kinds of which there is a file, so that their keys are not known here.
        columns: attribute of customers → values that rows gave.
        counts: kind → keys that were made so far.
    """

    customers: dict[str, Span] = field(default_factory=dict)
    named: dict[str, set[str]] = field(default_factory=dict)
    from_files: set[str] = field(default_factory=set)
    columns: dict[str, set[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def read_moment(node: Node, place: str, reading: Reading) -> int | None:
    """An instant, `2026-03-02 09:00` in the project's zone; a date alone is its midnight.

    Diagnostics:
        PB350 no moment.
    """
    text = read_text(node, place, reading)
    return None if text is None else _instant(text, node.span, reading)


def _instant(text: str, span: Span, reading: Reading) -> int | None:
    plain = normalise(text).replace("/", "-")
    try:
        return parse_moment(plain, reading.settings.timezone).at
    except ValueError:
        reading.findings.add("PB350", span, value=text)
        return None


def read_rows_of(entry: Entry, population: Population, reading: Reading) -> tuple[list[ExampleRow], ExampleFile | None]:
    """The rows under the name of a kind: a list of them, or the path of a CSV.

    Diagnostics:
        PB116 to PB118, PB203, PB221, PB222, PB301 to PB303, PB307, PB308, PB350 to PB352.
    """
    kind = reading.settings.kinds[entry.key.text]
    if isinstance(entry.value, Scalar):
        path = read_text(entry.value, kind.name, reading)
        if path is None or read_table(path, entry.value.span, reading) is None:
            return [], None
        population.from_files.add(kind.name)
        return [], ExampleFile(kind.name, path, entry.value.span)
    found: list[ExampleRow] = []
    for item in read_list(entry.value, kind.name, reading) or ():
        mapping = read_block(item, kind.name, reading)
        if mapping is not None:
            found.extend(_read_row(kind, mapping, {}, population, reading))
    return found, None


def _read_row(
    kind: Kind, mapping: Mapping, given: dict[str, Cell], population: Population, reading: Reading
) -> list[ExampleRow]:
    """A row with what it brings: what it names before it, the items of an order after it."""
    columns = {column.name: column for column in kind.columns}
    columns |= {own.column.name: own.column for own in reading.settings.declared(kind.name)}
    cells: dict[str, Cell] = dict(given)
    product: dict[str, Cell] = {}
    inner: Node | None = None
    for each in mapping.entries:
        name = each.key.text
        if kind.name == "orders" and name == "items":
            inner = each.value
        elif kind.name == "items" and name in _OF_PRODUCT:
            column = reading.settings.kinds["products"].column(name)
            cell = _read_cell(column, each.value, reading) if column is not None else None
            product.update({name: cell} if cell is not None else {})
        elif name not in columns:
            _report_unknown_column(kind, columns, each.key, reading)
        else:
            cell = _read_cell(columns[name], each.value, reading)
            cells.update({name: cell} if cell is not None else {})
    before: list[ExampleRow] = []
    if kind.name == "items":
        before.extend(_made_product(cells, product, mapping.span, population))
    _make_keys(kind, columns, cells, population)
    missing = next((c.name for c in kind.columns if c.required and c.name not in cells), None)
    if missing is not None:
        written = mapping.get(missing)
        if written is None:
            reading.findings.add("PB117", mapping.span, name=missing, example=f"{kind.name}: [{{{missing}: …}}]")
        return before
    before.extend(_made_others(kind, cells, mapping.span, population, reading))
    _remember(kind, cells, mapping.span, population)
    row = ExampleRow(kind.name, cells, made=False, span=mapping.span)
    after = _read_items(inner, str(cells["order_id"]), population, reading) if inner is not None else []
    return [*before, row, *after]


def _read_items(node: Node, order_id: str, population: Population, reading: Reading) -> list[ExampleRow]:
    kind = reading.settings.kinds["items"]
    found: list[ExampleRow] = []
    for number, item in enumerate(read_list(node, "items", reading) or (), 1):
        mapping = read_block(item, "items", reading)
        if mapping is not None:
            given: dict[str, Cell] = {"order_id": order_id, "line": str(number)}
            found.extend(_read_row(kind, mapping, given, population, reading))
    return found


def _report_unknown_column(kind: Kind, columns: dict[str, Column], key: Scalar, reading: Reading) -> None:
    labels = {column.label: column.name for column in columns.values()}
    if key.text in labels:
        report_near("PB203", key.span, key.text, labels[key.text], reading.findings, subject=kind.name)
    elif kind.name == "orders" and key.text in (*_OF_PRODUCT, "sku", "quantity"):
        mended = f"items: [{{{key.text}: …}}]"
        reading.findings.add("PB351", key.span, name=key.text, mended=mended)
    else:
        report_unknown("PB203", key.span, key.text, columns, reading.findings, subject=kind.name)


# Cells ------------------------------------------------------------------------------------------------------------


def _read_cell(column: Column, node: Node, reading: Reading) -> Cell | None:
    """A value; None where it is empty or cannot be read."""
    if isinstance(node, Scalar) and not node.text.strip():
        return None
    if column.type is Type.LIST:
        texts = read_texts(node, column.name, reading)
        return None if texts is None else tuple(dict.fromkeys(text for text, _ in texts))
    if column.type is Type.BOOLEAN:
        known = read_boolean(node, column.name, reading)
        return None if known is None else int(known)
    text = read_text(node, column.name, reading)
    if text is None:
        return None
    try:
        if column.type in _NUMBERS:
            return parse_number(text, column.type)
        if column.type is Type.DATE:
            return _date(text, node.span, reading)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None
    if column.type is Type.INSTANT:
        return _instant(text, node.span, reading)
    allowed = _values(column, reading)
    if allowed and text not in allowed:
        report_unknown("PB307", node.span, text, allowed, reading.findings, place=column.name)
        return None
    return text


def _date(text: str, span: Span, reading: Reading) -> str | None:
    day = parse_day(text)
    if day.relative:
        reading.findings.add("PB303", span, value=text)
        return None
    return date_of(day.number).isoformat()


def _values(column: Column, reading: Reading) -> tuple[str, ...]:
    declared = (own for kind in reading.settings.attributes.values() for own in kind)
    return next((own.values for own in declared if own.column is column and own.values), column.values)


# What is made -----------------------------------------------------------------------------------------------------


def _make_keys(kind: Kind, columns: dict[str, Column], cells: dict[str, Cell], population: Population) -> None:
    """Keys that were left out: unique in the example, the same each time."""
    for name in kind.key:
        column = columns.get(name)
        if name in cells or kind.name == "customers" or column is None:
            continue
        if column.refers is not None or column.type is not Type.TEXT:
            continue
        population.counts[kind.name] = population.counts.get(kind.name, 0) + 1
        cells[name] = f"{kind.name}-{population.counts[kind.name]}"


def _made_product(
    cells: dict[str, Cell], product: dict[str, Cell], span: Span, population: Population
) -> list[ExampleRow]:
    """The product of an item that says its category instead of its code."""
    known = population.named.setdefault("products", set())
    if "sku" not in cells:
        told = [str(product[name]) for name in ("product", "category", "brand") if name in product]
        cells["sku"] = "-".join(told) or "products-0"
    sku = str(cells["sku"])
    if sku in known or "products" in population.from_files:
        return []
    known.add(sku)
    return [ExampleRow("products", {"sku": sku, **product}, made=True, span=span)]


def _made_others(
    kind: Kind, cells: dict[str, Cell], span: Span, population: Population, reading: Reading
) -> list[ExampleRow]:
    """Staff, stores and products that a row names and nothing has brought in yet."""
    found = []
    for name, cell in cells.items():
        column = kind.column(name)
        refers = column.refers if column is not None else None
        if refers == "customers":
            _check_customer(str(cell), span, population, reading)
        if refers not in _MADE or refers == kind.name or refers in population.from_files:
            continue
        known = population.named.setdefault(refers, set())
        if str(cell) not in known:
            known.add(str(cell))
            found.append(ExampleRow(refers, {_MADE[refers]: cell}, made=True, span=span))
    return found


def _check_customer(customer: str, span: Span, population: Population, reading: Reading) -> None:
    if customer not in population.customers and "customers" not in population.from_files:
        report_unknown("PB352", span, customer, population.customers, reading.findings)


def _remember(kind: Kind, cells: dict[str, Cell], span: Span, population: Population) -> None:
    if kind.name == "customers":
        population.customers.setdefault(str(cells["customer_id"]), span)
        for name, cell in cells.items():
            values = cell if isinstance(cell, tuple) else (str(cell),)
            population.columns.setdefault(name, set()).update(values)
    elif kind.name in _MADE and _MADE[kind.name] in cells:
        population.named.setdefault(kind.name, set()).add(str(cells[_MADE[kind.name]]))
