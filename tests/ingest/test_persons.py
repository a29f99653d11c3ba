"""Who is one person: exact identifiers join, shared ones never, and the order of files does not matter."""

from __future__ import annotations

import shutil
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from pdo.ingest.importer import import_file
from pdo.model.fields import KINDS
from pdo.model.settings import Settings
from pdo.store.check import check
from pdo.store.door import open_door
from pdo.store.dump import dump_state

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pdo.model.reports import ImportReport

SHOP = """customer_id,name,phone,member_level
M1,张三,13800000001,金卡
M2,李四,13800000002,
M3,王五,13800000003,
"""
TAOBAO = """customer_id,name,phone,city
taobao:zs,张三,13800000001,杭州
taobao:ls,李*,13800000002,
taobao:ww2,赵六,13800000003,
"""
WECOM = """customer_id,external_id,phone,remark_name,sms_consent,added_at
wecom:wm1,wm1,13800000001,老张,0,2026-01-02
wecom:wm2,wm2,,小李,1,2026-01-03
"""
ORDERS = """order_id,customer_id,paid_at,paid
O1,M1,2026-02-01,10
O2,taobao:zs,2026-02-02,20
O3,taobao:ls,2026-02-03,30
O4,taobao:ww2,2026-02-04,40
"""
FOLLOWS = """customer_id,staff,remark_name
M1,amy,张先生
wecom:wm1,amy,老张
wecom:wm1,bob,老张
"""
TAGS = """customer_id,tag,since
M1,爱水果,2026-01-01
taobao:zs,爱水果,2026-01-05
taobao:zs,囤货,2026-01-05
"""
FILES = {"shop": SHOP, "taobao": TAOBAO, "wecom": WECOM, "orders": ORDERS, "follows": FOLLOWS, "tags": TAGS}
KIND_OF = {"orders": "orders", "follows": "follows", "tags": "tags"}


class Shop:
    """A store in a folder."""

    def __init__(self, root: Path, store: Path, shared: frozenset[str] = frozenset()) -> None:
        root.mkdir(exist_ok=True)
        self.root = root
        self.settings = Settings(root, root / "pdo.db", shared_phones=shared)
        shutil.copy(store, self.settings.database)

    def bring(self, name: str, text: str | None = None, kind: str | None = None) -> ImportReport:
        path = self.root / f"{name}.csv"
        path.write_text(FILES[name] if text is None else text, encoding="utf-8")
        with open_door(self.settings.database, write=True, resolved=True) as door:
            return import_file(
                door,
                path,
                KINDS[kind or KIND_OF.get(name, "customers")],
                settings=self.settings,
                now=1_800_000_000,
                actor="me",
            )

    def state(self) -> list[str]:
        assert check(self.settings.database).unsound == ()
        return list(dump_state(self.settings.database))


@pytest.fixture
def shop(tmp_path: Path, empty_store: Path) -> Shop:
    return Shop(tmp_path / "shop", empty_store)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Shop:
    """A shop into which every file came, in their order; nobody changes it."""
    return filled_with(tmp_path_factory.mktemp("filled"), empty_store, FILES)


def filled_with(root: Path, store: Path, order: Iterable[str]) -> Shop:
    shop = Shop(root, store)
    for name in order:
        shop.bring(name)
    return shop


def rows(state: list[str], table: str) -> list[str]:
    return [line for line in state if f'"table": "{table}"' in line]


def test_one_phone_and_one_name_is_one_person(shop: Shop) -> None:
    shop.bring("shop")
    report = shop.bring("taobao")
    assert (report.joined, report.separated, report.conflicts) == (2, (), 1)
    state = shop.state()
    assert len(rows(state, "customer")) == 4
    first = next(line for line in rows(state, "customer") if '"M1"' in line)
    assert "金卡" in first
    assert "杭州" in first


@pytest.mark.slow
def test_rows_of_every_kind_stand_with_the_kept_customer_and_again_say_nothing_new(
    tmp_path: Path, filled: Shop
) -> None:
    shop = Shop(tmp_path / "shop", filled.settings.database)
    state = shop.state()
    owners = {line.split('"key": "')[1][:2]: line for line in rows(state, "sales_order")}
    assert '"customer": "M1"' in owners["O2"]
    assert '"customer": "M2"' in owners["O3"]
    assert '"customer": "taobao:ww2"' in owners["O4"]
    assert len(rows(state, "follow")) == 2
    assert sum('"label_name": "爱水果"' in line for line in rows(state, "assignment")) == 1
    for name in FILES:
        report = shop.bring(name)
        assert (report.new, report.changed) == (0, 0), name
    assert shop.state() == state


REVERSED = ("tags", "follows", "orders", "wecom", "taobao", "shop")


@pytest.mark.slow
def test_the_order_of_files_does_not_matter(tmp_path: Path, filled: Shop, empty_store: Path) -> None:
    assert filled_with(tmp_path / "reversed", empty_store, REVERSED).state() == filled.state()


@pytest.mark.slow
@pytest.mark.parametrize("first", FILES)
def test_no_order_of_files_matters(tmp_path: Path, first: str, filled: Shop, empty_store: Path) -> None:
    rest = [name for name in FILES if name != first]
    expected = filled.state()
    for number, order in enumerate(list(permutations(rest))[7::9]):
        assert filled_with(tmp_path / str(number), empty_store, (first, *order)).state() == expected, order


@pytest.mark.slow
def test_a_phone_that_turns_out_to_be_shared_joins_nobody_any_more_and_that_is_told(shop: Shop) -> None:
    shop.bring("shop")
    shop.bring("taobao")
    before = shop.state()
    report = shop.bring("more", "customer_id,name,phone\njd:x,钱七,13800000001\n", "customers")
    assert report.separated == ("taobao:zs",)
    shop.bring("more", "customer_id,name\njd:x,张三\n", "customers")
    assert [line for line in shop.state() if "jd:x" not in line and "jd_x" not in line] != before
    joined = [line for line in rows(shop.state(), "identity") if '"customer": "M1"' in line]
    assert any("taobao:zs" in line for line in joined)
    assert any("jd:x" in line for line in joined)


@pytest.mark.slow
def test_a_listed_phone_joins_nobody(tmp_path: Path, empty_store: Path) -> None:
    shop = Shop(tmp_path / "listed", empty_store, frozenset({"13800000001"}))
    shop.bring("shop")
    report = shop.bring("taobao")
    assert report.joined == 1
    assert any('"reason": "listed"' in line for line in rows(shop.state(), "identity_conflict"))


@pytest.mark.slow
def test_who_points_at_two_customers_is_listed_and_not_guessed(shop: Shop) -> None:
    shop.bring("shop")
    shop.bring("union", "customer_id,unionid\nM2,u2\n", "customers")
    shop.bring("odd", "customer_id,unionid,phone\nwecom:odd,u2,13800000001\n", "customers")
    state = shop.state()
    assert any('"customer": "wecom:odd"' in line for line in rows(state, "identity"))
    told = [line for line in rows(state, "identity_conflict") if '"reason": "several"' in line]
    assert len(told) == 2


@pytest.mark.slow
def test_a_buyer_of_a_platform_joins_the_customer_who_names_that_account(shop: Shop) -> None:
    shop.bring("orders")
    with open_door(shop.settings.database, write=True, resolved=True) as door:
        from sqlalchemy import insert

        from pdo.ingest.places import table_of
        from pdo.store.tables import Identity

        own = table_of(Identity)
        kept = {row[0]: row[1] for row in door.rows(own.select().with_only_columns(own.c.value, own.c.customer_id))}
        door.execute(insert(own).values(kind="buyer:taobao", value="ls", customer_id=kept["M1"]))
    report = shop.bring("more", "customer_id,name\nM9,孙九\n", "customers")
    assert report.joined == 1
    assert any('"O3"' in line and '"customer": "M1"' in line for line in rows(shop.state(), "sales_order"))


def test_an_import_is_taken_back_with_what_it_joined(shop: Shop) -> None:
    from pdo.api.importing import take_back
    from pdo.core.calendar import Moment

    shop.bring("shop")
    before = shop.state()
    report = shop.bring("taobao")
    assert report.import_id is not None
    take_back(shop.settings, report.import_id, now=Moment(1_800_000_001, "Asia/Shanghai"), actor="me")
    assert shop.state() == before
