"""Killed anywhere, the store is as before or as after, and the same command then succeeds."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.project import SAMPLE, Project

KILLER = Path(__file__).with_name("killer.py")
AS_OF = "2026-03-02T09:00"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of the worked example with everything imported but the customers."""
    project = Project.make(tmp_path_factory.mktemp("kill") / "shop", template="fresh-retail")
    for kind in ("products", "stores", "staff", "orders", "items", "events"):
        project.pdo("import", kind, str(SAMPLE / f"{kind}.csv"), "--max-rejects", "1%")
    return project


def commands(project: Project) -> dict[str, list[str]]:
    return {
        "import": ["import", "customers", str(SAMPLE / "customers.csv"), "--max-rejects", "1%"],
        "run": ["run", "--as-of", AS_OF],
    }


def killed(project: Project, at: int, when: str, command: list[str]) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, str(KILLER), str(at), when, *command, "--project", str(project.root)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    return done.returncode, done.stderr


def outcomes(project: Project, command: list[str], tmp_path: Path, points: list[tuple[int, str]]) -> set[str]:
    """Kill a command at each point, each time from the same start, and say what was seen."""
    before = project.state()
    after_project = project.copy(tmp_path / "after")
    after_project.pdo(*command)
    after = after_project.state()
    assert after != before
    seen = set()
    for at, when in points:
        victim = project.copy(tmp_path / f"victim-{at}-{when}")
        code, errors = killed(victim, at, when, command)
        assert code == -signal.SIGKILL, errors
        state = victim.state()
        assert state in (before, after), f"half a command at call {at} ({when})"
        seen.add("before" if state == before else "after")
        assert victim.pdo("db", "check").returncode == 0
        victim.pdo(*command)
        assert victim.state() == after
        shutil.rmtree(victim.root)
    return seen


def calls_of(project: Project, command: list[str], tmp_path: Path) -> int:
    """How many driver calls a command makes."""
    whole = project.copy(tmp_path / "whole")
    _, errors = killed(whole, 0, "never", command)
    found = re.search(r"calls=(\d+)", errors)
    assert found, errors
    return int(found.group(1))


@pytest.mark.parametrize("name", ["import", "run"])
def test_killed_around_the_commit(imported: Project, name: str, tmp_path: Path) -> None:
    command = commands(imported)[name]
    calls = calls_of(imported, command, tmp_path)
    points = [(calls // 2, "after"), (calls, "before"), (calls, "after")]
    assert outcomes(imported, command, tmp_path, points) == {"before", "after"}


@pytest.mark.kill
@pytest.mark.parametrize("name", ["import", "run"])
def test_killed_at_every_call(imported: Project, name: str, tmp_path: Path) -> None:
    command = commands(imported)[name]
    calls = calls_of(imported, command, tmp_path)
    points = [(at, "after") for at in range(1, calls + 1)]
    assert outcomes(imported, command, tmp_path, points) == {"before", "after"}


@pytest.mark.kill
@pytest.mark.parametrize("name", ["import", "run"])
def test_killed_at_any_moment(imported: Project, name: str, tmp_path: Path) -> None:
    """By the clock, spread over the whole command and a little beyond, also in the middle of a driver call."""
    command = commands(imported)[name]
    before = imported.state()
    whole = imported.copy(tmp_path / "whole")
    start = time.monotonic()
    whole.pdo(*command)
    seconds = time.monotonic() - start
    after = whole.state()
    seen = set()
    for point in range(24):
        victim = imported.copy(tmp_path / f"victim-{point}")
        process = subprocess.Popen(
            [sys.executable, "-m", "pdo", *command, "--project", str(victim.root)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        try:
            process.wait(timeout=seconds * (0.3 + 0.8 * point / 23))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        state = victim.state()
        assert state in (before, after)
        seen.add(state == after)
        victim.pdo(*command)
        assert victim.state() == after
        shutil.rmtree(victim.root)
    assert seen == {True, False}
