"""Keys in Chinese and English: there and back again changes nothing, and nothing but keys is ever touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdo.api.formatting import format_files
from pdo.core.codes import examples_of
from pdo.core.diagnostics import Findings
from pdo.core.nodes import lines_of
from pdo.core.source import Source
from pdo.core.wording import Language
from pdo.model.settings import Settings
from pdo.playbook.files import SETTINGS_FILE
from pdo.playbook.formatting import Formatted, format_keys
from pdo.playbook.languages import Lexicon
from pdo.playbook.project import load_project, parse_condition_text
from pdo.playbook.settings import read_mapping, read_settings
from tests.playbook.grammar_texts import ROOTS, texts
from tests.playbook.test_codes import CODES, SETTINGS, written
from tests.support.project import ROOT

PLAIN = Lexicon(Settings(Path(), Path("pdo.db")))
NAMES = {"playbook": "a.yaml", "pdo.yaml": "pdo.yaml", "cases": "a.cases.yaml"}
HEAD = "version: 1\nplaybook: p\n"
WRONG = ("mistakes", "typed")
"""Cases whose files are full of errors on purpose."""


def shipped() -> Iterator[Path]:
    """Every file of the projects that come with the program."""
    for folder in ("playbooks", "pdo/deliver/starter", "tests/cases"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            is_wrong = path.relative_to(ROOT).parts[2] in WRONG
            if not is_wrong and (path.parent.name == "playbooks" or path.name == SETTINGS_FILE):
                yield path


def of_its_project(path: Path) -> Lexicon:
    root = path.parent if path.name == SETTINGS_FILE else path.parents[1]
    found, _ = read_settings(root)
    assert found is not None
    return Lexicon(found)


def formatted(text: str, language: Language | None, lexicon: Lexicon = PLAIN, name: str = "a.yaml") -> Formatted:
    findings = Findings()
    found = format_keys(Source(name, text), language, lexicon, findings)
    assert found is not None, [each.message("en") for each in findings]
    return found


def refused(text: str) -> list[str]:
    findings = Findings()
    assert format_keys(Source("a.yaml", text), "zh", PLAIN, findings) is None
    return [found.key for found in findings]


# There and back again ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", list(shipped()), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_shipped_file_comes_back(path: Path) -> None:
    text, lexicon = path.read_bytes().decode(), of_its_project(path)
    english = formatted(text, "en", lexicon, path.name)
    chinese = formatted(english.text, "zh", lexicon, path.name)
    again = formatted(chinese.text, "en", lexicon, path.name)
    assert again.text == english.text
    assert formatted(again.text, "zh", lexicon, path.name).text == chinese.text
    assert (chinese.keys, again.keys) == (again.keys, chinese.keys)
    assert {english.is_mixed, chinese.is_mixed, again.is_mixed} == {False}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.slow
def test_every_right_example_comes_back(code: str, tmp_path: Path) -> None:
    for example in examples_of(code):
        for name, text in written(example, example.good).items():
            (tmp_path / "pdo.yaml").write_text(text if name == SETTINGS_FILE else SETTINGS, "utf-8")
            found, _ = read_settings(tmp_path)
            assert found is not None
            lexicon = Lexicon(found)
            english = formatted(text, "en", lexicon, name)
            chinese = formatted(english.text, "zh", lexicon, name)
            assert formatted(chinese.text, "en", lexicon, name).text == english.text


@settings(max_examples=100, deadline=None)
@given(data=st.data(), root=st.sampled_from(ROOTS))
@pytest.mark.slow
def test_every_text_comes_back(data: st.DataObject, root: str) -> None:
    text = data.draw(texts(root))
    chinese = formatted(text, "zh", name=NAMES[root])
    assert formatted(chinese.text, "en", name=NAMES[root]).text == text
    assert formatted(chinese.text, "zh", name=NAMES[root]).keys == 0
    assert [bare(line) for line in lines_of(Source("", chinese.text))] == [bare(line) for line in text.splitlines()] + [
        ""
    ]


def bare(line: str) -> str:
    """A line without its keys."""
    return re.sub(r"[\w.]+(?=[\"']?:(?:\s|$))", "", line)


# What is touched --------------------------------------------------------------------------------------------------


def test_only_keys_change() -> None:
    text = (
        "# when: 这一行是注释\n\n"
        'version: 1\nplaybook: "p"   # playbook: p\n'
        "tags:\n"
        "  when:                         # 名字可以和键一样\n"
        "    'when':   {  tag:  [ group ,when ] }\n"
        '    "group" : items\n'
        "segments:\n"
        "- x\n"
    ).replace("segments:\n- x\n", "segments: {columns: {when: {city: when}, columns: [when, city]}}\n")
    assert formatted(text, "zh").text == (
        "# when: 这一行是注释\n\n"
        '版本: 1\n方案: "p"   # playbook: p\n'
        "标签:\n"
        "  when:                         # 名字可以和键一样\n"
        "    '条件':   {  有标签:  [ group ,when ] }\n"
        '    "标签组" : items\n'
        "人群: {columns: {条件: {城市: when}, 列: [when, city]}}\n"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_stay(end: str) -> None:
    text = end.join(("version: 1", "playbook: p", "tags: {甲: {group: 乙}}", ""))
    assert formatted(text, "zh").text == end.join(("版本: 1", "方案: p", "标签: {甲: {标签组: 乙}}", ""))


def test_names_of_the_user_are_no_keys() -> None:
    text = HEAD + "metrics: {when: {orders: count}}\ntags: {group: {when: {when: 3..}}}\n"
    assert (
        formatted(text, "zh").text
        == "版本: 1\n方案: p\n指标: {when: {订单: count}}\n标签: {group: {条件: {when: 3..}}}\n"
    )


def test_declared_columns_go_by_their_labels(tmp_path: Path) -> None:
    (tmp_path / "pdo.yaml").write_text(
        "attributes: {customers: {skin: {type: text, label: 肤质}}, events: {material: {type: text, label: 素材}}}\n"
        "tables: {孩子: {columns: {born: {type: date, label: 出生}}, time: born}}\n"
        "mappings: {小店: {kind: events, columns: {material: 看了什么}}}\n",
        "utf-8",
    )
    found, _ = read_settings(tmp_path)
    assert found is not None
    lexicon = Lexicon(found)
    text = HEAD + (
        "tags: {甲: {when: {skin: 油性, events: {where: {material: 车厘子}}, 孩子: {where: {born: {age: 3y..}}}}}}\n"
    )
    chinese = formatted(text, "zh", lexicon)
    assert "{条件: {肤质: 油性, 事件: {满足: {素材: 车厘子}}, 孩子: {满足: {出生: {年龄: 3y..}}}}}" in chinese.text
    assert formatted(chinese.text, "en", lexicon).text == text


def test_chinese_settings_are_the_same_settings(tmp_path: Path) -> None:
    path = ROOT / "playbooks" / "fresh-retail" / "pdo.yaml"
    text = path.read_text("utf-8") + (
        "tables: {孩子: {columns: {born: {type: date, label: 出生}}, time: born}}\n"
        "mappings: {小店: {kind: events, columns: {material: 看了什么, type: 做了什么}, required: [type]}}\n"
    )
    (tmp_path / "pdo.yaml").write_text(text, "utf-8")
    english, _ = read_settings(tmp_path)
    assert english is not None
    (tmp_path / "pdo.yaml").write_text(formatted(text, "zh", Lexicon(english), "pdo.yaml").text, "utf-8")
    chinese, findings = read_settings(tmp_path)
    assert findings.sorted() == ()
    assert chinese == english


def test_a_chinese_mapping_is_the_same_mapping(tmp_path: Path) -> None:
    (tmp_path / "店.yaml").write_text(
        "种类: orders\n列: {付款时间: 支付时间, 实付金额: 买家实付}\n实付口径: net\n", "utf-8"
    )
    found, findings = read_mapping(tmp_path / "店.yaml")
    assert findings.sorted() == ()
    assert found is not None
    assert (dict(found.columns), found.paid_is) == ({"paid_at": "支付时间", "paid": "买家实付"}, "net")


def test_a_chinese_project_is_the_same_project(tmp_path: Path) -> None:
    source = ROOT / "playbooks" / "fresh-retail"
    for name in ("en", "zh"):
        (tmp_path / name / "playbooks").mkdir(parents=True)
        for path in (source / "pdo.yaml", *sorted((source / "playbooks").glob("*.yaml"))):
            (tmp_path / name / path.relative_to(source)).write_bytes(path.read_bytes())
    report = format_files(tmp_path / "zh", None, "zh", write=True)
    assert report.refused == ()
    projects = []
    for name in ("en", "zh"):
        found, _ = read_settings(tmp_path / name)
        assert found is not None
        project, findings = load_project(found)
        assert findings.sorted() == ()
        assert project is not None
        projects.append(
            (list(project.metrics), list(project.tags), list(project.segments), [rule.name for rule in project.order])
        )
    assert projects[0] == projects[1]


def test_a_condition_may_be_typed_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "pdo.yaml").write_text("language: zh\n", "utf-8")
    (tmp_path / "a.yaml").write_text(HEAD, "utf-8")
    found, _ = read_settings(tmp_path)
    assert found is not None
    project, _ = load_project(found)
    assert project is not None
    condition, findings = parse_condition_text("商品明细: {满足: {品类: 水果}}", found, project)
    assert findings.sorted() == ()
    assert condition is not None


# What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (HEAD + "tags: {甲: {gruop: 乙}}\n", ["PB114.near"]),
        (HEAD + "tags: {甲: {when: {orders: {zzz: 3..}}}}\n", ["PB114"]),
        (HEAD + "tags: {甲: {when: {city: 北京}, 条件: {city: 上海}}}\n", ["PB103"]),
        (HEAD + "tags: {甲: {when：{city: 北京}}}\n", ["PB107.colon"]),
        (HEAD + "tags: {甲: {when: {city: 北京}\n", ["PB101.open"]),
        (HEAD + "tags: {甲: {group: {a: b}}}\n", ["PB116.text_not_mapping"]),
        ("# nothing\n", ["PB118.file"]),
    ],
)
def test_a_file_with_errors_is_refused(text: str, codes: list[str]) -> None:
    assert refused(text) == codes


def test_a_mixed_file_is_mended() -> None:
    text = HEAD + "tags: {甲: {标签组: 乙, when: {items: {where: {品类: 水果}}}}}\n"
    found = formatted(text, "en")
    assert found.is_mixed
    assert found.text == HEAD + "tags: {甲: {group: 乙, when: {items: {where: {category: 水果}}}}}\n"
    assert formatted(text, None).text == text


# Messages ---------------------------------------------------------------------------------------------------------


def said(folder: Path, text: str) -> list[tuple[str, str]]:
    """What is found in a Chinese playbook: message and hint."""
    (folder / "pdo.yaml").write_text("语言: zh\n", "utf-8")
    (folder / "a.yaml").write_text("版本: 1\n方案: p\n" + text, "utf-8")
    found, _ = read_settings(folder)
    assert found is not None
    return [(each.message("zh"), each.hint("zh")) for each in load_project(found)[1]]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("标签: {甲: {条间: {城市: 北京}}}\n", "标签 里没有“条间”这一项。", "是不是 条件？"),
        (
            "标签: {甲: {条件: {订单: {满足: {品类: 水果}}}}}\n",
            "订单没有“品类”：买了什么要问 商品明细。",
            "写：商品明细: {满足: {品类: …}}",
        ),
        (
            "触达管控: {频控: [{渠道: any, 最多: 1}]}\n",
            "缺少 每。",
            "补上，例如：{渠道: any, 最多: 1, 每: 1d}",
        ),
        (
            "标签: {甲: {条件: [{城市: 北京}]}}\n",
            "条件应该是“键: 值”，这里是列表。",
            "都要成立写 条件: {所有: […]}，一条成立就行写 条件: {任一: […]}。",
        ),
        ("标签: {甲: {条件: {城市: {高于: 3}}}}\n", "“城市”不能用 高于 来判断。", None),
        ("生命周期: {甲: {取: 最高}}\n", "取 不能是“最高”。", "可以写：highest, first"),
    ],
    ids=("unknown", "elsewhere", "missing", "shape", "operator", "value"),
)
def test_findings_speak_the_language_of_the_file(tmp_path: Path, text: str, message: str, hint: str | None) -> None:
    found = said(tmp_path, text)
    assert message in [first for first, _ in found], found
    assert hint is None or hint in [second for _, second in found], found


def test_findings_of_an_english_file_stay_english(tmp_path: Path) -> None:
    (tmp_path / "pdo.yaml").write_text("language: zh\n", "utf-8")
    (tmp_path / "a.yaml").write_text(HEAD + "tags: {甲: {条间: {city: 北京}}}\n", "utf-8")
    found, _ = read_settings(tmp_path)
    assert found is not None
    assert [(each.message("zh"), each.hint("zh")) for each in load_project(found)[1]] == [
        ("tags 里没有“条间”这一项。", "是不是 when？")
    ]


@pytest.mark.parametrize("name", ["积分", "订单", "生日", "所有"])
def test_a_metric_is_not_called_like_a_chinese_key(tmp_path: Path, name: str) -> None:
    found = said(tmp_path, f"指标: {{{name}: {{订单: count}}}}\n")
    assert any(name in message for message, _ in found), found


# Files ------------------------------------------------------------------------------------------------------------


def test_files_are_written_whole_with_their_mode_and_mark(tmp_path: Path) -> None:
    (tmp_path / "pdo.yaml").write_text("language: zh\n", "utf-8")
    path = tmp_path / "a.yaml"
    path.write_bytes(("\ufeff" + HEAD).encode())
    path.chmod(0o640)
    report = format_files(tmp_path, None, "zh", write=True)
    assert [(found.path.rsplit("/", 1)[-1], found.keys) for found in report.files] == [("pdo.yaml", 1), ("a.yaml", 2)]
    assert path.read_bytes() == "\ufeff版本: 1\n方案: p\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.yaml", "pdo.yaml"]


def test_nothing_is_written_where_one_only_looks(tmp_path: Path) -> None:
    (tmp_path / "pdo.yaml").write_text("language: zh\n", "utf-8")
    (tmp_path / "a.yaml").write_text(HEAD, "utf-8")
    report = format_files(tmp_path, None, "zh", write=False)
    assert "+版本: 1\n" in report.files[1].diff
    assert (tmp_path / "a.yaml").read_text("utf-8") == HEAD


def test_a_file_with_errors_stays_and_the_others_are_written(tmp_path: Path) -> None:
    (tmp_path / "pdo.yaml").write_text("language: zh\n", "utf-8")
    (tmp_path / "a.yaml").write_text(HEAD + "zzz: 1\n", "utf-8")
    (tmp_path / "b.yaml").write_text(HEAD.replace("p", "q", 1), "utf-8")
    (tmp_path / "b.yaml").write_text("version: 1\nplaybook: q\n", "utf-8")
    report = format_files(tmp_path, None, "zh", write=True)
    assert [path.rsplit("/", 1)[-1] for path in report.refused] == ["a.yaml"]
    assert [found.code for found in report.diagnostics] == ["PB114"]
    assert (tmp_path / "a.yaml").read_text("utf-8") == HEAD + "zzz: 1\n"
    assert (tmp_path / "b.yaml").read_text("utf-8") == "版本: 1\n方案: q\n"
