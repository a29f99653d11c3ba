"""Help loads neither database nor engine; what is loaded late exists."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import ENVIRONMENT, ROOT

LATE = sorted(
    {
        name
        for path in (ROOT / "pdo" / "commands").glob("*.py")
        for name in re.findall(r'late\("([\w.]+)"\)', path.read_text())
    }
)
HELP = """
import contextlib, io, sys
from pdo.cli import COMMANDS, run
for name in COMMANDS:
    with contextlib.redirect_stdout(io.StringIO()):
        assert run([name, "--help"]) == 0, name
heavy = {"sqlmodel", "sqlalchemy", "duckdb", "pyarrow", "httpx", "sqlglot", "adbc_driver_sqlite"}
print(sorted(heavy & set(sys.modules)))
"""


def test_there_are_some() -> None:
    assert "pdo.api.running" in LATE


@pytest.mark.parametrize("name", LATE)
def test_what_is_loaded_late_exists(name: str) -> None:
    assert Path(importlib.import_module(name).__file__ or "").is_file()


def test_help_of_every_command_is_light() -> None:
    done = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert done.stdout.strip() == "[]"
