"""The runner of whole cases sees differences, and every case is a whole one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cases import TRANSCRIPT, read_transcript, replay, written

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = sorted(path for path in CASES.iterdir() if path.is_dir() and path.name != "__pycache__")
WITHOUT_A_DATABASE = {"mistakes", "typed"}
SMALL = """\
# 先看看方案。
$ pdo validate
1 个文件，没有发现问题。

# 没有建库。
$ pdo run
! 错误：没有
退出码 10

$ cat 一.txt
一

二
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    case = tmp_path / "small"
    (case / "playbooks").mkdir(parents=True)
    (case / "pdo.yaml").write_text("language: zh\n", "utf-8")
    (case / "playbooks" / "a.yaml").write_text("version: 1\nplaybook: a\n", "utf-8")
    (case / "一.txt").write_text("一\n\n二\n", "utf-8")
    (case / TRANSCRIPT).write_text(SMALL, "utf-8")
    return case


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_has_all_its_parts(folder: Path) -> None:
    parts = {path.name for path in folder.iterdir()}
    assert {"pdo.yaml", "playbooks"} <= parts
    assert folder.name in WITHOUT_A_DATABASE or {"data", TRANSCRIPT} <= parts


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_transcript_says_what_it_is_about_and_comes_back_as_it_was(folder: Path) -> None:
    if folder.name in WITHOUT_A_DATABASE:
        return
    text = (folder / TRANSCRIPT).read_text("utf-8")
    assert text.startswith("# ")
    assert written(read_transcript(text)) == text


def test_every_piece_of_a_transcript_is_found() -> None:
    steps = read_transcript(SMALL)
    assert [step.head for step in steps] == [
        "# 先看看方案。",
        "$ pdo validate",
        "# 没有建库。",
        "$ pdo run",
        "$ cat 一.txt",
    ]
    assert [step.answer for step in steps][-2:] == ["! 错误：没有\n退出码 10\n", "一\n\n二\n"]
    assert written(steps) == SMALL


def test_a_difference_is_seen_and_written_back_on_request(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PDO_UPDATE", raising=False)
    kept, found = replay(small, tmp_path / "first")
    assert kept == SMALL
    assert "! 错误：没有数据库 pdo.db。" in found
    monkeypatch.setenv("PDO_UPDATE", "1")
    replay(small, tmp_path / "second")
    monkeypatch.delenv("PDO_UPDATE")
    kept, again = replay(small, tmp_path / "third")
    assert kept == again == found


def test_only_known_commands_are_typed(small: Path, tmp_path: Path) -> None:
    (small / TRANSCRIPT).write_text("# 不行。\n$ curl example.com\n", "utf-8")
    with pytest.raises(ValueError, match="curl"):
        replay(small, tmp_path / "first")
