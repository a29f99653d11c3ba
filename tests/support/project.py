"""A project in a folder, worked with as a user would: through the command line, in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data"
ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "PDO_LANG": "zh", "COLUMNS": "120"}
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Project:
    """A project's folder."""

    root: Path

    @classmethod
    def make(cls, root: Path, *, template: str | None = None) -> Project:
        """`pdo init`."""
        project = cls(root)
        options = [] if template is None else ["--template", template]
        done = run_pdo("init", str(root), *options)
        assert done.returncode == 0, done.stderr
        return project

    def pdo(self, *arguments: str, code: int = 0, **environment: str) -> Done:
        """A command in this project; it must end with this code."""
        done = run_pdo(*arguments, "--project", str(self.root), cwd=None, text=True, **environment)
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def data(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """The `data` of a command's JSON."""
        envelope = json.loads(self.pdo(*arguments, "--format", "json", code=code).stdout)
        found: dict[str, Any] = envelope["data"]
        return found

    def write(self, name: str, text: str) -> Path:
        """A file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def state(self) -> str:
        """`pdo db dump --state`."""
        return self.pdo("db", "dump", "--state").stdout

    def copy(self, root: Path) -> Project:
        """The same project somewhere else."""
        shutil.copytree(self.root, root)
        return Project(root)


def run_pdo(*arguments: str, cwd: Path | None = None, text: bool = True, **environment: str) -> Done:
    """`pdo` in a process of its own, with an environment of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pdo", *arguments],
        capture_output=True,
        text=text,
        encoding="utf-8",
        env={**ENVIRONMENT, **environment},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        check=False,
    )
