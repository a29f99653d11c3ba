"""What hands say of who is one person: joined and split by own ids, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import select, update

from pdo.core.errors import UsageError
from pdo.ingest.places import table_of
from pdo.store.tables import Customer, Identity, IdentityDecision, Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pdo.store.door import Door

MOST_NAMED = 10
"""How many own ids a refusal names."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a hand says.

    Args:
        key: an own id.
        into: the own id that is kept; None where `key` is to stand for itself.
    """

    key: str
    into: str | None = None


def decide(door: Door, words: Sequence[Word], *, now: int, actor: str, note: str | None) -> tuple[Word, ...]:
    """Write decisions; who is one person follows from them when the rows are settled.

    Returns:
        Those that say something new.

    Raises:
        UsageError: own ids that nobody has, a customer with herself, or one who is joined to nobody; nothing is written.
    """
    keys = sorted({key for word in words for key in (word.key, word.into) if key is not None})
    persons = _persons(door, keys)
    if unknown := [key for key in keys if key not in persons]:
        raise UsageError("error.unknown_own_ids", keys=_named(unknown), count=len(unknown))
    if same := [word.key for word in words if word.key == word.into]:
        raise UsageError("error.merge_with_itself", keys=_named(same))
    several = _with_others(door)
    if single := [word.key for word in words if word.into is None and persons[word.key] not in several]:
        raise UsageError("error.nothing_to_split", keys=_named(single))
    fresh = tuple(word for word in words if word.into is None or persons[word.key] != persons[word.into])
    if fresh:
        rows = [
            {
                "at": now,
                "actor": actor,
                "action": "split" if word.into is None else "merge",
                "key": word.key,
                "into_key": word.into,
                "note": note,
            }
            for word in fresh
        ]
        schema = pa.schema(
            [("at", pa.int64()), *((name, pa.string()) for name in ("actor", "action", "key", "into_key", "note"))]
        )
        door.append(IdentityDecision, pa.Table.from_pylist(rows, schema))
    return fresh


def undo(door: Door, number: int, *, now: int, actor: str) -> Word:
    """Take a decision back.

    Raises:
        UsageError: there is no such one, or it was taken back before.
    """
    table = table_of(IdentityDecision)
    found = door.rows(select(table.c.key, table.c.into_key, table.c.undone_at).where(table.c.id == number))
    if not found or found[0][2] is not None:
        key = "error.decision_undone" if found else "error.unknown_decision"
        raise UsageError(key, number=number)
    door.execute(update(table).values(undone_at=now, undone_by=actor).where(table.c.id == number))
    return Word(str(found[0][0]), None if found[0][1] is None else str(found[0][1]))


def _persons(door: Door, keys: Sequence[str]) -> dict[str, str]:
    """Own id → the kept one's."""
    of, customer = table_of(Identity), table_of(Customer)
    query = select(of.c.value, customer.c.key.label("person")).join_from(
        of, customer, customer.c.id == of.c.customer_id
    )
    return {str(key): str(person) for key, person in door.rows(query.where(of.c.kind == "own", of.c.value.in_(keys)))}


def _with_others(door: Door) -> set[str]:
    """Own ids of kept customers with whom others stand."""
    profile, customer = table_of(Profile), table_of(Customer)
    query = select(customer.c.key).join_from(profile, customer, customer.c.id == profile.c.person_id).distinct()
    return {str(row[0]) for row in door.rows(query)}


def _named(keys: Iterable[str]) -> str:
    found = sorted(keys)
    return ", ".join(found[:MOST_NAMED]) + (" …" if len(found) > MOST_NAMED else "")
