"""The reading half: a file becomes typed rows and faults in the workspace, before any store is looked at.

    files → decoding → dialect → headers → records → cells → faults

`read_file` is where their order stands. Behind it the workspace has `typed_row` with all rows, `good` with those without fault,
`numbered` with the cells that are needed as they stand in the file, and `fault`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from pdo.ingest.cells import create_typed, drop_typed, macro_of
from pdo.ingest.decoding import check_unchanged, decode
from pdo.ingest.dialect import find_dialect
from pdo.ingest.faults import find_faults
from pdo.ingest.headers import bind_header, check_headers, known_headers
from pdo.ingest.making import make_cells
from pdo.ingest.records import close_fast, holds_asides, is_believable, open_fast, read_exactly

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pdo.ingest.decoding import Text
    from pdo.ingest.dialect import Dialect
    from pdo.ingest.headers import Header
    from pdo.ingest.records import Records
    from pdo.ingest.workspace import Workspace
    from pdo.model.fields import Kind
    from pdo.model.settings import ImportMapping, Settings

    Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """A file up to the store: its rows stand in the workspace.

    Args:
        text: the file.
        dialect: how its records are told apart.
        header: what its columns mean.
        records: what the reader found.
        read: records behind the header, and those above it.
        blank: those of them that hold nothing, and those that are no rows.
    """

    text: Text
    dialect: Dialect
    header: Header
    records: Records
    read: int
    blank: int

    @property
    def present(self) -> tuple[str, ...]:
        """Columns of the kind that the rows have."""
        return self.header.columns


def read_file(
    workspace: Workspace,
    path: Path,
    kind: Kind,
    *,
    settings: Settings,
    mapping: ImportMapping | None = None,
    encoding: str | None = None,
    progress: Progress,
) -> Checked:
    """Read a file.

    Args:
        workspace: where its rows will be.
        path: the file; `-` is standard input.
        kind: what its rows are.
        settings: time zone and declared columns.
        mapping: how the file's columns are called.
        encoding: what the user says the file is in; found where None.
        progress: told the stage, what is done and how much there is.

    Raises:
        UsageError: the file cannot be used as it is.
        StorageError: the disk is full.
    """
    text = decode(path, workspace.folder, encoding=encoding, progress=progress)
    progress("check", 0, 1)
    dialect = find_dialect(text, known_headers(kind, settings, mapping))
    header = bind_header(text.original, dialect.header, kind, settings=settings, mapping=mapping)
    records, rows = _typed(workspace, text, dialect, header, kind, settings, mapping)
    check_headers(workspace, text.original, header)
    blank = find_faults(workspace, text, dialect, records, header, kind)
    check_unchanged(text)
    return Checked(text, dialect, header, records, rows + records.broken + records.blank, blank)


def _typed(
    workspace: Workspace,
    text: Text,
    dialect: Dialect,
    header: Header,
    kind: Kind,
    settings: Settings,
    mapping: ImportMapping | None,
) -> tuple[Records, int]:
    """Typed rows by the fast reader where it can be believed, else by the exact one."""
    if mapping is not None and header.made:
        exact = read_exactly(workspace, text, dialect, header.needed)
        needs = _needs(header, kind, mapping)
        make_cells(workspace, header.made, width=len(header.cells), needed=header.needed, needs=needs)
        return exact, create_typed(workspace, exact, header, kind, settings=settings, mapping=mapping)
    records = open_fast(workspace, text, dialect, header.needed)
    if records is not None:
        try:
            rows = create_typed(workspace, records, header, kind, settings=settings, mapping=mapping)
        except duckdb.Error:
            # Whatever it stumbled over, the exact reader says which line it is.
            rows = -1
        if is_believable(text, dialect, rows) and not holds_asides(workspace, header, kind):
            return records, rows
        drop_typed(workspace)
        close_fast(workspace)
    records = read_exactly(workspace, text, dialect, header.needed)
    return records, create_typed(workspace, records, header, kind, settings=settings, mapping=mapping)


def _needs(header: Header, kind: Kind, mapping: ImportMapping) -> dict[str, str]:
    """Columns without which a record has no row, and the macros that read them.

    Where a record makes several rows, all that must be there is needed: another kind of the file says what is wrong with it.
    """
    spread = any(made.cell.each for made in header.made)
    wanted = {bound.column.name for bound in header.bound if bound.required} if spread else set(mapping.needs)
    return {bound.column.name: macro_of(bound.column, kind) for bound in header.bound if bound.column.name in wanted}
