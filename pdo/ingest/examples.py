"""What a dry run shows: the first rows that would change, column by column, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pdo.core.figures import shown
from pdo.ingest.workspace import name
from pdo.model.reports import ChangeExample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdo.ingest.merge import Verdicts
    from pdo.ingest.places import Place
    from pdo.ingest.workspace import Workspace
    from pdo.model.settings import Settings

EXAMPLES = 5
"""How many rows are shown."""


def examples(
    workspace: Workspace, place: Place, present: Sequence[str], verdicts: Verdicts, settings: Settings
) -> tuple[ChangeExample, ...]:
    """Rows of `changed` beside those of `old`, by line.

    Args:
        workspace: with both, where something changes.
        place: of the kind.
        present: columns of the file.
        verdicts: what was found.
        settings: in whose zone moments are told, and which columns are sensitive.
    """
    if not (verdicts.changed or verdicts.filled) or place.kind.name == "tags":
        return ()
    pairs: list[tuple[str, exp.Expr, exp.Expr]] = []
    for column in present:
        if column in place.columns:
            old: exp.Expr = name(column, "old")
        elif column in place.references and place.references[column] not in place.identity:
            old = name(f"old_{column}", "old")
        elif column in place.outside or column in place.consents:
            old = name("value", f"old_{column}")
        else:
            continue
        pairs.append((column, old, name(column, "changed")))
    # What is declared stands in one cell, so a sensitive column hides the others.
    if not any(attribute.sensitive for attribute in settings.declared(place.kind.name)):
        pairs.append(("extra", name("extra", "old"), name("extra", "changed")))
    key = place.kind.key[0] if place.kind.key and place.kind.key[0] in present else None
    said = exp.column(key, table="incoming", quoted=True) if key else exp.null()
    cells = [cell for _, old, new in pairs for cell in (old, new)]
    columns = [exp.alias_(cell, f"cell{number}") for number, cell in enumerate(cells)]
    query = exp.select(name("at_line", "changed"), exp.alias_(said, "said"), *columns).from_("changed")
    query = query.join("old", on=exp.and_(*(name(one, "old").eq(name(one, "changed")) for one in place.identity)))
    query = query.join("incoming", on=name("at_line", "incoming").eq(name("at_line", "changed")))
    for column in (*place.outside, *place.consents):
        if column in present:
            table = f"old_{column}"
            query = query.join(table, on=name("id", table).eq(name("id", "changed")), join_type="left")
    found = workspace.rows(query.order_by(name("at_line", "changed")).limit(EXAMPLES))
    return tuple(_example(place, [column for column, _, _ in pairs], row, settings.timezone) for row in found)


def _example(place: Place, columns: Sequence[str], row: tuple[Any, ...], zone: str) -> ChangeExample:
    line, key, *cells = row
    changes = tuple(
        (column, _told(place, column, old, zone), _told(place, column, new, zone))
        for column, old, new in zip(columns, cells[::2], cells[1::2], strict=True)
        if old != new
    )
    return ChangeExample(line, key, changes)


def _told(place: Place, column: str, value: Any, zone: str) -> str | None:
    """A value as people read it."""
    found = place.kind.column(column)
    return value if value is None or found is None else shown(found.type.value, value, zone)
