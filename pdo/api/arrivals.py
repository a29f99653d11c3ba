"""Files that came in before, byte for byte: found before anything heavy is loaded."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pdo import __version__
from pdo.core.digests import file_digest
from pdo.core.errors import FindingsError
from pdo.core.frozen import dataclass
from pdo.model.reports import ImportReport
from pdo.model.settings import ImportMode
from pdo.playbook.settings import read_mapping
from pdo.report.names import unknown_name
from pdo.store.arrivals import find_arrival

if TYPE_CHECKING:
    from pdo.model.settings import ImportMapping, Settings


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How files are imported.

    Args:
        mapping: a mapping's name in `pdo.yaml`, or a file with one.
        profile: the profile that the files are of; None finds it where the kind is `auto`.
        encoding: of the files; None finds it.
        dry_run: write nothing.
        rejects_path: where rejected records go.
        mode: what a row does to one that is known already.
        strict: write nothing of a file of which a record is rejected.
        allow_sensitive: whether columns may come in that `pdo.yaml` declares as sensitive.
    """

    mapping: str | None = None
    profile: str | None = None
    encoding: str | None = None
    dry_run: bool = False
    rejects_path: Path | None = None
    mode: ImportMode = ImportMode.MERGE
    strict: bool = False
    allow_sensitive: bool = False


def find_mapping(settings: Settings, name: str | None) -> ImportMapping | None:
    """The mapping of a name in `pdo.yaml`, or in a file of its own.

    Raises:
        UsageError: there is none.
        FindingsError: it has errors.
    """
    if name is None:
        return None
    found = settings.mappings.get(name)
    if found is None and Path(name).is_file():
        found, findings = read_mapping(Path(name), settings)
        if found is None:
            raise FindingsError(findings.sorted())
    if found is None:
        raise unknown_name("mapping", name, settings.mappings)
    return found


def recipe_of(settings: Settings, kind: str, mapping: ImportMapping | None, options: ImportOptions) -> str:
    """A digest of all that decides, besides its bytes, what a file comes to."""
    said = (
        __version__,
        settings.kinds[kind],
        settings.declared(kind),
        settings.timezone,
        sorted(settings.aliases.items()),
        settings.categories,
        mapping,
        options.encoding,
        options.mode.value,
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()


def find_known(settings: Settings, kind: str, path: Path, options: ImportOptions) -> ImportReport | None:
    """The report of a file that came in before in the same way, and of whose kind nothing came in since.

    Returns:
        None for a file that has to be read.

    Raises:
        UsageError: there is no such mapping.
        FindingsError: the mapping has errors.
        NoDatabaseError: there is no database.
        SchemaVersionError: its schema is older or newer than this program's.
        StorageError: it is no database of pdo, damaged or forbidden.
    """
    if kind not in settings.kinds or options.profile is not None:
        return None
    return find_known_part(settings, kind, path, find_mapping(settings, options.mapping), options)


def find_known_part(
    settings: Settings, kind: str, path: Path, mapping: ImportMapping | None, options: ImportOptions
) -> ImportReport | None:
    """The same, with the mapping at hand."""
    if options.rejects_path is not None or not path.is_file():
        return None
    recipe = recipe_of(settings, kind, mapping, options)
    try:
        digest = file_digest(path)
    except OSError:
        # Whoever reads the file says what is the matter with it.
        return None
    found = find_arrival(settings.database, digest=digest, recipe=recipe)
    if found is None:
        return None
    read, duplicate, blank = int(found["read"]), int(found["duplicate"]), int(found["blank"])
    return ImportReport(
        kind=kind,
        path=str(path),
        encoding=str(found["encoding"]),
        columns={},
        unused=(),
        read=read,
        new=0,
        changed=0,
        same=read - duplicate - blank,
        duplicate=duplicate,
        rejected=0,
        blank=blank,
        rejects=(),
        figures={},
        import_id=None,
        known_from=int(found["id"]),
        profile=mapping.profile if mapping else "",
    )
