"""What outreach keeps: journeys, codes, tasks, batches and why a message was held back.

Revision ID: 0005
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _journeys()
    _codes()
    _batches()
    _people()


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, nullable=False)


def _text(name: str, *, null: bool = True) -> Column[str]:
    return Column(name, String, nullable=null)


def _integer(name: str, *, null: bool = True) -> Column[int]:
    return Column(name, Integer, nullable=null)


def _reference(name: str, target: str, *, null: bool = True) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{target}.id"), nullable=null)


def _add(table: str, *columns: Column[int] | Column[str]) -> None:
    for column in columns:
        op.add_column(table, column, inline_references=True)


def _journeys() -> None:
    op.create_table(
        "journey_version",
        _text("journey", null=False),
        _text("version", null=False),
        _text("definition", null=False),
        _integer("run_id", null=False),
        PrimaryKeyConstraint("journey", "version"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journey_entry",
        _id(),
        _text("journey", null=False),
        _text("playbook", null=False),
        _text("version", null=False),
        _reference("customer_id", "customer", null=False),
        _integer("entered_at", null=False),
        _text("anchor_on"),
        _integer("run_id", null=False),
        _text("step"),
        _integer("due_at"),
        _integer("waiting_since"),
        _text("status", null=False),
        _integer("ended_at"),
        _integer("ended_run_id"),
        Index("ix_journey_entry_who", "journey", "customer_id", "entered_at", unique=True),
        Index("ix_journey_entry_customer", "customer_id"),
    )
    op.create_table(
        "journey_step",
        _reference("entry_id", "journey_entry", null=False),
        _text("step", null=False),
        _text("state", null=False),
        _integer("at", null=False),
        _integer("run_id", null=False),
        _text("reason"),
        PrimaryKeyConstraint("entry_id", "step"),
        sqlite_with_rowid=False,
    )


def _codes() -> None:
    op.create_table(
        "code",
        _id(),
        _text("key", null=False),
        _text("pool", null=False),
        _text("offer", null=False),
        _text("campaign", null=False),
        _reference("customer_id", "customer", null=False),
        _text("given_on", null=False),
        Index("ix_code_key", "key", unique=True),
        Index("ix_code_customer", "customer_id"),
    )


def _batches() -> None:
    _add(
        "batch",
        *(_text(name) for name in ("journey", "sender", "digest", "expires_on", "goal")),
        _integer("ended_at"),
        _text("ended_by"),
    )
    _add(
        "message",
        _reference("sender_id", "staff"),
        _text("variant"),
        _text("offer"),
        _reference("code_id", "code"),
        _text("content"),
        _text("content_row"),
        _integer("planned_at"),
        _reference("entry_id", "journey_entry"),
    )
    op.drop_index("ix_message_once", table_name="message")
    once = ("campaign", "customer_id", "planned_on")
    op.create_index("ix_message_once", "message", once, unique=True, sqlite_where=text("status <> 'cancelled'"))


def _people() -> None:
    op.create_table(
        "contact_block",
        _reference("customer_id", "customer", null=False),
        _text("channel", null=False),
        _integer("since", null=False),
        _text("actor", null=False),
        _text("note"),
        PrimaryKeyConstraint("customer_id", "channel"),
        sqlite_with_rowid=False,
    )
    _add("staff", _text("left_on"))
    _add(
        "task",
        _text("source"),
        _integer("run_id"),
        _reference("entry_id", "journey_entry"),
        _reference("message_id", "message"),
        _integer("escalate_at"),
        _text("escalate_to"),
        _integer("escalated_at"),
    )
