"""`pdo today`: what changed since yesterday, what waits for whom, how old the data are."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.options import AsOf, Format, OutputFile, OutputFormat, ProjectDir
from pdo.commands.present import Table, local, number
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.api import today as mornings
    from pdo.commands.present import Output
    from pdo.model.today import Today
else:
    mornings = late("pdo.api.today")

app = single()


@command(app, "today")
def today(
    *,
    as_of: AsOf = None,
    output: OutputFile = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Look and show, and write the workbook that is asked for."""
    desk = open_desk("today", project, output_format)
    found = mornings.today(desk.settings, now=desk.moment(as_of))
    written = []
    if output is not None:
        mornings.write_today(found, output, desk.output.language)
        written.append(desk.output.say("today.written", path=output))
    desk.output.show(today_data(found), *today_blocks(found, desk.output), *written)


def today_data(found: Today) -> dict[str, object]:
    """What JSON says of a day."""
    return {
        "now": str(found.now),
        "as_of": None if found.as_of is None else str(found.as_of),
        "changed": [{name: getattr(step, name) for name in CHANGED} for step in found.changed],
        "drafts": [asdict(one) for one in found.drafts],
        "overdue": [asdict(one) for one in found.overdue],
        "ages": [asdict(one) for one in found.ages],
        "codes": [asdict(one) for one in found.codes],
    }


CHANGED = ("kind", "scope", "name", "change", "count")


def today_blocks(found: Today, output: Output) -> Iterator[str | Table]:
    """What people read of it."""
    day = local(str(found.now))
    if found.as_of is None:
        yield output.say("today.title_first", now=day)
    else:
        yield output.say("today.title", now=day, as_of=local(str(found.as_of)))
    empty = True
    for title, headings, rows in mornings.tables(found, output.language):
        empty = False
        yield ""
        yield title
        right = frozenset(place for place, cell in enumerate(rows[0]) if isinstance(cell, int))
        cells = [tuple(number(cell) if isinstance(cell, int) else cell for cell in row) for row in rows]
        yield Table(headings, cells, right)
    if empty:
        yield output.say("today.nothing")
