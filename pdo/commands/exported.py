"""How exports are asked for and shown: `pdo segment export`, `pdo batch export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pdo.commands.options import FileType
from pdo.commands.present import number
from pdo.core.errors import UsageError

if TYPE_CHECKING:
    from pdo.commands.present import Output
    from pdo.model.reports import ExportReport


def file_type_of(output: Path | None, asked: FileType | None) -> str | None:
    """The type of a file: as asked, else by the ending of its name; None where neither says it.

    Raises:
        UsageError: nothing is asked and the ending means nothing.
    """
    if asked is not None:
        return asked.value
    if output is None:
        return None
    ending = output.suffix.lower().removeprefix(".")
    if ending not in set(FileType):
        raise UsageError("error.file_type", path=output)
    return ending


def show_export(report: ExportReport, output: Output) -> None:
    """Print where the file is and what is in it."""
    data = {
        "what": report.what,
        "path": report.path,
        "rows": report.rows,
        "columns": list(report.columns),
        "digest": report.digest,
        "files": [{"path": path, "rows": rows} for path, rows in report.files or ((report.path, report.rows),)],
        "manifest": report.manifest,
        "left_out": report.left_out,
    }
    told = [output.say("export.done", path=shown(Path(path)), rows=number(rows)) for path, rows in report.files[1:]]
    if report.left_out:
        told.append(output.say("export.left_out", count=number(report.left_out)))
    first = report.files[0][1] if report.files else report.rows
    output.show(data, output.say("export.done", path=shown(Path(report.path)), rows=number(first)), *told)


def shown(path: Path) -> str:
    """A path as short as it can be typed from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
