"""`pdo init`: a new project. Twice is once: what is there stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pdo.commands.help import command, single
from pdo.commands.options import Format, OutputFormat, argument, option
from pdo.commands.present import output_of
from pdo.commands.speech import spoken_language
from pdo.core.late import late

if TYPE_CHECKING:
    from pdo.api import starting
else:
    starting = late("pdo.api.starting")

app = single()


@command(app, "init")
def init(
    *,
    folder: Annotated[Path, argument("folder", metavar="DIR")] = Path(),
    template: Annotated[str | None, option("--template", key="template", metavar="NAME")] = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Make the project and say what was made and what was there."""
    report = starting.init(folder, template=template, language=spoken_language())
    output = output_of("init", output_format)
    lines = [output.say("init.made", path=path) for path in report.made]
    lines += [output.say("init.kept", path=path) for path in report.kept]
    lines.append(output.say("init.next" if report.made else "init.nothing", root=report.root))
    output.show({"root": report.root, "made": list(report.made), "kept": list(report.kept)}, *lines)
