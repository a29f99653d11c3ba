"""What is no text is refused with its own words; what is text becomes the same text whatever its encoding."""

from __future__ import annotations

import codecs
import hashlib
import os
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pdo.core.digests import file_digest, noted_digest
from pdo.core.errors import ExitCode, UsageError
from pdo.core.wording import hint_of, say
from pdo.ingest.decoding import check_unchanged, decode
from tests.ingest.conftest import Shop

TEXT = "客户编号,姓名\r\nC1,王伟\r\nC2,李娜😀\r\n"


def read(path: Path, tmp_path: Path, encoding: str | None = None) -> tuple[str, str]:
    text = decode(path, tmp_path, encoding=encoding, progress=lambda *_: None)
    return text.encoding, text.path.read_bytes().decode("utf-8-sig")


@pytest.mark.parametrize(
    ("written", "asked", "found"),
    [
        ("utf-8", None, "utf-8"),
        ("utf-8-sig", None, "utf-8-sig"),
        ("utf-16", None, "utf-16"),
        ("gb18030", None, "gb18030"),
        ("gb18030", "gb18030", "gb18030"),
        ("utf-16-le", "utf-16-le", "utf-16-le"),
        ("utf-8", "UTF8", "utf-8"),
    ],
)
def test_the_same_text(tmp_path: Path, written: str, asked: str | None, found: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(TEXT.encode(written))
    assert read(path, tmp_path, asked) == (found, TEXT)


def test_utf_16_big_endian(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"))
    assert read(path, tmp_path) == ("utf-16", TEXT)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_character_across_blocks(tmp_path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pdo.ingest.files.BLOCK", 7)
    path = tmp_path / "in.csv"
    path.write_bytes((TEXT * 3).encode(encoding))
    text = decode(path, tmp_path, encoding=None, progress=lambda *_: None)
    assert text.path.read_bytes().decode() == TEXT * 3
    assert (text.lines, text.newline) == (9, "\r\n")


@pytest.mark.parametrize("size", [4, 5, 6, 7, 4096])
@pytest.mark.parametrize(
    "wrong",
    [
        b"\xc0\xaf",  # an overlong slash
        b"\xe0\x80\xaf",
        b"\xed\xa0\x80",  # half of a pair
        b"\xf4\x90\x80\x80",  # beyond the last character
        b"\xf8\x88\x80\x80\x80",
        b"\x80",
        b"\xe4\xb8,",
        b"\xe4\xb8",
        b"\xf0\x9f\x98",
    ],
)
def test_bytes_that_are_no_character(tmp_path: Path, wrong: bytes, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pdo.ingest.files.BLOCK", size)
    path = tmp_path / "in.csv"
    for before in range(4):
        path.write_bytes(b"id,name\n" + b"x" * before + "王😀".encode() + wrong)
        with pytest.raises(UsageError):
            read(path, tmp_path, "utf-8")
        path.write_bytes(b"id,name\n" + b"x" * before + "王😀".encode())
        assert read(path, tmp_path, "utf-8")[1].endswith("王😀")


def test_the_digest_is_of_the_bytes_that_are_there(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    for text in ("id,name\nC1,王\n", "id,name\nC1,李娜\n"):
        path.write_text(text, encoding="utf-8")
        expected = hashlib.sha256(text.encode()).hexdigest()
        assert noted_digest(path) is None
        assert file_digest(path) == expected == noted_digest(path)
        assert decode(path, tmp_path, encoding=None, progress=lambda *_: None).digest == expected


@pytest.mark.parametrize(
    ("content", "lines", "newline"),
    [
        ("a\nb\n", 2, "\n"),
        ("a\nb", 2, "\n"),
        ("a\r\nb\r\n", 2, "\r\n"),
        ("a\rb\r", 2, ""),
        ("a\r\nb\n", 2, ""),
        ("a\rb\n", 2, ""),
        ("a\n\n\n", 3, "\n"),
        ("a", 1, "\n"),
    ],
)
def test_lines_are_counted(tmp_path: Path, content: str, lines: int, newline: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content.encode())
    text = decode(path, tmp_path, encoding=None, progress=lambda *_: None)
    assert (text.lines, text.newline) == (lines, newline)


def make_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.csv", "a,b")


def make_sqlite(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE t (a)")
    database.close()


REFUSED: dict[str, Callable[[Path], object]] = {
    "error.file_missing": Path.exists,
    "error.file_is_folder": Path.mkdir,
    "error.import_empty": Path.touch,
    "error.import_not_regular": os.mkfifo,
}
BINARY: dict[str, Callable[[Path], object]] = {
    "ZIP": make_zip,
    "SQLite": make_sqlite,
    "PDF": lambda path: path.write_bytes(b"%PDF-1.7\n"),
    "XLS": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"),
    "HTML": lambda path: path.write_bytes(b"\xef\xbb\xbf\n <TABLE border=1><tr>"),
    "XML": lambda path: path.write_bytes(b'<?xml version="1.0"?><Workbook/>'),
    "JSON": lambda path: path.write_bytes(b'[{"id": 1}]'),
}


def refused(path: Path, tmp_path: Path, encoding: str | None = None) -> UsageError:
    with pytest.raises(UsageError) as caught:
        read(path, tmp_path, encoding)
    assert caught.value.exit_code is ExitCode.USAGE
    for language in ("zh", "en"):
        assert say(caught.value.key, language, **caught.value.params)
        assert hint_of(caught.value.key, language, **caught.value.params)
    return caught.value


@pytest.mark.parametrize("key", REFUSED)
def test_what_is_no_file(tmp_path: Path, key: str) -> None:
    path = tmp_path / "in.csv"
    REFUSED[key](path)
    assert refused(path, tmp_path).key == key


@pytest.mark.parametrize("format_", BINARY)
def test_what_is_no_text(tmp_path: Path, format_: str) -> None:
    path = tmp_path / "in.csv"
    BINARY[format_](path)
    error = refused(path, tmp_path)
    assert (error.key, error.params["format"]) == ("error.import_binary", format_)


@pytest.mark.parametrize(
    ("content", "encoding", "key"),
    [
        (b"a,b\n1,\0\n", None, "error.import_nul"),
        (TEXT.encode("utf-16-le"), None, "error.import_nul"),
        (b"a,b\n\xff\xff,1\n", None, "error.import_encoding"),
        (b"a,b\n\x80,1\n", None, "error.import_encoding"),
        (TEXT.encode("gb18030"), "utf-8", "error.import_encoding_named"),
        (TEXT.encode(), "big5", "error.import_encoding_named"),
        (codecs.BOM_UTF16_LE + b"a\0b", None, "error.import_encoding_named"),
        (b"a,b\n", "klingon", "error.import_encoding_unknown"),
        (b"a,b\n", "base64", "error.import_encoding_unknown"),
    ],
)
def test_what_cannot_be_decoded(tmp_path: Path, content: bytes, encoding: str | None, key: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    assert refused(path, tmp_path, encoding).key == key


def test_a_forbidden_file(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("a,b\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert refused(path, tmp_path).key == "error.not_permitted"


def test_a_file_that_grows(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("a,b\n1,2\n")
    text = decode(path, tmp_path, encoding=None, progress=lambda *_: None)
    path.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(UsageError) as caught:
        check_unchanged(text)
    assert caught.value.key == "error.import_changing"


def test_progress_is_told_in_bytes(shop: Shop) -> None:
    told: list[tuple[str, int, int]] = []
    shop.bring("customers", TEXT, progress=lambda *step: told.append(step))
    size = len(TEXT.encode())
    assert told == [("read", size, size), ("check", 0, 1), ("compare", 0, 1), ("write", 0, 1), ("write", 1, 1)]
