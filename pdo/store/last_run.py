"""What the last run was, and its journal row once more where there was nothing to do.

Read through names of columns instead of the classes of the tables: those take longer to load than the same run again takes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Integer, String, column, func, insert, literal, select, table

if TYPE_CHECKING:
    from pdo.store.door import Door

_RUN = table(
    "run",
    *(column(name, Integer()) for name in ("id", "as_of", "started_at", "changes", "import_id", "undone_at")),
    *(column(name, String()) for name in ("actor", "playbooks", "counts", "thresholds")),
)
_STANDS = _RUN.c.undone_at.is_(None)


def last_as_of(door: Door) -> int | None:
    """The as-of of the last applied run; None before the first."""
    found: int | None = door.rows(select(func.max(_RUN.c.as_of).label("as_of")).where(_STANDS))[0][0]
    return found


def last_thresholds(door: Door, as_of: int) -> dict[str, list[int | str | None]]:
    """What the last run of a moment held values against; nothing where no run was of that moment."""
    query = select(_RUN.c.thresholds).where(_RUN.c.as_of == as_of, _STANDS).order_by(_RUN.c.id.desc()).limit(1)
    rows = door.rows(query)
    found: dict[str, list[int | str | None]] = json.loads(rows[0][0]) if rows and rows[0][0] else {}
    return found


def next_run_id(door: Door) -> int:
    """The number of the run that comes next."""
    return int(door.rows(select(func.coalesce(func.max(_RUN.c.id), 0, type_=Integer()).label("id")))[0][0]) + 1


def repeat_run(door: Door, *, started_at: int, actor: str) -> int:
    """Note that the last run was asked for again and changed nothing.

    Args:
        started_at: the clock.
        actor: who ran it.

    Returns:
        The number of the run.
    """
    run_id = next_run_id(door)
    own = {"id": run_id, "started_at": started_at, "actor": actor, "changes": 0, "counts": "[]"}
    same = ("as_of", "playbooks", "thresholds", "import_id")
    last = select(func.max(_RUN.c.id)).where(_STANDS).scalar_subquery()
    values = [*(literal(value) for value in own.values()), *(_RUN.c[name] for name in same)]
    door.execute(insert(_RUN).from_select([*own, *same], select(*values).where(_RUN.c.id == last)))
    return run_id
