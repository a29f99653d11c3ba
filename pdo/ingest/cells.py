"""Records become typed rows: one statement over all of them, built for the columns that the file has.

The table `typed` has a row for each record: a column for each bound one of the kind (natural keys where it refers to
another kind), `extra` with the declared attributes if there are any, and `is_bad` where at least one cell is at fault.
`typed_row` is the same with `at_line` and `row_hash`, the digest of the content; it always has `extra`.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.core.calendar import transitions
from pdo.ingest.headers import CATEGORISED
from pdo.ingest.records import cell
from pdo.ingest.workspace import call, name
from pdo.model.fields import Type

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pdo.ingest.headers import BoundColumn, Header
    from pdo.ingest.records import Records
    from pdo.ingest.workspace import Workspace
    from pdo.model.fields import Column, Kind
    from pdo.model.settings import ImportMapping, Settings

_SPELLINGS: Mapping[Type, str] = MappingProxyType({type_: type_.value for type_ in Type})
UNIT = chr(31)
"""Separates columns in the content that is digested."""


def macro_of(column: Column, kind: Kind) -> str:
    """Which macros read a column: natural keys and outside identifiers are ids, whatever else is text is text."""
    is_id = (column.refers or column.identity or column.name in kind.key) and not column.prose
    return "id" if column.type is Type.TEXT and is_id else _SPELLINGS[column.type]


def create_typed(
    workspace: Workspace,
    records: Records,
    header: Header,
    kind: Kind,
    *,
    settings: Settings,
    mapping: ImportMapping | None,
) -> int:
    """Make `typed` and `typed_row`.

    Returns:
        How many records there are.
    """
    workspace.create(
        "typed", _whole(_adjusted(_read(header, kind, records), header, settings, mapping), header, records)
    )
    declared = any(bound.attribute for bound in header.bound)
    # What no row has is not kept: a column of nothing costs as much as a full one.
    nothing = [] if declared else [exp.alias_(exp.cast(exp.null(), "VARCHAR"), "extra")]
    content = [column for column in (*header.columns, *(["extra"] if declared else [])) if column not in kind.key]
    # Digested where it is asked for: on the way to the store that costs no time, for DuckDB is waiting for SQLite there.
    digest = exp.alias_(content_hash(content, full=full_columns(workspace, "typed", content)), "row_hash")
    place = exp.column("rowid") + exp.Literal.number(records.shift)
    line = [] if records.exact else [exp.alias_(place, "at_line")]
    workspace.view("typed_row", exp.select(*line, "*", *nothing, digest).from_("typed"))
    return workspace.number(exp.select("count(*)").from_("typed"))


def drop_typed(workspace: Workspace) -> None:
    """Forget both."""
    workspace.run("DROP VIEW IF EXISTS typed_row")
    workspace.run("DROP TABLE IF EXISTS typed")


def content_text(columns: Iterable[str], table: str | None = None, full: Collection[str] = ()) -> exp.Expression:
    """A row's content as one text: what is absent does not count, so a column more leaves old digests valid.

    Args:
        columns: those present, `extra` among them, in any order; the key does not belong to the content.
        table: whose they are, where several tables have columns of these names.
        full: those that are nowhere absent; joined at one go, which gives the same text in less time.
    """
    members: list[exp.Expr | str] = [""]
    for column in sorted(columns):
        value = _as_text(name(column, table))
        if column in full:
            # Literals that meet are one.
            before = str(members.pop()) if isinstance(members[-1], str) else ""
            members += [f"{before}{column}=", value, UNIT]
        else:
            members.append(call("concat_content", f"{column}=", value, UNIT))
    return call("concat", *members)


def content_hash(columns: Iterable[str], table: str | None = None, full: Collection[str] = ()) -> exp.Expression:
    """The digest of a row's content, that finds changes; arguments as for `content_text`."""
    return call("content_hash", content_text(columns, table, full))


def full_columns(workspace: Workspace, table: str, columns: Iterable[str]) -> frozenset[str]:
    """Which columns of a table are nowhere absent."""
    asked = list(dict.fromkeys(columns))
    counts = [call("count", name(column)) for column in asked]
    rows, *filled = workspace.rows(exp.select("count(*)", *counts).from_(table))[0]
    return frozenset(column for column, count in zip(asked, filled, strict=True) if count == rows)


def _as_text(value: exp.Expression) -> exp.Expression:
    return exp.cast(value, "VARCHAR")


def _value(index: int) -> str:
    return f"v{index}"


def _read(header: Header, kind: Kind, records: Records) -> exp.Select:
    """The innermost query: each bound cell as a value, instants still as the clock on the wall shows them."""
    values = [
        exp.alias_(call(f"as_{macro_of(bound.column, kind)}", name(cell(bound.place))), _value(index))
        for index, bound in enumerate(header.bound)
    ]
    bad = [found for index, bound in enumerate(header.bound) for found in _bad(bound, kind, index)]
    needed = [index for index, bound in enumerate(header.bound) if bound.column.name in kind.any_of]
    bad += [exp.and_(*(name(_value(index)).is_(exp.null()) for index in needed))] if needed else []
    cells = [name(cell(place)) for place in sorted({bound.place for bound in header.bound})]
    line = ["at_line"] if records.exact else []
    source = "numbered" if records.exact else "record"
    inner = exp.select(*line, *values, *cells).from_(source).subquery("valued")
    return exp.select(
        *line, *(name(_value(index)) for index in range(len(values))), exp.alias_(exp.or_(exp.false(), *bad), "is_bad")
    ).from_(inner)


def _bad(bound: BoundColumn, kind: Kind, index: int) -> list[exp.Expr]:
    """Conditions under which a cell costs its record the way in. What is usually so is asked first."""
    value, raw = name(_value(index)), name(cell(bound.place))
    macro = macro_of(bound.column, kind)
    found: list[exp.Expr] = []
    if bound.required:
        found.append(value.is_(exp.null()))
    elif macro != "text":
        fault = call(f"{macro}_fault", raw).is_(exp.null()).not_()
        present = exp.or_(value.is_(exp.null()).not_(), raw.is_(exp.null()))
        found.append(exp.Case().when(present, exp.false()).else_(fault))
    if bound.values:
        allowed = is_allowed(bound, value)
        found.append(exp.Case().when(value.is_(exp.null()), exp.false()).else_(allowed.not_()))
    return found


def is_allowed(bound: BoundColumn, value: exp.Expression) -> exp.Expression:
    """The condition that a value, or each of several, is one of those allowed."""
    # Not IN: see `macros`.
    function = "list_has_all" if bound.column.type is Type.LIST else "list_contains"
    return call(function, exp.array(*map(exp.Literal.string, bound.values)), value)


def _adjusted(read: exp.Select, header: Header, settings: Settings, mapping: ImportMapping | None) -> exp.Select:
    """Canonical columns: instants in UTC, statuses as kept, colleagues by their ids, what was paid before refunds."""
    columns: list[exp.Expr] = []
    for index, bound in enumerate(header.bound):
        value: exp.Expression = name(_value(index))
        if bound.column.type is Type.INSTANT:
            value = utc(value, settings.timezone)
        if bound.column.name == "status" and mapping and mapping.statuses:
            value = _renamed(value, mapping.statuses)
        if bound.column.refers == "staff" and settings.aliases:
            value = _renamed(value, settings.aliases)
        if bound.column.name == "paid" and mapping and mapping.paid_is == "net":
            value = _gross(value, header)
        if settings.categories and bound.column.name in CATEGORISED and bound.attribute is None:
            value = call("coalesce", value, _by_category(bound.column.name, header, settings))
        columns.append(exp.alias_(value, _adjusted_name(bound), quoted=True))
    columns += [exp.alias_(_by_category(column, header, settings), column) for column in header.derived]
    line = ["at_line"] if "at_line" in read.named_selects else []
    return exp.select(*line, *columns, "is_bad").from_(read.subquery("read"))


def _by_category(column: str, header: Header, settings: Settings) -> exp.Expression:
    """What the first rule that fits a product says of it."""
    values = {bound.column.name: name(_value(index)) for index, bound in enumerate(header.bound) if not bound.attribute}
    case = exp.Case()
    for rule in settings.categories:
        said = rule.category if column == "category" else rule.cycle_days
        tests: list[exp.Expr] = []
        if rule.skus:
            tests.append(call("list_contains", exp.array(*map(exp.Literal.string, rule.skus)), values["sku"]))
        if "product" in values:
            tests += [call("contains", values["product"], title) for title in rule.titles]
        if tests:
            case = case.when(exp.or_(*tests), exp.null() if said is None else exp.convert(said))
    type_ = "VARCHAR" if column == "category" else "BIGINT"
    return exp.cast(case if case.args.get("ifs") else exp.null(), type_)


def _adjusted_name(bound: BoundColumn) -> str:
    # A declared attribute may be called like a column of ours.
    return f"attribute {bound.column.name}" if bound.attribute else bound.column.name


def _gross(paid: exp.Expression, header: Header) -> exp.Expression:
    index = next((index for index, bound in enumerate(header.bound) if bound.column.name == "refunded"), None)
    return paid if index is None else paid + call("coalesce", name(_value(index)), 0)


def _renamed(value: exp.Expression, names: Mapping[str, str]) -> exp.Expression:
    case = exp.Case()
    for found, kept in names.items():
        case = case.when(value.eq(exp.Literal.string(found)), exp.Literal.string(kept))
    return case.else_(value)


def _whole(adjusted: exp.Select, header: Header, records: Records) -> exp.Select:
    """The outermost query: `extra` made of the declared attributes, where there are any."""
    line = ["at_line"] if records.exact else []
    declared = [bound for bound in header.bound if bound.attribute]
    extra = [exp.alias_(_extra(declared), "extra")] if declared else []
    return exp.select(*line, *map(name, header.columns), *extra, "is_bad").from_(adjusted.subquery("adjusted"))


def _extra(declared: Sequence[BoundColumn]) -> exp.Expression:
    """A JSON object, keys sorted, absent values left out; NULL when nothing is left."""
    members: list[exp.Expr] = [
        exp.DPipe(
            this=exp.Literal.string(json.dumps(bound.column.name, ensure_ascii=False) + ":"),
            expression=_as_text(call("to_json", name(_adjusted_name(bound)))),
        )
        for bound in sorted(declared, key=lambda bound: bound.column.name)
    ]
    return call("as_object", call("concat_ws", ",", *members))


def utc(local: exp.Expression, zone: str) -> exp.Expression:
    """Take the zone's offset off what its clocks show.

    The earlier instant where the clock shows a time twice; where it skips one, as if it had not yet. Halving the list of
    changes makes few comparisons of many.
    """
    changes = transitions(zone)
    # A clock goes by the old offset until it has shown the later of both readings of the moment of change.
    offsets = [offset for _, offset in changes]
    borders = [at + max(before, after) for (at, after), before in zip(changes[1:], offsets, strict=False)]

    def offset(first: int, last: int) -> exp.Expression:
        if first == last:
            return (
                exp.Literal.number(offsets[first])
                if offsets[first] >= 0
                else exp.Neg(this=exp.Literal.number(-offsets[first]))
            )
        middle = (first + last + 1) // 2
        border = exp.convert(borders[middle - 1])
        return exp.Case().when(local.copy() < border, offset(first, middle - 1)).else_(offset(middle, last))

    return exp.Sub(this=local, expression=exp.paren(offset(0, len(offsets) - 1)))
