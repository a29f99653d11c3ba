"""Pages as data, and as Markdown: headings, paragraphs, lists, tables, quotes, pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.playbook.invisible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.playbook.describing.conditions import Clause

CHAPTER = 2
"""The level of a chapter's heading."""

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$&])")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading.

    Args:
        level: 1 is the page, 2 a chapter, 3 what is in it.
        text: as shown.
        anchor: what links name; empty where none leads here.
    """

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of prose."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list; what stands below a point further in."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What is said to a customer, word for word; line ends stay."""

    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A table."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Stages and the ways between them.

    Args:
        title: for those who do not see it.
        stages: in order.
        moves: from one stage to another, by number.
    """

    title: str
    stages: tuple[str, ...]
    moves: tuple[tuple[int, int], ...]


Block = Heading | Paragraph | Points | Quote | Rows | Picture


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Args:
        title: of the page.
        contents: what the list of contents is called; it has all headings of chapters and of what is in them.
        blocks: in order.
    """

    title: str
    contents: str
    blocks: tuple[Block, ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        """What the list of contents shows."""
        return tuple(block for block in self.blocks if isinstance(block, Heading) and block.anchor)


def escaped(text: str) -> str:
    """A text of a user that Markdown takes as it is."""
    return _SPECIAL.sub(r"\\\1", visible(text))


def as_markdown(page: Page) -> str:
    """The page as Markdown with HTML anchors."""
    lines = [f"# {escaped(page.title)}", "", f"**{escaped(page.contents)}**", ""]
    lines += [f"{'  ' * (one.level - 2)}- [{escaped(one.text)}](#{one.anchor})" for one in page.headings]
    before: Block | None = None
    for block in page.blocks:
        if isinstance(block, Points) and isinstance(before, Points):
            lines += ["", "<!-- -->"]  # without it Markdown makes one list of two
        written = list(_markdown(block))
        lines += ["", *written] if written else []
        before = block
    return "\n".join(lines) + "\n"


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text, anchor):
            yield f"{'#' * level} " + (f'<a id="{anchor}"></a>' if anchor else "") + escaped(text)
        case Paragraph(text):
            yield escaped(text)
        case Points(clauses):
            for clause in clauses:
                yield from _points(clause, "")
        case Quote(text):
            yield "\\\n".join(f"> {escaped(line)}" for line in text.splitlines())
        case Rows(headings, rows):
            yield _cells(headings)
            yield "|" + " --- |" * len(headings)
            yield from map(_cells, rows)
        case Picture(_, stages, moves) if moves:
            for number, stage in enumerate(stages):
                ends = [escaped(stages[target]) for origin, target in moves if origin == number]
                yield f"{number + 1}. {' → '.join((escaped(stage), ' / '.join(ends))) if ends else escaped(stage)}"
        case Picture():
            pass  # the stages stand in the list that follows


def _points(clause: Clause, indent: str) -> Iterator[str]:
    yield f"{indent}- {escaped(clause.text)}"
    for part in clause.parts:
        yield from _points(part, f"{indent}  ")


def _cells(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join("<br>".join(map(escaped, cell.splitlines())) for cell in cells) + " |"
