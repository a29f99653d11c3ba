"""Message texts: Jinja in a sandbox, with nothing in it but the variables of one customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template


def environment() -> ImmutableSandboxedEnvironment:
    """An environment without globals: they would let a text run for ever."""
    made = ImmutableSandboxedEnvironment(autoescape=False, keep_trailing_newline=False)
    made.globals.clear()
    return made


@dataclass(frozen=True, slots=True)
class Text:
    """A compiled text."""

    template: Template

    @classmethod
    def compile(cls, text: str) -> Text:
        """Compile a text that `pdo validate` has checked."""
        return cls(environment().from_string(text))

    def render(self, values: Mapping[str, str]) -> str:
        """The text for one customer; an empty value is left undefined, so that `default` takes its place."""
        return self.template.render({name: value for name, value in values.items() if value != ""}).strip()
