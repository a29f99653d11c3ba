"""Checking playbooks. Loads neither database nor engine."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from pdo.api.project import project_root
from pdo.core.codes import codes
from pdo.core.diagnostics import Diagnostic, Findings
from pdo.core.errors import UsageError
from pdo.core.frozen import dataclass
from pdo.playbook.files import SETTINGS_FILE, find_project, playbook_files, read_source, shown
from pdo.playbook.project import load_project
from pdo.playbook.settings import read_settings
from pdo.playbook.suppressions import Suppression, read_suppressions, sift
from pdo.report.names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pdo.core.wording import Language

UNREADABLE = "PB1"
"""Codes of what could not be read: an error of these is told whatever was chosen, for nothing else there was checked."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which findings are wanted, by the beginnings of their codes.

    Args:
        select: only these; all where empty.
        ignore: but not these.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def wants(self, found: Diagnostic) -> bool:
        """Whether a finding is told."""
        if found.is_error and found.code.startswith(UNREADABLE):
            return True
        return (not self.select or found.code.startswith(self.select)) and not found.code.startswith(self.ignore)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Args:
        files: the playbooks that were read, as shown.
        diagnostics: everything that is told, by file, line and column.
        language: the project's; None where `pdo.yaml` cannot be read.
        silenced: what comments in the files say is to be left alone, with the reason given.
        hidden_count: how many findings were not chosen.
    """

    files: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    language: Language | None
    silenced: tuple[tuple[Diagnostic, str], ...] = ()
    hidden_count: int = 0

    @property
    def file_count(self) -> int:
        """How many playbooks were read."""
        return len(self.files)

    @property
    def error_count(self) -> int:
        """How many of the findings are errors."""
        return sum(found.is_error for found in self.diagnostics)

    @property
    def other_count(self) -> int:
        """How many of the findings stop nothing."""
        return len(self.diagnostics) - self.error_count


def check(folder: Path | None, paths: tuple[Path, ...] | None, chosen: Chosen | None = None) -> CheckReport:
    """Check projects' settings and playbooks.

    Args:
        folder: the project's; None looks in the current folder and above it, or in those of the paths and above them.
        paths: only these playbooks; None for all.
        chosen: which findings are told; all unless given.

    Raises:
        UsageError: there is no project, a path does not exist, a code does not, or there is nothing to check.
    """
    choice = chosen or Chosen()
    _check_codes(choice)
    if folder is not None or paths is None:
        found = _check_project(project_root(folder), paths)
    else:
        found = reduce(_joined, [_check_project(root, inside) for root, inside in projects_of(paths)])
    kept = tuple(each for each in found.diagnostics if choice.wants(each))
    hidden = len(found.diagnostics) - len(kept)
    return CheckReport(found.files, kept, found.language, found.silenced, hidden)


def language_at(folder: Path | None) -> Language | None:
    """The language of the project that lies there; None where there is none.

    Raises:
        UsageError: a folder is named and holds no project.
    """
    try:
        root = project_root(folder)
    except UsageError:
        if folder is not None:
            raise
        return None
    settings, _ = read_settings(root)
    return None if settings is None else settings.language


def _check_codes(chosen: Chosen) -> None:
    known = codes()
    for prefix in (*chosen.select, *chosen.ignore):
        if not prefix or not any(code.startswith(prefix) for code in known):
            raise unknown_name("code", prefix, known)


def projects_of(paths: tuple[Path, ...]) -> Iterator[tuple[Path, tuple[Path, ...]]]:
    """The projects in which paths lie, with those paths."""
    found: dict[Path, list[Path]] = {}
    for path in paths:
        if not path.exists():
            raise UsageError("error.file_missing", path=shown(path))
        found.setdefault(find_project(path if path.is_dir() else path.parent), []).append(path)
    return ((root, tuple(inside)) for root, inside in found.items())


def _check_project(root: Path, paths: tuple[Path, ...] | None) -> CheckReport:
    settings, findings = read_settings(root)
    if settings is None:
        return CheckReport((), findings.sorted(), None)
    named = None if paths is None else tuple(path for path in paths if path.name != SETTINGS_FILE)
    only_settings = paths is not None and not named
    files = () if only_settings else playbook_files(settings, named)
    if not files and not only_settings:
        raise UsageError("error.no_playbooks", folder=settings.root if paths is None else paths[0])
    if files:
        findings.extend(load_project(settings, files)[1].sorted())
    sifted = sift(findings.sorted(), _suppressions((*files, root / SETTINGS_FILE)), codes())
    names = tuple(shown(path) for path in files) or (shown(root / SETTINGS_FILE),)
    return CheckReport(names, sifted.kept, settings.language, sifted.silenced)


def _suppressions(files: tuple[Path, ...]) -> Iterator[Suppression]:
    for path in files:
        source = read_source(path, Findings())  # what cannot be read has been told
        if source is not None:
            yield from read_suppressions(source)


def _joined(one: CheckReport, other: CheckReport) -> CheckReport:
    return CheckReport(
        (*one.files, *other.files),
        (*one.diagnostics, *other.diagnostics),
        one.language or other.language,
        (*one.silenced, *other.silenced),
    )
