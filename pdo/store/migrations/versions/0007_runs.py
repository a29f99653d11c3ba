"""What a run leaves for its history, its guard and its undoing; which store this is and how often it was written.

Revision ID: 0007
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Index, Integer, String

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", Column("override", String, nullable=True))
    op.add_column("run", Column("import_id", Integer, nullable=False, server_default="0"))
    op.add_column("run", Column("undone_at", Integer, nullable=True))
    op.add_column("run", Column("undone_by", String, nullable=True))
    op.create_table(
        "run_image",
        Column("id", Integer, primary_key=True, nullable=False),
        Column("run_id", Integer, nullable=False),
        Column("of_table", String, nullable=False),
        Column("identity", String, nullable=False),
        Column("content", String, nullable=True),
        Index("ix_run_image_run_id", "run_id"),
    )
    op.create_table(
        "store_state",
        Column("id", Integer, primary_key=True, nullable=False),
        Column("lineage", String, nullable=False),
        Column("serial", Integer, nullable=False),
    )
    op.execute("INSERT INTO store_state (id, lineage, serial) VALUES (1, lower(hex(randomblob(16))), 0)")
