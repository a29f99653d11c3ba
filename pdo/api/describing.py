"""Saying what playbooks mean. Loads neither database nor engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.api.project import open_project, open_settings
from pdo.deliver.files import pending_file
from pdo.playbook.describing.handbook import handbook
from pdo.playbook.describing.html import as_html
from pdo.playbook.describing.pages import as_markdown
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


def print_handbook(
    folder: Path | None, *, as_page: bool, output: Path | None, speak: Callable[[Language], Language]
) -> str:
    """The playbooks as a manual.

    Args:
        folder: the project's; None looks in the current folder and above it.
        as_page: HTML instead of Markdown.
        output: where it is written by atomic rename; None for nowhere.
        speak: takes the project's language and gives the one to speak.

    Raises:
        UsageError: there is no project, or a folder has the name of the file.
        FindingsError: the project has errors.
        StorageError: the file cannot be written.
    """
    settings = open_settings(folder)
    voice = Voice(speak(settings.language), settings)
    page = handbook(open_project(settings, actor="").project, voice)
    text = as_html(page, voice.language) if as_page else as_markdown(page)
    if output is not None:
        with pending_file(output, [text.encode("utf-8", "replace")]) as pending:
            pending.publish()
    return text


def _is_meant(each: Described, name: str) -> bool:
    return name in (each.name or each.kind, each.playbook, each.title)


def _names(described: tuple[Described, ...]) -> list[str]:
    return [name for each in described for name in (each.name or each.kind, each.playbook) if name]
