"""The chain itself: its stores, its customers, what they buy and what else they do.

Every function takes the one source of chance as its first argument and changes nothing else.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from itertools import accumulate
from random import Random
from typing import Final, TypeAlias

from vocabulary import (
    ALL_YEAR,
    BACK_ROLES,
    CATALOGUE,
    CHANNELS,
    COUPONS,
    EVENT_MIX,
    GIVEN,
    LIKED_BY,
    MATERIALS,
    PERSONAS,
    POPULARITY,
    SEASONS,
    STORES,
    SURNAMES,
)

ZONE: Final = timezone(timedelta(hours=8))
AS_OF: Final = datetime(2026, 3, 2, 9, tzinfo=ZONE)
FIRST_DAY: Final = date(2024, 3, 1)
LAST_DAY: Final = AS_OF.date()
DAY_COUNT: Final = (LAST_DAY - FIRST_DAY).days + 1
SPRING_FESTIVALS: Final = (date(2025, 1, 29), date(2026, 2, 17))
WALK_IN_COUNT: Final = 600

Row: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Habit:
    """How one kind of customer buys.

    Attributes:
        count: How many of them there are.
        tenure_days: Days since they came, from and to.
        silent_days: Days since the last order, from and to.
        orders: Number of orders, from and to; not used where `gap_days` is given.
        gap_days: Days between two orders, from and to.
    """

    count: int
    tenure_days: tuple[int, int]
    silent_days: tuple[int, int] = (0, 0)
    orders: tuple[int, int] = (0, 0)
    gap_days: tuple[int, int] = (0, 0)


HABITS: Final = {
    "从未下单": Habit(count=440, tenure_days=(0, 700)),
    "只买一次": Habit(count=500, tenure_days=(0, 730), orders=(1, 1)),
    "偶尔购买": Habit(count=380, tenure_days=(20, 730), orders=(2, 7)),
    "定期购买": Habit(count=280, tenure_days=(60, 730), gap_days=(16, 34)),
    "忠实老客": Habit(count=210, tenure_days=(150, 730), gap_days=(7, 14)),
    "沉睡大客": Habit(count=90, tenure_days=(240, 730), gap_days=(9, 20), silent_days=(28, 62)),
    "已经流失": Habit(count=100, tenure_days=(300, 730), gap_days=(12, 30), silent_days=(75, 240)),
}


@dataclass(frozen=True, slots=True)
class Product:
    """One product; money in 分."""

    sku: str
    name: str
    category: str
    brand: str
    price_fen: int
    cycle_days: int
    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Store:
    """One store; its guides begin with the manager."""

    store_id: str
    name: str
    city: str
    guides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    """What is fixed about a customer before anything is bought."""

    customer_id: str
    habit: str
    joined_at: datetime
    store: Store
    owner: str
    friend: bool
    listed: bool
    tastes: tuple[str, ...]
    weekday: int


@dataclass(frozen=True, slots=True)
class Order:
    """One order with its lines `(sku, quantity, amount in 分)`; money in 分."""

    customer_id: str
    created_at: datetime
    paid_at: datetime | None
    status: str
    channel: str
    store_id: str
    staff_id: str
    coupon: str
    discount_fen: int
    paid_fen: int
    refunded_fen: int
    refunded_at: datetime | None
    lines: tuple[tuple[Product, int, int], ...]

    @property
    def net_fen(self) -> int:
        """Paid minus refunded."""
        return self.paid_fen - self.refunded_fen


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a customer did."""

    customer_id: str
    kind: str
    occurred_at: datetime
    material: str = ""


class Shelf:
    """What can be bought in a month, the popular things first."""

    def __init__(self, products: Sequence[Product]) -> None:
        """Put the products on it, by category and month."""
        self._choices: dict[tuple[str, int], tuple[list[Product], list[int]]] = {}
        for month in range(1, 13):
            for category in CATALOGUE:
                there = [p for p in products if p.category == category and month in p.months]
                # In season means wanted: what is not sold all year is asked for five times as often.
                wanted = (1 if p.months == ALL_YEAR else 5 for p in there)
                weights = [want * 10000 // (rank + 6) for rank, want in enumerate(wanted)]
                self._choices[category, month] = there, list(accumulate(weights))

    def pick(self, rng: Random, tastes: Sequence[str], month: int) -> Product:
        """One product that somebody of these tastes buys in this month."""
        category = rng.choices(tastes, [POPULARITY[taste] for taste in tastes])[0]
        there, weights = self._choices[category, month]
        return rng.choices(there, cum_weights=weights)[0]


def build_products(rng: Random) -> tuple[Product, ...]:
    """The catalogue: every product in every pack."""
    products: list[Product] = []
    for category, (brands, packs, listed) in CATALOGUE.items():
        names = [
            (name, pack, float(price) * percent, int(cycle) * (2 if percent > packs[0][1] else 1))
            for name, price, cycle in (entry.split(" ") for entry in listed.split("|"))
            for pack, percent in packs
        ]
        for name, pack, price_fen, cycle_days in names:
            products.append(
                Product(
                    sku=f"P{len(products) + 1:03d}",
                    name=f"{name} {pack}",
                    category=category,
                    brand=rng.choice(brands),
                    price_fen=round(price_fen / 10) * 10,
                    cycle_days=cycle_days,
                    months=SEASONS.get(name, ALL_YEAR),
                )
            )
    return tuple(products)


def build_name(rng: Random, gender: str) -> str:
    """A made-up name."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN["男" if gender == "男" else "女"].split(" "))


def build_stores(rng: Random) -> tuple[tuple[Store, ...], tuple[Row, ...], tuple[Row, ...]]:
    """The stores, the rows of stores.csv and the rows of staff.csv."""
    stores: list[Store] = []
    staff: list[Row] = []
    for city, names in STORES:
        for name in names:
            store_id = f"S{len(stores) + 1:02d}"
            guides: list[str] = []
            for place in range(3 if len(stores) < 6 else 2):  # noqa: PLR2004 -- the older stores are bigger
                guides.append(f"G{len(staff) + 1:02d}")
                persona = "店长" if place == 0 else rng.choice(PERSONAS)
                capacity = 150 if place == 0 else rng.choice((200, 250, 300))
                gender = rng.choice(("女", "女", "男"))
                staff.append((guides[-1], build_name(rng, gender), "前台", persona, store_id, str(capacity)))
            stores.append(Store(store_id, f"鲜果时光·{name}", city, tuple(guides)))
    for role, persona in BACK_ROLES * 2:
        staff.append((f"G{len(staff) + 1:02d}", build_name(rng, "女"), role, persona, "", ""))
    rows = tuple((s.store_id, s.name, s.city, s.guides[0]) for s in stores)
    return tuple(stores), rows, tuple(staff)


def day_weights() -> tuple[int, ...]:
    """How busy each day is: weekends, the rush before 春节, the quiet after it."""
    weights = []
    for offset in range(DAY_COUNT):
        day = FIRST_DAY + timedelta(days=offset)
        weight = (90, 85, 90, 95, 115, 150, 140)[day.weekday()]
        for festival in SPRING_FESTIVALS:
            ahead = (festival - day).days
            if 1 <= ahead <= 14:  # noqa: PLR2004 -- two weeks of buying for the feast
                weight *= 2
            elif -7 < ahead <= 0:  # noqa: PLR2004 -- the holiday week
                weight //= 3
        weights.append(weight)
    return tuple(weights)


def moment(rng: Random, day: date) -> datetime:
    """A time of that day when people shop; before the as-of on the last day."""
    if day == LAST_DAY:
        hour = rng.choice((7, 8))
        return datetime.combine(day, time(hour, rng.randrange(40), rng.randrange(60)), ZONE)
    hour = rng.choices(range(7, 23), (2, 4, 6, 8, 8, 6, 3, 3, 4, 5, 8, 10, 9, 6, 4, 2))[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), ZONE)


def build_customers(rng: Random, stores: Sequence[Store]) -> tuple[Customer, ...]:
    """All customers, the oldest first, and two more who are known from their orders only."""
    drafts: list[tuple[datetime, str]] = []
    for habit, rule in HABITS.items():
        for _ in range(rule.count):
            low, high = rule.tenure_days
            age_days = low + int((high - low) * rng.random() ** 1.25)  # the chain grows: more of them came late
            drafts.append((moment(rng, LAST_DAY - timedelta(days=age_days)), habit))
    drafts.sort()
    outside = datetime.combine(LAST_DAY - timedelta(days=90), time(12), ZONE)
    drafts += [(outside, "偶尔购买"), (outside, "偶尔购买")]
    customers: list[Customer] = []
    known_count = len(drafts) - 2
    for number, (joined_at, habit) in enumerate(drafts, start=1):
        store = rng.choices(stores, range(2 * len(stores), len(stores), -1))[0]
        listed = number <= known_count
        friend = rng.random() < (0.97 if habit == "从未下单" else 0.9)
        tastes = tuple(name for name, percent in LIKED_BY.items() if rng.randrange(100) < percent)
        customers.append(
            Customer(
                customer_id=f"K{number:05d}" if listed else f"K9{number - known_count:04d}",
                habit=habit,
                joined_at=joined_at,
                store=store,
                owner=rng.choice(store.guides) if friend else "",
                friend=friend,
                listed=listed,
                tastes=tastes or ("蔬菜", "零食"),
                weekday=rng.randrange(7),
            )
        )
    return tuple(customers)


def pick_days(rng: Random, customer: Customer, weights: Sequence[int]) -> list[date]:
    """The days on which a customer buys, in order."""
    rule = HABITS[customer.habit]
    end = DAY_COUNT - 1 - rng.randint(*rule.silent_days)
    start = min(max(0, (customer.joined_at.date() - FIRST_DAY).days), end)
    regular = bool(rule.gap_days[1])
    count = max(3, (end - start) // rng.randint(*rule.gap_days)) if regular else rng.randint(*rule.orders)
    span = range(start, end + 1)
    own = [weights[o] * (4 if (FIRST_DAY + timedelta(days=o)).weekday() == customer.weekday else 1) for o in span]
    picked = sorted(rng.choices(span, own, k=count))
    if picked and rule.silent_days[1]:
        picked[-1] = end
    return [FIRST_DAY + timedelta(days=offset) for offset in picked]


def build_lines(rng: Random, shelf: Shelf, tastes: Sequence[str], day: date) -> tuple[tuple[Product, int, int], ...]:
    """The lines of one basket, no product twice."""
    lines: dict[str, tuple[Product, int, int]] = {}
    for _ in range(rng.choices(range(1, 7), (34, 29, 20, 10, 5, 2))[0]):
        product = shelf.pick(rng, tastes, day.month)
        quantity = rng.choices((1, 2, 3), (80, 16, 4))[0]
        lines[product.sku] = product, quantity, product.price_fen * quantity
    return tuple(lines.values())


def settle(rng: Random, order: Order) -> Order:
    """What became of an order: paid, given up, sent, given back."""
    if rng.randrange(1000) < 25:  # noqa: PLR2004 -- 2.5 % are never paid
        status = "待付款" if AS_OF - order.created_at < timedelta(days=1) else "交易关闭"
        return replace(order, status=status, paid_at=None, paid_fen=0)
    paid_at = order.created_at + timedelta(seconds=rng.randint(5, 60 if order.channel == "门店" else 600))
    fate = rng.randrange(1000)
    refunded_at = paid_at + timedelta(hours=rng.randint(2, 120), minutes=rng.randrange(60))
    if fate < 35 and refunded_at < AS_OF:  # noqa: PLR2004 -- 3.5 % come back, four in ten of them whole
        whole = fate < 14  # noqa: PLR2004
        part = order.paid_fen if whole else order.paid_fen * rng.randint(10, 60) // 100
        status = "已退款" if part == order.paid_fen else "交易成功"
        return replace(order, status=status, paid_at=paid_at, refunded_fen=part, refunded_at=refunded_at)
    on_the_way = order.channel in ("抖音", "天猫") and AS_OF - paid_at < timedelta(days=4)
    return replace(order, status="已发货" if on_the_way else "交易成功", paid_at=paid_at)


def build_order(rng: Random, shelf: Shelf, customer: Customer | None, store: Store, day: date, *, first: bool) -> Order:
    """One order of a customer, or of somebody who walked in."""
    tastes = customer.tastes if customer else tuple(POPULARITY)
    channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0] if customer else "门店"
    lines = build_lines(rng, shelf, tastes, day)
    total = sum(amount for _, _, amount in lines)
    coupon, discount = "", 0
    if first and channel == "小程序" and total >= 2900:  # noqa: PLR2004 -- what the voucher asks for, in 分
        coupon, discount = "新人10元券", 1000
    elif customer and rng.randrange(100) < 22:  # noqa: PLR2004 -- percent
        fitting = [entry for entry in COUPONS if entry[1] <= total]
        if fitting:
            coupon, _, discount = rng.choice(fitting)
    guide = rng.choice(store.guides)
    if channel != "门店":
        guide = customer.owner if customer else ""
    created_at = moment(rng, day)
    if customer and first:
        created_at = max(created_at, customer.joined_at)
    draft = Order(
        customer_id=customer.customer_id if customer else "",
        created_at=created_at,
        paid_at=None,
        status="",
        channel=channel,
        store_id=store.store_id if channel in ("门店", "小程序") else "",
        staff_id=guide,
        coupon=coupon,
        discount_fen=discount,
        paid_fen=total - discount,
        refunded_fen=0,
        refunded_at=None,
        lines=lines,
    )
    return settle(rng, draft)


def build_orders(
    rng: Random, customers: Sequence[Customer], stores: Sequence[Store], products: Sequence[Product]
) -> tuple[Order, ...]:
    """All orders, in the order in which they were made."""
    shelf, weights = Shelf(products), day_weights()
    orders: list[Order] = []
    for customer in customers:
        for place, day in enumerate(pick_days(rng, customer, weights)):
            store = customer.store if rng.randrange(10) else rng.choice(stores)
            orders.append(build_order(rng, shelf, customer, store, day, first=place == 0))
        if customer.habit == "从未下单" and not rng.randrange(12):
            # Filled a basket and never paid: no rule may take this for a purchase.
            left = build_order(rng, shelf, customer, customer.store, customer.joined_at.date(), first=True)
            status = "待付款" if AS_OF - left.created_at < timedelta(days=1) else "交易关闭"
            orders.append(replace(left, status=status, paid_at=None, paid_fen=0, refunded_fen=0, refunded_at=None))
    for offset in rng.choices(range(DAY_COUNT), weights, k=WALK_IN_COUNT):
        day = FIRST_DAY + timedelta(days=offset)
        orders.append(build_order(rng, shelf, None, rng.choice(stores), day, first=False))
    return tuple(sorted(orders, key=lambda o: (o.created_at, o.customer_id)))


def build_material(rng: Random, kind: str, shelf: Shelf, customer: Customer, month: int) -> str:
    """What the customer looked at."""
    if kind in ("浏览商品", "收藏加购", "询价"):
        return shelf.pick(rng, customer.tastes, month).name.split(" ")[0]
    return rng.choice(MATERIALS[kind]) if kind in MATERIALS else ""


def active_span(rng: Random, customer: Customer, last_bought_at: datetime | None) -> tuple[datetime, int]:
    """Until when a customer shows signs of life besides buying, and how many."""
    if customer.habit == "从未下单":
        mood = rng.randrange(100)
        if mood < 45:  # noqa: PLR2004 -- added the guide and was never heard of again
            return customer.joined_at, 0
        if mood < 72:  # noqa: PLR2004 -- warm in the first weeks
            return min(AS_OF, customer.joined_at + timedelta(days=40)), rng.randint(1, 6)
        return AS_OF, rng.randint(2, 14)
    if customer.habit in ("沉睡大客", "已经流失", "只买一次"):
        end = (last_bought_at or customer.joined_at) + timedelta(days=rng.randint(1, 20))
        return min(AS_OF, end), rng.randint(0, 8)
    return AS_OF, rng.randint(2, 21)


def build_events(
    rng: Random, customers: Sequence[Customer], orders: Sequence[Order], products: Sequence[Product]
) -> tuple[Event, ...]:
    """All events, in the order in which they happened; only of customers who are listed."""
    shelf, events = Shelf(products), list[Event]()
    bought: dict[str, list[Order]] = {customer.customer_id: [] for customer in customers}
    for order in orders:
        if order.customer_id:
            bought[order.customer_id].append(order)
    for customer in customers:
        if not customer.listed:
            continue
        key, own = customer.customer_id, bought[customer.customer_id]
        if customer.friend:
            events.append(Event(key, "好友添加", customer.joined_at))
        if len(own) > 2 and rng.randrange(3):  # noqa: PLR2004 -- members join after their third basket
            events.append(Event(key, "入会", own[2].created_at + timedelta(minutes=9)))
        for order in own:
            if order.channel != "门店" and rng.randrange(10) < 8:  # noqa: PLR2004 -- looked at before, in the app
                kind = rng.choice(("浏览商品", "浏览商品", "浏览商品", "收藏加购"))
                seen_at = order.created_at - timedelta(minutes=rng.randint(2, 90))
                events.append(Event(key, kind, seen_at, order.lines[0][0].name.split(" ")[0]))
        end, count = active_span(rng, customer, own[-1].created_at if own else None)
        seconds = int((end - customer.joined_at).total_seconds())
        for _ in range(count if seconds > 0 else 0):
            kind = rng.choices(list(EVENT_MIX), list(EVENT_MIX.values()))[0]
            # The nearer to the end of the span, the more: two thirds of it lie in the last quarter.
            share = math.sqrt(math.sqrt(rng.random()))
            happened = customer.joined_at + timedelta(seconds=int(seconds * share))
            happened = min(moment(rng, happened.date()), end - timedelta(minutes=1))
            if happened > customer.joined_at:
                material = build_material(rng, kind, shelf, customer, happened.month)
                events.append(Event(key, kind, happened, material))
        if customer.habit in ("定期购买", "忠实老客") and not rng.randrange(4):
            events += check_ins(rng, customer)
    return tuple(sorted(events, key=lambda e: (e.occurred_at, e.customer_id, e.kind)))


def check_ins(rng: Random, customer: Customer) -> Iterable[Event]:
    """A season of daily check-ins with days left out."""
    length = min(rng.randint(20, 100), (LAST_DAY - customer.joined_at.date()).days - 1)
    end = LAST_DAY - timedelta(days=rng.choice((0, 0, 5, 40, 120)))
    material = rng.choice(MATERIALS["打卡"])
    for back in range(length):
        day = end - timedelta(days=back)
        if rng.randrange(5) and day > customer.joined_at.date():
            clock = time(rng.choice((6, 7, 8)), rng.randrange(60), rng.randrange(60))
            yield Event(customer.customer_id, "打卡", datetime.combine(day, clock, ZONE), material)
