"""Alembic revisions, one file each; `pdo.store.schema` runs them. A revision, once released, is never edited."""
