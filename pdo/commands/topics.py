"""`pdo help`: a command's help, or a topic that belongs to none."""

from __future__ import annotations

import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from pdo.commands.cells import fold, pad
from pdo.commands.help import command, page_width, single
from pdo.commands.options import argument
from pdo.commands.present import writing
from pdo.commands.speech import spoken_language
from pdo.core.errors import ExitCode
from pdo.core.wording import say
from pdo.report.names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typer._click import Command

app = single()


@command(app, "help")
def help_(context: typer.Context, *, topic: Annotated[str | None, argument("topic", metavar="TOPIC")] = None) -> None:
    """Show it."""
    root = context.find_root()
    group: Command = root.command
    names = getattr(group, "list_commands")(root)  # noqa: B009  (the root is a group)
    if topic is None:
        lines = _listed()
    elif topic in TOPICS:
        lines = _page(topic)
    elif topic in names:
        _, found, _ = getattr(group, "resolve_command")(root, [topic])  # noqa: B009  (as above)
        lines = iter([found.get_help(found.make_context(topic, [], parent=root, resilient_parsing=True)).rstrip("\n")])
    else:
        raise unknown_name("topic", topic, (*TOPICS, *names))
    with writing(sys.stdout) as stream:
        stream.writelines(f"{line}\n" for line in lines)


def _said(key: str) -> str:
    return say(key, spoken_language())


def _listed() -> Iterator[str]:
    width = max(map(len, TOPICS))
    yield _said("help.topics")
    yield from (f"  {pad(name, width)}  {_said(f'topic.{name}')}" for name in TOPICS)


def _page(name: str) -> Iterator[str]:
    yield _said(f"topic.{name}")
    yield ""
    yield from TOPICS[name]()
    for paragraph in _said(f"topic.{name}.text").split("\n"):
        yield from _paragraph(paragraph)


def _paragraph(text: str) -> Iterator[str]:
    """A paragraph, folded; of `NAME   what it is` the second part stays to the right."""
    name, gap, meaning = text.partition("  ")
    indent = " " * (len(name + gap) + len(meaning) - len(meaning.lstrip())) if gap else ""
    first, *more = fold(meaning.lstrip() if gap else text, page_width() - len(indent))
    yield pad(name, len(indent)) + first if gap else first
    yield from (indent + line for line in more)


def _nothing() -> Iterator[str]:
    return iter(())


def _exit_codes() -> Iterator[str]:
    for code in ExitCode:
        first, *more = fold(_said(f"exit.{code.name.lower()}"), page_width() - 5)
        yield f"{code.value:>3}  {first}"
        yield from (f"     {line}" for line in more)
    yield ""


TOPICS: MappingProxyType[str, Callable[[], Iterator[str]]] = MappingProxyType(
    {"exit-codes": _exit_codes, "environment": _nothing, "formats": _nothing, "automation": _nothing}
)
"""Topics → what stands before the text of the wording."""
