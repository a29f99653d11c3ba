"""Twenty families written by hand: each stands on a boundary or is an awkward case.

Seen from Tuesday 2026-02-24 09:00. What each must come out as is worked out by hand, too, and stands in the tests.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Order:
    """One order; money in 元 as text.

    Attributes:
        at: when it was paid; empty for never.
        sku: what was bought, one of it.
        paid: before refunds.
        refunded: of what was paid.
    """

    at: str
    sku: str
    paid: str
    refunded: str = "0.00"


@dataclass(frozen=True, slots=True)
class Package:
    """A course package (课包).

    Attributes:
        course: 图形化, Python or 信奥.
        bought: the day of purchase.
        begins: the first lesson.
        ends: the last one.
        lessons: how many there are.
        given_back: the day of the refund; empty for none.
    """

    course: str
    bought: str
    begins: str
    ends: str
    lessons: int
    given_back: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A customer with everything that belongs to them.

    Attributes:
        name: of the parent.
        why: they are among the twenty.
        child_born: the child's birthday; empty where nobody asked.
        wish: the course they asked about.
        likes: what the child likes.
        begins: of the present package.
        events: (type, when).
        orders: in the order of time.
        packages: likewise.
        brought: numbers of the families they brought, in the order of time.
        sms: (given, withdrawn), empty for neither.
    """

    name: str
    why: str
    child_born: str = ""
    wish: str = ""
    likes: tuple[str, ...] = ()
    begins: str = ""
    events: tuple[tuple[str, str], ...] = ()
    orders: tuple[Order, ...] = ()
    packages: tuple[Package, ...] = ()
    brought: tuple[int, ...] = ()
    sms: tuple[str, str] = ("", "")


def lessons(*days: str) -> tuple[tuple[str, str], ...]:
    """Lessons that the child came to."""
    return tuple(("上课签到", f"{day} 14:00:00") for day in days)


def weekly(first: str, count: int) -> tuple[str, ...]:
    """So many days, each a week after the last."""
    return tuple((date.fromisoformat(first) + timedelta(weeks=week)).isoformat() for week in range(count))


def daily(first: str, count: int) -> tuple[tuple[str, str], ...]:
    """So many days of practice in a row."""
    start = date.fromisoformat(first)
    return tuple(("练习打卡", f"{start + timedelta(days=day)} 20:00:00") for day in range(count))


def trial(day: str) -> tuple[str, str]:
    """A trial lesson that the child came to."""
    return ("体验到课", f"{day} 10:00:00")


FAMILIES: Final = (
    Family("安静", "刚留了电话，什么都没做"),
    Family("毕然", "四天前约的体验课，没来", wish="图形化", events=(("预约体验课", "2026-02-20 11:00:00"),)),
    Family(
        "卞晨",
        "两天前约的，还不急；看过三次课程，10 加 2.5 分",
        wish="Python",
        events=(
            ("预约体验课", "2026-02-22 11:00:00"),
            ("浏览课程", "2026-02-24 08:00:00"),
            ("浏览课程", "2026-02-24 08:30:00"),
            ("浏览课程", "2026-02-17 20:00:00"),
        ),
    ),
    Family(
        "柴悦",
        "三天前体验，一天半后问了报名：40 加 50 分",
        wish="图形化",
        events=(("预约体验课", "2026-02-18 10:00:00"), trial("2026-02-21"), ("报名咨询", "2026-02-22 20:00:00")),
        orders=(Order("2026-02-18 10:05:00", "T01", "9.90"),),
    ),
    Family(
        "车琳",
        "十六天前体验，六天前才问：过了三天，不算体验后问价",
        wish="信奥",
        events=(trial("2026-02-08"), ("报名咨询", "2026-02-18 09:00:00")),
        orders=(Order("2026-02-05 10:00:00", "T01", "9.90"),),
    ),
    Family(
        "党欣",
        "一月报了名，来了三次，中间隔了一周",
        wish="图形化",
        begins="2026-01-31",
        events=(trial("2026-01-20"), *lessons("2026-01-31", "2026-02-07", "2026-02-21")),
        orders=(Order("2026-01-18 10:00:00", "T01", "9.90"), Order("2026-01-25 10:00:00", "C01", "1980.00")),
        packages=(Package("图形化", "2026-01-25", "2026-01-31", "2026-05-30", 16),),
    ),
    Family(
        "方圆",
        "来了四次，中间请了一次假：不算断；一单两样，花得多",
        likes=("竞赛", "机器人"),
        begins="2026-01-24",
        events=lessons("2026-01-24", "2026-01-31", "2026-02-07", "2026-02-21"),
        orders=(Order("2026-01-15 19:00:00", "C03", "8800.00"),),
        packages=(Package("信奥", "2026-01-15", "2026-01-24", "2027-01-23", 48),),
    ),
    Family(
        "甘霖",
        "来两周、停两周、再来两周：断了",
        likes=("考级",),
        begins="2026-01-17",
        events=lessons("2026-01-17", "2026-01-24", "2026-02-14", "2026-02-21"),
        orders=(Order("2026-01-10 19:00:00", "C02", "2680.00", refunded="100.00"),),
        packages=(Package("Python", "2026-01-10", "2026-01-17", "2026-05-30", 16),),
    ),
    Family(
        "贺佳",
        "三十天后结课，十六节上了十三节",
        begins="2025-11-29",
        events=lessons(*weekly("2025-11-29", 13)),
        orders=(Order("2025-11-25 19:00:00", "C01", "1980.00"),),
        packages=(Package("图形化", "2025-11-25", "2025-11-29", "2026-03-26", 16),),
    ),
    Family(
        "季然",
        "也是三十天后结课，但四天前续了，新课包还没开课",
        begins="2025-11-29",
        events=lessons("2026-02-21"),
        orders=(Order("2025-11-25 19:00:00", "C01", "1980.00"), Order("2026-02-20 19:00:00", "C02", "2680.00")),
        packages=(
            Package("图形化", "2025-11-25", "2025-11-29", "2026-03-26", 16),
            Package("Python", "2026-02-20", "2026-03-28", "2026-07-30", 20),
        ),
    ),
    Family(
        "景行",
        "今天结课：还在读；上了一半",
        begins="2025-11-01",
        events=lessons(
            "2026-02-14",
            "2026-02-21",
            "2026-01-10",
            "2026-01-03",
            "2025-12-06",
            "2025-11-29",
            "2025-11-08",
            "2025-11-01",
        ),
        orders=(Order("2025-10-27 09:00:00", "C01", "1980.00"),),
        packages=(Package("图形化", "2025-10-27", "2025-11-01", "2026-02-24", 16),),
    ),
    Family(
        "康宁",
        "昨天结课，没续；最后一单是 121 天前",
        begins="2025-11-01",
        events=lessons("2026-02-21"),
        orders=(Order("2025-10-26 23:00:00", "C01", "1980.00"),),
        packages=(Package("图形化", "2025-10-26", "2025-11-01", "2026-02-23", 16),),
    ),
    Family(
        "蓝天",
        "课包全退了：等于没买过",
        begins="2026-01-10",
        orders=(Order("2026-01-05 19:00:00", "C02", "2680.00", refunded="2680.00"),),
        packages=(Package("Python", "2026-01-05", "2026-01-10", "2026-05-30", 16, "2026-02-10"),),
    ),
    Family(
        "黎明",
        "两周前体验，下了单没付款",
        wish="Python",
        events=(trial("2026-02-10"),),
        orders=(Order("", "C02", "0.00"),),
    ),
    Family(
        "孟夏",
        "十七天没来了",
        begins="2026-01-24",
        events=lessons("2026-01-24", "2026-01-31", "2026-02-07"),
        orders=(Order("2026-01-20 19:00:00", "C02", "2680.00"),),
        packages=(Package("Python", "2026-01-20", "2026-01-24", "2026-06-06", 18),),
    ),
    Family(
        "宁远",
        "十三天前来过，还不到两周",
        begins="2026-01-24",
        events=lessons("2026-01-24", "2026-02-11"),
        orders=(Order("2026-01-20 19:00:00", "C02", "2680.00"),),
        packages=(Package("Python", "2026-01-20", "2026-01-24", "2026-06-06", 18),),
    ),
    Family(
        "欧阳静",
        "孩子 2 月 29 日生，平年过 28 日；连着打卡七天",
        child_born="2016-02-29",
        events=daily("2026-02-10", 7),
    ),
    Family(
        "庞博",
        "带来两位，有一位记了两次；打卡六天停一天又六天",
        brought=(2, 3, 3),
        events=(*daily("2026-02-01", 6), *daily("2026-02-08", 6)),
    ),
    Family(
        "秦岭",
        "近、勤、值都高",
        likes=("考级",),
        begins="2025-11-15",
        events=lessons(*weekly("2025-11-15", 15)),
        orders=(
            Order("2024-09-01 10:00:00", "C02", "2680.00"),
            Order("2025-10-01 10:00:00", "K01", "380.00"),
            Order("2025-11-10 10:00:00", "C03", "8800.00"),
        ),
        packages=(
            Package("Python", "2024-09-01", "2024-09-07", "2025-01-11", 16),
            Package("信奥", "2025-11-10", "2025-11-15", "2026-11-14", 48),
        ),
    ),
    Family(
        "冉冉",
        "去年六月体验过一次，再没下文；短信授权撤回了",
        wish="图形化",
        events=(trial("2025-06-02"),),
        orders=(Order("2025-06-01 10:00:00", "T01", "9.90"),),
        sms=("2025-06-01 10:00:00", "2025-07-01 10:00:00"),
    ),
)
