"""`pdo tag`: tags by hand, and how many have each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pdo.commands.desk import open_desk
from pdo.commands.held import show_counts, show_hand, show_history
from pdo.commands.help import command, group
from pdo.commands.options import AsOf, At, CustomerName, Format, Note, OutputFormat, ProjectDir, argument
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import answering, handling
    from pdo.api import history as histories
else:
    answering = late("pdo.api.answering")
    histories = late("pdo.api.history")
    handling = late("pdo.api.handling")

app = group()
TagName = Annotated[str, argument("tag", metavar="TAG")]


@command(app, "list", "help.tag.list")
def list_(*, at: At = None, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """List the tags with how many customers have them."""
    desk = open_desk("tag list", project, output_format)
    past = histories.read_past(at, desk.settings.timezone) if at is not None else None
    show_counts(answering.labels(desk.project(), "tag", past), "tag", desk.output)


@command(app, "set", "help.tag.set")
def set_(
    *,
    customer: CustomerName,
    tag: TagName,
    note: Note = None,
    as_of: AsOf = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Put a tag on."""
    desk = open_desk("tag set", project, output_format)
    show_hand(handling.set_tag(desk.project(), customer, tag, now=desk.moment(as_of), note=note), desk.output)


@command(app, "remove", "help.tag.remove")
def remove(
    *,
    customer: CustomerName,
    tag: TagName,
    note: Note = None,
    as_of: AsOf = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Take a tag off."""
    desk = open_desk("tag remove", project, output_format)
    show_hand(handling.remove_tag(desk.project(), customer, tag, now=desk.moment(as_of), note=note), desk.output)


@command(app, "history", "help.tag.history")
def history(
    *,
    customer: CustomerName,
    tag: Annotated[str | None, argument("tag", metavar="TAG")] = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Show which tags came and went."""
    desk = open_desk("tag history", project, output_format)
    show_history(answering.history(desk.settings, customer, kind="tag", name=tag), customer, desk.output)
