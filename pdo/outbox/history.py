"""What was before, out of the store: messages, the block list, codes that are free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import String, and_, case, func, literal, or_, select, type_coerce
from sqlmodel import col

from pdo.core.calendar import date_of
from pdo.model.outbox import EDITED, Reason
from pdo.model.outreach import CouponSource
from pdo.store.tables import Batch, Code, ContactBlock, Coupon, Message, Staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select

    from pdo.core.calendar import Moment
    from pdo.model.outreach import Outreach
    from pdo.store.door import Door

LIVE = ("planned", "exported")
SPENT = ("used", "expired", "cancelled", "已使用", "已核销", "已过期", "已作废")
"""What the shop system calls a code that is of no use any more."""


def read_touches(door: Door, today: int, edited: Sequence[int]) -> pa.RecordBatchReader:
    """Every message made so far, as `HISTORY`.

    Args:
        today: the run's local day: a draft whose last day is over is no message any more.
        edited: batches that are to be made anew, as if they had never been.
    """
    ready = col(Batch.status).in_(("approved", "exported"))
    waits = and_(col(Batch.status) == "draft", _last_day() >= literal(date_of(today).isoformat(), String))
    lives = and_(col(Message.status).in_(LIVE), or_(ready, waits))
    anew = or_(
        col(Batch.id).in_(edited),
        and_(col(Message.status) == "cancelled", col(Message.reason).in_((EDITED, Reason.CONTROL))),
    )
    columns: dict[str, Any] = {
        "customer": col(Message.customer_id),
        "source": col(Message.campaign),
        "channel": col(Batch.channel),
        "sender": col(Staff.key),
        "planned_on": type_coerce(col(Message.planned_on), String),
        "lives": _flag(and_(lives, ~anew)),
        "decided": _flag(~anew),
        "control": _flag(col(Message.reason) == Reason.CONTROL),
        "variant": col(Message.variant),
        "content": col(Message.content),
        "content_row": col(Message.content_row),
        "pool": type_coerce(None, String),
    }
    query: Select[*tuple[Any, ...]] = (
        select(*(value.label(name) for name, value in columns.items()))
        .join(Batch, col(Batch.id) == col(Message.batch_id))
        .outerjoin(Staff, col(Staff.id) == col(Message.sender_id))
    )
    return door.read(query)


def _last_day() -> ColumnElement[Any]:
    """The last day on which a batch may leave."""
    return type_coerce(func.coalesce(col(Batch.expires_on), col(Batch.planned_on)), String)


def _flag(test: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((test, 1), else_=0)


def read_blocked(door: Door) -> pa.Table:
    """Who is not to be written to: `customer`, `channel`."""
    query: Select[*tuple[Any, ...]] = select(
        col(ContactBlock.customer_id).label("customer"), col(ContactBlock.channel).label("channel")
    )
    return door.read(query).read_all()


def read_codes(door: Door, outreach: Outreach, now: Moment, edited: Sequence[int]) -> pa.Table:
    """The codes that nobody has: `pool`, `place` from 1, `code`.

    Args:
        now: codes that ran out before are of no use; what drafts hold whose last day is over is free.
        edited: batches that are to be made anew, whose codes are free.
    """
    held: Select[Any] = select(col(Message.code_id)).join(Batch, col(Batch.id) == col(Message.batch_id))
    over = and_(col(Batch.status) == "draft", _last_day() < literal(date_of(now.today).isoformat(), String))
    freed = held.where(col(Message.code_id).is_not(None), or_(over, col(Batch.id).in_(edited)))
    given = {row[0] for row in door.rows(select(col(Code.key)).where(col(Code.id).not_in(freed)))}
    pools = {one.coupon.name: one.coupon for one in outreach.offers.values() if one.coupon is not None}
    rows: list[tuple[str, int, str]] = []
    for pool, coupon in sorted(pools.items()):
        if coupon.source is CouponSource.POOL:
            codes = coupon.codes or _imported(door, pool, now.at)
            free = [code for code in dict.fromkeys(codes) if code not in given]
            rows += [(pool, place, code) for place, code in enumerate(free, 1)]
    types = {"pool": pa.string(), "place": pa.int64(), "code": pa.string()}
    return pa.table(
        {name: pa.array([row[number] for row in rows], type_) for number, (name, type_) in enumerate(types.items())}
    )


def _imported(door: Door, pool: str, now: int) -> list[str]:
    """Imported coupons of a pool that nobody has, in the order in which they came."""
    query = (
        select(col(Coupon.key))
        .where(col(Coupon.offer) == pool, col(Coupon.customer_id).is_(None), col(Coupon.used_at).is_(None))
        .where(or_(col(Coupon.expires_at).is_(None), col(Coupon.expires_at) > now))
        .where(or_(col(Coupon.status).is_(None), col(Coupon.status).not_in(SPENT)))
        .order_by(col(Coupon.id))
    )
    return [row[0] for row in door.rows(query)]
