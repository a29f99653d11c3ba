"""`pdo report`: figures about the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.commands.cells import clean
from pdo.commands.desk import open_desk
from pdo.commands.help import command, group
from pdo.commands.options import Format, OutputFormat, ProjectDir
from pdo.commands.present import Table, number
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import answering
else:
    answering = late("pdo.api.answering")

app = group()


@command(app, "match", "help.report.match")
def match(*, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Show how much is joined: orders to customers, friends to orders, items to products, follows to colleagues."""
    desk = open_desk("report match", project, output_format)
    output = desk.output
    found = answering.matching(desk.settings)
    data = {
        "shares": [
            {
                "name": share.name,
                "of": share.of,
                "matched": share.matched,
                "total": share.total,
                "permille": share.permille,
            }
            for share in found.shares
        ],
        "unknown_staff": [{"name": name, "rows": count} for name, count in found.unknown_staff],
        "uncategorised": [{"title": title, "items": count} for title, count in found.uncategorised],
    }
    rows = [
        (
            output.say(f"match.{share.name}.category" if share.of == "category" else f"match.{share.name}")
            + (f" · {clean(share.of)}" if share.of not in ("", "category") else ""),
            number(share.matched),
            number(share.total),
            "-" if share.permille is None else f"{share.permille // 10}.{share.permille % 10}%",
        )
        for share in found.shares
    ]
    blocks = [Table(output.headings("match", "matched", "total", "share"), rows, frozenset((1, 2, 3)))]
    staff = ", ".join(f"{clean(name)} ({number(count)})" for name, count in found.unknown_staff)
    titles = ", ".join(f"{clean(title)} ({number(count)})" for title, count in found.uncategorised)
    more = [output.say("match.unknown_staff", names=staff)] if staff else []
    more += [output.say("match.uncategorised", titles=titles)] if titles else []
    output.show(data, *blocks, *more)
