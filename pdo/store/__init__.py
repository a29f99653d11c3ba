"""Floor 2: the system of record, one SQLite file.

Tables and migrations, sessions for single rows (SQLModel), the door for bulk reads and writes (ADBC and
Arrow), the lock. Two SQLite libraries must never hold the file open in one process at the same time, so
`session` and `door` refuse to overlap. Imports `pdo.model` and `pdo.core`; knows nothing of playbooks.
"""
