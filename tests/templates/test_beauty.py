"""朴颜, the worked project of a beauty brand."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Set as AbstractSet
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

NAME = "beauty"
NOW = "2026-02-28 09:00:00"
TODAY = "2026-02-28"
KINDS = ("stores", "staff", "products", "customers", "consents", "tags", "orders", "items", "events")
LIFECYCLES = ("AIPL", "新老客", "活跃度")
ARRIVED = {stage: f"到过{stage} 刚到{stage}" for stage in ("I兴趣", "P购买", "L忠诚")}
"""What everybody in a stage has on the first run."""

TWENTY = {
    # Looked at 敏感泛红 twice, 3 and 8 days ago; a friend for 8 days.
    "P0001": standing("A认知 新客未购 未购", "关注敏感泛红 肤质不详"),
    # Asked today 40, took samples 14 days ago 15, two carts of 7 days ago 5 + 5, looked 15 days ago 1: 66 points.
    "P0002": standing(
        "I兴趣 新客未购 未购",
        f"{ARRIVED['I兴趣']} 油性肌 关注痘痘 关注毛孔 小样没转正 高意向",
        "高意向未购 小样回访",
        "小样回访",
    ),
    # First order half an hour ago.
    "P0003": standing("P购买 新客已购 活跃", f"{ARRIVED['P购买']} 干性肌 用过水乳 普通价值 一般发展"),
    # Two orders in one second, 30 days ago: one day; 粉底 without 卸妆.
    "P0004": standing(
        "P购买 新客已购 活跃",
        f"{ARRIVED['P购买']} 混合性肌 敏感性肌 用过底妆 用过口红 有底妆缺卸妆 普通价值 一般发展",
    ),
    # 2025-06-01 and 2026-02-15; the cream is 13 days old, a day too young for 精华; looked at 细纹 once only.
    "P0005": standing("L忠诚 老客复购 活跃", f"{ARRIVED['L忠诚']} 混合性肌 用过洁面 用过面霜 普通价值 一般发展 金卡"),
    # 366 days ago, and a day more than three months ago.
    "P0006": standing("P购买 老客复购 沉默", f"{ARRIVED['P购买']} 肤质不详 用过精华 普通价值 一般挽留"),
    # 28 November: three months on the day.
    "P0007": standing("P购买 老客已购 活跃", f"{ARRIVED['P购买']} 肤质不详 用过面膜 普通价值 一般挽留"),
    # 28 August: six months on the day; two creams at once 184 days ago, two cycles.
    "P0008": standing(
        "P购买 老客已购 沉默",
        f"{ARRIVED['P购买']} 肤质不详 用过面霜 该补面霜 普通价值 一般挽留",
        "护肤品该补了",
        "补货提醒",
    ),
    # 27 August: 粉底 185 days ago, between 175 and 195.
    "P0009": standing(
        "P购买 老客已购 睡眠",
        f"{ARRIVED['P购买']} 肤质不详 用过底妆 该补底妆 普通价值 一般挽留",
        "睡眠唤回",
        "睡眠唤回",
    ),
    # 2025-02-28: twelve months on the day, 365 days, so nothing in the year.
    "P0010": standing(
        "P购买 老客已购 睡眠", f"{ARRIVED['P购买']} 敏感性肌 用过面霜 用过精华 一般挽留", "睡眠唤回", "睡眠唤回"
    ),
    # A day earlier; no friend, agrees to short messages.
    "P0011": standing("P购买 老客已购 流失", f"{ARRIVED['P购买']} 用过口红 一般挽留", "流失短信", "流失短信"),
    # 912 days ago; consent withdrawn.
    "P0012": standing("未触达或流失 老客已购 流失", "用过水乳"),
    # One order, refunded in full: nothing bought, no 果酸.
    "P0013": standing("未触达或流失 老客未购 未购", "油性肌"),
    # 1,800 - 100 + 300 = 2,000; 131 days ago; born on 7 March, the seventh day.
    "P0014": standing(
        "L忠诚 老客复购 沉默",
        f"{ARRIVED['L忠诚']} 肤质不详 用过精华 用过水乳 用过洁面 用过口红 高价值 重要挽留 黑金 生日一周内",
        "忠诚要保 重要客户没来",
    ),
    # 1,999.99, 85 days ago: 面霜 and 水乳 are due, four 精华 are not; born on 8 March, the eighth day.
    "P0015": standing(
        "P购买 老客已购 活跃",
        f"{ARRIVED['P购买']} 肤质不详 用过精华 用过水乳 用过面霜 该补水乳 该补面霜 中价值 重要挽留",
        "护肤品该补了 重要客户没来",
        "补货提醒",
    ),
    # One order, never paid; no phone.
    "P0016": standing("未触达或流失 新客未购 未购", "肤质不详"),
    # Born on 29 February: today; bought 730 days ago, so without RFM.
    "P0017": standing("P购买 老客已购 流失", f"{ARRIVED['P购买']} 肤质不详 用过底妆 用过卸妆 生日一周内"),
    # One order, five stars: loyal; 面膜 30 days ago, but three others of the consultant spent more.
    "P0018": standing("L忠诚 新客已购 活跃", f"{ARRIVED['L忠诚']} 肤质不详 用过面膜 该补面膜 普通价值 一般发展"),
    # Two creams at once 85 days ago: not due; 洁面 60 days ago: due.
    "P0019": standing(
        "L忠诚 老客复购 活跃",
        f"{ARRIVED['L忠诚']} 肤质不详 用过面霜 用过洁面 该补洁面 普通价值 一般发展 银卡",
        "护肤品该补了",
        "补货提醒",
    ),
    # Samples on 23 January, order on 21 February: the thirtieth day; told us that her skin flushes, bought 果酸.
    "P0020": standing(
        "L忠诚 老客复购 活跃",
        f"{ARRIVED['L忠诚']} 换季敏感:会 敏感肌用酸 用过底妆 用过精华 有底妆缺卸妆 小样转正 普通价值 一般发展 生日一周内",
        "敏感肌用酸的人",
    ),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    made = make(NAME, tmp_path_factory.mktemp("worked") / "shop")
    refused = bring(made, KINDS)
    assert refused == {
        "customers": ["101 IM110", "151 IM123", "201 IM151"],
        "orders": ["301 IM113"],
        "events": ["61 IM118"],
    }
    assert "没有发现问题" in made.pdo("validate").stdout
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


def test_nicknames_of_a_colleague_are_one_person(shop: Shop) -> None:
    named = {row["客户编号"]: row["跟进人"] for row in customers() if row["客户编号"] <= "P0020"}
    assert set(named.values()) == {"B01", "小美", "美美老师", "linmei"}
    owners = query(shop, "SELECT DISTINCT owner FROM v_customer WHERE customer <= 'P0020'")
    assert owners == [("B01",)]


def test_the_sample_data_come_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = generator(NAME)
    monkeypatch.setattr("sys.argv", ["generate.py", "--out", str(tmp_path)])
    module.main()
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (Path(module.__file__ or "").parent / path.name).read_bytes()


# Counted apart ----------------------------------------------------------------------------------------------------------

CYCLES = {"面膜": 30, "洁面": 60, "卸妆": 60, "精华": 60, "防晒": 90, "水乳": 90, "面霜": 90, "底妆": 180, "口红": 180}
TITLES = {"洗面奶": "洁面", "爽肤水": "水乳", "安瓶": "精华", "粉底": "底妆", "气垫": "底妆", "唇釉": "口红"}


def customers() -> list[Row]:
    return [row for row in written(NAME, "customers") if row["肤质"] != "很干"]


def category(product: str) -> str:
    return next((TITLES.get(word, word) for word in (*CYCLES, *TITLES) if word in product), "")


def lines() -> dict[str, list[tuple[str, int, int]]]:
    """Customer → (category, quantity, how many days ago) of the lines of orders that count."""
    orders = {order["订单号"]: order for order in bought(NAME, NOW)}
    products = {row["商品编码"]: category(row["商品名称"]) for row in written(NAME, "products")}
    told: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for row in written(NAME, "items"):
        if order := orders.get(row["订单号"]):
            age = days_ago(order["付款时间"], TODAY)
            told[order["客户编号"]].append((products[row["商品编码"]], int(row["数量"]), age))
    return told


def due(kind: str) -> set[str]:
    """Who has used up what they bought last of a category: one in its cycle, two at once in two."""
    cycle = CYCLES[kind]
    told = set()
    for customer, known in lines().items():
        last = min((age for name, _, age in known if name == kind), default=None)
        twos = [age for name, quantity, age in known if name == kind and quantity > 1]
        if last is None:
            continue
        one = cycle - 5 <= last <= cycle + 15 and not any(age < 2 * cycle for age in twos)
        two = all(2 * cycle - 5 <= age <= 2 * cycle + 15 for age in (last, min(twos, default=0)))
        if one or two:
            told.add(customer)
    return told


def test_next_purchase_is_the_order_and_the_cycle(shop: Shop) -> None:
    for kind in CYCLES:
        assert members(shop, f"该补{kind}") == due(kind), kind
        assert due(kind), kind


def test_each_consultant_asks_the_three_who_spent_most(shop: Shop) -> None:
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for order in bought(NAME, NOW):
        if days_ago(order["付款时间"], TODAY) < 365:
            spent[order["客户编号"]] += net(order)
    wanted = {customer for kind in ("面膜", "洁面", "精华", "水乳", "面霜", "防晒") for customer in due(kind)}
    names = {"阿琪": "B02", "琪琪": "B02", "薇薇": "B03", "老周": "B04"}
    lists: dict[str, list[str]] = defaultdict(list)
    for row in customers():
        if row["客户编号"] in wanted and row["是否好友"] == "是":
            owner = row["跟进人"] if row["跟进人"].startswith("B0") else names.get(row["跟进人"], "B01")
            lists[owner].append(row["客户编号"])
    best = {name for known in lists.values() for name in sorted(known, key=lambda each: (-spent[each], each))[:3]}
    assert members(shop, "护肤品该补了", kind="segment") == best
    assert max(len(known) for known in lists.values()) > 3  # so that the limit decides


def paid_days(*, within: int = 10**6) -> dict[str, set[int]]:
    """Customer → how many days ago they bought, each day once."""
    told: dict[str, set[int]] = defaultdict(set)
    for order in bought(NAME, NOW):
        if (age := days_ago(order["付款时间"], TODAY)) < within:
            told[order["客户编号"]].add(age)
    return told


def test_everybody_is_as_deep_in_aipl_as_what_they_did(shop: Shop) -> None:
    did: dict[str, set[str]] = defaultdict(set)
    for event in written(NAME, "events"):
        if event["发生时间"].startswith("2026-02-29"):
            continue
        age = days_ago(event["发生时间"], TODAY)
        if event["事件类型"] in ("扫码", "看内容", "浏览商品", "直播观看") and age < 15:
            did[event["客户编号"]].add("A")
        if event["事件类型"] in ("收藏加购", "询价", "领取小样", "入会") and age < 15:
            did[event["客户编号"]].add("I")
        if event["星级"] == "5" and age < 365:
            did[event["客户编号"]].add("praised")
    long, year = paid_days(within=912), paid_days(within=365)

    def stage(customer: str) -> str:
        if len(year[customer]) > 1 or (long[customer] and "praised" in did[customer]):
            return "L忠诚"
        if long[customer]:
            return "P购买"
        return "I兴趣" if "I" in did[customer] else "A认知" if "A" in did[customer] else "未触达或流失"

    assert stage_members(shop, "AIPL") == {row["客户编号"]: stage(row["客户编号"]) for row in customers()}


def test_everybody_is_new_or_old_and_has_bought_or_not(shop: Shop) -> None:
    days = paid_days()

    def stage(row: Row) -> str:
        known = days[row["客户编号"]]
        if len(known) > 1:
            return "老客复购"
        if known:
            return "老客已购" if max(known) > 30 else "新客已购"
        return "老客未购" if row["添加时间"] and days_ago(row["添加时间"], TODAY) > 30 else "新客未购"

    assert stage_members(shop, "新老客") == {row["客户编号"]: stage(row) for row in customers()}


# As time goes on --------------------------------------------------------------------------------------------------------


def test_customers_flow_between_the_stages(shop: Shop, tmp_path: Path) -> None:
    shutil.copytree(shop.root, tmp_path / "later")
    shop = Shop(tmp_path / "later")

    def standing_of(customer: str) -> tuple[tuple[str, ...], AbstractSet[str]]:
        now = found(shop, customer, LIFECYCLES)
        return now.stages, now.tags & {"刚到I兴趣", "兴趣没成交", "掉出忠诚", "有面霜缺精华"}

    shop.pdo("run", "--as-of", "2026-03-16 09:00", "--override-guard", "两周没跑")
    # Sixteen days without a word after the question of 28 February; a friend for 34 days.
    assert standing_of("P0002") == (("未触达或流失", "老客未购", "未购"), {"兴趣没成交"})
    assert standing_of("P0004") == (("P购买", "老客已购", "活跃"), frozenset())
    assert standing_of("P0005") == (("L忠诚", "老客复购", "活跃"), {"有面霜缺精华"})
    assert standing_of("P0007")[0][2] == "沉默"
    shop.pdo("run", "--as-of", "2026-06-01 09:00", "--override-guard", "两个多月没跑")
    # The order of 2025-06-01 is 365 days old; one day of buying is left in the year.
    assert standing_of("P0005") == (("P购买", "老客复购", "沉默"), {"掉出忠诚"})
    assert "P0005" in members(shop, "掉出忠诚名单", kind="segment")
    # Nobody knows when they became friends, so 31 days after they were first seen, unless they bought.
    unknown = {row["客户编号"] for row in customers() if not row["添加时间"]} - set(paid_days())
    assert {stage_members(shop, "新老客")[customer] for customer in unknown} == {"老客未购"}
