"""What the store leaves out for speed changes no answer."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.program import Wants
from pdo.compiler.ranks import KEY
from pdo.core.calendar import parse_moment
from pdo.evaluate.engine import open_engine
from pdo.evaluate.outcome import evaluate
from pdo.evaluate.stored import StoreFacts
from pdo.model.playbook import Project
from pdo.playbook.project import parse_condition_text
from pdo.playbook.settings import read_settings
from pdo.store.door import open_door
from tests.cli.inside import Shop

if TYPE_CHECKING:
    from pathlib import Path

    from pdo.model.conditions import Condition

ORDERS = """\
订单号,客户编号,下单时间,付款时间,实付金额,退款金额,退款时间,订单状态
paid,a,2026-02-01 09:00,2026-02-01 10:00,100,,,已完成
part,a,2026-02-10 09:00,2026-02-10 10:00,100,40,2026-02-20 10:00,已完成
whole,b,2026-02-10 09:00,2026-02-10 10:00,100,100,2026-02-20 10:00,已退款
later,b,2026-02-10 09:00,2026-02-10 10:00,100,100,2026-03-20 10:00,已退款
unpaid,c,2026-02-10 09:00,,100,,,待付款
to come,c,2026-02-10 09:00,2026-03-10 10:00,100,,,已完成
gift,d,2026-01-01 09:00,2026-01-01 10:00,0,,,已完成
midnight,d,2026-02-01 00:00,2026-02-01 00:00,7,0,,已完成
"""
CUSTOMERS = "客户编号\na\nb\nc\nd\n"
EVENTS = "客户编号,类型,时间\na,浏览,2026-02-28 23:59:59\nb,浏览,2026-03-01 00:00:00\nc,浏览,2026-03-02 09:00:01\n"
ASKED = (
    {"orders: {}": "abd", "orders: {amount: 160}": "a", "orders: {where: {refunded: {exists: true}}}": "ad"},
    {"orders: {within: 30d}": "abd", "orders: {within: 29d}": "ab"},
    {"orders: {where: {status: 待付款}}": "c", "orders: {where: {status: 已退款}, count: 2}": "b"},
    {"events: {within: 2d}": "b", "events: {within: 24h}": "", "events: {within: 34h}": "ab"},
)
"""Conditions that one program answers: what all of them leave out need not leave the store."""


class WithoutShortcuts(StoreFacts):
    """The same store, giving everything and leaving the choice to its reader."""

    def counted_orders(self, *_arguments: Any) -> None:
        """No shortcut."""

    def rows(self, kind: str, columns: tuple[str, ...], _oldest: int | None = None) -> Any:
        """All rows."""
        return super().rows(kind, columns)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Shop:
    """A shop with these orders."""
    folder = Shop(tmp_path_factory.mktemp("stored"))
    folder.write("pdo.yaml", "timezone: Asia/Shanghai\nlanguage: zh\ndatabase: pdo.db\n")
    shutil.copy(empty_store, folder.root / "pdo.db")
    for kind, text in (("customers", CUSTOMERS), ("orders", ORDERS), ("events", EVENTS)):
        folder.pdo("import", kind, str(folder.write(f"{kind}.csv", text)))
    return folder


@pytest.mark.parametrize("source", [StoreFacts, WithoutShortcuts])
def test_orders_and_events_out_of_the_store(source: type[StoreFacts], folder: Shop) -> None:
    settings, _ = read_settings(folder.root)
    assert settings is not None
    now = parse_moment("2026-03-02 09:00", settings.timezone)
    for expected in ASKED:
        asked: dict[str, Condition] = {}
        for text in expected:
            condition, findings = parse_condition_text(text, settings, Project())
            assert condition is not None, findings
            asked[text] = condition
        with open_door(settings.database, write=False) as door, open_engine() as engine:
            outcome = evaluate(engine, source(door), Project(), settings, now, Wants(asked=asked))
            rows = engine.rows(exp.select("*").from_("outcome").order_by(sql.column(KEY)))
        answers = outcome.program.answers
        assert {text: "".join(row[KEY] for row in rows if row[answers[text]]) for text in asked} == expected
