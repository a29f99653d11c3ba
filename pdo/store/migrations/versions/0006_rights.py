"""Who is one person, and what the law asks: joined customers, decisions, suppression, the processing log.

Revision ID: 0006
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, UniqueConstraint

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _persons()
    _rights()


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, nullable=False)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, String, nullable=null)


def _integer(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


def _persons() -> None:
    op.create_table(
        "profile",
        _id(),
        _text("key"),
        Column("person_id", Integer, ForeignKey("customer.id"), nullable=False),
        _integer("rank"),
        _text("evidence"),
        _text("filled", null=True),
        UniqueConstraint("key"),
        Index("ix_profile_person_id", "person_id"),
    )
    op.create_table(
        "carried",
        _id(),
        _text("of_table"),
        _text("of_column"),
        _integer("named_id"),
        _integer("person_id"),
        _integer("row_id", null=True),
        _text("content", null=True),
        _integer("placed"),
        _text("became", null=True),
        Index("ix_carried_table", "of_table", "of_column", "named_id"),
    )
    op.create_table(
        "identity_conflict",
        _id(),
        _text("reason"),
        _text("kind"),
        _text("value"),
        _text("keys"),
        _integer("count"),
    )
    op.create_table(
        "identity_decision",
        _id(),
        _integer("at"),
        _text("actor"),
        _text("action"),
        _text("key"),
        _text("into_key", null=True),
        _text("note", null=True),
        _integer("undone_at", null=True),
        _text("undone_by", null=True),
    )


def _rights() -> None:
    op.create_table(
        "suppression",
        _text("digest"),
        _text("kind"),
        _integer("at"),
        _text("key_check"),
        PrimaryKeyConstraint("digest"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "processing",
        _id(),
        _integer("at"),
        _text("actor"),
        _text("action"),
        _integer("rows"),
        _text("detail", null=True),
    )
