"""Every finding has an example that raises it and nothing else, one beside it that does not, and its exact output.

The examples are those of the package (`pdo/core/codes/`). What is said of them in both languages stands in
`codes/CODE.txt`; `PDO_UPDATE=1` writes it as it is now.
"""

from __future__ import annotations

import os
import tempfile
from functools import lru_cache
from pathlib import Path

import pytest

from pdo.api.checking import check
from pdo.commands.frame import render_frame
from pdo.core.codes import FOLDER, Example, codes, examples_of
from pdo.core.diagnostics import Diagnostic
from pdo.core.wording import Language
from pdo.core.wording.playbook import WORDING
from pdo.playbook.project import load_project
from pdo.playbook.settings import read_settings
from pdo.playbook.tables import MAX_BYTES

OUTPUTS = Path(__file__).parent / "codes"
KEYS = [key for key in WORDING if key.startswith("PB")]
CODES = sorted({key.partition(".")[0] for key in KEYS})

HEAD = """\
version: 1
playbook: p
metrics: {累计消费: {orders: amount}}
lifecycles:
  客户阶段: {derived: {意向客户: {city: 北京}, 无意向: {city: 上海}}, otherwise: 未知}
  另一个: {derived: {无意向: {累计消费: 1..}}, otherwise: 别的}
"""
OTHER = "tags:\n  其他: {when: {city: 北京}}\n"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
SETTINGS = """\
attributes: {customers: {皮肤类型: {type: text, values: [油性, 干性]}, 兴趣: list}}
tables: {地址: {columns: {城区: text}}}
"""
LISTS = {
    "老客.csv": "客户编号\na\n",
    "会员卡.csv": "卡号\n1\n",
    "空.csv": "客户编号\n",
    "品类.csv": "品类\n水果\n海鲜\n",
    "空表.csv": "",
    "太大.csv": "品类\n" + "水果\n" * (MAX_BYTES // 7),
    "编码.csv": "品类\n\x00\n",
    "断引号.csv": "品类\n" + "水" * 200_000,
    "无名列.csv": "品类,,城市\n水果,1,北京\n",
    "重名列.csv": "品类,品类\n水果,1\n",
    "多一格.csv": "品类\n水果,海鲜\n",
    "素材.csv": "编号,客户,文案\n1,北京,您好\n2,*,欢迎\n",
    "没文案.csv": "编号,说明\n1,您好\n",
    "缺文案.csv": "编号,文案\n1,您好\n2,\n",
    "重号.csv": "编号,文案\n1,您好\n1,欢迎\n",
    "两行一样.csv": "文案\n您好\n您好\n",
    "节日.csv": "日期,文案\n2026-05-01,五一好\n2026-06-01,六一好\n",
    "同一天.csv": "日期,文案\n2026-05-01,五一好\n2026-5-1,劳动节好\n",
    "空格.csv": "编号,客户,文案\n1,北京,您好\n2,,欢迎\n",
    "券素材.csv": "编号,文案\n1,券码 {{ offer.code }}\n",
}
"""Files that pieces name, by the name after `lists/`."""
OWN = ("PB926",)
"""Names that nothing uses are no matter of the pieces, but of their own."""
TO_DO = """\
These findings have no example: {missing}.
For each code write pdo/core/codes/CODE.yaml (pdo/core/codes/__init__.py says how) with an entry a key:
    PB107.comma: {{bad: "city: [北京，上海]\\n", good: "city: [北京, 上海]\\n"}}
and then write what is said of it with
    PDO_UPDATE=1 pytest -n 0 tests/playbook/test_codes.py
"""


@lru_cache
def examples() -> dict[str, Example]:
    return {example.key: example for code in codes() for example in examples_of(code)}


def indented(text: str, width: int) -> str:
    return "".join(" " * width + line + "\n" for line in text.removesuffix("\n").split("\n"))


def written(example: Example, text: str) -> dict[str, str]:
    """The files of a project in which a piece stands."""
    match example.place:
        case "nowhere":
            return {}
        case "settings":
            return {"pdo.yaml": text}
        case "file":
            return {"p.yaml": text}
        case "files":
            return {"a.yaml": HEAD + OTHER + "policy: {}\n", "b.yaml": text}
        case "blocks":
            return {"p.yaml": "version: 1\nplaybook: p\n" + text}
        case "text":
            return {"p.yaml": f"{HEAD}campaigns:\n  甲:\n    to: everyone\n    channel: file\n    text: {text}"}
        case _:
            return {"p.yaml": f"{HEAD}{OTHER}  例:\n    when:\n{indented(text, 6)}"}


def check_piece(folder: Path, example: Example, text: str, *, encoding: str = "utf-8") -> tuple[Diagnostic, ...]:
    """What is found in a piece, in a project made for it in a new folder, which becomes the current one."""
    (folder / "playbooks").mkdir(parents=True)
    (folder / "pdo.yaml").write_text(SETTINGS, "utf-8")
    (folder / "lists").mkdir()
    for name, content in LISTS.items():
        if name in text:
            (folder / "lists" / name).write_text(content, "utf-8")
    files = written(example, text)
    for name, content in files.items():
        place = folder if name == "pdo.yaml" else folder / "playbooks"
        (place / name).write_bytes(content.encode(encoding))
    os.chdir(folder)
    settings, findings = read_settings(Path())
    if settings is None or "pdo.yaml" in files:
        return findings.sorted()
    found = check(folder, None).diagnostics if files else load_project(settings)[1].sorted()
    return tuple(each for each in found if each.code not in OWN or example.key.startswith(each.code))


@lru_cache
def found_in_bad(key: str) -> tuple[Diagnostic, ...]:
    """What is found in the bad piece of an example, in a folder that is gone afterwards."""
    example, before = examples()[key], Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        try:
            return check_piece(Path(folder) / "bad", example, example.bad, encoding=example.encoding)
        finally:
            os.chdir(before)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_finding_has_an_example() -> None:
    missing = sorted(set(KEYS) - set(examples()))
    assert not missing, TO_DO.format(missing=", ".join(missing))


def test_every_example_is_of_a_finding_and_in_the_file_of_its_code() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem not in codes()) == []
    assert sorted(key for key in examples() if key not in WORDING and not key.startswith("IM")) == []
    assert [(code, one.key) for code in codes() for one in examples_of(code) if one.key.partition(".")[0] != code] == []


@pytest.mark.parametrize("key", KEYS)
def test_bad_is_found_alone_and_good_is_clean(key: str, folder: Path) -> None:
    example = examples().get(key)
    assert example is not None, TO_DO.format(missing=key)
    found = found_in_bad(key)
    assert sorted(diagnostic.key for diagnostic in found) == sorted((key, *example.beside))
    if example.place != "nowhere":
        assert [diagnostic.key for diagnostic in check_piece(folder / "good", example, example.good)] == []


@pytest.mark.parametrize("code", CODES)
def test_what_is_said(code: str) -> None:
    blocks = []
    for example in examples_of(code):
        found = found_in_bad(example.key)
        frames = [render_frame(each, language, color=False) for language in LANGUAGES for each in found]
        blocks.append("\n".join([f"# {example.key}\n", *frames]))
    said, path = "\n".join(blocks), OUTPUTS / f"{code}.txt"
    if os.environ.get("PDO_UPDATE"):
        path.write_text(said, "utf-8")
    assert path.exists(), TO_DO.format(missing=code)
    assert path.read_text("utf-8") == said


def test_no_output_is_left_over() -> None:
    assert sorted(path.stem for path in OUTPUTS.iterdir() if path.stem not in CODES) == []
