"""Rows of people who were erased are refused, and nothing of what they say is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlglot import exp

from pdo.core.errors import StorageError
from pdo.ingest.faults import ERASED
from pdo.ingest.places import table_of
from pdo.ingest.workspace import absent_from, call, name
from pdo.store.suppression import UNIT, check_of, key_path, pads, read_key
from pdo.store.tables import Suppression

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pdo.ingest.places import Place
    from pdo.ingest.workspace import Workspace
    from pdo.store.door import Door


def refuse_erased(workspace: Workspace, door: Door, place: Place, present: Sequence[str], database: Path) -> None:
    """Take rows of erased people out of `good`; their faults hold no value.

    Raises:
        StorageError: there is a list, and its key is gone or another one.
    """
    listed = table_of(Suppression).c
    checks = {row[0] for row in door.rows(select(listed.key_check).distinct())}
    if not checks:
        return
    key = read_key(database)
    if key is None or checks != {check_of(key)}:
        raise StorageError("error.suppression_key", path=key_path(database))
    found = [
        exp.select("at_line").from_("good").where(_digest(key, kind, column).isin(query="SELECT digest FROM erased"))
        for column, kind in _naming(place)
        if column in present
    ]
    if not found:
        return
    workspace.load("erased", door.read(select(listed.digest)))
    lines = (
        exp.select("at_line").distinct().from_(exp.union(*found).subquery() if len(found) > 1 else found[0].subquery())
    )
    workspace.create("refused", lines)
    if not workspace.number("SELECT count(*) FROM refused"):
        return
    workspace.run(f"INSERT INTO fault SELECT at_line, NULL, NULL, '{ERASED}', '{{}}' FROM refused")  # noqa: S608
    workspace.run("DROP VIEW good")
    kept = exp.select("*").from_("typed_row").where(name("is_bad").not_(), absent_from("fault", "at_line", "typed_row"))
    workspace.view("good", kept)


def _naming(place: Place) -> Iterator[tuple[str, str]]:
    """Columns that say who it is, and the kind of identifier."""
    for column in place.kind.columns:
        if column.identity:
            yield column.name, column.identity
        elif column.refers == "customers":
            yield column.name, "own"
        elif place.kind.name == "leads" and column.name == "phone":
            yield column.name, "phone"


def _digest(key: bytes, kind: str, column: str) -> exp.Expression:
    """The HMAC of a column, of what DuckDB knows."""
    inner, outer = (call("from_hex", pad.hex()) for pad in pads(key))
    message = call("encode", call("concat", f"{kind}{UNIT}", name(column)))
    digest = call("unhex", call("sha256", exp.DPipe(this=inner, expression=message)))
    return exp.paren(call("sha256", exp.DPipe(this=outer, expression=digest)))
