"""The pages that ops managers follow: every command in them is executed, in order, with the exports that they speak of."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ingest.profiles.exports import TAOBAO_DETAILS, TAOBAO_ORDERS, WECOM, YOUZAN_CUSTOMERS, YOUZAN_ORDERS, Export
from tests.support.project import ENVIRONMENT, ROOT

DAY = tuple(ROOT / "docs" / "tutorial" / name for name in ("a-day.zh.md", "a-day.md"))
PROFILE = ROOT / "docs" / "how-to" / "write-a-profile.md"
_BLOCK = re.compile(r"^```(sh|yaml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LONG_AGO = 1_700_000_000
EXPORTS = (WECOM, YOUZAN_CUSTOMERS, YOUZAN_ORDERS, TAOBAO_ORDERS, TAOBAO_DETAILS)


def sound(export: Export) -> Export:
    """Without the rows that Excel has damaged."""
    return replace(export, rows=tuple(row for row in export.rows if "E+" not in "".join(row.values())))


def blocks(page: Path) -> list[tuple[str, str]]:
    return _BLOCK.findall(page.read_text(encoding="utf-8"))


def commands(page: Path) -> list[str]:
    return [line for language, text in blocks(page) if language == "sh" for line in text.splitlines()]


def call(line: str, folder: Path, code: int = 0) -> str:
    """A line as a shell takes it."""
    program = folder.parent / "bin"
    program.mkdir(exist_ok=True)
    script = program / "pdo"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pdo "$@"\n')
    script.chmod(0o755)
    environment = {**ENVIRONMENT, "PATH": f"{program}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", line], cwd=folder, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == code, f"{line}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def test_both_languages_have_the_same_commands() -> None:
    assert blocks(DAY[0]) == blocks(DAY[1])


@pytest.mark.slow
def test_the_day_of_an_ops_manager(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    said: dict[str, list[str]] = {}
    for language, text in blocks(DAY[0]):
        if language == "yaml":
            with (folder / "pdo.yaml").open("a", encoding="utf-8") as settings:
                settings.write(text)
            continue
        for line in text.splitlines():
            if line.startswith("cd "):
                folder /= line.removeprefix("cd ")
                continue
            # Items need orders that a dry run does not write.
            code = 4 if line.endswith("--dry-run") else 0
            said.setdefault(line, []).append(call(line, folder, code))
            if line == "mkdir inbox":
                for export in EXPORTS:
                    os.utime(sound(export).write(folder / "inbox"), (LONG_AGO, LONG_AGO))
    assert "认作“企业微信客户 WeCom customers”" in said["pdo import auto inbox/*.csv --dry-run"][0]
    assert said["pdo import --inbox inbox"][0].count("✓") == len(EXPORTS)
    before, after = said["pdo report match"]
    assert "没有品类的商品" in before
    assert "赵六" not in after
    assert re.search(r"明细 → 品类 +3 +3 +100.0%", after)
    assert "王明" in said["pdo customer find 王明"][0]
    assert "王明" in said["pdo segment show 近期未回购客户"][0]
    assert list(folder.glob("out/*/近期未回购客户.csv"))
    assert "老客回访" in said["pdo batch list"][0]
    assert list(folder.glob("out/*/tasks/*/*.xlsx"))


@pytest.mark.slow
def test_a_profile_in_ten_minutes(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    call(f"pdo init {folder}", tmp_path)
    (folder / "微盟订单.csv").write_text(
        "订单编号,买家ID,买家昵称,买家手机,付款时间,订单状态,实付金额\n"
        "W1,u1,小明,13800138000,2026-03-01 10:00:00,TRADE_SUCCESS,99.00\n",
        encoding="utf-8",
    )
    said = ""
    for language, text in blocks(PROFILE):
        if language == "yaml":
            (folder / "profiles" / "weimob.yaml").write_text(text, encoding="utf-8")
            continue
        for line in text.splitlines():
            said = call(line, folder)
    assert "认作“微盟订单”（weimob.orders），导入 customers, orders" in said
