"""`make simulate`: a year of a shop, and what the checker says of it.

DAYS, CUSTOMERS and CRASHES of the environment make it smaller; WHERE keeps the shop there.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.simulate import checker
from tests.simulate.driver import Driver

YEAR = 365


def main() -> int:
    """Work the shop, check it, say so."""
    days = int(os.environ.get("DAYS") or YEAR)
    customers = int(os.environ.get("CUSTOMERS") or 5000)
    crashes = int(os.environ.get("CRASHES") or 60)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(os.environ.get("WHERE") or folder) / "shop"
        began = time.monotonic()
        Driver(root, seed=8, days=days, customers=customers, crashes=crashes).work()
        sys.stdout.write(f"{days} days of {customers} customers in {time.monotonic() - began:.0f} s\n")
        found = checker.check(root)
        wrong = [*found.wrong, *(found.missing(checker.YEAR) if days == YEAR else ())]
        sys.stdout.write("\n".join([*wrong, *found.lines()]) + "\n")
        return 1 if wrong else 0


sys.exit(main())
