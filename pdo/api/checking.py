"""Checking playbooks. Loads neither database nor engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdo.api.project import project_root
from pdo.core.errors import UsageError
from pdo.playbook.files import playbook_files
from pdo.playbook.project import load_project
from pdo.playbook.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path

    from pdo.core.diagnostics import Diagnostic
    from pdo.core.wording import Language


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Args:
        file_count: how many playbooks were read.
        diagnostics: everything, by file, line and column.
        language: the project's; None where `pdo.yaml` cannot be read.
    """

    file_count: int
    diagnostics: tuple[Diagnostic, ...]
    language: Language | None

    @property
    def error_count(self) -> int:
        """How many of them are errors."""
        return sum(found.is_error for found in self.diagnostics)

    @property
    def other_count(self) -> int:
        """How many of them stop nothing."""
        return len(self.diagnostics) - self.error_count


def check(folder: Path | None, paths: tuple[Path, ...] | None) -> CheckReport:
    """Check a project's settings and playbooks.

    Args:
        folder: the project's; None looks in the current folder and above it.
        paths: only these playbooks; None for all.

    Raises:
        UsageError: there is no project, a path does not exist, or there is nothing to check.
    """
    settings, findings = read_settings(project_root(folder))
    if settings is None:
        return CheckReport(0, findings.sorted(), None)
    files = playbook_files(settings, paths)
    if not files:
        raise UsageError("error.no_playbooks", folder=settings.root if paths is None else paths[0])
    _, found = load_project(settings, files)
    findings.extend(found.sorted())
    return CheckReport(len(files), findings.sorted(), settings.language)
