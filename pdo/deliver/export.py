"""Letting customers' data out of the store: first the file, whole but without its name, then the journal, then the name.

Killed anywhere, no file is there that the journal does not know; a journal row without its file is mended by exporting again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.model.reports import ExportReport
from pdo.store.tables import ExportLog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

    from pdo.core.calendar import Moment
    from pdo.deliver.files import PendingFile


def log_export(
    session: Session, file: PendingFile, *, what: str, columns: Sequence[str], rows: int, now: Moment, actor: str
) -> ExportReport:
    """Note that a file is about to leave.

    Args:
        session: writes; it must be committed before the file is published.
        file: the file, not published yet.
        what: `segment:NAME` or `batch:ID`.
        columns: its headings.
        rows: how many customers or messages it holds.
        now: when.
        actor: who.
    """
    session.add(
        ExportLog(
            at=now.at,
            actor=actor,
            what=what,
            path=str(file.path),
            rows=rows,
            columns=",".join(columns),
            digest=file.digest,
        )
    )
    session.flush()
    return ExportReport(what, str(file.path), rows, tuple(columns), file.digest)
