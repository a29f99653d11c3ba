"""Killed anywhere, the store is as before or as after, and the same command then succeeds."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pdo.cli import run
from pdo.store.check import check
from pdo.store.dump import dump_state
from tests.cli.test_failures import heed_signals
from tests.support.project import ENVIRONMENT, SAMPLE, Project

pytestmark = pytest.mark.kill
KILLER = Path(__file__).with_name("killer.py")
AS_OF = "2026-03-02T09:00"
POINTS = 12
"""How many points of a command are tried."""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of the worked example with some orders in it, and customers to come."""
    project = Project.make(tmp_path_factory.mktemp("kill") / "shop", template="fresh-retail")
    for kind, encoding in (("orders", "gb18030"), ("customers", "utf-8-sig")):
        lines = (SAMPLE / f"{kind}.csv").read_text(encoding=encoding).splitlines()
        project.write(f"{kind}.csv", "\n".join(lines[:400]) + "\n")
    project.pdo("import", "orders", str(project.root / "orders.csv"), "--max-rejects", "1%")
    return project


def commands(project: Project) -> dict[str, list[str]]:
    return {
        "import": ["import", "customers", str(project.root / "customers.csv")],
        "run": ["run", "--as-of", AS_OF],
    }


def killed(project: Project, at: int, when: str, command: list[str], **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, str(KILLER), str(at), when, *command, "--project", str(project.root)],
        capture_output=True,
        text=True,
        env={**ENVIRONMENT, **environment},
        check=False,
        preexec_fn=heed_signals,
    )
    return done.returncode, done.stderr


def state_of(project: Project) -> str:
    return "\n".join(dump_state(project.root / "pdo.db"))


def do(project: Project, command: list[str]) -> None:
    """The command in this process, to its end."""
    assert run([*command, "--project", str(project.root)]) == 0


def judge(victim: Project, command: list[str], before: str, after: str) -> str:
    """As before or as after, sound, and the same command then succeeds."""
    state = state_of(victim)
    assert state in (before, after), "half a command"
    assert check(victim.root / "pdo.db").unsound == ()
    do(victim, command)
    assert state_of(victim) == after
    shutil.rmtree(victim.root)
    return "before" if state == before else "after"


def ends(project: Project, command: list[str], tmp_path: Path) -> tuple[str, str, int]:
    """The state before and after a command, and how many driver calls it makes."""
    whole = project.copy(tmp_path / "whole")
    _, errors = killed(whole, 0, "never", command)
    found = re.search(r"calls=(\d+)", errors)
    assert found, errors
    before, after = state_of(project), state_of(whole)
    assert before != after
    return before, after, int(found.group(1))


@pytest.mark.parametrize("name", ["import", "run"])
def test_killed_around_driver_calls(imported: Project, name: str, tmp_path: Path) -> None:
    """Points spread over all calls, and both sides of the last one, which is the commit."""
    command = commands(imported)[name]
    before, after, calls = ends(imported, command, tmp_path)
    spread = {(max(1, calls * part // POINTS), "after") for part in range(1, POINTS)}
    seen = set()
    for at, when in sorted(spread | {(calls, "before"), (calls, "after")}):
        victim = imported.copy(tmp_path / f"victim-{at}-{when}")
        code, errors = killed(victim, at, when, command)
        assert code == -signal.SIGKILL, errors
        seen.add(judge(victim, command, before, after))
    assert seen == {"before", "after"}


@pytest.mark.parametrize("name", ["import", "run"])
def test_killed_at_any_moment(imported: Project, name: str, tmp_path: Path) -> None:
    """By the clock, spread over the last two thirds of the command, also in the middle of a driver call."""
    command = commands(imported)[name]
    start = time.monotonic()
    before, after, _ = ends(imported, command, tmp_path)
    seconds = time.monotonic() - start
    for point in range(POINTS):
        victim = imported.copy(tmp_path / f"victim-{point}")
        process = subprocess.Popen(
            [sys.executable, "-m", "pdo", *command, "--project", str(victim.root)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
        )
        try:
            process.wait(timeout=seconds * (0.3 + 0.7 * point / POINTS))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        judge(victim, command, before, after)


def test_killed_while_an_import_is_taken_back(imported: Project, tmp_path: Path) -> None:
    """As before or as after; what is before goes through when called again, what is after says so."""
    project = imported.copy(tmp_path / "shop")
    project.pdo("import", "customers", str(project.root / "customers.csv"))
    command = ["imports", "undo", "2"]
    before, after, calls = ends(project, command, tmp_path)
    seen = set()
    for at, when in sorted({(max(1, calls * part // 6), "after") for part in range(1, 6)} | {(calls, "after")}):
        victim = project.copy(tmp_path / f"victim-{at}-{when}")
        code, errors = killed(victim, at, when, command)
        assert code == -signal.SIGKILL, errors
        state = state_of(victim)
        assert state in (before, after), "half an undo"
        assert check(victim.root / "pdo.db").unsound == ()
        victim.pdo(*command, code=2 if state == after else 0)
        assert state_of(victim) == after
        seen.add(state == after)
    assert seen == {True, False}
