"""The one place that prints results: a table, lines, or the JSON object that scripts read."""

from __future__ import annotations

import errno
import json
import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

from pdo.commands.cells import clean, pad, text_width
from pdo.commands.options import ColorWhen, Format, Loudness
from pdo.commands.speech import spoken_language
from pdo.core.errors import PdoError, StoppedError, StorageError
from pdo.core.frozen import dataclass
from pdo.core.wording import WORDING, Language, say
from pdo.model.fields import CUSTOMERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

JSON_VERSION = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below headings.

    Args:
        headings: worded.
        rows: cells as texts; control bytes in them are dropped when printed.
        right: the columns that stand to the right, as numbers do.
    """

    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command's result goes.

    Args:
        command: as called, `customer show`.
        is_json: one JSON object instead of text.
        language: of the text.
    """

    command: str
    is_json: bool
    language: Language

    def say(self, key: str, **params: object) -> str:
        """The wording of a key in the language of this output."""
        return say(key, self.language, **params)

    def say_or(self, key: str, otherwise: str) -> str:
        """The wording of a key, or a text where it has none."""
        return say(key, self.language) if key in WORDING else otherwise

    def headings(self, *names: str) -> tuple[str, ...]:
        """The headings of a table."""
        return tuple(self.say(f"heading.{name}") for name in names)

    def show(
        self,
        data: Mapping[str, object],
        *blocks: str | Table,
        status: str = "ok",
        diagnostics: Sequence[Mapping[str, object]] = (),
        summary: str = "",
    ) -> None:
        """Print a result; of one that is well, under `--quiet` nothing and under `--summary` one line.

        Args:
            data: what JSON carries under `data`; keys are English and pinned by tests.
            blocks: what the text consists of; an empty table is left out.
            status: `ok`, `findings`, `partial` or `failed`.
            diagnostics: findings, as `frame.as_json` gives them.
            summary: the one line; the last line of the text unless given.
        """
        blocks = _loud_enough(blocks, summary) if status == "ok" else blocks
        with writing(sys.stdout) as stream:
            if self.is_json:
                stream.write(envelope(self.command, status, data, diagnostics) + "\n")
                return
            for block in blocks:
                if isinstance(block, str):
                    stream.write(block + "\n")
                elif block.rows:
                    write_table(block, stream)


def _loud_enough(blocks: tuple[str | Table, ...], summary: str) -> tuple[str | Table, ...]:
    """What is printed of a text."""
    match _LOUDNESS.get():
        case Loudness.QUIET:
            return ()
        case Loudness.SUMMARY:
            last = next((block for block in reversed(blocks) if isinstance(block, str) and block), "")
            return (summary or last,) if summary or last else ()
    return blocks


class Unfinished(Exception):
    """A command that did a part of its work and then met what ends it; the boundary tells both.

    Args:
        error: what ended it.
        data: what JSON says of the part that was done.
        blocks: the same as text.
    """

    def __init__(self, error: PdoError, data: Mapping[str, object], blocks: tuple[str | Table, ...]) -> None:
        super().__init__(error)
        self.error = error
        self.data = data
        self.blocks = blocks


def tell(line: str) -> None:
    """Say something beside the result, on standard error."""
    with writing(sys.stderr) as stream:
        stream.write(f"{line}\n")


def output_of(command: str, output_format: Format) -> Output:
    """The output of a command, in the language that is spoken."""
    return Output(command, output_format is Format.JSON, spoken_language())


def envelope(
    command: str, status: str, data: Mapping[str, object], diagnostics: Sequence[Mapping[str, object]] = ()
) -> str:
    """The JSON object of a result. Fields are added, never renamed."""
    found = {
        "version": JSON_VERSION,
        "command": command,
        "status": status,
        "data": data,
        "diagnostics": list(diagnostics),
    }
    return json.dumps(found, ensure_ascii=False, indent=2).encode("utf-8", "replace").decode("utf-8")


_COLOR: ContextVar[ColorWhen] = ContextVar("color", default=ColorWhen.AUTO)


_LOUDNESS: ContextVar[Loudness] = ContextVar("loudness", default=Loudness.FULL)


def choose_loudness(loudness: Loudness) -> None:
    """Note what `--quiet` and `--summary` say."""
    _LOUDNESS.set(loudness)


def choose_color(when: ColorWhen) -> None:
    """Note what `--color` says."""
    _COLOR.set(when)


def wants_color(stream: TextIO) -> bool:
    """Whether a stream gets colours: as `--color` says, else where it is a terminal that wants them."""
    if _COLOR.get() is not ColorWhen.AUTO:
        return _COLOR.get() is ColorWhen.ALWAYS
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@contextmanager
def writing(stream: TextIO) -> Iterator[TextIO]:
    """Write and flush; a reader that has gone away is no mistake.

    Raises:
        StorageError: the device is full.
    """
    try:
        yield stream
        stream.flush()
    except BrokenPipeError:
        silence(stream)
    except StoppedError:
        silence(stream)  # nobody may be reading any more, and the process is to end
        raise
    except OSError as error:
        silence(stream)
        reason = os.strerror(error.errno or errno.EIO)
        raise StorageError("error.output", reason=reason) from error


def silence(stream: TextIO) -> None:
    """Let what is still buffered go nowhere, so that nothing complains when the process ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def write_table(table: Table, stream: TextIO) -> None:
    """Print a table: drawn on a terminal, one line a record and nothing cut elsewhere."""
    rows = [tuple(clean(cell) for cell in row) for row in table.rows]
    if stream.isatty() and os.environ.get("TERM") != "dumb":
        _draw(table, rows, stream)
    else:
        _align(table, rows, stream)


def _align(table: Table, rows: Sequence[tuple[str, ...]], stream: TextIO) -> None:
    lines = [table.headings, *rows]
    widths = [max(text_width(line[index]) for line in lines) for index in range(len(table.headings))]
    for line in lines:
        cells = (pad(cell, widths[index], right=index in table.right) for index, cell in enumerate(line))
        stream.write("  ".join(cells).rstrip() + "\n")


def _draw(table: Table, rows: Sequence[tuple[str, ...]], stream: TextIO) -> None:
    import rich.table
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.text import Text

    drawn = rich.table.Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, heading in enumerate(table.headings):
        drawn.add_column(Text(heading), justify="right" if index in table.right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    console = Console(
        file=stream, color_system="auto" if wants_color(stream) else None, markup=False, highlight=False, emoji=False
    )
    console.print(drawn)


def number(value: int) -> str:
    """A count for people: `28,010`."""
    return f"{value:,}"


def local(moment: str | None) -> str:
    """An ISO moment for people: `2026-03-02 09:00`, in the project's zone as it stands there."""
    return moment[:16].replace("T", " ") if moment else ""


def field_label(name: str, language: Language) -> str:
    """The heading of a customer's column or metric: a built-in column has a Chinese name."""
    column = CUSTOMERS.column(name)
    return column.label if column is not None and language == "zh" else name


def money(minor: int) -> str:
    """An amount for people, in 元: `1,902,487.15`."""
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), 100)
    return f"{sign}{whole:,}.{rest:02}"
