"""Files that do not contradict each other give the same store however they are cut and in whatever order they come in."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, strategies
from hypothesis import settings as sized

from pdo.ingest.undo import undo_import
from pdo.model.settings import Settings
from pdo.store.door import open_door
from tests.ingest.conftest import NOW, Shop

Cells = dict[str, str]

TRUTH: dict[str, tuple[tuple[str, ...], list[Cells]]] = {
    "customers": (
        ("客户编号",),
        [
            {"客户编号": "C1", "姓名": "王伟", "手机号": "13800138000", "积分": "5", "跟进人": "S1", "允许短信": "是"},
            {"客户编号": "C2", "姓名": "李娜", "手机号": "13800138000", "所属门店": "M2", "生日": "1990-02-28"},
            {"客户编号": "C3", "姓名": "合计", "external_userid": "wm3", "城市": '北"京'},
        ],
    ),
    "staff": (("工号",), [{"工号": "S1", "姓名": "小张", "所属门店": "M1"}, {"工号": "S2", "岗位": "导购"}]),
    "products": (("sku",), [{"sku": "P1", "标题": "苹果,大", "售价": "12.5"}, {"sku": "P3", "标题": "雪\n梨"}]),
    "orders": (
        ("订单号",),
        [
            {"订单号": "O1", "客户编号": "C1", "付款时间": "2024-01-05 09:30:00", "实付金额": "100", "导购": "S2"},
            {"订单号": "O2", "客户编号": "C9", "付款时间": "2024-01-06", "退款金额": "3.5", "门店编号": "M1"},
        ],
    ),
    "items": (
        ("订单号", "行号", "商品编码"),
        [
            {"订单号": "O1", "行号": "1", "商品编码": "P1", "数量": "2", "金额": "25"},
            {"订单号": "O1", "行号": "2", "商品编码": "P9", "数量": "0.5"},
            {"订单号": "O2", "行号": "1", "商品编码": "P1", "金额": "8"},
        ],
    ),
    "consents": (
        ("客户编号", "渠道"),
        [{"客户编号": "C2", "渠道": "sms", "授权时间": "2024-01-05", "撤回时间": "2024-02-01", "来源": "表单"}],
    ),
    "tags": (("客户编号", "标签"), [{"客户编号": "C1", "标签": "老客", "打标时间": "2024-01-05"}]),
}
"""What is true, by kind: the columns that name a row, and the rows."""


@dataclass(frozen=True)
class Piece:
    """A file."""

    kind: str
    content: str


def _file(kind: str, columns: list[str], rows: list[Cells]) -> Piece:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text

    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    return Piece(kind, "".join(",".join(map(cell, line)) + "\n" for line in lines))


@strategies.composite
def pieces(draw: strategies.DrawFn) -> list[Piece]:
    """The truth in files: each says some of it, of some rows, some rows twice; together they say all."""
    files: list[Piece] = []
    for kind, (key, truth) in TRUTH.items():
        others = sorted({column for row in truth for column in row if column not in key})
        facts = [(row, column) for row in truth for column in others if column in row] + [(row, "") for row in truth]
        count = draw(strategies.integers(1, 3))
        shares: list[list[tuple[Cells, str]]] = [[] for _ in range(count)]
        for fact in facts:
            told = draw(strategies.sets(strategies.integers(0, count - 1), min_size=1))
            for place in told:
                shares[place].append(fact)
        # Since when a tag holds belongs to its row: without it, the moment of the import counts.
        whole = kind in ("tags", "consents")
        for share in filter(None, shares):
            named = set(others) if whole else {column for _, column in share if column}
            columns = draw(strategies.permutations([*key, *sorted(named)]))
            rows = []
            for row in truth:
                said = {column for of, column in share if of is row}
                if said:
                    kept = row if whole else {column: row[column] for column in row if column in key or column in said}
                    rows += [kept] * draw(strategies.integers(1, 2))
            files.append(_file(kind, columns, draw(strategies.permutations(rows))))
    # An item goes in only behind its order.
    return sorted(draw(strategies.permutations(files)), key=lambda piece: piece.kind == "items")


@contextmanager
def opened(empty: Path) -> Iterator[Shop]:
    """A shop for one example."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(empty, folder / "store.db")
        yield Shop(folder, Settings(root=folder, database=folder / "store.db"))


@pytest.fixture(scope="module")
def whole(empty_store: Path) -> list[str]:
    """The state that one file a kind gives."""
    with opened(empty_store) as shop:
        for kind, (key, truth) in TRUTH.items():
            columns = [*key, *sorted({column for row in truth for column in row if column not in key})]
            shop.bring(kind, _file(kind, columns, truth).content)
        return shop.dump()


@pytest.mark.slow
@sized(max_examples=12)
@given(files=pieces())
def test_any_split_and_order_give_the_same_store(empty_store: Path, whole: list[str], files: list[Piece]) -> None:
    """And taken back one after the other, each gives the store before it."""
    with opened(empty_store) as shop:
        stands: list[tuple[int, list[str]]] = []
        for file in files:
            before = shop.dump()
            report = shop.bring(file.kind, file.content)
            assert report.rejected == 0
            stands.append((report.import_id or 0, before))
        assert shop.dump() == whole
        for import_id, before in reversed(stands):
            with open_door(shop.settings.database, write=True, resolved=True) as door:
                undo_import(door, import_id, now=NOW, actor="tester")
            assert shop.dump() == before
