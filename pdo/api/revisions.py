"""Projects as they were: of a revision that git knows, or of a folder. Loads neither database nor engine."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pdo.api.project import open_project, open_settings, project_root
from pdo.core.errors import FindingsError, UsageError
from pdo.core.frozen import dataclass
from pdo.playbook.describing.comparing import State, compare
from pdo.playbook.files import SETTINGS_FILE, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pdo.core.diagnostics import Diagnostic
    from pdo.core.source import Span
    from pdo.core.wording import Language
    from pdo.playbook.describing.comparing import Comparison

GIT_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")
"""What hooks set, and what would lead git elsewhere than to the project."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two states and what is different.

    Args:
        before: what the older one is called.
        after: what the newer one is called; empty for the working tree.
        found: what is different.
    """

    before: str
    after: str
    found: Comparison


def compare_revisions(
    folder: Path | None, before: str, after: str | None, *, speak: Callable[[Language], Language]
) -> Difference:
    """Say what playbooks mean that they did not mean before.

    Args:
        folder: the project's; None looks in the current folder and above it.
        before: a revision of git, or a folder with a project.
        after: likewise; None for the working tree.
        speak: takes the project's language and gives the one to speak.

    Raises:
        UsageError: there is no project, no git, no such revision, or it holds no project.
        FindingsError: playbooks of either have errors.
    """
    is_alone = after is not None and _is_project(before) and _is_project(after)
    here = Path(after or "") if is_alone else project_root(folder)
    language = speak(open_settings(here).language)
    old = _state(before, here)
    new = _read(here) if after is None else _state(after, here)
    return Difference(before, after or "", compare(old, new, language))


def _is_project(name: str) -> bool:
    return (Path(name) / SETTINGS_FILE).is_file()


def _state(name: str, root: Path) -> State:
    if _is_project(name):
        return _read(Path(name))
    with _checked_out(name, root) as (folder, prefix):
        if not (folder / SETTINGS_FILE).is_file():
            raise UsageError("error.revision_without_project", revision=name, file=f"{prefix}{SETTINGS_FILE}")
        try:
            return _read(folder)
        except FindingsError as error:
            raise FindingsError(
                tuple(_relabelled(found, folder, f"{name}:{prefix}") for found in error.diagnostics), error.key
            ) from error


def _read(folder: Path) -> State:
    settings = open_settings(folder)
    return State(settings, open_project(settings, actor="").project)


# git --------------------------------------------------------------------------------------------------------------


@contextmanager
def _checked_out(revision: str, root: Path) -> Iterator[tuple[Path, str]]:
    """The project's folder at a revision, written elsewhere, and what it is called in the repository.

    The working tree and the index stay as they are: another index is used.
    """
    prefix = _git(root, "rev-parse", "--show-prefix", key="error.not_a_repository")
    commit = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", revision=revision
    )
    with TemporaryDirectory(prefix="pdo-") as temporary:
        index = {"GIT_INDEX_FILE": str(Path(temporary) / "index")}
        tree = f"{commit}:{prefix}" if prefix else commit
        _git(
            root, "read-tree", tree, environment=index,
            key="error.revision_without_project", revision=revision, file=f"{prefix}{SETTINGS_FILE}",
        )  # fmt: skip
        folder = Path(temporary) / "project"
        # From the top: in a folder below it, git would write the files of that folder only.
        top = Path(_git(root, "rev-parse", "--show-toplevel"))
        _git(top, "checkout-index", "--all", f"--prefix={folder}/", environment=index)
        yield folder, prefix


def _git(
    folder: Path,
    *arguments: str,
    key: str = "error.no_revision",
    environment: dict[str, str] | None = None,
    **params: str,
) -> str:
    """What git answers.

    Raises:
        UsageError: there is no git, or it refuses.
    """
    kept = {name: value for name, value in os.environ.items() if name not in GIT_PLACES}
    try:
        done = subprocess.run(  # noqa: S603  (names of commands, and a revision that cannot be taken for an option)
            ["git", *arguments],  # noqa: S607  (as the user's path says)
            cwd=folder,
            env={**kept, **(environment or {})},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError("error.no_git") from None
    if done.returncode:
        raise UsageError(key, **{"folder": shown(folder), "revision": "", **params})
    return os.fsdecode(done.stdout).removesuffix("\n")


# Findings ---------------------------------------------------------------------------------------------------------


def _relabelled(found: Diagnostic, folder: Path, label: str) -> Diagnostic:
    """A finding of a revision, with the name that its file has there."""
    related = tuple(replace(each, span=_named(each.span, folder, label)) for each in found.related)
    return replace(found, span=None if found.span is None else _named(found.span, folder, label), related=related)


def _named(span: Span, folder: Path, label: str) -> Span:
    path = Path(span.source.path)
    if not path.is_relative_to(folder):
        return span
    return replace(span, source=replace(span.source, path=f"{label}{path.relative_to(folder).as_posix()}"))
