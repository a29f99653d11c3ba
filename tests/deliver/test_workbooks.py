"""Workbooks hold texts as they are, and the same content is the same bytes."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

from pdo.deliver.tables import text_columns, xlsx_chunks
from pdo.deliver.workbooks import Choice, Sheet, SheetColumn, workbook

TEXTS = ("=1+1", "http://example.com", "13800138000", "007", "多行\n话术", "\x07")


def read(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names}


def test_texts_stay_texts_and_numbers_are_numbers() -> None:
    rows = [(text, "12.5") for text in TEXTS]
    content = b"".join(xlsx_chunks(text_columns(("内容", "金额"), rows), numeric=frozenset({"金额"})))
    assert read(content) == {"1": [["内容", "金额"], *([text, 12.5] for text in TEXTS)]}


def test_the_same_content_is_the_same_bytes() -> None:
    sheets = [Sheet("任务", [SheetColumn("客户")], [("王芳",)])]
    assert workbook(sheets) == workbook(sheets)


def test_what_is_to_be_filled_in_offers_its_choices() -> None:
    columns = [SheetColumn("问题"), SheetColumn("回答 ▼", is_filled_in=True)]
    content = workbook([Sheet("任务", columns, [("过敏吗", Choice(("过敏:是", "过敏:否"))), ("", Choice(()))])])
    with ZipFile(BytesIO(content)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
    assert '<formula1>"过敏:是,过敏:否"</formula1>' in page
    assert page.count("<dataValidation ") == 1
    assert read(content) == {"任务": [["问题", "回答 ▼"], ["过敏吗", ""], ["", ""]]}


def test_a_name_that_no_sheet_may_have_is_made_one() -> None:
    assert list(
        read(workbook([Sheet("北京/上海: 全部门店的导购今天要做的所有事情和其他更多", [SheetColumn("客户")], [])]))
    ) == ["北京 上海  全部门店的导购今天要做的所有事情和其他更多"[:31]]
