"""Consents that stand in columns of customers: `sms_consent` and its like are kept in the table of consents.

Such a column has no time of its own. So a yes gives consent only where none is kept, and never overrules one that was withdrawn;
a no withdraws what was given. What is new counts from the moment of the import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, case, select, type_coerce, update
from sqlglot import exp

from pdo.ingest.cells import content_hash
from pdo.ingest.images import keep_rows
from pdo.ingest.places import table_of
from pdo.ingest.workspace import call, name
from pdo.store.tables import Consent, Customer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import TableClause

    from pdo.ingest.places import Place
    from pdo.ingest.workspace import Workspace
    from pdo.store.door import Door

SOURCE = "file"
"""What is noted as the source of a consent that a column of customers gave."""


def load_consents(workspace: Workspace, door: Door, place: Place, meant: TableClause) -> None:
    """Make `old_COLUMN` for each column of consent: 1 or 0 for the customers that are meant, no row where nothing is kept."""
    of = table_of(Consent).c
    for column, channel in place.consents.items():
        withdrawn = of.withdrawn_at.is_not(None) & (of.given_at.is_(None) | (of.withdrawn_at >= of.given_at))
        value: Any = type_coerce(case((withdrawn, 0), else_=1), Integer).label("value")
        query = select(of.customer_id.label("id"), value).join(meant, meant.c.id == of.customer_id)
        workspace.load(f"old_{column}", door.read(query.where(of.channel == channel)))


def write_consents(
    workspace: Workspace, door: Door, place: Place, present: Sequence[str], import_id: int, *, now: int
) -> None:
    """Give and withdraw what new and changed customers say, after they are written."""
    told = [(column, channel) for column, channel in place.consents.items() if column in present]
    if told:
        customer = table_of(Customer).c
        mine = select(customer.id, customer.key).where(customer.import_id == import_id)
        workspace.load("written", door.read(mine))
    for column, channel in told:
        _write_consent(workspace, door, column, channel, import_id, now)


def _write_consent(workspace: Workspace, door: Door, column: str, channel: str, import_id: int, now: int) -> None:
    of = table_of(Consent).c
    workspace.run("DROP TABLE IF EXISTS said")
    workspace.create("said", _said(workspace, column))
    if not workspace.number("SELECT count(*) FROM said"):
        return
    staged = door.stage(workspace.stage_name(f"said_{column}"), workspace.stream("SELECT customer_id, value FROM said"))
    kept = select(of.customer_id, of.given_at, of.withdrawn_at).join(staged, staged.c.customer_id == of.customer_id)
    workspace.run("DROP TABLE IF EXISTS kept_consent")
    workspace.load("kept_consent", door.read(kept.where(of.channel == channel)))
    first = exp.select("said.customer_id", "value").from_("said")
    first = first.join("kept_consent", using=["customer_id"], join_type="anti")
    moment = exp.convert(now)
    given = exp.Case().when(name("value").eq(exp.convert(1)), moment)
    withdrawn = exp.Case().when(name("value").eq(exp.convert(0)), moment.copy())
    row = exp.select(
        "customer_id",
        exp.alias_(exp.Literal.string(channel), "channel"),
        exp.alias_(exp.cast(given, "BIGINT"), "given_at"),
        exp.alias_(exp.cast(withdrawn, "BIGINT"), "withdrawn_at"),
        exp.alias_(exp.Literal.string(SOURCE), "source"),
    ).from_(first.subquery("first_said"))
    hashed = exp.select(
        "*",
        exp.alias_(content_hash(("given_at", "withdrawn_at", "source")), "row_hash"),
        exp.alias_(exp.convert(import_id), "import_id"),
    ).from_(row.subquery("made"))
    door.append(Consent, workspace.stream(hashed.order_by("customer_id")))
    _withdraw(workspace, door, column, channel, import_id, now)


def _said(workspace: Workspace, column: str) -> exp.Select:
    """What new and changed customers say of one channel."""
    parts = [
        exp.select(exp.alias_(name("id", "written"), "customer_id"), exp.alias_(name(column, "fresh"), "value"))
        .from_("fresh")
        .join("written", on=name("key", "written").eq(name("row_key", "fresh")))
    ]
    if _is_there(workspace, "changed"):
        same = name("at_line", "incoming").eq(name("at_line", "changed"))
        parts.append(
            exp.select(exp.alias_(name("id", "changed"), "customer_id"), exp.alias_(name(column, "incoming"), "value"))
            .from_("changed")
            .join("incoming", on=same)
        )
    both = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)
    return exp.select("*").from_(both.subquery("both")).where(name("value").is_(exp.null()).not_())


def _is_there(workspace: Workspace, table: str) -> bool:
    query = exp.select("count(*)").from_("duckdb_tables()").where(name("table_name").eq(exp.Literal.string(table)))
    return workspace.number(query) > 0


def _withdraw(workspace: Workspace, door: Door, column: str, channel: str, import_id: int, now: int) -> None:
    """Take back what is kept as given, where a file says no."""
    holds = exp.or_(name("withdrawn_at").is_(exp.null()), name("withdrawn_at") < name("given_at"))
    refused = exp.and_(name("value").eq(exp.convert(0)), name("given_at").is_(exp.null()).not_(), holds)
    at = exp.cast(call("greatest", now, name("given_at")), "BIGINT")
    query = (
        exp.select(
            "customer_id", "given_at", exp.alias_(at, "withdrawn_at"), exp.alias_(exp.Literal.string(SOURCE), "source")
        )
        .from_(
            exp.select("*").from_("said").join("kept_consent", using=["customer_id"]).where(refused).subquery("kept")
        )
        .subquery("refused")
    )
    if not workspace.number(exp.select("count(*)").from_(query)):
        return
    digest = exp.alias_(content_hash(("given_at", "withdrawn_at", "source")), "row_hash")
    rows = exp.select("customer_id", "withdrawn_at", "source", digest).from_(query)
    stage = door.stage(workspace.stage_name(f"refused_{column}"), workspace.stream(rows))
    table = table_of(Consent)
    values = {found: stage.c[found] for found in ("withdrawn_at", "source", "row_hash")}
    same = and_(table.c.customer_id == stage.c.customer_id, table.c.channel == channel)
    keep_rows(door, table, stage, import_id, table.c.channel == channel)
    door.execute(update(table).values(**values, import_id=import_id).where(same))
