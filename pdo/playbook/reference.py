"""The reference page of findings, generated from their wording."""

from __future__ import annotations

from string import Formatter

from pdo.core.wording.playbook import WORDING

TITLES = (
    ("PB1", "写法 · syntax"),
    ("PB2", "引用 · references"),
    ("PB3", "值和类型 · values and types"),
    ("PB4", "生命周期 · lifecycles"),
    ("PB5", "文案 · messages"),
    ("PB9", "建议 · advice"),
)


def render_diagnostics_page() -> str:
    """The Markdown of `docs/reference/diagnostics.md`: every code with all that can be found under it."""
    lines = [
        "# 检查结果一览 · Findings",
        "",
        "`pdo validate` 的每条结果都有一个代码，代码不会改、也不会另作他用。本页由措辞表生成。",
        "",
        "Codes are stable and never reused. This page is generated from the table of wordings.",
    ]
    for prefix, title in TITLES:
        lines += ["", f"## {title}", "", "| 代码 | 说什么 | says | 怎么办 |", "| --- | --- | --- | --- |"]
        for key, words in WORDING.items():
            if key.startswith(prefix):
                cells = (_shown(text) for text in (words.zh, words.en, words.hint_zh))
                lines.append(f"| {key.split('.')[0]} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _shown(text: str) -> str:
    """A sentence with `…` where a value stands."""
    parts = (literal + ("…" if name is not None else "") for literal, name, _, _ in Formatter().parse(text))
    return "".join(parts).replace("|", "\\|")
