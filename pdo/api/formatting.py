"""Writing the keys of files in one language. Loads neither database nor engine."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from pdo.api.project import project_root
from pdo.core.diagnostics import Findings
from pdo.core.errors import UsageError
from pdo.core.frozen import dataclass
from pdo.deliver.files import pending_file
from pdo.playbook.files import SETTINGS_FILE, find_project, playbook_files, read_source, shown
from pdo.playbook.formatting import format_keys
from pdo.playbook.languages import Lexicon
from pdo.playbook.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pdo.core.diagnostics import Diagnostic
    from pdo.core.wording import Language
    from pdo.model.settings import Settings

MIXED = "PB122"
"""What is wrong with a file in two languages: the one error that is mended here."""
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class FormattedFile:
    """What was found in a file and what becomes of it.

    Args:
        path: as shown.
        language: of its keys before; None where it has none of the language.
        is_mixed: whether keys of both languages were in it.
        keys: how many are written anew.
        diff: the lines that change, unified; empty for none.
    """

    path: str
    language: Language | None
    is_mixed: bool
    keys: int
    diff: str


@dataclass(frozen=True, slots=True)
class FormatReport:
    """What became of the files.

    Args:
        files: those that could be read, in order.
        refused: those with errors, which stay as they are.
        diagnostics: those errors.
        language: the project's; None where `pdo.yaml` cannot be read.
    """

    files: tuple[FormattedFile, ...]
    refused: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    language: Language | None


def format_files(
    folder: Path | None, paths: tuple[Path, ...] | None, language: Language | None, *, write: bool
) -> FormatReport:
    """Write the keys of a project's files in a language; everything else in them stays to the letter.

    Args:
        folder: the project's; None looks in the current folder and above it, or in that of the first path and above it.
        paths: only these files and folders; None for `pdo.yaml`, the playbooks and the files of cases.
        language: None to look only.
        write: whether files are written, each by atomic rename.

    Raises:
        UsageError: there is no project, or a path does not exist.
        StorageError: a file may not be read or written.
    """
    first = paths[0] if paths else None
    if folder is None and first is not None and first.exists():
        root = find_project(first if first.is_dir() else first.parent)
    else:
        root = project_root(folder)
    settings, found = read_settings(root)
    wrong = tuple(each for each in found if each.is_error and each.code != MIXED)
    if settings is None or wrong:
        return FormatReport((), (shown(root / SETTINGS_FILE),), wrong, None if settings is None else settings.language)
    files: list[FormattedFile] = []
    refused: list[str] = []
    findings = Findings()
    lexicon = Lexicon(settings)
    for path in dict.fromkeys(_files(settings, paths)):
        formatted = _format(path, language, lexicon, findings, write=write)
        if formatted is None:
            refused.append(shown(path))
        else:
            files.append(formatted)
    return FormatReport(tuple(files), tuple(refused), findings.sorted(), settings.language)


def _files(settings: Settings, paths: tuple[Path, ...] | None) -> Iterator[Path]:
    if paths is None:
        yield settings.root / SETTINGS_FILE
        yield from playbook_files(settings, None)
        return
    for path in paths:
        if not path.exists():
            raise UsageError("error.file_missing", path=shown(path))
        if path.is_dir() and (path / SETTINGS_FILE).is_file():
            yield path / SETTINGS_FILE
        yield from playbook_files(settings, (path,))


def _format(
    path: Path, language: Language | None, lexicon: Lexicon, findings: Findings, *, write: bool
) -> FormattedFile | None:
    source = read_source(path, findings)
    formatted = None if source is None else format_keys(source, language, lexicon, findings)
    if source is None or formatted is None:
        return None
    if write and formatted.text != source.text:
        _write(path.resolve(), formatted.text)
    name = shown(path)
    return FormattedFile(
        name, formatted.language, formatted.is_mixed, formatted.keys, _diff(name, source.text, formatted.text)
    )


def _diff(name: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _write(path: Path, text: str) -> None:
    """Put a text in the place of a file's, whose mark at the beginning and mode it keeps."""
    with path.open("rb") as file:
        mark = BOM if file.read(3) == BOM.encode() else ""
    with pending_file(path, [(mark + text).encode()]) as pending:
        pending.part.chmod(path.stat().st_mode & 0o777)
        pending.publish()
