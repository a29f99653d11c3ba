"""Some days of the simulated year; `make simulate` works all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.checker import Least, check
from tests.simulate.driver import Driver

pytestmark = pytest.mark.slow


def test_some_days_of_a_shop_with_crashes(tmp_path: Path) -> None:
    driver = Driver(tmp_path / "shop", seed=8, days=20, customers=300, crashes=3)
    driver.work()
    found = check(driver.root)
    assert found.wrong == []
    assert found.missing(Least(messages=1000, reason=0, cap=0, crashes=3)) == []
