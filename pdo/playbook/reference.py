"""The reference page of findings, generated from the texts that `pdo rule` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.codes import codes
from pdo.core.codes.rules import findings_of
from pdo.playbook.invisible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.core.codes.rules import Finding

TITLES = (
    ("PB1", "写法 · syntax"),
    ("PB2", "引用 · references"),
    ("PB3", "值和类型 · values and types"),
    ("PB4", "生命周期 · lifecycles"),
    ("PB5", "文案 · messages"),
    ("PB9", "建议 · advice"),
)
_HEAD = """\
# 检查结果一览 · Findings

`pdo validate` 的每条结果都有一个代码，代码不会改、也不会另作他用。`pdo rule PB107` 说的和这里一样。
警告和建议可以在原处说明理由后不再提醒：行尾写 `# pdo: ignore PB904 新店没有历史数据`，或者单独写在上一行。错误不能。
导入时的代码（IM…）见[导入](import.md)。

Codes are stable and never reused; `pdo rule PB107` says the same as this page, which is generated. A warning or an advice is
silenced where it stands, with a reason: `# pdo: ignore PB904 a new shop has no history`, at the end of the line or alone on the
line before. Errors cannot be silenced. Codes of imports (IM…) are in [Import](import.md).
"""


def render_diagnostics_page() -> str:
    """The Markdown of `docs/reference/diagnostics.md`: every code with all that can be found under it."""
    lines = [_HEAD]
    for prefix, title in TITLES:
        lines += [f"## {title}", ""]
        for code in codes():
            if code.startswith(prefix):
                lines += _section(code)
    return "\n".join(lines)


def _section(code: str) -> Iterator[str]:
    yield f'### <a id="{code}"></a>{code}'
    yield ""
    for chinese, english in zip(findings_of(code, "zh"), findings_of(code, "en"), strict=True):
        yield _sentence(chinese) + "  "
        yield _sentence(english)
        yield ""
        example = chinese.example
        if example and example.bad_shown:
            pieces = (("✗", example.bad_shown), ("✓", example.good_shown))
            yield "```text"
            for mark, piece in pieces:
                first, *more = piece.rstrip("\n").split("\n")
                yield f"{mark} {visible(first)}"
                yield from (f"  {visible(line)}".rstrip() for line in more)
            yield "```"
            yield ""


def _sentence(found: Finding) -> str:
    """What is said and what to do, as Markdown takes it."""
    text = visible(f"{found.message} {found.hint}".strip())
    return text.replace("*", "\\*").replace("<", "&lt;").replace("|", "\\|")
