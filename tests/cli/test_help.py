from __future__ import annotations

import subprocess
import sys

import pytest

from pdo import __version__
from pdo.cli import COMMANDS
from pdo.commands.cells import text_width
from pdo.core.errors import ExitCode
from tests.cli.inside import call
from tests.cli.pages import builder, help_texts
from tests.support.project import ENVIRONMENT, ROOT, run_pdo

ESCAPE = "\x1b"
CHINESE = ("一", "鿿")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("columns", [30, 100])
@pytest.mark.slow
def test_no_help_line_is_wider_than_the_terminal(language: str, columns: int) -> None:
    for name, text in help_texts(language, columns).items():
        for line in text.splitlines():
            assert text_width(line) <= columns, (name, line)


def test_every_command_has_a_page_in_both_languages() -> None:
    chinese, english = help_texts("zh", 100), help_texts("en", 100)
    assert set(chinese) == set(english)
    assert {name.split()[1] for name in chinese if " " in name} == set(COMMANDS)
    for text in chinese.values():
        assert text.startswith("用法：")
    for name, text in english.items():
        assert text.startswith("Usage:")
        assert not any(CHINESE[0] <= character <= CHINESE[1] for character in text), name


def test_every_option_and_argument_is_explained() -> None:
    for name, text in help_texts("en", 100).items():
        for line in text.splitlines():
            if line.startswith("  ") and line.strip():
                assert "  " in line.strip() or line.startswith("    "), (name, line)


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], [], ["customer"], ["customer", "-h"], ["validate", "-h"]])
def test_help_goes_to_standard_output_with_0(arguments: list[str]) -> None:
    done = run_pdo(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("用法：pdo")


def test_the_language_follows_the_locale() -> None:
    assert run_pdo("-h", PDO_LANG="", LANG="en_US.UTF-8").stdout.startswith("Usage:")
    assert run_pdo("-h", PDO_LANG="", LANG="").stdout.startswith("用法：")


def test_version() -> None:
    done = run_pdo("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"pdo {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["taggs"], "pdo tag"),
        (["customer", "shwo"], "pdo customer show"),
        (["plan", "--asof", "x"], "--as-of"),
        (["customer", "show"], "CUSTOMER"),
        (["batch", "show", "x"], "ID"),
        (["plan", "--format", "xml"], "text, json"),
        (["plan", "--as-of"], "--as-of"),
        (["plan", "too", "many"], "too"),
        (["tag", "--nope"], "--nope"),
    ],
)
def test_a_wrong_call_is_one_line_and_a_hint(arguments: list[str], said: str) -> None:
    done = call(*arguments)
    assert done.returncode == ExitCode.USAGE
    assert done.stdout == ""
    assert said in done.stderr
    first, *hint = done.stderr.splitlines()
    assert first.startswith("错误：")
    assert all(line.startswith("提示：") for line in hint)
    assert len(hint) <= 1


@pytest.mark.parametrize("arguments", [["taggs"], ["validate", "--nope"], ["config", "show", "x"]])
def test_the_same_in_english(arguments: list[str]) -> None:
    first, hint = call(*arguments, PDO_LANG="en").stderr.splitlines()
    assert first.startswith("Error: ")
    assert hint.startswith("Hint: ")


def test_nothing_is_coloured_in_a_pipe() -> None:
    for arguments in (["-h"], ["plan", "-h"], ["nope"], ["plan", "--nope"]):
        done = run_pdo(*arguments, GITHUB_ACTIONS="true", FORCE_COLOR="1", TTY_COMPATIBLE="1")
        assert ESCAPE not in done.stdout + done.stderr


def test_root_completion_lists_every_command() -> None:
    done = run_pdo(_PDO_COMPLETE="complete_bash", COMP_WORDS="pdo ", COMP_CWORD="1")
    assert set(COMMANDS) <= set(done.stdout.split())


def test_completion_of_options() -> None:
    done = run_pdo(_PDO_COMPLETE="complete_bash", COMP_WORDS="pdo validate --", COMP_CWORD="2")
    assert {"--strict", "--format", "--project"} <= set(done.stdout.split())


HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "duckdb",
    "pyarrow",
    "adbc_driver_sqlite",
    "httpx",
    "sqlglot",
    "jinja2",
    "rich",
    "alembic",
)
LISTING = "import sys; from pdo.cli import run; run({arguments!r}); print(*sys.modules, file=sys.stderr)"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["nope"], []])
def test_light_calls_load_no_heavy_library(arguments: list[str]) -> None:
    assert loaded(arguments) & set(HEAVY) == set()


def test_validate_loads_neither_database_nor_engine_nor_network(made_shop: object) -> None:
    root = str(getattr(made_shop, "root"))  # noqa: B009  (the fixture's type is a detail here)
    texts_need = {"jinja2"}
    assert loaded(["validate", "--project", root]) & set(HEAVY) <= texts_need


def loaded(arguments: list[str]) -> set[str]:
    """The modules that a call leaves loaded."""
    done = subprocess.run(
        [sys.executable, "-c", LISTING.format(arguments=arguments)],
        capture_output=True,
        env=ENVIRONMENT,
        cwd=ROOT,
        check=True,
        text=True,
    )
    return set(done.stderr.splitlines()[-1].split())


def test_reference_pages_are_current() -> None:
    for name, text in builder().pages().items():
        assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == text, f"{name}: run make docs"


def test_exit_codes_are_pinned() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "DONE": 0,
        "BUG": 1,
        "USAGE": 2,
        "FINDINGS": 3,
        "PARTIAL": 4,
        "NO_DATABASE": 10,
        "LOCKED": 11,
        "SCHEMA": 12,
        "STORAGE": 13,
        "DELIVERY": 20,
        "HANGUP": 129,
        "INTERRUPTED": 130,
        "TERMINATED": 143,
    }
