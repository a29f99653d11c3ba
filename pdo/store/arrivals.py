"""Whether a file's bytes came in before.

Asked of the journal alone, without loading tables or engines: nightly jobs bring the same files again and again.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from pdo.store.failures import translate
from pdo.store.handles import only_handle
from pdo.store.version import VERSION_QUERY, require_file, require_version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_QUERY = """SELECT id, encoding, read, duplicate, blank FROM file_import AS came
    WHERE digest = ? AND recipe = ? AND undone_at IS NULL AND rejected = 0 AND NOT EXISTS (
        SELECT 1 FROM file_import AS later WHERE later.id > came.id AND later.kind = came.kind
        AND later.undone_at IS NULL AND later.new + later.changed > 0)
    ORDER BY id DESC LIMIT 1"""


def find_arrival(path: Path, *, digest: str, recipe: str) -> Mapping[str, int | str] | None:
    """The import of the same bytes in the same way, if nothing of its kind came in since and none of its rows was rejected.

    Args:
        path: the database.
        digest: sha256 of the file's bytes.
        recipe: digest of all else that decides what they come to.

    Returns:
        Its `id`, `encoding`, `read`, `duplicate` and `blank`.

    Raises:
        NoDatabaseError: there is no database.
        SchemaVersionError: its schema is older or newer than this program's.
        LockedError: another process is changing it as a whole.
        StorageError: it is no database of pdo, damaged or forbidden.
    """
    with only_handle(path, "arrivals"):
        require_file(path)
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                found = connection.execute(VERSION_QUERY).fetchone()
                require_version(found[0] if found else None, path)
                row = connection.execute(_QUERY, (digest, recipe)).fetchone()
        except sqlite3.Error as error:
            known = translate(error, path)
            if known is None:
                raise
            raise known from error
    return None if row is None else dict(zip(("id", "encoding", "read", "duplicate", "blank"), row, strict=True))
