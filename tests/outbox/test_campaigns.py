"""Campaigns end to end: what is said to whom, codes, contents, the life of a batch, the look before a run."""

from __future__ import annotations

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.outbox.conftest import Sender

FRIENDS = ("a,王芳,13800138000,北京,s1,m1,是,", "b,李雷,,上海,s2,m1,是,", "c,,,广州,s1,m1,是,")
VOUCHER = (
    "offers: {券: {coupon: {pool: 券池}, valid: 7d}}\n"
    'campaigns:\n  发券: {to: everyone, channel: file, offer: 券, every: 30d, %stext: "{{ offer.code }}"}\n'
)


def test_the_first_line_that_holds_is_said_and_the_others_are_skipped(shop: Sender) -> None:
    shop.playbook(
        "offers: {价: {product: 车厘子, price: 79.9, redeem: 自提}}\n"
        "campaigns:\n  上市:\n    to: everyone\n    channel: wecom\n    choose:\n"
        '      - {when: {city: 北京}, offer: 价, text: "{{ offer.price }} 元{{ offer.redeem }}"}\n'
        "      - {when: {city: [北京, 上海]}, text: 请到店看价}\n"
        "      - otherwise: {skip: 无价}\n"
    )
    shop.people(*FRIENDS)
    shop.run()
    assert shop.texts("上市") == {"a": "79.9 元自提", "b": "请到店看价"}
    assert shop.reasons("上市") == {"c": "skipped:无价"}


@pytest.mark.slow
def test_a_code_goes_to_one_person_and_is_free_again_when_nothing_went_out(shop: Sender) -> None:
    shop.playbook(VOUCHER % "")
    shop.people(*FRIENDS)
    shop.bring("coupons", "code,offer\nK1,券池\nK2,券池\n")
    shop.run()
    assert shop.texts("发券") == {"a": "K1", "b": "K2"}
    assert shop.reasons("发券") == {"c": "no_code"}
    shop.pdo("batch", "cancel", "1")
    assert shop.rows("SELECT count(*) FROM code") == [(0,)]
    shop.run("2026-03-03T10:00")
    assert shop.texts("发券", "2026-03-03") == {"a": "K1", "b": "K2"}
    shop.approve_all()
    shop.run("2026-03-04T10:00")
    assert shop.reasons("发券", "2026-03-04") == {"c": "no_code"}
    assert shop.rows("SELECT key, given_on FROM code ORDER BY key") == [("K1", "2026-03-03"), ("K2", "2026-03-03")]


@pytest.mark.slow
def test_undoing_a_run_frees_its_codes(shop: Sender) -> None:
    shop.playbook(VOUCHER % "approval: auto, ")
    shop.people(*FRIENDS)
    shop.bring("coupons", "code,offer\nK1,券池\n")
    before = shop.state()
    shop.run()
    shop.pdo("runs", "undo", "1")
    assert shop.state() == before


def test_the_row_of_contents_that_fits_best_once_in_so_long(shop: Sender) -> None:
    shop.write("contents/t.csv", "编号,城市,文案\n1,*,大家好\n2,北京,北京好\n")
    shop.playbook(
        "contents: {问候语: {table: contents/t.csv, match: {城市: city}, never_repeat: 90d}}\n"
        "campaigns: {问候: {to: everyone, channel: file, every: 1d, approval: auto, content: 问候语}}\n"
    )
    shop.people(*FRIENDS)
    shop.run()
    assert shop.texts("问候") == {"a": "北京好", "b": "大家好", "c": "大家好"}
    shop.run("2026-03-03T10:00")
    assert shop.texts("问候", "2026-03-03") == {"a": "大家好"}
    assert shop.reasons("问候", "2026-03-03") == {"b": "no_content", "c": "no_content"}


def test_contents_may_be_a_workbook(shop: Sender) -> None:
    (shop.root / "contents").mkdir()
    book = xlsxwriter.Workbook(shop.root / "contents" / "t.xlsx")
    sheet = book.add_worksheet()
    for number, row in enumerate([("编号", "日期", "文案"), (1, "2026-03-02", "今天好"), (2, "2026-03-03", "明天好")]):
        sheet.write_row(number, 0, row)
    book.close()
    shop.playbook(
        "contents: {每日: {table: contents/t.xlsx, by: date}}\n"
        "campaigns: {推送: {to: everyone, channel: file, every: 1d, content: 每日}}\n"
    )
    shop.people(FRIENDS[0])
    shop.run()
    assert shop.texts("推送") == {"a": "今天好"}


@pytest.mark.slow
def test_contents_take_turns(shop: Sender) -> None:
    shop.write("contents/t.csv", "编号,文案\n1,一\n2,二\n3,三\n")
    shop.playbook(
        "contents: {食谱: {table: contents/t.csv, by: rotation}}\n"
        "campaigns: {推送: {to: everyone, channel: file, every: 1d, approval: auto, content: 食谱}}\n"
    )
    shop.people(FRIENDS[0])
    for day in (2, 3, 4, 5):
        shop.run(f"2026-03-0{day}T10:00")
    assert [shop.texts("推送", f"2026-03-0{day}")["a"] for day in (2, 3, 4, 5)] == ["一", "二", "三", "一"]


def test_an_edit_takes_the_approval_back_and_the_messages_are_made_anew(shop: Sender) -> None:
    old = "campaigns: {问候: {to: everyone, channel: file, approval: manual, text: 您好}}\n"
    shop.playbook(old)
    shop.people(FRIENDS[0])
    shop.run()
    shop.pdo("batch", "approve", "1")
    shop.playbook(old.replace("您好", "早上好"))
    refused = shop.pdo("batch", "approve", "1", code=2)
    assert "改过" in refused.stderr
    assert "改过" in shop.pdo("batch", "export", "1", code=2).stderr
    shop.run("2026-03-02T11:00")
    assert shop.rows("SELECT id, status FROM batch ORDER BY id") == [(1, "cancelled"), (2, "draft")]
    assert shop.texts("问候") == {"a": "早上好"}


@pytest.mark.slow
def test_festivals_have_their_day_every_year(shop: Sender) -> None:
    shop.playbook("campaigns: {团圆: {to: everyone, channel: file, every: 1d, on: [中秋, 双11], text: 团圆}}\n")
    shop.people(FRIENDS[0])
    for day in ("2026-09-24", "2026-09-25", "2026-11-11", "2120-09-17"):
        shop.run(f"{day}T10:00")
    assert shop.rows("SELECT planned_on FROM message ORDER BY planned_on") == [("2026-09-25",), ("2026-11-11",)]


def test_the_look_before_a_run_changes_nothing(shop: Sender) -> None:
    shop.playbook(
        'campaigns: {问候: {to: {city: [北京, 上海]}, channel: wecom, on: [周二], text: "{{ today }} 到店有礼"}}\n'
    )
    shop.people(*FRIENDS)
    before = shop.state()
    found = shop.data("preview", "问候", "--as-of", "2026-03-02T10:00")
    assert (found["runs_today"], found["next_on"]) == (False, "2026-03-03")
    assert [(step["name"], step["left"]) for step in found["funnel"]][:3] == [
        ("customers", 3),
        ("meant", 2),
        ("due", 2),
    ]
    (channel,) = found["channels"]
    assert [text["text"] for text in channel["texts"]] == ["2026-03-02 到店有礼"]
    assert [(guide["sender"], guide["confirmations"]) for guide in channel["guides"]] == [("s1", 1), ("s2", 1)]
    assert shop.state() == before


@pytest.mark.parametrize(("channel", "left"), [("wecom", 3), ("sms", 0), ("file", 3)])
def test_counting_goes_down_the_funnel_of_a_channel(shop: Sender, channel: str, left: int) -> None:
    shop.playbook("tags: {有城市: {when: {city: {exists: true}}}}\n")
    shop.people(*FRIENDS)
    found = shop.data("count", "tag: 有城市", "--channel", channel, "--as-of", "2026-03-02T10:00")
    assert found["funnel"][-1]["left"] == left


def test_a_message_is_explained(shop: Sender) -> None:
    shop.playbook("campaigns: {问候: {to: everyone, channel: wecom, text: 您好}}\n")
    shop.people(FRIENDS[0], "d,,,,,,否,")
    shop.run()
    assert "不是好友" in shop.pdo("explain", "d", "--message", "问候").stdout
    assert "您好" in shop.pdo("explain", "a", "--message", "问候").stdout


@pytest.mark.slow
def test_plain_texts_and_those_of_the_sandbox_say_the_same(shop: Sender) -> None:
    said = (
        "{{ name | default('您') }} {{ points | default('没有积分') }} {{ 消费 }} {{ 折数 | default('-') }} {{ 天数 }}"
        " {{ birthday | default('?') }} {{ is_friend | default('?') }} {{ today }}"
    )
    shop.playbook(
        "metrics:\n  消费: {orders: amount}\n  天数: {orders: {measure: count}}\n  折数: {items: quantity}\n"
        "campaigns:\n"
        f'  直接: {{to: everyone, channel: file, priority: 1, text: "{said}"}}\n'
        f'  沙箱: {{to: everyone, channel: file, priority: 2, text: "{{% if 1 %}}{said}{{% endif %}}"}}\n'
    )
    header = "customer_id,name,points,birthday,is_friend\n"
    shop.bring("customers", f"{header}a,王芳,-5,1990-02-28,是\nb,,,,否\nc,{{{{ x }}}},0,2000-01-01,\n")
    shop.bring(
        "orders", "order_id,customer_id,paid_at,paid\no1,a,2026-03-01 10:00:00,1234.5\no2,c,2026-03-01 10:00:00,0.05\n"
    )
    shop.bring("items", "order_id,sku,quantity,amount\no1,s1,2.5,1234.5\no2,s1,10,0.05\n")
    shop.run()
    assert shop.texts("直接") == shop.texts("沙箱")
    assert shop.texts("直接")["a"] == "王芳 -5 1234.50 2.5 1 1990-02-28 是 2026-03-02"


def test_a_journey_is_looked_at_step_by_step_before_anybody_enters(shop: Sender) -> None:
    shop.playbook(
        "policy: {quiet_hours: 21:00..09:00, caps: [{channel: any, max: 1, per: 7d}]}\n"
        "journeys:\n  迎新:\n    enter: {city: [北京, 上海]}\n    steps:\n"
        '      - {name: 欢迎, after: 0d, at: "10:00", channel: one_to_one, sender: owner,'
        " text: \"{{ name | default('亲') }}您好\"}\n"
        "      - {name: 等单, wait_for: {orders: {within: 7d}}, timeout: 7d}\n"
        '      - {name: 回访, after: 7d, at: "18:00", when: {city: 北京}, channel: one_to_one, sender: owner, text: 还好吗}\n'
        "      - {name: 电话, after: 9d, task: 打个电话}\n"
    )
    shop.people(*FRIENDS, "d,,,北京,s1,m1,否,")
    before = shop.state()
    found = shop.data("preview", "迎新", "--as-of", "2026-03-02T23:30")
    assert found["entering"] == 3
    assert [(step["name"], step["kind"], step["time"]["offset"], step["time"]["at"]) for step in found["steps"]] == [
        ("欢迎", "message", "0d", "10:00"),
        ("等单", "wait", "", ""),
        ("回访", "message", "7d", "18:00"),
        ("电话", "task", "9d", ""),
    ]
    said = {step["name"]: channel for step in found["steps"] for channel in step["channels"]}
    assert [text["text"] for text in said["欢迎"]["texts"]] == ["王芳您好", "李雷您好"]
    assert [(name, one["planned"], one["reasons"]) for name, one in said.items()] == [
        ("欢迎", 2, {"not_friend": 1}),
        ("回访", 2, {"not_friend": 1}),
    ]
    assert [(guide["sender"], guide["messages"]) for guide in said["回访"]["guides"]] == [("s1", 1), ("s2", 1)]
    only = shop.pdo("preview", "迎新/回访", "--as-of", "2026-03-02T23:30").stdout
    assert "进入后 7d, 18:00" in only
    assert "还好吗" in only
    assert "您好" not in only
    assert "迎新/回访" in shop.pdo("preview", "迎新/回仿", code=2).stderr
    assert shop.state() == before


@pytest.mark.slow
def test_a_pool_that_is_short_is_told_before_and_in_the_run(shop: Sender) -> None:
    shop.playbook(VOUCHER % "")
    shop.people(*FRIENDS)
    shop.bring("coupons", "code,offer\nK1,券池\nK2,券池\n")
    short = "券池 券池 不够，1 人没有码可发"
    assert short in shop.pdo("preview", "发券", "--as-of", "2026-03-02T10:00").stdout
    (note,) = shop.data("plan", "--as-of", "2026-03-02T10:00")["notes"]
    assert (note["kind"], note["name"], note["count"]) == ("short", "券池", 1)
    assert short in shop.pdo("run", "--as-of", "2026-03-02T10:00").stdout


@pytest.mark.parametrize(("codes", "kinds"), [(5, ["low"]), (6, [])])
@pytest.mark.slow
def test_codes_that_do_not_last_another_time_are_told(shop: Sender, codes: int, kinds: list[str]) -> None:
    shop.playbook(VOUCHER % "")
    shop.people(*FRIENDS)
    shop.bring("coupons", "code,offer\n" + "".join(f"K{number},券池\n" for number in range(codes)))
    notes = shop.data("plan", "--as-of", "2026-03-02T10:00")["notes"]
    assert [note["kind"] for note in notes] == kinds
    assert [(note["count"], note["left"]) for note in notes] == [(3, 2)] * len(kinds)


def test_codes_that_end_before_the_offer_does_are_told(shop: Sender) -> None:
    """The offer holds for seven days, to 8 March."""
    shop.playbook(VOUCHER % "")
    shop.people(*FRIENDS)
    ends = ["2026-03-05 00:00:00", "2026-03-09 00:00:00", "", "", "", ""]
    rows = "".join(f"K{number},券池,{end}\n" for number, end in enumerate(ends))
    shop.bring("coupons", f"code,offer,expires_at\n{rows}")
    (note,) = shop.data("preview", "发券", "--as-of", "2026-03-02T10:00")["notes"]
    assert note == {
        "kind": "ends",
        "name": "券池",
        "count": 1,
        "left": 0,
        "day": "2026-03-04",
        "until": "2026-03-08",
    }


@pytest.mark.parametrize(("valid", "kinds"), [("8d", ["offer"]), ("7d", [])])
def test_an_offer_that_ends_before_its_message_may_leave_is_told(shop: Sender, valid: str, kinds: list[str]) -> None:
    shop.playbook(
        "offers: {礼: {product: 车厘子, valid: 7d}}\n"
        f"campaigns: {{送礼: {{to: everyone, channel: file, offer: 礼, valid: {valid}, text: 来拿}}}}\n"
    )
    shop.people(FRIENDS[0])
    notes = shop.data("plan", "--as-of", "2026-03-02T10:00")["notes"]
    assert [note["kind"] for note in notes] == kinds


def test_the_day_tells_codes_that_run_out_and_end(shop: Sender) -> None:
    shop.playbook(VOUCHER % "")
    shop.people(*FRIENDS)
    ends = ("", "", "", "2026-03-20 00:00:00", "")
    rows = "".join(f"K{number},券池,{end}\n" for number, end in enumerate(ends))
    shop.bring("coupons", f"code,offer,expires_at\n{rows}")
    shop.run()
    (codes,) = shop.data("today", "--as-of", "2026-03-08T10:00")["codes"]
    assert codes == {"offer": "券池", "left": 2, "total": 5, "given": 3, "ends_on": "2026-03-19"}
    assert "不够再发 7 天" in shop.pdo("today", "--as-of", "2026-03-08T10:00").stdout
    assert "不够再发" not in shop.pdo("today", "--as-of", "2026-03-09T10:00").stdout


def test_a_grant_leaves_as_a_list_in_the_words_of_the_shop_system(shop: Sender) -> None:
    shop.playbook(
        "offers: {生日礼: {coupon: {grant: 满100减20}}, 回店礼: {coupon: {pool: 券池}}}\n"
        "campaigns:\n  送券:\n    to: everyone\n    channel: file\n    approval: auto\n    choose:\n"
        "      - {when: {city: 北京}, offer: 生日礼, text: 有礼}\n"
        '      - {when: {city: 上海}, offer: 回店礼, text: "{{ offer.code }}"}\n'
        "      - otherwise: {skip: 无礼}\n"
    )
    shop.people(*FRIENDS)
    shop.bring("coupons", "code,offer\nK1,券池\n")
    shop.run()
    shop.pdo("batch", "export", "1", "--as", "coupons")
    book = CalamineWorkbook.from_path(shop.root / "out" / "2026-03-02" / "batch-1-coupons.xlsx")
    assert book.get_sheet_by_index(0).to_python() == [
        ["会员编号", "手机号", "券名称", "券码", "活动"],
        ["a", "13800138000", "满100减20", "", "送券"],
        ["b", "", "券池", "K1", "送券"],
    ]
