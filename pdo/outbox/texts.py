"""Message texts, rendered in the environment that checked them, with nothing but the variables of one customer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pdo.playbook.templates import template_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class Text:
    """A compiled text."""

    template: Template

    @classmethod
    @lru_cache(maxsize=1024)
    def compile(cls, text: str) -> Text:
        """Compile a text that `pdo validate` has checked; once, for examples plan the same messages again and again."""
        return cls(template_environment().from_string(text))

    def render(self, values: Mapping[str, object]) -> str:
        """The text for one customer; an absent value is left undefined, so that `default` takes its place."""
        return self.template.render({name: value for name, value in values.items() if value not in (None, "")}).strip()
