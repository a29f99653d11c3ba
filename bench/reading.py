"""Files of awkward shapes, and how long `pdo import` takes for them: beside a quarter of the same, or beside the same as CSV.

    python bench/reading.py [--scale S] [--repeat N] [NAME...]

`imports.py` calls `measure_shapes`. A shape is two files; the ratio of the times of the second and the first has a bound, and
where both are of one shape the peak of memory must stay flat. `--scale 0.1` makes all files a tenth as long.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from measuring import PDO, Taken, measure, median

FLAT = 1.5
"""The peak of memory for four times the file may be so many times that of the file; a store's cache fills meanwhile."""

Rows = Iterable[Sequence[str]]


@dataclass(frozen=True)
class Shape:
    """Two files to compare.

    Args:
        name: for the command line.
        what: for the report.
        small: writes the first file and says its name.
        large: writes the second one.
        bound: how many times as long the second may take.
        flat: whether its peak of memory must not grow.
    """

    name: str
    what: str
    small: Callable[[Path, float], Path]
    large: Callable[[Path, float], Path]
    bound: float
    flat: bool


@dataclass(frozen=True)
class Pair:
    """What the two files of a shape took."""

    shape: Shape
    small: Taken
    large: Taken

    @property
    def ratio(self) -> float:
        """How many times as long the second file takes."""
        return self.large.seconds / self.small.seconds

    @property
    def holds(self) -> bool:
        """Whether the bounds are kept."""
        flat = not self.shape.flat or self.large.peak_mib <= self.small.peak_mib * FLAT
        return self.ratio <= self.shape.bound and flat


def measure_shapes(*, repeat: int = 5, scale: float = 1.0, names: Sequence[str] = ()) -> Iterator[Pair]:
    """Import the files of the shapes into fresh stores, one shape after the other.

    Args:
        repeat: how often each.
        scale: of the files.
        names: of the shapes; all where none is named.

    Raises:
        SystemExit: an import failed.
    """
    with tempfile.TemporaryDirectory(prefix="pdo-bench-") as found:
        folder = Path(found)
        for shape in SHAPES:
            if names and shape.name not in names:
                continue
            files = [
                write(folder / f"{shape.name}-{side}", scale) for side, write in enumerate((shape.small, shape.large))
            ]
            small, large = (median(_import(file, folder / "project") for _ in range(repeat)) for file in files)
            yield Pair(shape, small, large)
            for file in files:
                file.unlink()


def _import(file: Path, project: Path) -> Taken:
    """One import into a fresh store."""
    measure([*PDO, "init", str(project)])
    try:
        return measure([*PDO, "import", "customers", str(file), "--project", str(project)])
    finally:
        shutil.rmtree(project)


# ------------------------------------------------------------------------------------------------ files

HEADER = ("customer_id", "name", "phone", "gender", "birthday", "city", "source_channel", "added_at", "owner")
HEADER += ("member_level", "points", "is_friend")


def _customers(count: int) -> Iterator[Sequence[str]]:
    yield HEADER
    for number in range(count):
        day = f"{number % 12 + 1:02}-{number % 28 + 1:02}"
        yield (
            f"C{number:08}",
            "赵钱孙李周吴郑王"[number % 8] + "静伟芳娜"[number % 4],
            str(13_000_000_000 + number * 7),
            ("女", "男", "未知")[number % 3],
            f"{1970 + number % 40}-{day}",
            ("北京", "武汉", "杭州", "成都")[number % 4],
            ("抖音", "小红书", "门店")[number % 3],
            f"2024-{day} {number % 24:02}:{number % 60:02}:{number % 59:02}",
            f"staff{number % 50}",
            ("银卡", "金卡", "黑金")[number % 3],
            str(number % 9000),
            ("是", "否")[number % 2],
        )


def _text(path: Path, lines: Iterable[str]) -> Path:
    path = path.with_suffix(".csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)
    return path


def _csv(path: Path, rows: Rows) -> Path:
    return _text(path, (",".join(row) + "\n" for row in rows))


def _workbook(path: Path, rows: Rows) -> Path:
    """A workbook with one sheet, its text shared as Excel does it."""
    path = path.with_suffix(".xlsx")
    strings: dict[str, int] = {}
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f"<worksheet {main}><sheetData>".encode())
            for number, row in enumerate(rows, start=1):
                cells = "".join(
                    f'<c r="{chr(65 + place)}{number}" t="s"><v>{strings.setdefault(cell, len(strings))}</v></c>'
                    for place, cell in enumerate(row)
                )
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
        archive.writestr("xl/sharedStrings.xml", f"<sst {main}>{shared}</sst>")
        listed = '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
        archive.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{office}">{listed}</workbook>')
        for target, links in {
            "xl/_rels/workbook.xml.rels": {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml"},
            "_rels/.rels": {"officeDocument": "xl/workbook.xml"},
        }.items():
            written = "".join(
                f'<Relationship Id="rId{number}" Type="{office}/{kind}" Target="{part}"/>'
                for number, (kind, part) in enumerate(links.items(), start=1)
            )
            archive.writestr(target, f'<Relationships xmlns="{package}/relationships">{written}</Relationships>')
        kinds = {
            "workbook.xml": "sheet.main",
            "worksheets/sheet1.xml": "worksheet",
            "sharedStrings.xml": "sharedStrings",
        }
        types = "".join(
            f'<Override PartName="/xl/{part}" '
            f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
            for part, kind in kinds.items()
        )
        rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types">{rels}{types}</Types>')
    return path


def _wide(rows: int, columns: int, *, quoted: bool) -> Callable[[Path, float], Path]:
    """Customers with thousands of columns that mean nothing; with a newline in a cell, the exact reader has to read them."""

    def lines(scale: float) -> Iterator[str]:
        others = ",".join(f"x{place}" for place in range(columns - 2))
        yield f"customer_id,name,{others}\n"
        cells = ",".join(str(place * 7 % 1000) for place in range(columns - 2))
        for number in range(max(1, int(rows * scale))):
            name = '"王\n伟"' if quoted and not number else "王伟"
            yield f"C{number},{name},{cells}\n"

    return lambda path, scale: _text(path, lines(scale))


def _blank(count: int) -> Callable[[Path, float], Path]:
    """Blank lines between two customers."""

    def lines(scale: float) -> Iterator[str]:
        yield "customer_id,name\nC1,王伟\n"
        step = 10_000
        for _ in range(max(1, int(count * scale)) // step):
            yield "\n" * step
        yield "C2,李娜\n"

    return lambda path, scale: _text(path, lines(scale))


def _long(mib: int) -> Callable[[Path, float], Path]:
    """Customers with a long remark that is not stored."""

    def lines(scale: float) -> Iterator[str]:
        remark = "长" * 1_000
        yield "customer_id,name,remark\n"
        for number in range(max(1, int(mib * scale * (1 << 20) / (len(remark) * 3 + 18)))):
            yield f"C{number:08},王伟,{remark}\n"

    return lambda path, scale: _text(path, lines(scale))


SHAPES = (
    Shape(
        "workbook",
        "100,000 customers as XLSX beside CSV",
        lambda path, scale: _csv(path, _customers(int(100_000 * scale))),
        lambda path, scale: _workbook(path, _customers(int(100_000 * scale))),
        3.0,
        flat=False,
    ),
    Shape(
        "wide", "9,000 columns", _wide(1_000, 9_000, quoted=False), _wide(4_000, 9_000, quoted=False), 5.0, flat=True
    ),
    Shape(
        "wide-quoted",
        "9,000 columns, a newline in a cell",
        _wide(250, 9_000, quoted=True),
        _wide(1_000, 9_000, quoted=True),
        5.0,
        flat=True,
    ),
    Shape("long", "a file of 1 GB", _long(256), _long(1024), 5.0, flat=True),
    Shape("blank", "10 million blank lines", _blank(2_500_000), _blank(10_000_000), 5.0, flat=True),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(shape.name for shape in SHAPES))
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    for pair in measure_shapes(repeat=options.repeat, scale=options.scale, names=options.names):
        small, large = (f"{one.seconds:6.2f} s {one.peak_mib:6.0f} MiB" for one in (pair.small, pair.large))
        verdict = "holds" if pair.holds else "MISSED"
        print(f"{pair.shape.what:36} {small}  {large}  {pair.ratio:.2f} of {pair.shape.bound} {verdict}", flush=True)


if __name__ == "__main__":
    main()
