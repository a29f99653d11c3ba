"""Write the sample data: 鲜果时光, a made-up chain of fresh-food stores.

    python sample_data/generate.py [--out DIR]

One seed decides everything, so the same bytes come out every time, on every machine. All of it lies before
2026-03-02 09:00 in Asia/Shanghai and goes back two years. Nobody in it exists: the phone numbers begin with
154 0000, which no operator has been given.
"""

import argparse
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from chain import (
    LAST_DAY,
    Customer,
    Order,
    Row,
    build_customers,
    build_events,
    build_name,
    build_orders,
    build_products,
    build_stores,
)
from vocabulary import REMARKS, SOURCES, STORES

SEED: Final = 20260301
HEADERS: Final = {
    "customers": "客户编号,姓名,备注名,手机号,性别,生日,城市,来源渠道,添加时间,跟进人,"
    "所属门店,会员等级,积分,是否好友,付费会员开始,付费会员到期",
    "products": "商品编码,商品名称,品类,品牌,售价,消耗周期天数",
    "stores": "门店编号,门店名称,城市,店长",
    "staff": "员工编号,员工姓名,岗位,人设,所属门店,服务上限",
    "orders": "订单号,客户编号,下单时间,付款时间,订单状态,渠道,门店编号,导购,"
    "优惠券,优惠金额,实付金额,退款金额,退款时间",
    "items": "订单号,行号,商品编码,数量,金额",
    "events": "事件编号,客户编号,事件类型,发生时间,素材",
}
LEVELS: Final = (("黑金", 3500), ("金卡", 1800), ("银卡", 600), ("普通", 0))
"""Member level: from how many 元 spent on."""
ENCODINGS: Final = {"customers": "utf-8-sig", "orders": "gb18030"}
"""As such files arrive: from Excel, and from an order system. All others are plain UTF-8."""


def customer_rows(rng: Random, customers: Sequence[Customer], orders: Sequence[Order]) -> Iterable[Row]:
    """The rows of customers.csv, level and points by what was spent."""
    spent = {customer.customer_id: 0 for customer in customers}
    for order in orders:
        if order.customer_id and order.paid_at:
            spent[order.customer_id] += order.net_fen
    cities = [city for city, _ in STORES]
    for number, customer in enumerate((c for c in customers if c.listed), start=1):
        gender = rng.choices(("女", "男", "未知"), (66, 26, 8))[0]
        name = build_name(rng, gender)
        remark = rng.choice(REMARKS[gender]).format(name[0]) if customer.friend and not rng.randrange(4) else ""
        yuan = spent[customer.customer_id] // 100
        level = next(name for name, limit in LEVELS if yuan >= limit)
        born = date(1956, 1, 1) + timedelta(days=rng.randrange(50 * 365))
        vip_from = vip_until = ""
        if yuan > 600 and not rng.randrange(4):  # noqa: PLR2004 -- 元
            start = max(customer.joined_at.date(), LAST_DAY - timedelta(days=rng.randint(5, 500)))
            vip_from, vip_until = start.isoformat(), (start + timedelta(days=365)).isoformat()
        yield (
            customer.customer_id,
            name,
            remark,
            f"1540000{number:04d}" if rng.randrange(15) else "",
            gender,
            born.isoformat() if rng.randrange(10) < 7 else "",  # noqa: PLR2004 -- seven in ten tell it
            rng.choice(cities) if not rng.randrange(10) else customer.store.city,
            rng.choices(list(SOURCES), list(SOURCES.values()))[0],
            stamp(customer.joined_at) if customer.friend or rng.randrange(2) else "",
            customer.owner,
            customer.store.store_id,
            level if yuan or rng.randrange(8) else "",
            str(max(0, yuan - rng.choice((0, 0, 100, 300)))),
            "是" if customer.friend else "否",
            vip_from,
            vip_until,
        )


def stamp(when: datetime | None) -> str:
    """A local time as the files have it."""
    return when.strftime("%Y-%m-%d %H:%M:%S") if when else ""


def yuan_text(fen: int) -> str:
    """分 as 元 with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"


def order_rows(orders: Sequence[Order]) -> Iterable[Row]:
    """The rows of orders.csv."""
    for number, order in enumerate(orders, start=1):
        yield (
            f"D{number:05d}",
            order.customer_id,
            stamp(order.created_at),
            stamp(order.paid_at),
            order.status,
            order.channel,
            order.store_id,
            order.staff_id,
            order.coupon,
            yuan_text(order.discount_fen),
            yuan_text(order.paid_fen),
            yuan_text(order.refunded_fen),
            stamp(order.refunded_at),
        )


def item_rows(orders: Sequence[Order]) -> Iterable[Row]:
    """The rows of items.csv."""
    for number, order in enumerate(orders, start=1):
        for line, (product, quantity, amount) in enumerate(order.lines, start=1):
            yield f"D{number:05d}", str(line), product.sku, str(quantity), yuan_text(amount)


def spoil(tables: dict[str, list[Row]]) -> None:
    """Put in the rows that a real export would have too; README.md names every one with its line.

    Line numbers count the header as line 1. The orders that are refused have no items, so that nothing else
    falls with them.
    """

    def insert(table: str, line: int, row: Row) -> None:
        tables[table].insert(line - 2, row)

    def copy(table: str, of: int, **changes: str) -> Row:
        names = HEADERS[table].split(",")
        return tuple(changes.get(name, old) for name, old in zip(names, tables[table][of - 2], strict=True))

    insert("customers", 501, copy("customers", 500, 客户编号="", 姓名="无编号", 手机号=""))
    insert("customers", 1001, copy("customers", 20))
    insert("orders", 101, copy("orders", 90, 订单号="D90001", 付款时间="2026-02-30 10:00:00"))
    insert("orders", 5001, copy("orders", 4990, 订单号="D90002", 实付金额="abc"))
    insert("orders", 10001, copy("orders", 9990, 订单号=""))
    insert("orders", 15001, copy("orders", 61))
    insert("items", 3001, copy("items", 3000, 行号="99", 金额="abc"))
    insert("items", 6001, copy("items", 60))
    insert("events", 2001, copy("events", 2000, 事件编号="E90001", 发生时间="2026-02-30 10:00:00"))


def build_tables() -> dict[str, list[Row]]:
    """All rows of all files, by the name of the file."""
    rng = Random(SEED)
    products = build_products(rng)
    stores, store_rows, staff_rows = build_stores(rng)
    customers = build_customers(rng, stores)
    orders = build_orders(rng, customers, stores, products)
    events = build_events(rng, customers, orders, products)
    tables: dict[str, list[Row]] = {
        "customers": list(customer_rows(rng, customers, orders)),
        "products": [(p.sku, p.name, p.category, p.brand, yuan_text(p.price_fen), str(p.cycle_days)) for p in products],
        "stores": list(store_rows),
        "staff": list(staff_rows),
        "orders": list(order_rows(orders)),
        "items": list(item_rows(orders)),
        "events": [
            (f"E{number:05d}", e.customer_id, e.kind, stamp(e.occurred_at), e.material)
            for number, e in enumerate(events, start=1)
        ],
    }
    spoil(tables)
    return tables


def write_table(folder: Path, name: str, rows: Sequence[Row]) -> int:
    """Write one file and say how many bytes it has."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADERS[name].split(","))
    writer.writerows(rows)
    return (folder / f"{name}.csv").write_bytes(text.getvalue().encode(ENCODINGS.get(name, "utf-8")))


def main() -> None:
    """Write all files."""
    parser = argparse.ArgumentParser(description="Write the sample data of 鲜果时光, the same bytes every time.")
    here = Path(__file__).parent
    parser.add_argument("--out", type=Path, default=here, metavar="DIR", help="default: beside this file")
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in build_tables().items():
        size = write_table(folder, name, rows)
        print(f"{name}.csv: {len(rows)} rows, {size} bytes")


if __name__ == "__main__":
    main()
