"""Every kind of row goes in, is found in the dump, and changes nothing when it comes again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from sqlalchemy import insert, update
from sqlmodel import SQLModel

from pdo.core.errors import UsageError
from pdo.evaluate.stored import StoreFacts
from pdo.ingest.undo import undo_import
from pdo.model.fields import KINDS
from pdo.model.settings import CategoryRule
from pdo.playbook.settings import read_settings
from pdo.store.door import open_door
from tests.ingest.conftest import NOW, Shop

if TYPE_CHECKING:
    from pdo.evaluate.facts import Rows

SETTINGS = """\
attributes:
  customers:
    关注: {type: list, label: 关注点}
    email_consent: boolean
  chats: {地址: text}
aliases:
  staff: {小李: S2}
tables:
  children:
    label: 孩子
    key: [customer_id, 小名]
    time: 生日
    columns: {小名: text, 生日: date}
  vip_terms:
    time: began
    columns: {began: {type: date, label: 开始}, fee: {type: money, label: 会费}}
"""
FILES = {
    "products": "商品编码,商品名称,品类\nP1,车厘子,水果\n",
    "stores": "门店编号,门店名称,店长\nM1,朝阳店,S1\n",
    "staff": "员工编号,员工姓名,所属门店\nS1,张三,M1\n",
    "channels": "渠道,类型,负责人,开始日期\n抖音（达人）,付费,S1,2026-01-01\n",
    "spend": "渠道,日期,计划名称,消耗\n抖音（达人）,2026-01-05,春节,100.50\n抖音（达人）,2026-01-05,,20\n",
    "chats": "群ID,群名,群类型,群主,建群时间,地址\nG1,福利一群,promotion,S1,2026-01-01 10:00:00,朝阳路\n",
    "customers": "客户编号,姓名,关注,短信授权,email_consent\nC1,王伟,水果、海鲜、水果,是,否\nC2,李娜,,,\n",
    "consents": """\
客户编号,渠道,授权时间,撤回时间,来源
C1,call,2026-01-01 10:00:00,,登记表
C2,sms,2026-01-01 10:00:00,2026-01-02 10:00:00,短信
""",
    "tags": "客户编号,标签,打标时间,来源\nC1,爱水果,2026-01-01 10:00:00,platform\nC2,爱水果,,\n",
    "follows": "客户编号,添加人账号,添加时间,备注名\nC1,S1,2026-01-01 10:00:00,老王\nC1,小李,2026-01-02 10:00:00,\n",
    "members": """\
群ID,客户编号,入群时间,退群时间
G1,C1,2026-01-03 10:00:00,2026-01-05 10:00:00
G1,C1,2026-01-07 10:00:00,
G2,C3,2026-01-03 10:00:00,
""",
    "leads": "手机号,姓名,来源,分配给\n138 0013 8000,赵六,抖音,S1\n",
    "orders": "订单号,客户编号,付款时间,实付金额\nO1,C1,2026-01-05 10:00:00,99\n",
    "items": "订单号,货号,数量,金额\nO1,P1,1,99\n",
    "events": "客户编号,类型,时间\nC1,询价,2026-01-05 10:00:00\n",
    "coupons": """\
券码,客户编号,券名称,面额,领取时间,有效期至,核销订单号
K1,C1,回店券,20,2026-01-01 10:00:00,2026-02-01,O1
K2,,回店券,20,,,
""",
    "tasks": """\
任务编号,客户编号,类型,执行人,创建时间,截止日期,结果,备注
T1,C1,回访,S1,2026-01-01 10:00:00,2026-01-03,已联系,下周来
""",
    "referrals": "邀请人,被邀请人,渠道,邀请时间\nC1,C4,海报,2026-01-05 10:00:00\n",
    "children": "客户编号,小名,生日\nC1,豆豆,2020-05-01\nC1,毛毛,2023-06-01\n",
    "vip_terms": "客户编号,开始,会费\nC1,2025-01-01,199\nC1,2026-01-01,299\n",
}
BY_NAME = ("chats", "customers", "consents", "tags", "members", "spend", "referrals", "children")
"""Kinds that name customers and others which may come later."""
EXPECTED: dict[str, list[dict[str, Any]]] = {
    "channel": [{"key": "抖音（达人）", "kind": "付费", "staff": "S1", "started_on": "2026-01-01"}],
    "spend": [
        {"channel": "抖音（达人）", "spent_on": "2026-01-05", "item": "", "amount": 2_000},
        {"channel": "抖音（达人）", "spent_on": "2026-01-05", "item": "春节", "amount": 10_050},
    ],
    "chat": [
        {"key": "G1", "type": "promotion", "owner": "S1", "extra": '{"地址":"朝阳路"}'},
        {"key": "G2", "name": None},
    ],
    "chat_member": [
        {"chat": "G1", "customer": "C1", "joined_at": 1_767_405_600, "left_at": 1_767_578_400},
        {"chat": "G1", "customer": "C1", "joined_at": 1_767_751_200, "left_at": None},
        {"chat": "G2", "customer": "C3"},
    ],
    "consent": [
        {"customer": "C1", "channel": "call", "source": "登记表", "given_at": 1_767_232_800, "withdrawn_at": None},
        {"customer": "C1", "channel": "email", "source": "file", "given_at": None, "withdrawn_at": NOW},
        {"customer": "C1", "channel": "sms", "source": "file", "given_at": NOW, "withdrawn_at": None},
        {"customer": "C2", "channel": "sms", "given_at": 1_767_232_800, "withdrawn_at": 1_767_319_200},
    ],
    "assignment": [
        {"label_name": "爱水果", "customer": "C1", "source": "platform", "since": 1_767_232_800},
        {"label_name": "爱水果", "customer": "C2", "source": "file", "since": NOW},
    ],
    "follow": [
        {"customer": "C1", "staff": "S1", "remark_name": "老王"},
        {"customer": "C1", "staff": "S2", "added_at": 1_767_319_200},
    ],
    "lead": [{"key": "13800138000", "name": "赵六", "source_channel": "抖音", "staff": "S1"}],
    "coupon": [
        {"key": "K1", "customer": "C1", "offer": "回店券", "value": 2_000, "order_id": "O1", "used_at": None},
        {"key": "K2", "customer": None},
    ],
    "task": [{"key": "T1", "customer": "C1", "type": "回访", "staff": "S1", "due_on": "2026-01-03", "note": "下周来"}],
    "referral": [{"customer": "C1", "referred": "C4", "channel": "海报"}],
    "declared_row": [
        {"kind": "children", "key": "C1\x1f毛毛", "customer": "C1", "extra": '{"小名":"毛毛","生日":"2023-06-01"}'},
        {"kind": "children", "key": "C1\x1f豆豆", "customer": "C1", "extra": '{"小名":"豆豆","生日":"2020-05-01"}'},
        {"kind": "vip_terms", "customer": "C1", "extra": '{"began":"2025-01-01","fee":19900}'},
        {"kind": "vip_terms", "customer": "C1", "extra": '{"began":"2026-01-01","fee":29900}'},
    ],
}


@pytest.fixture
def new_market(new_shop: Callable[[], Shop]) -> Callable[[], Shop]:
    """Makes shops with columns and tables of their own."""

    def make() -> Shop:
        shop = new_shop()
        (shop.folder / "pdo.yaml").write_text(SETTINGS, encoding="utf-8")
        settings, findings = read_settings(shop.folder)
        assert settings is not None
        assert list(findings) == []
        return replace(shop, settings=replace(settings, database=shop.settings.database))

    return make


@pytest.fixture
def market(new_market: Callable[[], Shop]) -> Shop:
    return new_market()


def told(shop: Shop, table: str) -> list[dict[str, Any]]:
    return [row for row in map(json.loads, shop.dump()) if row["table"] == table]


def test_every_kind_has_a_file_here() -> None:
    assert set(FILES) == {*KINDS, "children", "vip_terms"}


def bring_all(shop: Shop) -> list[list[str]]:
    """Bring every kind in.

    Returns:
        The dump before each file.
    """
    before = []
    for kind, content in FILES.items():
        before.append(shop.dump())
        report = shop.bring(kind, content)
        assert (report.rejected, report.new) == (0, report.read), (kind, report)
    return before


@pytest.mark.slow
def test_every_kind_goes_in(market: Shop) -> None:
    bring_all(market)
    for table, rows in EXPECTED.items():
        found = told(market, table)
        assert len(found) == len(rows), found
        for row, expected in zip(found, rows, strict=True):
            assert row | expected == row


@pytest.mark.slow
def test_every_kind_changes_nothing_when_it_comes_again_and_is_taken_back(market: Shop) -> None:
    before = bring_all(market)
    dump = market.dump()
    for kind, content in FILES.items():
        report = market.bring(kind, content)
        assert (report.new, report.changed, report.same) == (0, 0, report.read), (kind, report)
    assert market.dump() == dump
    for import_id in range(2 * len(FILES), 0, -1):
        with open_door(market.settings.database, write=True, doing="test", resolved=True) as door:
            undo_import(door, import_id, now=NOW, actor="tester")
        if import_id <= len(FILES):
            assert market.dump() == before[import_id - 1], import_id


FACTS: dict[str, list[dict[str, Any]]] = {
    "chats": [
        {"chat_id": "G1", "type": "promotion", "owner": "S1", "store": None, "joined_at": 1_767_405_600, "key": "G1"},
        {"chat_id": "G1", "left_at": None, "joined_at": 1_767_751_200, "extra": '{"地址":"朝阳路"}'},
        {"chat_id": "G2", "type": None, "joined_at": 1_767_405_600},
    ],
    "follows": [{"staff": "S1", "remark_name": "老王", "key": "S1"}, {"staff": "S2", "added_at": 1_767_319_200}],
    "coupons": [{"code": "K1", "value": 2_000, "order_id": "O1", "expires_at": 1_769_875_200}],
    "tasks": [{"task_id": "T1", "type": "回访", "staff": "S1", "due_on": "2026-01-03", "result": "已联系"}],
    "referrals": [{"referred": "C4", "channel": "海报", "occurred_at": 1_767_578_400}],
    "messages": [
        {
            "campaign": "A",
            "channel": "sms",
            "status": "planned",
            "planned_on": "2026-01-09",
            "at": 50,
            "sent_at": None,
        },
        {"campaign": "B", "channel": "sms", "status": "exported", "planned_on": "2026-01-09", "at": 70, "sent_at": 70},
    ],
    "children": [{"key": "C1\x1f毛毛"}, {"key": "C1\x1f豆豆", "extra": '{"小名":"豆豆","生日":"2020-05-01"}'}],
}


def whole(rows: Rows) -> pa.Table:
    """All rows; a small table is never read in halves."""
    assert isinstance(rows, pa.RecordBatchReader)
    return rows.read_all()


@pytest.mark.slow
def test_conditions_read_what_was_imported(market: Shop) -> None:
    for kind in ("chats", "customers", "consents", "follows", "members", "coupons", "tasks", "referrals", "children"):
        market.bring(kind, FILES[kind])
    subjects = market.settings.subjects
    assert {*FACTS, "vip_terms", "orders", "items", "events"} == set(subjects)
    with open_door(market.settings.database, write=True, doing="test") as door:
        for statement in messages():
            door.execute(statement)
        facts = StoreFacts(door)
        for kind, expected in FACTS.items():
            subject = subjects[kind]
            time = () if subject.time is None or kind == "children" else (subject.time,)
            names = dict.fromkeys(("customer_id", "key", "extra", *time, *(column.name for column in subject.columns)))
            rows = sorted(
                whole(facts.rows(kind, tuple(names))).to_pylist(), key=lambda row: (row["key"], *row.values())
            )
            assert len(rows) == len(expected), rows
            for row, some in zip(rows, expected, strict=True):
                assert row | some == row
            mine = StoreFacts(door, customer_id=rows[0]["customer_id"])
            assert whole(mine.rows(kind, ("key",))).num_rows <= len(rows)
            assert whole(StoreFacts(door, customer_id=-1).rows(kind, ("key",))).num_rows == 0
        allowed = whole(facts.rows("customers", ("key", "sms_consent", "call_consent", "email_consent"))).to_pylist()
    assert [tuple(row.values()) for row in allowed[:2]] == [("C1", 1, 1, 0), ("C2", 0, None, None)]


def messages() -> Iterator[Any]:
    """Two messages to one customer: one planned, one sent."""
    tables = SQLModel.metadata.tables
    yield insert(tables["run"]).values(
        id=1, as_of=50, started_at=60, actor="x", playbooks="{}", changes=2, counts="{}", import_id=0
    )
    for number, campaign, status, sent_at in ((1, "A", "planned", None), (2, "B", "exported", 70)):
        day = date(2026, 1, 9)
        common = {"id": number, "campaign": campaign, "planned_on": day, "status": status}
        yield insert(tables["batch"]).values(**common, playbook="p", channel="sms", run_id=1)
        yield insert(tables["message"]).values(**common, batch_id=number, customer_id=1, text="您好", sent_at=sent_at)


@pytest.mark.slow
def test_the_order_of_files_changes_nothing(new_market: Callable[[], Shop]) -> None:
    dumps = []
    for kinds in (BY_NAME, BY_NAME[::-1]):
        shop = new_market()
        for kind in kinds:
            shop.bring(kind, FILES[kind])
        dumps.append(shop.dump())
    assert dumps[0] == dumps[1]


# Several texts in a cell -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("水果", '["水果"]'),
        ("水果、海鲜，水果；乳品|酒 | 茶", '["水果","海鲜","乳品","酒","茶"]'),
        ('"水果,海鲜;, ,"', '["水果","海鲜"]'),
        ("", None),
        ("、", None),
        ("——", None),
    ],
)
@pytest.mark.slow
def test_a_list_is_read_from_one_cell(market: Shop, cell: str, kept: str | None) -> None:
    market.bring("customers", f"客户编号,关注\nC1,{cell}\n")
    assert market.rows("customer", "extra") == [(None if kept is None else '{"关注":' + kept + "}",)]


def test_every_text_of_a_list_must_be_allowed(market: Shop) -> None:
    found = market.settings.attributes["customers"][0]
    narrow = replace(market.settings, attributes={"customers": (replace(found, values=("水果", "海鲜")),)})
    report = market.bring("customers", "客户编号,关注\nC1,水果、海鲜\nC2,水果、酒\n", settings=narrow)
    assert [(cell.line, cell.code) for cell in report.rejects] == [(3, "IM123")]


# Consents ---------------------------------------------------------------------------------------------------------------


def consents(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.rows("consent", "channel", "given_at", "withdrawn_at")


def test_a_column_gives_and_withdraws_consent(market: Shop) -> None:
    market.bring("customers", "客户编号,短信授权\nC1,是\n")
    assert consents(market) == [("sms", NOW, None)]
    market.bring("customers", "客户编号,短信授权,姓名\nC1,否,王伟\n")
    assert consents(market) == [("sms", NOW, NOW)]


def test_a_column_never_overrules_a_withdrawal(market: Shop) -> None:
    market.bring("consents", "客户编号,渠道,撤回时间\nC1,sms,2026-01-02 10:00:00\n")
    report = market.bring("customers", "客户编号,姓名,短信授权\nC1,王伟,是\n")
    assert report.new == 1
    assert consents(market) == [("sms", None, 1_767_319_200)]


def test_an_older_file_moves_no_consent(market: Shop) -> None:
    newer = "客户编号,渠道,授权时间,撤回时间\nC1,sms,2026-01-01 10:00:00,2026-01-02 10:00:00\n"
    older = "客户编号,渠道,授权时间\nC1,sms,2025-06-01 10:00:00\n"
    market.bring("consents", newer)
    assert market.bring("consents", older).changed == 0
    assert consents(market) == [("sms", 1_767_232_800, 1_767_319_200)]


def test_a_consent_that_says_nothing_is_rejected(market: Shop) -> None:
    report = market.bring("consents", "客户编号,渠道,授权时间,撤回时间\nC1,sms,,\nC2,sms,2026-01-01 10:00:00,\n")
    assert [(cell.line, cell.code) for cell in report.rejects] == [(2, "IM131")]
    with pytest.raises(UsageError):
        market.bring("consents", "客户编号,渠道\nC1,sms\n")


# Tags -------------------------------------------------------------------------------------------------------------------


def test_a_tag_that_was_taken_off_comes_back_only_if_put_on_later(market: Shop) -> None:
    market.bring("tags", "客户编号,标签\nC1,爱水果\n")
    with open_door(market.settings.database, write=True, doing="test") as door:
        door.execute(update(SQLModel.metadata.tables["assignment"]).values(until=NOW + 10, until_run_id=0))
    assert market.bring("tags", "客户编号,标签\nC1,爱水果\n").same == 1
    assert market.bring("tags", "客户编号,标签,打标时间\nC1,爱水果,2026-01-01\n").same == 1
    assert market.bring("tags", "客户编号,标签,打标时间\nC1,爱水果,2026-12-01\n").new == 1


def test_only_files_and_platforms_are_sources_of_imported_tags(market: Shop) -> None:
    report = market.bring("tags", "客户编号,标签,来源\nC1,爱水果,rule\n")
    assert [(cell.column, cell.code) for cell in report.rejects] == [("来源", "IM123")]


# Keys -------------------------------------------------------------------------------------------------------------------


def test_repeated_keys_of_several_parts_are_named_as_people_write_them(market: Shop) -> None:
    report = market.bring("follows", "客户编号,跟进人,备注名\nC1,S1,甲\nC1,S1,乙\n")
    assert [(note.line, note.value, note.code, note.params) for note in report.notes] == [
        (2, "C1", "IM150", {"other": 3})
    ]
    assert market.rows("follow", "remark_name") == [("乙",)]


def test_a_row_of_a_declared_table_is_changed_by_its_key(market: Shop) -> None:
    market.bring("children", "客户编号,小名,生日\nC1,豆豆,2020-05-01\n")
    report = market.bring("children", "客户编号,小名,生日\nC1,豆豆,2020-05-02\nC1,,2020-05-02\n")
    assert (report.changed, [(cell.line, cell.code) for cell in report.rejects]) == (1, [(3, "IM110")])
    assert market.rows("declared_row", "extra") == [('{"小名":"豆豆","生日":"2020-05-02"}',)]


# Categories -------------------------------------------------------------------------------------------------------------

RULES = (
    CategoryRule("礼盒", titles=("礼盒",)),
    CategoryRule("水果", titles=("车厘子", "草莓"), cycle_days=7),
    CategoryRule("海鲜", skus=("P3",)),
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "商品编码,商品名称\nP1,智利车厘子\nP2,车厘子礼盒\nP3,\nP4,牛奶\n",
            [("P1", "水果", 7), ("P2", "礼盒", None), ("P3", "海鲜", None), ("P4", None, None)],
        ),
        ("商品编码\nP1\nP3\n", [("P1", None, None), ("P3", "海鲜", None)]),
        (
            "商品编码,商品名称,品类,周期天数\nP1,车厘子,进口水果,\nP2,草莓,,3\n",
            [("P1", "进口水果", 7), ("P2", "水果", 3)],
        ),
    ],
)
@pytest.mark.slow
def test_categories_fill_in_what_a_file_leaves_open(
    shop: Shop, content: str, expected: list[tuple[str, str | None, int | None]]
) -> None:
    settings = replace(shop.settings, categories=RULES)
    shop.bring("products", content, settings=settings)
    assert shop.rows("product", "key", "category", "cycle_days") == expected
    again = shop.bring("products", content, settings=settings)
    assert again.same == again.read


def test_new_rules_for_categories_reach_products_that_come_again(shop: Shop) -> None:
    content = "商品编码,商品名称\nP1,车厘子\n"
    shop.bring("products", content)
    report = shop.bring("products", content, settings=replace(shop.settings, categories=RULES))
    assert report.changed == 1
    assert shop.rows("product", "category", "cycle_days") == [("水果", 7)]
