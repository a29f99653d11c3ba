"""Imports can be taken back: how each was read, when it was undone, and what stood there before.

Revision ID: 0003
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKey, Index, Integer, String

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("file_import", Column("mode", String, nullable=False, server_default="merge"))
    op.add_column("file_import", Column("recipe", String, nullable=True))
    op.add_column("file_import", Column("undone_at", Integer, nullable=True))
    op.add_column("file_import", Column("undone_by", String, nullable=True))
    op.create_table(
        "before_image",
        Column("id", Integer, primary_key=True, nullable=False),
        Column("import_id", Integer, ForeignKey("file_import.id"), nullable=False),
        Column("of_table", String, nullable=False),
        Column("identity", String, nullable=False),
        Column("content", String, nullable=True),
        Index("ix_before_image_import_id", "import_id"),
    )
    # The primary key of `identity` finds own ids as fast, and a third tree made a first import a fifth slower.
    op.drop_index("ix_identity_own", table_name="identity")
