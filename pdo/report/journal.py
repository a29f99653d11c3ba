"""What came in: the journal of imports and their rejects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlmodel import col, select

from pdo.core.errors import UsageError
from pdo.model.reports import ImportEntry, RejectedCell
from pdo.report.values import moment_text
from pdo.store.tables import FileImport, Reject

if TYPE_CHECKING:
    from sqlmodel import Session


def list_imports(session: Session, zone: str, *, limit: int) -> tuple[ImportEntry, ...]:
    """The latest imports, latest first."""
    query = select(FileImport).order_by(col(FileImport.id).desc()).limit(limit)
    return tuple(_entry(found, zone) for found in session.exec(query).all())


def show_import(
    session: Session, import_id: int, zone: str, *, limit: int
) -> tuple[ImportEntry, tuple[RejectedCell, ...]]:
    """One import with its first rejects.

    Raises:
        UsageError: there is no such import.
    """
    found = session.get(FileImport, import_id)
    if found is None:
        raise UsageError("error.unknown_import", import_id=import_id)
    query = select(Reject).where(Reject.import_id == import_id).order_by(col(Reject.line), col(Reject.id)).limit(limit)
    cells = tuple(
        RejectedCell(cell.line, cell.column, cell.value, cell.code, json.loads(cell.params) if cell.params else {})
        for cell in session.exec(query).all()
    )
    return _entry(found, zone), cells


def _entry(found: FileImport, zone: str) -> ImportEntry:
    return ImportEntry(
        import_id=found.id or 0,
        kind=found.kind,
        path=found.path,
        encoding=found.encoding,
        started_at=moment_text(found.started_at, zone) or "",
        actor=found.actor,
        digest=found.digest,
        read=found.read,
        new=found.new,
        changed=found.changed,
        same=found.same,
        duplicate=found.duplicate,
        rejected=found.rejected,
        blank=found.blank,
        mode=found.mode,
        undone_at=moment_text(found.undone_at, zone),
        undone_by=found.undone_by,
    )
