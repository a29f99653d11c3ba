"""Commands called in this process: the same program, without starting a new one for each call."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from unittest import mock

from pdo.cli import run
from tests.support.project import ENVIRONMENT, Done, Project


def call(*arguments: str, **environment: str) -> Done:
    """One call; the language of help is that of the first one, so tests of languages start processes."""
    out, err = io.StringIO(), io.StringIO()
    with mock.patch.dict(os.environ, {**ENVIRONMENT, **environment}), redirect_stdout(out), redirect_stderr(err):
        code = run(list(arguments))
    return CompletedProcess(arguments, int(code), out.getvalue(), err.getvalue())


class Shop(Project):
    """A project whose commands run here."""

    def pdo(self, *arguments: str, code: int = 0, **environment: str) -> Done:
        """A command in this project; it must end with this code."""
        done = call(*arguments, "--project", str(self.root), **environment)
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def apart(self) -> Project:
        """The same project, whose commands are processes of their own."""
        return Project(self.root)
