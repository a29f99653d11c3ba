"""A broken world: one line, a hint, an exit code, and nothing written."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pdo.core.errors import ExitCode
from tests.cli.inside import Shop, call
from tests.support.project import ENVIRONMENT, ROOT, Done, run_pdo


def told(done: Done, code: ExitCode, *parts: str) -> None:
    """One line, one hint, nothing on standard output, no traceback."""
    lines = done.stderr.splitlines()
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert len(lines) == 2, done.stderr
    assert lines[0].startswith("错误：")
    assert lines[1].startswith("提示：")
    for part in parts:
        assert part in done.stderr


def test_no_project(tmp_path: Path) -> None:
    told(run_pdo("validate", cwd=tmp_path), ExitCode.USAGE, "pdo init")
    told(call("validate", "--project", str(tmp_path / "nowhere")), ExitCode.USAGE, "nowhere")


def test_no_database(shop: Shop) -> None:
    (shop.root / "pdo.db").unlink()
    for words in (["customer", "find", "x"], ["plan"], ["run"], ["db", "check"], ["db", "upgrade"]):
        told(shop.pdo(*words, code=10), ExitCode.NO_DATABASE, "pdo.db", "pdo init")
    assert not (shop.root / "pdo.db").exists()


def test_not_a_database(shop: Shop) -> None:
    (shop.root / "pdo.db").write_bytes(b"not a database at all" * 100)
    for words in (["customer", "find", "x"], ["plan"], ["db", "check"], ["db", "upgrade"]):
        told(shop.pdo(*words, code=13), ExitCode.STORAGE, "pdo.db")
    told(call("init", str(shop.root)), ExitCode.STORAGE)


def test_damaged_database(shop: Shop) -> None:
    path = shop.root / "pdo.db"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    for words in (["customer", "find", "x"], ["plan"]):
        told(shop.pdo(*words, code=13), ExitCode.STORAGE, "pdo.db")


@pytest.mark.parametrize(("version", "hint"), [("9999", "升级 pdo"), ("0000", "pdo db upgrade")])
def test_another_schema(shop: Shop, version: str, hint: str) -> None:
    with sqlite3.connect(shop.root / "pdo.db") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (version,))
    database.close()
    for words in (["customer", "find", "x"], ["plan"]):
        told(shop.pdo(*words, code=12), ExitCode.SCHEMA, version, hint)


@pytest.mark.slow
def test_locked_database(shop: Shop) -> None:
    database = sqlite3.connect(shop.root / "pdo.db", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    others = shop.apart()  # two SQLite libraries in one process would lose each other's locks
    try:
        for words in (["tag", "set", "c1", "首单未转化"], ["run"]):
            told(others.pdo(*words, code=11), ExitCode.LOCKED)
        others.pdo("customer", "show", "c1")
    finally:
        database.close()


def test_missing_file(shop: Shop) -> None:
    told(shop.pdo("import", "orders", "nofile.csv", code=2), ExitCode.USAGE, "nofile.csv")
    told(shop.pdo("validate", "nofile.yaml", code=2), ExitCode.USAGE, "nofile.yaml")


def test_a_folder_is_no_file(shop: Shop) -> None:
    told(shop.pdo("import", "orders", str(shop.root), code=2), ExitCode.USAGE, str(shop.root))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04" + bytes(range(256)) * 10,
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"order_id,paid\n\xff\xfe\xfa\xfb\x81\n",
    ],
    ids=["empty", "zip", "png", "no-encoding"],
)
def test_files_that_are_no_csv(shop: Shop, content: bytes) -> None:
    path = shop.root / "in" / "bad.csv"
    path.write_bytes(content)
    before = shop.state()
    told(shop.pdo("import", "orders", str(path), code=2), ExitCode.USAGE, "bad.csv")
    assert shop.state() == before


def test_wrong_encoding(shop: Shop) -> None:
    path = shop.root / "in" / "gb.csv"
    path.write_bytes("订单编号,客户编号\n单一,c1\n".encode("gb18030"))
    told(shop.pdo("import", "orders", str(path), "--encoding", "utf-8", code=2), ExitCode.USAGE)
    told(shop.pdo("import", "orders", str(path), "--encoding", "nonsense", code=2), ExitCode.USAGE, "nonsense")


def test_unknown_names(shop: Shop) -> None:
    for words, near in (
        (["import", "ordres", "x.csv"], "orders"),
        (["tag", "set", "c1", "爱水裹"], "爱水果"),
        (["tag", "remove", "c1", "爱水裹"], "爱水果"),
        (["segment", "show", "水果容"], "水果客"),
        (["stage", "set", "c1", "客户阶端", "成交"], "客户阶段"),
        (["stage", "set", "c1", "客户阶段", "成文"], "成交"),
        (["customer", "show", "c9"], "c1"),
        (["import", "orders", str(shop.root / "in" / "orders.csv"), "--mapping", "x"], "mappings"),
        (["explain", "c1", "--tag", "爱水裹"], "爱水果"),
    ):
        told(shop.pdo(*words, code=2), ExitCode.USAGE, near)


def test_a_derived_stage_cannot_be_set(shop: Shop) -> None:
    told(shop.pdo("stage", "set", "c1", "活跃", "沉睡", code=2), ExitCode.USAGE, "活跃")


def test_runs_go_forward_only(shop: Shop) -> None:
    told(shop.pdo("run", "--as-of", "2026-01-01", code=2), ExitCode.USAGE, "2026-01-01", "pdo plan")


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "", "99999-01-01"])
def test_as_of_is_checked(shop: Shop, text: str) -> None:
    told(shop.pdo("plan", f"--as-of={text}", code=2), ExitCode.USAGE, "2026-03-02T09:00")


def test_errors_in_playbooks_stop_what_needs_them(shop: Shop) -> None:
    shop.write("playbooks/shop.yaml", "version: 1\nplaybook: shop\ntags:\n  A: {when: {tag: 没有}}\n")
    for words in (["plan"], ["run"], ["tag", "list"]):
        done = shop.pdo(*words, code=3)
        assert done.stdout == ""
        assert "shop.yaml:4" in done.stderr
        assert "pdo validate" in done.stderr
    shop.pdo("customer", "show", "c1")


def test_findings_of_validate_are_its_result(shop: Shop) -> None:
    shop.write("playbooks/shop.yaml", "version: 1\nplaybook: shop\ntags:\n  A: {when: {tag: 没有}}\n")
    done = shop.pdo("validate", code=3)
    assert done.stderr == ""
    assert "shop.yaml:4" in done.stdout
    done = shop.pdo("validate", "--format", "concise", code=3)
    assert done.stdout.splitlines()[0].startswith(str(shop.root))


def test_validate_without_playbooks(shop: Shop) -> None:
    (shop.root / "playbooks" / "shop.yaml").unlink()
    told(shop.pdo("validate", code=2), ExitCode.USAGE)


def test_too_many_rejects(shop: Shop) -> None:
    rows = "".join(f"x{n},c1,2026-02-{'30' if n < 2 else '03'} 10:00,1\n" for n in range(10))
    path = shop.write("in/bad.csv", "order_id,customer_id,paid_at,paid\n" + rows)
    done = shop.pdo("import", "orders", str(path), "--max-rejects", "1", "--dry-run", code=4)
    assert f"{path}:2:" in done.stdout
    assert "IM1" in done.stdout
    assert done.stderr.count("\n") == 1
    shop.pdo("import", "orders", str(path), "--max-rejects", "20%", "--dry-run")
    told(shop.pdo("import", "orders", str(path), "--max-rejects", "lots", code=2), ExitCode.USAGE, "1%")


def test_a_dry_run_writes_nothing(shop: Shop) -> None:
    path = shop.write("in/new.csv", "order_id,customer_id,paid_at,paid\nn1,c1,2026-02-03 10:00,1\n")
    before = (shop.root / "pdo.db").read_bytes()
    shop.pdo("import", "orders", str(path), "--dry-run")
    assert (shop.root / "pdo.db").read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_forbidden_folder(shop: Shop) -> None:
    out = shop.root / "closed"
    out.mkdir(mode=0o500)
    told(shop.pdo("segment", "export", "水果客", "--output", str(out / "a.csv"), code=13), ExitCode.STORAGE)


def shell(command: str, shop: Shop, **environment: str) -> subprocess.CompletedProcess[str]:
    """A pipeline in the shop's folder; `$PDO` is the program."""
    return subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        env={**ENVIRONMENT, "PDO": f"{sys.executable} -m pdo", **environment},
        cwd=shop.root,
        check=False,
    )


def test_a_closed_pipe_is_silent(shop: Shop) -> None:
    done = shell("set -o pipefail; $PDO db dump --state | head -n 1", shop)
    assert (done.returncode, done.stderr) == (0, "")
    done = shell("$PDO validate | true", shop)
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(
    "call",
    [
        "validate",
        "customer show c1 --format json",
        *(pytest.param(call, marks=pytest.mark.slow) for call in ("--help", "customer show c1")),
    ],
)
def test_a_full_device_is_an_error(shop: Shop, call: str) -> None:
    done = shell(f"$PDO {call} > /dev/full", shop)
    assert done.returncode == ExitCode.STORAGE
    assert done.stderr.startswith("错误：")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(shutil.which("env") is None, reason="no env")
@pytest.mark.parametrize(
    "words", [["import", "customers", "big.csv"], pytest.param(["init", "again"], marks=pytest.mark.slow)]
)
def test_a_full_disk_is_an_error(shop: Shop, words: list[str]) -> None:
    """No file may grow beyond a size, as on a disk that is full; the store is as it was, and the next try succeeds."""
    rows = "\n".join(f"C{number:06},客户{number},{13000000000 + number}" for number in range(5_000))
    shop.write("big.csv", f"客户编号,姓名,手机号\n{rows}\n")
    before = shop.state()
    command = [*words[:-1], str(shop.root / words[-1])]
    command += ["--project", str(shop.root)] if words[0] == "import" else []

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    done = subprocess.run(
        [sys.executable, "-m", "pdo", *command],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        preexec_fn=small_files,
        check=False,
    )
    told(done, ExitCode.STORAGE)
    assert shop.state() == before
    assert call(*command).returncode == 0


def test_an_empty_environment(made_shop: Shop) -> None:
    done = subprocess.run(
        ["env", "-i", sys.executable, "-m", "pdo", "customer", "find", "王", "--project", str(made_shop.root)],
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    assert "王芳" in done.stdout.decode("utf-8")
    assert done.stderr == b""


@pytest.mark.slow
def test_a_locale_that_cannot_say_chinese_does_not_end_a_command(made_shop: Shop) -> None:
    done = made_shop.apart().pdo("customer", "find", "王", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0


STOPS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
WAITING = """\
import time
import pdo.commands.config as command
def wait(*_):
    print("in", flush=True)
    time.sleep(60)
command.open_desk = wait
from pdo.cli import main
main()
"""


def heed_signals() -> None:
    """A shell that runs the tests in the background has its children ignore Ctrl-C."""
    for number, _ in STOPS:
        signal.signal(number, signal.SIG_DFL)


@pytest.mark.parametrize(("number", "code"), STOPS)
def test_a_signal_ends_the_command(number: int, code: int) -> None:
    """The command waits until the signal comes; the test waits for nothing but its end."""
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING, "config", "show"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        text=True,
        preexec_fn=heed_signals,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in\n"
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == code
    assert errors == "错误：已中断，什么都没有写入。\n"


BUG = """\
import pdo.commands.config as command
def fail(*_):
    secret = "personal"
    raise RuntimeError("oops")
command.open_desk = fail
from pdo.cli import main
main()
"""


def test_a_bug_is_a_traceback_without_locals() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUG, "config", "show", "--format", "json"],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        check=False,
    )
    assert done.returncode == 1
    assert "RuntimeError: oops" in done.stderr
    assert "secret =" not in done.stderr.replace('secret = "personal"', "")
    assert '"error.bug"' in done.stdout
    assert done.stdout.count('"version"') == 1


@pytest.mark.slow
def test_time_zone_of_the_machine_does_not_matter(made_shop: Shop) -> None:
    for arguments in (["plan", "--as-of", "2026-06-01"], ["customer", "show", "c1"]):
        zones = ("UTC", "America/New_York")
        assert len({made_shop.apart().pdo(*arguments, TZ=zone).stdout for zone in zones}) == 1
