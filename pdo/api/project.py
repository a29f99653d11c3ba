"""Opening a project: its settings and its playbooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pdo.core.errors import FindingsError, UsageError
from pdo.core.frozen import dataclass
from pdo.core.late import late
from pdo.playbook.files import find_project
from pdo.playbook.settings import read_settings

if TYPE_CHECKING:
    from pdo.core.diagnostics import Diagnostic
    from pdo.model.playbook import Project
    from pdo.model.settings import Settings
    from pdo.playbook import project as playbooks
else:
    playbooks = late("pdo.playbook.project")  # an import, a backup or a question of the store asks no playbook


@dataclass(frozen=True, slots=True)
class OpenProject:
    """A project whose playbooks have no errors.

    Args:
        settings: what `pdo.yaml` says.
        project: the playbooks.
        actor: who calls, as the journals note it.
        warnings: findings that stop nothing.
    """

    settings: Settings
    project: Project
    actor: str
    warnings: tuple[Diagnostic, ...] = ()


def project_root(folder: Path | None) -> Path:
    """The project's folder.

    Args:
        folder: in which to look, and above it; None for the current one.

    Raises:
        UsageError: there is no project, or no such folder.
    """
    if folder is not None and not folder.is_dir():
        raise UsageError("error.folder_missing", path=folder)
    return find_project(folder or Path())


def open_settings(folder: Path | None) -> Settings:
    """Find the project and read its settings.

    Args:
        folder: the project's; None looks in the current folder and above it.

    Raises:
        UsageError: there is no project.
        FindingsError: `pdo.yaml` has errors.
    """
    settings, findings = read_settings(project_root(folder))
    if settings is None or findings.has_errors:
        raise FindingsError(findings.sorted())
    return settings


def open_project(settings: Settings, *, actor: str) -> OpenProject:
    """Read the project's playbooks.

    Raises:
        FindingsError: they have errors.
    """
    project, findings = playbooks.load_project(settings)
    if project is None or findings.has_errors:
        raise FindingsError(findings.sorted())
    return OpenProject(settings, project, actor, findings.sorted())
