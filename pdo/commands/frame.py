"""One finding, as a frame for a person, as one line, or as JSON.

```
error[PB201]: 没有叫“爱水裹”的 tag。
 --> playbooks/02-标签.yaml:12:18
   |
12 |     when: {tag: 爱水裹}
   |                 ^^^^^^
   = 提示：是不是 爱水果？
```
Carets are measured in terminal cells, so that they stand under Chinese; a user's text is data, its control characters are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.commands.cells import cell_width, text_width
from pdo.core.nodes import lines_of
from pdo.playbook.invisible import visible

if TYPE_CHECKING:
    from pdo.core.diagnostics import Diagnostic, Related
    from pdo.core.source import Span
    from pdo.core.wording import Language

MAX_WIDTH = 110
_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "advice": "\x1b[1;36m"}
_BOLD, _BLUE, _RESET = "\x1b[1m", "\x1b[1;34m", "\x1b[0m"
_HINT = {"zh": "提示：", "en": "help: "}


def concise(diagnostic: Diagnostic, language: Language) -> str:
    """`file:line:column: CODE message`, on one line."""
    message = visible(diagnostic.message(language))
    span = diagnostic.span
    place = f"{visible(span.source.path)}:{span.line}:{span.column}: " if span else ""
    return f"{place}{diagnostic.code} {message}"


def as_json(diagnostic: Diagnostic, language: Language) -> dict[str, object]:
    """A finding as the JSON output has it; keys are added, never renamed."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message(language),
        **_place(diagnostic.span),
        "hint": diagnostic.hint(language) or None,
        "related": [_related(related, language) for related in diagnostic.related],
    }


def _place(span: Span | None) -> dict[str, object]:
    if span is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    return {
        "file": span.source.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _related(related: Related, language: Language) -> dict[str, object]:
    span = related.span
    return {
        "file": span.source.path,
        "line": span.line,
        "column": span.column,
        "message": related.message(language),
    }


def render_frame(diagnostic: Diagnostic, language: Language, *, color: bool) -> str:
    """A finding with its line, carets under the place, other places and the hint; ends in a line end.

    Args:
        color: escape codes for a terminal; without it plain text.
    """
    paint = _paint if color else _plain
    severity = diagnostic.severity.value
    head = paint(f"{severity}[{diagnostic.code}]", _COLORS[severity])
    lines = [f"{head}{paint(': ' + visible(diagnostic.message(language)), _BOLD)}"]
    spans = [span for span in (diagnostic.span, *(related.span for related in diagnostic.related)) if span]
    gutter = max((len(str(span.line)) for span in spans), default=1)
    if diagnostic.span:
        lines += _snippet(diagnostic.span, gutter, "^", "", "-->", color=color)
    for related in diagnostic.related:
        lines += _snippet(related.span, gutter, "-", related.message(language), ":::", color=color)
    if hint := diagnostic.hint(language):
        edge = paint(f"{' ' * gutter} =", _BLUE)
        lines.append(f"{edge} {paint(_HINT[language], _BOLD)}{visible(hint)}")
    return "\n".join(lines) + "\n"


def _paint(text: str, style: str) -> str:
    return f"{style}{text}{_RESET}"


def _plain(text: str, _style: str) -> str:
    return text


def _snippet(span: Span, gutter: int, mark: str, words: str, arrow: str, *, color: bool) -> list[str]:
    paint = _paint if color else _plain
    lines = [f"{paint(' ' * gutter + arrow, _BLUE)} {visible(span.source.path)}:{span.line}:{span.column}"]
    source = lines_of(span.source)
    if not span.source.text or span.line > len(source):
        return lines
    line = source[span.line - 1]
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    shown, start, width = _window(line, span.column - 1, max(end, span.column))
    edge = paint(f"{' ' * gutter} |", _BLUE)
    number = paint(f"{span.line:>{gutter}} |", _BLUE)
    carets = paint(mark * width, _COLORS["error"] if mark == "^" else _BLUE)
    note = f" {visible(words)}" if words else ""
    return [*lines, edge, f"{number} {shown}", f"{edge} {' ' * start}{carets}{note}"]


def _window(line: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a line that is shown, and in cells where the marked part begins and how wide it is."""
    near = 4 * MAX_WIDTH  # more of a line is never shown, however long it is
    before, after = visible(line[max(start - near, 0) : start]), visible(line[end : end + near])
    marked = visible(line[start : min(end, start + near)])
    left = ""
    if text_width(before) > MAX_WIDTH // 2 and text_width(before + marked + after) > MAX_WIDTH:
        before, left = _last_cells(before, MAX_WIDTH // 2), "…"
    shown = left + before + marked + after
    cut = _first_cells(shown, MAX_WIDTH)
    width = min(text_width(marked), max(MAX_WIDTH - text_width(left + before), 1))
    return cut + ("…" if cut != shown else ""), text_width(left + before), max(width, 1)


def _first_cells(text: str, width: int) -> str:
    used = 0
    for at, character in enumerate(text):
        used += cell_width(character)
        if used > width:
            return text[:at]
    return text


def _last_cells(text: str, width: int) -> str:
    return _first_cells(text[::-1], width)[::-1]
