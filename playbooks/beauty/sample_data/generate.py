"""Write the sample data: 朴颜, a made-up beauty brand with four counters.

    python playbooks/beauty/sample_data/generate.py [--out DIR]

One seed decides everything, so the same bytes come out every time. All of it is seen from 2026-02-28 09:00 in
Asia/Shanghai. The first twenty customers are written by hand (`twenty.py`) and belong to one consultant, the others are drawn.
Nobody exists: the phone numbers begin with 154 0002, which no operator has been given.
"""

import argparse
import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

from twenty import CUSTOMERS, Bought, Customer, Event, Order

SEED: Final = 20260228
TODAY: Final = date(2026, 2, 28)
DRAWN: Final = 280
HEADERS: Final = {
    "stores": "门店编号,门店名称,城市,店长",
    "staff": "员工编号,员工姓名,岗位,人设,所属门店,服务上限",
    "products": "商品编码,商品名称,品牌,售价",
    "customers": "客户编号,姓名,手机号,生日,来源渠道,添加时间,跟进人,所属门店,会员等级,是否好友,肤质,困扰",
    "consents": "客户编号,渠道,授权时间,撤回时间,授权来源",
    "tags": "客户编号,标签,打标时间",
    "orders": "订单号,客户编号,下单时间,付款时间,订单状态,渠道,门店编号,导购,优惠金额,实付金额,退款金额,退款时间",
    "items": "订单号,行号,商品编码,数量,金额",
    "events": "事件编号,客户编号,事件类型,发生时间,话题,星级",
}
STORES: Final = (
    ("C01", "湖滨柜", "杭州", "B91"),
    ("C02", "静安柜", "上海", "B92"),
    ("C03", "观前柜", "苏州", "B93"),
    ("C04", "新街口柜", "南京", "B94"),
)
STAFF: Final = (
    ("B01", "林美", "美容顾问", "敏感肌过来人", "C01", "100"),
    ("B02", "齐琪", "美容顾问", "彩妆师", "C02", "100"),
    ("B03", "卢薇", "美容顾问", "成分控", "C03", "100"),
    ("B04", "周宁", "美容顾问", "皮肤管理师", "C04", "100"),
    ("B91", "石玉", "柜长", "", "C01", ""),
    ("B92", "汪蓉", "柜长", "", "C02", ""),
    ("B93", "尹珊", "柜长", "", "C03", ""),
    ("B94", "陶然", "柜长", "", "C04", ""),
)
NICKNAMES: Final = {
    "B02": ("B02", "阿琪", "琪琪"),
    "B03": ("B03", "薇薇"),
    "B04": ("B04", "老周"),
}
"""What the files call the consultants of the drawn customers; see `aliases` in pdo.yaml."""
PRODUCTS: Final = (
    ("JM1", "氨基酸洁面乳 120g", 128),
    ("XZ1", "温和卸妆膏 100g", 158),
    ("JH1", "烟酰胺精华 30ml", 369),
    ("JH2", "果酸焕肤精华 30ml", 299),
    ("MM1", "玻尿酸面膜 10片", 99),
    ("MM2", "精华面膜 5片", 89),
    ("SR1", "神经酰胺水乳套装", 399),
    ("MS1", "修护面霜 50g", 289),
    ("FS1", "清透防晒乳 50ml", 139),
    ("FS2", "防晒面霜 50g", 169),
    ("DZ1", "持妆粉底液 30ml", 259),
    ("DZ2", "水光气垫 15g", 229),
    ("KH1", "丝绒口红", 189),
    ("KH2", "水光唇釉", 99),
    ("HB1", "随行化妆包", 59),
)
PRICES: Final = {sku: price for sku, _, price in PRODUCTS}
SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN: Final = ("敏", "静", "燕", "雪", "丽", "娟", "倩", "洁", "璐", "思雨", "晓彤", "梦洁", "佳怡", "文静", "子轩")
SOURCES: Final = ("门店扫码", "小红书", "抖音", "老客推荐", "包裹卡", "公众号")
SKINS: Final = ("", "干性", "油性", "混合性", "敏感性", "干性、敏感性", "混合性、敏感性")
WORRIES: Final = ("敏感泛红", "痘痘", "暗沉", "细纹", "毛孔")
KINDS: Final = (
    "看内容",
    "看内容",
    "浏览商品",
    "浏览商品",
    "浏览商品",
    "收藏加购",
    "领取小样",
    "询价",
    "扫码",
    "直播观看",
)
Row: TypeAlias = tuple[str, ...]


def draw_moment(rng: Random, day: date) -> str:
    """Some moment of a day."""
    return f"{day} {rng.randint(9, 21):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}"


def draw_order(rng: Random, day: date) -> Order:
    """An order of a day: now and then unpaid, refunded in part or whole."""
    bought: Bought = tuple(
        (sku, 2 if not rng.randrange(9) else 1) for sku in sorted(rng.sample(list(PRICES), rng.randint(1, 3)))
    )
    total = listed(bought)
    discount = rng.choice((0, 0, 0, 10, 20, 30)) if total > 99 else 0  # noqa: PLR2004 -- 元
    fate = rng.randrange(30)
    if fate == 0:
        return Order("", bought, "0.00")
    refunded = total - discount if fate == 1 else rng.randint(9, 60) if fate in (2, 3) else 0
    return Order(draw_moment(rng, day), bought, f"{total - discount}.00", f"{discount}.00", f"{refunded}.00")


def draw_customer(rng: Random) -> Customer:
    """A customer with everything that belongs to them."""
    owner = rng.choice(list(NICKNAMES))
    age = 1 + int(rng.triangular(0, 900, 200))
    last = TODAY - timedelta(days=1 + int(rng.expovariate(1 / 120)))
    days = [last]
    for _ in range(rng.choice((0, 0, 1, 2, 4, 7))):
        days.append(days[-1] - timedelta(days=rng.randint(20, 110)))
    orders = tuple(draw_order(rng, day) for day in reversed(days)) if rng.randrange(4) else ()
    if orders and orders[-1].at and not rng.randrange(12):
        orders = (
            *orders,
            Order(orders[-1].at, (("HB1", 1),), "59.00"),
        )  # split: the bag was paid apart in the same second
    events = [
        Event(
            kind,
            draw_moment(rng, TODAY - timedelta(days=rng.randint(1, 45))),
            rng.choice(WORRIES) if kind == "看内容" else "",
        )
        for kind in rng.sample(KINDS, rng.choice((0, 0, 1, 2, 4)))
    ]
    if orders and orders[-1].at and not rng.randrange(4):
        at = datetime.fromisoformat(orders[-1].at) + timedelta(days=rng.randint(3, 20))
        if at.date() < TODAY:
            events.append(Event("评价", at.isoformat(" "), stars=str(rng.choice((3, 4, 5, 5, 5)))))
    given = f"{TODAY - timedelta(days=rng.randint(200, 700))} 12:00:00" if rng.randrange(2) else ""
    return Customer(
        name=rng.choice(SURNAMES) + rng.choice(GIVEN),
        why="",
        owner=rng.choice(NICKNAMES[owner]),
        phone=bool(rng.randrange(12)),
        added=draw_moment(rng, TODAY - timedelta(days=age)) if rng.randrange(6) else "",
        birthday=str(date(1975, 1, 1) + timedelta(days=rng.randrange(11000))) if rng.randrange(3) else "",
        level=rng.choice(("", "", "银卡", "金卡", "黑金")) if orders else "",
        skin=rng.choice(SKINS),
        worries="、".join(sorted(rng.sample(WORRIES, rng.choice((0, 0, 1, 2))))),
        orders=orders,
        events=tuple(sorted(events, key=lambda event: event.at)),
        answers=(f"换季敏感:{rng.choice(('会', '不会', '不会', '不清楚'))}",) if not rng.randrange(4) else (),
        sms=(
            given,
            f"{TODAY - timedelta(days=rng.randint(1, 150))} 18:30:00" if given and not rng.randrange(5) else "",
        ),
    )


def listed(bought: Bought) -> int:
    """What it costs by the list, in 元."""
    return sum(PRICES[sku] * quantity for sku, quantity in bought)


def status_of(order: Order) -> str:
    """What the order system says of it."""
    if not order.at:
        return "待付款"
    return "已退款" if order.refunded == order.paid else "已完成"


def build_tables() -> dict[str, list[Row]]:
    """All rows of all files, by the name of the file."""
    rng = Random(SEED)
    drawn = [draw_customer(rng) for _ in range(DRAWN)]
    tables: dict[str, list[Row]] = {name: [] for name in HEADERS}
    tables["stores"] = list(STORES)
    tables["staff"] = list(STAFF)
    tables["products"] = [(sku, name, "朴颜", f"{price}.00") for sku, name, price in PRODUCTS]
    for number, customer in enumerate((*CUSTOMERS, *drawn), start=1):
        add_customer(f"P{number:04d}", customer, number, tables)
    spoil(tables)
    return tables


def add_customer(key: str, customer: Customer, number: int, tables: dict[str, list[Row]]) -> None:
    """All rows of one customer."""
    staff = next((staff for staff, names in NICKNAMES.items() if customer.owner in names), "B01")
    store = next(row[4] for row in STAFF if row[0] == staff)
    phone = f"1540002{number:04d}" if customer.phone else ""
    who = (key, customer.name, phone, customer.birthday, SOURCES[number % len(SOURCES)], customer.added)
    friend = "是" if customer.added else "否"
    tables["customers"].append((*who, customer.owner, store, customer.level, friend, customer.skin, customer.worries))
    if customer.sms[0]:
        tables["consents"].append((key, "sms", *customer.sms, "入会登记"))
    tables["tags"] += [(key, tag, "2026-02-01 10:00:00") for tag in customer.answers]
    for order in customer.orders:
        add_order(key, order, (store, customer.owner), tables)
    for event in customer.events:
        name = f"E{len(tables['events']) + 1:05d}"
        tables["events"].append((name, key, event.kind, event.at, event.topic, event.stars))


def add_order(key: str, order: Order, sold: tuple[str, str], tables: dict[str, list[Row]]) -> None:
    """One order and its lines: the list prices."""
    number = len(tables["orders"]) + 1
    name = f"D{number:05d}"
    made = order.at or "2026-02-27 21:00:00"
    back = ""
    if Decimal(order.refunded):
        back = min(datetime.fromisoformat(order.at) + timedelta(hours=20), datetime(2026, 2, 28, 8)).isoformat(" ")  # noqa: DTZ001 -- local
    money = (order.discount, order.paid, order.refunded, back)
    channel = ("门店", "小程序", "天猫")[number % 3]
    tables["orders"].append((name, key, made, order.at, status_of(order), channel, *sold, *money))
    for line, (sku, quantity) in enumerate(order.bought, start=1):
        tables["items"].append((name, str(line), sku, str(quantity), f"{PRICES[sku] * quantity}.00"))


def spoil(tables: dict[str, list[Row]]) -> None:
    """Put in the rows that a real export would have too; README.md names every one with its line.

    Line numbers count the header as line 1. The orders that are refused have no items.
    """

    def insert(table: str, line: int, make: Callable[[list[str]], list[str]]) -> None:
        rows = tables[table]
        rows.insert(line - 2, tuple(make(list(rows[line - 3]))))

    insert("customers", 101, lambda row: ["", *row[1:]])
    insert("customers", 151, lambda row: ["P9001", "肤质写错", *row[2:10], "很干", *row[11:]])
    insert("customers", 202, lambda row: row)
    insert("orders", 301, lambda row: ["D90001", *row[1:9], "三百", *row[10:]])
    insert("events", 61, lambda row: ["E90001", row[1], row[2], "2026-02-29 10:00:00", *row[4:]])


def main() -> None:
    """Write all files."""
    parser = argparse.ArgumentParser(description="Write the sample data of 朴颜, the same bytes every time.")
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
