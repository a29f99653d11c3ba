"""Which column means which: aliases, mappings, declared attributes, and what is said where it cannot be known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pdo.core.errors import UsageError
from pdo.core.wording import hint_of, say
from pdo.ingest.headers import Header, bind_header, known_headers
from pdo.model.fields import KINDS, Column, Type
from pdo.model.settings import Attribute, ImportMapping, Settings
from tests.ingest.conftest import Shop, mapping

CHILD = Attribute(Column("child_birthday", Type.DATE, "宝宝生日"))
SIZE = Attribute(Column("size", Type.TEXT, "尺码"), values=("S", "M", "L"))
SETTINGS = Settings(Path(), Path("x.db"), attributes={"customers": (SIZE, CHILD)})


def bind(kind: str, *cells: str, given: ImportMapping | None = None) -> Header:
    return bind_header(Path("in.csv"), cells, KINDS[kind], settings=SETTINGS, mapping=given)


def bound(header: Header) -> dict[str, str]:
    return {found.column.name: found.header for found in header.bound}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("customer_id", "phone"), {"customer_id": "customer_id", "phone": "phone"}),
        (("客户编号", "手机号", "尺码"), {"customer_id": "客户编号", "phone": "手机号", "size": "尺码"}),
        (("会员 ID", "客 户 姓 名"), {"customer_id": "会员 ID", "name": "客 户 姓 名"}),
        (("CUSTOMER_ID", "Name"), {"customer_id": "CUSTOMER_ID", "name": "Name"}),
        (("客户ＩＤ", "child_birthday"), {"customer_id": "客户ＩＤ", "child_birthday": "child_birthday"}),
    ],
)
def test_aliases(cells: tuple[str, ...], expected: dict[str, str]) -> None:
    assert bound(bind("customers", *cells)) == expected


def test_of_several_headers_for_a_column_the_best_known_one_means_it() -> None:
    header = bind("customers", "客户编号", "昵称", "姓名")
    assert bound(header) == {"customer_id": "客户编号", "name": "姓名"}
    assert header.unused == ("昵称",)


def test_a_mapping_goes_first_and_aliases_fill_up() -> None:
    given = mapping("orders", {"order_id": "单号", "paid": "总价"})
    header = bind("orders", "单号", "总价", "实付金额", "付款时间", given=given)
    assert bound(header) == {"order_id": "单号", "paid": "总价", "paid_at": "付款时间"}
    assert header.unused == ("实付金额",)


def test_one_header_may_mean_two_columns_through_a_mapping() -> None:
    given = mapping("orders", {"order_id": "id", "created_at": "time", "paid_at": "time"})
    assert bound(bind("orders", "id", "time", given=given)) == {
        "order_id": "id",
        "created_at": "time",
        "paid_at": "time",
    }


def test_columns_of_a_file_of_rejects_are_not_told() -> None:
    header = bind("customers", "客户编号", "x", "reject_line", "reject_code")
    assert (header.unused, header.kept) == (("x",), (0, 1))


def test_headers_that_mean_something_are_known() -> None:
    known = known_headers(KINDS["customers"], SETTINGS, mapping("customers", {"name": "Real Name"}))
    assert {"customer_id", "客户编号", "尺码", "realname"} <= known


def refused(kind: str, *cells: str, given: ImportMapping | None = None) -> UsageError:
    with pytest.raises(UsageError) as caught:
        bind(kind, *cells, given=given)
    for language in ("zh", "en"):
        assert say(caught.value.key, language, **caught.value.params)
        assert hint_of(caught.value.key, language, **caught.value.params)
    return caught.value


@pytest.mark.parametrize(
    ("cells", "given", "key"),
    [
        (("name",), None, "error.import_column_missing"),
        (("order_id",), mapping("orders", {"order_id": "order_id"}), "error.import_mapping_kind"),
        (("客户编号",), mapping("customers", {"shoe": "客户编号"}), "error.import_mapping_column"),
        (("客户编号",), mapping("customers", {}, required=("shoe",)), "error.import_mapping_column"),
        (("客户编号",), mapping("customers", {"name": "名"}), "error.import_mapping_header"),
        (("客户编号",), mapping("customers", {}, required=("phone",)), "error.import_column_missing"),
    ],
)
def test_what_cannot_be_known(cells: tuple[str, ...], given: ImportMapping | None, key: str) -> None:
    assert refused("customers", *cells, given=given).key == key


def test_a_missing_column_says_what_to_paste() -> None:
    error = refused("orders", "单号", "金额")
    assert say(error.key, "en", **error.params) == (
        "in.csv lacks required columns: order_id (订单号).\n"
        "  headers found: 单号, 金额\n"
        "  recognised: order_id | 订单号 | 订单编号"
    )
    assert hint_of(error.key, "en", **error.params).endswith(
        "mappings:\n  in:\n    kind: orders\n    columns:\n      order_id: …"
    )


@pytest.mark.parametrize("header", ["x", "手机号"])
def test_a_header_that_stands_twice(shop: Shop, header: str) -> None:
    content = f"客户编号,{header},{header}\nC1,,{{}}\n"
    with pytest.raises(UsageError) as caught:
        shop.bring("customers", content.format("13800138000"))
    assert (caught.value.key, caught.value.params["header"]) == ("error.import_header_twice", header)
    assert shop.bring("customers", content.format("")).new == 1


def test_a_mapping_knows_which_columns_are_meant(shop: Shop) -> None:
    report = shop.bring("customers", "客户编号,x,x\nC1,1,2\n", mapping=mapping("customers", {}))
    assert (report.new, report.unused) == (1, ("x", "x"))
    for named in ({"name": "x"}, {}):
        with pytest.raises(UsageError) as caught:
            shop.bring("customers", "客户编号,x,X,姓名,姓名\nC1,1,2,3,4\n", mapping=mapping("customers", named))
        assert caught.value.key == "error.import_header_twice"


def test_where_no_row_is_whole_the_rows_are_rejected_and_not_the_header(shop: Shop) -> None:
    report = shop.bring("customers", "客户编号,姓名,,姓名\nC1,王\nC2,李,1,2,3\n")
    assert [fault.code for fault in report.rejects] == ["IM101", "IM102"]


def test_a_column_without_a_header(shop: Shop) -> None:
    assert shop.bring("customers", "客户编号,,姓名\nC1,,王\n").new == 1
    with pytest.raises(UsageError) as caught:
        shop.bring("customers", "客户编号,,姓名\nC1,,王\nC2,x,李\n")
    assert (caught.value.key, caught.value.params["column"], caught.value.params["line"]) == (
        "error.import_header_blank",
        2,
        3,
    )


def test_blanks_and_marks_in_headers(shop: Shop) -> None:
    report = shop.bring("customers", "\ufeff客户编号 ,\u200b姓名\t\nC1,王\n")
    assert report.columns == {"customer_id": "客户编号", "name": "姓名"}


def test_a_broken_header(shop: Shop) -> None:
    with pytest.raises(UsageError) as caught:
        shop.bring("customers", '"客户编号,姓名\nC1,王\n')
    assert caught.value.key == "error.import_header_broken"


def test_a_file_of_blank_lines(shop: Shop) -> None:
    with pytest.raises(UsageError) as caught:
        shop.bring("customers", "\n\n\n")
    assert caught.value.key == "error.import_empty"


def test_declared_attributes(shop: Shop) -> None:
    settings = replace(shop.settings, attributes=SETTINGS.attributes)
    content = "客户编号,宝宝生日,尺码\nC1,2024/1/5,M\nC2,,\nC3,2024-02-30,XL\n"
    report = shop.bring("customers", content, settings=settings)
    assert (report.new, report.rejected) == (2, 1)
    assert [(found.column, found.code, dict(found.params)) for found in report.rejects] == [
        ("宝宝生日", "IM118", {}),
        ("尺码", "IM123", {"values": "S, M, L"}),
    ]
    assert shop.rows("customer", "key", "extra") == [("C1", '{"child_birthday":"2024-01-05","size":"M"}'), ("C2", None)]
