"""What people put on and take off by hand: tags and stages of stateful lifecycles.

A hand's tag is never taken off by a rule; a rule's tag that a hand takes off is blocked until a hand sets it again. A stage set
by hand holds until a transition fires from it. Doing the same again changes nothing and leaves no trace in the journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import col, select

from pdo.model.reports import HandReport
from pdo.store.tables import Assignment, Block, HandEdit, Label

if TYPE_CHECKING:
    from sqlmodel import Session

    from pdo.core.calendar import Moment
    from pdo.model.playbook import Lifecycle, Tag
    from pdo.store.tables import Customer

BY_HAND = 0
"""In place of the number of a run."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A change by hand.

    Args:
        customer: whose.
        now: since when it holds.
        actor: who did it.
        note: why.
    """

    customer: Customer
    now: Moment
    actor: str
    note: str | None = None

    @property
    def customer_id(self) -> int:
        """The customer's surrogate key."""
        return self.customer.id or 0


def set_tag(session: Session, tag: Tag, hand: Hand, *, others: tuple[str, ...] = ()) -> HandReport:
    """Put a tag on, and lift the block that an earlier removal left.

    Args:
        session: writes.
        tag: its definition.
        hand: whose, when, who.
        others: of its exclusive set; those that a hand, a file or a platform gave go, the rules' go at the next run.
    """
    label_id = _label(session, "tag", "", tag.name, tag.playbook)
    block = session.get(Block, (label_id, hand.customer_id))
    if block is not None:
        session.delete(block)
    has_own = any(given.source == "staff" for given in _open(session, [label_id], hand))
    if not has_own:
        _give(session, label_id, hand)
    replaced = _replace(session, others, hand)
    changed = block is not None or not has_own or bool(replaced)
    if changed:
        _note(session, "set", label_id, hand)
    return HandReport("set", "tag", "", tag.name, hand.customer.key, changed, replaced=replaced)


def _replace(session: Session, others: tuple[str, ...], hand: Hand) -> tuple[str, ...]:
    """Take off what no rule gave of some tags; which they were."""
    query = select(Label).where(Label.kind == "tag", Label.scope == "", col(Label.name).in_(others))
    names = {label.id or 0: label.name for label in session.exec(query).all()}
    given = [one for one in _open(session, list(names), hand) if one.source != "rule"]
    for one in given:
        _close(session, one, hand)
        _note(session, "remove", one.label_id, hand)
    return tuple(dict.fromkeys(names[one.label_id] for one in given))


def remove_tag(session: Session, name: str, tag: Tag | None, hand: Hand, *, scope: str = "") -> HandReport:
    """Take a tag off, whoever put it on; a rule's tag stays off until it is set again.

    Args:
        session: writes.
        name: of the tag.
        tag: its definition; None for one that only the store knows.
        hand: whose, when, who.
        scope: the tag of whose column it is a value; empty for a tag of its own.
    """
    label_id = _label(session, "tag", scope, name, tag.playbook if tag is not None else "")
    given = _open(session, [label_id], hand)
    for one in given:
        _close(session, one, hand)
    by_rule = bool(scope) or (tag is not None and tag.when is not None)
    blocks = by_rule and session.get(Block, (label_id, hand.customer_id)) is None
    if blocks:
        session.add(Block(label_id=label_id, customer_id=hand.customer_id, since=hand.now.at, actor=hand.actor))
    changed = bool(given) or blocks
    if changed:
        _note(session, "remove", label_id, hand)
    return HandReport("remove", "tag", "", name, hand.customer.key, changed, blocked=by_rule)


def set_stage(session: Session, lifecycle: Lifecycle, stage: str, hand: Hand) -> HandReport:
    """Move a customer to a stage of a stateful lifecycle."""
    label_id = _label(session, "stage", lifecycle.name, stage, lifecycle.playbook)
    given = _open(session, _stages(session, lifecycle.name), hand)
    changed = [one.label_id for one in given] != [label_id]
    if changed:
        for one in given:
            _close(session, one, hand)
        _give(session, label_id, hand)
        _note(session, "set", label_id, hand)
    return HandReport("set", "stage", lifecycle.name, stage, hand.customer.key, changed)


def remove_stage(session: Session, lifecycle: str, hand: Hand) -> HandReport:
    """Take a customer out of a lifecycle; the next run begins at its initial stage."""
    given = _open(session, _stages(session, lifecycle), hand)
    names = []
    for one in given:
        _close(session, one, hand)
        _note(session, "remove", one.label_id, hand)
        label = session.get(Label, one.label_id)
        names.append(label.name if label is not None else "")
    return HandReport("remove", "stage", lifecycle, ", ".join(names), hand.customer.key, bool(given))


def _stages(session: Session, lifecycle: str) -> list[int]:
    query = select(Label.id).where(Label.kind == "stage", Label.scope == lifecycle)
    return [found for found in session.exec(query).all() if found is not None]


def _label(session: Session, kind: str, scope: str, name: str, playbook: str) -> int:
    """The label of that name, made where no run has made it yet."""
    query = select(Label).where(Label.kind == kind, Label.scope == scope, Label.name == name)
    label = session.exec(query).first()
    if label is None:
        label = Label(kind=kind, scope=scope, name=name, playbook=playbook)
        session.add(label)
        session.flush()
    return label.id or 0


def _open(session: Session, labels: list[int], hand: Hand) -> list[Assignment]:
    """What the customer has of these labels now."""
    query = select(Assignment).where(
        col(Assignment.label_id).in_(labels),
        Assignment.customer_id == hand.customer_id,
        col(Assignment.until).is_(None),
    )
    return list(session.exec(query).all())


def _give(session: Session, label_id: int, hand: Hand) -> None:
    """Assign a label; where a hand did and undid it within this second, that row is taken up again."""
    source, since = "staff", hand.now.at
    found = session.get(Assignment, (label_id, hand.customer_id, source, since, BY_HAND))
    if found is None:
        found = Assignment(label_id=label_id, customer_id=hand.customer_id, source=source, since=since, run_id=BY_HAND)
    found.until, found.until_run_id = None, None
    session.add(found)


def _close(session: Session, given: Assignment, hand: Hand) -> None:
    """End an assignment; never before it began, though a run may have looked into the future."""
    given.until, given.until_run_id = max(hand.now.at, given.since), BY_HAND
    session.add(given)


def _note(session: Session, action: str, label_id: int, hand: Hand) -> None:
    session.add(
        HandEdit(
            at=hand.now.at,
            actor=hand.actor,
            action=action,
            label_id=label_id,
            customer_id=hand.customer_id,
            note=hand.note,
        )
    )
