"""A person is erased: every row of theirs, what rests on it, what journals keep of it, and every mention elsewhere.

All own ids of the person go. Rows that name the person go with all that names those rows; where a column may be empty it is
emptied instead. Journals keep that something was done, not about whom.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import String, delete, false, func, insert, literal, or_, select, type_coerce, update
from sqlalchemy.types import TypeDecorator

from pdo.ingest.carrying import references
from pdo.ingest.places import table_of
from pdo.store.suppression import check_of, digest_of
from pdo.store.tables import (
    METADATA,
    BeforeImage,
    Customer,
    Identity,
    IdentityDecision,
    Lead,
    Processing,
    Profile,
    RunImage,
    Suppression,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, Select, Table

    from pdo.store.door import Door

HIDDEN = "***"
_NAMES = ("name", "remark_name")
SHORTEST = 4
"""Letters and digits of an identifier that is looked for inside texts; a shorter one would be found everywhere."""
_WORD = r"[0-9A-Za-z_]"
_GAP = "[ -]?"
_PHONE = re.compile(r"1[0-9]{10}")
_OWN_WORDS = frozenset(
    {Customer.__tablename__, Profile.__tablename__, Identity.__tablename__, Suppression.__tablename__}
)
"""Tables of which all rows of the person go, and the others' names are their own."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is erased.

    Args:
        ids: surrogate keys of all own ids.
        identifiers: kind and value of each; those that somebody else has, too, are left out.
        names: that nobody else has.
    """

    ids: tuple[int, ...]
    identifiers: tuple[tuple[str, str], ...]
    names: tuple[str, ...]

    @property
    def tokens(self) -> tuple[str, ...]:
        """What must not be found any more."""
        values = {value for _, value in self.identifiers} | {value.partition(":")[2] for _, value in self.identifiers}
        return tuple(sorted({value for value in values if len(value) >= SHORTEST} | set(self.names)))


@dataclass
class Erased:
    """What was erased.

    Args:
        rows: table → rows that are gone, or of which a part was hidden.
    """

    rows: Counter[str] = field(default_factory=Counter)


def person_of(door: Door, ids: Sequence[int]) -> Person:
    """All that tells a person.

    Args:
        door: the store; rows may stand with the kept customer or be given back (see `pdo.ingest.carrying`).
        ids: of all own ids of the person.
    """
    of, customer = table_of(Identity).c, table_of(Customer).c
    mine = door.rows(select(of.kind, of.value).where(of.customer_id.in_(ids)).distinct())
    kinds = sorted({kind for kind, _ in mine})
    others = {
        (kind, value)
        for found in kinds
        for kind, value in door.rows(
            select(of.kind, of.value).where(
                of.kind == found,
                of.value.in_([value for kind, value in mine if kind == found]),
                of.customer_id.not_in(ids),
            )
        )
    }
    said = door.rows(select(customer.name, customer.remark_name).where(customer.id.in_(ids)))
    evidence = table_of(Profile).c
    said += door.rows(
        select(
            *(func.json_extract(evidence.evidence, f"$.{name}", type_=String()).label(name) for name in _NAMES)
        ).where(evidence.id.in_(ids))
    )
    names = {name for row in said for name in row if name and len(name) > 1}
    taken = select(customer.name, customer.remark_name).where(
        customer.id.not_in(ids), or_(customer.name.in_(names), customer.remark_name.in_(names))
    )
    names -= {name for row in door.rows(taken) for name in row}
    return Person(tuple(ids), tuple(sorted(set(map(tuple, mine)) - others)), tuple(sorted(names)))


def erase(door: Door, person: Person) -> Erased:
    """Erase a person whose rows are given back.

    Args:
        door: writes, with references known to be right.
        person: who.
    """
    erased = Erased()
    _forget_images(door, person, erased)
    for reference in references():
        _remove(door, reference.column, literal_ids(person.ids), erased)
    phones = [value for kind, value in person.identifiers if kind == "phone"]
    own = [value for kind, value in person.identifiers if kind == "own"]
    decision = table_of(IdentityDecision)
    for table, condition in (
        (table_of(Customer), table_of(Customer).c.id.in_(person.ids)),
        (table_of(Lead), table_of(Lead).c.key.in_(phones)),
        (decision, or_(decision.c.key.in_(own), decision.c.into_key.in_(own))),
    ):
        _count(erased, table.name, door.execute(delete(table).where(condition)))
    _hide(door, person, erased)
    return erased


def literal_ids(ids: Iterable[int]) -> Select[Any]:
    """Surrogate keys as rows, for conditions."""
    customer = table_of(Customer).c
    return select(customer.id).where(customer.id.in_(tuple(ids)))


def suppress(door: Door, person: Person, key: bytes, *, now: int) -> int:
    """Put a person's identifiers on the list of those who must not come back.

    Returns:
        How many were put there.
    """
    rows = [
        {"digest": digest_of(key, kind, value), "kind": kind, "at": now, "key_check": check_of(key)}
        for kind, value in person.identifiers
    ]
    staged = door.stage("suppressed_now", pa.Table.from_pylist(rows))
    columns = ("digest", "kind", "at", "key_check")
    found = select(*(staged.c[column] for column in columns)).where(~false())
    return door.execute(insert(table_of(Suppression)).from_select(columns, found).prefix_with("OR IGNORE"))


def _remove(door: Door, column: Column[Any], ids: Select[Any], erased: Erased) -> None:
    """Take away rows by what they name, and first what names those rows."""
    table: Table = column.table
    condition = column.in_(ids)
    if not door.rows(select(literal(1).label("one")).select_from(table).where(condition).limit(1)):
        return
    if "id" in table.columns:
        rows = select(table.c.id).where(condition)
        for other in METADATA.tables.values():
            for naming in other.columns:
                if not any(key.column.table is table for key in naming.foreign_keys):
                    continue
                if naming.nullable:
                    door.execute(update(other).values({naming.name: None}).where(naming.in_(rows)))
                else:
                    _remove(door, naming, rows, erased)
    _count(erased, table.name, door.execute(delete(table).where(condition)))


def _forget_images(door: Door, person: Person, erased: Erased) -> None:
    """What rows of the person were before imports and runs changed them."""
    for images in (table_of(BeforeImage), table_of(RunImage)):
        for reference in references():
            table = reference.table
            kept = type_coerce(func.json_extract(images.c.content, f'$."{reference.column.name}"'), images.c.id.type)
            condition: ColumnElement[bool] = kept.in_(person.ids)
            primary = [column.name for column in table.primary_key]
            if reference.column.name in primary:
                place = primary.index(reference.column.name)
                named = type_coerce(func.json_extract(images.c.identity, f"$[{place}]"), images.c.id.type)
                condition = or_(condition, named.in_(person.ids))
            mine = delete(images).where(images.c.of_table == table.name, condition)
            _count(erased, images.name, door.execute(mine))
        own = type_coerce(func.json_extract(images.c.identity, "$[0]"), images.c.id.type).in_(person.ids)
        _count(erased, images.name, door.execute(delete(images).where(images.c.of_table == "customer", own)))


def _hide(door: Door, person: Person, erased: Erased) -> None:
    """Hide what is left of the person inside texts of other rows."""
    tokens = person.tokens
    if not tokens:
        return
    pattern = pattern_of(tokens)
    for table in METADATA.tables.values():
        if table.name in _OWN_WORDS:
            continue
        fixed = {column.name for column in table.primary_key} | {"key"}
        for column in table.columns:
            if _is_text(column) and column.name not in fixed:
                _count(erased, table.name, _hide_in(door, table, column, tokens, pattern))


def _is_text(column: Column[Any]) -> bool:
    type_: Any = column.type
    while isinstance(type_, TypeDecorator):
        type_ = type_.impl
    return isinstance(type_, String)


def _hide_in(door: Door, table: Table, column: Column[Any], tokens: Sequence[str], pattern: re.Pattern[str]) -> int:
    holds: ColumnElement[bool] = or_(*(func.instr(column, token) > 0 for token in tokens))
    texts = {str(row[0]) for row in door.rows(select(column.label("text")).where(holds).distinct())}
    changed = 0
    for text in sorted(texts):
        if (hidden := pattern.sub(HIDDEN, text)) != text:
            changed += door.execute(update(table).values({column.name: hidden}).where(column == text))
    return changed


def pattern_of(tokens: Iterable[str]) -> re.Pattern[str]:
    """Finds tokens as words: a phone also with blanks, hyphens or a country code, an id not inside a longer one."""
    return re.compile("|".join(map(_spelt, sorted(tokens, key=len, reverse=True))))


def _spelt(token: str) -> str:
    if _PHONE.fullmatch(token):
        return rf"(?<![0-9])(?:\+?86{_GAP})?{_GAP.join(token)}(?![0-9])"
    # Of a Chinese name the letters beside it say nothing.
    before = rf"(?<!{_WORD})" if re.match(_WORD, token, re.ASCII) else ""
    after = rf"(?!{_WORD})" if re.search(f"{_WORD}$", token, re.ASCII) else ""
    return f"{before}{re.escape(token)}{after}"


def _count(erased: Erased, table: str, rows: int) -> None:
    if rows:
        erased.rows[table] += rows


def note_processing(door: Door, action: str, people: int, rows: Mapping[str, int], *, now: int, actor: str) -> None:
    """Note what was done: counts, no names."""
    detail = json.dumps(dict(sorted(rows.items())))
    row = {"at": now, "actor": actor, "action": action, "rows": people, "detail": detail}
    door.append(Processing, pa.Table.from_pylist([row]))
