"""The file of rejected records: the columns of the input, and behind them line, column, code, reason and suggestion.

Mended, it goes back in as it is: the columns behind are known and skipped.
"""

from __future__ import annotations

import csv
import heapq
import os
import re
import tempfile
from contextlib import ExitStack, contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from sqlglot import exp

from pdo.core.errors import StorageError
from pdo.ingest.faults import ERASED, faults_by_line
from pdo.ingest.headers import REJECT_COLUMNS
from pdo.ingest.records import whole_records
from pdo.ingest.workspace import absent_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pdo.core.wording import Language
    from pdo.ingest.decoding import Text
    from pdo.ingest.dialect import Dialect
    from pdo.ingest.headers import Header
    from pdo.ingest.records import Records
    from pdo.ingest.workspace import Workspace
    from pdo.model.reports import RejectedCell

_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")


def write_rejects(
    target: Path,
    workspace: Workspace,
    text: Text,
    records: Records,
    header: Header,
    dialect: Dialect,
    language: Language,
) -> None:
    """Write the file: UTF-8 with a mark (Excel needs it), mode 0600, there at once or not at all.

    Raises:
        StorageError: it cannot be written.
    """
    heading = [*(safe(header.cells[place]) for place in header.kept), *REJECT_COLUMNS]

    def rows() -> Iterator[list[str]]:
        for line, cells, found in _rejected(workspace, text, records, header, dialect):
            # Of people who were erased nothing is written down again.
            is_erased = any(fault.code == ERASED for fault in found)
            kept = [cells[place] if place < len(cells) and not is_erased else "" for place in header.kept]
            yield [safe(cell) for cell in (*kept, str(line), *_told(found, language))]

    _write(target, heading, rows())


def _write(target: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    temporary: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8-sig", newline="", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            writer = csv.writer(file)
            writer.writerow(heading)
            writer.writerows(rows)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        key = "error.not_permitted" if isinstance(error, PermissionError) else "error.rejects_unwritable"
        raise StorageError(key, path=target, reason=error.strerror or error) from error


@contextmanager
def collected_rejects(target: Path | None, *, several: bool) -> Iterator[Callable[[str], Path | None]]:
    """Give each kind of a file a place for its rejects, and make one file of them: a record that several reject is there once.

    Args:
        target: where the rejects of all go; None for nowhere.
        several: whether there are several kinds; one writes its own.

    Raises:
        StorageError: it cannot be written.
    """
    if target is None or not several:
        yield lambda _: target
        return
    with tempfile.TemporaryDirectory(prefix="pdo-") as folder:
        places: list[Path] = []

        def place_for(kind: str) -> Path:
            places.append(Path(folder) / f"{kind}.csv")
            return places[-1]

        yield place_for
        _join_rejects(target, places)


def _join_rejects(target: Path, places: Sequence[Path]) -> None:
    with ExitStack() as opened:
        readers = [csv.reader(opened.enter_context(_reading(place))) for place in places]
        headers = [next(reader) for reader in readers]
        width = len(headers[0]) - len(REJECT_COLUMNS)
        rows = heapq.merge(*readers, key=lambda row: int(row[width]))
        joined = (_joined(list(same), width) for _, same in groupby(rows, key=itemgetter(width)))
        _write(target, headers[0], joined)


def _reading(place: Path) -> TextIO:
    return place.open(encoding="utf-8-sig", newline="")


def _joined(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Rows of one record as one: its cells, its line, and what each kind has against it."""
    told = [[row[place] for row in rows] for place in range(width + 1, width + len(REJECT_COLUMNS))]
    signs = ("; ", "; ", " ", " ")
    return [
        *rows[0][: width + 1],
        *(sign.join(filter(None, dict.fromkeys(said))) for sign, said in zip(signs, told, strict=True)),
    ]


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if _FORMULA.match(cell) and not _PLAIN_NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _told(found: list[RejectedCell], language: Language) -> tuple[str, str, str, str]:
    """Column, code, reason and suggestion, of several faults one after the other."""
    return (
        "; ".join(dict.fromkeys(fault.column for fault in found if fault.column)),
        "; ".join(dict.fromkeys(fault.code for fault in found)),
        " ".join(dict.fromkeys(fault.message(language) for fault in found)),
        " ".join(dict.fromkeys(fault.hint(language) for fault in found)),
    )


def _rejected(
    workspace: Workspace, text: Text, records: Records, header: Header, dialect: Dialect
) -> Iterator[tuple[int, tuple[str, ...], list[RejectedCell]]]:
    """Line, cells and faults of each rejected record, by line."""
    broken = (
        (line, _squeezed(cells, records.width, dialect))
        for line, cells in (_broken(workspace) if records.broken else ())
    )
    others, last = whole_records(text, dialect, _lines(workspace, records)), next(broken, None)
    for line, found in faults_by_line(workspace, header):
        if last is not None and last[0] == line:
            yield line, last[1], found
            last = next(broken, None)
        else:
            yield line, tuple(next(others)), found


def _broken(workspace: Workspace) -> Iterator[tuple[int, list[str]]]:
    """Lines and cells of records that are none, by line."""
    for batch in workspace.stream("SELECT at_line, cells FROM broken ORDER BY at_line"):
        yield from zip(*batch.to_pydict().values(), strict=True)


def _squeezed(cells: list[str], width: int, dialect: Dialect) -> tuple[str, ...]:
    """Cells of a record that is too long: what is too much stands in the last one."""
    if len(cells) > width:
        return (*cells[: width - 1], dialect.delimiter.join(cells[width - 1 :]))
    return tuple(cells)


def _lines(workspace: Workspace, records: Records) -> Iterator[int]:
    """Lines of rejected records that are no broken ones, ascending."""
    query = exp.select("at_line").distinct().from_("fault").order_by("at_line")
    for batch in workspace.stream(query.where(absent_from("broken", "at_line", "fault")) if records.broken else query):
        yield from batch.column(0).to_pylist()
