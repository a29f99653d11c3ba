"""Who is one person: decided over all that is known, as a set, so that the order of files does not matter.

An *own id* names its source: `taobao:x` is a buyer of Taobao, an own id without such a prefix is of the shop's own numbering.
An identifier joins the own ids on which it stands, unless it is *shared*: it stands on two own ids of one source, or it is a
phone that two different names use, or a list says so. What would give one person two own ids of a source, two WeCom ids or two
unionids joins nobody: the customer that points at two is listed, not guessed. Hands have the last word.
See `docs/adr/0012-who-is-one-person.md`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import and_, delete, func, select, union_all

from pdo.ingest.carrying import carry_customers, carry_rows, has_persons, release_customers, release_rows
from pdo.ingest.places import table_of
from pdo.ingest.references import FEW_KEYS
from pdo.ingest.tangles import Tangle
from pdo.ingest.writing import outside_columns
from pdo.store.tables import Customer, Identity, IdentityConflict, IdentityDecision, Profile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Select

    from pdo.ingest.places import Place
    from pdo.ingest.workspace import Workspace
    from pdo.store.door import Door

OWN, BUYER = "own", "buyer:"
SINGLE = ("external", "unionid")
"""Kinds of identifier of which a person has one."""
MOST_KEYS = 20
"""How many own ids a conflict names."""


@dataclass(frozen=True, slots=True)
class Joins:
    """What a decision changed.

    Args:
        joined: own ids that stand with another customer now and did not before.
        separated: own ids that stood with another customer and do so no longer.
        conflicts: how many identifiers and customers join nobody though they stand on several.
    """

    joined: tuple[str, ...] = ()
    separated: tuple[str, ...] = ()
    conflicts: int = 0


@dataclass
class Settling:
    """What is told while rows are given back; `joins` afterwards.

    Args:
        is_first: whether there are no customers yet.
        decide: whether who is one person may have changed.
    """

    is_first: bool = False
    decide: bool = True
    joins: Joins = field(default_factory=Joins)


@contextmanager
def settling(
    workspace: Workspace, door: Door, tables: Collection[str] | None, shared: Collection[str] = ()
) -> Iterator[Settling]:
    """While it lasts, rows name whom files name; afterwards they stand with the customers that are kept.

    Args:
        workspace: to work in.
        door: writes, with references known to be right.
        tables: that are written, where customers are not; None where customers are, so that joins are decided anew.
        shared: phones that join nobody.
    """
    is_first = not door.rows(select(table_of(Customer).c.id).limit(1))
    said = Settling(is_first, decide=tables is None)
    before = _persons(door) if has_persons(door) else {}
    if before:
        release_rows(door, tables)
        if tables is None:
            release_customers(door)
    yield said
    if not said.decide and tables is not None:
        if before:
            carry_rows(door, tables)
        return
    if not said.decide and not before:
        return
    if before and tables is not None:
        release_rows(door)
        release_customers(door)
    conflicts = _decide(workspace, door, frozenset(shared))
    after: Mapping[str, str] = {}
    if workspace.number("SELECT count(*) FROM member"):
        carry_customers(workspace, door, "member")
        carry_rows(door)
        after = _persons(door)
    said.joins = Joins(_moved(after, before), _moved(before, after), conflicts)


def may_join(workspace: Workspace, door: Door, place: Place, present: Sequence[str], *, is_first: bool) -> bool:
    """Whether rows of customers that came in may have made one person of two, or two of one.

    Where nobody is joined and nothing is in doubt, only an identifier that stands on one of those rows and on another customer
    can have; that is asked of the rows alone, where they are the first or few.

    Args:
        workspace: with `fresh` and `changed`.
        door: the store, with the rows.
        place: of customers.
        present: columns of the file.
        is_first: whether there were no customers before.
    """
    settled = (IdentityConflict, IdentityDecision)
    if has_persons(door) or any(door.rows(select(table_of(one).c.id).limit(1)) for one in settled):
        return True
    of = table_of(Identity).c
    if door.rows(select(of.kind).where(*_is_buyer(of.kind)).limit(1)):
        return True
    kinds = outside_columns(place, present)
    if is_first:
        return any(workspace.rows(_TWICE.format(column=column)) for column in kinds)
    there = {row[0] for row in workspace.rows("SELECT table_name FROM duckdb_tables() WHERE table_name = 'changed'")}
    for number, (column, kind) in enumerate(kinds.items()):
        parts = [f'SELECT "{column}" AS value FROM {rows}' for rows in ("fresh", *there)]  # noqa: S608
        said = f"SELECT DISTINCT value FROM ({' UNION ALL '.join(parts)}) WHERE value IS NOT NULL"  # noqa: S608
        if workspace.number(f"SELECT count(*) FROM ({said})") > FEW_KEYS:  # noqa: S608
            return True
        staged = door.stage(workspace.stage_name(f"said_{number}"), workspace.stream(said))
        stands = select(of.value).where(of.kind == kind, of.value.in_(select(staged.c.value)))
        if door.rows(stands.group_by(of.value).having(func.count() > 1).limit(1)):
            return True
    return False


_TWICE = 'SELECT 1 FROM fresh WHERE "{column}" IS NOT NULL GROUP BY "{column}" HAVING count(*) > 1 LIMIT 1'


def _persons(door: Door) -> dict[str, str]:
    """Own id → the kept one's, of those who stand with another."""
    profile, customer = table_of(Profile), table_of(Customer)
    query = select(profile.c.key, customer.c.key.label("person")).join_from(
        profile, customer, customer.c.id == profile.c.person_id
    )
    return {str(key): str(person) for key, person in door.rows(query.where(profile.c.id != profile.c.person_id))}


def _moved(now: Mapping[str, str], then: Mapping[str, str]) -> tuple[str, ...]:
    """Own ids whose person is another one, where that is not only the other's name for the same people."""
    return tuple(sorted(key for key, person in now.items() if _together(key, person, then) is False))


def _together(key: str, person: str, then: Mapping[str, str]) -> bool:
    return then.get(key, key) == then.get(person, person)


# The decision -------------------------------------------------------------------------------------------------------------

_MEANT = "SELECT id FROM evidence UNION SELECT id FROM hand"
_JUDGE = (
    # Masked names are none; blanks and width do not tell people apart.
    """CREATE TABLE about AS SELECT person_row.id, key, added_at, coalesce(unit, person_row.id) AS unit,
        coalesce(alone, 0) AS alone, coalesce(absorbed, 0) AS absorbed,
        CASE WHEN regexp_matches(key, '^[a-z][a-z0-9_]*:.') THEN split_part(key, ':', 1) ELSE '' END AS source,
        CASE WHEN NOT contains(plain(name), '*') THEN nullif(lower(replace(plain(name), ' ', '')), '') END AS name
        FROM person_row LEFT JOIN hand ON hand.id = person_row.id""",
    "CREATE TABLE stands AS SELECT DISTINCT kind, value, about.* FROM evidence JOIN about USING (id) WHERE alone = 0",
    """CREATE TABLE told AS
        WITH of_source AS (SELECT kind, value, source, count(DISTINCT unit) AS units FROM stands GROUP BY ALL),
        of_unit AS (SELECT kind, value, unit, min(name) AS name FROM stands GROUP BY ALL),
        named AS (SELECT kind, value, count(*) AS units, count(DISTINCT name) AS names FROM of_unit GROUP BY ALL)
        SELECT kind, value, any_value(named.units) AS units, count(*) AS sources, CASE
            WHEN kind = 'phone' AND value IN (SELECT value FROM listed) THEN 'listed'
            WHEN max(of_source.units) > 1 THEN 'same_source'
            WHEN kind = 'phone' AND any_value(names) > 1 THEN 'names' END AS reason
        FROM of_source JOIN named USING (kind, value) GROUP BY kind, value""",
    """CREATE TABLE bond AS SELECT DISTINCT kind, value, unit FROM stands JOIN told USING (kind, value)
        WHERE reason IS NULL AND units > 1""",
)
_LABELS = "CREATE TABLE label AS SELECT DISTINCT unit, unit AS label FROM bond"
_SPREAD = """CREATE TABLE wider AS SELECT unit, min(lowest) AS label FROM bond JOIN (
    SELECT kind, value, min(label) AS lowest FROM bond JOIN label USING (unit) GROUP BY ALL) USING (kind, value) GROUP BY unit"""
_MOVED = "SELECT count(*) FROM wider JOIN label USING (unit) WHERE wider.label < label.label"
_GROUPED = "SELECT about.*, coalesce(label, unit) AS person FROM about LEFT JOIN label USING (unit)"
_DOUBTFUL = """SELECT label FROM label JOIN about USING (unit) GROUP BY label, source HAVING count(DISTINCT unit) > 1
    UNION SELECT label FROM label JOIN about USING (unit) JOIN single USING (id) GROUP BY label, kind
    HAVING count(DISTINCT value) > 1"""
_MEMBERS = f"""CREATE TABLE member AS SELECT id AS profile_id, first_value(id) OVER kept AS person_id,
    row_number() OVER kept AS rank, key FROM ({_GROUPED})
    WINDOW kept AS (PARTITION BY person ORDER BY absorbed, source <> '', added_at NULLS LAST, key)
    QUALIFY count(*) OVER (PARTITION BY person) > 1"""  # noqa: S608
_TABLES = (
    "evidence",
    "bought",
    "hand",
    "listed",
    "person_row",
    "about",
    "stands",
    "told",
    "bond",
    "label",
    "single",
    "member",
)


def _decide(workspace: Workspace, door: Door, shared: frozenset[str]) -> int:
    """Make `member` (profile_id, person_id, rank, key) and write the conflicts.

    Returns:
        How many conflicts there are.
    """
    for table in _TABLES:
        workspace.run(f"DROP TABLE IF EXISTS {table}")
    workspace.load("evidence", door.read(_doubled()))
    workspace.load("bought", door.read(_bought()))
    workspace.run("INSERT INTO evidence SELECT * FROM bought")
    workspace.load("hand", _hands(door))
    workspace.load("listed", pa.table({"value": pa.array(sorted(shared), pa.string())}))
    customer = table_of(Customer).c
    meant = door.stage(workspace.stage_name("meant"), workspace.stream(_MEANT))
    about = select(customer.id, customer.key, customer.name, customer.added_at)
    workspace.load("person_row", door.read(about.where(customer.id.in_(select(meant.c.id)))))
    for statement in _JUDGE:
        workspace.run(statement)
    _spread(workspace)
    conflicts = _shared(workspace)
    of = table_of(Identity).c
    singles = select(of.kind, of.value, of.customer_id.label("id")).where(of.kind.in_(SINGLE))
    workspace.load("single", door.read(singles.where(of.customer_id.in_(select(meant.c.id)))))
    if doubtful := [row[0] for row in workspace.rows(_DOUBTFUL)]:
        conflicts += _untangled(workspace, doubtful)
    workspace.run(_MEMBERS)
    _write_conflicts(door, conflicts)
    return len(conflicts)


def _doubled() -> Select[tuple[str, str, int]]:
    """Identifiers that stand on several customers, with each of them."""
    of = table_of(Identity).c
    twice = select(of.kind, of.value).where(of.kind != OWN).group_by(of.kind, of.value).having(func.count() > 1)
    doubled = twice.subquery("doubled")
    same = and_(of.kind == doubled.c.kind, of.value == doubled.c.value)
    return select(of.kind, of.value, of.customer_id.label("id")).join_from(doubled, table_of(Identity), same)


def _bought() -> Select[tuple[str, str, int]]:
    """Buyers that somebody has as an identifier and somebody else as the own id, with both."""
    buyer, own = table_of(Identity).alias("buyer"), table_of(Identity).alias("own")
    spelt = func.substr(buyer.c.kind, len(BUYER) + 1) + ":" + buyer.c.value
    pairs = (
        select(buyer.c.kind, buyer.c.value, buyer.c.customer_id, own.c.customer_id.label("own_id"))
        .join_from(buyer, own, and_(own.c.kind == OWN, own.c.value == spelt))
        .where(*_is_buyer(buyer.c.kind))
        .cte("pairs")
    )
    both = union_all(
        select(pairs.c.kind, pairs.c.value, pairs.c.customer_id.label("id")),
        select(pairs.c.kind, pairs.c.value, pairs.c.own_id.label("id")),
    ).subquery("both")
    return select(both.c.kind, both.c.value, both.c.id)


def _is_buyer(kind: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
    """As bounds, which an index serves."""
    return kind > BUYER, kind < BUYER.replace(":", ";")


def _hands(door: Door) -> pa.Table:
    """What hands decided: `id`, its `unit` (the smallest id of those joined by hand), whether it is `alone` or `absorbed`."""
    said, of = table_of(IdentityDecision).c, table_of(Identity).c
    decided = door.rows(
        select(said.id, said.action, said.key, said.into_key).where(said.undone_at.is_(None)).order_by(said.id)
    )
    keys = {key for _, _, *both in decided for key in both if key is not None}
    ids = dict(door.rows(select(of.value, of.customer_id).where(of.kind == OWN, of.value.in_(keys)))) if keys else {}
    together: list[tuple[str, str]] = []
    alone: set[str] = set()
    for _, action, key, into in decided:
        if action == "merge":
            together.append((key, into))
        else:
            together = [pair for pair in together if key not in pair]
            alone.add(key)
    units = {key: key for key in keys}
    for key, into in together:
        one, other = units[key], units[into]
        units = {found: other if unit == one else unit for found, unit in units.items()}
    lowest: dict[str, int] = {}
    for key, number in ids.items():
        lowest[units[key]] = min(number, lowest.get(units[key], number))
    absorbed = {key for key, _ in together}
    columns = {
        "id": list(ids.values()),
        "unit": [lowest[units[key]] for key in ids],
        "alone": [int(key in alone) for key in ids],
        "absorbed": [int(key in absorbed) for key in ids],
    }
    return pa.table({column: pa.array(values, pa.int64()) for column, values in columns.items()})


def _spread(workspace: Workspace) -> None:
    """Make `label`: the same number for all that identifiers hold together."""
    workspace.run("DROP TABLE IF EXISTS label")
    workspace.run(_LABELS)
    moved = 1
    while moved:
        workspace.run(_SPREAD)
        moved = workspace.number(_MOVED)
        workspace.run("DROP TABLE label")
        workspace.run("ALTER TABLE wider RENAME TO label")


Conflict = dict[str, object]


def _conflict(reason: str, kind: str, value: str, keys: Collection[str]) -> Conflict:
    named = json.dumps(sorted(keys)[:MOST_KEYS], ensure_ascii=False)
    return {"reason": reason, "kind": kind, "value": value, "keys": named, "count": len(keys)}


def _shared(workspace: Workspace) -> list[Conflict]:
    """Shared identifiers that stand on customers of several sources; of one source they could join nobody anyway."""
    query = """SELECT reason, kind, value, list(DISTINCT key) FROM told JOIN stands USING (kind, value)
        WHERE reason IS NOT NULL AND sources > 1 GROUP BY ALL"""
    return [_conflict(*row) for row in workspace.rows(query)]


def _untangled(workspace: Workspace, doubtful: list[int]) -> list[Conflict]:
    """Take away what points at two customers, and say so."""
    workspace.load("doubtful", pa.table({"label": pa.array(doubtful, pa.int64())}))
    tangles: dict[int, Tangle] = defaultdict(Tangle)
    among = "FROM label JOIN doubtful USING (label) JOIN"
    for label, unit, kind, value in workspace.rows(f"SELECT label, unit, kind, value {among} bond USING (unit)"):
        tangles[label].values[kind, value].add(unit)
    for label, unit, source, key in workspace.rows(f"SELECT label, unit, source, key {among} about USING (unit)"):
        tangles[label].single[unit, f"own {source}"].add(unit)
        tangles[label].keys[unit].add(key)
    singles = f"SELECT label, unit, kind, value {among} about USING (unit) JOIN single USING (id)"
    for label, unit, kind, value in workspace.rows(singles):
        tangles[label].single[unit, kind].add(value)
    conflicts: list[Conflict] = []
    cut: set[int] = set()
    for label in sorted(tangles):
        tangle = tangles[label]
        for unit, others in tangle.cut().items():
            cut.add(unit)
            for kind, value in tangle.of(unit):
                named = {
                    key for one in (unit, *others) for key in tangle.keys[one] if one in tangle.values[kind, value]
                }
                conflicts.append(_conflict("several", kind, value, named))
    workspace.load("cut", pa.table({"unit": pa.array(sorted(cut), pa.int64())}))
    workspace.run("DELETE FROM bond WHERE unit IN (SELECT unit FROM cut)")
    workspace.run("DROP TABLE doubtful")
    workspace.run("DROP TABLE cut")
    _spread(workspace)
    return conflicts


def _write_conflicts(door: Door, conflicts: list[Conflict]) -> None:
    """Replace what is listed; the same conflict is listed once."""
    table = table_of(IdentityConflict)
    once = {tuple(found.values()): found for found in conflicts}
    door.execute(delete(table))
    if once:
        door.append(IdentityConflict, pa.Table.from_pylist([once[found] for found in sorted(once, key=repr)]))
