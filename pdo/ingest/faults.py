"""Why records do not go in: every fault of every record, in the table `fault` of the workspace.

`fault` has `at_line`, `place` (index of the column; NULL for the whole record), `value`, `code` and `params` (JSON).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from pdo.ingest.cells import is_allowed, macro_of
from pdo.ingest.records import whole_records
from pdo.ingest.workspace import absent_from, call, name, ref_table
from pdo.model.reports import RejectedCell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pdo.ingest.decoding import Text
    from pdo.ingest.dialect import Dialect
    from pdo.ingest.headers import BoundColumn, Header
    from pdo.ingest.records import Records
    from pdo.ingest.workspace import Workspace
    from pdo.model.fields import Kind

ERASED = "IM170"
"""The code of rows of people who were erased."""
TOLD = 1_000
"""How many faults and how many notes a report names; the store has all faults."""

_SCHEMA = pa.schema(
    [
        ("at_line", pa.int64()),
        ("place", pa.int64()),
        ("value", pa.string()),
        ("code", pa.string()),
        ("params", pa.string()),
    ]
)


def find_faults(
    workspace: Workspace, text: Text, dialect: Dialect, records: Records, header: Header, kind: Kind
) -> int:
    """Make `fault` for all records that cannot be read, and `good` for the others.

    Returns:
        How many records are blank, those included that the reader found.
    """
    workspace.load("fault", _SCHEMA.empty_table())
    if records.broken:
        workspace.run("INSERT INTO fault SELECT at_line, NULL, NULL, code, params FROM broken")
    workspace.view("good", exp.select("*").from_("typed_row").where(name("is_bad").not_()))
    bad = exp.select("at_line").from_("typed_row").where(name("is_bad"))
    if not workspace.number(exp.select("count(*)").from_("typed").where(name("is_bad"))):
        return records.blank
    workspace.create("bad", exp.select("*").from_("numbered").where(name("at_line").isin(query=bad)))
    found = _take_out_blank(workspace, text, dialect, header)
    for bound in header.bound:
        _add_faults(workspace, bound, kind)
    _add_empty(workspace, header, kind)
    return records.blank + found


def _take_out_blank(workspace: Workspace, text: Text, dialect: Dialect, header: Header) -> int:
    """Delete bad records that hold nothing at all.

    Returns:
        How many.
    """
    cells = [name(f"c{place}") for place in header.needed]
    blank = call("is_empty_record", call("concat", *cells))
    workspace.create("blank", exp.select("at_line").from_("bad").where(blank))
    if len(header.needed) < len(header.cells) and workspace.number("SELECT count(*) FROM blank"):
        # Something may stand in the columns that nobody needs.
        lines = [line for (line,) in workspace.rows("SELECT at_line FROM blank ORDER BY 1")]
        filled = zip(lines, whole_records(text, dialect, lines), strict=True)
        some = [line for line, record in filled if any(map(str.strip, record))]
        workspace.load("not_blank", pa.table({"at_line": pa.array(some, pa.int64())}))
        workspace.run("DELETE FROM blank WHERE at_line IN (SELECT at_line FROM not_blank)")
    workspace.run("DELETE FROM bad WHERE at_line IN (SELECT at_line FROM blank)")
    return workspace.number("SELECT count(*) FROM blank")


def _add_faults(workspace: Workspace, bound: BoundColumn, kind: Kind) -> None:
    """The faults of one column in the bad records."""
    raw, macro = name(f"c{bound.place}"), macro_of(bound.column, kind)
    value = call(f"as_{macro}", raw)
    code = exp.Case().when(call(f"{macro}_fault", raw).is_(exp.null()).not_(), call(f"{macro}_fault", raw))
    if bound.required:
        code = code.when(value.copy().is_(exp.null()), exp.Literal.string("IM110"))
    params: dict[str, object] = {}
    if bound.values:
        code = code.when(is_allowed(bound, value.copy()).not_(), exp.Literal.string("IM123"))
        params["values"] = ", ".join(bound.values)
    columns: list[exp.Expr | str] = [
        "at_line",
        exp.alias_(exp.convert(bound.place), "place"),
        exp.alias_(raw.copy(), "value"),
    ]
    columns += [
        exp.alias_(code, "code"),
        exp.alias_(exp.Literal.string(json.dumps(params, ensure_ascii=False)), "params"),
    ]
    found = exp.select(*columns).from_("bad").subquery("checked")
    query = exp.select("*").from_(found).where(name("code").is_(exp.null()).not_())
    workspace.run(exp.insert(query, "fault"))


def _add_empty(workspace: Workspace, header: Header, kind: Kind) -> None:
    """The fault of bad records that say nothing of what their kind is for."""
    needed = [bound for bound in header.bound if bound.column.name in kind.any_of]
    if not needed:
        return
    empty = [call(f"as_{macro_of(bound.column, kind)}", name(f"c{bound.place}")).is_(exp.null()) for bound in needed]
    said = json.dumps({"columns": ", ".join(bound.header for bound in needed)}, ensure_ascii=False)
    columns: list[exp.Expr | str] = ["at_line", "NULL", "NULL"]
    columns += [exp.alias_(exp.Literal.string(text), column) for text, column in (("IM131", "code"), (said, "params"))]
    workspace.run(exp.insert(exp.select(*columns).from_("bad").where(exp.and_(*empty)), "fault"))


def reject_orphans(workspace: Workspace, header: Header) -> None:
    """Reject items whose order nobody knows, and take them out of `good`."""
    orders, bound = ref_table("orders"), header.of("order_id")
    if not workspace.number(
        exp.select("count(*)").from_("wanted_orders").where(absent_from(orders, "key", "wanted_orders"))
    ):
        return
    place = bound.place if bound else None
    unknown = exp.select(name("at_line", "good"), name("order_id", "good")).from_("good")
    joined = unknown.join(orders, on=name("key", orders).eq(name("order_id", "good")), join_type="left")
    workspace.create("orphan", joined.where(name("key", orders).is_(exp.null())))
    if not workspace.number(exp.select("count(*)").from_("orphan")):
        return
    columns: list[exp.Expr | str] = [
        "at_line",
        exp.alias_(exp.convert(place), "place"),
        exp.alias_(name("order_id"), "value"),
    ]
    columns += [exp.alias_(exp.Literal.string(text), column) for text, column in (("IM130", "code"), ("{}", "params"))]
    workspace.run(exp.insert(exp.select(*columns).from_("orphan"), "fault"))
    workspace.run("DROP VIEW good")
    kept = (
        exp.select("*")
        .from_("typed_row")
        .where(exp.and_(name("is_bad").not_(), absent_from("orphan", "at_line", "typed_row")))
    )
    workspace.view("good", kept)


def rejected_count(workspace: Workspace) -> int:
    """Records with at least one fault."""
    return workspace.number("SELECT count(DISTINCT at_line) FROM fault")


def first_faults(workspace: Workspace, header: Header) -> tuple[RejectedCell, ...]:
    """The faults that a report names, by line and column."""
    rows = workspace.rows(f"SELECT * FROM fault ORDER BY at_line, place NULLS FIRST LIMIT {TOLD}")  # noqa: S608  (a constant)
    return tuple(_cell(row, header.told) for row in rows)


def faults_by_line(workspace: Workspace, header: Header) -> Iterator[tuple[int, list[RejectedCell]]]:
    """All faults, record by record."""
    line, found = 0, list[RejectedCell]()
    for batch in workspace.stream("SELECT * FROM fault ORDER BY at_line, place NULLS FIRST"):
        for row in zip(*batch.to_pydict().values(), strict=True):
            if row[0] != line and found:
                yield line, found
                found = []
            line = row[0]
            found.append(_cell(row, header.told))
    if found:
        yield line, found


def _cell(row: tuple[int, int | None, str | None, str, str], headers: Sequence[str]) -> RejectedCell:
    at_line, place, value, code, params = row
    said: Mapping[str, object] = json.loads(params)
    return RejectedCell(at_line, None if place is None else headers[place], value, code, said)


def notes(
    workspace: Workspace, records: Records, header: Header, dialect: Dialect, kind: Kind, *, repeated: bool
) -> tuple[tuple[RejectedCell, ...], dict[str, int]]:
    """What is worth telling besides: records that are no rows, repeated keys with both lines, phones that cannot be rung.

    Returns:
        The first of each sort, and how many there are by code.
    """
    found = [RejectedCell(aside.at_line, None, None, aside.code, {}) for aside in records.asides]
    counts = dict(records.aside_counts)
    if dialect.other_sheets:
        counts["IM164"] = len(dialect.other_sheets)
        sheets = ", ".join(dialect.other_sheets)
        found.append(
            RejectedCell(dialect.header_lines, None, None, "IM164", {"sheet": dialect.sheet, "others": sheets})
        )
    key = header.of(kind.key[0]) if kind.key else None
    if repeated:
        # Keys of several parts hold surrogate ones, which mean nothing to people: told is the first part.
        shown = exp.column(kind.key[0] if key and len(kind.key) > 1 else "row_key", quoted=True).sql("duckdb")
        query = f"SELECT at_line, row_key, {shown} AS shown, last_line, row_hash FROM repeat"  # noqa: S608  (a column of ours)
        last = "SELECT row_key, row_hash FROM repeat WHERE at_line = last_line"
        both = f"FROM ({query} WHERE at_line <> last_line) r JOIN ({last}) l USING (row_key)"
        code = "CASE WHEN r.row_hash = l.row_hash THEN 'IM151' ELSE 'IM150' END"
        counts |= dict(workspace.rows(f"SELECT {code} AS code, count(*) {both} GROUP BY 1 ORDER BY 1"))
        rows = workspace.rows(f"SELECT at_line, shown, last_line, {code} {both} ORDER BY 1 LIMIT {TOLD}")
        header_of_key = key.header if key else None
        found += [RejectedCell(line, header_of_key, value, code, {"other": other}) for line, value, other, code in rows]
        if kind.name == "customers" and header.of("name"):
            counts |= _several_names(workspace, header_of_key, found)
    phone = header.of("phone")
    if phone and (hidden := _hidden(workspace, phone)):
        counts["IM152"], lines = hidden
        found += [RejectedCell(line, phone.header, None, "IM152", {}) for line in lines]
    return tuple(found), counts


def _several_names(workspace: Workspace, key: str | None, found: list[RejectedCell]) -> dict[str, int]:
    """Customers that the file calls by several names: maybe two people with one phone. Adds the first of them."""
    count = workspace.number(f"SELECT count(*) FROM ({_SEVERAL_NAMES})")  # noqa: S608  (a constant)
    rows = workspace.rows(f"{_SEVERAL_NAMES} ORDER BY first LIMIT {TOLD}")
    found += [RejectedCell(line, key, value, "IM153", {"other": other}) for value, line, other in rows]
    return {"IM153": count} if count else {}


_SEVERAL_NAMES = """
    SELECT row_key, min(at_line) AS first, min(at_line) FILTER (name <> of_first) AS other
    FROM (SELECT row_key, at_line, name, first_value(name) OVER (PARTITION BY row_key ORDER BY at_line) AS of_first
        FROM repeat WHERE name IS NOT NULL)
    GROUP BY row_key HAVING count(DISTINCT name) > 1"""


def _hidden(workspace: Workspace, phone: BoundColumn) -> tuple[int, list[int]] | None:
    """Records whose phone is masked; the file is read again only where phones are missing."""
    if not workspace.number("SELECT count(*) FROM good WHERE phone IS NULL"):
        return None
    raw = name(f"c{phone.place}")
    hidden = (
        exp.select("at_line")
        .from_("numbered")
        .where(exp.and_(raw.is_(exp.null()).not_(), call("is_hidden_phone", raw)))
    )
    query = exp.select("at_line").from_("good").where(name("at_line").isin(query=hidden)).order_by("at_line")
    workspace.create("hidden_phone", query)
    count = workspace.number("SELECT count(*) FROM hidden_phone")
    lines = [row[0] for row in workspace.rows(f"SELECT at_line FROM hidden_phone ORDER BY 1 LIMIT {TOLD}")]  # noqa: S608
    return (count, lines) if count else None
