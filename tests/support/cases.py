"""Whole cases: a folder with a project, its data, and a transcript of what is typed and what must be answered.

A transcript, `case.txt`, reads as a terminal does. A line that begins with `# ` is said to the reader, one that begins with
`$ ` is typed; what follows, up to the next of these, is the answer, word for word. Lines of standard error begin with `! `,
and an exit code other than 0 stands last. Besides `pdo` there are `cat`, `cp`, `rm` and `sqlite3`, enough to look at a file, to
change a playbook between two runs and to look into the store.

The first command is `pdo init`, unless the case is about a project without a database. `PDO_UPDATE=1` writes the answers as
they are now.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
from contextlib import chdir, closing
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import CompletedProcess

from tests.cli.inside import call
from tests.support.project import Done

TRANSCRIPT = "case.txt"
_HEAD = re.compile(r"^(?=[#$] )", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """A piece of a transcript: something said to the reader, or a command with its answer."""

    head: str
    answer: str = ""

    @property
    def is_command(self) -> bool:
        return self.head.startswith("$ ")

    def text(self) -> str:
        return f"{self.head}\n{self.answer}" + "\n" * (not self.head.startswith("# "))


def read_transcript(text: str) -> tuple[Step, ...]:
    pieces = (piece for piece in _HEAD.split(text) if piece.strip())
    return tuple(_step(*piece.split("\n", 1)) for piece in pieces)


def _step(head: str, rest: str = "") -> Step:
    answer = rest.strip("\n")
    return Step(head, f"{answer}\n" if answer else "")


def written(steps: tuple[Step, ...]) -> str:
    return "".join(step.text() for step in steps).rstrip("\n") + "\n"


def replay(case: Path, folder: Path) -> tuple[str, str]:
    """The transcript as it is kept, and as it comes out in a copy of the case; written back with `PDO_UPDATE=1`."""
    shutil.copytree(case, folder)
    steps = read_transcript((case / TRANSCRIPT).read_text("utf-8"))
    with chdir(folder):
        found = written(tuple(_answered(step, folder) for step in steps))
    if os.environ.get("PDO_UPDATE"):
        (case / TRANSCRIPT).write_text(found, "utf-8")
    return (case / TRANSCRIPT).read_text("utf-8"), found


def _answered(step: Step, folder: Path) -> Step:
    return replace(step, answer=answer_to(step.head[2:]).replace(f"{folder}/", "")) if step.is_command else step


def answer_to(command: str) -> str:
    """What a command answers here, in the current folder."""
    done = _do(*shlex.split(command))
    errors = "".join(f"! {line}\n" for line in done.stderr.splitlines())
    ending = f"退出码 {done.returncode}\n" if done.returncode else ""
    return done.stdout.rstrip("\n") + "\n" * bool(done.stdout.strip("\n")) + errors + ending


def _do(program: str, *arguments: str) -> Done:
    match program, arguments:
        case "pdo", _:
            return call(*arguments)
        case "cat", [path]:
            return _said(Path(path).read_text("utf-8-sig"))
        case "cp", [source, target]:
            shutil.copyfile(source, target)
        case "rm", [path]:
            Path(path).unlink()
        case "sqlite3", [path, query]:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
                rows = connection.execute(query).fetchall()
            return _said("".join("|".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows))
        case _:
            raise ValueError(f"{program}: not a command of a transcript")
    return _said("")


def _said(text: str) -> Done:
    return CompletedProcess("", 0, text, "")
