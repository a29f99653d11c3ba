"""Every kind of row: chats, follows, channels, leads, coupons, tasks, consents, referrals, declared tables.

Revision ID: 0002
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _chats()
    _people()
    _channels()
    _what_customers_have()
    op.add_column("label", Column("import_id", Integer, nullable=True))
    op.add_column("assignment", Column("import_id", Integer, nullable=True))
    op.add_column("message", Column("sent_at", Integer, nullable=True))


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, nullable=False)


def _text(name: str, *, null: bool = True) -> Column[str]:
    return Column(name, String, nullable=null)


def _integer(name: str, *, null: bool = True) -> Column[int]:
    return Column(name, Integer, nullable=null)


def _reference(name: str, target: str, *, null: bool = True) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{target}.id"), nullable=null)


def _kept() -> tuple[Column[str], Column[int], Column[int]]:
    """What every kind has behind its own columns."""
    return _text("extra"), _integer("row_hash", null=False), _integer("import_id", null=False)


def _chats() -> None:
    op.create_table(
        "chat",
        _id(),
        _text("key", null=False),
        _text("name"),
        _text("type"),
        _reference("store_id", "store"),
        _reference("owner_id", "staff"),
        _text("city"),
        _integer("created_at"),
        _integer("dissolved_at"),
        _integer("capacity"),
        *_kept(),
        UniqueConstraint("key"),
    )
    op.create_table(
        "chat_member",
        _reference("chat_id", "chat", null=False),
        _reference("customer_id", "customer", null=False),
        _integer("joined_at", null=False),
        _integer("left_at"),
        _text("join_way"),
        *_kept(),
        PrimaryKeyConstraint("chat_id", "customer_id", "joined_at"),
        Index("ix_chat_member_customer", "customer_id"),
        sqlite_with_rowid=False,
    )


def _people() -> None:
    op.create_table(
        "follow",
        _reference("customer_id", "customer", null=False),
        _reference("staff_id", "staff", null=False),
        _integer("added_at"),
        _integer("removed_at"),
        _text("remark_name"),
        _text("add_way"),
        _text("state"),
        *_kept(),
        PrimaryKeyConstraint("customer_id", "staff_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lead",
        _id(),
        _text("key", null=False),
        _text("name"),
        _text("city"),
        _text("source_channel"),
        _integer("created_at"),
        _reference("staff_id", "staff"),
        _integer("assigned_at"),
        _integer("accepted_at"),
        _text("status"),
        _text("note"),
        *_kept(),
        UniqueConstraint("key"),
    )
    op.create_table(
        "consent",
        _reference("customer_id", "customer", null=False),
        _text("channel", null=False),
        _integer("given_at"),
        _integer("withdrawn_at"),
        _text("source"),
        *_kept(),
        PrimaryKeyConstraint("customer_id", "channel"),
        sqlite_with_rowid=False,
    )


def _channels() -> None:
    op.create_table(
        "channel",
        _id(),
        _text("key", null=False),
        _text("kind"),
        _reference("store_id", "store"),
        _reference("staff_id", "staff"),
        _text("started_on"),
        _text("ended_on"),
        _text("note"),
        *_kept(),
        UniqueConstraint("key"),
    )
    op.create_table(
        "spend",
        _reference("channel_id", "channel", null=False),
        _text("spent_on", null=False),
        _text("item", null=False),
        _integer("amount"),
        *_kept(),
        PrimaryKeyConstraint("channel_id", "spent_on", "item"),
        sqlite_with_rowid=False,
    )


def _what_customers_have() -> None:
    op.create_table(
        "coupon",
        _id(),
        _text("key", null=False),
        _reference("customer_id", "customer"),
        _text("offer"),
        _text("campaign"),
        _integer("value"),
        _integer("issued_at"),
        _integer("used_at"),
        _integer("expires_at"),
        _text("order_id"),
        _text("status"),
        *_kept(),
        UniqueConstraint("key"),
        Index("ix_coupon_customer", "customer_id"),
    )
    op.create_table(
        "task",
        _id(),
        _text("key", null=False),
        _reference("customer_id", "customer"),
        _text("type"),
        _reference("staff_id", "staff"),
        _integer("created_at"),
        _text("due_on"),
        _integer("done_at"),
        _text("status"),
        _text("result"),
        _text("note"),
        _text("text"),
        *_kept(),
        UniqueConstraint("key"),
        Index("ix_task_customer", "customer_id"),
    )
    op.create_table(
        "referral",
        _id(),
        _text("key", null=False),
        _reference("customer_id", "customer", null=False),
        _reference("referred_id", "customer", null=False),
        _text("channel"),
        _text("campaign"),
        _integer("occurred_at", null=False),
        *_kept(),
        UniqueConstraint("key"),
        Index("ix_referral_customer", "customer_id"),
    )
    op.create_table(
        "declared_row",
        _id(),
        _text("kind", null=False),
        _text("key", null=False),
        _reference("customer_id", "customer", null=False),
        *_kept(),
        Index("ix_declared_row_key", "kind", "key", unique=True),
        Index("ix_declared_row_customer", "customer_id"),
    )
