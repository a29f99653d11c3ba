"""知行编程, the worked project of a school where children learn to program."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.inside import Shop
from tests.templates.worked import (
    Row,
    bought,
    bring,
    days_ago,
    found,
    generator,
    make,
    members,
    net,
    query,
    stage_members,
    standing,
    written,
)

pytestmark = pytest.mark.slow

NAME = "education"
NOW = "2026-02-24 09:00:00"
TODAY = "2026-02-24"
KINDS = (
    "stores",
    "staff",
    "products",
    "customers",
    "consents",
    "enrolments",
    "orders",
    "items",
    "events",
    "referrals",
)
LIFECYCLES = ("学员旅程", "课程进度")
TYPES = {
    "HHH": "重要价值",
    "HLH": "重要发展",
    "LHH": "重要保持",
    "LLH": "重要挽留",
    "HHL": "一般价值",
    "HLL": "一般发展",
    "LHL": "一般保持",
    "LLL": "一般挽留",
}

TWENTY = {
    # Left a number, nothing more.
    "S0001": standing("线索 不在上课"),
    # Booked four days ago, did not come.
    "S0002": standing("已约体验 不在上课", "", "约了没来"),
    # Booked two days ago; 5 + 5 + 2.5 points.
    "S0003": standing("已约体验 不在上课"),
    # Came three days ago, asked 34 hours later: 40 + 50 points; one order of 9.90 six days ago.
    "S0004": standing("已体验 不在上课", "体验后问过价 高意向 一般发展", "体验三天未报", "体验跟进名单 学员价值策略"),
    # Came 16 days ago, asked ten days later, six days ago: 50 points.
    "S0005": standing("已体验 不在上课", "中意向 一般发展", "", "学员价值策略"),
    # Three lessons of 16, an empty week between: three weeks in a row; 9.90 + 1,980 in two orders.
    "S0006": standing("在读 刚开课", "一般发展", "", "学员价值策略"),
    # Four weeks with one missed; one order of 8,800; 信奥, and would like to compete.
    "S0007": standing("在读 刚开课", "连续到课 想考级 重要发展", "考级候选", "重要学员回访 学员价值策略"),
    # Two weeks, two missed, two weeks; 2,580.
    "S0008": standing("在读 刚开课", "想考级 一般发展", "", "学员价值策略"),
    # 13 of 16 lessons, a week after the other; over on 26 March, the thirtieth day.
    "S0009": standing("在读 快上完", "连续到课 快结课 一般发展", "续费名单", "续费提醒 学员价值策略"),
    # The same day, but bought again four days ago: 1,980 + 2,680 in two orders; 1 of 16 lessons.
    "S0010": standing("在读 刚开课", "重要发展", "", "重要学员回访 学员价值策略"),
    # Over today; eight of 16; the last order 120 days ago.
    "S0011": standing("在读 过半", "快结课 一般发展", "续费名单", "续费提醒 学员价值策略"),
    # Over since yesterday; the last order 121 days ago.
    "S0012": standing("结课未续 不在上课", "一般挽留", "", "学员价值策略"),
    # Paid and given back.
    "S0013": standing("已退费 不在上课"),
    # Came 14 days ago; an order that was never paid.
    "S0014": standing("已体验 不在上课", "", "体验三天未报", "体验跟进名单"),
    # Last seen 17 days ago, three weeks in a row before.
    "S0015": standing("在读 刚开课", "两周没来 一般发展", "流失预警", "学员价值策略"),
    # Last seen 13 days ago.
    "S0016": standing("在读 刚开课", "一般发展", "", "学员价值策略"),
    # Born on 29 February; practised from the 10th to the 16th.
    "S0017": standing("线索 不在上课", "孩子生日一周内 七天打卡"),
    # Brought S0002 once and S0003 twice; six days of practice, twice.
    "S0018": standing("线索 不在上课", "转介绍达人", "老带新名单"),
    # 2,680 + 380 + 8,800 in three orders, the last 106 days ago; 15 of 48 lessons, a week after the other.
    "S0019": standing("在读 刚开课", "连续到课 想考级 重要价值", "考级候选 老带新名单", "重要学员回访 学员价值策略"),
    # One trial in June.
    "S0020": standing("已体验 不在上课", "一般挽留", "", "学员价值策略"),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    made = make(NAME, tmp_path_factory.mktemp("worked") / "shop")
    refused = bring(made, KINDS)
    assert refused == {
        "customers": ["81 IM123", "151 IM151"],
        "enrolments": ["31 IM118"],
        "orders": ["101 IM113"],
        "events": ["201 IM118"],
    }
    made.pdo("validate")
    made.pdo("run", "--as-of", NOW)
    return made


def test_the_examples_see_both_sides_of_every_rule(shop: Shop) -> None:
    shop.pdo("test", "--min-coverage", "100")


@pytest.mark.parametrize("customer", TWENTY)
def test_twenty_customers(customer: str, shop: Shop) -> None:
    assert found(shop, customer, LIFECYCLES) == TWENTY[customer]


def test_a_second_run_changes_nothing(shop: Shop) -> None:
    before = shop.state()
    assert "没有变化" in shop.pdo("run", "--as-of", NOW).stdout
    assert shop.state() == before


def test_the_sample_data_come_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = generator(NAME)
    monkeypatch.setattr("sys.argv", ["generate.py", "--out", str(tmp_path)])
    module.main()
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (Path(module.__file__ or "").parent / path.name).read_bytes()


# Counted apart ----------------------------------------------------------------------------------------------------------


def test_the_eight_types(shop: Shop) -> None:
    orders: dict[str, list[Row]] = defaultdict(list)
    for order in bought(NAME, NOW):
        if days_ago(order["付款时间"], TODAY) < 730:
            orders[order["客户编号"]].append(order)
    money = {customer: sum((net(order) for order in mine), Decimal()) for customer, mine in orders.items()}
    average = sum(money.values(), Decimal()) / len(money)
    assert 2680 < average < 4660  # or the twenty would be others
    expected: dict[str, set[str]] = {name: set() for name in TYPES.values()}
    for customer, mine in orders.items():
        is_recent = min(days_ago(order["付款时间"], TODAY) for order in mine) <= 120
        parts = (is_recent, len(mine) >= 3, money[customer] > average)
        expected[TYPES["".join("LH"[part] for part in parts)]].add(customer)
    assert {name: members(shop, name) for name in TYPES.values()} == expected
    assert all(expected.values())


def test_nothing_is_done_for_the_last_type_on_purpose(shop: Shop) -> None:
    called = {customer for (customer,) in query(shop, "SELECT customer FROM v_message WHERE campaign = '重要学员回访'")}
    assert called
    assert not called & members(shop, TYPES["LLL"])


def packages() -> dict[str, list[Row]]:
    """The packages of each family, in the order of purchase."""
    kept: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(written(NAME, "enrolments"), key=lambda each: (each["购买日期"], each["课包编号"])):
        if row["结课"] != "2026-06-31":
            kept[row["客户编号"]].append(row)
    return kept


def events() -> dict[str, dict[str, list[str]]]:
    """Moments by family and type."""
    seen: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in written(NAME, "events"):
        if not row["发生时间"].startswith("2026-02-29") and row["发生时间"] <= NOW:
            seen[row["客户编号"]][row["事件类型"]].append(row["发生时间"])
    return seen


def test_where_everybody_stands_on_the_first_night(shop: Shop) -> None:
    bought_by, seen = packages(), events()

    def stage(customer: str) -> str:
        kept = [each for each in bought_by[customer] if not each["退费日期"]]
        if any(each["结课"] >= TODAY for each in kept):
            return "在读"
        if bought_by[customer]:
            return "结课未续" if kept else "已退费"
        if seen[customer]["体验到课"]:
            return "已体验"
        return "已约体验" if seen[customer]["预约体验课"] else "线索"

    everybody = {row["客户编号"] for row in written(NAME, "customers") if not row["客户编号"].endswith("X")}
    assert stage_members(shop, "学员旅程") == {customer: stage(customer) for customer in everybody}


def test_who_renews_is_asked_by_the_package_bought_last(shop: Shop) -> None:
    last = {customer: mine[-1] for customer, mine in packages().items()}
    ending = {
        customer
        for customer, each in last.items()
        if not each["退费日期"] and 0 <= -days_ago(each["结课"], TODAY) <= 30
    }
    assert members(shop, "快结课") == ending


def longest(pieces: set[int], grace: int) -> int:
    """The most pieces in a row, with no more than so many missing between two of them."""
    best = run = 0
    before: int | None = None
    for piece in sorted(pieces):
        run = run + 1 if before is not None and piece - before - 1 <= grace else 1
        best, before = max(best, run), piece
    return best


def test_streaks(shop: Shop) -> None:
    weeks, days = set(), set()
    for customer, mine in events().items():
        lessons = {days_ago(at, TODAY) for at in mine["上课签到"]}
        practice = {days_ago(at, TODAY) for at in mine["练习打卡"]}
        if longest({age // 7 for age in lessons if age < 56}, 1) >= 4:
            weeks.add(customer)
        if longest({age for age in practice if age < 30}, 0) >= 7:
            days.add(customer)
    assert members(shop, "连续到课") == weeks
    assert members(shop, "七天打卡") == days


def test_each_teacher_visits_the_three_who_paid_most(shop: Shop) -> None:
    lessons = {row["商品编码"] for row in written(NAME, "products") if row["品类"] == "正价课"}
    amounts = {row["订单号"]: Decimal(row["金额"]) for row in written(NAME, "items") if row["商品编码"] in lessons}
    fees: dict[str, Decimal] = defaultdict(Decimal)
    for order in bought(NAME, NOW):
        fees[order["客户编号"]] += amounts.get(order["订单号"], Decimal())
    stages, seen = stage_members(shop, "学员旅程"), events()
    lists: dict[str, list[str]] = defaultdict(list)
    for row in written(NAME, "customers"):
        ages = [days_ago(at, TODAY) for at in seen[row["客户编号"]]["上课签到"]]
        if ages and 14 <= min(ages) < 42 and stages.get(row["客户编号"]) == "在读":
            lists[row["跟进人"]].append(row["客户编号"])
    best = {name for known in lists.values() for name in sorted(known, key=lambda each: (-fees[each], each))[:3]}
    assert best
    assert members(shop, "流失预警", kind="segment") == best
