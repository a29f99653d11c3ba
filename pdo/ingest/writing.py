"""New and changed rows go to the store."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from sqlalchemy import and_, insert, literal, select, true, update
from sqlglot import exp

from pdo.ingest.cells import content_hash, full_columns
from pdo.ingest.images import keep_identifiers, keep_rows
from pdo.ingest.places import table_of
from pdo.ingest.references import next_id
from pdo.ingest.workspace import call, name, ref_table
from pdo.model.settings import ImportMode
from pdo.store.tables import Identity

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pdo.ingest.places import Place
    from pdo.ingest.workspace import Workspace
    from pdo.store.door import Door


def write_new(workspace: Workspace, door: Door, place: Place, present: Sequence[str], import_id: int) -> None:
    """Append the rows of `fresh`, references as surrogate keys."""
    # Sorted and numbered first, in as few columns as there are: what is found and digested behind that happens while SQLite
    # writes, where a sort or a number behind it would have to wait for all rows.
    full = full_columns(workspace, "good", (*present, "extra"))
    if place.is_composite:
        identity = [part if part in place.own else f"{part}_ref" for part in place.identity]
        found = [column for column, target in place.references.items() if target in place.identity]
        content = dict.fromkeys((*identity, *(column for column in present if column not in found), "extra"))
        ordered = exp.select(*map(name, content)).from_("fresh").order_by(*map(name, identity))
        door.append(place.model, workspace.stream(_resolved(place, present, ordered.subquery(), import_id, full)))
        return
    content = dict.fromkeys(("row_key", *place.own, *present, "extra"))
    ordered = exp.select(*map(name, content)).from_("fresh")
    # Customers have no index over their key, so they go in as they come; elsewhere the index is met in its own order.
    if place.kind.name != "customers":
        ordered = ordered.order_by(name("row_key"))
    first = next_id(door, place.model)
    number = exp.Window(this=call("row_number")) + exp.convert(first - 1)
    numbered = exp.select(exp.alias_(number, "new_id"), "*").from_(ordered.subquery("ordered"))
    door.append(place.model, workspace.stream(_resolved(place, present, numbered.subquery(), import_id, full)))
    if place.kind.name == "customers":
        # Where these are the first customers; else the index of all those before would be made anew for a few.
        with door.without_indexes(Identity) if first == 1 else nullcontext():
            _write_identities(workspace, door, place, present, first)


def _resolved(
    place: Place, present: Sequence[str], source: exp.Expr, import_id: int, full: Collection[str]
) -> exp.Select:
    """Rows as the table has them: surrogate keys instead of natural ones; `full` columns are nowhere absent."""
    columns: list[exp.Expr] = []
    if not place.is_composite:
        columns.append(exp.alias_(name("new_id", "rows"), "id"))
        columns.append(exp.alias_(name("row_key", "rows"), "key"))
    if place.kind.name == "customers":
        columns.append(exp.alias_(call("seed_of", name("row_key", "rows")), "seed"))
    columns += [name(column, "rows") for column in place.own]
    columns += [exp.alias_(exp.Literal.string(value), column) for column, value in place.constants.items()]
    columns += [name(column, "rows") for column in place.columns if column in present]
    # Those of a composite key were found when the rows got their keys.
    found_before = [target for target in place.references.values() if target in place.identity]
    columns += [exp.alias_(name(f"{target}_ref", "rows"), target) for target in found_before]
    references = {
        column: target
        for column, target in place.references.items()
        if column in present and target not in place.identity
    }
    columns += [exp.alias_(name("id", f"found_{column}"), target) for column, target in references.items()]
    content = [column for column in (*present, "extra") if column not in place.kind.key]
    digest = exp.alias_(content_hash(content, "rows", full), "row_hash")
    columns += [name("extra", "rows"), digest, exp.alias_(exp.convert(import_id), "import_id")]
    query = exp.select(*columns).from_(exp.alias_(source, "rows", table=True))
    for column in references:
        found = exp.alias_(exp.to_table(ref_table(place.referred(column))), f"found_{column}", table=True)
        query = query.join(found, on=name("key", f"found_{column}").eq(name(column, "rows")), join_type="left")
    return query


def _write_identities(workspace: Workspace, door: Door, place: Place, present: Sequence[str], first: int) -> None:
    """Own id, phone and other identifiers of new customers, in the order in which the table keeps them.

    What stands in the customers' own table SQLite copies by itself, which is four times as quick as bringing it again.
    """
    customer, identity = place.table.c, table_of(Identity)
    kept = {"own": customer.key} | {
        kind: customer[column] for column, kind in outside_columns(place, present).items() if column in customer
    }
    for kind, value in sorted(kept.items()):
        rows = select(literal(kind), value, customer.id).where(customer.id >= first, value.is_not(None))
        door.execute(insert(identity).from_select(["kind", "value", "customer_id"], rows.order_by(value, customer.id)))
    outside = {column: kind for column, kind in outside_columns(place, present).items() if column not in customer}
    if not outside:
        return
    workspace.load("fresh_id", door.read(select(customer.id, customer.key).where(customer.id >= first)))
    for column, kind in sorted(outside.items()):
        query = (
            _identity(kind, name(column, "fresh"), name("id", "fresh_id"))
            .from_("fresh")
            .join("fresh_id", on=name("key", "fresh_id").eq(name("row_key", "fresh")))
            .where(name(column, "fresh").is_(exp.null()).not_())
            .order_by("value", "customer_id")
        )
        door.append(Identity, workspace.stream(query))


def outside_columns(place: Place, present: Sequence[str]) -> dict[str, str]:
    """Columns that identify a customer besides the own id, and the kind of identifier."""
    found = {
        column.name: column.identity for column in place.kind.columns if column.identity and column.name in present
    }
    return {column: kind for column, kind in found.items() if kind and column not in place.kind.key}


def _identity(kind: str, value: exp.Expression, customer: exp.Expression) -> exp.Select:
    return exp.select(
        exp.alias_(exp.Literal.string(kind), "kind"), exp.alias_(value, "value"), exp.alias_(customer, "customer_id")
    )


def write_changed(
    workspace: Workspace,
    door: Door,
    place: Place,
    present: Sequence[str],
    import_id: int,
    mode: ImportMode = ImportMode.MERGE,
) -> None:
    """Update the rows of `changed`, which hold what is to be kept after merging."""
    columns: list[exp.Expr] = [name(column, "rows") for column in (*place.identity, *place.columns)]
    for column, target in place.references.items():
        if target in place.identity:
            continue
        values: list[exp.Expr] = [name("id", f"found_{column}")] if column in present else []
        if not values or mode is not ImportMode.REPLACE:
            values.append(name(f"old_{target}", "rows"))
        columns.append(exp.alias_(call("coalesce", *values), target))
    columns += [name("extra", "rows"), name("row_hash", "rows"), exp.alias_(exp.convert(import_id), "import_id")]
    query = exp.select(*columns).from_(exp.alias_(exp.to_table("changed"), "rows", table=True))
    for column, target in place.references.items():
        if column in present and target not in place.identity:
            found = exp.alias_(exp.to_table(ref_table(place.referred(column))), f"found_{column}", table=True)
            query = query.join(found, on=name("key", f"found_{column}").eq(name(column, "rows")), join_type="left")
    stage = door.stage(workspace.stage_name("changed"), workspace.stream(query))
    table = place.table
    given = {column.name: stage.c[column.name] for column in table.columns if column.name in stage.c}
    same = and_(*(table.c[column] == stage.c[column] for column in place.identity))
    keep_rows(door, table, stage, import_id)
    door.execute(
        update(table)
        .values({column: value for column, value in given.items() if column not in place.identity})
        .where(same)
    )
    if place.kind.name == "customers":
        _add_identities(workspace, door, place, present, import_id)


def _add_identities(workspace: Workspace, door: Door, place: Place, present: Sequence[str], import_id: int) -> None:
    """Identifiers that changed customers have got; those they had stay, for people are looked up by them."""
    identity = table_of(Identity)
    for column, kind in sorted(outside_columns(place, present).items()):
        query = _identity(kind, name(column), name("id")).from_("changed").where(name(column).is_(exp.null()).not_())
        stage = door.stage(workspace.stage_name(f"identity_{kind}"), workspace.stream(query))
        keep_identifiers(door, stage, import_id)
        found = select(stage.c.kind, stage.c.value, stage.c.customer_id).where(true())
        door.execute(insert(identity).from_select(["kind", "value", "customer_id"], found).prefix_with("OR IGNORE"))
