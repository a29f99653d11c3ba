"""Contents (素材): tables of texts that ops keep, and which row is for whom."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Related, Severity
from pdo.core.late import late
from pdo.core.nodes import Mapping, Node, Scalar, Style
from pdo.model.fields import Type
from pdo.model.outreach import OFFER_VARIABLES, Content, ContentOrder, ContentRow, Match, MatchKind
from pdo.playbook import vocabulary
from pdo.playbook.attributes import attributes_of
from pdo.playbook.conditions import report_unknown_name
from pdo.playbook.plain import read_keyed, read_length
from pdo.playbook.reading import (
    read_block,
    read_choice,
    read_fields,
    read_text,
    report_misread,
    report_unknown,
    require,
)
from pdo.playbook.tables import read_table
from pdo.playbook.templates import Told, check_template
from pdo.playbook.values import MisreadError, parse_day

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Mapping as ReadOnly

    from pdo.core.source import Span
    from pdo.model.outreach import Template
    from pdo.model.playbook import Metric
    from pdo.playbook.reading import Defined, Reading
    from pdo.playbook.tables import Row, Table
else:
    hashlib = late("hashlib")

TEXT_COLUMNS = ("文案", "text", "内容", "正文")
OFFER_COLUMNS = ("权益", "offer")
DATE_COLUMNS = ("日期", "date")
KEY_COLUMNS = ("编号", "key", "content_id")
EVERYBODY = ("*", "不限", "任意", "全部")
"""Cells that fit everybody, on purpose; an empty one does too, and is told."""

_SEVERAL = re.compile(r"\s*[|、；;]\s*")
_TOLD = frozenset(OFFER_VARIABLES)


def read_content(block: Defined, metrics: ReadOnly[str, Metric], reading: Reading) -> Content | None:
    """A table of texts.

    Diagnostics:
        PB114 to PB118, PB201, PB202, PB221, PB222, PB302, PB303, PB314, PB501 to PB505, PB514, PB913.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.CONTENT_KEYS, "contents", reading)
    node = require(fields, "table", block.key.span, "table: contents/每日食谱.csv", reading)
    path = read_text(node, "table", reading) if node is not None else None
    table = read_table(path, node.span, reading) if node is not None and path is not None else None
    order = _read_order(block, fields, reading)
    matches = _read_matches(fields["match"], table, reading) if "match" in fields else ()
    never_repeat = read_length(fields["never_repeat"], "never_repeat", reading) if "never_repeat" in fields else None
    otherwise, readable = _read_otherwise(fields.get("otherwise"), metrics, reading)
    if table is None or path is None or node is None:
        return None
    # The rows are checked though it is not known which one is taken.
    rows = _read_rows(table, node.span, order or ContentOrder.ROTATION, matches or (), metrics, reading)
    if (
        rows is None
        or order is None
        or matches is None
        or not readable
        or ("never_repeat" in fields and never_repeat is None)
    ):
        return None
    span = block.key.span
    return Content(block.name, block.playbook, path, order, rows, matches, never_repeat, otherwise, span)


def _read_order(block: Defined, fields: dict[str, Node], reading: Reading) -> ContentOrder | None:
    if "by" in fields and "match" in fields:
        reading.findings.add("PB510", fields["by"].span, first="match", second="by")
        return None
    if "match" in fields:
        return ContentOrder.MATCH
    node = require(fields, "by", block.key.span, "by: rotation", reading)
    choices = (ContentOrder.ROTATION.value, ContentOrder.DATE.value)
    text = read_choice(node, "by", choices, reading) if node is not None else None
    return None if text is None else ContentOrder(text)


def _read_otherwise(
    node: Node | None, metrics: ReadOnly[str, Metric], reading: Reading
) -> tuple[Template | None, bool]:
    """What is said where no row fits, and whether it could be read."""
    if node is None:
        return None, True
    text = read_text(node, "otherwise", reading)
    if text is None or not isinstance(node, Scalar):
        return None, False
    if text == "skip":
        return None, True
    template = check_template(node, None, metrics, reading, told=Told(_TOLD))
    return template, template is not None


# Matches ----------------------------------------------------------------------------------------------------------


def _read_matches(node: Node, table: Table | None, reading: Reading) -> tuple[Match, ...] | None:
    mapping = read_keyed(node, "match", "match: {阶段: {stage: 客户阶段}}", reading)
    if mapping is None:
        return None
    if not mapping.entries:
        reading.findings.add("PB118", mapping.span, name="match")
        return None
    found: list[Match | None] = []
    for entry in mapping.entries:
        column = entry.key.text.strip()
        if table is not None and column not in table.header:
            report_unknown("PB222", entry.key.span, column, table.header, reading.findings, path=table.path)
            found.append(None)
            continue
        found.append(_read_match(column, entry.value, reading))
    complete = tuple(match for match in found if match is not None)
    return complete if len(complete) == len(found) else None


def _read_match(column: str, node: Node, reading: Reading) -> Match | None:
    if isinstance(node, Mapping):
        fields = read_fields(node, ("stage",), "match", reading)
        of = require(fields, "stage", node.span, f"{column}: {{stage: 客户阶段}}", reading)
        name = read_text(of, "stage", reading) if of is not None else None
        if of is None or name is None:
            return None
        if name not in reading.names.of("lifecycle"):
            report_unknown_name(name, "lifecycle", of.span, reading)
            return None
        return Match(column, MatchKind.STAGE, name)
    text = read_text(node, "match", reading)
    if text is None:
        return None
    if text in (MatchKind.TAG, MatchKind.SEGMENT):
        return Match(column, MatchKind(text))
    if text in reading.names.of("lifecycle"):
        example = f"{column}: {{stage: {text}}}"
        reading.findings.add("PB116", node.span, variant="example", name=column, example=example)
        return None
    attributes = attributes_of(reading)
    usable = [name for name, each in attributes.items() if each.type in (Type.TEXT, Type.LIST)]
    if text not in usable:
        report_unknown("PB202", node.span, text, ("tag", "segment", *usable), reading.findings)
        return None
    return Match(column, MatchKind.ATTRIBUTE, text)


# Rows -------------------------------------------------------------------------------------------------------------


def _read_rows(
    table: Table,
    place: Span,
    order: ContentOrder,
    matches: tuple[Match, ...],
    metrics: ReadOnly[str, Metric],
    reading: Reading,
) -> tuple[ContentRow, ...] | None:
    text_column = _column(table, TEXT_COLUMNS)
    date_column = _column(table, DATE_COLUMNS)
    related = (Related(place, "related.used"),)
    if text_column is None:
        reading.findings.add(
            "PB222",
            table.span,
            variant="missing",
            related=related,
            name=TEXT_COLUMNS[0],
            known=", ".join(table.header),
        )
        return None
    if order is ContentOrder.DATE and date_column is None:
        known = ", ".join(table.header)
        reading.findings.add("PB222", table.span, variant="missing", related=related, name=DATE_COLUMNS[0], known=known)
        return None
    if not table.rows:
        reading.findings.add("PB221", place, variant="empty", path=table.path)
        return None
    seen: dict[str | int, Span] = {}
    found = []
    for row in table.rows:
        key = _key_of(row)
        _check_twice("twice" if key else "same", key or _digest(row.cells), row, seen, reading)
        day = None
        if order is ContentOrder.DATE and date_column is not None:
            day = _read_day(row, date_column, reading)
            if day is not None:
                _check_twice("day", day, row, seen, reading, shown=row.cells[date_column])
        read = _read_row(row, text_column, matches, metrics, reading)
        if read is not None and (day is not None or order is not ContentOrder.DATE):
            found.append(replace(read, day=day))
    return tuple(found) if len(found) == len(table.rows) else None


def _check_twice(
    variant: str, key: str | int, row: Row, seen: dict[str | int, Span], reading: Reading, *, shown: str = ""
) -> None:
    """Note a row whose key or date another row has, whether or not that one can be read."""
    first = seen.setdefault(key, row.span)
    if first is not row.span:
        twice = (Related(first, "related.first"),)
        reading.findings.add("PB514", row.span, variant=variant, related=twice, name=shown or key)


def _key_of(row: Row) -> str:
    """The key that a row gives itself; empty where it gives none."""
    return next((row.cells[name] for name in KEY_COLUMNS if row.cells.get(name)), "")


def _column(table: Table, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in table.header), None)


def _read_row(
    row: Row,
    text_column: str,
    matches: tuple[Match, ...],
    metrics: ReadOnly[str, Metric],
    reading: Reading,
) -> ContentRow | None:
    cells = row.cells
    template = _read_text(row, text_column, metrics, reading)
    offer = next((cells[name] for name in OFFER_COLUMNS if cells.get(name)), "")
    complete = template is not None
    if offer and offer not in reading.names.of("offer"):
        report_unknown_name(offer, "offer", row.span, reading)
        complete = False
    wanted: dict[str, tuple[str, ...]] = {}
    for match in matches:
        values = _read_cell(row, match, reading)
        complete = complete and values is not None
        if values:
            wanted[match.column] = values
    if template is None or not complete:
        return None
    return ContentRow(_key_of(row) or _digest(cells), template, offer, None, wanted, cells, row.span)


def _digest(cells: ReadOnly[str, str]) -> str:
    joined = "\x1f".join(f"{name}\x1e{cells[name]}" for name in sorted(cells))
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def scalar_of(row: ContentRow) -> Scalar:
    """The text of a row as a node, for what checks texts of playbooks."""
    return Scalar(row.text.text, Style.PLAIN, row.span)


def _read_text(row: Row, column: str, metrics: ReadOnly[str, Metric], reading: Reading) -> Template | None:
    if not row.cells[column]:
        reading.findings.add("PB514", row.span, name=column)
        return None
    told = Told(_TOLD | {f"content.{name}" for name in row.cells})
    return check_template(Scalar(row.cells[column], Style.PLAIN, row.span), None, metrics, reading, told=told)


def _read_day(row: Row, column: str, reading: Reading) -> int | None:
    if not row.cells[column]:
        reading.findings.add("PB514", row.span, name=column)
        return None
    try:
        day = parse_day(row.cells[column])
    except MisreadError as wrong:
        report_misread(wrong, row.span, reading)
        return None
    if day.relative:
        reading.findings.add("PB303", row.span, value=row.cells[column])
        return None
    return day.number


def _read_cell(row: Row, match: Match, reading: Reading) -> tuple[str, ...] | None:
    """What the customer must have one of; empty for everybody."""
    cell = row.cells[match.column]
    if not cell:
        reading.findings.add("PB913", row.span, severity=Severity.ADVICE, name=match.column)
        return ()
    if cell in EVERYBODY:
        return ()
    values = tuple(dict.fromkeys(value for value in _SEVERAL.split(cell) if value))
    names = reading.names
    for value in values:
        match match.kind:
            case MatchKind.STAGE:
                known = [stage for stage, owners in names.stages.items() if match.name in owners]
                if value not in known:
                    report_unknown("PB201", row.span, value, known, reading.findings, kind="stage")
                    return None
            case MatchKind.TAG | MatchKind.SEGMENT:
                if value not in names.of(match.kind.value) and value not in names.first_answers:
                    report_unknown_name(value, match.kind.value, row.span, reading)
                    return None
            case _:
                pass
    return tuple(names.first_answers.get(value, value) if match.kind is MatchKind.TAG else value for value in values)
