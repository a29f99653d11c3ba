"""Twenty parents of one consultant, written by hand: each stands on a boundary or is an awkward case.

Seen from Wednesday 2026-02-25 09:00. What each must come out as is worked out by hand, too, and stands in the tests.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

Bought: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One order; money in 元 as text.

    Attributes:
        at: when it was paid; empty for never.
        skus: what was in it, one of each; the sum of the lines is what was paid and what was taken off.
        paid: before refunds.
        discount: what was taken off.
        refunded: of what was paid.
    """

    at: str
    skus: Bought
    paid: str
    discount: str = "0.00"
    refunded: str = "0.00"


@dataclass(frozen=True, slots=True)
class Parent:
    """A customer with everything that belongs to them.

    Attributes:
        name: of the parent.
        why: they are among the twenty.
        friend: whether the consultant may write to them.
        children: (小名, birthday or due date, 登记日期).
        vip: (from, until, fee), the last of them the present one.
        orders: in the order of time.
        consulted: days on which they asked the consultant something.
        answers: what the consultant heard, as tags.
        sms: (given, withdrawn), empty for neither.
    """

    name: str
    why: str
    friend: bool = True
    children: tuple[tuple[str, str, str], ...] = ()
    vip: tuple[tuple[str, str, str], ...] = ()
    orders: tuple[Order, ...] = ()
    consulted: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    sms: tuple[str, str] = ("", "")


PARENTS: Final = (
    Parent(
        "孔欣",
        "预产期在十三天后，上周问过顾问",
        children=(("小米粒", "2026-03-10", "2025-09-01"),),
        orders=(Order("2025-10-01 10:00:00", ("M02",), "168.00"), Order("2026-01-15 20:10:00", ("M01",), "299.00")),
        consulted=("2026-02-20 15:00:00",),
    ),
    Parent("曹颖", "预产期就是今天：算到了，不再是孕期", children=(("圆圆", "2026-02-25", "2025-08-01"),)),
    Parent(
        "严静",
        "大的三岁，小的预产期是明天",
        children=(("大豆", "2022-05-01", "2022-05-03"), ("二豆", "2026-02-26", "2025-07-20")),
        orders=(Order("2026-02-01 11:00:00", ("B01", "Z01"), "134.00"),),
    ),
    Parent("华敏", "今天满三个月", children=(("安安", "2025-11-25", "2025-11-27"),)),
    Parent(
        "金蕾",
        "差一天满三个月；牛奶蛋白过敏，半个月前还买了普通奶粉",
        children=(("朵朵", "2025-11-26", "2025-11-28"),),
        orders=(Order("2026-02-10 09:30:00", ("N11",), "268.00"),),
        answers=("奶粉过敏:是", "喂养方式:混合"),
    ),
    Parent("魏萍", "8 月 30 日生，2 月没有 30 日：28 日满六个月", children=(("果果", "2025-08-30", "2025-09-02"),)),
    Parent(
        "陶然",
        "八天后满六个月，但辅食已经买过两次",
        children=(("糖糖", "2025-09-05", "2025-09-06"),),
        orders=(Order("2026-02-02 12:00:00", ("F01",), "59.00"), Order("2026-02-18 12:00:00", ("F01", "F02"), "98.00")),
    ),
    Parent("姜楠", "今天周岁", children=(("豆包", "2025-02-25", "2025-03-01"),), answers=("睡整觉:不能",)),
    Parent("戚雯", "2 月 29 日生：平年 2 月 28 日满两岁", children=(("闰闰", "2024-02-29", "2024-03-05"),)),
    Parent(
        "谢菲",
        "两个孩子看小的；七天后大的过生日；近一年 3,000 元整，有一单是今天中午的，还没发生",
        children=(("乐乐", "2018-03-04", "2022-01-01"), ("可可", "2023-02-24", "2023-02-26")),
        orders=(
            Order("2025-06-01 10:00:00", ("N13", "T01"), "1000.00"),
            Order("2025-12-12 10:00:00", ("N13", "S02"), "2000.00"),
            Order("2026-02-25 12:00:00", ("B02",), "129.00"),
        ),
    ),
    Parent(
        "邹敏",
        "两个都上学，小的明天满十岁",
        children=(("子涵", "2014-01-01", "2020-06-01"), ("子墨", "2016-02-26", "2020-06-01")),
        orders=(Order("2026-01-20 16:00:00", ("W02",), "299.00"),),
    ),
    Parent("喻婷", "今天满十四岁，毕业了", children=(("浩浩", "2012-02-25", "2019-01-01"),)),
    Parent("柏芸", "明天满十四岁，今天还是十三", children=(("天天", "2012-02-26", "2019-01-01"),)),
    Parent(
        "水清",
        "买了三次，从没说过孩子",
        orders=(
            Order("2025-11-11 00:10:00", ("Z02",), "99.00"),
            Order("2025-12-30 10:00:00", ("Z02",), "99.00"),
            Order("2026-02-08 10:00:00", ("Z03", "F02"), "148.00"),
        ),
    ),
    Parent(
        "窦芳",
        "半年没来，不是好友，同意收短信",
        friend=False,
        orders=(Order("2025-08-20 10:00:00", ("N12", "Z02"), "357.00"),),
        sms=("2025-01-05 10:00:00", ""),
    ),
    Parent(
        "章琳",
        "和上一位一样，但短信授权撤回了",
        friend=False,
        orders=(Order("2025-08-20 11:00:00", ("N12", "Z02"), "357.00"),),
        sms=("2025-01-05 10:00:00", "2025-11-20 08:00:00"),
    ),
    Parent(
        "云霞",
        "唯一的一单全额退了：等于没买过",
        children=(("跳跳", "2024-06-01", "2024-06-10"),),
        orders=(Order("2026-01-28 10:00:00", ("N22",), "298.00", refunded="298.00"),),
    ),
    Parent(
        "苏冉",
        "下了单没付款；会员还有三十天到期，一分钱没省",
        children=(("小满", "2023-05-21", "2023-06-01"),),
        vip=(("2025-03-27", "2026-03-27", "299.00"),),
        orders=(Order("", ("T01",), "0.00"),),
    ),
    Parent(
        "潘悦",
        "会员今天到期，续过一次；本期省了 320 元，之前的 60 元不算；奶粉 25 天前买的",
        children=(("小鱼", "2024-12-31", "2025-01-03"),),
        vip=(("2024-02-25", "2025-02-24", "199.00"), ("2025-02-25", "2026-02-25", "299.00")),
        orders=(
            Order("2025-02-24 21:00:00", ("N13",), "178.00", discount="60.00"),
            Order("2025-02-25 09:00:00", ("N13", "Z03"), "147.00", discount="200.00"),
            Order("2026-01-31 10:00:00", ("N13",), "118.00", discount="120.00"),
        ),
    ),
    Parent(
        "葛青",
        "会员昨天过期；近一年退完正好 1,000 元；奶粉 45 天前买的，现在改母乳了",
        children=(("元宝", "2025-12-01", "2025-12-03"),),
        vip=(("2025-02-25", "2026-02-24", "199.00"),),
        orders=(
            Order("2025-02-25 23:59:00", ("N21",), "328.00"),
            Order("2025-02-26 00:00:00", ("M01", "M02"), "467.00"),
            Order("2026-01-11 10:00:00", ("N11", "T01"), "733.00", refunded="200.00"),
        ),
        answers=("喂养方式:母乳",),
    ),
)
