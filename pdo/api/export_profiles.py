"""The export profiles that a project can use: its own, and those that come with pdo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pdo.core.errors import FindingsError
from pdo.playbook.export_profiles import FOLDER, read_export_profile
from pdo.playbook.profiles import profile_files
from pdo.report.names import unknown_name

if TYPE_CHECKING:
    from pdo.model.exporting import ExportProfile
    from pdo.model.settings import Settings

BUILT_IN = Path(__file__).parent.parent / "deliver" / "profiles"


def load_export_profile(settings: Settings, name: str) -> ExportProfile:
    """An export profile by name; one of the project's replaces the one of its name that comes with pdo.

    Raises:
        UsageError: there is none of that name.
        FindingsError: it has errors.
    """
    files = {path.stem: path for folder in (BUILT_IN, settings.root / FOLDER) for path in profile_files(folder)}
    if name not in files:
        raise unknown_name("export_profile", name, files, profiles=", ".join(sorted(files)))
    profile, findings = read_export_profile(files[name], settings)
    if profile is None or findings.has_errors:
        raise FindingsError(findings.sorted(), "error.export_profile")
    return profile
