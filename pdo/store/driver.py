"""The driver by which the door reads and writes.

It loads `pyarrow.dataset` for a kind of rows that it never gets from us, and that loads `pyarrow.compute`: together they take as
long as the driver and Arrow themselves.
"""

from pdo.core.late import loading_late

with loading_late("pyarrow.dataset"):
    import adbc_driver_sqlite.dbapi as adbc

__all__ = ("adbc",)
