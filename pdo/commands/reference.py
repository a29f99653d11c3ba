"""The reference pages that follow from the program: `docs/reference/commands.md` and `exit-codes.md`.

What a command says is worded when its module is loaded, so each language takes a process of its own: `docs/build.py`
starts both and joins what they say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperGroup

from pdo.core.errors import ExitCode
from pdo.core.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from typer._click import Command as AnyCommand
    from typer._click import Context


def help_texts(root: AnyCommand) -> dict[str, str]:
    """The help of every command, by its name as typed, `customer show`."""
    return dict(_texts(root, root.make_context("pdo", [], resilient_parsing=True)))


def _texts(found: AnyCommand, ctx: Context) -> Iterator[tuple[str, str]]:
    yield ctx.command_path, found.get_help(ctx)
    if isinstance(found, TyperGroup):
        for name in found.list_commands(ctx):
            _, inner, _ = found.resolve_command(ctx, [name])
            if inner is not None:
                yield from _texts(inner, inner.make_context(name, [], parent=ctx, resilient_parsing=True))


def commands_page(chinese: Mapping[str, str], english: Mapping[str, str]) -> str:
    """`docs/reference/commands.md`."""
    lines = ["# Commands · 命令", "", "Generated from the program by `docs/build.py`; do not edit.", ""]
    for name, text in chinese.items():
        lines += [f"## `{name}`", "", "```text", text.rstrip(), "```", "", "```text", english[name].rstrip(), "```", ""]
    return "\n".join(lines)


def exit_codes_page() -> str:
    """`docs/reference/exit-codes.md`."""
    lines = [
        "# Exit codes · 退出码",
        "",
        "Generated from the program by `docs/build.py`; do not edit. Treat any other code as a failure.",
        "",
        "| code | meaning | 含义 |",
        "| ---: | --- | --- |",
    ]
    for code in ExitCode:
        key = f"exit.{code.name.lower()}"
        lines.append(f"| {code.value} | {say(key, 'en')} | {say(key, 'zh')} |")
    return "\n".join([*lines, ""])
