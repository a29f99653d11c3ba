"""What is offered to CI works: the hook, the action, and every command of the page are executed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.meta.pages import DOCS, read
from tests.support.project import ENVIRONMENT, ROOT

PAGE = DOCS / "how-to" / "ci.md"
COMMANDS = re.findall(r"^```sh\n(.*?)^```$", read(PAGE), flags=re.DOTALL | re.MULTILINE)
BAD = "version: 1\nplaybook: x\ntags:\n  甲: {when: {city: [北京，上海]}}\n"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with `pdo`, as an installed package puts it on the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "pdo"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m pdo "$@"\n', "utf-8")
    script.chmod(0o755)
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a project at its top and one below."""
    top = tmp_path / "repository"
    for folder in (top, top / "shop"):
        (folder / "playbooks").mkdir(parents=True)
        (folder / "pdo.yaml").write_text("language: zh\n", "utf-8")
        (folder / "playbooks" / "02-标签.yaml").write_text(BAD.replace("，", ", "), "utf-8")
    return top


def shell(command: str, place: Path, programs: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{programs}:{ENVIRONMENT['PATH']}"
    env = {**ENVIRONMENT, "PATH": path, **environment}
    return subprocess.run(["bash", "-c", command], cwd=place, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.slow
def test_the_commands_of_the_page(command: str, repository: Path, programs: Path) -> None:
    done = shell(f"set -e\n{command}", repository, programs)
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_that_the_page_has_written_are_what_they_say(repository: Path, programs: Path) -> None:
    (repository / "playbooks" / "02-标签.yaml").write_text(BAD, "utf-8")
    for command in COMMANDS[1:]:
        done = shell(f"set -e\n{command}", repository, programs)
        assert done.returncode == (3 if "gitlab" in command else 0), done.stderr
    assert json.loads((repository / "pdo.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert json.loads((repository / "gl-code-quality-report.json").read_text("utf-8"))
    assert json.loads((repository / "pdo-validate.json").read_text("utf-8"))["status"] == "findings"
    assert ET.parse(repository / "pdo-validate.xml").getroot().get("failures") == "1"  # noqa: S314  (our own output)


def hook() -> dict[str, Any]:
    [found] = yaml.safe_load(read(ROOT / ".pre-commit-hooks.yaml"))
    return dict(found)


def test_the_hook_checks_the_files_that_it_is_given(repository: Path, programs: Path) -> None:
    """As pre-commit does: the entry, then the changed files whose path the pattern finds."""
    found = hook()
    changed = [str(path.relative_to(repository)) for path in sorted(repository.rglob("*.*"))]
    chosen = [name for name in changed if re.search(found["files"], name)]
    assert chosen == ["pdo.yaml", "playbooks/02-标签.yaml", "shop/pdo.yaml", "shop/playbooks/02-标签.yaml"]
    call = " ".join([found["entry"], *chosen])
    assert shell(call, repository, programs).returncode == 0
    (repository / "shop" / "playbooks" / "02-标签.yaml").write_text(BAD, "utf-8")
    done = shell(call, repository, programs)
    assert done.returncode == 3
    assert "shop/playbooks/02-标签.yaml:4:" in done.stdout
    assert found["id"] in read(PAGE)


def test_the_hook_leaves_other_files_alone() -> None:
    for name in ("README.md", "contents/x.yaml", ".github/workflows/a.yml", "playbooks/a.csv", "my-pdo.yaml"):
        assert not re.search(hook()["files"], name)


def test_the_action_runs_what_it_says(repository: Path, programs: Path) -> None:
    action = yaml.safe_load(read(ROOT / "action.yml"))
    assert action["runs"]["using"] == "composite"
    steps = action["runs"]["steps"]
    given = {name: str(one["default"]) for name, one in action["inputs"].items()} | {"project": "shop"}

    def environment(step: dict[str, Any]) -> dict[str, str]:
        filled = {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: given[found[1]], value)
            for name, value in step["env"].items()
        }
        assert not any("${{" in value for value in filled.values())
        return filled

    [check] = [step for step in steps if step.get("name") == "pdo validate"]
    assert shell(check["run"], repository, programs, **environment(check)).returncode == 0
    (repository / "shop" / "playbooks" / "02-标签.yaml").write_text(BAD, "utf-8")
    done = shell(check["run"], repository, programs, **environment(check))
    assert done.returncode == 3
    assert done.stdout.startswith("::error ")
    given |= {"format": "sarif", "output": "out.sarif", "strict": "true"}
    assert shell(check["run"], repository, programs, **environment(check)).returncode == 3
    assert json.loads((repository / "out.sarif").read_text("utf-8"))["version"] == "2.1.0"


def test_no_input_of_the_action_stands_in_a_script() -> None:
    """An input that is put into a script is code for whoever may write it."""
    steps = yaml.safe_load(read(ROOT / "action.yml"))["runs"]["steps"]
    assert all("${{" not in step.get("run", "") for step in steps)
    assert all(step.get("shell") == "bash" for step in steps if "run" in step)


@pytest.mark.slow
def test_the_examples_are_in_a_wheel(tmp_path: Path) -> None:
    """What the hook and the action install can explain its codes."""
    source = tmp_path / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "dist", "*.db", "tests", "__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    subprocess.run([*command, str(source)], check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    call = "import sys; from pdo.cli import run; sys.exit(run(['rule', 'PB107', '--format', 'json']))"
    subprocess.run(
        [sys.executable, "-m", "zipfile", "-e", str(wheel), str(tmp_path / "there")], check=True, capture_output=True
    )
    done = subprocess.run(
        [sys.executable, "-c", call],
        env={**ENVIRONMENT, "PYTHONPATH": str(tmp_path / "there")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["data"]["findings"][0]["good"]
