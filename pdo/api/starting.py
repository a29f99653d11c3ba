"""A new project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.api.project import open_settings
from pdo.core.committed import noting_commit
from pdo.deliver.starting import lay_project, require_template
from pdo.model.reports import InitReport
from pdo.store import schema
from pdo.store.session import open_session

if TYPE_CHECKING:
    from pathlib import Path

    from pdo.core.wording import Language


def init(root: Path, *, template: str | None, language: Language) -> InitReport:
    """Make what a project lacks: settings, folders, playbooks, database. What is there stays as it is.

    Args:
        root: the project's folder.
        template: whose files to begin with; None for a small example.
        language: of the example.

    Raises:
        UsageError: no such template, or `root` is a file.
        FindingsError: the `pdo.yaml` that is there has errors.
        StorageError: the folder cannot be written, or the database that is there is damaged.
        SchemaVersionError: the database that is there is older or newer than this program.
    """
    if template is not None:
        require_template(template)
    with noting_commit():
        laid = lay_project(root, template=template, language=language)
    settings = open_settings(root)
    name = _shown(settings.database, root)
    if schema.create(settings.database):
        return InitReport(str(root), (*laid.made, name), laid.kept)
    with open_session(settings.database):
        return InitReport(str(root), laid.made, (*laid.kept, name))


def _shown(path: Path, root: Path) -> str:
    resolved, base = path.resolve(), root.resolve()
    return str(resolved.relative_to(base)) if resolved.is_relative_to(base) else str(path)
