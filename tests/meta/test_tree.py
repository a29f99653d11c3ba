"""What guards the tree: sizes, floors, what an import loads, and what must not stand in a file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.project import ENVIRONMENT, ROOT

PACKAGE = ROOT / "pdo"
MODULES = tuple(sorted(path for path in PACKAGE.rglob("*.py")))
STAGES = ("ingest", "evaluate", "outbox", "deliver", "report")
MAY_IMPORT = {stage: frozenset(("core", "model", "playbook", "store", "compiler", stage)) for stage in STAGES}
HEAVY = ("sqlmodel", "sqlalchemy", "duckdb", "pyarrow", "httpx", "alembic", "adbc_driver_sqlite")
PLACES = ("/" + "work/", "/tmp/" + "w/")  # noqa: S108  (not used, looked for)
MOST_LINES, MANY_LINES = 600, 400


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_module_is_too_long(record_property: Callable[[str, object], None]) -> None:
    long = {str(path.relative_to(ROOT)): lines_of(path) for path in MODULES if lines_of(path) > MANY_LINES}
    record_property("worth a second look", long)
    assert {name: count for name, count in long.items() if count > MOST_LINES} == {}


def imports_of(path: Path) -> set[str]:
    """The rooms of the package that a module imports, for types too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {name.split(".")[1] for name in names if name.startswith("pdo.")}
    return found


@pytest.mark.parametrize("stage", STAGES)
def test_stages_do_not_know_each_other(stage: str) -> None:
    for path in sorted((PACKAGE / stage).rglob("*.py")):
        assert imports_of(path) <= MAY_IMPORT[stage], path


def test_every_folder_of_the_package_says_what_it_is() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


@pytest.mark.parametrize("module", ["pdo.playbook.project", "pdo.playbook.settings", "pdo.model.playbook", "pdo.cli"])
def test_checking_loads_neither_store_nor_engine_nor_network(module: str) -> None:
    asked = f"import sys, {module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, env=ENVIRONMENT, check=True, text=True)
    assert done.stdout.split() == []


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    paths = (ROOT / name.decode() for name in done.stdout.split(b"\0") if name)
    return [path for path in paths if path.is_file()]


def test_no_file_names_the_place_where_it_was_written() -> None:
    forbidden = re.compile("|".join(rf"(?<![\w.]){re.escape(place)}" for place in PLACES).encode())
    assert [str(path.relative_to(ROOT)) for path in tracked() if forbidden.search(path.read_bytes())] == []
