"""Forty points of a good command line: one test a point, named after it, or the reason why it does not apply."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import pytest

from pdo import __version__
from pdo.cli import COMMANDS
from pdo.core.errors import ExitCode
from tests.cli.conftest import AS_OF
from tests.cli.inside import Shop, call
from tests.cli.test_failures import STOPS, heed_signals, shell
from tests.cli.test_help import HEAVY, loaded
from tests.support.project import ENVIRONMENT, ROOT, run_pdo

pytestmark = pytest.mark.slow

ESCAPE = "\x1b"
BAD = "version: 1\nplaybook: shop\ntags:\n  A: {when: {tag: 没有}}\n"
NOT_APPLICABLE = {
    32: (
        "An import reads its file more than once, journals its name and digest and writes rejects beside it; an export is "
        "recorded with the place it went to. Results, and `db dump`, go to standard output as they are."
    ),
}
"""Points that do not apply → why."""


def pages() -> Iterator[list[str]]:
    """The root and every command and subcommand."""
    yield []
    for name in COMMANDS:
        yield [name]
        listed = call(name, "--help").stdout.partition("命令：\n")[2].partition("\n\n")[0]
        if COMMANDS[name].is_group:
            yield from ([name, line.split()[0]] for line in listed.splitlines() if re.match(r"  \S", line))


@lru_cache
def helps() -> dict[tuple[str, ...], str]:
    """The help of each of them."""
    found = {}
    for names in pages():
        done = call(*names, "--help")
        assert (done.returncode, done.stderr) == (0, ""), names
        found[tuple(names)] = done.stdout
    return found


def terminal(shop: Shop, *arguments: str, out: Path | None = None, **environment: str) -> str:
    """What a command prints on a terminal; its standard output goes to a file where one is named."""
    main, side = pty.openpty()
    with (out or Path(os.devnull)).open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "pdo", *arguments, "--project", str(shop.root)],
            stdout=side if out is None else stream,
            stderr=side,
            stdin=subprocess.DEVNULL,
            env={**ENVIRONMENT, "TERM": "xterm-256color", **environment},
        )
        os.close(side)
        chunks = []
        while True:
            try:
                chunk = os.read(main, 65536)
            except OSError:
                break
            chunks.append(chunk)
    os.close(main)
    process.wait()
    return b"".join(chunks).decode()


def lines_of(shop: Shop, *arguments: str) -> list[str]:
    return shop.pdo(*arguments).stdout.splitlines()


def rejected(shop: Shop) -> list[str]:
    """A call that has something to say besides its result."""
    path = shop.write("in/bad.csv", "order_id,customer_id,paid_at,paid\no9,c1,2026-02-30 10:00,1\n")
    return ["import", "orders", str(path)]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def held(shop: Shop) -> Iterator[sqlite3.Connection]:
    """The store, held by somebody else."""
    with closing(sqlite3.connect(shop.root / "pdo.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def started(shop: Shop, *arguments: str, stdout: int = subprocess.PIPE) -> subprocess.Popen[str]:
    """A command that has come as far as the store, in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pdo", *arguments, "--project", str(shop.root)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=ENVIRONMENT,
        text=True,
        preexec_fn=heed_signals,
    )
    handles = Path(f"/proc/{process.pid}/fd")
    while process.poll() is None and not any("pdo.db" in target for target in _targets(handles)):
        time.sleep(0.01)
    return process


def _targets(handles: Path) -> Iterator[str]:
    """What the handles of a process lead to; one may be closed while it is looked at."""
    for one in list(handles.iterdir()):
        with suppress(OSError):
            yield str(one.readlink())


with_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc")


# Help -------------------------------------------------------------------------------------------------------------------


def test_01_help_of_the_root_and_every_subcommand() -> None:
    assert len(helps()) > len(COMMANDS)
    assert all(text.startswith("用法：") for text in helps().values())


def test_02_h_works_everywhere() -> None:
    assert {names: call(*names, "-h").stdout for names in helps()} == helps()


def test_03_bare_pdo_shows_help() -> None:
    done = run_pdo()
    assert (done.returncode, done.stdout, done.stderr) == (0, run_pdo("--help").stdout, "")


def test_04_version_is_one_line() -> None:
    done = run_pdo("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"pdo {__version__}\n", "")
    assert loaded(["--version"]) & set(HEAVY) == set()


@pytest.mark.parametrize(
    ("typed", "meant"), [(["taggs"], "pdo tag"), (["customer", "shw"], "show"), (["plan", "--as-off", "x"], "--as-of")]
)
def test_05_a_typo_gets_a_suggestion(typed: list[str], meant: str) -> None:
    done = call(*typed)
    assert (done.returncode, done.stdout) == (2, "")
    assert meant in done.stderr


# Streams ----------------------------------------------------------------------------------------------------------------


def test_06_only_data_on_standard_output(shop: Shop) -> None:
    done = shop.pdo(*rejected(shop), "--format", "json", code=4)
    assert json.loads(done.stdout)["status"] == "partial"
    assert done.stderr != ""


def test_07_messages_only_on_standard_error(shop: Shop) -> None:
    done = shop.pdo(*rejected(shop), code=4)
    assert done.stderr
    assert not any(line in done.stdout for line in done.stderr.splitlines())


def test_08_no_escape_codes_in_a_pipe(made_shop: Shop) -> None:
    forced = {"GITHUB_ACTIONS": "true", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "TTY_COMPATIBLE": "1"}
    for words in (["--help"], ["validate", "-h"], ["taggs"]):
        done = call(*words, **forced)
        assert ESCAPE not in done.stdout + done.stderr
    for words in (["segment", "list"], ["customer", "show", "c1"], ["validate"], ["customer", "show", "nobody"]):
        done = made_shop.pdo(*words, code=2 if "nobody" in words else 0, **forced)
        assert ESCAPE not in done.stdout + done.stderr


def test_09_no_color_turns_colours_off_unless_it_is_empty(shop: Shop) -> None:
    shop.write("playbooks/shop.yaml", BAD)
    assert ESCAPE not in terminal(shop, "validate", NO_COLOR="1")
    assert ESCAPE in terminal(shop, "validate", NO_COLOR="")


def test_10_dumb_terminals_and_color_options(shop: Shop) -> None:
    shop.write("playbooks/shop.yaml", BAD)
    assert ESCAPE not in terminal(shop, "validate", TERM="dumb")
    assert ESCAPE not in terminal(shop, "--no-color", "validate")
    assert ESCAPE not in terminal(shop, "validate", "--color", "never")
    assert ESCAPE in shop.pdo("validate", "--color", "always", code=3, NO_COLOR="1").stdout
    assert ESCAPE not in shop.pdo("--color=auto", "validate", code=3).stdout
    assert "auto, always, never" in shop.pdo("validate", "--color", "sometimes", code=2).stderr


def test_11_each_stream_is_judged_by_itself(shop: Shop) -> None:
    shop.write("playbooks/shop.yaml", BAD)
    out = shop.root / "out.txt"
    assert ESCAPE in terminal(shop, "plan", out=out)
    assert terminal(shop, "validate", out=out) == ""
    assert ESCAPE not in out.read_text("utf-8")


def test_12_no_bar_where_nobody_watches(shop: Shop) -> None:
    done = shop.apart().pdo("import", "orders", str(shop.root / "in" / "orders.csv"))
    assert done.stderr == ""


def test_13_nothing_is_cut_in_a_pipe(shop: Shop) -> None:
    name = "很长的名字" * 40
    shop.write("in/long.csv", f"customer_id,name\nlong,{name}\n")
    shop.pdo("import", "customers", str(shop.root / "in" / "long.csv"))
    assert any(name in line for line in lines_of(shop, "customer", "find", "long"))


def test_14_json_on_every_command_that_shows_something() -> None:
    without = {names for names, text in helps().items() if "--format" not in text}
    groups = {(name,) for name, entry in COMMANDS.items() if entry.is_group}
    assert without - groups <= {(), ("help",), ("schema",)}, "a schema is JSON already"


def test_15_one_line_a_record(made_shop: Shop) -> None:
    heading, *rows = lines_of(made_shop, "tag", "list")
    assert len(rows) == len(made_shop.data("tag", "list")["tags"])
    assert not any(set(line) <= set(" -─━") for line in (heading, *rows))


# Exit codes -------------------------------------------------------------------------------------------------------------


def test_16_exit_codes_have_a_help_topic() -> None:
    text = call("help", "exit-codes").stdout
    assert {int(code) for code in re.findall(r"^ *(\d+)  ", text, flags=re.MULTILINE)} == {
        int(code) for code in ExitCode
    }
    for topic in ("environment", "formats", "automation"):
        assert topic in call("help").stdout
        assert call("help", topic).stdout.count("\n") > 3
    assert call("help", "plan").stdout == call("plan", "--help").stdout


def test_17_findings_are_neither_wrong_usage_nor_a_bug(shop: Shop) -> None:
    shop.write("playbooks/shop.yaml", BAD)
    shop.pdo("validate", code=3)
    shop.pdo("validate", "--nope", code=2)
    assert len({ExitCode.FINDINGS, ExitCode.USAGE, ExitCode.BUG}) == 3


def test_18_what_cannot_be_read_is_never_clean(shop: Shop) -> None:
    shop.pdo("validate", "nofile.yaml", code=2)
    shop.pdo("validate", str(shop.write("playbooks/gb.yaml", "")), code=3)
    (shop.root / "playbooks" / "gb.yaml").write_bytes("version: 1 # 方案\n".encode("gb18030"))
    shop.pdo("validate", "--select", "PB9", code=3)
    (shop.root / "playbooks" / "gb.yaml").unlink()
    (shop.root / "playbooks" / "link.yaml").symlink_to("nowhere")
    shop.pdo("validate", str(shop.root / "playbooks" / "link.yaml"), code=2)
    shop.pdo("import", "orders", "nofile.csv", code=2)


def test_19_nothing_to_check_is_an_error(shop: Shop) -> None:
    shop.pdo("validate", "none/*.yaml", code=2)
    (shop.root / "empty").mkdir()
    shop.pdo("validate", str(shop.root / "empty"), code=2)
    (shop.root / "playbooks" / "shop.yaml").unlink()
    shop.pdo("validate", code=2)


def test_20_whether_there_are_changes_stands_in_the_plan_and_is_no_failure(made_shop: Shop) -> None:
    assert made_shop.data("plan", "--as-of", "2026-06-01")["total_changes"] > 0
    assert made_shop.data("plan", "--as-of", AS_OF)["total_changes"] == 0


def test_21_partial_success_has_its_own_code(shop: Shop) -> None:
    shop.pdo(*rejected(shop), code=ExitCode.PARTIAL)


@with_proc
def test_22_a_store_in_use_has_its_own_code_and_can_be_waited_for(shop: Shop) -> None:
    others = shop.apart()  # two SQLite libraries in one process would lose each other's locks
    with held(shop) as connection:
        refused = others.pdo("tag", "set", "c1", "首单未转化", code=ExitCode.LOCKED)
        assert "--wait" in refused.stderr
        waiting = started(shop, "tag", "set", "c1", "首单未转化", "--wait", "60")
        connection.execute("ROLLBACK")
    assert waiting.communicate(timeout=60)[1] == ""
    assert waiting.returncode == 0


def test_23_other_codes_are_documented_as_failures() -> None:
    assert "Treat any other code as a failure" in (ROOT / "docs" / "reference" / "exit-codes.md").read_text("utf-8")
    assert "一律当作失败" in call("help", "exit-codes").stdout


ENDINGS = [
    pytest.param(number, code, marks=() if number is signal.SIGTERM else pytest.mark.slow) for number, code in STOPS
]


# Pipes, signals, disks --------------------------------------------------------------------------------------------------


def test_24_a_closed_pipe_is_silent(shop: Shop) -> None:
    for words in ("db dump --state", "rule"):
        done = shell(f"$PDO {words} | head -n 1; exit ${{PIPESTATUS[0]}}", shop)
        assert (done.returncode, done.stderr) == (0, ""), words


@with_proc
def test_25_ctrl_c_ends_with_130_and_changes_nothing(shop: Shop) -> None:
    before = shop.state()
    with held(shop):
        process = started(shop, "run", "--wait", "60")
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    assert (process.returncode, out, errors) == (130, "", "错误：已中断，什么都没有写入。\n")
    assert shop.state() == before


@with_proc
@pytest.mark.parametrize(("number", "code"), ENDINGS)
def test_26_signals_clean_up_and_say_whether_something_was_written(shop: Shop, number: int, code: int) -> None:
    """The command has written and cannot print its result, because nobody reads the pipe; then the signal comes."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while os.write(writing, b"x" * 4096):
            pass
    os.set_blocking(writing, True)
    process = started(shop, "tag", "set", "c1", "首单未转化", stdout=writing)
    os.close(writing)
    with closing(sqlite3.connect(shop.root / "pdo.db")) as connection:
        query = "SELECT count(*) FROM v_customer_tag WHERE customer = 'c1' AND tag = '首单未转化'"
        while connection.execute(query).fetchone() == (0,) and process.poll() is None:
            time.sleep(0.01)
    process.send_signal(number)
    errors = process.communicate(timeout=60)[1]
    os.close(reading)
    assert process.returncode == code
    first, hint = errors.splitlines()
    assert first.startswith("错误：已中断。此前已经写入的都完整保留")
    assert hint.startswith("提示：")
    shop.pdo("db", "check")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_27_a_full_disk_is_an_error(shop: Shop) -> None:
    for words in ("validate --format sarif", "help formats"):
        done = shell(f"$PDO {words} > /dev/full", shop)
        assert done.returncode == ExitCode.STORAGE
        assert "Traceback" not in done.stderr


# Questions and danger ---------------------------------------------------------------------------------------------------


def test_28_nothing_is_ever_asked() -> None:
    asking = re.compile(r"(?<![\w.])input\(|\.(?:confirm|prompt|getpass)\(|prompt=")
    sources = {path.name: path.read_text("utf-8") for path in (ROOT / "pdo").rglob("*.py")}
    assert [name for name, text in sources.items() if asking.search(text)] == []


def test_29_yes_and_no_input() -> None:
    """No command asks a question; the one that cannot be taken back wants its --yes said beforehand."""
    assert [names for names, text in helps().items() if "--yes" in text] == [("customer", "erase")]
    assert not any("--no-input" in text for text in helps().values())


def test_30_a_dry_run_writes_nothing(shop: Shop) -> None:
    path = shop.write("in/new.csv", "order_id,customer_id,paid_at,paid\nn1,c1,2026-02-03 10:00,1\n")
    before = digest(shop.root / "pdo.db")
    shop.pdo("import", "orders", str(path), "--dry-run")
    shop.pdo("plan", "--as-of", "2026-06-01")
    assert digest(shop.root / "pdo.db") == before


def test_31_severe_actions(shop: Shop) -> None:
    """Who is to be erased is named, and without --yes nothing is."""
    assert {"delete", "erase", "reset", "drop"} & {names[-1] for names in helps() if names} == {"erase"}
    before = shop.state()
    refused = shop.pdo("customer", "erase", "c1", code=2)
    assert "--yes" in refused.stderr
    assert shop.state() == before


def test_32_a_dash_for_the_standard_streams() -> None:
    assert 32 in NOT_APPLICABLE


def test_33_no_secrets_in_arguments() -> None:
    secret = re.compile(r"--[a-z-]*(?:password|passwd|token|secret|api-key)(?!-file)")
    assert [names for names, text in helps().items() if secret.search(text)] == []


def test_34_nothing_is_written_at_home(made_shop: Shop, tmp_path: Path) -> None:
    for words in (["--help"], ["validate", "--project", str(made_shop.root)]):
        run_pdo(*words, HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_35_options_go_before_the_environment_and_that_before_the_project(shop: Shop, tmp_path: Path) -> None:
    shop.write("pdo.yaml", "language: en\n")
    assert "setting" in shop.pdo("config", "show", PDO_LANG="", LANG="zh_CN.UTF-8").stdout
    assert "设置" in shop.pdo("config", "show", PDO_LANG="zh", LANG="en_US.UTF-8").stdout
    assert shop.data("config", "show")["language"] == "en"
    done = call("--project", str(shop.root), "config", "show", "--format", "json")
    assert json.loads(done.stdout)["data"]["root"] == str(shop.root)
    assert call("--project", str(shop.root), "config", "show", "--project", str(tmp_path / "x")).returncode == 2


# The rest ---------------------------------------------------------------------------------------------------------------


def test_36_what_is_light_loads_nothing_heavy(made_shop: Shop) -> None:
    for words in (["--version"], ["--help"], ["help", "formats"]):
        assert loaded(words) & set(HEAVY) == set(), words
    root = str(made_shop.root)
    texts_need = {"jinja2"}
    for name in ("validate", "rule", "schema", "fmt", "describe"):
        if name in COMMANDS:
            assert loaded([name, "--project", root]) & set(HEAVY) <= texts_need, name
    engine = {"duckdb", "pyarrow", "sqlglot"}
    assert loaded(["test", "--project", root]) & set(HEAVY) <= {*texts_need, *engine}


def test_37_what_customers_wrote_is_data(shop: Shop) -> None:
    name = "[vip] [/x] [red]甲\x1b[2J\x07"
    shop.write("in/odd.csv", f"customer_id,name\nodd,{name}\n")
    shop.pdo("import", "customers", str(shop.root / "in" / "odd.csv"), "--max-rejects", "100%")
    for said in (shop.pdo("customer", "find", "odd").stdout, terminal(shop, "customer", "find", "odd", NO_COLOR="1")):
        assert f"{ESCAPE}[2J" not in said
        assert "\x07" not in said
    assert "[vip] 张[/x]" in shop.pdo("customer", "find", "c3").stdout


def test_38_a_bug_shows_a_traceback_without_values() -> None:
    script = "import pdo.commands.rule as c\ndef f(*_):\n    secret = 'x' * 3\n    raise RuntimeError('oops')\n"
    script += "c.codes = f\nfrom pdo.cli import main\nmain()\n"
    done = subprocess.run(
        [sys.executable, "-c", script, "rule"], capture_output=True, text=True, env=ENVIRONMENT, check=False
    )
    assert done.returncode == ExitCode.BUG
    assert "RuntimeError: oops" in done.stderr
    assert "xxx" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("提示：")


def test_39_the_same_call_gives_the_same_bytes(made_shop: Shop) -> None:
    for words in (["plan", "--as-of", "2026-06-01"], ["validate", "--format", "sarif"]):
        apart = made_shop.apart().pdo(*words, TZ="America/New_York", PYTHONHASHSEED="7").stdout
        assert apart == made_shop.pdo(*words).stdout, words


def test_40_an_empty_environment(made_shop: Shop) -> None:
    done = subprocess.run(
        ["env", "-i", sys.executable, "-m", "pdo", "tag", "list", "--project", str(made_shop.root)],
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    assert "爱水果" in done.stdout.decode("utf-8")
    assert done.stderr == b""


def test_every_point_has_its_test() -> None:
    numbers = [int(name[5:7]) for name in globals() if re.match(r"test_\d\d_", name)]
    assert numbers == list(range(1, 41))
    assert set(NOT_APPLICABLE) <= set(numbers)
