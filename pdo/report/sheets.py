"""Task sheets (任务单): what each colleague is to do on a day, and whom to leave in peace.

Grain: one sheet a colleague who has something open. Read with a few queries for all colleagues together.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal, or_, select
from sqlmodel import col

from pdo.core.calendar import Moment
from pdo.model.sheets import GuideSheet, Question, SheetTask, Undisturbed
from pdo.store.tables import (
    Assignment,
    Batch,
    Code,
    Consent,
    ContactBlock,
    Customer,
    Follow,
    Label,
    Message,
    Staff,
    Store,
    Task,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlmodel import Session

ANY = "any"
BY_HAND = "one_to_one"
TAIL = 4
_QUIET = ("control", "skipped")
"""Reasons that say nothing about whether a customer may be disturbed."""


def read_sheets(session: Session, day: date, questions: Sequence[Question], zone: str) -> tuple[GuideSheet, ...]:
    """The sheets of a day, by shop and name.

    A task is open while it has no result and is not done. One that is a message ends with its last day; any other stays, late,
    until it is done.

    Args:
        session: reads.
        day: the local day.
        questions: in the order in which they are asked; a customer is asked one a day.
        zone: in which days are told.
    """
    tasks = list(session.execute(_open_tasks(day)))
    touched = _touched(session, day, zone)
    answered = _answered(session, day, questions)
    left_alone = _undisturbed(session, day)
    lines: dict[int, list[SheetTask]] = defaultdict(list)
    staff: dict[int, tuple[Staff, str]] = {}
    asked: set[int] = set()
    for row in tasks:
        colleague, customer = row.Staff, row.Customer
        staff[colleague.id] = (colleague, row.store_name or "")
        question = None
        if customer is not None and customer.id not in asked:
            question = _next_question(questions, colleague, answered[customer.id])
            asked |= {customer.id} if question else set()
        lines[colleague.id].append(_line(row, day, touched, question))
    sheets = [
        GuideSheet(one.key, one.name or one.key, store, tuple(lines[number]), tuple(left_alone[number]))
        for number, (one, store) in staff.items()
    ]
    return tuple(sorted(sheets, key=lambda sheet: (sheet.store, sheet.name, sheet.staff)))


def _open(day: date) -> tuple[Any, ...]:
    is_message = col(Task.message_id).is_not(None)
    return (
        col(Task.done_at).is_(None),
        func.coalesce(Task.result, "") == "",
        or_(~is_message, col(Task.due_on) >= day),
    )


def _is_escalated_to(staff: type[Staff]) -> Any:
    """What is not done in time stands on the sheet of who is told of it, too."""
    return col(Task.escalated_at).is_not(None) & (col(Task.escalate_to) == col(staff.key))


def _meant(day: date) -> Any:
    """The customers of open tasks."""
    return select(col(Task.customer_id)).where(*_open(day))


def _open_tasks(day: date) -> Any:
    remark = func.coalesce(Follow.remark_name, Customer.remark_name, Customer.name, Customer.key)
    return (
        select(
            Task,
            Staff,
            Customer,
            func.coalesce(Store.name, Store.key).label("store_name"),
            remark.label("called"),
            col(Message.offer).label("offer"),
            col(Code.key).label("code"),
        )
        .join(Staff, or_(col(Task.staff_id) == Staff.id, _is_escalated_to(Staff)))
        .outerjoin(Store, col(Staff.store_id) == Store.id)
        .outerjoin(Customer, col(Task.customer_id) == Customer.id)
        .outerjoin(Follow, (col(Follow.customer_id) == Customer.id) & (col(Follow.staff_id) == Staff.id))
        .outerjoin(Message, col(Task.message_id) == Message.id)
        .outerjoin(Code, col(Message.code_id) == Code.id)
        .where(*_open(day))
        # What is late comes first, then what is due soonest.
        .order_by(func.coalesce(Task.due_on, "9999-12-31"), Task.key)
    )


def _line(row: Any, day: date, touched: Mapping[int, str], question: Question | None) -> SheetTask:
    task, customer = row.Task, row.Customer
    return SheetTask(
        task_id=task.key,
        customer_key="" if customer is None else customer.key,
        called="" if customer is None else row.called,
        phone_end="" if customer is None else _tail(customer.phone),
        source=task.source or "",
        type=task.type or "",
        text=task.text or "",
        offer=" ".join(filter(None, (row.offer, row.code))),
        due_on=task.due_on,
        is_late=task.due_on is not None and task.due_on < day,
        touched="" if customer is None else touched.get(customer.id, ""),
        question=question,
    )


def _tail(phone: str | None) -> str:
    return phone[-TAIL:] if phone else ""


def _touched(session: Session, day: date, zone: str) -> dict[int, str]:
    """Customer → when a message last left before the day, and of what; SQLite takes the campaign of the latest."""
    query = (
        select(col(Message.customer_id), func.max(Message.sent_at), col(Message.campaign))
        .where(col(Message.customer_id).in_(_meant(day)))
        .where(col(Message.sent_at).is_not(None), col(Message.planned_on) < day)
        .group_by(col(Message.customer_id))
    )
    return {
        customer: f"{Moment(at, zone).local.date().isoformat()} {campaign}"
        for customer, at, campaign in session.execute(query)
    }


def _answered(session: Session, day: date, questions: Sequence[Question]) -> Mapping[int, set[str]]:
    """Customer → the answers that somebody put on."""
    names = [answer for question in questions for answer in question.answers]
    query = (
        select(col(Assignment.customer_id), col(Label.name))
        .join(Label, col(Label.id) == col(Assignment.label_id))
        .where(col(Label.kind) == "tag", col(Label.name).in_(names), col(Assignment.until).is_(None))
        .where(col(Assignment.customer_id).in_(_meant(day)))
    )
    found: dict[int, set[str]] = defaultdict(set)
    for customer, name in session.execute(query):
        found[customer].add(name)
    return found


def _next_question(questions: Sequence[Question], colleague: Staff, answered: set[str]) -> Question | None:
    mine = ("", colleague.role, colleague.persona)
    open_ones = (one for one in questions if one.who in mine and not answered.intersection(one.answers))
    return next(open_ones, None)


def _undisturbed(session: Session, day: date) -> Mapping[int, list[Undisturbed]]:
    """Colleague → the customers of theirs to leave in peace, each with the first reason."""
    found: dict[int, dict[str, Undisturbed]] = defaultdict(dict)
    blocked: Any = select(Customer, literal("blocked").label("reason"), col(ContactBlock.note).label("detail")).join(
        ContactBlock, col(ContactBlock.customer_id) == Customer.id
    )
    refused: Any = select(Customer, literal("opted_out").label("reason"), literal("").label("detail")).join(
        Consent, col(Consent.customer_id) == Customer.id
    )
    withdrawn = or_(col(Consent.given_at).is_(None), col(Consent.withdrawn_at) >= col(Consent.given_at))
    planned = col(Message.planned_on) == day
    withheld: Any = (
        select(Customer, col(Message.reason).label("reason"), col(Message.campaign).label("detail"))
        .join(Message, col(Message.customer_id) == Customer.id)
        .where(planned, col(Message.status) == "withheld", func.substr(Message.reason, 1, 7).not_in(_QUIET))
    )
    sent: Any = (
        select(Customer, literal("sent").label("reason"), col(Message.campaign).label("detail"))
        .join(Message, col(Message.customer_id) == Customer.id)
        .join(Batch, col(Batch.id) == col(Message.batch_id))
        .where(planned, col(Message.status).in_(("planned", "exported")))
        .where(col(Batch.status).in_(("approved", "exported")), col(Batch.channel) != BY_HAND)
    )
    for query in (
        blocked.where(col(ContactBlock.channel).in_((ANY, BY_HAND))),
        refused.where(col(Consent.channel).in_((ANY, BY_HAND)), col(Consent.withdrawn_at).is_not(None), withdrawn),
        sent,
        withheld,
    ):
        for customer, reason, detail in session.execute(query.where(col(Customer.owner_id).is_not(None))):
            called = customer.remark_name or customer.name or customer.key
            line = Undisturbed(called, _tail(customer.phone), reason, detail or "")
            found[customer.owner_id].setdefault(customer.key, line)
    ordered = {owner: [line for _, line in sorted(lines.items())] for owner, lines in found.items()}
    return defaultdict(list, ordered)
