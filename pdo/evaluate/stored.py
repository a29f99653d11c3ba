"""Facts out of the store, through an open door."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, and_, case, false, func, literal_column, or_, select, type_coerce
from sqlalchemy.orm import aliased
from sqlmodel import col

from pdo.model.conditions import OneOf
from pdo.model.fields import CONSENT_SUFFIX
from pdo.store.rule_bits import read_bits
from pdo.store.tables import (
    Assignment,
    Batch,
    Block,
    Chat,
    ChatMember,
    Consent,
    Coupon,
    Customer,
    DeclaredRow,
    Event,
    Follow,
    Label,
    Message,
    OrderItem,
    Product,
    Referral,
    Run,
    SalesOrder,
    Staff,
    Store,
    Task,
)
from pdo.store.types import Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa
    from sqlalchemy import ColumnElement, Select

    from pdo.evaluate.facts import Rows
    from pdo.model.conditions import ColumnTest
    from pdo.store.door import Door
    from pdo.store.rule_bits import HeldBits

TABLES = MappingProxyType(
    {
        "customers": Customer,
        "orders": SalesOrder,
        "items": OrderItem,
        "events": Event,
        "products": Product,
        "staff": Staff,
        "stores": Store,
    }
)
"""Kinds whose facts are read as their tables are."""


def facts_query(kind: str, columns: tuple[str, ...]) -> Select[Any]:
    """The rows of a kind as a statement, each column under the name that it was asked for.

    Args:
        kind: one of `TABLES`, a subject of `pdo.model.fields.SUBJECTS`, or a table that `pdo.yaml` declares.
        columns: of the table; of a subject those that `Subject` promises; of customers `<channel>_consent` too.
    """
    if kind in TABLES:
        return select(*(_of_table(kind, name) for name in columns))
    if kind in _SUBJECTS:
        return _SUBJECTS[kind](columns)
    named = {name: getattr(DeclaredRow, name) for name in ("customer_id", "key", "extra")}
    return select(*(named[name] for name in columns)).where(col(DeclaredRow.kind) == kind)


def _of_table(kind: str, name: str) -> ColumnElement[Any]:
    if kind == "customers" and name.endswith(CONSENT_SUFFIX):
        return _is_allowed(name.removesuffix(CONSENT_SUFFIX)).label(name)
    found: ColumnElement[Any] = getattr(TABLES[kind], name)
    return found


def _is_allowed(channel: str) -> ColumnElement[Any]:
    """1 where consent was given and not withdrawn at that moment or later, 0 where it was, NULL where nothing is known."""
    kept = col(Consent.withdrawn_at).is_(None) | (col(Consent.withdrawn_at) < col(Consent.given_at))
    allowed = case((and_(col(Consent.given_at).is_not(None), kept), 1), else_=0)
    of_customer = col(Consent.customer_id) == col(Customer.id)
    return select(allowed).where(of_customer, col(Consent.channel) == channel).scalar_subquery()


def _chosen(columns: tuple[str, ...], named: Mapping[str, Any]) -> list[ColumnElement[Any]]:
    return [named[name].label(name) for name in columns]


def _chats(columns: tuple[str, ...]) -> Select[Any]:
    """A customer's memberships with what their chat says."""
    own = {name: getattr(ChatMember, name) for name in ("customer_id", "joined_at", "left_at", "join_way")}
    of_chat = {name: getattr(Chat, name) for name in ("name", "type", "key", "extra")}
    named = {**own, **of_chat, "chat_id": Chat.key, "store": Store.key, "owner": Staff.key}
    return (
        select(*_chosen(columns, named))
        .select_from(ChatMember)
        .join(Chat, col(Chat.id) == col(ChatMember.chat_id))
        .outerjoin(Store, col(Store.id) == col(Chat.store_id))
        .outerjoin(Staff, col(Staff.id) == col(Chat.owner_id))
    )


def _follows(columns: tuple[str, ...]) -> Select[Any]:
    own = ("customer_id", "added_at", "removed_at", "remark_name", "add_way", "state", "extra")
    named = {**{name: getattr(Follow, name) for name in own}, "staff": Staff.key, "key": Staff.key}
    return select(*_chosen(columns, named)).select_from(Follow).join(Staff, col(Staff.id) == col(Follow.staff_id))


def _coupons(columns: tuple[str, ...]) -> Select[Any]:
    own = ("customer_id", "key", "offer", "campaign", "value", "issued_at", "used_at", "expires_at", "order_id")
    named = {**{name: getattr(Coupon, name) for name in (*own, "status", "extra")}, "code": Coupon.key}
    return select(*_chosen(columns, named)).where(col(Coupon.customer_id).is_not(None))


def _tasks(columns: tuple[str, ...]) -> Select[Any]:
    own = ("customer_id", "key", "type", "created_at", "due_on", "done_at", "status", "result", "note", "text", "extra")
    named = {**{name: getattr(Task, name) for name in own}, "task_id": Task.key, "staff": Staff.key}
    return (
        select(*_chosen(columns, named))
        .select_from(Task)
        .outerjoin(Staff, col(Staff.id) == col(Task.staff_id))
        .where(col(Task.customer_id).is_not(None))
    )


def _messages(columns: tuple[str, ...]) -> Select[Any]:
    """A customer's messages; `at` is when they left the house, else the as-of of the run that planned them."""
    own = ("customer_id", "campaign", "status", "planned_on", "sent_at")
    named = {
        **{name: getattr(Message, name) for name in own},
        "channel": Batch.channel,
        "at": type_coerce(func.coalesce(col(Message.sent_at), col(Run.as_of)), Instant),
        "key": col(Message.campaign) + " " + type_coerce(col(Message.planned_on), String),
        "extra": type_coerce(None, String),
    }
    return (
        select(*_chosen(columns, named))
        .select_from(Message)
        .join(Batch, col(Batch.id) == col(Message.batch_id))
        .join(Run, col(Run.id) == col(Batch.run_id))
    )


def _referrals(columns: tuple[str, ...]) -> Select[Any]:
    """Rows of the customer who brought another one."""
    brought = aliased(Customer)
    own = ("customer_id", "key", "channel", "campaign", "occurred_at", "extra")
    named = {**{name: getattr(Referral, name) for name in own}, "referral_id": Referral.key, "referred": brought.key}
    return (
        select(*_chosen(columns, named))
        .select_from(Referral)
        .join(brought, col(brought.id) == col(Referral.referred_id))
    )


_SUBJECTS: Mapping[str, Callable[[tuple[str, ...]], Select[Any]]] = MappingProxyType(
    {
        "chats": _chats,
        "follows": _follows,
        "coupons": _coupons,
        "tasks": _tasks,
        "messages": _messages,
        "referrals": _referrals,
    }
)
OF_PRODUCT: Mapping[str, Any] = MappingProxyType(
    {"sku": Product.key, "product": Product.product, "category": Product.category, "brand": Product.brand}
)
"""Columns of items that are their product's."""

_HALVED: Mapping[str, Any] = MappingProxyType(
    {"customers": Customer.id, "orders": SalesOrder.id, "items": OrderItem.order_id, "events": Event.id}
)
"""Kinds of which there may be many → the key that their rows lie by."""
MANY = 200_000
"""Keys beyond which reading in halves pays."""

_OWNERS: Mapping[str, Any] = MappingProxyType(
    {
        "orders": SalesOrder.customer_id,
        "events": Event.customer_id,
        "chats": ChatMember.customer_id,
        "follows": Follow.customer_id,
        "coupons": Coupon.customer_id,
        "tasks": Task.customer_id,
        "messages": Message.customer_id,
        "referrals": Referral.customer_id,
    }
)
"""Kind → the column that says whose row it is."""


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """The store's rows, through an open door.

    Args:
        at: the past moment whose assignments count; None for those that hold, also where a hand gave them after a run's
            as-of.
        customer_id: the one customer to read; None for all. Products, staff, stores and items' orders are always whole.
    """

    door: Door
    at: int | None = None
    customer_id: int | None = None

    def rows(self, kind: str, columns: tuple[str, ...], oldest: int | None = None) -> Rows:
        """See `FactSource`."""
        query = facts_query(kind, columns)
        if oldest is not None:
            query = query.where(col(Event.occurred_at) >= oldest)
        return self._read(kind, self._narrowed(kind, query))

    def _read(self, kind: str, query: Select[Any]) -> Rows:
        """Rows of a kind; many are read in two halves of its keys at the same time."""
        key = _HALVED.get(kind)
        if key is not None and self.customer_id is None:
            highest = self.door.rows(select(func.max(key).label("id")))[0][0] or 0
            later = self.door.read_beside(query.where(key > highest // 2)) if highest > MANY else None
            if later is not None:
                return self.door.read(query.where(key <= highest // 2)), later
        return self.door.read(query)

    def counted_orders(self, columns: tuple[str, ...], now: int, oldest: int | None) -> Rows:
        """See `FactSource`: SQLite gives fewer rows and columns than a reader would throw away."""
        paid, at, refunded = func.coalesce(col(SalesOrder.paid), 0), col(SalesOrder.paid_at), col(SalesOrder.refunded)
        # Few orders are refunded: the first test that holds ends it.
        kept = or_(refunded.is_(None), refunded <= 0, col(SalesOrder.refunded_at) > now)
        net: Any = type_coerce(case((kept, paid), else_=paid - refunded), Integer).label("net")
        query = select(*(net if name == "net" else getattr(SalesOrder, name) for name in columns))
        query = query.where(at <= now, or_(kept, refunded < paid))
        if oldest is not None:
            query = query.where(at >= oldest)
        return self._read("orders", self._narrowed("orders", query))

    def some_items(self, columns: tuple[str, ...], either: tuple[tuple[ColumnTest, ...], ...]) -> Rows | None:
        """See `FactSource`: of tests only those that a product equals something are asked here, where they leave out most."""
        tests = [[(test.column, test.test) for test in tests] for tests in either]
        asked = [[(OF_PRODUCT[name], test) for name, test in one if name in OF_PRODUCT] for one in tests]
        equal = [[column.in_(test.values) for column, test in one if isinstance(test, OneOf)] for one in asked]
        if self.customer_id is not None or not equal or not all(equal):
            return None
        matching = or_(*(and_(*one) for one in equal))
        of = select(
            func.count(type_=Integer()).label("n"), func.count(case((matching, 1)), type_=Integer()).label("some")
        )
        products, some = self.door.rows(of.select_from(Product))[0]
        if some * 2 > products:
            return None
        query = facts_query("items", columns)
        return self._read("items", query.where(col(OrderItem.product_id).in_(select(col(Product.id)).where(matching))))

    def _narrowed(self, kind: str, query: Select[Any]) -> Select[Any]:
        if kind in ("products", "staff", "stores"):
            return query
        if self.customer_id is None:
            return query.where(col(SalesOrder.customer_id).is_not(None)) if kind == "orders" else query
        if kind == "customers":
            return query.where(col(Customer.id) == self.customer_id)
        if kind == "items":
            own = select(col(SalesOrder.id)).where(col(SalesOrder.customer_id) == self.customer_id)
            return query.where(col(OrderItem.order_id).in_(own))
        return query.where(_OWNERS.get(kind, DeclaredRow.customer_id) == self.customer_id)

    def assignments(
        self, kinds: tuple[str, ...], *, by_rule: bool | None, labels: tuple[int, ...] | None = None
    ) -> pa.RecordBatchReader:
        """See `FactSource`."""
        query = select(col(Assignment.label_id), col(Assignment.customer_id), col(Assignment.since)).where(
            col(Label.kind).in_(kinds)
        )
        # By label there are all of its rules' too: where those are not asked for, the index of the others is to be read.
        whole = self.at is None and self.customer_id is None
        lies_by = col(Assignment.label_id) + 0 if by_rule is False and whole else col(Assignment.label_id)
        query = query.join(Label, col(Label.id) == lies_by)
        if self.at is None:
            query = query.where(col(Assignment.until).is_(None))
        else:
            later = or_(col(Assignment.until).is_(None), col(Assignment.until) > self.at)
            query = query.where(col(Assignment.since) <= self.at, later)
        if labels is not None:
            # Of no label at all SQLite would look at every row to find none.
            query = query.where(col(Label.id).in_(labels) if labels else false())
        if by_rule is not None:
            # As the index of what is no rule's says it: of a parameter SQLite does not know what it will be.
            rule: ColumnElement[str] = literal_column("'rule'")
            query = query.where(col(Assignment.source) == rule if by_rule else col(Assignment.source) != rule)
        if self.customer_id is not None:
            query = query.where(col(Assignment.customer_id) == self.customer_id)
        return self.door.read(query)

    def rule_bits(self) -> HeldBits | None:
        """See `FactSource`; of the past and of one customer there are none."""
        return read_bits(self.door) if self.at is None and self.customer_id is None else None

    def blocks(self) -> pa.RecordBatchReader:
        """See `FactSource`."""
        query = select(col(Block.label_id), col(Block.customer_id))
        if self.customer_id is not None:
            query = query.where(col(Block.customer_id) == self.customer_id)
        return self.door.read(query)

    def labels(self) -> dict[int, tuple[str, str, str, str]]:
        """See `FactSource`."""
        query = select(col(Label.id), col(Label.kind), col(Label.scope), col(Label.name), col(Label.playbook))
        return {row[0]: (row[1], row[2], row[3], row[4]) for row in self.door.rows(query)}
