"""Every finding has an example that raises it, and one beside it that does not."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pdo.core.diagnostics import Findings
from pdo.core.wording import Language, hint_of, say
from pdo.core.wording.playbook import WORDING
from pdo.playbook.project import load_project
from pdo.playbook.settings import read_settings

FOLDER = Path(__file__).parent / "codes"
CASES: dict[str, dict[str, Any]] = {
    key: case for path in sorted(FOLDER.glob("*.yaml")) for key, case in yaml.safe_load(path.read_text("utf-8")).items()
}
KEYS = [key for key in WORDING if key.startswith("PB")]

HEAD = """\
version: 1
playbook: p
metrics: {累计消费: {orders: amount}}
lifecycles:
  客户阶段: {derived: {意向客户: {city: 北京}, 无意向: {city: 上海}}, otherwise: 未知}
  另一个: {derived: {无意向: {city: 上海}}, otherwise: 别的}
"""
OTHER = "tags:\n  其他: {when: {city: 北京}}\n"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
SETTINGS = "attributes: {customers: {皮肤类型: {type: text, values: [油性, 干性]}}}\n"


def indented(text: str, width: int) -> str:
    return "".join(" " * width + line + "\n" for line in text.removesuffix("\n").split("\n"))


def snippet(case: dict[str, Any], which: str) -> str:
    if which == "good" or "repeat" not in case:
        return str(case[which])
    times, opening, closing = case["repeat"]
    before, after = case.get("around", ("", ""))
    return f"{before}{opening * times}{case.get('middle', '')}{closing * times}{after}"


def written(case: dict[str, Any], text: str) -> dict[str, str]:
    """The files of a project in which the snippet stands."""
    match case.get("in", "when"):
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


def check(tmp_path: Path, case: dict[str, Any], which: str) -> Findings:
    encoding = case.get("encoding", "utf-8") if which == "bad" else "utf-8"
    (tmp_path / "pdo.yaml").write_text(SETTINGS, "utf-8")
    (tmp_path / "playbooks").mkdir()
    files = written(case, snippet(case, which))
    for name, text in files.items():
        folder = tmp_path if name == "pdo.yaml" else tmp_path / "playbooks"
        (folder / name).write_bytes(text.encode(encoding))
    settings, findings = read_settings(tmp_path)
    if "pdo.yaml" not in files and settings is not None:
        findings.extend(load_project(settings)[1].sorted())
    return findings


def test_every_key_has_an_example() -> None:
    assert sorted(CASES) == sorted(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_bad_is_found_alone(key: str, tmp_path: Path) -> None:
    found = [diagnostic.key for diagnostic in check(tmp_path, CASES[key], "bad")]
    assert found == [key]


@pytest.mark.parametrize("key", KEYS)
def test_good_is_clean(key: str, tmp_path: Path) -> None:
    case = CASES[key]
    if case.get("in") != "nowhere":
        assert [diagnostic.key for diagnostic in check(tmp_path, case, "good")] == []


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_can_say_it(key: str, tmp_path: Path) -> None:
    for diagnostic in check(tmp_path, CASES[key], "bad"):
        params = dict(diagnostic.params)
        for language in LANGUAGES:
            assert say(key, language, **params)
            hint_of(key, language, **params)
