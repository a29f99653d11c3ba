"""The files of a new project: from the starter or from a template. What is there is never overwritten."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pdo.core.errors import StorageError, UsageError
from pdo.playbook.schema import FILES, schema_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.core.wording import Language

FOLDERS = ("playbooks", "contents", "sample_data")
SETTINGS = "pdo.yaml"
SCHEMA_FOLDER = "schema"
SCRIPTS = (".py", ".pyc")
_MODELINE = re.compile(rb"(?m)^(# yaml-language-server: \$schema=)[^\r\n]*/(\w+\.schema\.json)$")


@dataclass(frozen=True, slots=True)
class Laid:
    """What was made and what was there, relative to the project, in the order of making; folders end with `/`."""

    made: tuple[str, ...]
    kept: tuple[str, ...]


def template_names() -> tuple[str, ...]:
    """The templates there are."""
    folder = _shipped("playbooks")
    return tuple(sorted(entry.name for entry in folder.iterdir() if (entry / SETTINGS).is_file())) if folder else ()


def lay_project(root: Path, *, template: str | None, language: Language) -> Laid:
    """Put the files of a project where they are missing.

    Args:
        root: the project's folder, made where it is missing.
        template: the name of one of `template_names`; None for the starter.
        language: of the starter's comments.

    Raises:
        StorageError: the folder cannot be written.
    """
    is_new = not (root / SETTINGS).exists()
    made: list[str] = []
    kept: list[str] = []
    try:
        root.mkdir(parents=True, exist_ok=True)
        for folder in FOLDERS:
            # A playbooks folder would hide playbooks that lie beside `pdo.yaml`.
            if folder != "playbooks" or is_new or template is not None or not _has_playbooks(root):
                _note((root / folder).is_dir(), f"{folder}/", made, kept)
                (root / folder).mkdir(exist_ok=True)
        for name, source in _files(root, template=template, language=language, is_new=is_new):
            target = root / name
            _note(target.exists(), name, made, kept)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(_content(name, source))
        _lay_schemas(root / SCHEMA_FOLDER, made, kept)
    except OSError as error:
        forbidden = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)
        raise StorageError("error.not_permitted" if forbidden else "error.disk_full", path=root) from error
    return Laid(tuple(made), tuple(kept))


def _content(name: str, source: Path) -> bytes:
    """A file as the project gets it: the line that names its schema to editors leads into the project."""
    place = "../" * name.count("/") + SCHEMA_FOLDER
    return _MODELINE.sub(lambda found: found[1] + f"{place}/".encode() + found[2], source.read_bytes())


def _lay_schemas(folder: Path, made: list[str], kept: list[str]) -> None:
    """Put what editors complete and explain by beside the playbooks."""
    _note(folder.is_dir(), f"{SCHEMA_FOLDER}/", made, kept)
    folder.mkdir(exist_ok=True)
    for file in FILES:
        path = folder / f"{file}.schema.json"
        if not path.exists():
            path.write_text(schema_text(file), "utf-8")


def _has_playbooks(folder: Path) -> bool:
    return any(path.name != SETTINGS for path in folder.glob("*.y*ml"))


def _note(exists: bool, name: str, made: list[str], kept: list[str]) -> None:  # noqa: FBT001  (what was asked first)
    (kept if exists else made).append(name)


def _files(root: Path, *, template: str | None, language: Language, is_new: bool) -> Iterator[tuple[str, Path]]:
    """(name in the project, file to copy)."""
    starter = Path(str(files("pdo.deliver") / "starter"))
    yield ".gitignore", starter / "gitignore"
    if template is None:
        yield SETTINGS, starter / language / SETTINGS
        if is_new and not _has_playbooks(root / "playbooks"):
            yield "playbooks/first.yaml", starter / language / "playbooks" / "first.yaml"
        return
    worked, data = _shipped("playbooks", template), _shipped("sample_data")
    if worked is not None and (worked / "sample_data").is_dir():
        data = None  # it brings data of its own
    for folder, prefix in ((worked, ""), (data, "sample_data/")):
        if folder is not None:
            yield from ((prefix + source.relative_to(folder).as_posix(), source) for source in _contents(folder))


def _contents(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in SCRIPTS and not path.name.startswith("."):
            yield path


def _shipped(*names: str) -> Path | None:
    """A folder that comes with the program: in the package, or beside it in a checkout."""
    package = Path(str(files("pdo")))
    places = (package.joinpath("_templates", *names), package.parent.joinpath(*names))
    return next((place for place in places if place.is_dir()), None)


def require_template(name: str) -> None:
    """See that there is such a template.

    Raises:
        UsageError: there is none.
    """
    known = template_names()
    if name not in known:
        raise UsageError("error.unknown_template", name=name, known=", ".join(known))
