"""Twenty customers of one consultant, written by hand: each stands on a boundary or is an awkward case.

Seen from Saturday 2026-02-28 09:00. What each must come out as is worked out by hand, too, and stands in the tests.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

Bought: TypeAlias = tuple[tuple[str, int], ...]
"""(sku, quantity)."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order; money in 元 as text.

    Attributes:
        at: when it was paid; empty for never.
        bought: what was in it; the sum of the lines is what was paid and what was taken off.
        paid: before refunds.
        discount: what was taken off.
        refunded: of what was paid.
    """

    at: str
    bought: Bought
    paid: str
    discount: str = "0.00"
    refunded: str = "0.00"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a customer did.

    Attributes:
        kind: as the column 事件类型 says it.
        topic: of what was looked at; empty for none.
        stars: of a review; empty for none.
    """

    kind: str
    at: str
    topic: str = ""
    stars: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer with everything that belongs to them.

    Attributes:
        why: they are among the twenty.
        owner: the consultant as the file calls them, by id or by one of their nicknames.
        added: when they became a friend; empty for never.
        skin: what skin they have, as the cell of the file has it.
        worries: about their skin, likewise.
        sms: (given, withdrawn), empty for neither.
    """

    name: str
    why: str
    owner: str = "B01"
    phone: bool = True
    added: str = "2025-01-05 10:00:00"
    birthday: str = ""
    level: str = ""
    skin: str = ""
    worries: str = ""
    orders: tuple[Order, ...] = ()
    events: tuple[Event, ...] = ()
    answers: tuple[str, ...] = ()
    sms: tuple[str, str] = ("", "")


CUSTOMERS: Final = (
    Customer(
        "温晴",
        "八天前加的，看过两回泛红的内容：认知",
        owner="小美",
        added="2026-02-20 11:00:00",
        events=(
            Event("看内容", "2026-02-20 21:00:00", "敏感泛红"),
            Event("看内容", "2026-02-25 22:10:00", "敏感泛红"),
        ),
    ),
    Customer(
        "乔安",
        "今天询价、一周前两次加购：兴趣，高意向",
        owner="美美老师",
        added="2026-02-10 19:00:00",
        skin="油性",
        worries="痘痘、毛孔",
        events=(
            Event("收藏加购", "2026-02-21 12:00:00"),
            Event("收藏加购", "2026-02-21 12:05:00"),
            Event("浏览商品", "2026-02-13 20:00:00"),
            Event("领取小样", "2026-02-14 15:00:00"),
            Event("询价", "2026-02-28 08:00:00"),
        ),
    ),
    Customer(
        "邵雨",
        "二月才加，今天早上第一单",
        added="2026-02-01 10:00:00",
        skin="干性",
        orders=(Order("2026-02-28 08:30:00", (("SR1", 1),), "379.00", "20.00"),),
    ),
    Customer(
        "梅子",
        "同一秒付了两单：一天，不算复购；正好 30 天前",
        added="2026-01-29 09:00:00",
        skin="混合性、敏感性",
        orders=(
            Order("2026-01-29 20:00:00", (("DZ1", 1),), "259.00"),
            Order("2026-01-29 20:00:00", (("KH1", 1),), "189.00"),
        ),
    ),
    Customer(
        "夏荷",
        "一年里两天买过：忠诚；昨天看的内容只有一回",
        level="金卡",
        skin="混合性",
        orders=(
            Order("2025-06-01 12:00:00", (("JM1", 1), ("MS1", 1)), "400.00", "17.00"),
            Order("2026-02-15 12:00:00", (("MS1", 1),), "289.00"),
        ),
        events=(Event("看内容", "2026-02-27 22:00:00", "细纹"),),
    ),
    Customer(
        "季云",
        "两天买过，但头一天在 366 天前；最近一次差一天不到三个月的另一边：沉默",
        orders=(
            Order("2025-02-27 10:00:00", (("JH1", 1),), "369.00"),
            Order("2025-11-27 23:59:00", (("JH1", 1),), "369.00"),
        ),
    ),
    Customer(
        "纪雪",
        "最近一次正好三个月：还活跃",
        orders=(Order("2025-11-28 00:00:00", (("MM1", 2),), "198.00"),),
    ),
    Customer(
        "蓝心",
        "最近一次正好半年：沉默；一次两瓶面霜，两个周期到了，该补了",
        orders=(Order("2025-08-28 15:00:00", (("MS1", 2),), "578.00"),),
    ),
    Customer(
        "白露",
        "半年零一天：睡眠；粉底用了 185 天，该补了",
        orders=(Order("2025-08-27 15:00:00", (("DZ1", 1),), "259.00"),),
    ),
    Customer(
        "纪秋",
        "正好一年：还算睡眠；365 天前，不在近一年里",
        skin="敏感性",
        orders=(Order("2025-02-28 10:00:00", (("MS1", 1), ("JH1", 1)), "658.00"),),
    ),
    Customer(
        "庄静",
        "一年零一天：流失；不是好友，同意收短信",
        added="",
        orders=(Order("2025-02-27 10:00:00", (("KH2", 1),), "99.00"),),
        sms=("2025-02-27 10:05:00", ""),
    ),
    Customer(
        "卫兰",
        "912 天前买过：两年半之外，未触达或流失；短信撤回了",
        added="",
        orders=(Order("2023-08-31 10:00:00", (("SR1", 1),), "399.00"),),
        sms=("2023-08-31 10:05:00", "2025-11-11 09:00:00"),
    ),
    Customer(
        "颜青",
        "唯一的一单全额退了：等于没买过",
        skin="油性",
        orders=(Order("2026-01-10 10:00:00", (("JH2", 1),), "299.00", refunded="299.00"),),
    ),
    Customer(
        "于菲",
        "退了一部分，近一年正好 2,000 元：高价值；四个月没来",
        level="黑金",
        birthday="1988-03-07",
        orders=(
            Order("2025-09-10 10:00:00", (("JH1", 3), ("SR1", 2)), "1800.00", "105.00", refunded="100.00"),
            Order("2025-10-20 10:00:00", (("JM1", 1), ("KH1", 1)), "300.00", "17.00"),
        ),
    ),
    Customer(
        "米娜",
        "差一分钱到 2,000 元：中价值；面霜 85 天前买的一瓶",
        birthday="1990-03-08",
        orders=(Order("2025-12-05 10:00:00", (("JH1", 4), ("SR1", 1), ("MS1", 1)), "1999.99", "164.01"),),
    ),
    Customer(
        "施然",
        "下了单没付款，没留手机号",
        phone=False,
        added="2026-02-27 20:00:00",
        orders=(Order("", (("SR1", 1),), "0.00"),),
    ),
    Customer(
        "安闰",
        "2 月 29 日生：平年今天过生日；2024-02-29 买过",
        birthday="1996-02-29",
        orders=(Order("2024-02-29 18:00:00", (("DZ2", 1), ("XZ1", 1)), "387.00"),),
    ),
    Customer(
        "顾盼",
        "只买过一次，但给过五星：忠诚；面膜 30 天前买的，该补了，但顾问今天先联系花得多的三位",
        orders=(Order("2026-01-29 10:00:00", (("MM1", 1),), "99.00"),),
        events=(Event("评价", "2026-02-03 20:00:00", stars="5"),),
    ),
    Customer(
        "池文",
        "85 天前一次两瓶面霜，手里还有；洁面 60 天前一支，该补了",
        level="银卡",
        orders=(
            Order("2025-12-05 11:00:00", (("MS1", 2),), "558.00", "20.00"),
            Order("2025-12-30 11:00:00", (("JM1", 1),), "128.00"),
        ),
    ),
    Customer(
        "罗衣",
        "说过换季会泛红，三天前买了果酸；粉底用了一周没有卸妆；领小样 29 天后下的单；不知道哪天加的",
        owner="linmei",
        added="",
        birthday="1999-03-06",
        orders=(
            Order("2026-02-21 09:00:00", (("DZ2", 1),), "229.00"),
            Order("2026-02-25 14:00:00", (("JH2", 1),), "299.00"),
        ),
        events=(Event("领取小样", "2026-01-23 10:00:00"),),
        answers=("换季敏感:会",),
    ),
)
