"""The page about examples is what it says: its playbook, its commands, the failure that it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.inside import call
from tests.meta.pages import DOCS, read, yaml_blocks

PAGE = DOCS / "how-to" / "test-a-playbook.md"
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", read(PAGE), flags=re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project of the page, as the current folder."""
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "pdo.yaml").write_text("language: zh\n", "utf-8")
    (tmp_path / "playbooks" / "水果.yaml").write_text(yaml_blocks(PAGE)[0], "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.slow
def test_its_commands() -> None:
    for command in COMMANDS:
        done = call(*shlex.split(command.partition(">")[0])[1:])
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def test_its_failure(folder: Path) -> None:
    playbook = folder / "playbooks" / "水果.yaml"
    playbook.write_text(playbook.read_text("utf-8").replace("2026-01-20", "2026-02-20"), "utf-8")
    done = call("test")
    assert done.returncode == 3
    shown = re.findall(r"^```text\n(✗.*?)^```$", read(PAGE), flags=re.DOTALL | re.MULTILINE)
    assert done.stdout.startswith(shown[0])
