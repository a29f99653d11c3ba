"""`pdo handbook`: a manual that stands alone, is well formed and says the same as the rules."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.cli.inside import Shop, call
from tests.describing.test_describe import golden
from tests.support.project import ROOT

PROJECTS = sorted(path.parent for path in (ROOT / "playbooks").glob("*/pdo.yaml"))
VOID = {"meta", "br", "rect", "polygon", "path"}
SMALL = """\
version: 1
playbook: 小店
tags:
  大客户: {when: {orders: {amount: 3000..}}, alert: {to: owner, due: 1d, text: "请回访"}}
  "<b>坏": {when: {city: "</style><script>alert(1)</script>"}}
lifecycles:
  阶段:
    stages: [新, 熟, 走]
    initial: 新
    transitions:
      - {from: 新, to: 熟, when: {orders: {}}}
      - {from: 熟, to: 走, after: 30d, when: {orders: {within: 30d, count: 0}}}
      - {from: 走, to: 熟, when: {orders: {within: 7d}}}
segments:
  好客: {when: {tag: 大客户}, top: 10}
campaigns:
  上新: {to: 好客, channel: wecom, on: [周一, 中秋], at: "10:30", text: "第一行\\n* 第二行"}
examples:
  - name: 花了三千
    now: 2026-03-02 09:00
    customers: [{customer_id: a, name: 王芳, is_friend: true}]
    orders: [{customer_id: a, paid_at: 2026-03-01, paid: 3000}]
    expect: {tags: {a: [大客户]}, stages: {阶段: {a: 熟}}}
"""


class Pages(HTMLParser):
    """Checks that what is opened is closed, and keeps ids and links."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given[name] or "" for name in ("href", "src") if name in given]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag, self.getpos()


@pytest.fixture
def small(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.write("pdo.yaml", "language: zh\n")
    shop.write("playbooks/a.yaml", SMALL)
    return shop


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_small_manual_word_for_word(small: Shop, language: str) -> None:
    golden(f"small.{language}.md", small.pdo("handbook", PDO_LANG=language).stdout)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_manuals_of_the_worked_projects_stand_alone(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "手册.html"
    done = call("handbook", "--project", str(project), "--output", str(file))
    assert (done.returncode, done.stdout) == (0, f"手册写好了：{file}\n")
    text = file.read_text("utf-8")
    pages = Pages()
    pages.feed(text)
    assert pages.open == []
    assert len(set(pages.ids)) == len(pages.ids)
    assert {link.removeprefix("#") for link in pages.links} == set(pages.ids)
    assert re.findall(r"(?i)<(?:script|link|img|iframe)|@import|url\(|https?://(?!www\.w3\.org/2000/svg)", text) == []
    printed = call("handbook", "--project", str(project), "--format", "html").stdout
    assert printed == text


def test_texts_of_a_playbook_are_texts(small: Shop) -> None:
    page = small.pdo("handbook", "--format", "html").stdout
    assert "<script" not in page
    assert page.count("</style>") == 1
    assert "&lt;b&gt;坏" in page
    assert "\\<b\\>坏" in small.pdo("handbook").stdout


def test_stages_are_drawn_with_their_ways(small: Shop) -> None:
    page = small.pdo("handbook", "--format", "html").stdout
    drawn = page[page.index("<svg") : page.index("</svg>")]
    assert re.findall(r"<text[^>]*>([^<]*)", drawn) == ["新", "熟", "走"]
    assert drawn.count("<path") == 3


def test_json_holds_the_manual(small: Shop) -> None:
    data = json.loads(small.pdo("handbook", "--format", "json").stdout)["data"]
    assert (data["format"], data["path"]) == ("markdown", None)
    assert data["text"] == small.pdo("handbook").stdout


def test_the_same_playbooks_make_the_same_manual(small: Shop) -> None:
    assert small.pdo("handbook", "--format", "html").stdout == small.pdo("handbook", "--format", "html").stdout
