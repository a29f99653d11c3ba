"""`pdo stage`: stages by hand, and how many are in each."""

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
LifecycleName = Annotated[str, argument("lifecycle", metavar="LIFECYCLE")]


@command(app, "list", "help.stage.list")
def list_(*, at: At = None, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """List the stages with how many customers are in them."""
    desk = open_desk("stage list", project, output_format)
    past = histories.read_past(at, desk.settings.timezone) if at is not None else None
    show_counts(answering.labels(desk.project(), "stage", past), "stage", desk.output)


@command(app, "set", "help.stage.set")
def set_(
    *,
    customer: CustomerName,
    lifecycle: LifecycleName,
    stage: Annotated[str, argument("stage", metavar="STAGE")],
    note: Note = None,
    as_of: AsOf = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Move a customer to a stage."""
    desk = open_desk("stage set", project, output_format)
    moment = desk.moment(as_of)
    show_hand(handling.set_stage(desk.project(), customer, lifecycle, stage, now=moment, note=note), desk.output)


@command(app, "remove", "help.stage.remove")
def remove(
    *,
    customer: CustomerName,
    lifecycle: LifecycleName,
    note: Note = None,
    as_of: AsOf = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Take a customer out of a lifecycle."""
    desk = open_desk("stage remove", project, output_format)
    moment = desk.moment(as_of)
    show_hand(handling.remove_stage(desk.project(), customer, lifecycle, now=moment, note=note), desk.output)


@command(app, "history", "help.stage.history")
def history(
    *,
    customer: CustomerName,
    lifecycle: Annotated[str | None, argument("lifecycle", metavar="LIFECYCLE")] = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Show which stages somebody went through."""
    desk = open_desk("stage history", project, output_format)
    show_history(answering.history(desk.settings, customer, kind="stage", name=lifecycle), customer, desk.output)
