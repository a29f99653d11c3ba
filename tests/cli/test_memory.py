"""Memory that is bounded, what spills, and a disk that has too little room."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import namedtuple
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from filelock import FileLock

from pdo.core import memory, spill
from pdo.core.sizes import MEGABYTE
from pdo.evaluate.engine import Engine
from pdo.ingest.workspace import Workspace
from pdo.store import space
from tests.cli.conftest import AS_OF, SETTINGS
from tests.cli.inside import Shop, call
from tests.cli.test_failures import heed_signals
from tests.support.project import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

LATER = "2026-03-03T09:00"
CUSTOMERS, ORDERS = 40_000, 120_000
RULES = """\
version: 1
playbook: shop
metrics:
  累计消费: {orders: amount}
tags:
  复购: {group: 价值, when: {orders: {count: 2..}}}
  活跃: {group: 行为, when: {orders: {within: 30d}}}
  大客户: {group: 价值, when: {累计消费: {top: 10%}}}
segments:
  好客户: {when: {tag: 复购}, rank_by: {累计消费: desc}, columns: [customer_id, 累计消费]}
"""
Disk = namedtuple("Disk", "total used free")  # noqa: PYI024 - as `shutil.disk_usage` gives it


def spilt(shop: Shop) -> list[str]:
    """The spill folders beside the store."""
    return sorted(one.name for one in shop.root.iterdir() if "-spill-" in one.name)


def written(shop: Shop) -> list[tuple[object, ...]]:
    """What runs have written: who has what since when, and the runs."""
    with closing(sqlite3.connect(shop.root / "pdo.db")) as store:
        return [
            *store.execute(
                "SELECT label_id, customer_id, source, since, until, run_id FROM assignment ORDER BY 1, 2, 4"
            ),
            *store.execute("SELECT id, as_of, changes, counts, thresholds FROM run ORDER BY 1"),
        ]


@pytest.fixture(scope="module")
def made_big_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """So many customers and orders that they do not fit into a small engine; nothing was run yet."""
    root = tmp_path_factory.mktemp("memory") / "shop"
    shop = Shop(root)
    shop.write("pdo.yaml", SETTINGS)
    shop.write("playbooks/shop.yaml", RULES)
    assert call("init", str(root)).returncode == 0
    people = "".join(f"C{number},客户{number}\n" for number in range(CUSTOMERS))
    orders = "".join(
        f"O{number},C{number * 7919 % CUSTOMERS},2026-0{1 + number % 2}-{1 + number % 28:02} 10:00,{number % 977}\n"
        for number in range(ORDERS)
    )
    shop.pdo("import", "customers", str(shop.write("customers.csv", f"customer_id,name\n{people}")))
    shop.pdo("import", "orders", str(shop.write("orders.csv", f"order_id,customer_id,paid_at,paid\n{orders}")))
    return shop


@pytest.fixture
def big_shop(made_big_shop: Shop, tmp_path: Path) -> Shop:
    """A copy to change."""
    return Shop(made_big_shop.copy(tmp_path / "shop").root)


def leave_engine(monkeypatch: pytest.MonkeyPatch, megabytes: int) -> None:
    """Leave the engine so much of the least bound, as if everything else took more."""
    monkeypatch.setattr(memory, "REST", memory.LEAST_MEMORY - megabytes * MEGABYTE)


def imported(shop: Shop) -> list[tuple[object, ...]]:
    """Customers and orders that are there."""
    with closing(sqlite3.connect(shop.root / "pdo.db")) as store:
        return [
            *store.execute("SELECT id, key, name, row_hash FROM customer ORDER BY 1"),
            *store.execute("SELECT id, key, customer_id, paid_at, paid, row_hash FROM sales_order ORDER BY 1"),
        ]


def only_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """A disk on which only so many bytes are free."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: Disk(10**12, 10**12 - free, free))


# Bounds -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["100MB", "699MB", "2000", "much", ""])
@pytest.mark.parametrize("command", ["plan", "run", "nightly", "count"])
def test_a_bound_that_is_none_or_does_not_suffice_is_refused(made_shop: Shop, command: str, value: str) -> None:
    words = [command, "{orders: {}}"] if command == "count" else [command]
    done = made_shop.pdo(*words, "--memory", value, code=2)
    assert done.stderr.startswith(f"错误：--memory {value} 不能用：要写数字和单位，至少 700MB。\n")
    assert "例如 --memory 2GB" in done.stderr


def test_the_refusal_in_english(made_shop: Shop) -> None:
    done = made_shop.pdo("plan", "--memory", "2000", code=2, PDO_LANG="en")
    assert "--memory 2000 cannot be used: it takes a number with a unit, 700MB or more." in done.stderr


@pytest.mark.parametrize(("line", "shown"), [("memory: 2GB", "2GB"), ("memory: 1.5 GB", "1.5GB")])
def test_the_bound_stands_in_the_settings(shop: Shop, line: str, shown: str) -> None:
    shop.write("pdo.yaml", f"{SETTINGS}{line}\n")
    assert shop.data("config", "show")["memory"] == shown


def test_the_bound_has_a_chinese_key(shop: Shop) -> None:
    shop.write("pdo.yaml", "时区: Asia/Shanghai\n内存: 2GB\n")
    assert shop.data("config", "show")["memory"] == "2GB"


@pytest.mark.parametrize(("line", "says"), [("memory: 2000", "不是内存大小"), ("memory: 64MB", "至少写 700MB")])
def test_a_wrong_bound_in_the_settings_is_told(shop: Shop, line: str, says: str) -> None:
    shop.write("pdo.yaml", f"{SETTINGS}{line}\n")
    done = shop.pdo("plan", code=3)
    assert "error[PB355]" in done.stderr
    assert says in done.stderr


@pytest.mark.slow
def test_the_option_goes_before_the_setting(big_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_engine(monkeypatch, 4)
    big_shop.write("pdo.yaml", f"{SETTINGS}memory: 700MB\n")
    big_shop.pdo("plan", "--as-of", AS_OF, code=13)
    big_shop.pdo("plan", "--as-of", AS_OF, "--memory", "2GB")


@pytest.mark.slow
def test_another_bound_makes_no_other_run(big_shop: Shop) -> None:
    big_shop.pdo("run", "--as-of", AS_OF, "--memory", "2GB")
    assert big_shop.data("run", "--as-of", AS_OF, "--memory", "3GB")["total_changes"] == 0


# Spilling ---------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_run_that_spills_comes_to_the_same(
    made_big_shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roomy, narrow = (Shop(made_big_shop.copy(tmp_path / name).root) for name in ("roomy", "narrow"))
    for as_of in (AS_OF, LATER):
        roomy.pdo("run", "--as-of", as_of)
    seen: set[tuple[Path, int]] = set()
    create = Engine.create

    def watched(self: Engine, name: str, query: object) -> None:
        create(self, name, query)  # type: ignore[arg-type]
        seen.update((one.parent.parent, one.parent.stat().st_mode & 0o777) for one in self._folder.glob("duckdb_temp*"))

    monkeypatch.setattr(Engine, "create", watched)
    leave_engine(monkeypatch, 12)
    for as_of in (AS_OF, LATER):
        narrow.pdo("run", "--as-of", as_of, "--memory", "700MB")
    assert seen == {(narrow.root, 0o700)}, "nothing was spilt, or elsewhere, or for everybody to read"
    assert len(written(roomy)) > CUSTOMERS
    assert written(narrow) == written(roomy)
    assert spilt(narrow) == []


@pytest.mark.slow
def test_a_bound_that_does_not_suffice_for_the_data_writes_nothing(
    big_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_engine(monkeypatch, 4)
    done = big_shop.pdo("run", "--as-of", AS_OF, "--memory", "700MB", code=13)
    assert done.stderr.startswith("错误：内存限制为 700MB，装不下这么多数据，写到磁盘也不够；什么都没有写入。\n")
    assert "--memory 704MB 或更多" in done.stderr
    assert spilt(big_shop) == []
    assert written(big_shop) == []


EVALUATING = """\
import time
from pdo.evaluate.engine import Engine
from pdo.ingest.workspace import Workspace
table = Engine.table
def wait(self, query):
    found = table(self, query)
    print("in", flush=True)
    time.sleep(600)
    return found
Engine.table = wait
from pdo.cli import main
main()
"""
"""The program, which stops and waits once its engine has answered something."""


def evaluating(shop: Shop) -> subprocess.Popen[str]:
    """A run in the middle of its engine's work."""
    process = subprocess.Popen(
        [sys.executable, "-c", EVALUATING, "run", "--as-of", LATER, "--project", str(shop.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        text=True,
        preexec_fn=heed_signals,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in\n"
    assert spilt(shop) != []
    return process


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.slow
def test_a_signal_leaves_no_folder(shop: Shop, number: int, code: int) -> None:
    before = written(shop)
    process = evaluating(shop)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (code, "错误：已中断，什么都没有写入。\n")
    assert spilt(shop) == []
    assert written(shop) == before


@pytest.mark.slow
def test_what_a_killed_run_left_is_removed_by_the_next(shop: Shop) -> None:
    process = evaluating(shop)
    process.kill()
    process.communicate(timeout=60)
    (left,) = spilt(shop)
    assert f"{shop.root / left} 是被强行结束的 pdo 留下的临时文件" in call("doctor", "--project", str(shop.root)).stdout
    shop.pdo("run", "--as-of", LATER)
    assert spilt(shop) == []


def test_the_folder_of_one_who_lives_stays(shop: Shop) -> None:
    theirs, other = shop.root / ".pdo.db-spill-theirs", shop.root / ".other.db-spill-left"
    for folder in (theirs, other):
        folder.mkdir()
    with FileLock(theirs / spill.LOCK):
        shop.pdo("run", "--as-of", LATER)
    assert spilt(shop) == [other.name, theirs.name]


def test_who_may_only_read_spills_elsewhere(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tempfile.mkdtemp

    def refused(*, prefix: str, dir: Path | None = None) -> str:  # noqa: A002 - as `tempfile.mkdtemp` calls it
        if dir is not None:
            raise PermissionError
        return made(prefix=prefix)

    monkeypatch.setattr("tempfile.mkdtemp", refused)
    shop.pdo("plan", "--as-of", LATER)


# Disks ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "nightly", "import", "restore"])
def test_a_disk_with_too_little_room_stops_before_anything_is_done(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    waiting = shop.write("inbox/orders.csv", "order_id,customer_id,paid_at,paid\no9,c3,2026-03-02 10:00,10\n")
    os.utime(waiting, (1, 1))
    copy = shop.data("db", "backup")["path"]
    words = {
        "run": ("run", "--as-of", LATER),
        "nightly": ("nightly", "--as-of", LATER),
        "import": ("import", "orders", str(waiting)),
        "restore": ("db", "restore", str(copy)),
    }[command]
    before = shop.state()
    only_free(monkeypatch, 20 * MEGABYTE)
    done = shop.pdo(*words, code=13)
    needed = "64MB" if command == "nightly" else "32MB"
    assert done.stderr == (
        f"错误：{shop.root} 所在的磁盘只剩 20MB，这一次最多可能用 {needed}；什么都没有开始。\n"
        "提示：腾出空间，或把 pdo.yaml 里的 database 放到更大的磁盘上，再运行同一条命令。\n"
    )
    monkeypatch.undo()
    assert waiting.exists()
    assert shop.state() == before


def test_what_only_looks_needs_no_room(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    only_free(monkeypatch, 0)
    shop.pdo("plan", "--as-of", LATER)
    shop.pdo("count", "{orders: {}}", "--as-of", LATER)


def test_the_doctor_says_so_before(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    only_free(monkeypatch, 20 * MEGABYTE)
    assert "磁盘只剩 20MB，一次执行可能要 1GB" in shop.pdo("doctor", code=3).stdout


def test_room_is_reckoned_from_the_store_and_the_file(tmp_path: Path) -> None:
    store, table, packed = (tmp_path / name for name in ("pdo.db", "a.csv", "b.csv.gz"))
    for path in (store, table, packed):
        path.write_bytes(b"")
        os.truncate(path, 100 * MEGABYTE)
    assert space.run_space(store) == 200 * MEGABYTE
    assert space.import_space((table,)) == 300 * MEGABYTE
    assert space.import_space((table, packed)) == 3000 * MEGABYTE
    assert space.run_space(tmp_path / "none.db") == space.import_space((Path("-"),)) == space.LEAST


# Imports ----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_import_works_beside_the_store_within_the_bound(
    made_big_shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = Shop(tmp_path / "narrow")
    narrow.write("pdo.yaml", SETTINGS)
    assert call("init", str(narrow.root)).returncode == 0
    seen: set[tuple[Path, int, str]] = set()
    create = Workspace.create

    def watched(self: Workspace, name: str, query: exp.Expr) -> None:
        create(self, name, query)
        (bound,) = self.rows("SELECT current_setting('memory_limit')")[0]
        seen.add((self.folder.parent, self.folder.stat().st_mode & 0o777, bound))

    monkeypatch.setattr(Workspace, "create", watched)
    leave_engine(monkeypatch, 64)
    for kind in ("customers", "orders"):
        narrow.pdo("import", kind, str(made_big_shop.root / f"{kind}.csv"), "--memory", "700MB")
    assert seen == {(narrow.root, 0o700, "61.0 MiB")}
    assert spilt(narrow) == []
    assert imported(narrow) == imported(made_big_shop)


@pytest.mark.slow
def test_an_import_that_the_bound_does_not_suffice_for_writes_nothing(
    made_big_shop: Shop, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_engine(monkeypatch, 4)
    before = imported(shop)
    orders = str(made_big_shop.root / "orders.csv")
    done = shop.pdo("import", "orders", orders, "--memory", "700MB", code=13)
    assert done.stderr.startswith("错误：内存限制为 700MB，装不下这么多数据，写到磁盘也不够；什么都没有写入。\n")
    assert spilt(shop) == []
    assert imported(shop) == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Out of Memory Error: failed to pin block", "内存限制为 1.9GB，装不下这么多数据"),
        ("IO Error: could not write: No space left on device", "磁盘写满或写入失败"),
    ],
)
def test_what_runs_out_while_rows_go_into_the_store_is_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, words: str, says: str
) -> None:
    stream = Workspace.stream

    def ending(self: Workspace, statement: exp.Expr) -> pa.RecordBatchReader:
        def batches() -> Iterator[pa.RecordBatch]:
            yield from ()
            raise OSError(words)

        return pa.RecordBatchReader.from_batches(stream(self, statement).schema, batches())

    monkeypatch.setattr(memory, "machine_memory", lambda: None)
    monkeypatch.setattr(Workspace, "stream", ending)
    before = shop.state()
    file = shop.write("more.csv", "order_id,customer_id,paid_at,paid\no9,c3,2026-03-02 10:00,10\n")
    done = shop.pdo("import", "orders", str(file), code=13)
    assert says in done.stderr
    assert shop.state() == before
