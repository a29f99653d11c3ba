"""An import that is taken back leaves the store as it was; what rests on it must go first."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as sized
from hypothesis import strategies as st

from pdo.core.errors import UsageError
from pdo.ingest.undo import undo_import
from pdo.model.reports import ImportUndone
from pdo.model.settings import Settings
from pdo.store.check import check
from pdo.store.door import open_door
from pdo.store.session import open_session
from pdo.store.tables import Assignment, Label, Run
from tests.ingest.conftest import NOW, Shop
from tests.ingest.test_merge import FILES

CHANGES: Mapping[str, str] = {
    "products": "sku,title,price\nP1,红苹果,15\nP3,梨,\n",
    "stores": "门店编号,城市,店长\nM1,上海,S9\nM4,,\n",
    "staff": "工号,姓名,所属门店\nS1,小王,M9\n",
    "customers": (
        "客户编号,姓名,手机号,external_userid,跟进人,所属门店,短信授权\n"
        "C1,王大伟,13900139000,wm1,S2,M7,否\nC2,,13800138000,,,,是\nC3,新,,wm3,S8,,是\n"
    ),
    "consents": "客户编号,渠道,授权时间,撤回时间\nC1,sms,2024-01-01,2024-03-01\nC5,call,2024-01-01,\n",
    "tags": "客户编号,标签,打标时间\nC1,老客,2024-01-01\nC6,老客,2024-01-01\nC1,爱吃,2024-01-01\n",
    "follows": "客户编号,跟进人,添加时间\nC1,S1,2024-01-01\nC1,S7,2024-01-01\n",
    "spend": "渠道,日期,花费\n抖音,2024-01-01,100\n",
    "orders": "订单号,客户编号,退款金额,门店编号\nO1,C2,50,M5\nO9,C8,,\n",
    "items": "订单号,行号,商品编码,数量\nO1,1,P1,3\nO2,1,P8,1\n",
    "events": "事件编号,客户编号,事件类型,发生时间\nE1,C9,询价,2024-01-05\n",
}


def undo(shop: Shop, import_id: int) -> ImportUndone:
    with open_door(shop.settings.database, write=True, doing="test", resolved=True) as door:
        return undo_import(door, import_id, now=NOW + 60, actor="tester")


@pytest.fixture(scope="module")
def filled_store(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Path:
    """A store into which every kind came once, and some consents; nobody changes it."""
    folder = tmp_path_factory.mktemp("filled")
    path = Path(shutil.copy(empty_store, folder / "store.db"))
    shop = Shop(folder, Settings(root=folder, database=path))
    for kind, content in FILES.items():
        shop.bring(kind, content)
    shop.bring("consents", "客户编号,渠道,授权时间\nC1,sms,2024-01-01\nC2,sms,2024-02-01\n")
    shop.bring("items", "订单号,行号,商品编码,数量\nO1,1,P1,2\n")
    shop.bring("tags", "客户编号,标签,打标时间\nC1,爱吃,2023-01-01\n")
    return path


@pytest.fixture
def filled(new_shop: Callable[[], Shop], filled_store: Path) -> Shop:
    shop = new_shop()
    shutil.copy(filled_store, shop.settings.database)
    return shop


QUICK = ("customers", "orders")
"""Kinds that quick tests take back; the slow ones take back all of them."""


@pytest.mark.parametrize(
    "kind", [kind if kind in QUICK else pytest.param(kind, marks=pytest.mark.slow) for kind in CHANGES]
)
def test_the_store_is_as_it_was(filled: Shop, kind: str) -> None:
    before = filled.dump()
    report = filled.bring(kind, CHANGES[kind])
    assert filled.dump() != before
    undo(filled, report.import_id or 0)
    assert filled.dump() == before
    assert check(filled.settings.database).unsound == ()
    assert (report.import_id,) not in filled.rows("before_image", "import_id")
    # Brought again, it does what it did.
    again = filled.bring(kind, CHANGES[kind])
    assert (again.new, again.changed, again.same) == (report.new, report.changed, report.same)


@pytest.mark.slow
def test_all_of_them_one_after_the_other(filled: Shop) -> None:
    stands = [filled.dump()]
    done = []
    for kind, content in CHANGES.items():
        done.append(filled.bring(kind, content).import_id or 0)
        stands.append(filled.dump())
    for import_id in reversed(done):
        assert filled.dump() == stands.pop()
        undo(filled, import_id)
    assert filled.dump() == stands.pop()


def test_the_journal_keeps_it(shop: Shop) -> None:
    shop.bring("customers", "客户编号\nC1\n")
    done = undo(shop, 1)
    assert (done.kind, done.removed, done.restored) == ("customers", {"customer": 1}, 0)
    assert shop.rows("file_import", "id", "new", "undone_at", "undone_by") == [(1, 1, NOW + 60, "tester")]
    with pytest.raises(UsageError) as caught:
        undo(shop, 1)
    assert caught.value.key == "error.import_undone"
    with pytest.raises(UsageError) as caught:
        undo(shop, 7)
    assert caught.value.key == "error.unknown_import"


def refused(shop: Shop, import_id: int) -> tuple[object, object, object]:
    before = shop.dump()
    with pytest.raises(UsageError) as caught:
        undo(shop, import_id)
    assert caught.value.key == "error.import_rests"
    assert shop.dump() == before
    return caught.value.params["imports"], caught.value.params["runs"], caught.value.params["hands"]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("customers", "客户编号,姓名\nC1,李\n"),
        pytest.param("customers", "客户编号,姓名\nC1,王\n", marks=pytest.mark.slow),
        ("orders", "订单号,客户编号\nO1,C1\n"),
        pytest.param("tags", "客户编号,标签\nC1,老客\n", marks=pytest.mark.slow),
    ],
    ids=["changed", "same", "named by a row", "named by a tag"],
)
@pytest.mark.slow
def test_later_imports_must_go_first(shop: Shop, kind: str, content: str) -> None:
    shop.bring("customers", "客户编号,姓名\nC1,王\n")
    shop.bring(kind, content)
    assert refused(shop, 1) == ("2", "-", "-")
    undo(shop, 2)
    undo(shop, 1)
    assert shop.dump() == []


@pytest.mark.slow
def test_what_a_later_import_has_covered_up_still_counts(shop: Shop) -> None:
    """Staff that the first import made was named by the second; the third names somebody else in its place."""
    shop.bring("staff", "工号\nS1\n")
    shop.bring("customers", "客户编号,跟进人\nC1,S1\n")
    shop.bring("customers", "客户编号,跟进人\nC1,S2\n")
    assert refused(shop, 1) == ("3", "-", "-")


def test_runs_and_hands_must_go_first(shop: Shop) -> None:
    shop.bring("customers", "客户编号\nC1\nC2\n")
    with open_session(shop.settings.database, write=True) as session:
        session.add(Run(id=5, as_of=1, started_at=1, actor="x", playbooks="{}", changes=1, counts="[]"))
        session.add(Label(id=1, kind="tag", name="老客"))
        session.flush()
        session.add(Assignment(label_id=1, customer_id=1, source="rule", since=1, run_id=5))
        session.add(Assignment(label_id=1, customer_id=2, source="staff", since=1))
    assert refused(shop, 1) == ("-", "5", 1)


@st.composite
def imports(draw: st.DrawFn) -> tuple[str, str]:
    """A small file of customers or orders; few keys, so that files meet."""
    key = st.sampled_from("1234")
    kind = draw(st.sampled_from(["customers", "orders", "staff"]))
    if kind == "customers":
        row = st.tuples(key.map("C{}".format), st.sampled_from(["", "王", "李"]), st.sampled_from(["", "S1", "S2"]))
        header = "客户编号,姓名,跟进人"
    elif kind == "orders":
        row = st.tuples(key.map("O{}".format), key.map("C{}".format), st.sampled_from(["", "1", "2"]))
        header = "订单号,客户编号,实付金额"
    else:
        row = st.tuples(key.map("S{}".format), st.sampled_from(["", "张", "赵"]), st.sampled_from(["", "M1"]))
        header = "工号,姓名,所属门店"
    rows = draw(st.lists(row, min_size=1, max_size=4))
    return kind, "\n".join([header, *map(",".join, rows)]) + "\n"


@pytest.mark.slow
@sized(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(imports(), min_size=1, max_size=4))
def test_any_imports_can_be_taken_back_in_order(new_shop: Callable[[], Shop], files: list[tuple[str, str]]) -> None:
    shop = new_shop()
    stands = [shop.dump()]
    for kind, content in files:
        shop.bring(kind, content)
        stands.append(shop.dump())
    for import_id in range(len(files), 0, -1):
        assert shop.dump() == stands.pop()
        undo(shop, import_id)
    assert shop.dump() == stands.pop()
    assert check(shop.settings.database).unsound == ()
