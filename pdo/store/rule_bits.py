"""Which tags and segments each customer has by rule, as bits: read by a run in place of millions of assignments.

Bit `n % BITS` of word `n // BITS` stands for the label with the id `n`. The bits follow from `assignment`, which alone is
believed: triggers on it note whose bits no longer do, whoever writes, and a run sets them again. Without the tables, or with a
note of everybody, rows are read. So nobody who writes assignments has to know of them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Integer, LargeBinary, String, column, delete, func, insert, literal, select, table, true
from sqlmodel import col

from pdo.core.frozen import dataclass
from pdo.store.tables import Assignment, Label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.model.bits import RuleBits
    from pdo.store.door import Door

BITS = 62
"""Bits of a word that are used: as many as keep it a positive 64-bit integer."""
MOST_WORDS = 32
"""Words that a customer may have; with more labels rows are read."""
MOST_LOOKUPS = 1_000_000
"""Single rows that may be looked up for customers whose bits do not hold, before reading all rows is quicker."""

EVERYBODY = 0
WORD_BYTES = 8

_DEFINITIONS = (
    "CREATE TABLE IF NOT EXISTS rule_bits (customer_id INTEGER PRIMARY KEY, bits BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS rule_bits_stale (customer_id INTEGER PRIMARY KEY)",
)
_NOTE = "INSERT OR IGNORE INTO rule_bits_stale (customer_id) VALUES"
FORGET = f"{_NOTE} ({EVERYBODY})"
"""Note that nobody's bits hold, where the tables are."""
_SOME_HOLD = "NOT EXISTS (SELECT 1 FROM rule_bits_stale WHERE customer_id = 0)"
_TRIGGERS = {
    "rule_bits_insert": (
        f"AFTER INSERT ON assignment WHEN NEW.source = 'rule' AND {_SOME_HOLD} BEGIN {_NOTE} (NEW.customer_id); END"
    ),
    "rule_bits_update": (
        f"AFTER UPDATE ON assignment WHEN (OLD.source = 'rule' OR NEW.source = 'rule') AND {_SOME_HOLD} "
        f"BEGIN {_NOTE} (OLD.customer_id), (NEW.customer_id); END"
    ),
    "rule_bits_delete": (
        f"AFTER DELETE ON assignment WHEN OLD.source = 'rule' AND {_SOME_HOLD} BEGIN {_NOTE} (OLD.customer_id); END"
    ),
}

_BITS = table("rule_bits", column("customer_id", Integer()), column("bits", LargeBinary()))
_STALE = table("rule_bits_stale", column("customer_id", Integer()))


@dataclass(frozen=True, slots=True)
class HeldBits:
    """What customers have by rule before a run. Who has nothing may be absent.

    Args:
        rows: `customer_id`, and a word a column; to be read once.
        words: how many they are.
        unsure: customers whose bits did not hold, so that they were read from their rows; theirs must be set anew.
    """

    rows: pa.RecordBatchReader
    words: int
    unsure: pa.Array


def read_bits(door: Door) -> HeldBits | None:
    """The bits of everybody; None where rows must be read."""
    if not _exist(door):
        return None
    stale = [row[0] for row in door.rows(select(_STALE.c.customer_id))]
    ruled = select(col(Label.id)).where(col(Label.kind) != "stage")
    if EVERYBODY in stale or len(stale) * len(door.rows(ruled)) > MOST_LOOKUPS:
        return None
    # All are as long as the first: with more labels all are set anew.
    first = door.rows(select(func.length(_BITS.c.bits, type_=Integer()).label("size")).limit(1))
    kept = (first[0][0] if first else WORD_BYTES) // WORD_BYTES
    found = _of_stale(door, stale) if stale else {}
    count = max((kept, *(len(words) for words in found.values())))
    schema = pa.schema([(name, pa.int64()) for name in ("customer_id", *(f"w{place}" for place in range(count)))])
    unsure = pa.array(stale, pa.int64())

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in door.read(select(_BITS.c.customer_id, _BITS.c.bits)):
            sure = batch.filter(pc.invert(pc.is_in(batch.column("customer_id"), unsure))) if stale else batch
            words = _words(sure.column("bits"), kept)
            words += [pa.repeat(pa.scalar(0, pa.int64()), sure.num_rows)] * (count - kept)
            yield pa.RecordBatch.from_arrays([sure.column("customer_id"), *words], schema=schema)
        if stale:
            words = [[own[place] if place < len(own) else 0 for own in found.values()] for place in range(count)]
            yield pa.RecordBatch.from_arrays([pa.array(one, pa.int64()) for one in ([*found], *words)], schema=schema)

    return HeldBits(pa.RecordBatchReader.from_batches(schema, batches()), count, unsure)


def _words(bits: pa.Array, count: int) -> list[pa.Array]:
    """Bits as integers, word by word."""
    fixed = bits.cast(pa.binary(count * WORD_BYTES))
    # The bytes are the words' own, in the order of this machine's: one buffer, looked at in another way.
    words = pa.Array.from_buffers(
        pa.int64(), len(fixed) * count, [None, fixed.buffers()[1]], offset=fixed.offset * count
    )
    lists = pa.FixedSizeListArray.from_arrays(words, count)
    return [pc.list_element(lists, place) for place in range(count)]


def _of_stale(door: Door, stale: list[int]) -> dict[int, list[int]]:
    """The words of customers whose bits do not hold, from their rows."""
    ruled = select(col(Label.id)).where(col(Label.kind) != "stage")
    mine = select(_STALE.c.customer_id)
    query = select(col(Assignment.label_id), col(Assignment.customer_id))
    query = query.where(col(Assignment.label_id).in_(ruled), col(Assignment.customer_id).in_(mine))
    query = query.where(col(Assignment.source) == "rule", col(Assignment.until).is_(None))
    words: dict[int, list[int]] = {customer: [] for customer in stale}
    for label, customer in door.rows(query):
        own = words[customer]
        own += [0] * (label // BITS + 1 - len(own))
        own[label // BITS] |= 1 << label % BITS
    return words


@contextmanager
def bits_follow(door: Door) -> Iterator[None]:
    """Write assignments without noting whose: whoever does sets the bits, or forgets them, before the transaction ends."""
    door.define(*_DEFINITIONS, *(f"DROP TRIGGER IF EXISTS {name}" for name in _TRIGGERS))
    yield
    door.define(*(f"CREATE TRIGGER {name} {body}" for name, body in _TRIGGERS.items()))


def write_bits(door: Door, bits: RuleBits) -> None:
    """Set the bits of customers as a run leaves them, inside `bits_follow`."""
    schema = pa.schema([("customer_id", pa.int64()), ("bits", pa.binary())])
    rows = pa.RecordBatchReader.from_batches(schema, (_packed(batch, schema) for batch in bits.rows.to_batches()))
    door.execute(delete(_STALE))
    if bits.whole:
        door.execute(delete(_BITS))
        door.append("rule_bits", rows)
        return
    staged = door.stage("bits_set", rows)
    changed = select(staged.c.customer_id, staged.c.bits).where(true()).order_by(staged.c.customer_id)
    door.execute(insert(_BITS).prefix_with("OR REPLACE").from_select(["customer_id", "bits"], changed))


def _packed(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Lists of words as the bytes that they are."""
    lists = batch.column("words")
    size = lists.type.list_size * WORD_BYTES
    values = lists.flatten()
    fixed = pa.Array.from_buffers(
        pa.binary(size), len(lists), [None, values.buffers()[1]], offset=values.offset * WORD_BYTES // size
    )
    return pa.RecordBatch.from_arrays([batch.column("customer_id"), fixed.cast(pa.binary())], schema=schema)


def forget_bits(door: Door) -> None:
    """Note that nobody's bits hold; before a great many assignments are written, for that is quicker than one by one."""
    door.define(*_DEFINITIONS)
    everybody = select(literal(EVERYBODY))
    door.execute(insert(_STALE).prefix_with("OR IGNORE").from_select(["customer_id"], everybody))


def _exist(door: Door) -> bool:
    """Whether the tables are there, and the triggers that make them believable: who makes `assignment` anew loses those."""
    master = table("sqlite_master", column("name", String()))
    names = ("rule_bits", "rule_bits_stale", *_TRIGGERS)
    query = select(func.count(type_=Integer()).label("n")).where(master.c.name.in_(names))
    return bool(door.rows(query)[0][0] == len(names))
