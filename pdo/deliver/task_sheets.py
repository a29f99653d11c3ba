"""Task sheets as workbooks: what to do, to be filled in, and whom to leave in peace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.wording import WORDING, say
from pdo.deliver.workbooks import Choice, Sheet, SheetColumn, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pdo.core.wording import Language
    from pdo.model.sheets import GuideSheet, SheetTask

RESULTS = ("done", "answered", "bought", "not_reached", "declined")
"""Wording keys of the results to choose from."""

_COLUMNS = {
    "called": 12,
    "phone_end": 8,
    "what": 14,
    "why": 26,
    "say": 46,
    "offer": 18,
    "touched": 16,
    "due": 18,
    "result": 12,
    "question": 18,
    "answer": 16,
    "note": 20,
    "task_id": 10,
    "customer_id": 10,
}
_FILLED_IN = ("result", "answer", "note")
_HIDDEN = ("task_id", "customer_id")


def task_workbook(sheet: GuideSheet, language: Language, why: Callable[[str], str]) -> bytes:
    """The workbook of one colleague.

    Args:
        sheet: what stands in it.
        language: of headings and choices.
        why: the sentence of what made a task, by its name; empty where there is none.
    """

    def word(key: str, **params: object) -> str:
        return say(f"sheet.{key}", language, **params)

    columns = [
        SheetColumn(word(f"column.{name}"), width, hidden=name in _HIDDEN, is_filled_in=name in _FILLED_IN)
        for name, width in _COLUMNS.items()
    ]
    results = Choice(tuple(word(f"result.{one}") for one in RESULTS))
    tasks = Sheet(
        word("tasks"), columns, [_cells(task, results, language, why) for task in sheet.tasks], is_worked_on=True
    )
    peace = [SheetColumn(word(f"column.{name}"), 20) for name in ("called", "phone_end", "reason")]
    undisturbed = Sheet(
        word("undisturbed"),
        peace,
        [(one.called, one.phone_end, " ".join(_reason(one.reason, one.detail, language))) for one in sheet.undisturbed],
    )
    return workbook([tasks, undisturbed])


def _cells(
    task: SheetTask, results: Choice, language: Language, why: Callable[[str], str]
) -> tuple[str | Choice | None, ...]:
    due = "" if task.due_on is None else task.due_on.isoformat()
    what = f"sheet.what.{task.type}"
    return (
        task.called,
        task.phone_end,
        say(what, language) if what in WORDING else task.type,
        "：".join(filter(None, (task.source, why(task.source)))),
        task.text,
        task.offer,
        task.touched,
        say("sheet.late", language, day=due) if task.is_late else due,
        results,
        None if task.question is None else task.question.text,
        None if task.question is None else Choice(task.question.answers),
        None,
        task.task_id,
        task.customer_key,
    )


def _reason(reason: str, detail: str, language: Language) -> Iterator[str]:
    """Why somebody is left in peace: a word of ours, or the gate's, and of what."""
    code = reason.partition(":")[0]
    for key in (f"sheet.reason.{code}", f"reason.{code}"):
        # The gate says what else there is behind a colon; that is for those who look at the batch.
        if key in WORDING and "{" not in WORDING[key].zh:
            yield say(key, language)
            break
    else:
        yield code
    if detail:
        yield detail
