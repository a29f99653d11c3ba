"""From a text that hands typed to nodes.

What the parser refuses is mended in memory where it can be meant in one way only, and left out where it cannot, so that
everything that is wrong is found in one go.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Diagnostic
from pdo.core.frozen import dataclass
from pdo.core.late import late
from pdo.core.nodes import parse_nodes
from pdo.core.source import Span
from pdo.playbook.draft import Draft
from pdo.playbook.files import read_source
from pdo.playbook.invisible import code_point
from pdo.playbook.lint import lint_nodes

if TYPE_CHECKING:
    from pathlib import Path

    from pdo.core.diagnostics import Findings
    from pdo.core.nodes import Node, Parsed, Problem
    from pdo.core.source import Source
    from pdo.playbook import line_mends
else:
    line_mends = late("pdo.playbook.line_mends")  # most files need no mend

MAX_PARSED = 30_000_000
MAX_REPORTED = 20
MOST_MENDS = 30
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_SEPARATORS = "\x85\u2028\u2029"
_INDENT = re.compile("^[ \t\u00a0\u2000-\u200a\u3000]*")
_STRUCTURE = re.compile(r"^(?:- |-$|[^\s:：]+\s*[:：])")
_TABS = (2, 4, 8)
_WIDE = {"\t": ("tab", 2), "\u3000": ("wide", 2)}


@dataclass(frozen=True, slots=True)
class Mended:
    """A file as nodes.

    Args:
        root: None where nothing is in it, or nothing could be read.
        lost: the blocks that had to be left out, as text.
    """

    root: Node | None
    lost: tuple[str, ...] = ()


def read_root(path: Path, findings: Findings) -> Node | None:
    """The root of a file that stands by itself; None where there is nothing to read, and the findings say why.

    Raises:
        UsageError: there is no such file.
        StorageError: it may not be read.

    Diagnostics:
        PB118 it is empty, and those of `read_source` and `read_nodes`.
    """
    source = read_source(path, findings)
    if source is None:
        return None
    mended = read_nodes(source, findings)
    if mended.root is None and not mended.lost:
        findings.add("PB118", Span(source, 1, 1, 1, 1), variant="file", name=source.path)
    return mended.root


def read_nodes(source: Source, findings: Findings) -> Mended:
    """Read a text as nodes, as it was meant.

    Diagnostics:
        PB101 to PB112, PB116 keys that are no text, PB121.
    """
    draft = Draft(source)
    _clean_characters(draft, findings)
    _mend_indentation(draft, findings)
    mender = _Mender(draft, findings)
    parsed = mender.read()
    findings.extend(parsed.diagnostics)
    lost = tuple(mender.lost)
    if parsed.problem is not None:
        return Mended(None, (*lost, source.text))
    if parsed.root is None and parsed.diagnostics:
        return Mended(None, (source.text,))
    return Mended(None if parsed.root is None else lint_nodes(parsed.root, findings), lost)


def _clean_characters(draft: Draft, findings: Findings) -> None:
    if not _CONTROL.search(draft.source.text):
        return
    reported = 0
    for number, line in enumerate(draft.lines, 1):
        for found in list(_CONTROL.finditer(line)):
            draft.replace(number, found.start(), found.end(), " ")
            reported += 1
            if reported <= MAX_REPORTED:
                variant = "separator" if found[0] in _SEPARATORS else "control"
                span = draft.span(number, found.start() + 1)
                findings.add("PB111", span, variant=variant, character=code_point(found[0]))


def _mend_indentation(draft: Draft, findings: Findings) -> None:
    levels: list[int] = [0]
    opens = False
    tab = 0
    for number in list(draft.structural_lines()):
        line = draft.line(number)
        lead = _INDENT.match(line)
        indent = lead[0] if lead else ""
        rest = line[len(indent) :]
        if rest.startswith("#"):
            continue
        bad = indent.lstrip(" ")
        if bad and _STRUCTURE.match(rest):
            # The first tab of a file that has blanks above stands for as many as the line above begins with.
            tabs = indent.count("\t")
            if tabs and not tab:
                above = (levels[-1] - len(indent) + tabs) / tabs
                tab = int(above) if not opens and above in _TABS else _WIDE["\t"][1]
            width = sum(tab if character == "\t" else _WIDE.get(character, ("", 1))[1] for character in indent)
            if width not in levels and not (opens and levels[-1] < width):
                width = min(levels, key=lambda level: abs(level - width))
            start = len(indent) - len(bad)
            span = draft.span(number, start + 1, len(indent) + 1)
            variant = _WIDE.get(bad[0], ("nbsp", 1))[0]
            findings.add("PB102", span, variant=variant, mended=" " * width + rest.rstrip())
            draft.replace(number, 0, len(indent), " " * width)
            indent = " " * width
        while levels and levels[-1] >= len(indent):
            levels.pop()
        levels.append(len(indent))
        opens = rest.rstrip().endswith((":", "："))


class _Mender:
    """Parses, mends the place where the parser stumbled, and parses again."""

    def __init__(self, draft: Draft, findings: Findings) -> None:
        self.draft = draft
        self.findings = findings
        self.lost: list[str] = []
        self._parsed_length = 0
        self._tried: Counter[tuple[int, object]] = Counter()

    def read(self) -> Parsed:
        """The nodes; with a problem only where nothing helped."""
        parsed = self._parse()
        while parsed.problem is not None and self._parsed_length < MAX_PARSED:
            better = self._mend(parsed.problem) or self._leave_out(parsed.problem)
            if better is None:
                return parsed
            parsed = better
        if parsed.problem is not None:
            self._report(parsed.problem)
        return parsed

    def _parse(self) -> Parsed:
        text = self.draft.text
        self._parsed_length += len(text) + 1
        return parse_nodes(self.draft.source, text, self.draft.place)

    def _mend(self, problem: Problem) -> Parsed | None:
        for number in self._candidates(problem):
            for mend in line_mends.MENDS:
                if self._tried[number, mend] >= (1 if mend in line_mends.ONCE else MOST_MENDS):
                    continue
                kept = self.draft.keep(number)
                found = mend(self.draft, number)
                if found is None:
                    continue
                self._tried[number, mend] += 1
                parsed = self._parse()
                if self._is_better(problem, parsed.problem, number):
                    self.findings.extend((found,))
                    return parsed
                self.draft.restore(number, kept)
                if self._parsed_length > MAX_PARSED:
                    return None
        return None

    def _candidates(self, problem: Problem) -> list[int]:
        """The line where the parser noticed, where the unfinished thing began, and what is written before."""
        last = min(problem.line, len(self.draft.lines))
        before = [number for number in range(last - 1, max(0, last - 30), -1) if self.draft.line(number).strip()]
        opened = [problem.open_line] if 0 < problem.open_line <= len(self.draft.lines) else []
        return list(dict.fromkeys((last, *before[:2], *opened, *before[2:5])))

    def _is_better(self, old: Problem, new: Problem | None, mended: int) -> bool:
        if new is None:
            return True
        if self.draft.place(*new.position) > self.draft.place(*old.position):
            return True
        opened = mended <= old.open_line or old.line > mended + 1
        return opened and new.line > mended and (new.reason, new.position) != (old.reason, old.position)

    # What cannot be mended

    def _leave_out(self, problem: Problem) -> Parsed | None:
        line = self._report(problem)
        tried: tuple[int, int] | None = None
        for whole in (False, True):
            region = self._region(line, whole=whole)
            if region is None or region == tried:
                continue
            tried = region
            self._blank(*region)
            parsed = self._parse()
            if parsed.problem is None or parsed.problem.position != problem.position:
                return parsed
        return None

    def _blank(self, start: int, end: int) -> None:
        lines = [self.draft.line(number) for number in range(start, end)]
        self.lost.append("\n".join(lines))
        for number in range(start, end):
            self.draft.replace(number, 0, len(self.draft.line(number)), "")

    def _region(self, line: int, *, whole: bool) -> tuple[int, int] | None:
        """The entry of a block in which a line stands, or the whole block: first line and the one after the last."""
        indents = {
            number: len(text) - len(text.lstrip(" "))
            for number, text in enumerate(self.draft.lines, 1)
            if text.strip() and not text.lstrip().startswith("#")
        }
        before = [number for number in indents if number <= line]
        if not before:
            return None
        top = next((number for number in reversed(before) if indents[number] == 0), before[0])
        inner = next((indents[number] for number in indents if number > top and indents[number] > 0), 0)
        level = 0
        start = top
        if not whole and inner and before[-1] > top:
            start = next((number for number in reversed(before) if 0 < indents[number] <= inner), top)
            level = inner if start != top else 0
        end = next((number for number in indents if number > start and indents[number] <= level), None)
        return start, end if end is not None else len(self.draft.lines) + 1

    def _is_deeper(self, problem: Problem) -> bool:
        """Whether a key stands deeper than the finished line before it: YAML goes on with that line's text."""
        before, line = self.draft.line(problem.line - 1), self.draft.line(problem.line)
        deeper = len(line) - len(line.lstrip(" ")) > len(before) - len(before.lstrip(" "))
        return "mapping values" in problem.reason and bool(before.strip()) and deeper

    def _report(self, problem: Problem) -> int:
        """Note what could not be mended; the line where the trouble is."""
        reason = problem.reason
        line, column, variant, params = problem.line, problem.column, "", {}
        sign = self.draft.line(problem.open_line)[problem.open_column - 1 :][:1]
        unclosed = "flow" in reason and "did not find expected" in reason
        if "quoted scalar" in reason:
            line, column, variant, params = problem.open_line, problem.open_column, "quote", {"sign": sign}
        elif unclosed and sign in "[{":
            closing = "]" if sign == "[" else "}"
            line, column, variant = problem.open_line, problem.open_column, "open"
            params = {"sign": sign, "closing": closing}
        elif "could not find expected ':'" in reason:
            line, column, variant = problem.open_line, problem.open_column, "colon"
        elif "block mapping" in reason or "block collection" in reason or self._is_deeper(problem):
            variant = "indent"
        while line > 1 and not self.draft.line(line).strip():
            line, column = line - 1, 1
        end = len(self.draft.line(line).rstrip()) + 1 if variant in ("", "indent", "colon") else None
        span = self.draft.span(line, column, end if end and end > column else None)
        self.findings.extend((Diagnostic("PB101", span, params, variant=variant),))
        return line
