"""A page as one HTML file: no network, no script, printable, readable on a phone."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from pdo.playbook.describing.pages import CHAPTER, Heading, Page, Paragraph, Picture, Points, Quote, Rows
from pdo.playbook.describing.picture import as_svg
from pdo.playbook.invisible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdo.core.wording import Language
    from pdo.playbook.describing.conditions import Clause
    from pdo.playbook.describing.pages import Block

_STYLE = """\
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 52rem; color: #1f2328; background: #fff;
  font: 16px/1.75 -apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei",
    "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.8rem; line-height: 1.3; margin: 0 0 1rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .75rem; padding-bottom: .3rem; border-bottom: 2px solid #2f6f4f; }
h3 { font-size: 1.08rem; margin: 1.75rem 0 .5rem; }
p, ul, blockquote, table, .picture { margin: .5rem 0 .75rem; }
ul { padding-left: 1.4rem; }
li { margin: .15rem 0; }
a { color: #1f5f8b; text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
nav { background: #f5f7f5; border-radius: 8px; padding: .75rem 1rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav > ul > li { margin: .3rem 0; }
nav ul ul { display: flex; flex-wrap: wrap; gap: 0 1.1rem; padding-left: 1rem; font-size: .92rem; }
blockquote { border-left: 4px solid #8fb8a0; background: #f5f9f6; padding: .5rem .9rem; white-space: pre-wrap; }
.table, .picture { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; }
th, td { border: 1px solid #d5dbd7; padding: .35rem .6rem; text-align: left; vertical-align: top; }
th { background: #eef3ef; white-space: nowrap; }
td:first-child { min-width: 4.5em; }
svg text { font: 14px/1 -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
@media (max-width: 36rem) { body { padding: 1rem .8rem 3rem; } }
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  h2 { break-before: page; } h2, h3 { break-after: avoid; }
  blockquote, tr, .picture { break-inside: avoid; } nav { background: none; padding: 0; } a { color: inherit; }
  .table, .picture { overflow: visible; } svg { max-width: 100%; height: auto; }
}
"""


def as_html(page: Page, language: Language) -> str:
    """The page as a file of its own.

    Args:
        page: what it says; every text in it is escaped.
        language: of the page, for readers and hyphenation.
    """
    title = _text(page.title)
    lines = [
        "<!doctype html>",
        f'<html lang="{"zh-CN" if language == "zh" else "en"}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>\n{_STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>{title}</h1>",
        *_contents(page),
        "<main>",
        *(line for block in page.blocks for line in _block(block)),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    return escape(visible(text))


def _contents(page: Page) -> Iterator[str]:
    """The list of contents; what is in a chapter stands below it."""
    yield f'<nav aria-label="{_text(page.contents)}">'
    yield f"<strong>{_text(page.contents)}</strong>"
    yield "<ul>"
    for chapter in page.headings:
        if chapter.level == CHAPTER:
            inner = [one for one in page.headings if one.anchor.startswith(f"{chapter.anchor}-")]
            below = "".join(f"<li>{_link(one)}</li>" for one in inner)
            yield f"<li>{_link(chapter)}{f'<ul>{below}</ul>' if below else ''}</li>"
    yield "</ul>"
    yield "</nav>"


def _link(heading: Heading) -> str:
    return f'<a href="#{heading.anchor}">{_text(heading.text)}</a>'


def _block(block: Block) -> Iterable[str]:
    match block:
        case Heading(level, text, anchor):
            return [
                f'<h{level} id="{anchor}">{_text(text)}</h{level}>' if anchor else f"<h{level}>{_text(text)}</h{level}>"
            ]
        case Paragraph(text):
            return [f"<p>{_text(text)}</p>"]
        case Points(clauses):
            return [_points(clauses)]
        case Quote(text):
            lines = "\n".join(map(_text, text.splitlines()))
            return [f"<blockquote>{lines}</blockquote>"]
        case Rows():
            return _table(block)
        case Picture():
            return [f'<div class="picture">{as_svg(block)}</div>']


def _points(clauses: Iterable[Clause]) -> str:
    return (
        "<ul>"
        + "".join(f"<li>{_text(one.text)}{_points(one.parts) if one.parts else ''}</li>" for one in clauses)
        + "</ul>"
    )


def _table(table: Rows) -> Iterator[str]:
    yield '<div class="table"><table>'
    yield "<thead><tr>" + "".join(f"<th>{_text(cell)}</th>" for cell in table.headings) + "</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        yield "<tr>" + "".join(f"<td>{'<br>'.join(map(_text, cell.splitlines()))}</td>" for cell in row) + "</tr>"
    yield "</tbody></table></div>"
