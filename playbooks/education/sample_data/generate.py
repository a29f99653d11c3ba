"""Write the sample data: 知行编程, a made-up school where children learn to program.

    python playbooks/education/sample_data/generate.py [--out DIR]

One seed decides everything, so the same bytes come out every time. All of it is seen from 2026-02-24 09:00 in
Asia/Shanghai. The first twenty families are written by hand (`twenty.py`), the others are drawn. Nobody exists: the phone
numbers begin with 154 0002, which no operator has been given.
"""

import argparse
import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

from twenty import FAMILIES, Family, Order, Package

SEED: Final = 20260224
TODAY: Final = date(2026, 2, 24)
DRAWN: Final = 230
HEADERS: Final = {
    "stores": "门店编号,门店名称,城市,店长",
    "staff": "员工编号,员工姓名,岗位,人设,所属门店,服务上限",
    "products": "商品编码,商品名称,品类,品牌,售价,消耗周期天数",
    "customers": "客户编号,姓名,手机号,来源渠道,添加时间,跟进人,所属门店,是否好友,孩子生日,年级,意向课程,感兴趣,本期开课",
    "consents": "客户编号,渠道,授权时间,撤回时间,授权来源",
    "enrolments": "客户编号,课包编号,课程,购买日期,开课,结课,总课时,退费日期",
    "orders": "订单号,客户编号,下单时间,付款时间,订单状态,渠道,门店编号,实付金额,退款金额,退款时间",
    "items": "订单号,行号,商品编码,数量,金额",
    "events": "事件编号,客户编号,事件类型,发生时间",
    "referrals": "推荐编号,推荐人,被推荐人,推荐时间",
}
STORES: Final = (("X01", "滨江校区", "杭州", "B91"), ("X02", "未来城校区", "杭州", "B92"))
STAFF: Final = (
    ("B01", "周老师", "班主任", "信奥教练", "X01", "80"),
    ("B02", "吴老师", "班主任", "前程序员", "X01", "80"),
    ("B03", "郑老师", "班主任", "小学老师出身", "X02", "80"),
    ("B04", "王老师", "课程顾问", "两个孩子的爸", "X02", "120"),
    ("B91", "冯校长", "店长", "", "X01", ""),
    ("B92", "陈校长", "店长", "", "X02", ""),
)
COURSES: Final = {"图形化": ("C01", 1980, 16), "Python": ("C02", 2680, 16), "信奥": ("C03", 8800, 48)}
"""Course: sku, price in 元, lessons."""
PRODUCTS: Final = (
    ("T01", "体验课一节", "体验课", 9.9),
    ("C01", "图形化编程季课", "正价课", 1980),
    ("C02", "Python 季课", "正价课", 2680),
    ("C03", "信息学奥赛年课", "正价课", 8800),
    ("K01", "等级考试报名", "考级", 380),
    ("J01", "机器人教具", "教具", 299),
)
PRICES: Final = {sku: price for sku, _, _, price in PRODUCTS}
SURNAMES: Final = "沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
GIVEN: Final = ("敏", "伟", "静", "磊", "洋", "丽", "强", "洁", "海燕", "思雨", "建国", "晓东", "佳怡", "文静")
GRADES: Final = {6: "幼儿园", 8: "一二年级", 10: "三四年级", 12: "五六年级", 99: "初中"}
"""Up to which age."""
LIKES: Final = ("动画", "游戏", "机器人", "竞赛", "考级")
SOURCES: Final = ("地推", "公众号", "老带新", "学校合作", "抖音")
Row: TypeAlias = tuple[str, ...]


def moment(day: date, hour: int, minute: int = 0) -> str:
    """A local time as the files have it."""
    return f"{day} {hour:02d}:{minute:02d}:00"


def draw_package(rng: Random, course: str, bought: date) -> Package:
    """A package bought that day, half a week before its first Saturday."""
    begins = bought + timedelta(days=(5 - bought.weekday()) % 7 or 7)
    count = COURSES[course][2]
    given_back = str(min(TODAY - timedelta(days=1), begins + timedelta(days=30))) if not rng.randrange(14) else ""
    return Package(course, str(bought), str(begins), str(begins + timedelta(weeks=count)), count, given_back)


def draw_lessons(rng: Random, package: Package) -> list[tuple[str, str]]:
    """The lessons of a package that have been, most of them visited."""
    diligence = rng.choice((0.95, 0.9, 0.75, 0.4))
    last = date.fromisoformat(package.given_back or package.ends)
    stops = last if rng.randrange(5) else date.fromisoformat(package.begins) + timedelta(weeks=rng.randint(1, 8))
    found = []
    day = date.fromisoformat(package.begins)
    while day < min(stops, TODAY):
        if rng.random() < diligence:
            found.append(("上课签到", moment(day, 14)))
        day += timedelta(weeks=1)
    return found


def draw_family(rng: Random) -> Family:
    """A family with everything that belongs to them."""
    came = TODAY - timedelta(days=1 + int(rng.expovariate(1 / 160)))
    events: list[tuple[str, str]] = []
    orders: list[Order] = []
    packages: list[Package] = []
    course = rng.choice(tuple(COURSES))
    if rng.randrange(5):
        events.append(("预约体验课", moment(came, 11)))
        day = came + timedelta(days=rng.randint(1, 6))
        if rng.randrange(10) < 7 and day < TODAY:  # noqa: PLR2004 -- seven in ten come
            events.append(("体验到课", moment(day, 10)))
            orders.append(Order(moment(came, 12), "T01", "9.90"))
            if rng.randrange(2):
                events.append(("报名咨询", moment(day + timedelta(days=rng.randint(0, 6)), 20)))
            bought = day + timedelta(days=rng.randint(1, 9))
            while bought < TODAY and rng.randrange(9) < 5:  # noqa: PLR2004 -- more than half go on
                package = draw_package(rng, course, bought)
                packages.append(package)
                price = yuan(COURSES[course][1])
                back = price if package.given_back else yuan(rng.choice((0, 0, 0, 0, 100)))
                orders.append(Order(moment(bought, 19, rng.randrange(60)), COURSES[course][0], price, back))
                events += draw_lessons(rng, package)
                bought = date.fromisoformat(package.ends) - timedelta(days=rng.randint(-20, 25))
                course = "Python" if course == "图形化" else course
    if packages and not rng.randrange(3):
        bought = date.fromisoformat(packages[-1].bought) + timedelta(days=rng.randint(1, 60))
        if bought < TODAY:
            orders.append(Order(moment(bought, 13), rng.choice(("K01", "J01")), yuan(rng.choice((299, 380)))))
    events += [
        ("浏览课程", moment(TODAY - timedelta(days=rng.randint(1, 40)), 21)) for _ in range(rng.choice((0, 0, 1, 3)))
    ]
    given = moment(came, 12) if rng.randrange(2) else ""
    taken = (
        moment(min(TODAY - timedelta(days=1), came + timedelta(days=60)), 18) if given and not rng.randrange(5) else ""
    )
    return Family(
        rng.choice(SURNAMES) + rng.choice(GIVEN),
        "",
        str(TODAY - timedelta(days=rng.randint(6 * 365, 13 * 365))) if rng.randrange(4) else "",
        course if rng.randrange(3) else "",
        tuple(sorted(rng.sample(LIKES, rng.randint(0, 2)))),
        packages[-1].begins if packages and packages[-1].begins <= str(TODAY) else "",
        tuple(event for event in events if event[1] < moment(TODAY, 0)),
        tuple(orders),
        tuple(packages),
        (),
        (given, taken),
    )


def yuan(amount: float) -> str:
    """An amount as the files have it."""
    return f"{amount:.2f}"


def build_tables() -> dict[str, list[Row]]:
    """All rows of all files, by the name of the file."""
    rng = Random(SEED)
    drawn = [draw_family(rng) for _ in range(DRAWN)]
    tables: dict[str, list[Row]] = {name: [] for name in HEADERS}
    tables["stores"] = list(STORES)
    tables["staff"] = list(STAFF)
    tables["products"] = [(sku, name, category, "知行", yuan(price), "") for sku, name, category, price in PRODUCTS]
    for number, family in enumerate((*FAMILIES, *drawn), start=1):
        add_family(f"S{number:04d}", family, number, tables, rng)
    for number in range(1, 41):
        pair = rng.sample(range(len(FAMILIES) + 1, len(FAMILIES) + DRAWN + 1), 2)
        add_referral(f"S{pair[0]:04d}", f"S{pair[1]:04d}", TODAY - timedelta(days=number * 9), tables)
    spoil(tables)
    return tables


def grade_of(born: str) -> str:
    """The grade of a child of that age; empty where the birthday is not known."""
    if not born:
        return ""
    age = (TODAY - date.fromisoformat(born)).days // 365
    return next(grade for limit, grade in GRADES.items() if age <= limit)


def add_family(key: str, family: Family, number: int, tables: dict[str, list[Row]], rng: Random) -> None:
    """All rows of one family."""
    by_hand = number <= len(FAMILIES)
    owner = STAFF[0] if by_hand else rng.choice(STAFF[1:4])
    friend = by_hand or bool(rng.randrange(7))
    added = moment(TODAY - timedelta(days=rng.randint(1, 500)), 15) if friend else ""
    phone = "" if not by_hand and not rng.randrange(15) else f"1540002{number:04d}"
    who = (key, family.name, phone, SOURCES[number % len(SOURCES)], added, owner[0], owner[4], "是" if friend else "否")
    child = (family.child_born, grade_of(family.child_born), family.wish, "、".join(family.likes), family.begins)
    tables["customers"].append((*who, *child))
    if family.sms[0]:
        tables["consents"].append((key, "sms", *family.sms, "体验课登记"))
    for package in family.packages:
        name = f"P{len(tables['enrolments']) + 1:04d}"
        days = (package.bought, package.begins, package.ends)
        tables["enrolments"].append((key, name, package.course, *days, str(package.lessons), package.given_back))
    for order in family.orders:
        add_order(key, order, owner[4], tables)
    for what, at in family.events:
        tables["events"].append((f"E{len(tables['events']) + 1:05d}", key, what, at))
    if family.begins and not by_hand:
        for day in range(rng.choice((0, 0, 3, 9, 12))):
            at = moment(TODAY - timedelta(days=20 - day), 20)
            tables["events"].append((f"E{len(tables['events']) + 1:05d}", key, "练习打卡", at))
    for place, other in enumerate(family.brought):
        add_referral(key, f"S{other:04d}", TODAY - timedelta(days=30 - place), tables)


def add_order(key: str, order: Order, store: str, tables: dict[str, list[Row]]) -> None:
    """One order and its line."""
    name = f"D{len(tables['orders']) + 1:05d}"
    back = (datetime.fromisoformat(order.at) + timedelta(days=3)).isoformat(" ") if float(order.refunded) else ""
    status = "待付款" if not order.at else "已退款" if order.refunded == order.paid else "已完成"
    made = order.at or "2026-02-12 20:00:00"
    tables["orders"].append((name, key, made, order.at, status, "校区", store, order.paid, order.refunded, back))
    tables["items"].append((name, "1", order.sku, "1", order.paid if order.at else yuan(PRICES[order.sku])))


def add_referral(who: str, whom: str, day: date, tables: dict[str, list[Row]]) -> None:
    """One family brought another."""
    tables["referrals"].append((f"R{len(tables['referrals']) + 1:04d}", who, whom, moment(day, 16)))


def spoil(tables: dict[str, list[Row]]) -> None:
    """Put in the rows that a real export would have too; README.md names every one with its line.

    Line numbers count the header as line 1. The order that is refused has no line of its own.
    """

    def insert(table: str, line: int, make: Callable[[list[str]], list[str]]) -> None:
        rows = tables[table]
        rows.insert(line - 2, tuple(make(list(rows[line - 3]))))

    insert("customers", 81, lambda row: [f"{row[0]}X", *row[1:9], "大学", *row[10:]])
    insert("customers", 152, lambda row: row)
    insert("enrolments", 31, lambda row: [row[0], "P9001", *row[2:5], "2026-06-31", *row[6:]])
    insert("orders", 101, lambda row: ["D90001", *row[1:7], "一千九", *row[8:]])
    insert("events", 201, lambda row: ["E90001", row[1], row[2], "2026-02-29 10:00:00"])


def main() -> None:
    """Write all files."""
    parser = argparse.ArgumentParser(description="Write the sample data of 知行编程, the same bytes every time.")
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
