"""Where real data lies, if it does, and a project for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.inside import Shop, call

DATA = Path(__file__).parents[3] / "shared" / "data"
TMALL = DATA / "tmall_2020"
MEMBER_SALES = DATA / "cn_sale_2018" / "sale.csv"


def needs(path: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        not path.exists(), reason=f"needs the real data in ../{path.relative_to(DATA.parents[1])}"
    )


def shop_of(root: Path, settings: str) -> Shop:
    root.mkdir()
    shop = Shop(root)
    shop.write("pdo.yaml", settings)
    assert call("init", str(root)).returncode == 0
    return shop
