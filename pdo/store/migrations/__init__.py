"""Alembic revisions, one file each, run by `pdo.store.schema`. A revision, once released, is never edited."""
