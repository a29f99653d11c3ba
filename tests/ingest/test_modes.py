"""What a row does to one that is known: merge, replace, new-only; sensitive columns; what a dry run shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pdo.core.errors import UsageError
from pdo.model.fields import Column, Type
from pdo.model.settings import Attribute, ImportMode
from tests.ingest.conftest import NOW, Shop
from tests.ingest.test_merge import verdicts

CUSTOMERS = "客户编号,姓名,手机号,积分,跟进人,短信授权,external_userid\nC1,王伟,13800138000,5,S1,是,wm1\n"
EMPTIED = "客户编号,姓名,手机号,跟进人,短信授权,external_userid\nC1,,,,,\nC2,李,,,,\n"
KEPT = ("key", "name", "phone", "points", "owner_id")


@pytest.mark.slow
def test_replace_empties_but_not_what_the_file_lacks(shop: Shop) -> None:
    shop.bring("customers", CUSTOMERS)
    assert verdicts(shop.bring("customers", EMPTIED)) == {"new": 1, "same": 1}
    assert shop.rows("customer", *KEPT)[0] == ("C1", "王伟", "13800138000", 5, 1)
    assert verdicts(shop.bring("customers", EMPTIED, mode=ImportMode.REPLACE)) == {"changed": 1, "same": 1}
    assert shop.rows("customer", *KEPT)[0] == ("C1", None, None, 5, None)
    # People are still found by what they were known by, and consents are not taken back by silence.
    assert [kind for kind, _ in shop.rows("identity", "kind", "value")] == ["external", "own", "own", "phone"]
    assert shop.rows("consent", "channel", "given_at", "withdrawn_at") == [("sms", NOW, None)]
    assert verdicts(shop.bring("customers", EMPTIED, mode=ImportMode.REPLACE)) == {"same": 2}
    assert shop.rows("file_import", "id", "mode")[2] == (3, "replace")


def test_in_replace_the_last_row_of_a_key_is_all(shop: Shop) -> None:
    shop.bring("customers", "客户编号,姓名,积分\nC1,王,1\nC1,,2\n", mode=ImportMode.REPLACE)
    assert shop.rows("customer", "key", "name", "points") == [("C1", None, 2)]


def test_declared_columns_are_emptied_one_by_one(shop: Shop) -> None:
    declared = tuple(Attribute(Column(name, Type.TEXT, name)) for name in ("肤质", "备注", "来历"))
    settings = replace(shop.settings, attributes={"customers": declared})
    shop.bring("customers", "客户编号,肤质,备注,来历\nC1,干,a,b\n", settings=settings)
    shop.bring("customers", "客户编号,肤质,备注\nC1,油,\n", settings=settings, mode=ImportMode.REPLACE)
    assert shop.rows("customer", "extra") == [('{"来历":"b","肤质":"油"}',)]
    shop.bring("customers", "客户编号,肤质,来历\nC1,,\n", settings=settings, mode=ImportMode.REPLACE)
    assert shop.rows("customer", "extra") == [(None,)]


def test_new_only_adds_and_fills_what_is_known_by_name_only(shop: Shop) -> None:
    shop.bring("orders", "订单号,客户编号\nO1,C9\n")
    shop.bring("customers", "客户编号,姓名\nC1,王\n")
    report = shop.bring("customers", "客户编号,姓名\nC1,李\nC2,张\nC9,赵\n", mode=ImportMode.NEW_ONLY)
    assert verdicts(report) == {"new": 2, "same": 1}
    assert shop.rows("customer", "key", "name") == [("C1", "王"), ("C2", "张"), ("C9", "赵")]


@pytest.mark.parametrize("mode", ImportMode)
@pytest.mark.slow
def test_a_withdrawn_consent_outlives_older_files(shop: Shop, mode: ImportMode) -> None:
    shop.bring("consents", "客户编号,渠道,授权时间,撤回时间\nC1,sms,2024-01-01,2024-03-01\n")
    before = shop.rows("consent", "given_at", "withdrawn_at")
    shop.bring("consents", "客户编号,渠道,授权时间,撤回时间\nC1,sms,2024-02-01,\n", mode=mode)
    shop.bring("customers", "客户编号,短信授权\nC1,是\n", mode=mode)
    ((given, withdrawn),) = shop.rows("consent", "given_at", "withdrawn_at")
    assert withdrawn == before[0][1]
    assert given < withdrawn


def test_sensitive_columns_need_leave(shop: Shop) -> None:
    declared = (Attribute(Column("病史", Type.TEXT, "病史"), sensitive=True),)
    settings = replace(shop.settings, attributes={"customers": declared})
    content = "客户编号,病史\nC1,无过敏\n"
    with pytest.raises(UsageError) as caught:
        shop.bring("customers", content, settings=settings, allow_sensitive=False)
    assert (caught.value.key, caught.value.params["columns"]) == ("error.import_sensitive", "病史")
    assert shop.dump() == []
    shop.bring("customers", content, settings=settings, allow_sensitive=True)
    shop.bring("customers", "客户编号,姓名\nC1,王\n", settings=settings, allow_sensitive=False)
    assert shop.rows("customer", "name", "extra") == [("王", '{"病史":"无过敏"}')]


@pytest.mark.slow
def test_a_dry_run_shows_what_would_change(shop: Shop) -> None:
    shop.bring("customers", CUSTOMERS)
    shop.bring("orders", "订单号,付款时间,实付金额\nO1,2024-01-05 09:30:00,100\n")
    found = shop.bring("customers", "客户编号,姓名,积分,跟进人,短信授权\nC1,,9,S2,否\nC7,新,,,\n", dry_run=True)
    (example,) = found.examples
    assert (example.line, example.key) == (2, "C1")
    assert {column: (old, new) for column, old, new in example.changes} == {
        "owner": ("S1", "S2"),
        "points": ("5", "9"),
        "sms_consent": ("是", "否"),
    }
    found = shop.bring("orders", "订单号,付款时间,实付金额\nO1,2024-01-06 09:30:00,99.5\n", dry_run=True)
    assert found.examples[0].changes == (
        ("paid_at", "2024-01-05 09:30:00", "2024-01-06 09:30:00"),
        ("paid", "100.00", "99.50"),
    )
    assert shop.bring("orders", "订单号\nO1\n").examples == ()


def test_a_moment_that_moves_back_is_a_correction(shop: Shop) -> None:
    """Which file comes in later decides, not what its times say."""
    shop.bring("orders", "订单号,付款时间,退款金额,退款时间\nO1,2027-01-05,5,2027-02-01\n")
    shop.bring("orders", "订单号,付款时间,退款金额,退款时间\nO1,2024-01-05,8,2024-02-01\n")
    assert shop.rows("sales_order", "paid_at", "refunded", "refunded_at") == [(1_704_384_000, 800, 1_706_716_800)]
