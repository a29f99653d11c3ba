"""Saying what playbooks mean. Loads neither database nor engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.api.project import open_project, open_settings
from pdo.playbook.describing.rules import describe
from pdo.playbook.describing.tests import Voice
from pdo.report.names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pdo.core.wording import Language
    from pdo.playbook.describing.rules import Described


def describe_rules(
    folder: Path | None, names: tuple[str, ...], *, speak: Callable[[Language], Language]
) -> tuple[Described, ...]:
    """Say rules of a project as sentences.

    Args:
        folder: the project's; None looks in the current folder and above it.
        names: of rules, or of playbooks for all of their rules; everything where there are none.
        speak: takes the project's language and gives the one to speak.

    Raises:
        UsageError: there is no project, or nothing has that name.
        FindingsError: the project has errors.
    """
    settings = open_settings(folder)
    voice = Voice(speak(settings.language), settings)
    project = open_project(settings, actor="").project
    described = tuple(describe(project, voice))
    if not names:
        return described
    for name in names:
        if not any(_is_meant(each, name) for each in described):
            raise unknown_name("rule", name, _names(described))
    return tuple(each for each in described if any(_is_meant(each, name) for name in names))


def _is_meant(each: Described, name: str) -> bool:
    return name in (each.name or each.kind, each.playbook, each.title)


def _names(described: tuple[Described, ...]) -> list[str]:
    return [name for each in described for name in (each.name or each.kind, each.playbook) if name]
