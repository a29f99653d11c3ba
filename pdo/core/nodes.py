"""YAML as nodes with positions: the only module that knows PyYAML.

Built from the event stream of the C parser, without recursion, so that no input can exhaust the stack. Scalars
have no type: they are raw text with the style they were written in, and whoever expects a number or a date parses
it there.
"""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import yaml

from pdo.core.diagnostics import Diagnostic, Related
from pdo.core.frozen import dataclass
from pdo.core.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

MAX_BYTES = 1 << 20
MAX_DEPTH = 40
MAX_NODES = 100_000
MOST_TWICE = 20
"""So many keys of one mapping that are there again are told; the rest would say the same."""


class Style(StrEnum):
    """How a scalar was written.

    `ALIAS` is a reference to an anchor (its text is `*name`), `COMPLEX` a key that is itself a list or a mapping
    (its text is empty); both exist only so that they can be reported.
    """

    PLAIN = "plain"
    SINGLE = "single"
    DOUBLE = "double"
    LITERAL = "literal"
    FOLDED = "folded"
    ALIAS = "alias"
    COMPLEX = "complex"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text.

    Args:
        text: as YAML reads it: unquoted, unescaped, folded; never typed.
        style: how it was written.
        span: where, quotes included.
        prefix: an explicit tag (`!x`) or anchor (`&x`) before it; empty for none.
    """

    text: str
    style: Style
    span: Span
    prefix: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written there."""
        return self.style is Style.PLAIN and not self.prefix and self.text in ("", "~")

    @property
    def is_plain(self) -> bool:
        """Whether it was written without quotes on the line."""
        return self.style is Style.PLAIN

    @property
    def is_block(self) -> bool:
        """Whether it was written after `|` or `>`."""
        return self.style in (Style.LITERAL, Style.FOLDED)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list; `flow` when written in brackets."""

    items: tuple[Node, ...]
    span: Span
    flow: bool = False
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value."""

    key: Scalar
    value: Node

    @property
    def span(self) -> Span:
        """From the start of the key to the end of the value."""
        return self.key.span.until(self.value.span)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values, in written order; `flow` when in braces.

    A key given twice is there twice, and has been reported.
    """

    entries: tuple[Entry, ...]
    span: Span
    flow: bool = False
    prefix: str = ""

    def get(self, key: str) -> Node | None:
        """The first value of a key."""
        return next((entry.value for entry in self.entries if entry.key.text == key), None)


Node = Scalar | Sequence | Mapping


@lru_cache(maxsize=16)
def lines_of(source: Source) -> tuple[str, ...]:
    """The lines of a source, split once however many findings ask for one."""
    return tuple(source.lines)


@dataclass(frozen=True, slots=True)
class Problem:
    """What the YAML parser stumbled over.

    Args:
        reason: libyaml's words, for recognition only.
        line: of the place where it noticed, from 1, in the text that was parsed.
        column: of that place, from 1.
        open_line: of the place where the unfinished thing began; 0 where it says none.
        open_column: of that place.
    """

    reason: str
    line: int
    column: int
    open_line: int = 0
    open_column: int = 0

    @property
    def position(self) -> tuple[int, int]:
        """Where it noticed."""
        return (self.line, self.column)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document.

    Args:
        root: None where the text is empty, a limit was passed or `problem` is set.
        problem: a text that is not YAML.
        diagnostics: duplicate keys, limits, a second document.
    """

    root: Node | None
    problem: Problem | None
    diagnostics: tuple[Diagnostic, ...]


def parse_nodes(source: Source, text: str, place: Callable[[int, int], tuple[int, int]]) -> Parsed:
    r"""Read a text as nodes.

    Args:
        source: what the spans point into.
        text: what is parsed: the source's text, possibly mended; lines end in `\n` only.
        place: a position (line, column) in `text` → the one in the source, both from 1.

    Diagnostics:
        PB103 a key given twice, PB112 too deep or too many nodes, PB121 a second document.
    """
    builder = _Builder(source, place)
    loader = getattr(yaml, "CLoader", yaml.Loader)
    try:
        for event in yaml.parse(text, Loader=loader):
            if not builder.take(event):
                break
    except yaml.MarkedYAMLError as error:
        return Parsed(None, _problem(error), ())
    except (yaml.YAMLError, ValueError) as error:
        return Parsed(None, Problem(str(error), 1, 1), ())
    return Parsed(builder.root, None, tuple(builder.diagnostics))


def _problem(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    opened = error.context_mark
    reason = f"{error.context or ''}: {error.problem or ''}"
    return Problem(
        reason,
        mark.line + 1 if mark else 1,
        mark.column + 1 if mark else 1,
        opened.line + 1 if opened else 0,
        opened.column + 1 if opened else 0,
    )


@dataclasses.dataclass(slots=True)
class _Open:
    """A collection that is being read."""

    start: Any
    flow: bool
    prefix: str
    mapping: bool
    children: list[Node] = dataclasses.field(default_factory=list)


_SUBJECTS = (
    *("orders", "items", "events", "chats", "follows", "coupons", "tasks", "messages", "referrals"),
    *("订单", "商品明细", "事件", "社群", "跟进关系", "优惠券", "任务", "消息", "推荐"),
)
"""Keys under which a list says what a key given twice would."""

_STYLES = {"'": Style.SINGLE, '"': Style.DOUBLE, "|": Style.LITERAL, ">": Style.FOLDED}


class _Builder:
    """Turns events into nodes; a stack instead of recursion."""

    def __init__(self, source: Source, place: Callable[[int, int], tuple[int, int]]) -> None:
        self.source = source
        self.place = place
        self.root: Node | None = None
        self.diagnostics: list[Diagnostic] = []
        self._stack: list[_Open] = []
        self._count = 0
        self._documents = 0

    def take(self, event: Any) -> bool:
        """Take the next event; False when enough has been seen."""
        if type(event) is yaml.ScalarEvent:
            style = _STYLES.get(event.style or "", Style.PLAIN)
            span = self._span(event.start_mark, event.end_mark)
            return self._add(Scalar(event.value, style, span, _prefix(event)))
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            mapping = isinstance(event, yaml.MappingStartEvent)
            self._stack.append(_Open(event.start_mark, bool(event.flow_style), _prefix(event), mapping))
            return len(self._stack) <= MAX_DEPTH or self._stop("depth", event, MAX_DEPTH)
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            return self._close(event)
        if isinstance(event, yaml.AliasEvent):
            span = self._span(event.start_mark, event.end_mark)
            return self._add(Scalar(f"*{event.anchor}", Style.ALIAS, span))
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self.diagnostics.append(Diagnostic("PB121", self._span(event.start_mark, event.end_mark)))
                return False
        return True

    def _stop(self, variant: str, event: Any, limit: int) -> bool:
        self.root = None
        span = self._span(event.start_mark, event.end_mark)
        self.diagnostics.append(Diagnostic("PB112", span, {"limit": limit}, variant=variant))
        return False

    def _add(self, node: Node) -> bool:
        self._count += 1
        if self._stack:
            self._stack[-1].children.append(node)
        else:
            self.root = node
        if self._count > MAX_NODES:
            self.root = None
            self.diagnostics.append(Diagnostic("PB112", node.span, {"limit": MAX_NODES}, variant="nodes"))
            return False
        return True

    def _close(self, event: Any) -> bool:
        opened = self._stack.pop()
        span = self._span(opened.start, event.end_mark)
        if not opened.flow:
            start = self._span(opened.start, opened.start)
            span = start.until(opened.children[-1].span) if opened.children else start
        if not opened.mapping:
            return self._add(Sequence(tuple(opened.children), span, opened.flow, opened.prefix))
        entries = tuple(self._entries(opened.children))
        self._report_duplicates(entries)
        return self._add(Mapping(entries, span, opened.flow, opened.prefix))

    def _entries(self, children: list[Node]) -> Iterator[Entry]:
        for key, value in zip(children[::2], children[1::2], strict=True):
            if isinstance(key, Scalar):
                yield Entry(key, value)
            else:
                yield Entry(Scalar("", Style.COMPLEX, key.span), value)

    def _report_duplicates(self, entries: tuple[Entry, ...]) -> None:
        first: dict[str, Scalar] = {}
        told = 0
        for entry in entries:
            if entry.key.style is Style.COMPLEX:
                continue
            before = first.setdefault(entry.key.text, entry.key)
            if before is not entry.key and told < MOST_TWICE:
                told += 1
                variant = "measure" if entry.key.text in _SUBJECTS else ""
                related = (Related(before.span, "related.first"),)
                params = {"name": entry.key.text}
                self.diagnostics.append(Diagnostic("PB103", entry.key.span, params, related, variant=variant))

    def _span(self, start: Any, end: Any) -> Span:
        return Span(
            self.source, *self.place(start.line + 1, start.column + 1), *self.place(end.line + 1, end.column + 1)
        )


def _prefix(event: Any) -> str:
    anchor = f"&{event.anchor}" if event.anchor else ""
    return anchor + (event.tag or "")
