"""Who is one person, by hand: customers are joined and split, and what could not be decided is listed."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from sqlmodel import col, select

from pdo.core.errors import UsageError
from pdo.core.frozen import dataclass
from pdo.ingest import hand_decisions
from pdo.ingest.hand_decisions import Word
from pdo.ingest.persons import settling
from pdo.ingest.workspace import open_workspace
from pdo.report.customers import resolve_customer
from pdo.report.values import mask_phone, moment_text
from pdo.store.door import open_door
from pdo.store.session import open_session
from pdo.store.tables import Identity, IdentityConflict, IdentityDecision

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlmodel import Session

    from pdo.core.calendar import Moment
    from pdo.ingest.persons import Joins
    from pdo.model.settings import Settings
    from pdo.store.door import Door

_HEADERS = {
    "keep": ("keep", "保留", "保留客户", "customer_id", "客户编号"),
    "other": ("other", "并入", "合并客户", "并入客户"),
}
"""What the columns of a file may be called."""


@dataclass(frozen=True, slots=True)
class PersonsChanged:
    """What joining and splitting by hand came to.

    Args:
        words: what was said that was new.
        joins: who stands with whom since.
    """

    words: tuple[Word, ...]
    joins: Joins


@dataclass(frozen=True, slots=True)
class Conflict:
    """What joins nobody though it stands on several customers.

    Args:
        reason: `same_source`, `names`, `listed` or `several`.
        kind: of the identifier.
        value: the identifier, masked unless asked for.
        customers: own ids, at most twenty.
        count: how many own ids there are.
    """

    reason: str
    kind: str
    value: str
    customers: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A hand's word."""

    number: int
    at: str
    actor: str
    action: str
    customer: str
    into: str | None
    note: str | None
    undone_at: str | None


def merge(
    settings: Settings, keep: str, others: Sequence[str], *, now: Moment, actor: str, note: str | None
) -> PersonsChanged:
    """Join customers to one that is kept.

    Raises:
        UsageError: one of them is unknown or named by what several have.
    """
    kept, *keys = _own_ids(settings, (keep, *others))
    return _say(settings, [Word(key, kept) for key in keys], now=now, actor=actor, note=note)


def split(settings: Settings, customers: Sequence[str], *, now: Moment, actor: str, note: str | None) -> PersonsChanged:
    """Let own ids stand for themselves; nothing but a hand joins them again.

    Raises:
        UsageError: one of them is unknown, or stands with nobody.
    """
    return _say(settings, [Word(key) for key in _own_ids(settings, customers)], now=now, actor=actor, note=note)


def from_file(
    settings: Settings, path: Path, action: str, *, now: Moment, actor: str, note: str | None
) -> PersonsChanged:
    """Join or split as a CSV says: columns `keep` and `other`, or for a split `customer_id`.

    Raises:
        UsageError: the file cannot be used, or names own ids that nobody has; nothing is written.
    """
    needed = ("keep", "other") if action == "merge" else ("keep",)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = reader.fieldnames or ()
            places = {part: next((name for name in _HEADERS[part] if name in header), None) for part in needed}
            if missing := [_HEADERS[part][0] for part, found in places.items() if found is None]:
                raise UsageError(
                    "error.decision_columns", path=path, missing=", ".join(missing), found=", ".join(header)
                )
            rows = [[(row[places[part] or ""] or "").strip() for part in needed] for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError("error.decision_file", path=path, reason=error) from error
    words = [Word(row[-1], row[0]) if action == "merge" else Word(row[0]) for row in rows if all(row)]
    return _say(settings, words, now=now, actor=actor, note=note)


def undo(settings: Settings, number: int, *, now: Moment, actor: str) -> PersonsChanged:
    """Take a decision back.

    Raises:
        UsageError: there is no such one, or it was taken back before.
    """
    return _settled(settings, lambda door: (hand_decisions.undo(door, number, now=now.at, actor=actor),))


def apply(settings: Settings) -> PersonsChanged:
    """Decide anew, as after `shared_phones` has changed."""
    return _settled(settings, lambda _: ())


def conflicts(settings: Settings, *, reveal: bool) -> tuple[Conflict, ...]:
    """What could not be decided."""
    with open_session(settings.database) as session:
        found = session.exec(select(IdentityConflict).order_by(col(IdentityConflict.id))).all()
    return tuple(
        Conflict(
            one.reason,
            one.kind,
            mask_phone(one.value) if one.kind == "phone" and not reveal else one.value,
            tuple(json.loads(one.keys)),
            one.count,
        )
        for one in found
    )


def decisions(settings: Settings) -> tuple[Decision, ...]:
    """What hands said, latest first."""
    zone = settings.timezone
    with open_session(settings.database) as session:
        found = session.exec(select(IdentityDecision).order_by(col(IdentityDecision.id).desc())).all()
    return tuple(
        Decision(
            one.id or 0,
            moment_text(one.at, zone) or "",
            one.actor,
            one.action,
            one.key,
            one.into_key,
            one.note,
            moment_text(one.undone_at, zone),
        )
        for one in found
    )


def _say(settings: Settings, words: Sequence[Word], *, now: Moment, actor: str, note: str | None) -> PersonsChanged:
    return _settled(settings, lambda door: hand_decisions.decide(door, words, now=now.at, actor=actor, note=note))


def _settled(settings: Settings, act: Callable[[Door], tuple[Word, ...]]) -> PersonsChanged:
    with (
        open_door(settings.database, write=True, doing="customer merge", resolved=True) as door,
        open_workspace(settings) as workspace,
    ):
        # Before rows are given back, for who stands with whom is asked.
        words = act(door)
        with settling(workspace, door, None, settings.shared_phones) as settled:
            pass
    return PersonsChanged(words, settled.joins)


def _own_ids(settings: Settings, texts: Sequence[str]) -> list[str]:
    """Own ids as they stand; for another identifier the customer's."""
    with open_session(settings.database) as session:
        return [_own_id(session, text) for text in texts]


def _own_id(session: Session, text: str) -> str:
    own = session.exec(select(Identity.value).where(Identity.kind == "own", Identity.value == text)).first()
    return own if own is not None else resolve_customer(session, text).key
