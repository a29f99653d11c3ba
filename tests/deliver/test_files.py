from __future__ import annotations

import csv
import hashlib
import io
import json
import stat
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pdo.core.errors import StorageError, UsageError
from pdo.deliver.files import file_stem, pending_file
from pdo.deliver.tables import BOM, csv_chunks, jsonl_chunks, text_columns


def test_a_file_appears_only_when_it_is_published(tmp_path: Path) -> None:
    path = tmp_path / "out" / "a.csv"
    with pending_file(path, [b"one", b"two"]) as file:
        assert not path.exists()
        file.publish()
    assert path.read_bytes() == b"onetwo"
    assert file.digest == hashlib.sha256(b"onetwo").hexdigest()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["a.csv"]


def test_nothing_is_left_of_a_file_that_fails(tmp_path: Path) -> None:
    def chunks() -> object:
        yield b"one"
        raise RuntimeError

    with pytest.raises(RuntimeError), pending_file(tmp_path / "a.csv", chunks()):  # type: ignore[arg-type]
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_former_file_stays_until_then(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    with pending_file(path, [b"new"]):
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"old"


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"mine")
    (tmp_path / ".a.csv.part").symlink_to(other)
    with pending_file(tmp_path / "a.csv", [b"new"]) as file:
        file.publish()
    assert other.read_bytes() == b"mine"


def test_folders_and_forbidden_places_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError), pending_file(tmp_path, [b""]):
        pass
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError), pending_file(tmp_path / "file" / "a.csv", [b""]):
        pass


@pytest.mark.parametrize(
    "name", ["", "a/b", "a\\b", "..", ".a", "a\0b", "CON", "nul.csv", "a?", "a:b", " a", "a.", "人" * 61]
)
def test_names_that_are_no_file_names_somewhere(name: str) -> None:
    with pytest.raises(UsageError):
        file_stem(name)


@pytest.mark.parametrize("name", ["高价值将流失", "a b", "2026 春·回店", "con2"])
def test_names_that_are(name: str) -> None:
    assert file_stem(name) == name


def read_back(table: pa.Table) -> list[list[str]]:
    data = b"".join(csv_chunks(table)).removeprefix(BOM).decode()
    return list(csv.reader(io.StringIO(data, newline="")))


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "　=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_a_formula(text: str) -> None:
    assert read_back(text_columns([text, "b"], [(text, "x"), ("x", text)])) == [
        [f"'{text}", "b"],
        [f"'{text}", "x"],
        ["x", f"'{text}"],
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5))
def test_csv_gives_back_what_went_in(rows: list[tuple[str, str]]) -> None:
    def safe(text: str) -> str:
        return f"'{text}" if text.lstrip(" \u3000\u00a0").startswith(tuple("=+-@\t\r\n＝＋－＠")) else text

    assert read_back(text_columns(["a", "b"], rows)) == [["a", "b"], *([safe(cell) for cell in row] for row in rows)]


def test_an_empty_row_is_a_row() -> None:
    assert read_back(text_columns(["a"], [("",), (None,), ("x",)])) == [["a"], [""], [""], ["x"]]
    assert read_back(text_columns(["a", "b"], [])) == [["a", "b"]]


def test_numbers_stay_numbers() -> None:
    data = b"".join(csv_chunks(text_columns(("n", "x"), [("-1.50", "-1.50"), (None, None)]), numeric=frozenset({"n"})))
    assert data == "\ufeffn,x\r\n-1.50,'-1.50\r\n,\r\n".encode()
    table = text_columns(("n", "x"), [("-1.50", "=客"), (None, None)])
    lines = b"".join(jsonl_chunks(table, numeric=frozenset({"n"}))).splitlines()
    assert [json.loads(line) for line in lines] == [{"n": -1.5, "x": "=客"}, {"n": None, "x": None}]
