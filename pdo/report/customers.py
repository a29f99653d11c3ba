"""Finding customers and showing what is known of one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlmodel import col, func, or_, select

from pdo.core.errors import UsageError
from pdo.model.fields import CONSENT_SUFFIX, CUSTOMERS, Type
from pdo.model.reports import CustomerCard, FoundCustomer
from pdo.report.labels import held_by
from pdo.report.values import mask, mask_phone, moment_text, value_text
from pdo.store.tables import Block, Consent, Customer, Event, Identity, Label, Message, SalesOrder, Staff, Store

if TYPE_CHECKING:
    from sqlmodel import Session

    from pdo.model.settings import Settings

SUGGESTIONS = 3


def resolve_customer(session: Session, text: str) -> Customer:
    """The customer whom an own id or another identifier names.

    Raises:
        UsageError: nobody, or several.
    """
    by_own = select(Identity.customer_id).where(Identity.kind == "own", Identity.value == text)
    own = session.exec(select(Customer).where(col(Customer.id).in_(by_own))).first()
    if own is not None:
        return own
    query = select(Customer).join(Identity).where(Identity.value == text).distinct().limit(2)
    found = session.exec(query).all()
    if len(found) > 1:
        raise UsageError("error.several_customers")
    if found:
        return found[0]
    near = session.exec(
        select(Customer.key).where(col(Customer.key).startswith(text[:-1] or text, autoescape=True)).limit(SUGGESTIONS)
    ).all()
    if near and len(text) > 1:
        raise UsageError("error.unknown_customer.near", near=", ".join(near))
    raise UsageError("error.unknown_customer")


def find_customers(session: Session, text: str, *, limit: int, reveal: bool = False) -> tuple[FoundCustomer, ...]:
    """Customers whose id, name or identifier matches, by natural key: identifiers as a whole, names in part."""
    by_identity = select(Identity.customer_id).where(Identity.value == text)
    query = (
        select(Customer, Staff.key, Store.key)
        .outerjoin(Staff, col(Customer.owner_id) == Staff.id)
        .outerjoin(Store, col(Customer.store_id) == Store.id)
        .where(
            or_(
                Customer.key == text,
                col(Customer.id).in_(by_identity),
                col(Customer.name).contains(text, autoescape=True),
                col(Customer.remark_name).contains(text, autoescape=True),
            )
        )
        .order_by(Customer.key)
        .limit(limit)
    )
    return tuple(
        FoundCustomer(
            customer.key,
            customer.name if reveal or not customer.name else mask(customer.name),
            customer.phone if reveal or not customer.phone else mask_phone(customer.phone),
            owner,
            store,
        )
        for customer, owner, store in session.exec(query).all()
    )


def show_customer(session: Session, text: str, settings: Settings, *, reveal: bool = False) -> CustomerCard:
    """What is known of a customer; phones are masked unless they are to be revealed.

    Raises:
        UsageError: there is no such customer.
    """
    customer = resolve_customer(session, text)
    key = customer.id or 0
    paid = (
        SalesOrder.customer_id == key,
        col(SalesOrder.paid_at).is_not(None),
        func.coalesce(SalesOrder.paid, 0) - func.coalesce(SalesOrder.refunded, 0) > 0,
    )
    net = func.sum(func.coalesce(SalesOrder.paid, 0) - func.coalesce(SalesOrder.refunded, 0))
    orders, amount, last = session.exec(select(func.count(), net, func.max(SalesOrder.paid_at)).where(*paid)).one()
    events = session.exec(select(func.count()).select_from(Event).where(Event.customer_id == key)).one()
    sent = (Message.customer_id == key, col(Message.status).in_(("planned", "exported")))
    blocked = select(Label.name).join(Block).where(Block.customer_id == key).order_by(Label.name)
    return CustomerCard(
        customer.key,
        _attributes(session, customer, settings, reveal=reveal),
        _identities(session, key, reveal=reveal),
        held_by(session, key, settings.timezone, open_only=True),
        tuple(session.exec(blocked).all()),
        orders,
        amount or 0,
        moment_text(last, settings.timezone),
        events,
        session.exec(select(func.count()).select_from(Message).where(*sent)).one(),
    )


def _identities(session: Session, key: int, *, reveal: bool) -> tuple[tuple[str, str], ...]:
    query = select(Identity).where(Identity.customer_id == key).order_by(Identity.kind, Identity.value)
    return tuple(
        (found.kind, mask_phone(found.value) if found.kind == "phone" and not reveal else found.value)
        for found in session.exec(query).all()
    )


def _attributes(session: Session, customer: Customer, settings: Settings, *, reveal: bool) -> dict[str, str]:
    """Filled columns and declared attributes; sensitive ones show only that they are filled."""
    found: dict[str, str] = {}
    owner, store = session.get(Staff, customer.owner_id or 0), session.get(Store, customer.store_id or 0)
    places = {"owner": owner.key if owner else None, "store": store.key if store else None}
    known = {**places, **_consents(session, customer)}
    for column in CUSTOMERS.columns:
        value = known[column.name] if column.name in known else getattr(customer, column.name, None)
        text = value_text(value, column.type, settings.timezone)
        if text is not None and reveal and (column.identity is None or column.type is Type.PHONE):
            found[column.name] = text
        elif text is not None and column.identity is None:
            found[column.name] = mask(text)
        elif text is not None and column.type is Type.PHONE:
            found[column.name] = mask_phone(text)
    extra = {**(json.loads(customer.extra) if customer.extra else {}), **known}
    for attribute in settings.declared("customers"):
        text = value_text(extra.get(attribute.column.name), attribute.column.type, settings.timezone)
        if text is not None:
            found[attribute.column.name] = text if reveal else "***" if attribute.sensitive else mask(text)
    return found


def _consents(session: Session, customer: Customer) -> dict[str, int]:
    """Whether each channel is allowed of which something is known, under the name of its column."""
    kept = session.exec(select(Consent).where(Consent.customer_id == customer.id)).all()
    return {f"{one.channel}{CONSENT_SUFFIX}": int(one.is_allowed) for one in kept}
