"""The language of results and errors: `PDO_LANG`, then the project's once `pdo.yaml` is read, then the locale.

The one thing that a command leaves behind for the error boundary: what it learnt from `pdo.yaml` before it failed.
"""

from __future__ import annotations

from contextvars import ContextVar

from pdo.core.wording import Language, language_of

_PROJECT_LANGUAGE: ContextVar[Language | None] = ContextVar("project_language", default=None)


def speak(language: Language | None) -> None:
    """Note the project's language; None where it is not known."""
    _PROJECT_LANGUAGE.set(language)


def spoken_language() -> Language:
    """The language to speak now."""
    return language_of(project=_PROJECT_LANGUAGE.get())
