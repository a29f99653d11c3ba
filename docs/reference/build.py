"""Writes the reference pages that follow from the program; `--check` only says whether they are current."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from typer.main import get_command

from pdo.cli import app
from pdo.commands.reference import commands_page, exit_codes_page
from pdo.commands.reference import help_texts as texts_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def help_texts(language: str, *, columns: int = 100) -> dict[str, str]:
    """The help of every command in one language, on a terminal of that width."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "PDO_LANG": language,
        "COLUMNS": str(columns),
        "PYTHONUTF8": "1",
    }
    command = [sys.executable, __file__, "--texts"]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def pages() -> dict[str, str]:
    """Name → content of every generated page."""
    return {"commands.md": commands_page(help_texts("zh"), help_texts("en")), "exit-codes.md": exit_codes_page()}


def main() -> int:
    """Write the pages, or compare them."""
    if "--texts" in sys.argv:
        json.dump(texts_of(get_command(app)), sys.stdout)
        return 0
    stale = [name for name, text in pages().items() if not _is_current(HERE / name, text)]
    if "--check" in sys.argv:
        print("\n".join(f"docs/reference/{name} is not current: run make docs" for name in stale))
        return 1 if stale else 0
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")
    return 0


def _is_current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
