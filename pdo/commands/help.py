"""Help pages: plain text in the user's language, folded by terminal cells.

Typer's own pages cannot be translated as a whole, count a Chinese character as one cell, and are coloured in pipes under
some CI systems.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from pdo.commands.cells import fold, pad, text_width
from pdo.core.errors import UsageError
from pdo.core.wording import language_of, say
from pdo.report.names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from typer._click import Command as AnyCommand
    from typer._click import Context, HelpFormatter, Parameter

Called = TypeVar("Called", bound="Callable[..., Any]")
WIDEST, NARROWEST, NAMES_AT_MOST = 100, 20, 34
_REWORDED = {"help": "option.help", "install_completion": "option.install", "show_completion": "option.show"}
_SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "allow_extra_args": True}


def words(key: str) -> str:
    """The wording of a help text, in the language of the environment; a project's is not known yet."""
    return say(key, language_of())


class Command(TyperCommand):
    """A command with our help page and our words for a wrong call."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the page."""
        formatter.write(help_page(self, ctx, ()))

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Refuse what is left over.

        Raises:
            UsageError: there are more arguments than the command takes.
        """
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise UsageError("error.extra_argument", argument=rest[0], command=ctx.command_path)
        return rest


class Group(TyperGroup):
    """A group of commands; called bare, it shows its help and that is no mistake."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the page."""
        rows = tuple((name, first_sentence(found.help or "")) for name, found in self.listed(ctx))
        formatter.write(help_page(self, ctx, rows))

    def listed(self, ctx: Context) -> list[tuple[str, AnyCommand]]:
        """The commands, without loading what is loaded late."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        return [(name, command) for name, command in found if command is not None]

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Show the help where nothing is asked for."""
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help())
            raise typer.Exit
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, AnyCommand | None, list[str]]:
        """Find the command, or say which one may be meant.

        Raises:
            UsageError: there is no such command.
        """
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise unknown_name("command", args[0], self.list_commands(ctx), command=ctx.command_path)
        return super().resolve_command(ctx, args)


def first_sentence(text: str) -> str:
    """As much of a help text as a list of commands shows."""
    return re.split(r"(?<=。)|(?<=[.;]) |\n", text, maxsplit=1)[0].rstrip(";").rstrip("。.") if text else ""


def single() -> typer.Typer:
    """An application of one command."""
    return typer.Typer(cls=Group, add_completion=False, context_settings=_SETTINGS, rich_markup_mode=None)


def group() -> typer.Typer:
    """An application whose commands stand in one module; a group even where it has only one."""
    app = single()
    app.callback()(_nothing_of_its_own)
    return app


def _nothing_of_its_own() -> None:
    pass


def command(app: typer.Typer, name: str, key: str | None = None) -> Callable[[Called], Called]:
    """Add a command to an application, with its help.

    Args:
        app: where it belongs.
        name: as typed.
        key: of the wording; `help.NAME` unless given.
    """
    return app.command(name, cls=Command, help=words(key or f"help.{name}"), context_settings=_SETTINGS)


# The page ---------------------------------------------------------------------------------------------------------------


def page_width() -> int:
    """How wide a page is: as the terminal, within reason."""
    return max(min(shutil.get_terminal_size().columns, WIDEST), NARROWEST)


def help_page(described: AnyCommand, ctx: Context, commands: Sequence[tuple[str, str]]) -> str:
    """The help of a command: usage, what it does, arguments, options, commands."""
    width = page_width()
    params = [param for param in described.get_params(ctx) if not getattr(param, "hidden", False)]
    options = [_option_row(param) for param in params if isinstance(param, TyperOption)]
    arguments = [_argument_row(param) for param in params if not isinstance(param, TyperOption)]
    lines = fold(_usage(ctx, [name for name, _ in arguments], has_commands=bool(commands)), width)
    for paragraph in (described.help or "").split("\n"):
        lines += ["", *fold(paragraph, width)]
    for title, rows in (("help.commands", commands), ("help.arguments", arguments), ("help.options", options)):
        if rows:
            lines += ["", *fold(words(title), width), *_rows(rows, width)]
    return "\n".join(lines) + "\n"


def _usage(ctx: Context, arguments: Sequence[str], *, has_commands: bool) -> str:
    parts = (
        [ctx.command_path, *arguments, words("help.command_word")] if has_commands else [ctx.command_path, *arguments]
    )
    return words("help.usage") + " ".join([*parts, words("help.option_word")])


def _argument_row(param: Parameter) -> tuple[str, str]:
    name = (param.metavar or param.name or "").upper()
    dots = "..." if param.nargs != 1 else ""
    return (f"{name}{dots}" if param.required else f"[{name}{dots}]", getattr(param, "help", None) or "")


def _option_row(param: TyperOption) -> tuple[str, str]:
    names = ", ".join(sorted(param.opts, key=len))
    if param.secondary_opts:
        names += " / " + ", ".join(param.secondary_opts)
    if not param.is_flag and param.metavar:
        names += f" {param.metavar}"
    reworded = _REWORDED.get(param.name or "")
    return names, words(reworded) if reworded else param.help or ""


def _rows(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Two columns; where the terminal is narrow or a name is long, what it means stands below."""
    names = min(max(text_width(name) for name, _ in rows), NAMES_AT_MOST)
    side_by_side = width - names - 4 >= NAMES_AT_MOST - 4
    lines = []
    for name, meaning in rows:
        if side_by_side and text_width(name) <= names:
            first, *more = fold(meaning, width - names - 4)
            lines.append(f"  {pad(name, names)}  {first}".rstrip())
            lines += [" " * (names + 4) + line for line in more]
        else:
            lines += [f"  {line}" for line in fold(name, width - 2)]
            indent = names + 4 if side_by_side else 6
            lines += [" " * indent + line for line in fold(meaning, width - indent) if line]
    return lines
