"""Message texts: plain ones as pieces that a query puts together, all others in the sandbox that checked them.

A text is plain where it is made of words, `{{ x }}` and `{{ x | default('…') }}`. Both ways say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, NoReturn

from jinja2 import TemplateError, Undefined, nodes

from pdo.playbook.templates import dotted_name, template_environment, template_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Template
    from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_CHARACTERS = 8_000
"""No text, nor any step on the way to it, is longer: filters one upon the other could fill the memory."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A variable in a plain text.

    Args:
        default: what stands in its place where it is absent; None where the person is withheld then.
    """

    name: str
    default: str | None


Pieces = tuple[str | Slot, ...]


class MissingError(Exception):
    """A variable without a default is absent. Carries its name."""


class TooLongError(Exception):
    """A text, or a part of it, got longer than any channel takes."""


@lru_cache(maxsize=4096)
def pieces_of(text: str) -> Pieces | None:
    """A plain text as pieces; None where it is not plain."""
    if "{" not in text:
        return (text.strip(),)
    found: list[str | Slot] = []
    for output in template_environment().parse(text).body:
        if not isinstance(output, nodes.Output):
            return None
        for node in output.nodes:
            piece = _piece(node)
            if piece is None:
                return None
            found.append(piece)
    if found and isinstance(found[0], str):
        found[0] = found[0].lstrip()
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip()
    return tuple(found)


def _piece(node: nodes.Node) -> str | Slot | None:
    if isinstance(node, nodes.TemplateData):
        return node.data
    name = dotted_name(node)
    if name is not None:
        return Slot(name, None)
    if not isinstance(node, nodes.Filter) or node.name not in ("default", "d") or node.node is None or node.kwargs:
        return None
    name = dotted_name(node.node)
    if name is None or len(node.args) != 1 or not isinstance(node.args[0], nodes.Const):
        return None
    return Slot(name, str(node.args[0].value))


# The sandbox --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    """The environment of the checks, in which an absent value cannot be printed and nothing grows without end."""
    environment = template_environment().overlay(undefined=_Absent)
    growing = {name: _bounded(environment.filters[name]) for name in ("replace", "join")}
    environment.filters = {**environment.filters, **growing}
    return environment


class _Absent(Undefined):
    """An absent value: it may be asked for and have a default, and cannot be printed or reckoned with."""

    def __str__(self) -> str:
        raise MissingError(self._undefined_name)

    def _fail_with_undefined_error(self, *_args: object, **_keywords: object) -> NoReturn:
        raise MissingError(self._undefined_name)


def _bounded(filter_: Callable[..., object]) -> Callable[..., object]:
    """A filter whose result may not grow without end."""

    @wraps(filter_)  # with the marks by which Jinja2 knows what to hand in
    def bounded(*args: object, **keywords: object) -> object:
        made = filter_(*args, **keywords)
        if isinstance(made, str) and len(made) > MAX_CHARACTERS:
            raise TooLongError
        return made

    return bounded


@dataclass(frozen=True, slots=True)
class Text:
    """A compiled text."""

    template: Template
    names: tuple[str, ...]

    @classmethod
    @lru_cache(maxsize=1024)
    def compile(cls, text: str) -> Text:
        """Compile a text that `pdo validate` has checked."""
        names = tuple(dict.fromkeys(variable.name for variable in template_variables(text)))
        return cls(_environment().from_string(text), names)

    def render(self, values: Mapping[str, object]) -> str:
        """The text for one customer.

        Args:
            values: by name, `offer.name` included; None and the empty text are absent.

        Raises:
            MissingError: an absent value would be printed, or compared.
            TooLongError: it got too long.
        """
        given: dict[str, object] = {}
        for name, value in values.items():
            if value in (None, ""):
                continue
            whole, _, part = name.partition(".")
            if part:
                inner = given.setdefault(whole, {})
                if isinstance(inner, dict):
                    inner[part] = value
            else:
                given[name] = value
        try:
            made = self.template.render(given).strip()
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
            # A value that a filter can do nothing with is as good as none.
            raise MissingError(", ".join(self.names)) from error
        if len(made) > MAX_CHARACTERS:
            raise TooLongError
        return made
