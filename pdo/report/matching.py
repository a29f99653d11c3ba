"""What is joined to what (打通): orders to customers, friends to orders, items to products, follows and orders to colleagues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, case, union_all
from sqlmodel import col, func, select

from pdo.core.frozen import dataclass
from pdo.store.tables import Customer, Follow, OrderItem, Product, SalesOrder, Staff

if TYPE_CHECKING:
    from sqlmodel import Session

MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Share:
    """How many of something are joined.

    Args:
        name: what, as JSON and the wording have it.
        of: of which of them; empty for all.
        matched: how many are joined.
        total: how many there are.
    """

    name: str
    of: str
    matched: int
    total: int

    @property
    def permille(self) -> int | None:
        """In thousandths, rounded down; None of nothing."""
        return self.matched * 1000 // self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Matching:
    """All shares, and what there is to mend.

    Args:
        shares: of orders (all and by channel), friends, items, follows.
        unknown_staff: what files call a colleague whom no file of staff names, and how many rows do.
        uncategorised: titles of products without a category, and how many items are of them.
    """

    shares: tuple[Share, ...]
    unknown_staff: tuple[tuple[str, int], ...]
    uncategorised: tuple[tuple[str, int], ...]


def match(session: Session) -> Matching:
    """Count what is joined.

    Source: 打通率, friends that are joined to orders, `Share("friends", …)`.
    """
    orders = session.exec(
        select(SalesOrder.channel, func.count(), func.count(col(SalesOrder.customer_id)))
        .group_by(col(SalesOrder.channel))
        .order_by(func.count().desc(), col(SalesOrder.channel))
    ).all()
    shares = [Share("orders", "", sum(row[2] for row in orders), sum(row[1] for row in orders))]
    if len(orders) > 1:
        shares += [Share("orders", channel or "-", matched, total) for channel, total, matched in orders]
    shares += [_friends(session), *_items(session), *_follows(session)]
    return Matching(tuple(shares), _unknown_staff(session), _uncategorised(session))


def _friends(session: Session) -> Share:
    """Customers whom somebody follows, or whom a file calls friends, and those of them who have an order."""
    follows = select(Follow.customer_id).where(col(Follow.removed_at).is_(None))
    is_friend = col(Customer.id).in_(follows) | (col(Customer.is_friend) == 1)
    buyers = select(SalesOrder.customer_id).where(col(SalesOrder.customer_id).is_not(None))
    total, matched = session.exec(select(func.count(), _count(col(Customer.id).in_(buyers))).where(is_friend)).one()
    return Share("friends", "", matched, total)


def _items(session: Session) -> tuple[Share, ...]:
    """Items whose product has a name, and those whose product has a category."""
    total, named, placed = session.exec(
        select(func.count(), func.count(col(Product.product)), func.count(col(Product.category)))
        .select_from(OrderItem)
        .join(Product, col(Product.id) == OrderItem.product_id)
    ).one()
    return Share("items", "", named, total), Share("items", "category", placed, total)


def _follows(session: Session) -> tuple[Share, ...]:
    """Follows, and orders that name a colleague, whose colleague is known by name."""
    found = []
    for name, model in (("follows", Follow), ("orders_staff", SalesOrder)):
        total, known = session.exec(
            select(func.count(), func.count(col(Staff.name)))
            .select_from(model)
            .join(Staff, col(Staff.id) == model.staff_id)
        ).one()
        found.append(Share(name, "", known, total))
    return tuple(found)


def _unknown_staff(session: Session) -> tuple[tuple[str, int], ...]:
    named = union_all(
        *(
            select(col(column).label("staff_id")).where(col(column).is_not(None))
            for column in (Follow.staff_id, SalesOrder.staff_id, Customer.owner_id)
        )
    ).subquery()
    rows = session.exec(
        select(Staff.key, func.count())
        .join(named, named.c.staff_id == Staff.id)
        .where(col(Staff.name).is_(None))
        .group_by(col(Staff.key))
        .order_by(func.count().desc(), col(Staff.key))
        .limit(MOST_NAMED)
    ).all()
    return tuple((key, count) for key, count in rows)


def _uncategorised(session: Session) -> tuple[tuple[str, int], ...]:
    title = func.coalesce(col(Product.product), col(Product.key))
    rows = session.exec(
        select(title, func.count())
        .join(OrderItem, col(OrderItem.product_id) == Product.id)
        .where(col(Product.category).is_(None))
        .group_by(title)
        .order_by(func.count().desc(), title)
        .limit(MOST_NAMED)
    ).all()
    return tuple((name, count) for name, count in rows)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))
