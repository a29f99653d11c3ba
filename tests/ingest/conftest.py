"""A store of one's own, and files brought in through its door."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from pdo.ingest.importer import import_file
from pdo.model.reports import ImportReport
from pdo.model.settings import ImportMapping, Settings
from pdo.store.door import open_door
from pdo.store.dump import dump_state

NOW = 1_772_000_000


@dataclass
class Shop:
    """A store and a folder for files."""

    folder: Path
    settings: Settings

    def file(self, content: str | bytes, name: str = "in.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def bring(self, kind: str, content: str | bytes | Path, **options: Any) -> ImportReport:
        path = content if isinstance(content, Path) else self.file(content)
        with open_door(self.settings.database, write=True, doing="test") as door:
            return import_file(
                door,
                path,
                options.get("settings", self.settings).kinds[kind],
                settings=options.pop("settings", self.settings),
                now=NOW,
                actor="tester",
                **options,
            )

    def dump(self) -> list[str]:
        return list(dump_state(self.settings.database))

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        found = SQLModel.metadata.tables[table]
        with open_door(self.settings.database, write=False) as door:
            return sorted(door.rows(select(*(found.c[column] for column in columns))), key=repr)


@pytest.fixture
def new_shop(tmp_path: Path, empty_store: Path) -> Callable[[], Shop]:
    """Makes shops, each with a store of its own."""

    def make() -> Shop:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        shutil.copy(empty_store, folder / "store.db")
        return Shop(folder, Settings(root=folder, database=folder / "store.db"))

    return make


@pytest.fixture
def shop(new_shop: Callable[[], Shop]) -> Shop:
    return new_shop()


def mapping(kind: str, columns: dict[str, str], **options: Any) -> ImportMapping:
    return ImportMapping("mine", kind, columns, **options)
