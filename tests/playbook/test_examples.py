"""Examples and files of cases: rows, moments, expectations, and what is wrong with them."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pdo.model.conditions import Filled, OneOf, Range, TextOperator, TextTest
from pdo.model.examples import Aspect, Example, ExampleFile
from pdo.model.fields import Type
from pdo.playbook.project import load_project
from pdo.playbook.settings import read_settings
from tests.playbook.test_blocks import TABLES, clean, read

BLOCKS = """\
metrics: {消费: {orders: amount}}
tags: {老客: {when: {orders: {}}}, 过敏: {ask: {question: 过敏吗}}, 渠道: {from: source_channel}}
scores: {分: {rules: [{when: {orders: {}}, add: 1.5}]}}
lifecycles: {段: {derived: {买过: {orders: {}}}, otherwise: 没买}}
segments: {群: {when: {tag: 老客}}}
campaigns: {提醒: {to: 群, channel: file, text: 您好}}
"""


def example(rest: str, *, now: str = "2026-03-02 09:00", customers: str = "[{customer_id: a}]") -> str:
    lines = "".join(f"    {line}\n" for line in rest.split("\n"))
    return f"{BLOCKS}examples:\n  - name: 例\n    now: {now}\n    customers: {customers}\n{lines}"


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())


def only(folder: Path, text: str) -> Example:
    (found,) = clean(folder, text).examples
    return found


def keys(folder: Path, text: str) -> list[str]:
    return [each.key for each in read(folder, text)[1]]


def test_rows_are_typed_and_what_they_leave_out_is_made(tmp_path: Path) -> None:
    text = example(
        "orders:\n"
        "  - {customer_id: a, paid_at: 2026-01-20, paid: 200, staff: 张三, items: [{category: 水果, amount: 199.9}, {sku: s1}]}\n"
        "  - {order_id: o2, customer_id: a, paid_at: 2026-01-21 10:30, paid: 0.5}\n"
        "children: [{customer_id: a, child_no: 1, birthday: 2025-12-01}]\n"
        "expect: {tags: {a: 老客}}",
        customers="[{customer_id: a, name: 王芳, owner: 李四, is_friend: true, birthday: 1990-02-03, points: 1,200}]".replace(
            "1,200", '"1,200"'
        ),
    )
    (moment,) = only(tmp_path, text).moments
    rows = [(row.kind, row.made, dict(row.cells)) for row in moment.rows]
    assert moment.now == at("2026-03-02 09:00")
    assert rows == [
        ("staff", True, {"staff_id": "李四"}),
        (
            "customers",
            False,
            {
                "customer_id": "a",
                "name": "王芳",
                "owner": "李四",
                "is_friend": 1,
                "birthday": "1990-02-03",
                "points": 1200,
            },
        ),
        ("staff", True, {"staff_id": "张三"}),
        (
            "orders",
            False,
            {"customer_id": "a", "paid_at": at("2026-01-20"), "paid": 20_000, "staff": "张三", "order_id": "orders-1"},
        ),
        ("products", True, {"sku": "水果", "category": "水果"}),
        ("items", False, {"order_id": "orders-1", "line": "1", "amount": 19_990, "sku": "水果"}),
        ("products", True, {"sku": "s1"}),
        ("items", False, {"order_id": "orders-1", "line": "2", "sku": "s1"}),
        ("orders", False, {"order_id": "o2", "customer_id": "a", "paid_at": at("2026-01-21 10:30"), "paid": 50}),
        ("children", False, {"customer_id": "a", "child_no": "1", "birthday": "2025-12-01"}),
    ]


def test_expectations(tmp_path: Path) -> None:
    text = example(
        "expect:\n"
        "  tags: {a: [老客, 过敏]}\n"
        "  stages: {段: {a: 买过}}\n"
        "  scores: {分: {a: 1.5}}\n"
        "  metrics: {消费: {a: 600..}}\n"
        "  messages: {提醒: {a: {contains: 您好}}}\n"
        "  segments: {a: 群}\n"
        "  members: {老客: [a], 群: []}\n"
        "  absent: {tags: {a: 过敏:否}, messages: {提醒: [a]}}\n"
        "  exactly: true"
    )
    (moment,) = only(tmp_path, text).moments
    told = [(each.aspect, each.name, each.stage, each.test, each.type, each.absent) for each in moment.expect.expected]
    assert told == [
        (Aspect.TAG, "老客", "", None, None, False),
        (Aspect.TAG, "过敏:是", "", None, None, False),
        (Aspect.SEGMENT, "群", "", None, None, False),
        (Aspect.STAGE, "段", "买过", None, None, False),
        (Aspect.SCORE, "分", "", OneOf((1500,)), Type.NUMBER, False),
        (Aspect.METRIC, "消费", "", Range(60_000, None), Type.MONEY, False),
        (Aspect.MESSAGE, "提醒", "", TextTest(TextOperator.CONTAINS, "您好"), Type.TEXT, False),
        (Aspect.TAG, "过敏:否", "", None, None, True),
        (Aspect.MESSAGE, "提醒", "", None, None, True),
    ]
    assert [(each.aspect, each.name, each.customers) for each in moment.expect.members] == [
        (Aspect.TAG, "老客", ("a",)),
        (Aspect.SEGMENT, "群", ()),
    ]
    assert moment.expect.exactly


def test_a_value_may_be_expected_to_be_absent(tmp_path: Path) -> None:
    (moment,) = only(tmp_path, example("expect: {metrics: {消费: {a: {exists: false}}}}")).moments
    assert moment.expect.expected[0].test == Filled(exists=False)


def test_moments_in_a_row_know_earlier_customers(tmp_path: Path) -> None:
    text = example(
        "expect: {absent: {tags: {a: 老客}}}\n"
        "then:\n"
        "  - now: 2026-03-03\n"
        "    orders: [{customer_id: a, paid_at: 2026-03-02 10:00, paid: 1}]\n"
        "    expect: {tags: {a: 老客}}"
    )
    first, second = only(tmp_path, text).moments
    assert (first.now, second.now) == (at("2026-03-02 09:00"), at("2026-03-03"))
    assert [row.kind for row in second.rows] == ["orders"]


def test_tags_of_a_column_are_named_by_the_values_that_rows_have(tmp_path: Path) -> None:
    rows = "[{customer_id: a, source_channel: 抖音}]"
    assert keys(tmp_path, example("expect: {tags: {a: 抖音}}", customers=rows)) == []
    assert keys(tmp_path, example("expect: {tags: {a: 快手快手}}", customers=rows)) == ["PB201"]


def test_rows_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "客户.csv").write_text("客户编号\na\nb\n", "utf-8")
    (moment,) = only(tmp_path, example("expect: {members: {老客: [a, b]}}", customers="客户.csv")).moments
    assert [(file.kind, file.path) for file in moment.files] == [("customers", "客户.csv")]
    assert isinstance(moment.files[0], ExampleFile)
    assert keys(tmp_path, example("expect: {tags: {a: 老客}}", customers="没有.csv")) == ["PB221", "PB352"]


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ("expect: {tags: {b: 老客}}", ["PB352"]),
        ("expect: {tags: {a: 没有的}}", ["PB201"]),
        ("expect: {stages: {没有的段: {a: 买过}}}", ["PB201"]),
        ("expect: {stages: {段: {a: 没有}}}", ["PB201.near"]),
        ("expect: {scores: {消费: {a: 1}}}", ["PB201.kind"]),
        ("expect: {metrics: {消费: {a: 很多}}}", ["PB301.money"]),
        ("expect: {messages: {没有这个活动: {a: {contains: 好}}}}", ["PB354"]),
        ("expect: {tasks: {老客: {a: {contains: 好}}}}", ["PB354"]),
        ("expect: {members: {没有的: [a]}}", ["PB201"]),
        ("expect: {tagz: {a: 老客}}", ["PB114.near"]),
        ("expect: {exactly: true}", ["PB118"]),
        ("expect: {}", ["PB118"]),
        ("expect: {absent: {scores: {分: {a: 1}}}}", ["PB114.near"]),
        ("order: []\nexpect: {tags: {a: 老客}}", ["PB114.near"]),
        ("orders: [{customer_id: b, paid: 1}]\nexpect: {tags: {a: 老客}}", ["PB352"]),
        ("orders: [{customer_id: a, paied: 1}]\nexpect: {tags: {a: 老客}}", ["PB203.near"]),
        ("orders: [{customer_id: a, paid: 很多}]\nexpect: {tags: {a: 老客}}", ["PB301.money"]),
        ("orders: [{customer_id: a, paid_at: 昨晚}]\nexpect: {tags: {a: 老客}}", ["PB350"]),
        ("events: [{customer_id: a, type: 询价}]\nexpect: {tags: {a: 老客}}", ["PB117"]),
        (
            "children: [{customer_id: a, child_no: 1, birthday: 2026-02-30}]\nexpect: {tags: {a: 老客}}",
            ["PB303.impossible"],
        ),
    ],
)
def test_mistakes(rest: str, found: list[str], tmp_path: Path) -> None:
    assert keys(tmp_path, example(rest)) == found


def test_what_is_missing(tmp_path: Path) -> None:
    text = f"{BLOCKS}examples:\n  - customers: [{{name: 王芳}}]\n"
    assert sorted(keys(tmp_path, text)) == ["PB117"] * 4


def test_two_examples_of_one_name(tmp_path: Path) -> None:
    text = example("expect: {tags: {a: 老客}}")
    again = text.partition("examples:\n")[2]
    assert keys(tmp_path, text + again) == ["PB204"]


def test_files_of_cases_stand_beside_playbooks_and_are_none(tmp_path: Path) -> None:
    (tmp_path / "pdo.yaml").write_text(TABLES, "utf-8")
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "a.yaml").write_text(f"version: 1\nplaybook: a\n{BLOCKS}# 消费\n", "utf-8")
    cases = tmp_path / "playbooks" / "a.cases.yaml"
    cases.write_text("version: 1\n" + example("expect: {tags: {a: 老客}}").removeprefix(BLOCKS), "utf-8")
    settings, _ = read_settings(tmp_path)
    assert settings is not None
    project, found = load_project(settings)
    assert not found.sorted()
    assert project is not None
    assert [playbook.name for playbook in project.playbooks] == ["a"]
    assert [(each.name, each.playbook) for each in project.examples] == [("例", "a.cases.yaml")]
    cases.write_text("version: 1\nplaybook: a\n", "utf-8")
    assert [each.key for each in load_project(settings)[1]] == ["PB117", "PB114"]
