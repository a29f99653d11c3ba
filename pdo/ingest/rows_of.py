"""The rows of a file as cells, as the importer reads them; no store is there.

Grain: one row a record without fault, in the order of the file. Units: those of the store.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.ingest.faults import first_faults
from pdo.ingest.reading import read_file
from pdo.ingest.workspace import name, open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from pdo.model.examples import Cell
    from pdo.model.fields import Kind
    from pdo.model.reports import RejectedCell
    from pdo.model.settings import Settings


@dataclass(frozen=True, slots=True)
class FileRows:
    """What a file holds.

    Args:
        rows: line → column → value; absent ones are left out.
        faults: why records are rejected; the first of them where there are many.
        unused: headers that mean nothing for this kind.
    """

    rows: tuple[tuple[int, dict[str, Cell]], ...]
    faults: tuple[RejectedCell, ...]
    unused: tuple[str, ...]


def rows_of(path: Path, kind: Kind, settings: Settings) -> FileRows:
    """Read a file as `pdo import` does.

    Raises:
        UsageError: the file cannot be used as it is.
    """
    with open_workspace() as workspace:
        checked = read_file(workspace, path, kind, settings=settings, progress=lambda *_: None)
        faults = first_faults(workspace, checked.header)
        columns = (*checked.present, "extra")
        query = exp.select(name("at_line"), *map(name, columns)).from_("good").order_by(name("at_line"))
        found = workspace.rows(query)
    rows = tuple((line, _cells(columns, values)) for line, *values in found)
    return FileRows(rows, faults, tuple(checked.header.unused))


def _cells(columns: tuple[str, ...], values: list[object]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for column, value in zip(columns, values, strict=True):
        if value is None:
            continue
        if column == "extra":
            declared = json.loads(str(value))
            cells |= {name: tuple(cell) if isinstance(cell, list) else cell for name, cell in declared.items()}
        elif isinstance(value, list):
            cells[column] = tuple(map(str, value))
        elif isinstance(value, bool | int):
            cells[column] = int(value)
        else:
            cells[column] = str(value)
    return cells
