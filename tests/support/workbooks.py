"""Workbooks as other programs write them, made of their parts: text is shared, numbers and dates are numbers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

Cell = str | float | bool | date | None
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."
# The second style shows a number as a moment.
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>'
)


def write_workbook(
    path: Path, sheets: Mapping[str, Iterable[Sequence[Cell]]], *, first_row: int = 1, hidden: Sequence[str] = ()
) -> Path:
    """Write sheets by name.

    Args:
        path: the file.
        sheets: rows by name.
        first_row: the number of their first row.
        hidden: names of sheets that nobody sees.
    """
    strings: dict[str, int] = {}
    names = list(sheets)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, rows in enumerate(sheets.values(), start=1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(rows, strings, first_row))
        shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
        archive.writestr("xl/sharedStrings.xml", f'{HEAD}<sst xmlns="{MAIN}">{shared}</sst>')
        archive.writestr("xl/styles.xml", STYLES)
        listed = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"{_state(name in hidden)}/>'
            for number, name in enumerate(names, start=1)
        )
        archive.writestr(
            "xl/workbook.xml", f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
        )
        parts = [f"worksheets/sheet{number}.xml" for number in range(1, len(names) + 1)]
        kinds = ["worksheet"] * len(names) + ["sharedStrings", "styles"]
        parts += ["sharedStrings.xml", "styles.xml"]
        links = "".join(
            f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{part}"/>'
            for number, (kind, part) in enumerate(zip(kinds, parts, strict=True), start=1)
        )
        relations = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        archive.writestr("xl/_rels/workbook.xml.rels", f"{relations}{links}</Relationships>")
        root = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", f"{relations}{root}</Relationships>")
        types = "".join(
            f'<Override PartName="/xl/{part}" ContentType="{TYPES}{kind}+xml"/>'
            for kind, part in zip([*kinds, "sheet.main"], [*parts, "workbook.xml"], strict=True)
        )
        defaults = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        archive.writestr(
            "[Content_Types].xml", f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{defaults}{types}</Types>'
        )
    return path


def _state(is_hidden: bool) -> str:
    return ' state="hidden"' if is_hidden else ""


def _sheet(rows: Iterable[Sequence[Cell]], strings: dict[str, int], first_row: int) -> str:
    out = StringIO()
    out.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>')
    for number, row in enumerate(rows, start=first_row):
        out.write(f'<row r="{number}">')
        for place, cell in enumerate(row):
            if cell is not None and cell != "":
                out.write(_cell(f"{_letters(place)}{number}", cell, strings))
        out.write("</row>")
    out.write("</sheetData></worksheet>")
    return out.getvalue()


def _cell(reference: str, cell: Cell, strings: dict[str, int]) -> str:
    if isinstance(cell, bool):
        return f'<c r="{reference}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, str):
        return f'<c r="{reference}" t="s"><v>{strings.setdefault(cell, len(strings))}</v></c>'
    if isinstance(cell, date):
        moment = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001
        days = (moment - datetime(1899, 12, 30)).total_seconds() / 86_400  # noqa: DTZ001
        return f'<c r="{reference}" s="1"><v>{days!r}</v></c>'
    return f'<c r="{reference}"><v>{cell!r}</v></c>'


def _letters(place: int) -> str:
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
