"""A workbook gives what a CSV of the same sheet would give, and what Excel has damaged is seen."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from pdo.core.errors import UsageError
from pdo.ingest.sheets import text_of
from tests.ingest.conftest import Shop
from tests.support.workbooks import Cell, write_workbook

HEADER = ("客户编号", "姓名", "手机号", "生日", "积分", "添加时间")
ROWS: list[tuple[Cell, ...]] = [
    ("C1", "王伟", 13800138000.0, date(1990, 5, 1), 12.0, datetime(2024, 1, 5, 9, 30, 15)),  # noqa: DTZ001
    ("007", "李\n娜", "13900139000", "1991-02-03", "5", "2024-01-06 00:00:00"),
    (1001.0, "=1+1", None, None, None, None),
]
TEXT = """\
客户编号,姓名,手机号,生日,积分,添加时间
C1,王伟,13800138000,1990-05-01,12,2024-01-05 09:30:15
007,"李
娜",13900139000,1991-02-03,5,2024-01-06
1001,=1+1,,,,
"""


def test_a_sheet_is_what_its_csv_is(new_shop: Callable[[], Shop]) -> None:
    by_text, by_sheet = new_shop(), new_shop()
    by_text.bring("customers", TEXT)
    report = by_sheet.bring("customers", write_workbook(by_sheet.folder / "in.xlsx", {"客户": [HEADER, *ROWS]}))
    assert (report.read, report.new, report.encoding) == (3, 3, "xlsx")
    assert by_sheet.rows("customer", "key", "name", "birthday", "points", "added_at") == by_text.rows(
        "customer", "key", "name", "birthday", "points", "added_at"
    )
    assert by_sheet.dump() == by_text.dump()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("x", "x"),
        (True, "TRUE"),
        (13800138000.0, "13800138000"),
        (0.1 + 0.2, "0.3"),
        (-5.0, "-5"),
        (0.00001, "0.00001"),
        (123456789012345.0, "123456789012345"),
        (1234567890123456789.0, "1.23456789012346e+18"),
        (date(2024, 1, 5), "2024-01-05"),
        (datetime(2024, 1, 5, 9, 30, 14, 999_999), "2024-01-05 09:30:15"),  # noqa: DTZ001
        (time(9, 5), "09:05:00"),
        (timedelta(hours=25, minutes=3), "25:03:00"),
    ],
)
def test_cells(cell: str | float | date | time | timedelta, text: str) -> None:
    assert text_of(cell) == text


def test_lines_are_rows_of_the_sheet(shop: Shop) -> None:
    rows: list[tuple[Cell, ...]] = [("", "会员表"), (), ("", "客户编号", "手机号"), ("", "C1", "138"), ()]
    rows += [("", 1.38e18, ""), ("", "C2", ""), ("", "合计", 2.0)]
    path = write_workbook(shop.folder / "in.xlsx", {"表": rows}, first_row=4)
    report = shop.bring("customers", path, rejects_path=shop.folder / "rejects.csv")
    assert [(fault.line, fault.code) for fault in report.rejects] == [(7, "IM120"), (9, "IM122")]
    assert (report.read, report.new, report.rejected, report.blank) == (10, 1, 2, 7)
    assert [(note.line, note.code) for note in report.notes] == [(4, "IM160"), (11, "IM162")]
    with (shop.folder / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[1:4] for row in csv.reader(file)][1:] == [["C1", "138", "7"], ["1.38e+18", "", "9"]]


def test_the_sheet_that_is_meant_is_read_and_the_others_are_told(shop: Shop) -> None:
    sheets: dict[str, list[tuple[Cell, ...]]] = {
        "说明": [("本表由系统导出",)],
        "客户": [("客户编号", "姓名"), ("C1", "王")],
        "备份": [("客户编号", "姓名"), ("C2", "李")],
        "暗": [("客户编号", "姓名", "手机号"), ("C3", "赵", "")],
        "空": [],
    }
    report = shop.bring("customers", write_workbook(shop.folder / "in.xlsx", sheets, hidden=["暗"]))
    assert shop.rows("customer", "key") == [("C1",)]
    (note,) = report.notes
    assert (note.code, note.params) == ("IM164", {"sheet": "客户", "others": "说明, 备份"})


@pytest.mark.parametrize(
    ("name", "content", "key", "better"),
    [
        ("in.xlsx", b"a,b\n", "error.import_misnamed", "in.csv"),
        ("in.CSV", "workbook", "error.import_misnamed", "in.xlsx"),
        ("in.xls", "workbook", "error.import_misnamed", "in.xlsx"),
        ("in.csv.xls", b"a\tb\n", "error.import_misnamed", "in.csv"),
        ("in.xls", b"<html><table>", "error.import_binary", None),
        ("in.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "error.import_protected", None),
        ("in.xlsx", b"PK\x03\x04cut", "error.import_damaged", None),
        ("in.xlsx", "cut", "error.import_damaged", None),
        ("in.xlsx", "hollow", "error.import_damaged", None),
        ("in", "empty", "error.import_empty", None),
    ],
)
def test_what_is_not_what_its_name_says(
    shop: Shop, name: str, content: bytes | str, key: str, better: str | None
) -> None:
    path = shop.folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        write_workbook(path, {"客户": [] if content == "empty" else [HEADER, *ROWS]})
        damage(path, content)
    with pytest.raises(UsageError) as caught:
        shop.bring("customers", path)
    assert (caught.value.key, caught.value.params.get("better")) == (key, better)


def damage(path: Path, how: str) -> None:
    whole = path.read_bytes()
    if how == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif how == "hollow":
        # The sheet's own bytes, so that the archive still opens.
        place = whole.index(b"sheet1.xml") + 10
        path.write_bytes(whole[:place] + bytes(60) + whole[place + 60 :])


def test_without_a_name_the_bytes_decide(shop: Shop) -> None:
    assert shop.bring("customers", write_workbook(shop.folder / "export", {"客户": [HEADER, *ROWS]})).new == 3


def test_a_cell_far_out_is_told_and_not_fatal(shop: Shop) -> None:
    path = write_workbook(shop.folder / "in.xlsx", {"客户": [HEADER, *ROWS]})
    far = write_workbook(shop.folder / "far.xlsx", {"客户": [("x",) * 60]}, first_row=1_048_576)
    for file, old, new, key in (
        (path, b'r="A2"', b'r="A99999999"', "error.import_damaged"),
        (far, b"", b"", "error.import_sheet_large"),
    ):
        replace_in_sheet(file, old, new)
        with pytest.raises(UsageError) as caught:
            shop.bring("customers", file)
        assert caught.value.key == key


def replace_in_sheet(path: Path, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part.replace(old, new) if name.endswith("sheet1.xml") and old else part)
