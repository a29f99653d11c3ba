"""Text becomes records, each with the physical line where it begins.

DuckDB reads fast but is not to be believed: it may drop blank lines, counts records where we count lines, and calls a file
good whose quotes are not. So it is believed only where each physical line gave one record, which no dropped or joined line
survives, and where nothing stands that it forgives; then the line of a record is known from its place. Everything else is
read by Python's strict `csv`, exactly and slowly, with true line numbers, and what breaks the rules is rejected by itself.
Workbooks go the same exact way, with the rows of the sheet for lines.

All ways give the same two relations: `record` (the cells that are needed, as `c0`, `c7`, …) and `numbered` (`at_line` and the
cells). What is no record stands in `broken`, if there is any: `at_line`, `code`, `params` (JSON) and `cells`. Whole records
are read again where they are wanted, by line.
"""

from __future__ import annotations

import csv
import gc
import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlglot import exp

from pdo.ingest.asides import ABOVE, BEGINNINGS, SUM_BEGINNINGS, SUM_WORD, Aside, code_of, is_tail, may_begin_aside
from pdo.ingest.decoding import check_unchanged
from pdo.ingest.files import BLOCK, blocks_of
from pdo.ingest.workspace import call, name
from pdo.model.fields import Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pdo.ingest.decoding import Text
    from pdo.ingest.dialect import Dialect
    from pdo.ingest.headers import Header
    from pdo.ingest.sheets import Workbook
    from pdo.ingest.workspace import Workspace
    from pdo.model.fields import Kind

BATCH_CELLS = 250_000
"""Cells of one batch on the way into the workspace."""

TOLD = 1_000
"""How many asides are told by line."""

_TAIL = 1 << 12
_TAIL_LINES = 8
_LONGEST_TAIL = 100
"""Records at the end of a file that may be sums and notes."""


@dataclass(frozen=True, slots=True)
class Records:
    """What a reader found.

    Args:
        width: cells of a record.
        exact: whether Python read it; `record` is a table then, else a view of the file.
        broken: how many records are none: too short, too long, their quotes or characters at fault. They stand in the table
            `broken`, which is there only if there are any, and not in the relations.
        blank: records without a cell and asides, not in the relations either.
        shift: a row of the file is this many lines below its number, where DuckDB read it.
        asides: the first records that are no rows; told as notes.
        aside_counts: how many there are by code.
    """

    width: int
    exact: bool
    broken: int = 0
    blank: int = 0
    shift: int = 0
    asides: tuple[Aside, ...] = ()
    aside_counts: Mapping[str, int] = field(default_factory=dict)


def cell(place: int) -> str:
    """The name of a column."""
    return f"c{place}"


def open_fast(workspace: Workspace, text: Text, dialect: Dialect, needed: Sequence[int]) -> Records | None:
    """Make the relations views of the file.

    Args:
        workspace: where.
        text: the file.
        dialect: how its records are told apart.
        needed: places of the cells that the relations are to have.

    Returns:
        None where the lines do not allow it. Otherwise the caller counts the rows and must call `is_believable`.
    """
    if not text.newline or dialect.header_lines != dialect.blank_lines + len(dialect.above) + 1:
        return None
    # A link under a name of our own: a path may hold what DuckDB takes for a pattern.
    link = workspace.folder / "records.csv"
    link.unlink(missing_ok=True)
    link.symlink_to(text.path.resolve())
    # Printed, not built: there may be thousands.
    columns = exp.var("{" + ", ".join(f"'{cell(place)}': 'VARCHAR'" for place in range(len(dialect.header))) + "}")
    options = {
        "auto_detect": exp.false(),
        "header": exp.false(),
        "skip": exp.Literal.number(dialect.header_lines),
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
    cells = [name(cell(place)) for place in needed]
    workspace.view("record", exp.select(*cells).from_(exp.Table(this=file)))
    place = exp.Window(this=call("row_number")) + exp.Literal.number(dialect.header_lines)
    workspace.view("numbered", exp.select(exp.alias_(place, "at_line"), *cells).from_("record"))
    return Records(
        len(dialect.header),
        exact=False,
        blank=dialect.blank_lines + len(dialect.above),
        shift=dialect.header_lines + 1,
        asides=_above(dialect),
        aside_counts=Counter(aside.code for aside in _above(dialect)),
    )


def _above(dialect: Dialect) -> tuple[Aside, ...]:
    return tuple(Aside(line, ABOVE) for line in dialect.above)


def is_believable(text: Text, dialect: Dialect, rows: int) -> bool:
    """Whether each physical line gave one record, and none that the exact reader would reject or read otherwise.

    DuckDB lets empty cells pass that are too many and blanks around quotes, and it reads NULs; so the delimiters are counted,
    or where they may stand in quotes, what it would let pass is searched for.
    """
    if rows != text.lines - dialect.header_lines or text.has_nul or _may_end_aside(text):
        return False
    delimiter = dialect.delimiter.encode()
    with text.path.open("rb") as file:
        head = b"".join(islice(file, dialect.header_lines))
    count, quoted = -head.count(delimiter), False
    for block in _blocks(text):
        count += block.count(delimiter)
        quoted = quoted or b'"' in block
    if not quoted:
        return count == rows * (len(dialect.header) - 1)
    return not _is_doubtful(text, delimiter)


def _may_end_aside(text: Text) -> bool:
    """Whether one of the last lines begins like a sum or a note, which DuckDB would take for a row."""
    with text.path.open("rb") as file:
        file.seek(max(0, file.seek(0, 2) - _TAIL))
        lines = file.read().decode(errors="ignore").splitlines()[-_TAIL_LINES:]
    return any(may_begin_aside(line.lower()) for line in lines)


def holds_asides(workspace: Workspace, header: Header, kind: Kind) -> bool:
    """Whether some typed row is called like a sum or a comment, so that the exact reader must have a look."""
    stored = [bound for bound in header.bound if bound.attribute is None and bound.column.name in kind.key]
    called = [_called_aside(name(bound.column.name)) for bound in stored if bound.column.type is Type.TEXT]
    return bool(called) and bool(workspace.rows(exp.select("1").from_("typed").where(exp.or_(*called)).limit(1)))


def _called_aside(key: exp.Column) -> exp.Expr:
    """The condition that a key is the name of a sum or a comment; its first letter tells most without a look at the rest."""
    begins: list[exp.Expr] = [key.copy() >= exp.Literal.string("\x80")]
    begins += [
        exp.and_(key.copy() >= exp.Literal.string(letter), key.copy() < exp.Literal.string(chr(ord(letter) + 1)))
        for letter in SUM_BEGINNINGS
    ]
    named = call("regexp_full_match", call("lower", key), exp.Literal.string(f"#.*|{SUM_WORD}[:：]?"))
    return exp.and_(exp.or_(*begins), named)


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
    return blocks_of(text.path, text.path.stat().st_size)


def close_fast(workspace: Workspace) -> None:
    """Forget what was not believed."""
    workspace.run("DROP VIEW IF EXISTS numbered")
    workspace.run("DROP VIEW IF EXISTS record")


def read_exactly(workspace: Workspace, text: Text, dialect: Dialect, needed: Sequence[int]) -> Records:
    """Read with Python's strict `csv`, or the sheet of a workbook, into a table; arguments as for `open_fast`."""
    schema = pa.schema([("at_line", pa.int64()), *((cell(place), pa.string()) for place in needed)])
    sorter = _Sorter(text, dialect, workspace.folder / "broken.arrow")
    batches = sorter.batches(_chunks(text, dialect), schema, needed)
    with _no_cycles():
        workspace.load("numbered", pa.RecordBatchReader.from_batches(schema, batches))
    workspace.view("record", exp.select("*").from_("numbered"))
    sorter.broken.load_into(workspace)
    return sorter.found()


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Not to look for cycles among millions of lists of text takes a quarter of the time off."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def whole_records(text: Text, dialect: Dialect, lines: Iterable[int]) -> Iterator[list[str]]:
    """All cells of some records that are none of the broken ones.

    Args:
        text: the file.
        dialect: how its records are told apart.
        lines: where they begin, ascending.
    """
    wanted = iter(lines)
    line = next(wanted, None)
    for chunk in _chunks(text, dialect) if line is not None else ():
        for at_line, record, _ in chunk.records:
            if at_line == line:
                yield record
                line = next(wanted, None)
                if line is None:
                    return


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some records on end.

    Args:
        records: where each begins, its cells, and what breaks it, if anything.
        blank: how many more have no cells.
    """

    records: list[tuple[int, list[str], str]]
    blank: int


def _chunks(text: Text, dialect: Dialect) -> Iterator[_Chunk]:
    return _sheet_chunks(text.workbook, dialect) if text.workbook else _csv_chunks(text, dialect)


def _sheet_chunks(workbook: Workbook, dialect: Dialect) -> Iterator[_Chunk]:
    """Rows behind the header of a sheet."""
    rows = workbook.rows(dialect.sheet, after=dialect.header_lines)
    size = max(1, BATCH_CELLS // len(dialect.header))
    while some := list(islice(rows, size)):
        filled = [(number, row, "") for number, row in some if any(row)]
        yield _Chunk(filled, len(some) - len(filled))


def _csv_chunks(text: Text, dialect: Dialect) -> Iterator[_Chunk]:
    """Records behind the header, and broken ones as one cell.

    A quote that is opened and never closed swallows all that follows. Only its own line is at fault, so the lines behind it
    are read anew.
    """
    with text.path.open(encoding="utf-8-sig", newline="") as file:
        for _ in range(dialect.header_lines):
            file.readline()
        lines, first, ended = list[str](), dialect.header_lines + 1, False
        while not ended:
            check_unchanged(text)
            more = file.readlines(BLOCK)
            ended = not more
            lines += more
            chunk, rest = _parsed(lines, first, dialect.delimiter, ended=ended)
            yield chunk
            first += len(lines) - len(rest)
            lines = rest


def _parsed(lines: list[str], first: int, delimiter: str, *, ended: bool) -> tuple[_Chunk, list[str]]:
    """The records of some lines.

    Args:
        lines: physical ones.
        first: the number of the first of them.
        delimiter: of the cells.
        ended: whether no lines follow.

    Returns:
        The records, and the lines of one that may go on behind them.
    """
    found: list[tuple[int, list[str], str]] = []
    blank = begins = 0
    while begins < len(lines):
        rest: Any = iter(lines)
        rest.__setstate__(begins)
        reader = csv.reader(rest, delimiter=delimiter, strict=True)
        start = begins
        try:
            for record in reader:
                if record:
                    found.append((first + begins, record, ""))
                else:
                    blank += 1
                begins = start + reader.line_num
        except csv.Error as error:
            if reader.line_num + start == len(lines) and not ended and "field limit" not in str(error):
                return _Chunk(found, blank), lines[begins:]
            code = "IM105" if "field limit" in str(error) else "IM103"
            found.append((first + begins, [lines[begins].rstrip("\r\n")], code))
            begins += 1
    return _Chunk(found, blank), []


class _Broken:
    """Records that are none, on the disk: there may be as many as lines.

    Args:
        path: where to keep them meanwhile.
    """

    SCHEMA = pa.schema(
        [("at_line", pa.int64()), ("code", pa.string()), ("params", pa.string()), ("cells", pa.list_(pa.string()))]
    )
    BATCH = 10_000

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._path = path
        self._rows: list[tuple[int, str, str, list[str]]] = []
        self._writer: pa.RecordBatchStreamWriter | None = None

    def add(self, at_line: int, code: str, cells: list[str], **params: object) -> None:
        """Keep one.

        Args:
            at_line: the physical line where it begins.
            code: why.
            cells: what could be read of it.
            params: what the wording names.
        """
        self.count += 1
        self._rows.append((at_line, code, json.dumps(params), cells))
        if len(self._rows) >= self.BATCH:
            self._flush()

    def load_into(self, workspace: Workspace) -> None:
        """Make the table `broken`, if there are any."""
        if not self.count:
            return
        self._flush()
        if self._writer is not None:
            self._writer.close()
        with pa.ipc.open_stream(self._path) as reader:
            workspace.load("broken", reader)
        self._path.unlink()

    def _flush(self) -> None:
        if self._writer is None:
            self._writer = pa.ipc.new_stream(str(self._path), self.SCHEMA)
        if self._rows:
            values = zip(zip(*self._rows, strict=True), self.SCHEMA.types, strict=True)
            columns = [pa.array(column, type_) for column, type_ in values]
            self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=self.SCHEMA))
            self._rows.clear()


class _Sorter:
    """Gives each record its verdict: a row, blank, an aside, or broken."""

    def __init__(self, text: Text, dialect: Dialect, spool: Path) -> None:
        self.broken = _Broken(spool)
        self._width = len(dialect.header)
        self._has_nul = text.has_nul
        self._asides = list(_above(dialect))
        self._counts = Counter(aside.code for aside in self._asides)
        self._blank = dialect.blank_lines
        self._tail: list[tuple[int, list[str], str]] = []

    def found(self) -> Records:
        """What there was, once all batches are taken."""
        return Records(
            self._width,
            exact=True,
            broken=self.broken.count,
            blank=self._blank + self._counts.total(),
            asides=tuple(self._asides),
            aside_counts=dict(self._counts),
        )

    def batches(self, chunks: Iterable[_Chunk], schema: pa.Schema, needed: Sequence[int]) -> Iterator[pa.RecordBatch]:
        """Rows as Arrow: the cells that are needed."""
        size = max(1, BATCH_CELLS // self._width)
        all_needed = len(needed) == self._width
        for chunk in chunks:
            self._blank += chunk.blank
            rows = self._rows(chunk.records)
            while some := list(islice(rows, size)):
                numbers, records = zip(*some, strict=True)
                if all_needed:
                    columns = [pa.array(column, pa.string()) for column in zip(*records, strict=True)]
                else:
                    columns = [pa.array([record[place] for record in records], pa.string()) for place in needed]
                yield pa.RecordBatch.from_arrays([pa.array(numbers, pa.int64()), *columns], schema=schema)
        for at_line, _, code in self._tail:
            self._put_aside(at_line, code)

    def _rows(self, found: Iterable[tuple[int, list[str], str]]) -> Iterator[tuple[int, list[str]]]:
        """Rows among records; a row behind what may be the tail makes rows of that too."""
        width, has_nul = self._width, self._has_nul
        for at_line, record, code in found:
            if len(record) != width or has_nul or (record[0][:1] or " ") in BEGINNINGS or code:
                yield from self._looked_at(at_line, record, code)
                continue
            if self._tail:
                yield from self._untailed()
            yield at_line, record

    def _looked_at(self, at_line: int, record: list[str], code: str) -> Iterator[tuple[int, list[str]]]:
        """The same for a record that may be none."""
        if code:
            self.broken.add(at_line, code, record)
        elif aside := code_of(record, self._width):
            if not is_tail(record, aside, self._width):
                self._put_aside(at_line, aside)
                return
            self._tail.append((at_line, record, aside))
            if len(self._tail) > _LONGEST_TAIL:
                yield from self._untailed()
        else:
            # Sheets go on with empty rows below their sums; those are no rows that make one of a sum.
            if self._tail and any(map(str.strip, record)):
                yield from self._untailed()
            if self._is_row(at_line, record):
                yield at_line, record

    def _untailed(self) -> Iterator[tuple[int, list[str]]]:
        """What was taken for the tail, as rows."""
        tail, self._tail = self._tail, []
        for at_line, record, _ in tail:
            if self._is_row(at_line, record):
                yield at_line, record

    def _is_row(self, at_line: int, record: list[str]) -> bool:
        """Whether a record is as wide as the header and holds text only; if not, it is kept apart."""
        if self._has_nul and any("\0" in found for found in record):
            self.broken.add(at_line, "IM104", [found.replace("\0", "") for found in record])
        elif len(record) == self._width:
            return True
        else:
            code = "IM101" if len(record) < self._width else "IM102"
            self.broken.add(at_line, code, record, found=len(record), expected=self._width)
        return False

    def _put_aside(self, at_line: int, code: str) -> None:
        self._counts[code] += 1
        if len(self._asides) < TOLD:
            self._asides.append(Aside(at_line, code))
