"""Rows of joined customers stand with the kept one, and go back to whom they name.

Files name own ids. So that everybody who reads the store finds one customer a person, the rows that name another own id of the
person are carried to the kept customer, and what they name is noted. Before an import writes rows of a table, those go back
(`release`); afterwards they are carried again (`carry`). So joining loses nothing: all that is known is a function of what the
files say, whatever came first, and a split gives back exactly what was brought.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Integer,
    String,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    type_coerce,
    update,
)
from sqlglot import exp

from pdo.ingest.places import table_of
from pdo.ingest.workspace import call, name
from pdo.store.tables import METADATA, Carried, Consent, Customer, Label, Profile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Column, ColumnElement, Table

    from pdo.ingest.workspace import Workspace
    from pdo.store.door import Door

_CARRIED = ("of_table", "of_column", "named_id", "person_id", "row_id", "content", "placed")
PLACED, ASIDE, MADE_ONE = 1, 0, 2


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names a customer.

    Args:
        column: of its table.
        key: the columns that must stay unique and to which it belongs; empty where it belongs to none.
    """

    column: Column[Any]
    key: tuple[str, ...]

    @property
    def table(self) -> Table:
        """Where it stands."""
        return self.column.table

    @property
    def others(self) -> tuple[str, ...]:
        """The other columns of the key."""
        return tuple(column for column in self.key if column != self.column.name)


def references() -> Iterator[Reference]:
    """Every column that names a customer, those of other rooms among them."""
    customer = table_of(Customer)
    for table in METADATA.sorted_tables:
        if table.name == Profile.__tablename__:
            continue
        for column in table.columns:
            if any(key.column.table is customer for key in column.foreign_keys):
                yield Reference(column, _key_of(table, column))


def _key_of(table: Table, column: Column[Any]) -> tuple[str, ...]:
    primary = tuple(found.name for found in table.primary_key)
    if column.name in primary:
        return primary
    unique = (index for index in table.indexes if index.unique and column.name in index.columns)
    found = next(unique, None)
    return () if found is None else tuple(part.name for part in found.columns)


def has_persons(door: Door) -> bool:
    """Whether anybody was joined to anybody."""
    return bool(door.rows(select(table_of(Profile).c.id).limit(1)))


# Back to whom they name ---------------------------------------------------------------------------------------------------


def release_rows(door: Door, tables: Collection[str] | None = None) -> None:
    """Give rows back to the customers that they name.

    Args:
        door: writes, with references known to be right.
        tables: of which; all of them unless given.
    """
    carried = table_of(Carried)
    for reference in references():
        table = reference.table
        if tables is not None and table.name not in tables:
            continue
        mine = and_(carried.c.of_table == table.name, carried.c.of_column == reference.column.name)
        if not door.rows(select(carried.c.id).where(mine).limit(1)):
            continue
        if reference.key:
            _release_keyed(door, reference, mine)
        else:
            same = and_(table.c.id == carried.c.row_id, reference.column == carried.c.person_id)
            door.execute(update(table).values({reference.column.name: carried.c.named_id}).where(mine, same))
        door.execute(delete(carried).where(mine))


def _release_keyed(door: Door, reference: Reference, mine: ColumnElement[bool]) -> None:
    table, carried = reference.table, table_of(Carried)
    same = and_(
        reference.column == carried.c.person_id, *(table.c[key] == _member(table, key) for key in reference.others)
    )
    # First what was made one of several becomes what it was, unless somebody wrote it since.
    if table.name == "consent":
        untouched = [
            table.c[column].is_(func.json_extract(carried.c.became, f"$.{column}"))
            for column in ("given_at", "withdrawn_at")
        ]
        before: dict[str, Any] = {column: _member(table, column) for column in ("given_at", "withdrawn_at")}
        door.execute(update(table).values(before).where(mine, carried.c.placed == MADE_ONE, same, *untouched))
    # A row that somebody changed since goes back as it is now.
    values = {reference.column.name: carried.c.named_id}
    door.execute(update(table).values(values).where(mine, carried.c.placed == PLACED, same))
    columns = [column.name for column in table.columns]
    aside = select(*(_member(table, column) for column in columns)).where(mine, carried.c.placed == ASIDE)
    door.execute(insert(table).from_select(columns, aside).prefix_with("OR IGNORE"))


def _member(table: Table, column: str) -> ColumnElement[Any]:
    """A column of a row that is kept as JSON."""
    return type_coerce(func.json_extract(table_of(Carried).c.content, f'$."{column}"'), table.c[column].type)


def release_customers(door: Door) -> None:
    """Make every own id a customer of its own again, as files wrote it; all rows must be given back before."""
    customer, profile = table_of(Customer), table_of(Profile)
    plain = [column.name for column in customer.columns if column.name != "id"]

    def of(text: ColumnElement[Any], column: str) -> ColumnElement[Any]:
        return type_coerce(func.json_extract(text, f'$."{column}"'), customer.c[column].type)

    # What somebody wrote since stays.
    values: dict[str, Any] = {
        column: func.iif(
            customer.c[column].is_(of(profile.c.filled, column)), of(profile.c.evidence, column), customer.c[column]
        )
        for column in plain
    }
    door.execute(update(customer).values(values).where(customer.c.id == profile.c.id, profile.c.filled.is_not(None)))
    columns = [column.name for column in customer.columns]
    gone = select(*(of(profile.c.evidence, column) for column in columns)).where(profile.c.id != profile.c.person_id)
    door.execute(insert(customer).from_select(columns, gone))
    door.execute(delete(profile))


# To the kept one ----------------------------------------------------------------------------------------------------------


def carry_customers(workspace: Workspace, door: Door, members: str) -> None:
    """Fill the kept customers from the others, whose rows leave the table of customers.

    Args:
        workspace: where the relation is.
        door: writes.
        members: relation of `profile_id`, `person_id`, `rank`, `key`: every own id of persons with several.
    """
    customer, profile = table_of(Customer), table_of(Profile)
    staged = door.stage(workspace.stage_name("members"), workspace.stream(f"SELECT * FROM {members}"))  # noqa: S608
    found = select(staged.c.profile_id, staged.c.key, staged.c.person_id, staged.c.rank, _as_json(customer))
    rows = found.join_from(staged, customer, customer.c.id == staged.c.profile_id)
    door.execute(insert(profile).from_select(("id", "key", "person_id", "rank", "evidence"), rows))
    _fill(workspace, door)
    kept = profile.c.id == profile.c.person_id
    row = select(_as_json(customer)).where(customer.c.id == profile.c.id).scalar_subquery()
    door.execute(update(profile).values(filled=row).where(kept))
    absorbed = select(profile.c.id).where(profile.c.id != profile.c.person_id)
    door.execute(delete(customer).where(customer.c.id.in_(absorbed)))


def _fill(workspace: Workspace, door: Door) -> None:
    customer, profile = table_of(Customer), table_of(Profile)
    columns = [
        column.name
        for column in customer.columns
        if column.name not in ("id", "key", "seed", "row_hash", "import_id", "extra")
    ]
    query = select(profile.c.person_id, profile.c.rank, *(customer.c[column] for column in (*columns, "extra")))
    workspace.run("DROP TABLE IF EXISTS member_row")
    workspace.load("member_row", door.read(query.join(customer, customer.c.id == profile.c.id)))
    first = [
        exp.alias_(
            exp.Filter(this=call("arg_min", name(column), name("rank")), expression=exp.Where(this=_filled(column))),
            column,
        )
        for column in columns
    ]
    extra = exp.alias_(call("latest_object", name("extra"), exp.Neg(this=name("rank"))), "extra")
    filled = exp.select("person_id", *first, extra).from_("member_row").group_by("person_id")
    stage = door.stage(workspace.stage_name("filled"), workspace.stream(filled))
    values: dict[str, Any] = {column: stage.c[column] for column in (*columns, "extra")}
    door.execute(update(customer).values(values).where(customer.c.id == stage.c.person_id))


def _filled(column: str) -> exp.Expression:
    return name(column).is_(exp.null()).not_()


def _as_json(table: Table) -> ColumnElement[str]:
    members: list[Any] = [part for column in table.columns for part in (column.name, column)]
    return func.json_object(*members, type_=String())


def carry_rows(door: Door, tables: Collection[str] | None = None) -> None:
    """Carry the rows that name an own id which is joined to another one; what stands with the kept customer stays.

    Args:
        door: writes, with references known to be right.
        tables: of which; all of them unless given.
    """
    for reference in references():
        if tables is not None and reference.table.name not in tables:
            continue
        if reference.key:
            _carry_keyed(door, reference)
        else:
            _carry_plain(door, reference)


def _carry_plain(door: Door, reference: Reference) -> None:
    table, profile = reference.table, table_of(Profile)
    away = and_(profile.c.id == reference.column, profile.c.id != profile.c.person_id)
    noted = select(
        literal(table.name),
        literal(reference.column.name),
        profile.c.id,
        profile.c.person_id,
        table.c.id,
        null(),
        literal(PLACED),
    ).join_from(table, profile, away)
    if door.execute(insert(table_of(Carried)).from_select(_CARRIED, noted)):
        door.execute(update(table).values({reference.column.name: profile.c.person_id}).where(away))


def _carry_keyed(door: Door, reference: Reference) -> None:
    """Rows whose key names the customer: one of each key can stand, the others are set aside."""
    table, profile, carried = reference.table, table_of(Profile), table_of(Carried)
    away = and_(profile.c.id == reference.column, profile.c.id != profile.c.person_id)
    noted = select(
        literal(table.name),
        literal(reference.column.name),
        profile.c.id,
        profile.c.person_id,
        null(),
        _as_json(table),
        literal(ASIDE),
    ).join_from(table, profile, away)
    if not door.execute(insert(carried).from_select(_CARRIED, noted.order_by(profile.c.rank))):
        return
    absorbed = select(profile.c.id).where(profile.c.id != profile.c.person_id)
    door.execute(delete(table).where(reference.column.in_(absorbed)))
    mine = and_(carried.c.of_table == table.name, carried.c.of_column == reference.column.name)
    _choose(door, reference, mine)
    columns = [column.name for column in table.columns]
    placed = [carried.c.person_id if column == reference.column.name else _member(table, column) for column in columns]
    door.execute(insert(table).from_select(columns, select(*placed).where(mine, carried.c.placed == PLACED)))
    if table.name == "consent":
        _strictest_consent(door, mine)


def _choose(door: Door, reference: Reference, mine: ColumnElement[bool]) -> None:
    """Mark the rows that can stand: the first by rank of each key that the kept customer does not have."""
    table, carried = reference.table, table_of(Carried)
    there = table.alias("there")
    parts = [_member(table, key) for key in reference.others]
    same = [there.c[key] == part for key, part in zip(reference.others, parts, strict=True)]
    taken = select(literal(1)).where(there.c[reference.column.name] == carried.c.person_id, *same).correlate(carried)
    place = func.row_number(type_=Integer()).over(partition_by=[carried.c.person_id, *parts], order_by=carried.c.id)
    numbered = select(carried.c.id, place.label("place")).where(mine, ~taken.exists()).subquery("numbered")
    first = select(numbered.c.id).where(numbered.c.place == 1)
    door.execute(update(carried).values(placed=PLACED).where(carried.c.id.in_(first)))
    if table.name == "assignment":
        _one_open(door, table, mine)


def _one_open(door: Door, table: Table, mine: ColumnElement[bool]) -> None:
    """Nobody holds a label twice at a time by one source, nor two stages of a lifecycle."""
    carried, label = table_of(Carried), table_of(Label)
    there, held = table.alias("there"), label.alias("held")
    is_open = and_(mine, carried.c.placed == PLACED, _member(table, "until").is_(None))
    label_id, source = _member(table, "label_id"), _member(table, "source")
    scope = case((label.c.kind == "stage", label.c.scope), else_=null())
    rivals = or_(there.c.label_id == label_id, and_(held.c.kind == "stage", held.c.scope == scope))
    taken = (
        select(literal(1))
        .join_from(there, held, held.c.id == there.c.label_id)
        .where(there.c.customer_id == carried.c.person_id, there.c.source == source, there.c.until.is_(None), rivals)
        .correlate(carried, label)
    )
    group = func.coalesce(scope, cast(label_id, String))
    rows = select(carried.c.id).join_from(carried, label, label.c.id == label_id).where(is_open)
    place = func.row_number(type_=Integer()).over(
        partition_by=[carried.c.person_id, source, label.c.kind, group], order_by=carried.c.id
    )
    numbered = rows.add_columns(place.label("place"), taken.exists().label("taken")).subquery("numbered")
    too_many = select(numbered.c.id).where(or_(numbered.c.place > 1, numbered.c.taken))
    door.execute(update(carried).values(placed=ASIDE).where(carried.c.id.in_(too_many)))


def _strictest_consent(door: Door, mine: ColumnElement[bool]) -> None:
    """Of several consents of one person the latest moments hold: who withdrew once is not asked again by another number."""
    consent, carried = table_of(Consent), table_of(Carried)
    same = and_(consent.c.customer_id == carried.c.person_id, consent.c.channel == _member(consent, "channel"))
    aside = and_(mine, carried.c.placed == ASIDE)
    latest = {
        column: func.max(_member(consent, column), type_=Integer()).label(column)
        for column in ("given_at", "withdrawn_at")
    }
    found = (
        select(consent.c.customer_id, consent.c.channel, *latest.values())
        .join_from(consent, carried, and_(aside, same))
        .group_by(consent.c.customer_id, consent.c.channel)
        .subquery("latest")
    )
    became = {
        column: func.nullif(func.max(func.coalesce(consent.c[column], -1), func.coalesce(found.c[column], -1)), -1)
        for column in latest
    }
    members = [part for column, value in became.items() for part in (column, value)]
    stood = select(
        literal(consent.name),
        literal("customer_id"),
        consent.c.customer_id,
        consent.c.customer_id,
        null(),
        _as_json(consent),
        literal(MADE_ONE),
        func.json_object(*members),
    ).join_from(
        consent, found, and_(consent.c.customer_id == found.c.customer_id, consent.c.channel == found.c.channel)
    )
    door.execute(insert(carried).from_select((*_CARRIED, "became"), stood))
    values: dict[str, Any] = {column: func.json_extract(carried.c.became, f"$.{column}") for column in latest}
    door.execute(update(consent).values(values).where(mine, carried.c.placed == MADE_ONE, same))
