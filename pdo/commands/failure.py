"""What ends a command, as lines for people and as JSON for scripts; the only words for a wrong call."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from typer._click import exceptions as wrong
from typer._click.types import IntParamType
from typer._types import TyperChoice

from pdo.commands.cells import clean
from pdo.commands.present import envelope, wants_color
from pdo.commands.speech import spoken_language
from pdo.core.errors import FindingsError, PdoError, UsageError
from pdo.core.wording import hint_of, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typer.exceptions import TyperException


def failure_lines(error: PdoError) -> list[str]:
    """One line that says what happened and one that says what to do, after the frames of findings."""
    language = spoken_language()
    lines = []
    if isinstance(error, FindingsError):
        from pdo.commands.frame import render_frame  # reads YAML, which most calls do not need

        frames = (render_frame(found, language, color=wants_color(sys.stderr)) for found in error.diagnostics)
        lines = list(frames)
    lines.append(say("error.line", language, message=_clean(say(error.key, language, **error.params))))
    hint = hint_of(error.key, language, **error.params)
    return [*lines, say("error.hint", language, hint=_clean(hint))] if hint else lines


def _clean(text: str) -> str:
    """A sentence without control characters; line breaks stay, for a hint may be a piece of YAML to paste."""
    return "\n".join(clean(line) for line in text.split("\n"))


def failed_envelope(command: str, error: PdoError, data: Mapping[str, object]) -> str:
    """The JSON object of a command that did not end well.

    Args:
        command: as called.
        error: what ended it.
        data: what was done before; mostly nothing.
    """
    language = spoken_language()
    if isinstance(error, FindingsError):
        from pdo.commands.frame import as_json

        found = [as_json(diagnostic, language) for diagnostic in error.diagnostics]
        return envelope(command, "findings", data, found)
    told: dict[str, object] = {
        "code": error.key,
        "severity": "error",
        "message": say(error.key, language, **error.params),
        "file": None,
        "line": None,
        "column": None,
        "end_line": None,
        "end_column": None,
        "hint": hint_of(error.key, language, **error.params) or None,
        "related": [],
    }
    return envelope(command, "failed", data, [told])


def worded(error: TyperException) -> UsageError:
    """A wrong call in our words."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "pdo"
    match error:
        case wrong.NoSuchOption():
            near = sorted(error.possibilities or ())
            if near:
                return UsageError("error.unknown_option.near", name=error.option_name, near=near[0], command=command)
            return UsageError("error.unknown_option", name=error.option_name, command=command)
        case wrong.MissingParameter():
            return UsageError("error.missing_argument", name=_named(error), command=command)
        case wrong.BadParameter():
            return UsageError(_expected_key(error), name=_named(error), expected=_choices(error), command=command)
        case wrong.BadOptionUsage():
            return UsageError("error.option_usage", name=error.option_name, command=command)
    return UsageError("error.usage", message=error.format_message(), command=command)


def _named(error: wrong.BadParameter) -> str:
    """The argument or option at fault, as it is typed."""
    param = error.param
    if param is None:
        return str(error.param_hint or "")
    return (
        max(param.opts, key=len) if param.param_type_name == "option" else (param.metavar or param.name or "").upper()
    )


def _expected_key(error: wrong.BadParameter) -> str:
    type_ = error.param.type if error.param is not None else None
    if isinstance(type_, IntParamType):
        return "error.bad_number"
    return "error.bad_choice" if isinstance(type_, TyperChoice) else "error.bad_value"


def _choices(error: wrong.BadParameter) -> str:
    type_ = error.param.type if error.param is not None else None
    if isinstance(type_, TyperChoice):
        return ", ".join(str(getattr(choice, "value", choice)) for choice in type_.choices)
    return error.message
