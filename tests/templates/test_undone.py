"""A night of a worked project, with all that it sends, is taken back: the store is what it was, and the night comes again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.inside import Shop, call

pytestmark = pytest.mark.slow
KINDS = ("staff", "stores", "products", "customers", "orders", "items", "events", "chats", "members", "coupons", "tags")


@pytest.mark.parametrize("template", ["beauty", "education", "fresh-retail", "mother-baby"])
def test_a_night_that_is_taken_back_never_was(tmp_path: Path, template: str) -> None:
    shop = Shop(tmp_path / "shop")
    assert call("init", str(shop.root), "--template", template).returncode == 0
    for kind in KINDS:
        for path in (shop.root / "sample_data").glob(f"{kind}.csv"):
            shop.pdo("import", kind, str(path), "--max-rejects", "50%", "--allow-sensitive")
    shop.pdo("run", "--as-of", "2026-03-02T09:00")
    before = shop.state()
    night = ("run", "--as-of", "2026-03-10T09:00", "--override-guard", "八天没跑")
    first = shop.data(*night)
    after = shop.state()
    assert first["total_changes"] > 0
    shop.pdo("runs", "undo")
    assert shop.state() == before
    assert {**shop.data(*night), "run_id": 0} == {**first, "run_id": 0}
    assert _without_clock(shop.state()) == _without_clock(after)


def _without_clock(state: str) -> list[dict[str, object]]:
    """The rows, without when something was approved or made by the clock."""
    return [{**json.loads(line), "approved_at": 0, "created_at": 0} for line in state.splitlines()]
