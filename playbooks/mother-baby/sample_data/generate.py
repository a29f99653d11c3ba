"""Write the sample data: 小象亲子, a made-up chain of mother-and-baby stores.

    python playbooks/mother-baby/sample_data/generate.py [--out DIR]

One seed decides everything, so the same bytes come out every time. All of it is seen from 2026-02-25 09:00 in
Asia/Shanghai. The first twenty parents are written by hand (`twenty.py`), the others are drawn. Nobody exists: the phone
numbers begin with 154 0001, which no operator has been given.
"""

import argparse
import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

from twenty import PARENTS, Order, Parent

SEED: Final = 20260225
TODAY: Final = date(2026, 2, 25)
DRAWN: Final = 280
HEADERS: Final = {
    "stores": "门店编号,门店名称,城市,店长",
    "staff": "员工编号,员工姓名,岗位,人设,所属门店,服务上限",
    "products": "商品编码,商品名称,品类,品牌,售价,消耗周期天数",
    "customers": "客户编号,姓名,手机号,来源渠道,添加时间,跟进人,所属门店,是否好友,付费会员开始,付费会员到期",
    "children": "客户编号,小名,生日或预产期,孩子性别,登记日期",
    "vip_terms": "客户编号,开始,到期,会费",
    "consents": "客户编号,渠道,授权时间,撤回时间,授权来源",
    "tags": "客户编号,标签,打标时间",
    "orders": "订单号,客户编号,下单时间,付款时间,订单状态,渠道,门店编号,优惠金额,实付金额,退款金额,退款时间",
    "items": "订单号,行号,商品编码,数量,金额",
    "events": "事件编号,客户编号,事件类型,发生时间",
}
STORES: Final = (("X01", "象山路店", "杭州", "G91"), ("X02", "金桥店", "上海", "G92"), ("X03", "园区店", "苏州", "G93"))
STAFF: Final = (
    ("G01", "林悦", "育儿顾问", "月嫂出身", "X01", "120"),
    ("G02", "何琴", "育儿顾问", "三个孩子的妈", "X01", "120"),
    ("G03", "罗蓓", "育儿顾问", "营养师", "X02", "120"),
    ("G04", "高洁", "育儿顾问", "护士出身", "X02", "120"),
    ("G05", "方晴", "育儿顾问", "早教老师", "X03", "120"),
    ("G91", "石磊", "店长", "", "X01", ""),
    ("G92", "汪凯", "店长", "", "X02", ""),
    ("G93", "尹航", "店长", "", "X03", ""),
)
PRODUCTS: Final = (
    ("N11", "暖禾一段奶粉 800g", "奶粉", "暖禾", 268, "30"),
    ("N12", "暖禾二段奶粉 800g", "奶粉", "暖禾", 258, "30"),
    ("N13", "暖禾三段奶粉 800g", "奶粉", "暖禾", 238, "30"),
    ("N21", "朗森一段奶粉 900g", "奶粉", "朗森", 328, "30"),
    ("N22", "朗森三段奶粉 900g", "奶粉", "朗森", 298, "30"),
    ("N31", "安渡深度水解奶粉 400g", "奶粉", "安渡", 398, "15"),
    ("Z01", "小象纸尿裤 NB 码", "纸尿裤", "小象", 89, "14"),
    ("Z02", "小象纸尿裤 M 码", "纸尿裤", "小象", 99, "20"),
    ("Z03", "小象纸尿裤 XL 码", "纸尿裤", "小象", 109, "25"),
    ("F01", "高铁米粉", "辅食", "小象", 59, "20"),
    ("F02", "果泥 6 袋", "辅食", "果田", 39, "10"),
    ("F03", "碎面", "辅食", "果田", 29, "10"),
    ("B01", "翻翻书", "绘本", "知了", 45, ""),
    ("B02", "分级绘本一套", "绘本", "知了", 129, ""),
    ("S01", "软底学步鞋", "鞋服", "暖禾", 199, ""),
    ("S02", "连体衣", "鞋服", "暖禾", 79, ""),
    ("T01", "大颗粒积木", "玩具", "知了", 169, ""),
    ("M01", "待产包", "待产", "小象", 299, ""),
    ("M02", "孕期维生素", "待产", "果田", 168, "60"),
    ("W01", "文具盒", "文具", "知了", 39, ""),
    ("W02", "护脊书包", "文具", "知了", 299, ""),
)
PRICES: Final = {sku: price for sku, _, _, _, price, _ in PRODUCTS}
BY_AGE: Final = (
    (0, ("M01", "M02", "S02")),
    (180, ("N11", "N21", "Z01", "Z02", "S02", "N31")),
    (365, ("N12", "Z02", "F01", "F02", "N31")),
    (1095, ("N13", "N22", "Z03", "F02", "F03", "S01", "T01", "B01")),
    (2190, ("B01", "B02", "T01", "N13")),
    (99999, ("W01", "W02", "B02")),
)
"""What is bought for a child of at most so many days."""
SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN: Final = ("敏", "静", "燕", "雪", "丽", "娟", "倩", "洁", "璐", "思雨", "晓彤", "梦洁", "佳怡", "文静", "海燕")
NICKNAMES: Final = ("米粒", "汤圆", "小核桃", "布丁", "丸子", "小麦", "石头", "西西", "毛豆", "芽芽", "小熊", "橙子")
SOURCES: Final = ("门店扫码", "医院讲座", "老客推荐", "小红书", "抖音", "包裹卡")
Row: TypeAlias = tuple[str, ...]


def draw_child(rng: Random, taken: Sequence[str]) -> tuple[str, str, str]:
    """A child: (小名, birthday or due date, 登记日期)."""
    age = int(rng.triangular(-240, 5200, 300))
    born = TODAY - timedelta(days=age)
    known = min(TODAY - timedelta(days=1), born + timedelta(days=rng.randint(-200, 400)))
    name = rng.choice([each for each in NICKNAMES if each not in taken])
    return name, born.isoformat(), known.isoformat()


def draw_order(rng: Random, children: Sequence[tuple[str, str, str]], day: date) -> Order:
    """An order for the youngest child as it was that day."""
    youngest = max((child[1] for child in children), default="2024-06-01")
    age = (day - date.fromisoformat(youngest)).days
    wanted = next(skus for limit, skus in BY_AGE if age <= limit)
    skus = tuple(sorted(rng.sample(wanted, rng.randint(1, min(3, len(wanted))))))
    total = sum(PRICES[sku] for sku in skus)
    discount = rng.choice((0, 0, 0, 10, 20, 30)) if total > 60 else 0  # noqa: PLR2004 -- 元
    at = f"{day} {rng.randint(8, 21):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}"
    fate = rng.randrange(40)
    if fate == 0:
        return Order("", skus, "0.00", yuan(discount))
    refunded = total - discount if fate == 1 else rng.randint(5, 20) if fate in (2, 3) else 0
    return Order(at, skus, yuan(total - discount), yuan(discount), yuan(refunded))


def draw_parent(rng: Random) -> Parent:
    """A parent with everything that belongs to them."""
    name = rng.choice(SURNAMES) + rng.choice(GIVEN)
    children: list[tuple[str, str, str]] = []
    for _ in range(rng.choices((0, 1, 2, 3), (14, 60, 23, 3))[0]):
        children.append(draw_child(rng, [child[0] for child in children]))
    last = TODAY - timedelta(days=1 + int(rng.expovariate(1 / 70)))
    days = [
        last - timedelta(days=sum(rng.randint(15, 50) for _ in range(number)))
        for number in range(rng.choice((0, 0, 1, 1, 2, 3, 5, 8)))
    ]
    orders = tuple(draw_order(rng, children, day) for day in sorted(days))
    vip: tuple[tuple[str, str, str], ...] = ()
    if orders and not rng.randrange(4):
        start = TODAY - timedelta(days=rng.randrange(430))
        vip = (
            (start.isoformat(), (start + timedelta(days=365)).isoformat(), rng.choice(("199.00", "299.00", "399.00"))),
        )
    consulted = tuple(
        f"{TODAY - timedelta(days=rng.randint(1, 120))} {rng.randint(9, 19):02d}:00:00"
        for _ in range(rng.choice((0, 0, 0, 1, 2)))
    )
    answers = ()
    if any(child[1] > "2024-02-01" for child in children) and rng.randrange(3):
        allergy = rng.choices(("是", "否", "不确定"), (12, 80, 8))[0]
        answers = (f"奶粉过敏:{allergy}", f"喂养方式:{rng.choice(('母乳', '混合', '奶粉'))}")
    given = f"{TODAY - timedelta(days=rng.randint(200, 700))} 12:00:00" if rng.randrange(2) else ""
    taken = f"{TODAY - timedelta(days=rng.randint(1, 150))} 18:30:00" if given and not rng.randrange(5) else ""
    return Parent(name, "", bool(rng.randrange(6)), tuple(children), vip, orders, consulted, answers, (given, taken))


def yuan(amount: float) -> str:
    """An amount as the files have it."""
    return f"{amount:.2f}"


def status_of(order: Order) -> str:
    """What the order system says of it."""
    if not order.at:
        return "待付款"
    return "已退款" if order.refunded == order.paid else "已完成"


def lines_of(order: Order) -> list[tuple[str, str]]:
    """(sku, amount): the list prices, and on the first line what is left of the sum."""
    total = round((float(order.paid) + float(order.discount)) * 100) or sum(PRICES[sku] for sku in order.skus) * 100
    rest = [PRICES[sku] * 100 for sku in order.skus[1:]]
    amounts = [total - sum(rest), *rest]
    return [(sku, yuan(amount / 100)) for sku, amount in zip(order.skus, amounts, strict=True)]


def build_tables() -> dict[str, list[Row]]:
    """All rows of all files, by the name of the file."""
    rng = Random(SEED)
    drawn = [draw_parent(rng) for _ in range(DRAWN)]
    tables: dict[str, list[Row]] = {name: [] for name in HEADERS}
    tables["stores"] = list(STORES)
    tables["staff"] = list(STAFF)
    tables["products"] = [(*head, yuan(price), cycle) for *head, price, cycle in PRODUCTS]
    for number, parent in enumerate((*PARENTS, *drawn), start=1):
        add_parent(f"M{number:04d}", parent, number, tables, rng)
    spoil(tables)
    return tables


def add_parent(key: str, parent: Parent, number: int, tables: dict[str, list[Row]], rng: Random) -> None:
    """All rows of one parent."""
    by_hand = number <= len(PARENTS)
    owner = STAFF[0] if by_hand else rng.choice(STAFF[1:5])
    added = (
        "2025-01-02 10:00:00"
        if by_hand
        else f"{TODAY - timedelta(days=rng.randint(1, 800))} {rng.randint(9, 20):02d}:15:00"
    )
    term = parent.vip[-1] if parent.vip else ("", "", "")
    phone = "" if not by_hand and not rng.randrange(15) else f"1540001{number:04d}"
    who = (key, parent.name, phone, SOURCES[number % len(SOURCES)], added if parent.friend else "")
    tables["customers"].append((*who, owner[0], owner[4], "是" if parent.friend else "否", term[0], term[1]))
    for name, born, known in parent.children:
        tables["children"].append((key, name, born, "未知" if born > TODAY.isoformat() else rng.choice("男女"), known))
    tables["vip_terms"] += [(key, *each) for each in parent.vip]
    if parent.sms[0]:
        tables["consents"].append((key, "sms", *parent.sms, "入会登记"))
    tables["tags"] += [(key, tag, "2026-02-01 10:00:00") for tag in parent.answers]
    for order in parent.orders:
        add_order(key, order, owner[4], tables, rng)
    for at in parent.consulted:
        tables["events"].append((f"E{len(tables['events']) + 1:05d}", key, "顾问咨询", at))


def add_order(key: str, order: Order, store: str, tables: dict[str, list[Row]], rng: Random) -> None:
    """One order and its lines."""
    name = f"D{len(tables['orders']) + 1:05d}"
    made = order.at or "2026-02-20 20:00:00"
    back = ""
    if float(order.refunded):
        back = (datetime.fromisoformat(order.at) + timedelta(hours=20)).isoformat(" ")
    money = (order.discount, order.paid, order.refunded, back)
    channel = rng.choice(("门店", "门店", "小程序", "天猫"))
    tables["orders"].append((name, key, made, order.at, status_of(order), channel, store, *money))
    for line, (sku, amount) in enumerate(lines_of(order), start=1):
        tables["items"].append((name, str(line), sku, "1", amount))


def spoil(tables: dict[str, list[Row]]) -> None:
    """Put in the rows that a real export would have too; README.md names every one with its line.

    Line numbers count the header as line 1. The orders that are refused have no items.
    """

    def insert(table: str, line: int, make: Callable[[list[str]], list[str]]) -> None:
        rows = tables[table]
        rows.insert(line - 2, tuple(make(list(rows[line - 3]))))

    insert("customers", 101, lambda row: ["", *row[1:]])
    insert("customers", 202, lambda row: row)
    insert("children", 51, lambda row: [row[0], "写错了", "2025-02-30", *row[3:]])
    insert("children", 152, lambda row: [row[0], "没见过", row[2], "女宝", row[4]])
    insert("orders", 301, lambda row: ["D90001", *row[1:8], "二百", *row[9:]])
    insert("events", 61, lambda row: ["E90001", row[1], row[2], "2026-02-30 10:00:00"])


def main() -> None:
    """Write all files."""
    parser = argparse.ArgumentParser(description="Write the sample data of 小象亲子, the same bytes every time.")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, metavar="DIR", help="default: beside this file"
    )
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in build_tables().items():
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(HEADERS[name].split(","))
        writer.writerows(rows)
        (folder / f"{name}.csv").write_bytes(text.getvalue().encode())
        print(f"{name}.csv: {len(rows)} rows")


if __name__ == "__main__":
    main()
