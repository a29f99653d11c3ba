"""Frames: carets under the place, in terminal cells, and nothing that could move the cursor."""

from pathlib import Path

from pdo.commands.cells import text_width
from pdo.commands.frame import as_json, concise, render_frame
from pdo.core.diagnostics import Diagnostic, Related
from pdo.core.source import Source, Span
from pdo.playbook.reference import render_diagnostics_page


def found(line: str, column: int, end: int) -> Diagnostic:
    span = Span(Source("p.yaml", f"version: 1\n{line}\n"), 2, column, 2, end)
    return Diagnostic("PB315", span, {"name": "x", "near": "y"})


def test_the_frame() -> None:
    assert render_frame(found("城市: 北京", 5, 7), "zh", color=False) == (
        "error[PB315]: 没有“x”这个时区。\n --> p.yaml:2:5\n  |\n2 | 城市: 北京\n  |       ^^^^\n  = 提示：是不是 y？\n"
    )


def test_tabs_and_control_characters_are_shown() -> None:
    text = render_frame(found("\tab\x1b[2J: 北京", 2, 4), "zh", color=False)
    assert "\x1b" not in text
    assert "2 |     ab<U+001B>[2J: 北京\n  |     ^^\n" in text


def test_colour_only_when_asked() -> None:
    assert "\x1b[1;31merror" in render_frame(found("a: b", 4, 5), "en", color=True)


def test_long_lines_are_cut_round_the_place() -> None:
    text = render_frame(found("甲" * 500 + "乙" + "丙" * 500, 501, 502), "zh", color=False)
    _, _, _, line, carets, _ = text.removesuffix("\n").split("\n")
    assert text_width(line) < 120
    at = text_width(carets[: carets.index("^")])
    assert text_width(line[: line.index("乙")]) == at


def test_without_a_place() -> None:
    nowhere = Diagnostic("PB120", None, {"folder": "x"})
    assert render_frame(nowhere, "en", color=False).startswith("error[PB120]: There are no playbooks in x.\n")
    assert concise(nowhere, "en") == "PB120 There are no playbooks in x."
    assert as_json(nowhere, "en")["line"] is None


def test_the_keys_of_json() -> None:
    span = Span(Source("p.yaml", "a: b"), 1, 1, 1, 2)
    diagnostic = Diagnostic("PB204", span, {"name": "a"}, (Related(span, "related.first"),))
    assert as_json(diagnostic, "en") == {
        "code": "PB204",
        "severity": "error",
        "message": "'a' exists already; names must be unique.",
        "file": "p.yaml",
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 2,
        "hint": "Rename one of them, or remove it.",
        "related": [{"file": "p.yaml", "line": 1, "column": 1, "message": "the first one is here"}],
    }


def test_the_reference_page_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "diagnostics.md"
    assert page.read_text("utf-8") == render_diagnostics_page()
