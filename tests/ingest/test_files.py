"""What a path may lead to besides a file as it is: a packed one, standard input, several; and what stands around a table."""

from __future__ import annotations

import gzip
import io
import os
import sys
import threading
from pathlib import Path

import pytest

from pdo.core.errors import UsageError
from pdo.ingest.files import check_place, expand, open_source
from tests.ingest.conftest import Shop, mapping
from tests.support.workbooks import write_workbook

CONTENT = "客户编号,姓名\nC1,王伟\nC2,李娜\n"
ROWS = [("C1", "王伟"), ("C2", "李娜")]


def refused(shop: Shop, path: Path) -> UsageError:
    with pytest.raises(UsageError) as caught:
        shop.bring("customers", path)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_packed_file(shop: Shop, encoding: str) -> None:
    path = shop.file(gzip.compress(CONTENT.encode(encoding)), "in.csv.gz")
    report = shop.bring("customers", path)
    assert (report.encoding, report.path, shop.rows("customer", "key", "name")) == (encoding, str(path), ROWS)


def test_a_packed_workbook(shop: Shop) -> None:
    plain = write_workbook(shop.folder / "in.xlsx", {"客户": [("客户编号", "姓名"), *ROWS]})
    shop.bring("customers", shop.file(gzip.compress(plain.read_bytes()), "in.xlsx.gz"))
    assert shop.rows("customer", "key", "name") == ROWS


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("in.csv.gz", CONTENT.encode(), "error.import_misnamed"),
        ("in.csv", gzip.compress(CONTENT.encode()), "error.import_misnamed"),
        ("in.csv.gz", gzip.compress(CONTENT.encode())[:-12], "error.import_damaged"),
        ("in.csv.gz", gzip.compress(b""), "error.import_empty"),
        ("in.gz", gzip.compress(gzip.compress(CONTENT.encode())), "error.import_binary"),
        ("in.xlsx.gz", gzip.compress(CONTENT.encode()), "error.import_misnamed"),
    ],
    # A packed file holds the second it was packed in: as a name it would differ from worker to worker.
    ids=["not packed", "packed, not named so", "cut short", "empty", "packed twice", "no workbook within"],
)
def test_a_packed_file_that_is_none(shop: Shop, name: str, content: bytes, key: str) -> None:
    assert refused(shop, shop.file(content, name)).key == key


class _Piped(io.TextIOWrapper):
    """Standard input with something in it."""


def test_standard_input(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (CONTENT.encode("gb18030"), gzip.compress(CONTENT.encode())):
        monkeypatch.setattr(sys, "stdin", _Piped(io.BytesIO(content)))
        assert shop.bring("customers", Path("-")).read == 2
    assert shop.rows("customer", "key", "name") == ROWS
    monkeypatch.setattr(sys, "stdin", _Piped(io.BytesIO()))
    assert refused(shop, Path("-")).key == "error.import_empty"
    monkeypatch.setattr(sys, "stdin", None)
    assert refused(shop, Path("-")).key == "error.import_no_input"


def test_patterns_and_names_that_look_like_some(tmp_path: Path) -> None:
    for name in ("2.csv", "1.csv", "[table].csv", "x.txt"):
        (tmp_path / name).touch()
    found = expand([tmp_path / "[table].csv", tmp_path / "?.csv", Path("-"), tmp_path / "gone.csv"])
    assert [path.name for path in found] == ["[table].csv", "1.csv", "2.csv", "-", "gone.csv"]
    with pytest.raises(UsageError) as caught:
        expand([tmp_path / "*.xlsx"])
    assert caught.value.key == "error.import_no_match"


def test_links(shop: Shop) -> None:
    shop.file(CONTENT, "real.csv")
    link, loop, gone = (shop.folder / name for name in ("link.csv", "loop.csv", "gone.csv"))
    link.symlink_to("real.csv")
    loop.symlink_to("loop.csv")
    gone.symlink_to("nothing.csv")
    assert shop.bring("customers", link).new == 2
    assert (refused(shop, loop).key, refused(shop, gone).key) == ("error.import_unreadable", "error.file_missing")


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    keys: list[str] = []

    def attempt() -> None:
        for look in (check_place, lambda found: open_source(found, tmp_path)):
            try:
                look(path)
            except UsageError as error:
                keys.append(error.key)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(timeout=20)
    assert keys == ["error.import_not_regular"] * 2


def test_a_file_that_grows_while_it_is_read(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shop.file(CONTENT * 50)
    monkeypatch.setattr("pdo.ingest.files.BLOCK", 64)

    def grow(stage: str, *_: int) -> None:
        if stage == "read":
            with path.open("ab") as file:
                file.write("C9,又来\n".encode() * 20)

    with pytest.raises(UsageError) as caught:
        shop.bring("customers", path, progress=grow)
    assert caught.value.key == "error.import_changing"
    assert shop.rows("customer", "key") == []


ABOVE_AND_BELOW = """\
会员导出
门店：,全部,,
导出时间：,2024-01-05,,

客户编号,姓名,手机号,积分
C1,王伟,13800138000,5
# 以下为新客户
小计,,,5
C2,李娜,,7
,,,
合计,,,12
注：以上不含退会会员
"""


@pytest.mark.parametrize("sums", [True, False])
def test_what_stands_around_a_table(shop: Shop, *, sums: bool) -> None:
    content = ABOVE_AND_BELOW if sums else "\n".join(ABOVE_AND_BELOW.splitlines()[:6]) + "\n"
    report = shop.bring("customers", content)
    assert [(note.line, note.code) for note in report.notes] == [
        (1, "IM160"),
        (2, "IM160"),
        (3, "IM160"),
        *([(7, "IM161"), (8, "IM162"), (11, "IM162"), (12, "IM163")] if sums else []),
    ]
    assert shop.rows("customer", "key", "points") == ([("C1", 5), ("C2", 7)] if sums else [("C1", 5)])
    assert (report.rejected, report.blank, report.read) == ((0, 9, 11) if sums else (0, 4, 5))


@pytest.mark.parametrize(
    "row",
    ["合计,王,,", "#1,王,,", "注,王,,", "total,x,,3", "小计机,,,", "说明书,,13800138000,", "#1,,,"],
)
@pytest.mark.slow
def test_what_only_looks_like_a_sum_is_a_row(shop: Shop, row: str) -> None:
    report = shop.bring("customers", f"客户编号,姓名,手机号,积分\n{row}\nC2,李,,1\n")
    assert (report.new, report.notes) == (2, ())


def test_a_sum_without_a_gap_is_one_only_below_the_data(shop: Shop) -> None:
    brands = mapping("products", {"sku": "品牌", "price": "价格"})
    report = shop.bring("products", "品牌,价格\ntotal,5\nshell,6\ntotal,11\n", mapping=brands)
    assert [(note.line, note.code) for note in report.notes] == [(4, "IM162")]
    assert shop.rows("product", "key", "price") == [("shell", 600), ("total", 500)]


def test_big5_has_to_be_named(shop: Shop) -> None:
    content = "客戶編號,姓名\nC1,陳韋汝\nC2,碁峰裏恒\n"
    path = shop.file(content.encode("cp950"))
    assert refused(shop, path).key == "error.import_encoding_doubtful"
    named = mapping("customers", {"customer_id": "客戶編號"})
    report = shop.bring("customers", path, mapping=named, encoding="big5")
    # The last name has characters that only Microsoft's Big5 has.
    assert (report.encoding, report.new) == ("cp950", 2)
    assert shop.rows("customer", "key", "name") == [("C1", "陳韋汝"), ("C2", "碁峰裏恒")]


def test_a_line_without_an_end_is_refused(shop: Shop) -> None:
    assert refused(shop, shop.file(b"x" * (5 << 20))).key == "error.import_line_long"
