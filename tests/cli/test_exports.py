"""Lists and batches in the shape that others take: profiles, a file a sender, what is in them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from tests.cli.conftest import AS_OF

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.inside import Shop

OUT = f"out/{AS_OF[:10]}"
BOM = "\ufeff"


def approved(shop: Shop) -> int:
    """A batch that may leave."""
    with closing(sqlite3.connect(shop.root / "pdo.db")) as store:
        number = int(store.execute("SELECT id FROM batch WHERE campaign = '上新'").fetchone()[0])
    shop.pdo("batch", "approve", str(number))
    return number


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").removeprefix(BOM).splitlines()


def test_a_batch_as_a_text_message_house_takes_it(shop: Shop) -> None:
    number = approved(shop)
    shop.pdo("batch", "export", str(number), "--as", "sms")
    path = shop.root / OUT / f"batch-{number}-sms.csv"
    assert lines(path) == ["手机号,内容", "15400000001,王芳，车厘子到了", "15400000002,'=1+1，车厘子到了"]
    before = path.read_bytes()
    shop.pdo("batch", "export", str(number), "--as", "sms")
    assert path.read_bytes() == before


def test_the_manifest_lists_the_files_without_personal_data(shop: Shop) -> None:
    number = approved(shop)
    shop.pdo("batch", "export", str(number), "--as", "sms")
    text = (shop.root / OUT / f"batch-{number}-sms.manifest.json").read_text("utf-8")
    said = json.loads(text)
    (file,) = said["files"]
    content = (shop.root / OUT / file["name"]).read_bytes()
    assert (said["campaign"], said["rows"], file["rows"]) == ("上新", 2, 2)
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert "1540" not in text
    assert "王芳" not in text


def test_an_audience_holds_hashes_only(shop: Shop) -> None:
    shop.pdo("segment", "export", "水果客", "--as", "audience")
    path = shop.root / OUT / "水果客-audience.csv"
    phone = "15400000001"
    expected = f"{hashlib.md5(phone.encode()).hexdigest()},{hashlib.sha256(phone.encode()).hexdigest()}"  # noqa: S324
    assert not path.read_bytes().startswith(BOM.encode())
    assert expected in lines(path)
    assert "1540" not in path.read_text("utf-8")


def test_an_own_profile_says_columns_type_and_encoding(shop: Shop) -> None:
    shop.write(
        "exports/门店.yaml",
        "label: 给门店\nencoding: gb18030\nneeds: [phone]\n"
        "columns: {电话: {field: phone, as: e164}, 谁: name, 店: store, 花了: 累计消费, 来源: {always: pdo}}\n",
    )
    done = shop.pdo("segment", "export", "水果客", "--as", "门店")
    text = (shop.root / OUT / "水果客-门店.csv").read_text("gb18030")
    assert text.splitlines() == [
        "电话,谁,店,花了,来源",
        "'+8615400000001,王芳,M1,300.50,pdo",
        "'+8615400000002,'=1+1,M1,80.00,pdo",
    ], done.stdout


def test_what_a_profile_asks_for_and_nobody_has_is_named(shop: Shop) -> None:
    number = approved(shop)
    shop.write("exports/坏.yaml", "columns: {短信: texd}\n")
    shop.write("exports/错.yaml", "colums: {短信: text}\n")
    assert "texd" in shop.pdo("batch", "export", str(number), "--as", "坏", code=2).stderr
    assert "columns" in shop.pdo("batch", "export", str(number), "--as", "错", code=3).stderr
    assert "sms" in shop.pdo("batch", "export", str(number), "--as", "smms", code=2).stderr
    assert not (shop.root / OUT).exists()


def test_a_batch_that_lacks_what_the_profile_needs_stays(shop: Shop) -> None:
    number = approved(shop)
    with closing(sqlite3.connect(shop.root / "pdo.db")) as store, store:
        store.execute("UPDATE customer SET phone = NULL WHERE key = 'c2'")
    done = shop.pdo("batch", "export", str(number), "--as", "sms", code=2)
    assert "c2" in done.stderr
    assert "phone" in done.stderr
    assert "已审批" in shop.pdo("batch", "list").stdout


def test_each_sender_gets_a_file(shop: Shop) -> None:
    number = approved(shop)
    with closing(sqlite3.connect(shop.root / "pdo.db")) as store, store:
        store.execute(
            "UPDATE message SET sender_id = (SELECT id FROM staff) WHERE status = 'planned' AND customer_id = "
            "(SELECT id FROM customer WHERE key = 'c1')"
        )
    done = shop.pdo("batch", "export", str(number), "--per-sender", "--format", "json")
    files = json.loads(done.stdout)["data"]["files"]
    assert [(file["path"].rsplit("/", 1)[1], file["rows"]) for file in files] == [
        (f"batch-{number}.csv", 1),
        (f"batch-{number}-G1.csv", 1),
    ]
