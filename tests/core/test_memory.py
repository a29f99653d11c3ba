"""Sizes as people write them, the memory that a machine has, and how it is shared out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdo.core import memory
from pdo.core.machine import machine_memory
from pdo.core.memory import LEAST_MEMORY, share_of
from pdo.core.sizes import parse_size, shown_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2GB", 2_000_000_000),
        ("2 GB", 2_000_000_000),
        ("2gb", 2_000_000_000),
        ("2G", 2_000_000_000),
        ("２ＧＢ", 2_000_000_000),
        ("1.5GB", 1_500_000_000),
        ("1500MB", 1_500_000_000),
        ("1500m", 1_500_000_000),
        ("2GiB", 2_147_483_648),
        ("2000", None),
        ("2 Gb/s", None),
        ("-2GB", None),
        ("GB", None),
        ("", None),
    ],
)
def test_sizes_as_people_write_them(text: str, size: int | None) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    ("size", "text"),
    [(2_000_000_000, "2GB"), (1_500_000_000, "1.5GB"), (700_000_000, "700MB"), (32_000_001, "33MB"), (0, "0MB")],
)
def test_sizes_as_they_are_shown(size: int, text: str) -> None:
    assert shown_size(size) == text


def machine(root: Path, files: dict[str, str]) -> int | None:
    """What a machine has on which these files stand."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "ascii")
    return machine_memory(root)


def test_a_machine_has_what_it_says(tmp_path: Path) -> None:
    assert machine(tmp_path, {"proc/meminfo": "MemTotal:        1000 kB\nMemFree: 1 kB\n"}) == 1_024_000


def test_a_container_has_what_it_was_given(tmp_path: Path) -> None:
    files = {
        "proc/meminfo": "MemTotal:        1000 kB\n",
        "proc/self/cgroup": "0::/\n",
        "sys/fs/cgroup/memory.max": "500000\n",
    }
    assert machine(tmp_path, files) == 500_000


def test_a_service_has_no_more_than_the_slice_that_it_is_part_of(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/system.slice/pdo.service\n",
        "sys/fs/cgroup/system.slice/pdo.service/memory.max": "max\n",
        "sys/fs/cgroup/system.slice/memory.max": "400000\n",
    }
    assert machine(tmp_path, files) == 400_000


def test_groups_of_older_systems_are_asked_too(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "5:cpu:/a\n4:memory:/a/b\n",
        "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "300000\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    }
    assert machine(tmp_path, files) == 300_000


def test_where_nothing_is_said_nothing_is_known(tmp_path: Path) -> None:
    assert machine(tmp_path, {}) is None


@pytest.mark.parametrize(
    ("has", "takes"),
    [
        (None, memory.USUAL),
        (64_000_000_000, memory.USUAL),
        (1_500_000_000, 1_000_000_000),
        (512_000_000, LEAST_MEMORY),
    ],
)
def test_a_small_machine_is_not_filled(monkeypatch: pytest.MonkeyPatch, has: int | None, takes: int) -> None:
    monkeypatch.setattr(memory, "machine_memory", lambda: has)
    assert share_of(None).whole == takes


def test_what_is_said_counts_on_any_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "machine_memory", lambda: 512_000_000)
    assert share_of(3_000_000_000).whole == 3_000_000_000


def test_a_small_share_is_worked_on_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 16)
    assert [share_of(size).threads for size in (LEAST_MEMORY, 1_500_000_000, 20_000_000_000)] == [1, 4, 16]
