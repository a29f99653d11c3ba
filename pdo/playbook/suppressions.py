"""Comments that say why a warning or an advice is to be left alone: `# pdo: ignore PB904 新店没有历史数据`.

At the end of a line it speaks of what is found there, on a line of its own of the next line that says something. Errors cannot
be silenced: what is wrong would be refused by `pdo run` all the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Diagnostic, Findings, Severity
from pdo.core.frozen import dataclass
from pdo.core.source import Source, Span
from pdo.playbook.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

MARK = "pdo"
_COMMENT = re.compile(r"(?:^|(?<=\s))#\s*pdo\s*[:：]\s*(?:ignore|忽略)(?![\w])\s*(.*?)\s*$", re.IGNORECASE)
_CODES = re.compile(r"((?:PB\d+)(?:[\s,，、]+PB\d+)*)(?![A-Za-z0-9])[\s,，、:：]*(.*)", re.IGNORECASE)
_BLANK = re.compile(r"\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that says what is to be left alone.

    Args:
        codes: it names; empty where it names none.
        reason: why; empty where nothing is said.
        span: of the comment.
        line: of which it speaks, from 1.
    """

    codes: tuple[str, ...]
    reason: str
    span: Span
    line: int

    def covers(self, found: Diagnostic) -> bool:
        """Whether it speaks of a finding."""
        place = found.span
        return (
            found.code in self.codes
            and place is not None
            and place.source.path == self.span.source.path
            and place.line <= self.line <= place.end_line
        )


@dataclass(frozen=True, slots=True)
class Sifted:
    """Findings after what is to be left alone was taken out.

    Args:
        kept: what is told, with what is wrong in the comments themselves.
        silenced: what is left alone, each with the reason given.
    """

    kept: tuple[Diagnostic, ...]
    silenced: tuple[tuple[Diagnostic, str], ...]


def read_suppressions(source: Source) -> Iterator[Suppression]:
    """The comments of a file, in its order."""
    if MARK not in source.text.casefold():
        return
    draft = Draft(source)
    for number in draft.structural_lines():
        line = draft.line(number)
        found = _COMMENT.search(line)
        if found is None or not _is_comment(line[: found.start()]):
            continue
        named = _CODES.match(found[1])
        codes = tuple(re.findall(r"PB\d+", named[1].upper())) if named else ()
        span = Span(source, number, found.start() + 1, number, found.end() + 1)
        own_line = not line[: found.start()].strip()
        yield Suppression(codes, named[2] if named else found[1], span, _next(draft, number) if own_line else number)


def _is_comment(before: str) -> bool:
    """Whether a `#` after these characters begins a comment and not a part of a text in quotes."""
    return before.count('"') % 2 == 0 and before.count("'") % 2 == 0


def _next(draft: Draft, number: int) -> int:
    """The next line that says something."""
    following = range(number + 1, len(draft.lines) + 1)
    return next((at for at in following if not _BLANK.match(draft.line(at))), number)


def sift(found: Iterable[Diagnostic], suppressions: Iterable[Suppression], known: Collection[str]) -> Sifted:
    """Take out what is to be left alone.

    Args:
        found: everything that was found.
        suppressions: of all files that were checked.
        known: every code there is.

    Diagnostics:
        PB130 a comment that cannot be followed, PB990 one that nothing is found for.
    """
    every = tuple(suppressions)
    usable = [(number, one) for number, one in enumerate(every) if one.codes and one.reason]
    kept, silenced = Findings(), []
    used: set[tuple[int, str]] = set()
    for diagnostic in found:
        covering = [(number, one) for number, one in usable if one.covers(diagnostic)]
        used |= {(number, diagnostic.code) for number, _ in covering}
        if covering and not diagnostic.is_error:
            silenced.append((diagnostic, covering[0][1].reason))
            continue
        kept.extend((diagnostic,))
        for _, one in covering:
            kept.add("PB130", one.span, variant="error", severity=Severity.WARNING, name=diagnostic.code)
    for number, one in enumerate(every):
        needless = tuple(code for code in one.codes if (number, code) not in used)
        _report(one, needless, known, kept)
    return Sifted(kept.sorted(), tuple(silenced))


def _report(one: Suppression, needless: tuple[str, ...], known: Collection[str], found: Findings) -> None:
    unknown = [code for code in one.codes if code not in known]
    if not one.codes:
        found.add("PB130", one.span, severity=Severity.WARNING)
    elif unknown:
        found.add("PB130", one.span, variant="unknown", severity=Severity.WARNING, name=unknown[0])
    elif not one.reason:
        names = ", ".join(one.codes)
        found.add("PB130", one.span, variant="reason", severity=Severity.WARNING, name=names)
    else:
        for code in needless:
            found.add("PB990", one.span, severity=Severity.ADVICE, name=code)
