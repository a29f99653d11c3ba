"""Natural keys in a file become surrogate keys of the store; what is not there yet is made, so the order of files is free.

A table `ref_KIND` holds `key` and `id` of all that a file names of a kind, at least. What nobody knows is made bare: customers,
products, stores, staff, chats, channels, tags; an item without its order is rejected, because an order without a day or an
amount would lie.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import Integer, func, select
from sqlglot import exp

from pdo.ingest.carrying import has_persons
from pdo.ingest.cells import content_hash
from pdo.ingest.places import model_of, table_of
from pdo.ingest.workspace import absent_from, call, name, ref_table
from pdo.store.tables import Customer, Identity, Profile, Staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlmodel import SQLModel

    from pdo.ingest.places import Place
    from pdo.ingest.workspace import Workspace
    from pdo.store.door import Door

FEW_KEYS = 200_000
"""Up to here keys are looked up in the store one by one; beyond, it is quicker to read all of them."""


def load_references(workspace: Workspace, door: Door, place: Place, present: Sequence[str], source: str) -> None:
    """Read the surrogate keys of everything that the rows of a relation name, or of more.

    `wanted_KIND` holds what they name: each key, or of many rows those that nobody knows.

    Args:
        workspace: where the relation is.
        door: the store.
        place: of the kind whose rows they are.
        present: columns of the relation.
        source: the relation.
    """
    many = workspace.number(exp.select("count(*)").from_(source)) > FEW_KEYS
    for kind in dict.fromkeys(place.referred(column) for column in place.references):
        columns = [column for column in place.references if column in present and place.referred(column) == kind]
        keys = [
            exp.select(exp.alias_(name(column), "key")).from_(source).where(name(column).is_(exp.null()).not_())
            for column in columns
        ] or [exp.select(exp.alias_(exp.cast(exp.null(), "VARCHAR"), "key")).where(exp.false())]
        wanted = keys[0] if len(keys) == 1 else exp.union(*keys, distinct=False)
        named = exp.select("key").distinct().from_(wanted.subquery("named"))
        if many:
            # Millions of rows may name few keys or millions; to tell the keys apart takes longer than to read them all.
            workspace.load(ref_table(kind), door.read(_keys_query(door, kind)))
            workspace.create(f"wanted_{kind}", named.where(absent_from(ref_table(kind), "key", "named")))
        else:
            workspace.create(f"wanted_{kind}", named)
            load_keys(workspace, door, kind, wanted=f"wanted_{kind}", into=ref_table(kind))


def load_keys(workspace: Workspace, door: Door, kind: str, *, wanted: str, into: str) -> None:
    """Read natural and surrogate keys of the rows of a kind whose keys are wanted, or of more."""
    query = _keys_query(door, kind)
    count = workspace.number(exp.select("count(*)").from_(wanted))
    if count <= FEW_KEYS:
        staged = door.stage(workspace.stage_name(into), workspace.stream(exp.select("key").from_(wanted)))
        # A list of keys is looked up in the index; of a join SQLite may make a loop in a loop.
        query = query.where(query.selected_columns[0].in_(select(staged.c.key)))
    workspace.load(into, door.read(query))


def _keys_query(door: Door, kind: str) -> Select[tuple[str, int]]:
    if kind == "customers":
        # By own id, not by the customer's key: whom files name, not with whom that one stands (see `pdo.ingest.carrying`).
        identity, profile = table_of(Identity), table_of(Profile)
        if not has_persons(door):
            own = select(identity.c.value.label("key"), identity.c.customer_id.label("id"))
            return own.where(identity.c.kind == "own")
        meant = func.coalesce(profile.c.id, identity.c.customer_id, type_=Integer())
        return (
            select(identity.c.value.label("key"), meant.label("id"))
            .join_from(identity, profile, profile.c.key == identity.c.value, isouter=True)
            .where(identity.c.kind == "own")
        )
    table = table_of(model_of(kind))
    if kind == "labels":
        return select(table.c.name.label("key"), table.c.id).where(table.c.kind == "tag", table.c.scope == "")
    return select(table.c.key, table.c.id)


def staff_names(door: Door) -> dict[str, str]:
    """Names of colleagues that only one of them has, and that are nobody's id: whose they are."""
    staff = table_of(Staff)
    rows = [(key, name) for key, name in door.rows(select(staff.c.key, staff.c.name)) if name]
    counts = Counter(name for _, name in rows)
    keys = {key for key, _ in rows}
    return {name: key for key, name in rows if counts[name] == 1 and name not in keys}


def next_id(door: Door, model: type[SQLModel]) -> int:
    """The surrogate key that the next row of a table may have."""
    # Customers who stand with another one keep their numbers.
    of = (model, Profile) if model is Customer else (model,)
    last = (select(func.coalesce(func.max(table_of(one).c.id), 0, type_=Integer()).label("last")) for one in of)
    return max(int(door.rows(query)[0][0]) for query in last) + 1


def make_missing(workspace: Workspace, door: Door, kind: str, import_id: int, *, dry_run: bool) -> int:
    """Make bare rows of a kind for the keys that are wanted and unknown.

    Returns:
        How many.
    """
    wanted, known = f"wanted_{kind}", ref_table(kind)
    unknown = (
        exp.select("key").from_(wanted).where(absent_from(known, "key", wanted)).order_by("key").subquery("unknown")
    )
    first = next_id(door, model_of(kind))
    number = exp.Window(this=call("row_number")) + exp.convert(first - 1)
    workspace.create(f"made_{kind}", exp.select(exp.alias_(number, "id"), "key").from_(unknown))
    count = workspace.number(exp.select("count(*)").from_(f"made_{kind}"))
    if count:
        workspace.run(exp.insert(exp.select("key", "id").from_(f"made_{kind}"), known, columns=["key", "id"]))
        if not dry_run:
            _write_bare(workspace, door, kind, import_id)
    return count


def _write_bare(workspace: Workspace, door: Door, kind: str, import_id: int) -> None:
    made = f"made_{kind}"
    if kind == "labels":
        fixed = {"kind": "tag", "scope": "", "playbook": ""}
        texts = [exp.alias_(exp.Literal.string(text), column) for column, text in fixed.items()]
        by = exp.alias_(exp.convert(import_id), "import_id")
        named = exp.alias_(name("key"), "name")
        door.append(model_of(kind), workspace.stream(exp.select("id", named, *texts, by).from_(made)))
        return
    seed = [exp.alias_(call("seed_of", name("key")), "seed")] if kind == "customers" else []
    columns: list[exp.Expr | str] = [
        "id",
        "key",
        *seed,
        exp.alias_(content_hash(()), "row_hash"),
        exp.alias_(exp.convert(import_id), "import_id"),
    ]
    door.append(model_of(kind), workspace.stream(exp.select(*columns).from_(made)))
    if kind == "customers":
        own = exp.select(
            exp.alias_(exp.Literal.string("own"), "kind"),
            exp.alias_(name("key"), "value"),
            exp.alias_(name("id"), "customer_id"),
        ).from_(made)
        door.append(Identity, workspace.stream(own))
