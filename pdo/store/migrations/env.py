"""Runs revisions on the connection that `pdo.store.schema` gives, inside its transaction. No ini file."""

from __future__ import annotations

from alembic import context

from pdo.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
