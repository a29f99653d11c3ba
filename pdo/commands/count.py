"""`pdo count`: how many customers a condition holds for, down to how many could be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.options import AsOf, Format, OutputFormat, ProjectDir, argument
from pdo.commands.present import Table, number
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import running
else:
    running = late("pdo.api.running")

app = single()


@command(app, "count")
def count(
    *,
    condition: Annotated[str, argument("condition", metavar="CONDITION")],
    as_of: AsOf = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Count and show."""
    desk = open_desk("count", project, output_format)
    moment = desk.moment(as_of)
    found = running.count(desk.project(), condition, as_of=moment)
    data = {
        "as_of": str(moment),
        "customers": found.customers,
        "matched": found.matched,
        "friends": found.friends,
        "with_phone": found.with_phone,
    }
    names = ("customers", "matched", "friends", "with_phone")
    rows = [(desk.output.say(f"count.{name}"), number(getattr(found, name))) for name in names]
    desk.output.show(data, Table(desk.output.headings("count", "number"), rows, frozenset({1})))
