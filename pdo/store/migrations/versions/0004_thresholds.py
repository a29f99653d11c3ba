"""A run keeps the thresholds it used, and the names that it changed.

Revision ID: 0004
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", Column("thresholds", String, nullable=True))
    op.add_column("run", Column("renames", String, nullable=True))
