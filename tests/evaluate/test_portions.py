"""What does not fit into memory: customers worked out in portions, changes sorted in parts, long results in files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlglot import exp

from pdo.compiler.program import MEASURED, compile_project
from pdo.core import memory
from pdo.core.calendar import parse_moment
from pdo.core.errors import StorageError
from pdo.core.sizes import MEGABYTE
from pdo.evaluate import changes, engine
from pdo.evaluate.engine import open_engine
from pdo.evaluate.outcome import evaluate
from pdo.evaluate.portions import how_many
from pdo.model.settings import Settings
from tests.evaluate.conftest import ZONE, instant

if TYPE_CHECKING:
    from pathlib import Path

    from tests.evaluate.conftest import Kept, Make, Scene

EACH = """\
tags:
  老客: {group: 行为, keep: true, when: {orders: {count: 2..}}}
  近来: {group: 行为, expires: 2d, when: {orders: {within: 3d}}}
  看过: {group: 行为, when: {events: {type: 浏览, count: ..1}}}
lifecycles:
  阶段:
    stages: [新, 活跃]
    initial: 新
    transitions: [{from: 新, to: 活跃, when: {orders: {count: 2..}}}]
"""
AMONG = f"""\
metrics:
  消费: {{orders: amount}}
segments:
  各城第一: {{when: {{tag: 老客}}, rank_by: {{消费: desc}}, top: 1, per: city}}
  大客户: {{when: {{消费: {{above: average}}}}}}
  前三成: {{when: {{消费: {{top: 30%}}}}}}
{EACH}"""
CUSTOMERS = 11


def _scene(scene: Make, playbook: str) -> Scene:
    """Eleven customers with orders and events on different days."""
    people: dict[str, dict[str, Any]] = {
        f"c{number:02}": {"city": "上海" if number % 3 else "北京"} for number in range(1, CUSTOMERS + 1)
    }
    found = scene(playbook, **people)
    bought = [(number, day) for number in range(1, CUSTOMERS + 1) for day in range(1, number % 4 + 1)]
    found.facts.kinds["orders"] = [
        {
            "id": place,
            "key": f"o{place}",
            "customer_id": number,
            "paid_at": instant(f"2026-03-0{day} 08:00"),
            "created_at": instant(f"2026-03-0{day} 08:00"),
            "paid": 100 * number,
        }
        for place, (number, day) in enumerate(bought, 1)
    ]
    found.facts.kinds["events"] = [
        {
            "id": place,
            "key": f"e{place}",
            "customer_id": number,
            "type": "浏览",
            "occurred_at": instant("2026-03-01 07:00"),
        }
        for place, number in enumerate((1, 1, 4, 9, 9), 1)
    ]
    return found


def _nights(found: Scene) -> list[Kept]:
    return [found.run(f"2026-03-0{day} 09:00") for day in range(1, 5)]


PLAYBOOKS = pytest.mark.parametrize(
    "playbook",
    [
        pytest.param(EACH, id="nobody is held against others"),
        pytest.param(AMONG, id="customers are held against one another"),
    ],
)


@PLAYBOOKS
@pytest.mark.parametrize("portions", [3, pytest.param(12, marks=pytest.mark.slow)])
def test_nights_in_portions_are_the_nights_of_all_at_once(
    scene: Make, monkeypatch: pytest.MonkeyPatch, playbook: str, portions: int
) -> None:
    whole = _nights(_scene(scene, playbook))
    monkeypatch.setattr("pdo.evaluate.portions.how_many", lambda *_: portions)
    assert _nights(_scene(scene, playbook)) == whole
    assert len({one for night in whole for one in night}) > 5


def test_what_everybody_is_held_against_is_the_same_in_portions(scene: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _scene(scene, AMONG)
    now = parse_moment("2026-03-04 09:00", ZONE)

    def thresholds() -> dict[str, Any]:
        with open_engine() as one:
            return evaluate(one, found.facts, found.project, found.settings, now).thresholds()

    whole = thresholds()
    monkeypatch.setattr("pdo.evaluate.portions.how_many", lambda *_: 4)
    assert thresholds() == whole
    assert len(whole) == 2


def test_where_all_are_sorted_only_what_that_looks_at_is_carried(scene: Make) -> None:
    found = _scene(scene, AMONG)
    program = compile_project(found.project, found.settings, parse_moment("2026-03-04 09:00", ZONE))
    assert program.among is not None
    (sorted_ones,) = (
        {column.name for column in one.expressions}
        for one in program.among.find_all(exp.Select)
        if one is not program.among
        and isinstance(table := one.args["from_"].this, exp.Table)
        and table.name == MEASURED
    )
    assert "g0" in sorted_ones
    assert not any(name.startswith("t") for name in sorted_ones), "tags, of which there may be hundreds"
    assert program.each.find(exp.Window) is None


@pytest.mark.parametrize(
    ("megabytes", "customers", "room", "portions"),
    [
        pytest.param(0, 0, 250, 1, id="nobody"),
        pytest.param(1900, 1_000_000, 1500, 1, id="a little more than there is: it spills"),
        pytest.param(3000, 1_500_000, 1500, 1, id="twice as much as there is"),
        pytest.param(5760, 3_000_000, 1500, 8, id="far more: each takes half of what there is"),
        pytest.param(1920, 1_000_000, 250, 16, id="little memory"),
        pytest.param(1920, 120_000, 250, 2, id="never fewer customers than are worth it"),
        pytest.param(1920, 30_000, 250, 1, id="too few customers for two"),
    ],
)
def test_how_many_portions_there_are(megabytes: int, customers: int, room: int, portions: int) -> None:
    assert how_many(megabytes * MEGABYTE, customers, room * MEGABYTE) == portions


def test_changes_sorted_rule_by_rule_are_those_sorted_at_once(scene: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _nights(_scene(scene, AMONG))
    monkeypatch.setattr(changes, "BYTES_SORTED", 10**12)
    assert _nights(_scene(scene, AMONG)) == whole


def test_a_long_result_lies_in_a_file_and_outlives_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = exp.select("range AS number").from_("range(300000)").order_by("number")
    with open_engine() as one:
        short = one.table(numbers)
        monkeypatch.setattr(engine, "_IN_MEMORY", 10**9)
        long = one.table(numbers)
        assert long.schema == one.table(numbers.limit(0)).schema
    assert long.equals(short)
    assert long.num_rows == 300_000


@pytest.mark.parametrize(
    "first", [pytest.param(0, id="before the first row"), pytest.param(2_000_000, id="among the rows")]
)
def test_memory_that_does_not_suffice_is_told_whenever_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    monkeypatch.setattr(memory, "REST", memory.LEAST_MEMORY - 30 * MEGABYTE)
    one_text = exp.select("length(string_agg(repeat('x', 1000), '')) AS n").from_("range(200000)")
    numbers = exp.select("range AS n").from_(f"range({first})")
    settings = replace(Settings(tmp_path, tmp_path / "pdo.db"), memory=memory.LEAST_MEMORY)
    with pytest.raises(StorageError) as told, open_engine(settings) as one:
        one.table(exp.union(numbers, one_text, distinct=False))
    assert told.value.key == "error.memory_short"
