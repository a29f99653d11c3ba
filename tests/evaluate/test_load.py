"""What the loader gives a program, where conditions of several kinds want the same column."""

from __future__ import annotations

from pdo.compiler.program import Wants
from pdo.core.calendar import parse_moment
from pdo.evaluate.engine import open_engine
from pdo.evaluate.outcome import evaluate
from pdo.model.conditions import Ages, ColumnTest, Duration, Measure, MeasureName, MeasureTest, OneOf, Range, Rows, Unit
from pdo.model.fields import Type
from pdo.model.playbook import Project
from tests.property.playbooks import SETTINGS, SPAN
from tests.support.memory import MemoryFacts


def test_a_moment_that_items_count_and_orders_test() -> None:
    """Counting different values needs no type; testing a date needs the local day beside the moment."""
    now = parse_moment("2026-03-02 09:00", SETTINGS.timezone)
    paid_on = ColumnTest("paid_at", Type.INSTANT, OneOf((now.today - 1, now.today)))
    counted = Measure(Rows("items", window=Ages((), (Duration(48, Unit.HOUR),))), MeasureName.DISTINCT, "paid_at")
    tested = Measure(Rows("orders", (paid_on,)), MeasureName.COUNT)
    asked = {
        "counted": MeasureTest(counted, Range(1, None), SPAN),
        "tested": MeasureTest(tested, Range(1, None), SPAN),
    }
    facts = MemoryFacts(
        {
            "customers": [{"id": 1, "key": "a"}, {"id": 2, "key": "b"}],
            "orders": [{"id": 1, "key": "o", "customer_id": 1, "paid_at": now.at, "paid": 100}],
            "items": [{"order_id": 1, "line": "1", "product_id": 1, "amount": 100}],
            "products": [{"id": 1, "key": "s"}],
        }
    )
    with open_engine() as engine:
        outcome = evaluate(engine, facts, Project(), SETTINGS, now, Wants(asked=asked))
        assert {name: outcome.how_many(name) for name in asked} == {"counted": 1, "tested": 1}
