"""What the last run saw and wrote, so that the same run again is known to have nothing to do without looking at every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import Integer, String, column, delete, func, select, table

if TYPE_CHECKING:
    from pdo.store.door import Door

_DEFINITION = "CREATE TABLE IF NOT EXISTS run_settled (serial INTEGER, fingerprint TEXT, report TEXT)"
_SETTLED = table(
    "run_settled", column("serial", Integer()), column("fingerprint", String()), column("report", String())
)
_STATE = table("store_state", column("serial", Integer()))


def read_settled(door: Door, fingerprint: str) -> str | None:
    """What was reported of the run after which nothing was written; None where something was, or another run is asked for.

    Args:
        door: the store.
        fingerprint: of all that decides a run beside the store.
    """
    master = table("sqlite_master", column("name", String()))
    query = select(func.count(type_=Integer()).label("n")).where(master.c.name == "run_settled")
    if not door.rows(query)[0][0]:
        return None
    same = _SETTLED.c.serial == _serial(door)
    found = door.rows(select(_SETTLED.c.report).where(same, _SETTLED.c.fingerprint == fingerprint))
    return str(found[0][0]) if found else None


def note_settled(door: Door, fingerprint: str, report: str) -> None:
    """Note, as the last that a run writes, that it is settled as long as nothing else is written."""
    door.define(_DEFINITION)
    door.execute(delete(_SETTLED))
    row = {"serial": _serial(door) + 1, "fingerprint": fingerprint, "report": report}
    door.append("run_settled", pa.Table.from_pylist([row]))


def _serial(door: Door) -> int:
    return int(door.rows(select(_STATE.c.serial))[0][0])
