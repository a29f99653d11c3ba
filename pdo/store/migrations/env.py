"""Runs revisions on the connection that `pdo.store.schema` gives, inside its transaction. No ini file."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

from pdo.store import tables

assert tables  # noqa: S101  (imported for the metadata it fills)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
