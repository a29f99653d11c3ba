"""Profiles: files that say how the exports of a platform are called, read and checked like playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pdo.core.diagnostics import Findings
from pdo.core.nodes import Mapping, Node, Scalar
from pdo.model.fields import Type
from pdo.model.made import CLEANERS, CellTest, MadeCell
from pdo.model.profiles import Layout, Profile
from pdo.model.settings import ImportMapping
from pdo.playbook.mending import read_root
from pdo.playbook.reading import (
    Reading,
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
from pdo.playbook.settings import is_column, read_pairs

if TYPE_CHECKING:
    from pathlib import Path

    from pdo.core.source import Span
    from pdo.model.settings import Settings

FOLDER = "profiles"
"""Where a project has its own, beside `pdo.yaml`."""

PROFILE_KEYS = ("label", "files")
LAYOUT_KEYS = ("label", "headers", "parts")
PART_KEYS = ("columns", "paid_is", "needs", "repeats")
CELL_KEYS = (
    "from",
    "clean",
    "values",
    "always",
    "prefix",
    "key_of",
    "or_key_of",
    "times",
    "only",
    "unless",
    "after",
    "each",
)


def profile_files(folder: Path) -> tuple[Path, ...]:
    """The profiles in a folder, by name; none where it is not there."""
    return tuple(sorted(folder.glob("*.yaml"))) if folder.is_dir() else ()


def read_profile(path: Path, settings: Settings, *, is_own: bool) -> tuple[Profile | None, Findings]:
    """The profile in a file, named after the file.

    Args:
        path: of the file.
        settings: for the columns and tables they declare.
        is_own: whether it is the project's.

    Raises:
        UsageError: there is no such file.
        StorageError: it may not be read.
    """
    findings = Findings()
    reading = Reading(settings, findings)
    found = read_root(path, findings)
    if found is None:
        return None, findings
    root = read_block(found, FOLDER, reading)
    if root is None:
        return None, findings
    fields = read_fields(root, PROFILE_KEYS, FOLDER, reading)
    label = read_text(fields["label"], "label", reading) if "label" in fields else None
    files = require(fields, "files", root.span, "files: {orders: …}", reading)
    block = read_block(files, "files", reading) if files is not None else None
    layouts = [_read_layout(path.stem, entry.key, entry.value, reading) for entry in (block.entries if block else ())]
    if findings.has_errors:
        return None, findings
    return Profile(path.stem, label or path.stem, path, is_own, tuple(filter(None, layouts))), findings


def _read_layout(profile: str, key: Scalar, node: Node, reading: Reading) -> Layout | None:
    name, mapping = read_name(key, reading), read_block(node, "files", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, LAYOUT_KEYS, "files", reading)
    label = read_text(fields["label"], "label", reading) if "label" in fields else None
    headers_node = require(fields, "headers", key.span, "headers: [订单编号, 买家会员名]", reading)
    parts_node = require(fields, "parts", key.span, "parts: {orders: {columns: {order_id: 订单编号}}}", reading)
    headers = _texts(headers_node, "headers", reading)
    block = read_block(parts_node, "parts", reading) if parts_node is not None else None
    kinds = tuple(reading.settings.kinds)
    parts: dict[str, ImportMapping] = {}
    for entry in block.entries if block else ():
        kind = read_choice(entry.key, "kind", kinds, reading)
        part = _read_part(f"{profile}.{name}", kind, entry.key.span, entry.value, reading)
        if kind is not None and part is not None:
            parts.setdefault(kind, part)
    ordered = tuple(parts[kind] for kind in kinds if kind in parts)
    return Layout(name, label or name, headers, ordered) if name is not None else None


def _read_part(profile: str, kind: str | None, span: Span, node: Node, reading: Reading) -> ImportMapping | None:
    mapping = read_block(node, "parts", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, PART_KEYS, "parts", reading)
    columns, made = dict[str, str](), dict[str, MadeCell]()
    columns_node = require(fields, "columns", span, "columns: {order_id: 订单编号}", reading)
    block = read_block(columns_node, "columns", reading) if columns_node is not None else None
    for entry in block.entries if block else ():
        column = entry.key.text
        cell = _read_cell(entry.value, column, reading)
        if cell is None or not is_column(column, kind, entry.key.span, reading):
            continue
        if kind is not None and _is_plain(cell, kind, column, reading.settings):
            columns.setdefault(column, cell.headers[0])
        else:
            made.setdefault(column, cell)
    paid_is: Literal["gross", "net"] = "gross"
    if "paid_is" in fields:
        chosen = read_choice(fields["paid_is"], "paid_is", ("gross", "net"), reading)
        paid_is = "net" if chosen == "net" else "gross"
        if kind not in (None, "orders"):
            reading.findings.add("PB305", fields["paid_is"].span, variant="paid", name=kind)
    needed = read_texts(fields["needs"], "needs", reading) or [] if "needs" in fields else []
    needs = tuple(text for text, where in needed if is_column(text, kind, where, reading))
    repeats = "repeats" in fields and bool(read_boolean(fields["repeats"], "repeats", reading))
    if kind is None:
        return None
    return ImportMapping(profile, kind, columns, paid_is, profile=profile, made=made, needs=needs, repeats=repeats)


def _is_plain(cell: MadeCell, kind: str, column: str, settings: Settings) -> bool:
    """Whether a column is a cell of the file as it stands; of texts those that mean nothing are taken out first."""
    found = settings.kinds[kind].column(column)
    return (
        len(cell.headers) == 1 and cell == MadeCell(cell.headers) and found is not None and found.type is not Type.TEXT
    )


def _read_cell(node: Node, column: str, reading: Reading) -> MadeCell | None:
    """A header, several of which the first that is filled holds, or a block."""
    if not isinstance(node, Mapping):
        headers = _texts(node, column, reading)
        return MadeCell(headers) if headers else None
    fields = read_fields(node, CELL_KEYS, "columns", reading)

    def text(key: str) -> str:
        return (read_text(fields[key], key, reading) or "") if key in fields else ""

    def texts(key: str) -> tuple[str, ...]:
        return _texts(fields.get(key), key, reading)

    clean = []
    for name, span in (read_texts(fields["clean"], "clean", reading) or ()) if "clean" in fields else ():
        if name in CLEANERS:
            clean.append(name)
        else:
            report_unknown("PB314", span, name, CLEANERS, reading.findings, place="clean")
    cell = MadeCell(
        headers=texts("from"),
        clean=tuple(clean),
        values=read_pairs(fields["values"], "values", reading) if "values" in fields else {},
        always=text("always"),
        prefix=text("prefix"),
        key_of=texts("key_of"),
        or_key_of=texts("or_key_of"),
        times=text("times"),
        only=_tests(fields["only"], "only", reading) if "only" in fields else (),
        unless=_tests(fields["unless"], "unless", reading) if "unless" in fields else (),
        after=text("after"),
        each="each" in fields and bool(read_boolean(fields["each"], "each", reading)),
    )
    if not (cell.headers or cell.always or cell.key_of or cell.after):
        reading.findings.add("PB117", node.span, name="from", example="from: 买家会员名")
        return None
    return cell


def _tests(node: Node, place: str, reading: Reading) -> tuple[CellTest, ...]:
    """Headers of cells that are filled, or headers with the texts that they hold."""
    if not isinstance(node, Mapping):
        return tuple(CellTest(header) for header in _texts(node, place, reading))
    return tuple(CellTest(entry.key.text, _texts(entry.value, entry.key.text, reading)) for entry in node.entries)


def _texts(node: Node | None, place: str, reading: Reading) -> tuple[str, ...]:
    found = read_texts(node, place, reading) if node is not None else None
    return tuple(dict.fromkeys(text for text, _ in found or ()))
