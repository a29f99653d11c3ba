"""The profiles that a project can use: its own, and those that come with pdo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pdo.core.errors import FindingsError
from pdo.playbook.profiles import FOLDER, profile_files, read_profile
from pdo.report.names import unknown_name

if TYPE_CHECKING:
    from pdo.core.diagnostics import Diagnostic
    from pdo.model.profiles import Profile
    from pdo.model.settings import Settings

BUILT_IN = Path(__file__).parent.parent / "ingest" / "profiles"
"""Where those are that come with pdo."""


def load_profiles(settings: Settings, name: str | None = None) -> tuple[Profile, ...]:
    """All profiles by name, or the one that is wanted. One of the project's replaces the one of its name that comes with pdo.

    Raises:
        UsageError: there is none of that name.
        FindingsError: one of the project's has errors.
    """
    # An empty file says nothing: a shell makes one before `--show > profiles/NAME.yaml` is even called.
    own = [path for path in profile_files(settings.root / FOLDER) if path.stat().st_size]
    files = {path.stem: path for path in (*profile_files(BUILT_IN), *own)}
    if name is not None and name not in files:
        raise unknown_name("profile", name, files, profiles=", ".join(sorted(files)))
    found: list[Profile] = []
    findings: list[Diagnostic] = []
    for stem, path in sorted(files.items()):
        if name in (None, stem):
            profile, wrong = read_profile(path, settings, is_own=path.parent != BUILT_IN)
            findings += wrong.sorted()
            found += [profile] if profile is not None else []
    if any(finding.is_error for finding in findings):
        raise FindingsError(tuple(findings))
    return tuple(found)
