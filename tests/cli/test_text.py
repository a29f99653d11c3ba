"""What people see: data as data, nothing cut in a pipe, phones masked."""

from __future__ import annotations

import csv
import json
import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pdo.commands.cells import text_width
from tests.cli.conftest import AS_OF
from tests.cli.inside import Shop, call
from tests.support.project import ENVIRONMENT

ESCAPE = "\x1b"


def on_terminal(project: Shop, *arguments: str, **environment: str) -> str:
    """What a command prints on a terminal."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pdo", *arguments, "--project", str(project.root)],
        stdout=side,
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
        if not chunk:
            break
        chunks.append(chunk)
    os.close(main)
    process.wait()
    return b"".join(chunks).decode()


def batch_of(shop: Shop, campaign: str) -> str:
    """The number of a campaign's batch."""
    found = shop.data("batch", "list")["batches"]
    return next(str(one["batch_id"]) for one in found if one["campaign"] == campaign)


@pytest.mark.slow
def test_markup_in_data_is_data(made_shop: Shop) -> None:
    assert "[vip] 张[/x]" in made_shop.pdo("customer", "find", "c3").stdout
    assert "[vip] 张[/x]" in on_terminal(made_shop, "customer", "find", "c3", COLUMNS="120")


def test_no_colour_in_a_pipe_whatever_the_environment_says(made_shop: Shop) -> None:
    for words in (["customer", "show", "c1"], ["validate"], ["segment", "list"]):
        done = made_shop.pdo(*words, GITHUB_ACTIONS="true", FORCE_COLOR="1", TTY_COMPATIBLE="1", CLICOLOR_FORCE="1")
        assert ESCAPE not in done.stdout + done.stderr


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.slow
def test_no_colour_where_none_is_wanted(made_shop: Shop, environment: dict[str, str]) -> None:
    text = on_terminal(made_shop, "segment", "list", **environment)
    assert f"{ESCAPE}[3" not in text
    assert "水果客" in text


def test_nothing_is_cut_on_a_narrow_terminal(made_shop: Shop) -> None:
    text = on_terminal(made_shop, "batch", "show", batch_of(made_shop, "上新"), COLUMNS="40", NO_COLOR="1")
    assert "…" not in text
    assert all(
        text_width(line) <= 40 for line in text.replace(ESCAPE + "[1m", "").replace(ESCAPE + "[0m", "").splitlines()
    )


def test_nothing_is_cut_in_a_pipe(made_shop: Shop) -> None:
    lines = made_shop.pdo("batch", "show", batch_of(made_shop, "上新"), COLUMNS="20").stdout.splitlines()
    assert any("王芳，车厘子到了" in line and "c1" in line for line in lines)


def test_columns_of_a_pipe_line_up(made_shop: Shop) -> None:
    head, *rows = made_shop.pdo("tag", "list").stdout.splitlines()
    starts = {text_width(row[: row.index("shop")]) for row in rows}
    assert starts == {text_width(head[: head.index("运营方案")])}


def test_phones_are_masked_on_screens(made_shop: Shop) -> None:
    for words in (
        ["customer", "show", "c1"],
        ["customer", "find", "15400000001"],
        ["segment", "show", "水果客"],
        ["batch", "show", batch_of(made_shop, "上新")],
    ):
        for option in ([], ["--format", "json"]):
            text = made_shop.pdo(*words, *option).stdout
            assert "154****0001" in text
            assert "15400000001" not in text


def test_sensitive_attributes_are_masked(made_shop: Shop) -> None:
    text = made_shop.pdo("customer", "show", "c1").stdout
    assert "干性" not in text
    assert "***" in text


def test_a_segment_file(shop: Shop) -> None:
    done = shop.data("segment", "export", "水果客")
    path = Path(done["path"])
    assert path == shop.root / "out" / "2026-03-02" / "水果客.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["customer_id", "name", "phone", "owner", "累计消费"],
            ["c1", "王芳", "15400000001", "G1", "300.50"],
            ["c2", "'=1+1", "15400000002", "G1", "80.00"],
        ]
    first = path.read_bytes()
    shop.data("segment", "export", "水果客")
    assert path.read_bytes() == first


def test_a_segment_file_as_json_lines(shop: Shop) -> None:
    path = shop.root / "a.jsonl"
    shop.pdo("segment", "export", "水果客", "--output", str(path))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows[1] == {"customer_id": "c2", "name": "=1+1", "phone": "15400000002", "owner": "G1", "累计消费": 80.0}
    shop.pdo("segment", "export", "水果客", "--output", str(shop.root / "a.txt"), code=2)
    shop.pdo("segment", "export", "水果客", "--output", str(shop.root / "a.txt"), "--file-type", "csv")


def test_a_batch_from_draft_to_file(shop: Shop) -> None:
    batches = {one["campaign"]: one for one in shop.data("batch", "list")["batches"]}
    number = str(batches["上新"]["batch_id"])
    assert batches["上新"]["status"] == "draft"
    refused = shop.pdo("batch", "export", number, code=2)
    assert f"pdo batch approve {number}" in refused.stderr
    assert shop.data("batch", "approve", number)["changed"] is True
    assert shop.data("batch", "approve", number)["changed"] is False
    path = Path(shop.data("batch", "export", number)["path"])
    assert path == shop.root / "out" / "2026-03-02" / f"batch-{number}.csv"
    first = path.read_bytes()
    state = shop.state()
    shop.data("batch", "export", number)
    assert path.read_bytes() == first
    assert shop.state() == state
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["customer_id"] for row in rows] == ["c1", "c2"]
    assert rows[0]["text"] == "王芳，车厘子到了"
    withheld = shop.data("batch", "withheld", str(batches["回访"]["batch_id"]))["messages"]
    assert [one["customer_id"] for one in withheld] == ["c1"]
    assert "频控" in shop.pdo("batch", "withheld", str(batches["回访"]["batch_id"])).stdout


def test_init_twice_is_once(tmp_path: Path) -> None:
    root = tmp_path / "new"
    first = call("init", str(root))
    assert first.returncode == 0
    (root / "pdo.yaml").write_text("timezone: Asia/Shanghai\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    again = call("init", str(root))
    assert again.returncode == 0
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert "新建" not in again.stdout


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_starter_is_sound(tmp_path: Path, language: str) -> None:
    root = tmp_path / "new"
    assert call("init", str(root), PDO_LANG=language).returncode == 0
    done = call("validate", "--strict", "--project", str(root))
    assert done.returncode == 0, done.stdout
    assert call("plan", "--as-of", AS_OF, "--project", str(root)).returncode == 0


def test_the_template_is_sound(tmp_path: Path) -> None:
    project = Shop(tmp_path / "shop")
    assert call("init", str(project.root), "--template", "fresh-retail").returncode == 0
    project.pdo("validate", "--strict")
    assert (project.root / "sample_data" / "orders.csv").exists()
    assert not list(project.root.rglob("*.py"))
    refused = call("init", str(tmp_path / "other"), "--template", "nope")
    assert refused.returncode == 2
    assert "fresh-retail" in refused.stderr
    assert not (tmp_path / "other").exists()
