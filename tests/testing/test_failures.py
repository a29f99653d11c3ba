"""Nothing passes in silence: every expectation that does not hold, or cannot be checked, is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdo.model.examples import Aspect
from pdo.model.verdicts import ExampleReport, Failure, Unchecked, Unknown, Unread
from tests.testing.tried import RULES, tried, written

CUSTOMERS = "    customers: [{customer_id: a, name: 王芳, source_channel: 抖音}, {customer_id: b}]\n"
ORDERS = "    orders: [{order_id: x, customer_id: a, paid_at: 2026-03-01, paid: 100}]\n"
EVENTS = "    events: [{customer_id: a, type: 试用, occurred_at: 2026-03-01}]\n"


def example(expect: str, then: str = "") -> str:
    """One example of two customers: a has bought once, yesterday, for 100."""
    head = "  - name: 例\n    now: 2026-03-02 09:00\n" + CUSTOMERS + ORDERS + EVENTS
    return f"{head}    expect: {expect}\n{then}"


def failures(root: Path, expect: str, then: str = "") -> tuple[Failure, ...]:
    (verdict,) = tried(written(root, example(expect, then))).verdicts
    assert verdict.passed is not bool(verdict.failures)
    assert verdict.unchecked == ()
    return verdict.failures


WRONG = {
    "{tags: {b: [买过]}}": (Aspect.TAG, "b", "买过", "", "可打扰", False),
    "{absent: {tags: {a: [买过]}}}": (
        Aspect.TAG,
        "a",
        "买过",
        "",
        "一般发展、买过、前一、可打扰、小额、抖音、温、试用、近买、高于平均",
        True,
    ),
    "{segments: {b: [可发]}}": (Aspect.SEGMENT, "b", "可发", "", "", False),
    "{absent: {segments: {a: [可发]}}}": (Aspect.SEGMENT, "a", "可发", "", "可发、每店一位", True),
    "{stages: {阶段: {a: 冷}}}": (Aspect.STAGE, "a", "阶段", "冷", "熟", False),
    "{absent: {stages: {阶段: {a: 熟}}}}": (Aspect.STAGE, "a", "阶段", "熟", "熟", True),
    "{metrics: {累计消费: {a: 100.01}}}": (Aspect.METRIC, "a", "累计消费", "100.01", "100.00", False),
    "{metrics: {常买: {a: {exists: true}}}}": (Aspect.METRIC, "a", "常买", "{有值: true}", "", False),
    "{metrics: {单数: {a: {not: 1}}}}": (Aspect.METRIC, "a", "单数", "{非: 1}", "1", False),
    "{scores: {分: {b: 1..}}}": (Aspect.SCORE, "b", "分", "1..", "0", False),
    "{messages: {问候: [b]}}": (Aspect.MESSAGE, "b", "问候", "", "", False),
    "{messages: {问候: {a: {contains: 李}}}}": (
        Aspect.MESSAGE,
        "a",
        "问候",
        "{包含: 李}",
        "王芳好，花了 100.00 元",
        False,
    ),
    "{messages: {问候: {a: {not: {contains: 王}}}}}": (
        *(Aspect.MESSAGE, "a", "问候"),
        *("{非: {包含: 王}}", "王芳好，花了 100.00 元", False),
    ),
    "{absent: {messages: {问候: [a]}}}": (Aspect.MESSAGE, "a", "问候", "", "王芳好，花了 100.00 元", True),
    "{tasks: {提醒: [a]}}": (Aspect.TASK, "a", "提醒", "", "", False),
}


@pytest.fixture(scope="module")
def wrong_ones(tmp_path_factory: pytest.TempPathFactory) -> ExampleReport:
    """Every wrong expectation as an example of its own, run together."""
    texts = (example(expect).replace("name: 例", f"name: 例{place}") for place, expect in enumerate(WRONG))
    return tried(written(tmp_path_factory.mktemp("wrong"), "".join(texts)))


@pytest.mark.parametrize("place", range(len(WRONG)), ids=list(WRONG))
def test_what_does_not_hold_fails(place: int, wrong_ones: ExampleReport) -> None:
    verdict = wrong_ones.verdicts[place]
    (found,) = verdict.failures
    wrong = (found.aspect, found.customer, found.name, found.expected, found.got, found.absent)
    assert wrong == list(WRONG.values())[place]
    assert found.moment == "2026-03-02T09:00:00+08:00"
    assert found.span.line == verdict.span.line + 5
    assert not verdict.passed


def test_a_message_that_was_held_back_says_why(tmp_path: Path) -> None:
    (found,) = failures(tmp_path, "{messages: {再问候: [a]}}")
    assert found.withheld == "cap:file:1/2d"


def test_a_membership_is_whole(tmp_path: Path) -> None:
    (found,) = failures(tmp_path, "{members: {买过: [a, b]}}")
    assert (found.whole, found.customer, found.expected, found.got) == (True, "", "a、b", "a")


@pytest.mark.parametrize(
    ("expect", "name"),
    [
        ("{exactly: true, tags: {b: [可打扰, 免打扰]}}", "免打扰"),
        ("{exactly: true, segments: {a: [可发]}}", "每店一位"),
        ("{exactly: true, absent: {tags: {b: [买过]}}}", "可打扰"),
        ("{exactly: true, absent: {messages: {再问候: [a]}}}", "问候"),
    ],
)
def test_exactly_leaves_nothing_besides(expect: str, name: str, tmp_path: Path) -> None:
    (found,) = failures(tmp_path, expect)
    assert found.name == name


@pytest.mark.slow
def test_everything_is_told_at_once_moment_by_moment(tmp_path: Path) -> None:
    then = "    then:\n      - {now: 2026-03-09 09:00, expect: {tags: {a: [近买]}}}\n"
    found = failures(tmp_path, "{tags: {a: [提醒], b: [试用]}, stages: {阶段: {b: 熟}}}", then)
    assert [one.moment[:10] for one in found] == ["2026-03-02"] * 3 + ["2026-03-09"]


def test_the_values_that_decided_are_told(tmp_path: Path) -> None:
    (found,) = failures(tmp_path, "{tags: {a: [大额]}}")
    (why,) = found.why
    assert (why.kind, why.name, why.holds) == ("tag", "大额", False)
    assert [(node.label, node.holds, node.value) for node in why.nodes] == [("累计消费: 1000..", False, "100.00")]


def test_of_another_example_nothing_is_told(tmp_path: Path) -> None:
    other = example("{tags: {b: [高于平均]}}").replace("name: 例", "name: 另").replace("paid: 100}", "paid: 9}")
    (_, found) = tried(written(tmp_path, example("{tags: {a: [买过]}}") + other)).verdicts
    ((why,),) = (one.why for one in found.failures)
    assert "average: 9.00" in why.nodes[0].value or why.nodes[0].value == "0.00 (average: 4.50)"


# What cannot be checked ---------------------------------------------------------------------------------------------------


def unchecked(root: Path, examples: str, *, rules: str = RULES) -> list[tuple[str, Unknown]]:
    (verdict,) = tried(written(root, examples, rules=rules)).verdicts
    assert not verdict.passed
    assert all(isinstance(one, Unchecked) for one in verdict.unchecked)
    return [(one.name, one.reason) for one in verdict.unchecked]


def test_a_customer_whom_no_file_brings_cannot_be_checked(tmp_path: Path) -> None:
    (tmp_path / "客户.csv").write_text("客户编号\na\n", "utf-8")
    text = "  - {name: 例, now: 2026-03-02, customers: 客户.csv, expect: {absent: {tags: {z: [买过]}}, members: {买过: [y]}}}\n"
    assert unchecked(tmp_path, text) == [("z", Unknown.CUSTOMER), ("y", Unknown.CUSTOMER)]


def test_a_value_that_no_customer_has_is_no_tag(tmp_path: Path) -> None:
    (tmp_path / "客户.csv").write_text("客户编号,来源渠道\na,抖音\n", "utf-8")
    text = "  - {name: 例, now: 2026-03-02, customers: 客户.csv, expect: {absent: {tags: {a: [斗音]}}}}\n"
    assert unchecked(tmp_path, text) == [("斗音", Unknown.NAME)]


# What cannot be read ------------------------------------------------------------------------------------------------------


def unread(root: Path, rows: str) -> list[tuple[str, int | None, str]]:
    (verdict,) = tried(
        written(root, f"  - {{name: 例, now: 2026-03-02, {rows}, expect: {{members: {{买过: []}}}}}}\n")
    ).verdicts
    assert not verdict.passed
    assert all(isinstance(one, Unread) for one in verdict.unread)
    return [(one.path, one.line, one.key) for one in verdict.unread]


def test_what_an_import_rejects_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "单.csv").write_text(
        "订单编号,客户编号,支付时间,实付\n1,a,2026-03-01,1\n2,a,昨天,1\n3,,2026-03-01,1\n", "utf-8"
    )
    assert unread(tmp_path, "customers: [{customer_id: a}], orders: 单.csv") == [("单.csv", 3, "IM119")]


def test_a_file_that_is_none_of_its_kind_is_told(tmp_path: Path) -> None:
    (tmp_path / "单.csv").write_text("甲,乙\n1,2\n", "utf-8")
    ((path, line, key),) = unread(tmp_path, "customers: [{customer_id: a}], orders: 单.csv")
    assert (path, line) == ("单.csv", None)
    assert key.startswith("error.import_")


def test_items_of_no_order_are_told(tmp_path: Path) -> None:
    rows = "customers: [{customer_id: a}], items: [{order_id: z, sku: s}]"
    assert unread(tmp_path, rows) == [("", None, "IM130")]


def test_a_tag_that_no_playbook_knows_is_put_on_nobody(tmp_path: Path) -> None:
    rows = "customers: [{customer_id: a}], tags: [{customer_id: a, tag: 面打扰}]"
    assert unread(tmp_path, rows) == [("", None, "test.unknown_tag")]
