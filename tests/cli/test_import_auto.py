"""`pdo import auto`: what a file is taken for is said before it is used, and can be overruled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.inside import Shop
from tests.ingest.profiles.exports import JD, PDD, WECOM


@pytest.fixture
def shop(new_project: Shop, tmp_path: Path) -> Shop:
    return Shop(new_project.copy(tmp_path / "shop").root)


@pytest.mark.slow
def test_it_is_said_first(shop: Shop) -> None:
    done = shop.pdo("import", "auto", str(JD.write(shop.root)))
    assert "认作“京东订单 JD orders”（jd.orders），导入 products, customers, orders, items。" in done.stderr
    # Each kind has a line, and what no kind uses is told once.
    assert [line.split()[1] for line in done.stdout.splitlines()[1:5]] == ["products", "customers", "orders", "items"]
    assert done.stdout.count("没有用到的列") == 1
    assert "客户地址" in done.stdout


@pytest.mark.slow
def test_json_names_the_profile_and_the_bytes_are_known_again(shop: Shop) -> None:
    path = str(PDD.write(shop.root))
    files = shop.data("import", "auto", path)["files"]
    assert [(file["kind"], file["profile"]) for file in files] == [
        (kind, "pdd.orders") for kind in ("products", "orders", "items")
    ]
    again = shop.data("import", "auto", path)["files"]
    assert [file["known_from"] for file in again] == [1, 2, 3]


def test_a_mistake_in_a_profile_of_one_s_own_is_told_with_its_line(shop: Shop) -> None:
    shop.write("profiles/mine.yaml", "files:\n  a:\n    headers: [甲]\n    parts: {orders: {columns: {order: 甲}}}\n")
    done = shop.pdo("import", "auto", str(WECOM.write(shop.root)), code=3)
    assert "profiles/mine.yaml:4" in done.stderr
    assert "order_id" in done.stderr


def test_profiles_are_listed_and_printed_to_be_changed(shop: Shop) -> None:
    listed = shop.data("import", "--profiles")["profiles"]
    names = ["1688", "douyin", "jd", "pdd", "taobao", "wecom", "youzan"]
    assert [one["name"] for one in listed if one["name"] in names] == names
    printed = shop.pdo("import", "--profile", "taobao", "--show").stdout
    shop.write("profiles/taobao.yaml", printed)
    (mine,) = (one for one in shop.data("import", "--profiles")["profiles"] if one["own"])
    assert (mine["name"], sorted(mine["files"])) == ("taobao", ["details", "orders", "orders_new"])
    assert "没有平台格式 toabao" in shop.pdo("import", "--profile", "toabao", "--show", code=2).stderr


@pytest.mark.slow
def test_a_mended_file_of_rejects_is_known_too(shop: Shop) -> None:
    shop.write("o.csv", "订单号,客户编号,实付金额\nO1,C1,x\n")
    shop.pdo("import", "auto", str(shop.root / "o.csv"), "--rejects", str(shop.root / "r.csv"), code=4)
    mended = (shop.root / "r.csv").read_text(encoding="utf-8").replace(",x,", ",5,")
    shop.write("mended.csv", mended)
    assert shop.data("import", "auto", str(shop.root / "mended.csv"))["new"] == 1
