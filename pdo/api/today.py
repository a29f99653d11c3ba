"""A day's beginning, on the screen and as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.wording import say
from pdo.deliver.files import pending_file
from pdo.deliver.workbooks import Sheet, SheetColumn, workbook
from pdo.report.today import read_today
from pdo.store.session import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pdo.core.calendar import Moment
    from pdo.core.wording import Language
    from pdo.model.settings import Settings
    from pdo.model.today import Today

    Row = Sequence[str | int]

WIDTH = 18


def today(settings: Settings, *, now: Moment) -> Today:
    """What changed since yesterday, what waits for whom, how old the data are. Writes nothing."""
    with open_session(settings.database) as session:
        return read_today(session, now)


def tables(found: Today, language: Language) -> Iterator[tuple[str, tuple[str, ...], Sequence[Row]]]:
    """The parts of it that hold something: title, headings, rows."""
    parts: tuple[tuple[str, tuple[str, ...], list[Row]], ...] = (
        (
            "changed",
            ("label_kind", "label", "change", "customers"),
            [
                (
                    say(f"heading.{step.kind}", language),
                    f"{step.scope}/{step.name}" if step.scope else step.name,
                    say(f"change.{step.change}", language),
                    step.count,
                )
                for step in found.changed
            ],
        ),
        (
            "drafts",
            ("batch_id", "campaign", "channel", "planned_on", "messages", "withheld"),
            [
                (one.batch_id, one.campaign, one.channel, one.planned_on, one.planned, one.withheld)
                for one in found.drafts
            ],
        ),
        (
            "overdue",
            ("staff", "name", "tasks", "oldest_on"),
            [(one.staff, one.name, one.count, one.oldest_on) for one in found.overdue],
        ),
        (
            "ages",
            ("kind", "imported_at", "hours", "rows"),
            [(one.kind, one.imported_at[:16].replace("T", " "), one.hours, one.rows) for one in found.ages],
        ),
        (
            "codes",
            ("offer", "left", "total", "given", "ends_on", "remark"),
            [
                (
                    one.offer,
                    one.left,
                    one.total,
                    one.given,
                    one.ends_on,
                    say("today.low", language) if one.is_low else "",
                )
                for one in found.codes
            ],
        ),
    )
    for name, headings, rows in parts:
        if rows:
            titles = tuple(say(f"heading.{heading}", language) for heading in headings)
            yield say(f"today.{name}", language), titles, rows


def write_today(found: Today, path: Path, language: Language) -> None:
    """Write it as a workbook, a sheet a part.

    Raises:
        StorageError: the file cannot be written.
    """
    sheets = [
        Sheet(title, [SheetColumn(name, WIDTH) for name in headings], rows)
        for title, headings, rows in tables(found, language)
    ]
    nothing = Sheet(say("today.title_plain", language), [SheetColumn(say("today.nothing", language), 2 * WIDTH)], [])
    with pending_file(path, [workbook(sheets or [nothing])]) as file:
        file.publish()
