"""`pdo import` and `pdo imports undo` as users call them."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from pdo.store.check import check
from pdo.store.door import open_door
from pdo.store.dump import dump_state
from tests.cli.inside import Shop
from tests.support.project import ENVIRONMENT

CUSTOMERS = "客户编号,姓名,手机号\nC1,王,13800138000\nC2,李,\n"


@pytest.fixture
def shop(new_project: Shop, tmp_path: Path) -> Shop:
    return Shop(new_project.copy(tmp_path / "shop").root)


def dump(shop: Shop) -> list[str]:
    return list(dump_state(shop.root / "pdo.db"))


def counts(data: dict[str, object]) -> dict[str, object]:
    return {name: data[name] for name in ("read", "new", "changed", "same", "rejected") if data[name]}


@pytest.mark.slow
def test_the_same_bytes_are_known(shop: Shop) -> None:
    path = str(shop.write("a.csv", CUSTOMERS))
    shop.pdo("import", "customers", path)
    again = shop.data("import", "customers", path)
    assert counts(again) == {"read": 2, "same": 2}
    assert again["files"][0]["known_from"] == 1
    assert "第 1 次导入" in shop.pdo("import", "customers", str(shop.write("copy.csv", CUSTOMERS))).stdout
    assert len(shop.data("imports", "list")["imports"]) == 1
    # Known are they only if they were to be read in the same way, and as long as nothing came in since.
    assert shop.data("import", "customers", path, "--mode", "replace")["files"][0]["known_from"] is None
    shop.pdo("import", "customers", str(shop.write("b.csv", "客户编号,姓名\nC1,赵\n")))
    assert counts(shop.data("import", "customers", path)) == {"read": 2, "changed": 1, "same": 1}


@pytest.mark.slow
def test_after_an_undo_they_come_in_again(shop: Shop) -> None:
    path = str(shop.write("a.csv", CUSTOMERS))
    shop.pdo("import", "customers", path)
    full = dump(shop)
    said = shop.data("imports", "undo", "1")["undone"]
    assert (said["removed"], said["restored"]) == ({"customer": 2}, 0)
    assert dump(shop) == []
    assert counts(shop.data("import", "customers", path)) == {"read": 2, "new": 2}
    assert dump(shop) == full


@pytest.mark.slow
def test_what_must_go_first_is_named(shop: Shop) -> None:
    shop.pdo("import", "customers", str(shop.write("a.csv", CUSTOMERS)))
    shop.pdo("import", "orders", str(shop.write("o.csv", "订单号,客户编号\nO1,C1\n")))
    errors = shop.pdo("imports", "undo", "1", code=2).stderr
    assert "后来的导入：2；" in errors
    assert "先撤销它们" in errors
    shop.pdo("imports", "undo", "2")
    shop.pdo("imports", "undo", "1")


def test_rejects_decide_the_exit_code_not_what_goes_in(shop: Shop) -> None:
    path = str(shop.write("a.csv", "客户编号,积分\nC1,1\nC2,x\nC3,3\n"))
    assert "已经导入" in shop.pdo("import", "customers", path, code=4).stderr
    assert shop.data("import", "customers", path, "--max-rejects", "1")["same"] == 2
    assert shop.data("import", "customers", path, "--max-rejects", "34%")["same"] == 2


def test_strict_writes_nothing_of_a_file_with_rejects(shop: Shop) -> None:
    good = str(shop.write("good.csv", CUSTOMERS))
    bad = str(shop.write("bad.csv", "客户编号,积分,跟进人\nC8,1,S1\nC9,x,S1\n"))
    data = shop.data("import", "customers", bad, good, "--strict", code=4)
    assert [(file["path"], file["import_id"]) for file in data["files"]] == [(bad, None), (good, 1)]
    assert {line.split('"key": ')[1][:4] for line in dump(shop) if '"table": "customer"' in line} == {'"C1"', '"C2"'}
    assert not [line for line in dump(shop) if '"table": "staff"' in line]


def test_a_file_that_cannot_be_used_does_not_keep_the_others_out(shop: Shop) -> None:
    files = [
        str(shop.write(name, text))
        for name, text in (("1.csv", "x\ny\n"), ("2.csv", CUSTOMERS), ("3.csv", "客户编号,客户编号\n1,2\n"))
    ]
    done = shop.pdo("import", "customers", *files, code=2)
    assert "2.csv" in done.stdout
    assert "1.csv" in done.stderr
    assert "3.csv" in done.stderr
    data = shop.data("import", "customers", *files, code=2)
    assert [file["path"] for file in data["files"]] == files[1:2]
    assert [failed["path"] for failed in data["failed"]] == [files[0], files[2]]


@pytest.mark.slow
def test_who_comes_second_is_told(shop: Shop) -> None:
    path = str(shop.write("a.csv", CUSTOMERS))
    with open_door(shop.root / "pdo.db", write=True, doing="import orders"):
        done = shop.apart().pdo("import", "customers", path, code=11)
    assert "import orders" in done.stderr
    assert dump(shop) == []
    shop.pdo("import", "customers", path)


@pytest.mark.kill
def test_whatever_cannot_be_written_nothing_is_half_written(shop: Shop) -> None:
    """No file may grow beyond a limit, which is raised until the import goes through: each write fails once."""
    rows = "".join(f"C{number},客户{number},{13_000_000_000 + number},S{number % 7}\n" for number in range(4_000))
    path = shop.write("many.csv", "客户编号,姓名,手机号,跟进人\n" + rows)
    shop.pdo("import", "customers", str(shop.write("few.csv", "客户编号,姓名\nC5,旧\n")))
    before = dump(shop)
    limit, failed = 8_192, 0
    while True:
        cap = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))
        done = subprocess.run(
            [sys.executable, "-m", "pdo", "import", "customers", str(path), "--project", str(shop.root)],
            capture_output=True,
            text=True,
            env={**ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": os.environ.get("TMPDIR", "/tmp")},  # noqa: S108
            preexec_fn=cap,
            check=False,
        )
        if done.returncode == 0:
            break
        failed += 1
        assert done.returncode == 13, f"{limit}: {done.returncode}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        assert dump(shop) == before, limit
        assert check(shop.root / "pdo.db").unsound == ()
        limit = limit * 8 // 5
    assert failed > 3
    assert len(dump(shop)) > 4_000
    assert check(shop.root / "pdo.db").unsound == ()
