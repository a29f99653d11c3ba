"""What stands on the task sheet of a colleague for one day (任务单)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

if TYPE_CHECKING:
    from datetime import date

    from pdo.model.playbook import Project


@dataclass(frozen=True, slots=True)
class Question:
    """What colleagues ask customers (导购打标).

    Args:
        who: the role or persona that asks; empty for any.
        text: as it is asked.
        answers: the tags that answer it, in written order.
    """

    who: str
    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetTask:
    """A line to work on.

    Args:
        task_id: the natural key, by which the result comes back.
        customer_key: by which the answer comes back; empty for a task about nobody.
        called: the remark name, else the name.
        phone_end: the last four digits.
        source: the campaign, step, or tag that made it; empty for a task out of a file.
        type: what is to be done, as its maker calls it: a channel, the name of a task.
        text: what to say, or do.
        offer: what is offered, with the code.
        due_on: by when; None for any day.
        is_late: whether that is over.
        touched: when a message last left for the customer, and of what; empty for never.
        question: what to ask besides; None for nothing.
    """

    task_id: str
    customer_key: str
    called: str
    phone_end: str
    source: str
    type: str
    text: str
    offer: str
    due_on: date | None
    is_late: bool
    touched: str
    question: Question | None


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A customer whom nobody is to write to today (今日勿扰).

    Args:
        called: the remark name, else the name.
        phone_end: the last four digits.
        reason: a code of why, `blocked`, `opted_out`, or that of the gate with its detail; `sent` for who had a message.
        detail: of what, where that says something: the campaign.
    """

    called: str
    phone_end: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class GuideSheet:
    """The sheet of one colleague.

    Args:
        staff: the natural key.
        name: for people.
        store: the shop's name; empty where none is known.
    """

    staff: str
    name: str
    store: str
    tasks: tuple[SheetTask, ...]
    undisturbed: tuple[Undisturbed, ...]


def questions(project: Project) -> tuple[Question, ...]:
    """What colleagues ask, in file order."""
    found: dict[str, list[str]] = {}
    asked: dict[str, tuple[str, str]] = {}
    for tag in project.tags.values():
        if tag.ask is not None:
            found.setdefault(tag.exclusive, []).append(tag.name)
            asked[tag.exclusive] = (tag.ask.who, tag.ask.question)
    return tuple(Question(*asked[name], tuple(answers)) for name, answers in found.items())
