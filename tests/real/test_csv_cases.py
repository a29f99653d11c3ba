"""Two hundred awkward files: each is read or refused as it should be, and no record of any is lost."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path

import pytest

from pdo.core.errors import UsageError
from pdo.ingest.reading import Checked, read_file
from pdo.ingest.workspace import Workspace, open_workspace
from pdo.model.fields import Column, Kind, Type
from pdo.model.settings import Settings
from tests.real.places import DATA

CASES = DATA / "csv_cases"
EXPECTED: dict[str, str] = {}
if CASES.is_dir():
    with (CASES / "EXPECTED.csv").open(encoding="utf-8", newline="") as opened:
        EXPECTED = {row["file"]: row["verdict"] for row in csv.DictReader(opened)}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not EXPECTED, reason="needs the real data in ../shared/data/csv_cases"),
]

CSVKIT, FRICTIONLESS = "csvkit-examples/examples/", "frictionless/data/"
NO_ENCODING = "needs --encoding, and is refused until it is named"
FAULTY = "rows that cannot be right are rejected, the dialect is found"

DIALECTS = {
    CSVKIT + "bad_skip_lines.csv": FAULTY,
    CSVKIT + "test_latin1.csv": NO_ENCODING,
    FRICTIONLESS + "latin1.csv": NO_ENCODING,
    FRICTIONLESS + "table-infer-iso-8859-7.csv": NO_ENCODING,
    FRICTIONLESS + "table-with-accents.csv": NO_ENCODING,
}
"""Files of other dialects whose right answer is no row."""

EXCEPTIONS = {
    FRICTIONLESS
    + "dialect.csv": "its quotes are #; they stay in the cells, and the record that has a bar in one is rejected",
    FRICTIONLESS
    + "escaping.csv": "its quotes stand behind blanks, so they are none; they stay in the cells as they are",
}
"""Files of other dialects that are not read as they are meant; at most five."""

NOT_PLAIN = {
    FRICTIONLESS + "issue-1004-data1.csv": "ROW",
    FRICTIONLESS + "issue-1004-data2.csv": "ROW",
    CSVKIT + "sheetsxlsx_converted.csv": "FILE",
}
"""Called plain, but records of the first two have more and fewer cells than the header, and the last has cells without one."""

COLUMNS = {
    FRICTIONLESS + "without-headers.csv": ("id", "name"),
    FRICTIONLESS + "without-headers-extra.csv": ("id", "name"),
}
"""What the table is declared with where that is not what stands in its first record."""

NUMBERS = {FRICTIONLESS + "number/number-test.csv": "number"}


MOST_COLUMNS = 200
"""Nobody declares the nine thousand of `wide.csv`."""


@dataclass(frozen=True)
class Outcome:
    """What became of a file."""

    verdict: str
    checked: Checked | None = None
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    broken: tuple[int, ...] = ()
    rejected: int = 0


def read(workspace: Workspace, path: Path, table: Kind, encoding: str | None = None) -> Outcome:
    settings = Settings(root=path.parent, database=path.parent / "none.db")
    try:
        checked = read_file(workspace, path, table, settings=settings, encoding=encoding, progress=lambda *_: None)
        found = workspace.rows("SELECT * FROM numbered ORDER BY at_line")
        rejected = workspace.number("SELECT count(DISTINCT at_line) FROM fault")
        lines = workspace.rows("SELECT at_line FROM broken ORDER BY 1") if checked.records.broken else []
    except UsageError as error:
        return Outcome("EMPTY" if error.key == "error.import_empty" else "FILE")
    finally:
        # Opening another workspace takes longer than reading.
        for kind in ("view", "table"):
            for (name,) in workspace.rows(f"SELECT {kind}_name FROM duckdb_{kind}s() WHERE NOT internal"):
                workspace.run(f'DROP {kind} "{name}"')
    rows = tuple((line, tuple(cell or "" for cell in cells)) for line, *cells in found)
    verdict = "ROW" if rejected else "OK"
    return Outcome(verdict, checked, rows, tuple(line for (line,) in lines), rejected)


def table_of(file: str, encoding: str | None = None) -> Kind:
    """A declared table as its user would write it down: the header's columns, the first of them the key."""
    header = COLUMNS.get(file) or header_of(CASES / file, encoding)
    names = list(dict.fromkeys(filter(None, header)))[:MOST_COLUMNS] or ["id"]
    types = {NUMBERS.get(file): Type.NUMBER}
    columns = tuple(
        Column(f"column_{place}", types.get(name, Type.TEXT), name, required=file in COLUMNS)
        for place, name in enumerate(names)
    )
    return Kind("case", "case", columns, (columns[0].name,))


def header_of(path: Path, encoding: str | None) -> list[str]:
    """The first record that is no comment, by the delimiter that stands in it most."""
    for codec in (encoding,) if encoding else ("utf-8-sig", "utf-16", "latin-1"):
        try:
            with path.open(encoding=codec, newline="") as file:
                lines = list(dropwhile(lambda line: not line.strip() or line.startswith("#"), file))
        except UnicodeError:
            continue
        if not lines:
            return []
        delimiter = max(",\t;|", key="".join(lines[:9]).count)
        return [" ".join(cell.split()) for cell in next(csv.reader(lines, delimiter=delimiter))]
    raise AssertionError(path)


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with open_workspace() as opened:
        yield opened


@pytest.fixture(scope="module")
def outcomes(workspace: Workspace) -> dict[str, Outcome]:
    return {file: read(workspace, CASES / file, table_of(file)) for file in EXPECTED}


def differing(outcomes: dict[str, Outcome], *verdicts: str) -> dict[str, str]:
    return {
        file: outcomes[file].verdict
        for file, verdict in EXPECTED.items()
        if verdict in verdicts and outcomes[file].verdict != verdict
    }


def test_what_is_to_be_rejected_refused_or_empty_is(outcomes: dict[str, Outcome]) -> None:
    # Its last header is blank, over a column that is empty: it is ignored.
    assert differing(outcomes, "ROW", "FILE", "EMPTY") == {FRICTIONLESS + "issue-1138.csv": "OK"}


def test_what_is_well_is_read(outcomes: dict[str, Outcome]) -> None:
    assert differing(outcomes, "OK") == NOT_PLAIN


def test_other_dialects_are_found(outcomes: dict[str, Outcome]) -> None:
    assert len(EXCEPTIONS) <= 5
    files = [file for file, verdict in EXPECTED.items() if verdict == "OK-DIALECT" and file not in EXCEPTIONS]
    answers = {NO_ENCODING: "FILE", FAULTY: "ROW"}
    for file in files:
        assert outcomes[file].verdict == answers.get(DIALECTS.get(file, ""), "OK"), file
    headers = {file: found.dialect.header for file in files if (found := outcomes[file].checked) is not None}
    assert all(len(header) > 1 for file, header in headers.items() if "date_format" not in file)
    assert headers[FRICTIONLESS + "country-2.csv"] == ("id", "neighbor_id", "name", "population")
    assert headers[FRICTIONLESS + "skip-rows.csv"] == ("id", "name")
    assert headers[CSVKIT + "test_header_newline.csv"] == ("start end", "b", "c")
    assert [line for line, _ in outcomes[FRICTIONLESS + "skip-rows.csv"].rows] == [3, 5]


@pytest.mark.parametrize(
    ("file", "encoding", "count", "text"),
    [
        (CSVKIT + "test_latin1.csv", "latin-1", 2, "©"),
        (FRICTIONLESS + "latin1.csv", "latin-1", 2, "©"),
        (FRICTIONLESS + "table-infer-iso-8859-7.csv", "iso-8859-7", 4, "Λεωνιδας"),
        (FRICTIONLESS + "table-with-accents.csv", "latin-1", 638, "Année"),
    ],
)
def test_once_their_encoding_is_named_they_are_read(
    workspace: Workspace, file: str, encoding: str, count: int, text: str
) -> None:
    found = read(workspace, CASES / file, table_of(file, encoding), encoding)
    assert (found.verdict, len(found.rows)) == ("OK", count)
    assert found.checked is not None
    assert any(
        text in cell for cell in (*found.checked.dialect.header, *(cell for _, row in found.rows for cell in row))
    )


def test_the_exceptions_lose_nothing(outcomes: dict[str, Outcome]) -> None:
    strange = outcomes[FRICTIONLESS + "dialect.csv"]
    assert (strange.rows, strange.broken) == (((2, ("1", "#english#")),), (3,))
    escaped = outcomes[FRICTIONLESS + "escaping.csv"]
    assert [cells[1] for _, cells in escaped.rows] == [' "Test line 1"', ' "Test "" line 2"', ' "Test \\" line 3"']


def test_every_record_has_one_verdict(outcomes: dict[str, Outcome]) -> None:
    """Python's reader counts the records again: rows, broken ones, blank ones and asides are all there are."""
    for file, outcome in outcomes.items():
        if outcome.checked is None:
            continue
        checked, records = outcome.checked, list(python_records(outcome.checked))
        behind = [record for record in records if record[0] > checked.dialect.header_lines]
        whole = [record for record in behind if record[1]]
        above = checked.dialect.blank_lines + len(checked.dialect.above)
        asides = {aside.at_line for aside in checked.records.asides if aside.at_line > checked.dialect.header_lines}
        lines = {line for line, _ in outcome.rows} | set(outcome.broken) | asides
        assert lines == {line for line, _ in whole}, file
        assert checked.read == above + len(behind), file
        expected = {
            line: tuple(record[place] for place in checked.header.needed)
            for line, record in whole
            if len(record) == len(checked.header.cells)
        }
        assert all(expected[line] == cells for line, cells in outcome.rows), file


def python_records(checked: Checked) -> Iterator[tuple[int, list[str]]]:
    begins = 1
    with checked.text.original.open(encoding=checked.text.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=checked.dialect.delimiter, strict=True)
        for record in reader:
            yield begins, record
            begins = reader.line_num + 1


SPECTRUM = sorted(path.stem for path in (CASES / "csv-spectrum" / "json").glob("*.json"))
OF_ANOTHER_FILE = "location_coordinates"
"""Its JSON has another phone than its CSV."""


@pytest.mark.parametrize("name", [name for name in SPECTRUM if name != OF_ANOTHER_FILE])
def test_the_spectrum_is_read_as_its_authors_say(name: str, outcomes: dict[str, Outcome]) -> None:
    said = json.loads((CASES / "csv-spectrum" / "json" / f"{name}.json").read_text(encoding="utf-8"))
    found = outcomes[f"csv-spectrum/csvs/{name}.csv"]
    assert found.checked is not None
    said = said if isinstance(said, list) else [said]
    assert [dict(zip(found.checked.dialect.header, cells, strict=True)) for _, cells in found.rows] == said
