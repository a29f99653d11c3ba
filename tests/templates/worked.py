"""A worked project as its reader has it: from `pdo init --template` on."""

from __future__ import annotations

import csv
import importlib.util
import re
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType

from tests.cli.inside import Shop, call
from tests.support.project import ROOT

Row = dict[str, str]


@dataclass(frozen=True)
class Standing:
    """What a customer has after a run, or must have.

    Attributes:
        stages: one for each lifecycle, in the order of the playbooks.
        tags: by rule, and of files.
        segments: they belong to.
        messages: the campaigns of which they have a message.
    """

    stages: tuple[str, ...]
    tags: frozenset[str]
    segments: frozenset[str]
    messages: frozenset[str]


def standing(stages: str, tags: str = "", segments: str = "", messages: str = "") -> Standing:
    """The same, each as words in one text."""
    return Standing(
        tuple(stages.split()), frozenset(tags.split()), frozenset(segments.split()), frozenset(messages.split())
    )


# The project ------------------------------------------------------------------------------------------------------------


def make(template: str, folder: Path) -> Shop:
    """`pdo init --template`."""
    done = call("init", str(folder), "--template", template)
    assert done.returncode == 0, done.stderr
    return Shop(folder)


def bring(shop: Shop, kinds: Sequence[str]) -> dict[str, list[str]]:
    """Import all sample data; line and code of what was refused or stood twice, by kind."""
    told = {}
    for kind in kinds:
        path = shop.root / "sample_data" / f"{kind}.csv"
        done = call("import", kind, str(path), "--project", str(shop.root))
        assert done.returncode == 0, done.stderr
        told[kind] = [" ".join(each) for each in re.findall(r"\.csv:(\d+): (IM\d+) ", done.stdout + done.stderr)]
    return {kind: found for kind, found in told.items() if found}


def query(shop: Shop, statement: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(f"file:{shop.root / 'pdo.db'}?mode=ro", uri=True)) as connection:
        return connection.execute(statement).fetchall()


def found(shop: Shop, customer: str, lifecycles: Sequence[str]) -> Standing:
    """What a customer has."""
    whose = f"WHERE customer = '{customer}'"

    def column(what: str, view: str, rest: str = "") -> frozenset[str]:
        return frozenset(row[0] for row in query(shop, f"SELECT {what} FROM {view} {whose} {rest}"))

    rows = query(shop, f"SELECT lifecycle, stage FROM v_customer_stage {whose} AND until IS NULL")
    stages = {row[0]: row[1] for row in rows}
    return Standing(
        tuple(stages[name] for name in lifecycles),
        column("tag", "v_customer_tag", "AND until IS NULL"),
        column("segment", "v_segment_member", "AND until IS NULL"),
        column("campaign", "v_message"),
    )


def stage_members(shop: Shop, lifecycle: str) -> dict[str, str]:
    """Customer → stage."""
    whose = f"WHERE lifecycle = '{lifecycle}' AND until IS NULL"
    return {row[0]: row[1] for row in query(shop, f"SELECT customer, stage FROM v_customer_stage {whose}")}


def members(shop: Shop, name: str, *, kind: str = "tag") -> set[str]:
    """Who has a tag, or belongs to a segment."""
    view = {"tag": "v_customer_tag", "segment": "v_segment_member"}[kind]
    return {row[0] for row in query(shop, f"SELECT customer FROM {view} WHERE {kind} = '{name}' AND until IS NULL")}


# Its files, read apart from the program -----------------------------------------------------------------------------------


def generator(template: str) -> ModuleType:
    """The script that writes a project's sample data."""
    folder = ROOT / "playbooks" / template / "sample_data"
    spec = importlib.util.spec_from_file_location(f"generate_{template.replace('-', '_')}", folder / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(folder))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop("twenty", None)
    return module


def written(template: str, name: str) -> list[Row]:
    """The rows of a file of sample data, once each, without those that say no customer."""
    path = ROOT / "playbooks" / template / "sample_data" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("客户编号", "无")]
    return list({tuple(row.items()): row for row in rows}.values())


def bought(template: str, now: str) -> list[Row]:
    """Orders that count: paid by then, and not refunded in full."""
    return [
        row
        for row in written(template, "orders")
        if row["付款时间"]
        and row["付款时间"] <= now
        and re.fullmatch(r"[\d.]+", row["实付金额"])
        and Decimal(row["退款金额"]) < Decimal(row["实付金额"])
    ]


def net(order: Row) -> Decimal:
    return Decimal(order["实付金额"]) - Decimal(order["退款金额"])


def days_ago(moment: str, today: str) -> int:
    return (datetime.fromisoformat(today).date() - datetime.fromisoformat(moment).date()).days
