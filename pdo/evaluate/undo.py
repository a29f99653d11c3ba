"""A run is taken back: what it gave is gone, what it took away holds again, and so with all else that it wrote.

Last in, first out: a later run must go first, and whatever rests on its rows. Looked for are

- later runs,
- imports that changed rows which it had made or changed,
- customers joined since, whose rows of it stand with somebody else,
- hands that took off what it had given, or moved whom it had moved, and tasks of its that are done,
- messages that have left the house: those cannot be taken back at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Integer, and_, delete, func, or_, select, type_coerce, union_all, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from pdo.core.errors import UsageError
from pdo.model.runs import RunUndone
from pdo.store.rule_bits import forget_bits
from pdo.store.run_images import put_back, touched
from pdo.store.tables import (
    Assignment,
    Batch,
    BeforeImage,
    Block,
    Carried,
    FileImport,
    HandEdit,
    Label,
    Message,
    Run,
    Task,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from pdo.store.door import Door

BY_HAND = 0
MOST_NAMED = 10
"""How many of what must go first are named."""


@dataclass(frozen=True, slots=True)
class _Blockers:
    """What must go first: numbers of runs and imports, and how many rows hands wrote or stand with joined customers."""

    runs: tuple[int, ...]
    imports: tuple[int, ...]
    hands: int
    joined: int

    def __bool__(self) -> bool:
        return bool(self.runs or self.imports or self.hands or self.joined)


def undo_run(door: Door, run_id: int | None, *, now: int, actor: str) -> RunUndone:
    """Take a run back through an open door; the caller commits by closing it.

    Args:
        door: the store; SQLite need not look references up.
        run_id: its number; None for the last one that was not taken back.
        now: when, for the journal.
        actor: who, for the journal.

    Raises:
        UsageError: there is no such run, it was taken back before, something rests on it, or messages of it have left; nothing
            may be committed then.
    """
    number, as_of = _find(door, run_id)
    blockers = _blockers(door, number)
    if blockers:
        raise UsageError(
            "error.run_rests",
            run_id=number,
            runs=_told(blockers.runs),
            imports=_told(blockers.imports),
            hands=blockers.hands or "-",
            joined=blockers.joined or "-",
        )
    _require_unsent(door, number)
    forget_bits(door)
    given = door.execute(delete(Assignment).where(col(Assignment.run_id) == number))
    taken = door.execute(
        update(Assignment).where(col(Assignment.until_run_id) == number).values(until=None, until_run_id=None)
    )
    messages = int(door.rows(select(func.count(type_=Integer()).label("n")).where(_of_run(number)))[0][0])
    removed, _ = put_back(door, number, keep=_in_use())
    door.execute(update(Run).where(col(Run.id) == number).values(undone_at=now, undone_by=actor))
    return RunUndone(number, as_of, given, taken, messages, removed.get("batch", 0))


def _find(door: Door, run_id: int | None) -> tuple[int, int]:
    query = select(col(Run.id), col(Run.as_of), col(Run.undone_at)).order_by(col(Run.id).desc()).limit(1)
    if run_id is None:
        found = door.rows(query.where(col(Run.undone_at).is_(None)))
        if not found:
            raise UsageError("error.no_run_yet")
    else:
        found = door.rows(query.where(col(Run.id) == run_id))
        if not found:
            raise UsageError("error.unknown_run", run_id=run_id)
    number, as_of, undone_at = found[0]
    if undone_at is not None:
        raise UsageError("error.run_undone", run_id=number)
    return number, as_of


def _told(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, sorted(numbers, reverse=True)[:MOST_NAMED])) or "-"


def _blockers(door: Door, run_id: int) -> _Blockers:
    later = select(col(Run.id)).where(col(Run.id) > run_id, col(Run.undone_at).is_(None))
    images = select(col(BeforeImage.import_id), col(BeforeImage.of_table), col(BeforeImage.identity))
    seen = select(col(Run.import_id)).where(col(Run.id) == run_id).scalar_subquery()
    images = images.join(FileImport, col(FileImport.id) == col(BeforeImage.import_id))
    images = images.where(col(FileImport.undone_at).is_(None), col(FileImport.id) > seen)
    done = select(func.count(type_=Integer()).label("n")).where(
        col(Task.run_id) == run_id, col(Task.done_at).is_not(None)
    )
    hands = sum(int(door.rows(query)[0][0]) for query in (_taken_by_hand(run_id), _moved_by_hand(run_id), done))
    joined = int(door.rows(_carried(run_id))[0][0])
    return _Blockers(tuple(row[0] for row in door.rows(later)), tuple(touched(door, run_id, images)), hands, joined)


def _carried(run_id: int) -> Select[int]:
    """Rows of the run that stand with another customer, because two were joined since."""
    of_run = [
        type_coerce(func.json_extract(col(Carried.content), f"$.{name}"), Integer) == run_id
        for name in ("run_id", "until_run_id")
    ]
    messages = and_(
        col(Carried.of_table) == "message", col(Carried.row_id).in_(select(col(Message.id)).where(_of_run(run_id)))
    )
    given = and_(col(Carried.of_table) == "assignment", or_(*of_run))
    return select(func.count(type_=Integer()).label("n")).where(or_(messages, given))


def _taken_by_hand(run_id: int) -> Select[int]:
    """What the run gave and a hand took off."""
    query = select(func.count(type_=Integer()).label("n"))
    return query.where(col(Assignment.run_id) == run_id, col(Assignment.until_run_id) == BY_HAND)


def _moved_by_hand(run_id: int) -> Select[int]:
    """Whom the run took out of a stage that a hand has put into one of the same lifecycle since."""
    left, entered = aliased(Assignment), aliased(Assignment)
    of_left, of_entered = aliased(Label), aliased(Label)
    query = select(func.count(type_=Integer()).label("n")).select_from(left)
    query = query.join(of_left, and_(col(of_left.id) == col(left.label_id), col(of_left.kind) == "stage"))
    query = query.join(of_entered, and_(col(of_entered.kind) == "stage", col(of_entered.scope) == col(of_left.scope)))
    same = and_(col(entered.label_id) == col(of_entered.id), col(entered.customer_id) == col(left.customer_id))
    query = query.join(entered, same)
    return query.where(col(left.until_run_id) == run_id, col(entered.until).is_(None), col(entered.run_id) == BY_HAND)


def _of_run(run_id: int) -> ColumnElement[bool]:
    return col(Message.batch_id).in_(select(col(Batch.id)).where(col(Batch.run_id) == run_id))


def _require_unsent(door: Door, run_id: int) -> None:
    """See that nothing has left the house."""
    left = or_(col(Message.sent_at).is_not(None), col(Message.status).in_(("exported", "sent")))
    query = (
        select(col(Batch.id), func.count(type_=Integer()).label("n")).join(Message).where(col(Batch.run_id) == run_id)
    )
    found = door.rows(query.where(left).group_by(col(Batch.id)))
    if found:
        batches = ", ".join(str(number) for number, _ in found[:MOST_NAMED])
        raise UsageError("error.run_sent", run_id=run_id, batches=batches, messages=sum(count for _, count in found))


def _in_use() -> ColumnElement[bool]:
    """Labels that a hand or a file has used since the run made them: they stay."""
    used = union_all(*(select(col(table.label_id)) for table in (Assignment, Block, HandEdit)))
    return col(Label.id).in_(used)
