"""Text becomes records, each with the physical line where it begins.

DuckDB reads fast but is not to be believed: it may drop blank lines, counts records where we count lines, and calls a file
good whose quotes are not. So it is believed only where each physical line gave one record, which no dropped or joined line
survives, and where nothing stands that it forgives; then the line of a record is known from its place. Everything else is
read by Python's strict `csv`, exactly and slowly, with true line numbers, and what breaks the rules is rejected by itself.

Both ways give the same two relations: `record` (cells `c0`, `c1`, …) and `numbered` (`at_line` and the cells).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from pdo.ingest.decoding import BLOCK
from pdo.ingest.workspace import call, name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pdo.ingest.decoding import Text
    from pdo.ingest.dialect import Dialect
    from pdo.ingest.workspace import Workspace

BATCH_RECORDS = 20_000
_BLANK_LINES = frozenset(("\n", "\r\n", "\r"))

LONGEST_LINE = 1 << 24
"""Characters of a line that the slow reader takes at once; a longer one is no line of an export."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that is none: too short, too long, its quotes or characters at fault.

    Args:
        at_line: the physical line where it begins.
        code: why.
        params: what the wording names.
        cells: what could be read of it.
    """

    at_line: int
    code: str
    params: Mapping[str, object]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """What a reader found.

    Args:
        width: cells of a record.
        exact: whether Python read it; `record` is a table then, else a view of the file.
        broken: records that are none, with the lines where they begin; they are not in the relations.
        blank: records without a cell, not in the relations either.
        shift: a row of the file is this many lines below its number, where DuckDB read it.
    """

    width: int
    exact: bool
    broken: tuple[Broken, ...]
    blank: int
    shift: int = 0


def cell(place: int) -> str:
    """The name of a column."""
    return f"c{place}"


def open_fast(workspace: Workspace, text: Text, dialect: Dialect) -> Records | None:
    """Make the relations views of the file.

    Returns:
        None where the lines do not allow it. Otherwise the caller counts the rows and must call `is_believable`.
    """
    if not text.newline or dialect.header_lines != 1:
        return None
    # A link under a name of our own: a path may hold what DuckDB takes for a pattern.
    link = workspace.folder / "records.csv"
    link.unlink(missing_ok=True)
    link.symlink_to(text.path.resolve())
    columns = exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(cell(place)), expression=exp.Literal.string("VARCHAR"))
            for place in range(len(dialect.header))
        ]
    )
    options = {
        "auto_detect": exp.false(),
        "header": exp.false(),
        "skip": exp.Literal.number(1),
        "delim": exp.Literal.string(dialect.delimiter),
        "quote": exp.Literal.string('"'),
        "escape": exp.Literal.string('"'),
        "strict_mode": exp.true(),
        "null_padding": exp.false(),
        "columns": columns,
    }
    # Told that lines end in CR LF, it finds none (DuckDB 2.0); told nothing, it finds them all.
    options |= {"new_line": exp.Literal.string("\\n")} if text.newline == "\n" else {}
    arguments = [exp.EQ(this=exp.to_identifier(option), expression=value) for option, value in options.items()]
    file = call("read_csv", str(link), *arguments)
    cells = [name(cell(place)) for place in range(len(dialect.header))]
    workspace.view("record", exp.select(*cells).from_(exp.Table(this=file)))
    place = exp.Window(this=call("row_number")) + exp.Literal.number(1)
    workspace.view("numbered", exp.select(exp.alias_(place, "at_line"), *cells).from_("record"))
    return Records(len(dialect.header), exact=False, broken=(), blank=0, shift=2)


def is_believable(text: Text, dialect: Dialect, rows: int) -> bool:
    """Whether each physical line gave one record, and none that the exact reader would reject or read otherwise.

    DuckDB lets empty cells pass that are too many and blanks around quotes, and it reads NULs; so the delimiters are counted,
    or where they may stand in quotes, what it would let pass is searched for.
    """
    if rows != text.lines - 1:
        return False
    delimiter = dialect.delimiter.encode()
    count, quoted = 0, False
    for block in _blocks(text):
        if b"\0" in block:
            return False
        count += block.count(delimiter)
        quoted = quoted or b'"' in block
    if not quoted:
        return count == text.lines * (len(dialect.header) - 1)
    return not _is_doubtful(text, delimiter)


def _is_doubtful(text: Text, delimiter: bytes) -> bool:
    """Whether empty cells stand last, or blanks around quotes: where DuckDB may forgive."""
    ends = (delimiter + b"\n", delimiter + b"\r", delimiter + b'""\n', delimiter + b'""\r')
    blanks = tuple(found for found in (b' "', b'" ', b'\t"', b'"\t') if delimiter not in found)
    tail = b""
    for block in _blocks(text):
        window = tail + block
        if any(found in window for found in (*ends, *blanks)):
            return True
        tail = block[-3:]
    # The last line may have no end.
    return tail.endswith((delimiter, delimiter + b'""'))


def _blocks(text: Text) -> Iterator[bytes]:
    with text.path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def close_fast(workspace: Workspace) -> None:
    """Forget what was not believed."""
    workspace.run("DROP VIEW IF EXISTS numbered")
    workspace.run("DROP VIEW IF EXISTS record")


def read_exactly(workspace: Workspace, text: Text, dialect: Dialect) -> Records:
    """Read with Python's strict `csv` into a table."""
    reader = _ExactReader(text, dialect)
    width = len(dialect.header)
    names = [cell(place) for place in range(width)]
    schema = pa.schema([("at_line", pa.int64()), *((column, pa.string()) for column in names)])
    workspace.load("numbered", pa.RecordBatchReader.from_batches(schema, reader.batches(schema)))
    workspace.view("record", exp.select("*").from_("numbered"))
    return Records(width, exact=True, broken=tuple(reader.broken), blank=reader.blank)


class _Replayed:
    """The lines of a file, of which those since the record's first can be given again.

    A quote that is opened and never closed swallows all that follows. Only its own line is at fault, so the lines behind it
    are read anew. Blank lines between records are counted here: there may be millions of them.

    Args:
        lines: of the file, behind its header.
        number: of the physical line before the first of them.
    """

    def __init__(self, lines: Iterator[str], number: int) -> None:
        self.begins = 0
        self.blank = 0
        self._lines = lines
        self._number = number
        self._since: list[str] = []
        self._again: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._next()
        if not self._since:
            while line in _BLANK_LINES:
                self.blank += 1
                line = self._next()
            self.begins = self._number
        self._since.append(line)
        return line

    def mark(self) -> None:
        """The next line begins a record."""
        self._since.clear()

    def rewind(self) -> str:
        """Go back to the line behind the one that began the record; that one is given back."""
        first, *others = self._since
        self._again.extend(reversed(others))
        self._number = self.begins
        self._since.clear()
        return first

    def _next(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self._number += 1
        return line


class _ExactReader:
    """Reads records one by one and remembers what was none."""

    def __init__(self, text: Text, dialect: Dialect) -> None:
        self.broken: list[Broken] = []
        self.blank = dialect.blank_lines
        self._text = text
        self._dialect = dialect
        self._width = len(dialect.header)
        self._ended = False

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Good records as Arrow."""
        rows = self._rows()
        while chunk := list(islice(rows, BATCH_RECORDS)):
            numbers, records = zip(*chunk, strict=True)
            columns = [pa.array(column, pa.string()) for column in zip(*records, strict=True)]
            yield pa.RecordBatch.from_arrays([pa.array(numbers, pa.int64()), *columns], schema=schema)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        with self._text.path.open(encoding="utf-8-sig", newline="") as file:
            source = iter(partial(file.readline, LONGEST_LINE), "")
            for _ in range(self._dialect.header_lines):
                next(source)
            lines = _Replayed(source, self._dialect.header_lines)
            while not self._ended:
                yield from self._records(lines)
            self.blank += lines.blank

    def _records(self, lines: _Replayed) -> Iterator[tuple[int, list[str]]]:
        """Records up to the next one whose quotes are broken."""
        try:
            for record in csv.reader(lines, delimiter=self._dialect.delimiter, strict=True):
                if self._is_whole(lines.begins, record):
                    yield lines.begins, record
                lines.mark()
        except csv.Error as error:
            code = "IM105" if "field limit" in str(error) else "IM103"
            begins = lines.begins
            self.broken.append(Broken(begins, code, {}, (lines.rewind().rstrip("\r\n"),)))
        else:
            self._ended = True

    def _is_whole(self, at_line: int, record: list[str]) -> bool:
        """Whether a record is as wide as the header and holds text only; if not, it is remembered."""
        if not record:
            self.blank += 1
            return False
        if any("\0" in found for found in record):
            self.broken.append(Broken(at_line, "IM104", {}, tuple(found.replace("\0", "") for found in record)))
            return False
        if len(record) == self._width:
            return True
        code = "IM101" if len(record) < self._width else "IM102"
        self.broken.append(Broken(at_line, code, {"found": len(record), "expected": self._width}, tuple(record)))
        return False
