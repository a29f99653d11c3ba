"""Rows meet the store: which are new, which say something new, which say what is known.

A file means what its rows mean one after the other: of rows with one key the later one wins wherever it says something, and
an empty cell never wipes anything, unless the mode is `replace`; a missing column never does. So any split of a file gives the
same store.

`good` (rows without fault) → `keyed` (with `row_key`) → `incoming` (one row a key) → `fresh` and `changed`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlglot import exp

from pdo.ingest.carrying import has_persons
from pdo.ingest.cells import UNIT, content_hash, content_text
from pdo.ingest.consents import load_consents
from pdo.ingest.places import model_of, table_of
from pdo.ingest.references import FEW_KEYS
from pdo.ingest.workspace import absent_from, call, name, ref_table
from pdo.model.settings import ImportMode
from pdo.store.tables import Identity, Profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, FromClause, Select

    from pdo.ingest.places import Place
    from pdo.ingest.workspace import Workspace
    from pdo.store.door import Door


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How many rows say what.

    Args:
        fresh: of keys that the store does not know.
        filled: of keys that it knows by name only, because other rows named them: new to the reader of a report.
        changed: others that say something new.
    """

    fresh: int = 0
    filled: int = 0
    changed: int = 0
    same: int = 0
    duplicate: int = 0


def key_rows(workspace: Workspace, place: Place, present: Sequence[str]) -> None:
    """Make `keyed`: the good rows under the key by which the store knows them."""
    columns = [name(column, "good") for column in ("at_line", *present, "extra", "row_hash") if column not in place.own]
    if place.is_composite:
        _key_by_several(workspace, place, present, columns)
        return
    if place.kind.declared and place.kind.key:
        key = call("concat_ws", UNIT, *(_key_part(place, column) for column in place.kind.key))
        workspace.view("keyed", exp.select(*columns, exp.alias_(key, "row_key")).from_("good"))
        return
    own = place.kind.key[0] if place.kind.key else None
    if own is None or own not in present or (place.kind.made and _lacks(workspace, own, present)):
        workspace.create("keyed", exp.select(*columns, exp.alias_(_made_key(own, present), "row_key")).from_("good"))
    else:
        workspace.view("keyed", exp.select(*columns, exp.alias_(name(own, "good"), "row_key")).from_("good"))


def _key_by_several(workspace: Workspace, place: Place, present: Sequence[str], columns: list[exp.Column]) -> None:
    """Keys made of surrogate ones (`TARGET_ref`) and of what else tells rows apart."""
    target_of = {target: column for column, target in place.references.items()}
    query = exp.select(*columns).from_("good")
    parts: list[exp.Expression] = []
    for part in place.identity:
        column = target_of.get(part)
        if column is None:
            query = query.select(exp.alias_(_own_part(workspace, place, part, present), part, quoted=True))
            parts.append(name(part))
            continue
        known = f"part_{part}"
        source = exp.alias_(exp.to_table(ref_table(place.referred(column))), known, table=True)
        query = query.join(source, on=name("key", known).eq(name(column, "good")))
        query = query.select(exp.alias_(name("id", known), f"{part}_ref"))
        parts.append(name(f"{part}_ref"))
    keyed = exp.select("*", exp.alias_(_joined_key(parts), "row_key")).from_(query.subquery("parted"))
    if place.kind.name == "items" and _lacks(workspace, "line", present):
        # Kept, not named: numbering the lines of ten million items is not done twice.
        workspace.create("keyed", keyed)
    else:
        workspace.view("keyed", keyed)


def _joined_key(parts: Sequence[exp.Expression]) -> exp.Expression:
    members: list[exp.Expr | str] = []
    for part in parts:
        members += [UNIT, exp.cast(part, "VARCHAR")]
    return call("concat", *members[1:])


def _own_part(workspace: Workspace, place: Place, column: str, present: Sequence[str]) -> exp.Expression:
    """A part of a key that names nothing else: as the file has it, or what its absence means."""
    found = place.kind.column(column)
    if (found is not None and found.required) or not _lacks(workspace, column, present):
        return name(column, "good")
    if place.kind.name == "items":
        return _line_of(present)
    default = exp.Literal.string(found.default if found is not None and found.default is not None else "")
    return call("coalesce", name(column, "good"), default) if column in present else default


def _key_part(place: Place, column: str) -> exp.Expression:
    """A part of the key of a declared table: a column of its own stands in `extra`."""
    if place.kind.column(column) is not None:
        return name(column, "good")
    return call("json_extract_string", name("extra", "good"), '$."' + column + '"')


def _lacks(workspace: Workspace, column: str, present: Sequence[str]) -> bool:
    """Whether some row does not say a column."""
    query = exp.select("count(*)").from_("good").where(name(column).is_(exp.null()))
    return column not in present or workspace.number(query) > 0


def _line_of(present: Sequence[str]) -> exp.Expression:
    """An item's line, or its number among those of the same product in the order, counted by content: order is free."""
    number = exp.Window(
        this=call("row_number"),
        partition_by=[name("order_id", "good"), name("sku", "good")],
        order=exp.Order(expressions=[name("row_hash", "good"), name("at_line", "good")]),
    )
    made = call("concat", name("sku", "good"), "#", number)
    return call("coalesce", name("line", "good"), made) if "line" in present else made


def _made_key(own: str | None, present: Sequence[str]) -> exp.Expression:
    """The key of a row without one: a digest of its content, and its number among those of the same content."""
    digest = call("md5", content_text(column for column in (*present, "extra") if column != own))
    number = exp.Window(this=call("row_number"), partition_by=[digest], order=exp.Order(expressions=[name("at_line")]))
    made = call("concat", digest.copy(), "#", number)
    return made if own is None or own not in present else call("coalesce", name(own), made)


def single_out(workspace: Workspace, place: Place, present: Sequence[str], mode: ImportMode = ImportMode.MERGE) -> int:
    """Make `incoming`: one row a key, the rows of a key one over the other.

    Args:
        workspace: with `keyed`.
        place: of the kind.
        present: columns of the file.
        mode: whether an empty cell of a later row empties what an earlier one says.

    Returns:
        How many rows went up in later ones; they stand in `repeat`, with the line of the last one.
    """
    if not _repeats(workspace, place, present):
        workspace.view("incoming", exp.select("*").from_("keyed"))
        return 0
    keys = exp.select("row_key").from_("keyed").group_by("row_key").having("count(*) > 1")
    workspace.create("repeated", keys)
    last = exp.Window(this=call("max", name("at_line")), partition_by=[name("row_key")])
    among = name("row_key").isin(query=exp.select("row_key").from_("repeated"))
    workspace.create("repeat", exp.select("*", exp.alias_(last, "last_line")).from_("keyed").where(among))
    refs = [f"{part}_ref" for part in place.identity if part in place.references.values()]
    values = [*present, *place.own, *refs]
    merged = (
        exp.select(
            "row_key",
            "max(at_line) AS at_line",
            *(exp.alias_(_last_of(place, column, mode), column, quoted=True) for column in dict.fromkeys(values)),
            exp.alias_(call(_latest_object(mode), name("extra"), name("at_line")), "extra"),
        )
        .from_("repeat")
        .group_by("row_key")
        .subquery("merged")
    )
    content = [column for column in (*present, "extra") if column not in place.kind.key]
    workspace.create("latest_row", exp.select("*", exp.alias_(content_hash(content), "row_hash")).from_(merged))
    columns = [name(column) for column in (*dict.fromkeys(values), "at_line", "row_key", "extra", "row_hash")]
    once = exp.select(*columns).from_("keyed").where(absent_from("repeated", "row_key", "keyed"))
    workspace.view("incoming", exp.union(once, exp.select(*columns).from_("latest_row"), distinct=False))
    return workspace.number("SELECT count(*) FROM repeat WHERE at_line <> last_line")


def _latest_object(mode: ImportMode) -> str:
    return "arg_max_null" if mode is ImportMode.REPLACE else "latest_object"


def _is_emptied(place: Place, column: str, mode: ImportMode) -> bool:
    """Whether an empty cell empties what is kept."""
    return mode is ImportMode.REPLACE and column not in place.outside and column not in place.consents


def _last_of(place: Place, column: str, mode: ImportMode) -> exp.Expression:
    """Which of a column's values in several rows of one key holds."""
    found = place.kind.column(column)
    if found is not None and found.newest:
        return call("max", name(column))
    if found is not None and _is_emptied(place, column, mode):
        return call("arg_max_null", name(column), name("at_line"))
    return call("latest", name(column), name("at_line"))


def _repeats(workspace: Workspace, place: Place, present: Sequence[str]) -> bool:
    """Whether a key stands on several rows."""
    columns = place.kind.key
    plain = bool(columns) and all(column in present for column in columns)
    # Several own ids may mean one customer.
    plain = plain and not (place.is_composite and "customers" in map(place.referred, place.references))
    # By the columns as they stand: made keys are texts that would have to be made for every row.
    source = "good" if plain and not _lacks(workspace, columns[-1], present) else "keyed"
    keys = list(map(name, columns if source == "good" else ("row_key",)))
    repeated = exp.select(exp.convert(1)).from_(source).group_by(*keys).having("count(*) > 1").limit(1)
    return bool(workspace.rows(repeated))


def compare(
    workspace: Workspace,
    door: Door,
    place: Place,
    present: Sequence[str],
    duplicate: int,
    *,
    mode: ImportMode = ImportMode.MERGE,
    declared: Sequence[str] = (),
) -> Verdicts:
    """Make `fresh` and `changed`, and count.

    Args:
        workspace: with `incoming`.
        door: the store.
        place: of the kind.
        present: columns of the kind that the file has.
        duplicate: how many rows went up in later ones.
        mode: what a row does to one that is known.
        declared: attributes that the file has.
    """
    # Rows that name what nobody knows are rejected by now, so each good row is an incoming one.
    incoming = workspace.number(exp.select("count(*)").from_("incoming" if duplicate else "good"))
    if not door.rows(select(place.table.c.row_hash).limit(1)):
        workspace.view("fresh", exp.select("*").from_("incoming"))
        return Verdicts(fresh=incoming, duplicate=duplicate)
    workspace.load("existing", door.read(_existing(workspace, door, place, incoming)))
    if place.is_composite:
        key = _joined_key([name(column) for column in place.identity])
        workspace.view("known", exp.select("*", exp.alias_(key, "row_key")).from_("existing"))
    else:
        workspace.view("known", exp.select("*").from_("existing"))
    if not workspace.number(exp.select("count(*)").from_("existing")):
        workspace.view("fresh", exp.select("*").from_("incoming"))
        return Verdicts(fresh=incoming, duplicate=duplicate)
    identity = [name(column, "known") for column in place.identity]
    bare = name("row_hash", "known").eq(content_hash(()))
    differs: exp.Expr = name("row_hash", "known").neq(name("row_hash", "incoming"))
    if mode is ImportMode.NEW_ONLY:
        differs = exp.and_(differs, bare.copy())
    absent = name("row_key", "known").is_(exp.null())
    # Rows that say what is known are most of those that come in twice: they are not kept.
    met = (
        exp.select(name("at_line", "incoming"), name("row_key", "incoming"), *identity)
        .select(exp.alias_(absent, "is_new"), exp.alias_(bare, "is_bare"))
        .from_("incoming")
        .join("known", on=name("row_key", "incoming").eq(name("row_key", "known")), join_type="left")
        .where(exp.or_(absent.copy(), differs))
    )
    workspace.create("met", met)
    workspace.view("matched", exp.select("*").from_("met").where(name("is_new").not_()))
    fresh, differing = workspace.rows("SELECT count(*) FILTER (is_new), count(*) FILTER (NOT is_new) FROM met")[0]
    merged = _merged(place, present, mode, declared)
    new = exp.select("at_line").from_("met").where("is_new")
    is_new = name("at_line", "incoming").isin(query=new) if fresh else exp.false()
    workspace.create("fresh", exp.select("*").from_("incoming").where(is_new))
    written = _merge_differing(workspace, door, place, merged) if differing else 0
    filled = _filled(workspace) if written else 0
    return Verdicts(fresh, filled, written - filled, incoming - fresh - written, duplicate)


def _filled(workspace: Workspace) -> int:
    """How many rows of `changed` were bare until now."""
    same = name("at_line", "matched").eq(name("at_line", "changed"))
    query = exp.select("count(*)").from_("changed").join("matched", on=same).where(name("is_bare", "matched"))
    return workspace.number(query)


def _existing(workspace: Workspace, door: Door, place: Place, incoming: int) -> Select[Any]:
    """Key, surrogate key and digest of the stored rows that may be meant."""
    table = place.table
    if place.is_composite:
        return _existing_by_several(workspace, door, place, incoming)
    if place.kind.name == "customers" and (incoming <= FEW_KEYS or has_persons(door)):
        identity = table_of(Identity)
        query = (
            select(identity.c.value.label("row_key"), table.c.id, table.c.row_hash)
            .join_from(identity, table, identity.c.customer_id == table.c.id)
            .where(identity.c.kind == "own")
        )
        key = identity.c.value
    else:
        # Of customers, too, where nobody stands with another: each one's key is the own id then, and to read them all one after
        # the other takes half as long as by way of their identifiers.
        query = select(table.c.key.label("row_key"), table.c.id, table.c.row_hash)
        for column, value in place.constants.items():
            query = query.where(table.c[column] == value)
        key = table.c.key
    if incoming <= FEW_KEYS:
        staged = door.stage(workspace.stage_name("keys_meant"), workspace.stream("SELECT row_key FROM incoming"))
        # A list of keys is looked up in the index; of a join SQLite may make a loop in a loop.
        query = query.where(key.in_(select(staged.c.row_key)))
    return query


def _existing_by_several(workspace: Workspace, door: Door, place: Place, incoming: int) -> Select[Any]:
    """Key and digest of stored rows that several columns name; of few rows only those that share the first part."""
    table = place.table
    query = select(*(table.c[column] for column in place.identity), table.c.row_hash)
    if incoming > FEW_KEYS:
        return query
    first = f"{place.identity[0]}_ref"
    meant = exp.select(name(first)).distinct().from_("incoming")
    staged = door.stage(workspace.stage_name("firsts_meant"), workspace.stream(meant))
    return query.join(staged, staged.c[first] == table.c[place.identity[0]])


def _merge_differing(workspace: Workspace, door: Door, place: Place, merged: exp.Select) -> int:
    """Make `changed`: what the file says over what is kept, where that is something else.

    Returns:
        How many rows it has.
    """
    identity = [name(column) for column in place.identity]
    meant = exp.select(*identity).from_("matched")
    staged = door.stage(workspace.stage_name("rows_meant"), workspace.stream(meant))
    same = [staged.c[column] == place.table.c[column] for column in place.identity]
    workspace.load("old", door.read(_old_rows(place).where(*same)))
    for column, kind in place.outside.items():
        of = table_of(Identity).c
        value = func.max(of.value, type_=of.value.type).label("value")
        query = (
            select(of.customer_id.label("id"), value)
            .join(staged, staged.c.id == of.customer_id)
            .where(of.kind == kind)
            .group_by(of.customer_id)
        )
        workspace.load(f"old_{column}", door.read(query))
    load_consents(workspace, door, place, staged)
    workspace.create("changed", merged)
    return workspace.number(exp.select("count(*)").from_("changed"))


def _old_rows(place: Place) -> Select[Any]:
    """Stored rows with all that counts as content, natural keys beside surrogate ones."""
    table = place.table
    columns: list[ColumnElement[Any]] = [table.c[column] for column in (*place.identity, *place.columns)]
    joined: FromClause = table
    for column, target in place.references.items():
        if target in place.identity:
            continue
        other = table_of(model_of(place.referred(column))).alias(f"of_{column}")
        joined = joined.outerjoin(other, other.c.id == table.c[target])
        key: ColumnElement[Any] = other.c.key
        if place.referred(column) == "customers":
            # Who stands with another customer has no row of their own.
            own = table_of(Profile).alias(f"own_{column}")
            joined = joined.outerjoin(own, own.c.id == table.c[target])
            key = func.coalesce(own.c.key, other.c.key, type_=other.c.key.type)
        columns += [key.label(f"old_{column}"), table.c[target].label(f"old_{target}_ref")]
    return select(*columns, table.c.extra, table.c.row_hash).select_from(joined)


def _merged(place: Place, present: Sequence[str], mode: ImportMode, declared: Sequence[str]) -> exp.Select:
    """The query of `changed`."""
    columns: list[exp.Expr] = [name("at_line", "matched"), *(name(column, "old") for column in place.identity)]
    content = ["extra"]

    def over(column: str, old: exp.Expression) -> None:
        new = [name(column, "incoming")] if column in present else []
        found = place.kind.column(column)
        if found is not None and found.newest:
            value: exp.Expr = call("greatest", *new, old)
        elif new and _is_emptied(place, column, mode):
            value = new[0]
        else:
            value = call("coalesce", *new, old)
        columns.append(exp.alias_(value, column, quoted=True))
        content.append(column)

    for column in place.columns:
        over(column, name(column, "old"))
    for column in (*place.outside, *place.consents):
        over(column, name("value", f"old_{column}"))
    for column, target in place.references.items():
        if target not in place.identity:
            over(column, name(f"old_{column}", "old"))
            columns.append(exp.alias_(name(f"old_{target}_ref", "old"), f"old_{target}"))
    kept: exp.Expr = name("extra", "old")
    if mode is ImportMode.REPLACE and declared:
        emptied = json.dumps(dict.fromkeys(declared), ensure_ascii=False)
        kept = call("without_members", kept, exp.Literal.string(emptied))
    columns.append(exp.alias_(call("merged_object", kept, name("extra", "incoming")), "extra"))
    columns.append(exp.alias_(name("row_hash", "old"), "old_hash"))
    query = exp.select(*columns).from_("matched").join("incoming", using=["row_key"])
    query = query.join("old", on=exp.and_(*(name(key, "old").eq(name(key, "matched")) for key in place.identity)))
    for column in (*place.outside, *place.consents):
        table = f"old_{column}"
        query = query.join(table, on=name("id", table).eq(name("id", "matched")), join_type="left")
    hashed = exp.select("*", exp.alias_(content_hash(content), "row_hash")).from_(query.subquery("merged"))
    return exp.select("*").from_(hashed.subquery("hashed")).where(name("row_hash").neq(name("old_hash")))
