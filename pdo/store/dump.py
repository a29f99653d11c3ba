"""The store as text: everything but the journals, by natural keys, sorted.

Two stores are the same if, and only if, their dumps are. Surrogate keys, imports and runs are left out, and
so is `row_hash`, which follows from the rest of its row. The tables themselves say what to print, so a new
one is not forgotten.
"""

from __future__ import annotations

import json
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from pdo.store.door import open_door
from pdo.store.tables import JOURNALS, METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Select, Table

UNTOLD = frozenset({"id", "row_hash", "import_id", "run_id", "until_run_id", "evidence", "filled"})
"""Columns that differ between equal stores, or follow from others."""

NATURAL_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "batch": ("campaign", "channel", "planned_on"),
        "channel": ("key",),
        "chat": ("key",),
        "code": ("key",),
        "coupon": ("key",),
        "customer": ("key",),
        "declared_row": ("kind", "key"),
        "event": ("key",),
        "journey_entry": ("journey", "entered_at"),
        "label": ("kind", "scope", "name"),
        "lead": ("key",),
        "message": ("campaign", "planned_on"),
        "product": ("key",),
        "referral": ("key",),
        "sales_order": ("key",),
        "staff": ("key",),
        "store": ("key",),
        "task": ("key",),
    }
)
"""Table → the columns by which others name its rows; a test proves that none is missing."""


def dump_state(path: Path) -> Iterator[str]:
    """The store as one JSON object a line, without line ends.

    Grain: one row, as `{"table": "customer", "key": …}`; tables by name, rows by natural key in byte order.
    What refers to another row names its natural key: `owner_id` becomes `owner`, `label_id` becomes
    `label_kind`, `label_scope` and `label_name`. Units are the tables' own; an absent value is null.

    Raises:
        NoDatabaseError: there is no database.
        SchemaVersionError: its schema is older or newer than this program's.
        StorageError: it is no database of pdo, or it is damaged.
    """
    with open_door(path, write=False) as door:
        for table in sorted(METADATA.tables.values(), key=lambda table: table.name):
            if table.name not in JOURNALS:
                for batch in door.read(state_of(table)):
                    for row in batch.to_pylist():
                        yield json.dumps({"table": table.name, **row}, ensure_ascii=False)


@cache
def state_of(table: Table) -> Select[Any]:
    """The rows of a table by natural keys, sorted by its own one, or by everything where it has none."""
    source: Any = table
    columns: list[Any] = []
    for column in table.columns:
        if column.name in UNTOLD:
            continue
        reference = next(iter(column.foreign_keys), None)
        if reference is None:
            columns.append(column)
            continue
        target = reference.column.table
        other = target.alias(f"of_{column.name}")
        # Outer, so that a row whose reference is broken is not hidden.
        source = source.outerjoin(other, other.c[reference.column.name] == column)
        name = column.name.removesuffix("_id")
        keys = NATURAL_KEYS[target.name]
        columns += [other.c[key].label(name if key == "key" else f"{name}_{key}") for key in keys]
    own = [table.c[key] for key in NATURAL_KEYS.get(table.name, ())]
    return select(*columns).select_from(source).order_by(*own, *columns)
