"""Files of a project: where they are and what stands in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pdo.core.errors import StorageError, UsageError
from pdo.core.nodes import MAX_BYTES
from pdo.core.source import Source, Span

if TYPE_CHECKING:
    from pdo.core.diagnostics import Findings
    from pdo.model.settings import Settings

SETTINGS_FILE = "pdo.yaml"
PLAYBOOK_FOLDER = "playbooks"
CASES_SUFFIXES = (".cases.yaml", ".cases.yml")
"""Files of examples, which lie beside playbooks."""

_SUFFIXES = (".yaml", ".yml")


def find_project(start: Path) -> Path:
    """The folder with `pdo.yaml`: this one or the nearest above.

    Raises:
        UsageError: there is none.
    """
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / SETTINGS_FILE).is_file():
            return candidate
    raise UsageError("error.no_project", folder=shown(start))


def shown(path: Path) -> str:
    """A path as the user would type it from where they are."""
    absolute = path if path.is_absolute() else Path.cwd() / path
    try:
        return str(absolute.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def playbook_files(settings: Settings, paths: tuple[Path, ...] | None) -> tuple[Path, ...]:
    """The playbooks of a project, by name; or those that were named, of a folder all in it.

    Raises:
        UsageError: a path that was named does not exist.
    """
    if paths is None:
        folder = settings.root / PLAYBOOK_FOLDER
        return _in_folder(folder if folder.is_dir() else settings.root)
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inner = path / PLAYBOOK_FOLDER
            found.update(dict.fromkeys(_in_folder(inner if inner.is_dir() else path)))
        elif path.exists():
            found[path] = None
        else:
            raise UsageError("error.file_missing", path=shown(path))
    return tuple(found)


def _in_folder(folder: Path) -> tuple[Path, ...]:
    paths = sorted(folder.iterdir(), key=lambda path: path.name) if folder.is_dir() else []
    return tuple(path for path in paths if path.suffix in _SUFFIXES and path.name != SETTINGS_FILE and path.is_file())


def read_source(path: Path, findings: Findings) -> Source | None:
    """The text of a file.

    Raises:
        UsageError: there is no such file.
        StorageError: it may not be read.

    Diagnostics:
        PB112 too large, PB113 not UTF-8.
    """
    name = shown(path)
    empty = Source(name, "")
    try:
        if path.stat().st_size > MAX_BYTES:
            findings.add("PB112", Span(empty, 1, 1, 1, 1), variant="size", limit=f"{MAX_BYTES >> 20} MiB")
            return None
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageError("error.file_missing", path=name) from None
    except IsADirectoryError:
        raise UsageError("error.file_is_folder", path=name) from None
    except OSError:
        raise StorageError("error.not_permitted", path=name) from None
    try:
        return Source(name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        variant = "utf16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        findings.add("PB113", Span(empty, line, 1, line, 1), variant=variant)
        return None
