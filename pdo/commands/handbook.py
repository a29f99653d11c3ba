"""`pdo handbook`: the playbooks as a manual that a new colleague reads. Needs neither database nor engine."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pdo.api.describing import print_handbook
from pdo.commands.describe import spoken_in
from pdo.commands.help import command, single
from pdo.commands.options import Format, ProjectDir, option
from pdo.commands.present import output_of, writing

app = single()


class BookFormat(StrEnum):
    """How the manual is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


@command(app, "handbook")
def handbook(
    *,
    output_file: Annotated[Path | None, option("--output", key="book_output", metavar="FILE")] = None,
    book_format: Annotated[
        BookFormat | None, option("--format", key="book_format", metavar="markdown|html|json")
    ] = None,
    project: ProjectDir = None,
) -> None:
    """Print the manual, or write it and say where."""
    is_page = book_format is BookFormat.HTML or (
        book_format is not BookFormat.MARKDOWN
        and output_file is not None
        and output_file.suffix.lower() in (".html", ".htm")
    )
    text = print_handbook(project, as_page=is_page, output=output_file, speak=spoken_in)
    output = output_of("handbook", Format.JSON if book_format is BookFormat.JSON else Format.TEXT)
    if output.is_json or output_file is not None:
        data = {"format": "html" if is_page else "markdown", "path": str(output_file) if output_file else None}
        output.show({**data, "text": text}, output.say("book.written", path=output_file))
        return
    with writing(sys.stdout) as stream:
        stream.write(text)
