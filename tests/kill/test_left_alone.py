"""Nights that nobody watches: two at once, killed anywhere, stopped by signals, a whole month of trouble."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random

import pytest

from pdo.store.check import check
from tests.cli.inside import Shop
from tests.kill.test_kill import AS_OF, ends, imported, judge, killed, state_of
from tests.property.test_store_laws import _history, _import, _labels, _run, _shop
from tests.support.project import ENVIRONMENT, Project

pytestmark = pytest.mark.kill
__all__ = ["imported"]
ROUNDS, POINTS, NIGHTS = 50, 100, 30


# Two at once ------------------------------------------------------------------------------------------------------------


def together(project: Project, *options: str) -> list[int]:
    """The exit codes of two runs that were started at once."""
    command = [sys.executable, "-m", "pdo", "run", "--as-of", AS_OF, *options, "--project", str(project.root)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": ENVIRONMENT}
    both = [subprocess.Popen(command, **quiet) for _ in range(2)]  # type: ignore[call-overload]
    return sorted(process.wait() for process in both)


@pytest.mark.parametrize("wait", [False, True])
def test_two_runs_started_together_end_in_one_result(tmp_path: Path, wait: bool) -> None:
    """Who comes second is locked out or, where it waits, finds nothing to do."""
    shop = _shop(tmp_path / "shop")
    history = _history(20)
    for kind in ("orders", "events"):
        _import(shop, kind, [row for day in history.values() for row in day[kind]])
    alone = shop.copy(tmp_path / "alone")
    alone.pdo("run", "--as-of", AS_OF)
    expected = state_of(alone)
    for number in range(ROUNDS):
        project = shop.copy(tmp_path / f"{number}")
        codes = together(project, *(("--wait", "60") if wait else ()))
        assert codes in ([[0, 0]] if wait else [[0, 0], [0, 11]])
        assert state_of(project) == expected
        runs = project.data("runs", "list")["runs"]
        assert [run["changes"] > 0 for run in runs] == [*[False] * (len(runs) - 1), True]


# Killed -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("taking_back", [False, True])
def test_killed_at_a_hundred_points_of_a_run(imported: Project, tmp_path: Path, taking_back: bool) -> None:
    """Before and after calls that are spread over the whole command; the same again for one that is taken back."""
    project, command = imported, ["run", "--as-of", AS_OF]
    if taking_back:
        project = imported.copy(tmp_path / "run")
        project.pdo("run", "--as-of", AS_OF)
        command = ["runs", "undo", "1"]
    before, after, calls = ends(project, command, tmp_path)
    every = [(at, when) for at in range(1, calls + 1) for when in ("before", "after")]
    spread = sorted({every[place * (len(every) - 1) // (POINTS - 1)] for place in range(POINTS)})
    seen = set()
    for at, when in spread:
        victim = project.copy(tmp_path / f"victim-{at}-{when}")
        code, errors = killed(victim, at, when, command)
        assert code == -signal.SIGKILL, errors
        if taking_back and state_of(victim) == after:
            assert check(victim.root / "pdo.db").unsound == ()
            seen.add("after")
        else:
            seen.add(judge(victim, command, before, after))
    assert seen == {"before", "after"}


@pytest.mark.parametrize(("name", "code"), [("HUP", 129), ("INT", 130), ("TERM", 143)])
def test_a_signal_leaves_nothing_written(imported: Project, tmp_path: Path, name: str, code: int) -> None:
    command = ["run", "--as-of", AS_OF]
    before, _, calls = ends(imported, command, tmp_path)
    for part in (2, 5, 8):
        victim = imported.copy(tmp_path / f"victim-{part}")
        found, errors = killed(victim, max(1, calls * part // 10), "after", command, KILL_SIGNAL=name)
        assert found == code, errors
        assert "什么都没有写入" in errors
        assert state_of(victim) == before


# A month ----------------------------------------------------------------------------------------------------------------


def test_a_month_of_trouble_is_the_month_without(tmp_path: Path) -> None:
    """Imports and runs are killed and done again, done twice, taken back and done again."""
    chance = Random(7)
    history = _history(NIGHTS)
    calm, rough = _shop(tmp_path / "calm"), _shop(tmp_path / "rough")
    for day, rows in history.items():
        for kind in ("orders", "events"):
            _import(calm, kind, rows[kind])
        _run(calm, day)
        _rough_night(rough, day, rows, chance)
        assert _labels(calm) == _labels(rough), day
    assert calm.state() == rough.state()
    assert check(rough.root / "pdo.db").unsound == ()


def _rough_night(shop: Shop, day: date, rows: dict[str, list[dict[str, str]]], chance: Random) -> None:
    trouble = chance.choice(("none", "import", "run", "undo", "twice", "both undone"))
    run = ["run", "--as-of", f"{day} 23:59:59"]
    if trouble == "import" and rows["orders"]:
        _import(Shop(shop.copy(shop.root.parent / f"writes-{day}").root), "orders", rows["orders"])  # writes the file
        source = shop.root.parent / f"writes-{day}" / "orders.csv"
        killed(shop, chance.randrange(1, 200), "after", ["import", "orders", str(source)])
    for kind in ("orders", "events"):
        _import(shop, kind, rows[kind])
    if trouble == "run":
        killed(shop, chance.randrange(1, 250), chance.choice(("before", "after")), run)
    _run(shop, day)
    if trouble == "twice":
        _run(shop, day)
    if trouble in ("undo", "both undone"):
        shop.pdo("runs", "undo")
        if trouble == "both undone" and rows["events"]:
            number = shop.data("imports", "list")["imports"][0]["import_id"]
            shop.pdo("imports", "undo", str(number))
            _import(shop, "events", rows["events"])
        _run(shop, day)
