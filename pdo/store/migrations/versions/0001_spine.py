"""The spine: customers, what they bought and did, what rules made of it, what was sent, and the journals.

Revision ID: 0001
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
    text,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people_and_places()
    _facts()
    _labels()
    _outbox()
    _journals()


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, nullable=False)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, String, nullable=null)


def _integer(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


def _reference(name: str, target: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{target}.id"), nullable=null)


def _people_and_places() -> None:
    op.create_table(
        "staff",
        _id(),
        _text("key"),
        _text("name", null=True),
        _text("role", null=True),
        _text("persona", null=True),
        _reference("store_id", "store", null=True),
        _integer("capacity", null=True),
        _text("extra", null=True),
        _integer("row_hash"),
        _integer("import_id"),
        UniqueConstraint("key"),
    )
    op.create_table(
        "store",
        _id(),
        _text("key"),
        _text("name", null=True),
        _text("city", null=True),
        _reference("manager_id", "staff", null=True),
        _text("extra", null=True),
        _integer("row_hash"),
        _integer("import_id"),
        UniqueConstraint("key"),
    )
    op.create_table(
        "customer",
        _id(),
        _text("key"),
        _text("seed"),
        _text("name", null=True),
        _text("remark_name", null=True),
        _text("phone", null=True),
        _text("gender", null=True),
        _text("birthday", null=True),
        _text("city", null=True),
        _text("source_channel", null=True),
        _integer("added_at", null=True),
        _reference("owner_id", "staff", null=True),
        _reference("store_id", "store", null=True),
        _text("member_level", null=True),
        _integer("points", null=True),
        _integer("is_friend", null=True),
        _text("vip_from", null=True),
        _text("vip_until", null=True),
        _text("extra", null=True),
        _integer("row_hash"),
        _integer("import_id"),
    )
    op.create_table(
        "identity",
        _text("kind"),
        _text("value"),
        _reference("customer_id", "customer"),
        PrimaryKeyConstraint("kind", "value", "customer_id"),
        Index("ix_identity_own", "value", unique=True, sqlite_where=text("kind = 'own'")),
        Index("ix_identity_customer", "customer_id"),
        sqlite_with_rowid=False,
    )


def _facts() -> None:
    op.create_table(
        "product",
        _id(),
        _text("key"),
        _text("product", null=True),
        _text("category", null=True),
        _text("brand", null=True),
        _integer("price", null=True),
        _integer("cycle_days", null=True),
        _text("extra", null=True),
        _integer("row_hash"),
        _integer("import_id"),
        UniqueConstraint("key"),
    )
    op.create_table(
        "sales_order",
        _id(),
        _text("key"),
        _reference("customer_id", "customer", null=True),
        _integer("created_at", null=True),
        _integer("paid_at", null=True),
        _text("status", null=True),
        _text("channel", null=True),
        _reference("store_id", "store", null=True),
        _reference("staff_id", "staff", null=True),
        _text("coupon", null=True),
        _integer("discount", null=True),
        _integer("paid", null=True),
        _integer("refunded", null=True),
        _integer("refunded_at", null=True),
        _text("extra", null=True),
        _integer("row_hash"),
        _integer("import_id"),
        UniqueConstraint("key"),
    )
    op.create_table(
        "order_item",
        _reference("order_id", "sales_order"),
        _text("line"),
        _reference("product_id", "product"),
        _integer("quantity", null=True),
        _integer("amount", null=True),
        _text("extra", null=True),
        _integer("row_hash"),
        _integer("import_id"),
        PrimaryKeyConstraint("order_id", "line"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event",
        _id(),
        _text("key"),
        _reference("customer_id", "customer"),
        _text("type"),
        _integer("occurred_at"),
        _text("extra", null=True),
        _integer("row_hash"),
        _integer("import_id"),
        UniqueConstraint("key"),
    )


def _labels() -> None:
    op.create_table(
        "run",
        _id(),
        _integer("as_of"),
        _integer("started_at"),
        _text("actor"),
        _text("playbooks"),
        _integer("changes"),
        _text("counts"),
    )
    op.create_table(
        "label",
        _id(),
        _text("kind"),
        _text("scope"),
        _text("name"),
        _text("playbook"),
        Index("ix_label_name", "kind", "scope", "name", unique=True),
    )
    op.create_table(
        "assignment",
        _reference("label_id", "label"),
        _reference("customer_id", "customer"),
        _text("source"),
        _integer("since"),
        _integer("run_id"),
        _integer("until", null=True),
        _integer("until_run_id", null=True),
        PrimaryKeyConstraint("label_id", "customer_id", "source", "since", "run_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "block",
        _reference("label_id", "label"),
        _reference("customer_id", "customer"),
        _integer("since"),
        _text("actor"),
        PrimaryKeyConstraint("label_id", "customer_id"),
        sqlite_with_rowid=False,
    )


def _outbox() -> None:
    op.create_table(
        "batch",
        _id(),
        _text("campaign"),
        _text("playbook"),
        _text("channel"),
        _text("planned_on"),
        _reference("run_id", "run"),
        _text("status"),
        _integer("approved_at", null=True),
        _text("approved_by", null=True),
        Index("ix_batch_campaign", "campaign", "planned_on"),
    )
    op.create_table(
        "message",
        _id(),
        _reference("batch_id", "batch"),
        _text("campaign"),
        _reference("customer_id", "customer"),
        _text("planned_on"),
        _text("status"),
        _text("reason", null=True),
        _text("text"),
        Index("ix_message_once", "campaign", "customer_id", "planned_on", unique=True),
        Index("ix_message_batch", "batch_id"),
    )


def _journals() -> None:
    op.create_table(
        "file_import",
        _id(),
        _text("kind"),
        _text("path"),
        _text("digest"),
        _text("encoding"),
        _integer("started_at"),
        _text("actor"),
        *(_integer(count) for count in ("read", "new", "changed", "same", "duplicate", "rejected", "blank")),
    )
    op.create_table(
        "reject",
        _id(),
        _reference("import_id", "file_import"),
        _integer("line"),
        _text("column", null=True),
        _text("value", null=True),
        _text("code"),
        _text("params", null=True),
        Index("ix_reject_import_id", "import_id"),
    )
    op.create_table(
        "hand_edit",
        _id(),
        _integer("at"),
        _text("actor"),
        _text("action"),
        _reference("label_id", "label"),
        _reference("customer_id", "customer"),
        _text("note", null=True),
    )
    op.create_table(
        "export_log",
        _id(),
        _integer("at"),
        _text("actor"),
        _text("what"),
        _text("path"),
        _integer("rows"),
        _text("columns"),
        _text("digest"),
    )
