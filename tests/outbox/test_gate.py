"""The gate: every reason, each with somebody whom it holds back and somebody whom it does not."""

from __future__ import annotations

from datetime import date

import pytest

from pdo.core.calendar import date_of, day_number
from pdo.model.conditions import Duration, Unit
from pdo.model.outbox import FUNNEL, Reason
from pdo.outbox.hours import first_day, last_day
from tests.outbox.conftest import Sender

EVERYBODY = "campaigns:\n  问候: {to: everyone, channel: %s, every: 1d, text: 您好%s}\n"
FRIEND = "a,王芳,13800138000,北京,s1,m1,是,是"


def test_each_reason_belongs_to_one_part_of_the_funnel() -> None:
    parts = [reason for reasons in FUNNEL.values() for reason in reasons]
    assert sorted(parts) == sorted(Reason)


def test_sms_needs_consent_in_writing_and_a_phone(shop: Sender) -> None:
    shop.playbook("policy: {consent: {sms: sms_consent}}\n" + EVERYBODY % ("sms", "，回T退订"))
    shop.people(FRIEND, "b,,13800138001,,s1,,是,否", "c,,13800138002,,s1,,是,", "d,,,,s1,,是,是")
    shop.run()
    assert list(shop.texts("问候")) == ["a"]
    assert shop.reasons("问候") == {"b": "opted_out", "c": "no_consent", "d": "no_address"}


def test_friendship_is_the_consent_of_wecom_unless_withdrawn(shop: Sender) -> None:
    shop.playbook(EVERYBODY % ("wecom", ""))
    shop.people(FRIEND, "b,,,,s1,,否,", "c,,,,s1,,是,", "d,,,,s1,,,")
    shop.bring("consents", "customer_id,channel,given_at,withdrawn_at\nc,wecom,,2026-01-05 10:00:00\n")
    shop.run()
    assert list(shop.texts("问候")) == ["a"]
    assert shop.reasons("问候") == {"b": "not_friend", "c": "opted_out", "d": "not_friend"}


def test_the_first_channel_by_which_somebody_can_be_reached_is_taken(shop: Sender) -> None:
    shop.playbook("policy: {consent: {sms: sms_consent}}\n" + EVERYBODY % ("[wecom, sms]", "，回T退订"))
    shop.people(FRIEND, "b,,13800138001,,s1,,否,是", "c,,13800138002,,s1,,否,否")
    shop.run()
    found = dict(shop.rows("SELECT customer, channel FROM v_message WHERE status = 'planned'"))
    assert found == {"a": "wecom", "b": "sms"}
    assert shop.reasons("问候") == {"c": "not_friend"}


@pytest.mark.slow
def test_the_block_list_holds_on_every_channel_or_on_one(shop: Sender) -> None:
    shop.playbook(
        "campaigns:\n"
        "  文件: {to: everyone, channel: file, every: 1d, text: 您好}\n"
        "  群发: {to: everyone, channel: wecom, every: 1d, text: 您好}\n"
    )
    shop.people(FRIEND, FRIEND.replace("a,", "b,", 1))
    shop.pdo("block", "add", "a", "--note", "投诉")
    shop.pdo("block", "add", "b", "--channel", "wecom")
    shop.run()
    assert shop.reasons("文件") == {"a": "blocked"}
    assert shop.reasons("群发") == {"a": "blocked", "b": "blocked"}
    shop.pdo("block", "remove", "a")
    shop.run("2026-03-03T10:00")
    assert list(shop.texts("文件", "2026-03-03")) == ["a", "b"]


def test_nobody_can_send_to_customers_whose_guide_has_left_but_the_manager(shop: Sender) -> None:
    shop.playbook("campaigns:\n  问候: {to: everyone, channel: one_to_one, sender: owner, every: 1d, text: 您好}\n")
    shop.people(FRIEND, "b,,,,s2,m1,是,", "c,,,,,m1,是,")
    shop.bring("staff", STAFF_LEFT)
    shop.run()
    senders = shop.rows("SELECT customer, sender FROM v_message WHERE status = 'planned' ORDER BY customer")
    assert senders == [("a", "s1"), ("b", "boss")]
    assert shop.reasons("问候") == {"c": "no_sender"}


STAFF_LEFT = "staff_id,name,store,left_on\ns2,李四,m1,2026-03-01\n"


def test_a_missing_value_without_default_withholds(shop: Sender) -> None:
    shop.playbook(
        "campaigns:\n"
        '  简单: {to: everyone, channel: file, every: 1d, text: "{{ name }}您好"}\n'
        "  分支: {to: everyone, channel: file, every: 1d, text: \"{% if city == '北京' %}京{% else %}{{ name }}{% endif %}\"}\n"
    )
    shop.people("a,王芳,,,,,,", "b,,,北京,,,,", "c,,,上海,,,,")
    shop.run()
    assert shop.texts("简单") == {"a": "王芳您好"}
    assert shop.reasons("简单") == {"b": "missing_value:name", "c": "missing_value:name"}
    assert shop.texts("分支") == {"a": "王芳", "b": "京"}
    assert shop.reasons("分支") == {"c": "missing_value:name"}


def test_caps_count_by_priority_and_by_channel(shop: Sender) -> None:
    shop.playbook(
        "policy: {caps: [{channel: any, max: 2, per: 1d}, {channel: wecom, max: 1, per: 7d}]}\n"
        "campaigns:\n"
        "  丙: {to: everyone, channel: file, every: 1d, priority: 3, text: 丙}\n"
        "  甲: {to: everyone, channel: wecom, every: 1d, priority: 1, text: 甲}\n"
        "  乙: {to: everyone, channel: file, every: 1d, priority: 2, text: 乙}\n"
    )
    shop.people(FRIEND)
    shop.run()
    assert [list(shop.texts(name)) for name in "甲乙丙"] == [["a"], ["a"], []]
    assert shop.reasons("丙") == {"a": "cap:any:2/1d"}
    shop.approve_all()
    shop.run("2026-03-08T10:00")
    assert shop.reasons("甲", "2026-03-08") == {"a": "cap:wecom:1/7d"}
    shop.run("2026-03-09T10:00")
    assert list(shop.texts("甲", "2026-03-09")) == ["a"]


@pytest.mark.slow
def test_a_draft_that_nobody_approved_counts_for_no_cap_once_its_day_is_over(shop: Sender) -> None:
    shop.playbook("policy: {caps: [{channel: any, max: 1, per: 7d}]}\n" + EVERYBODY % ("file", ""))
    shop.people(FRIEND)
    shop.run()
    shop.run("2026-03-03T10:00")
    assert list(shop.texts("问候", "2026-03-03")) == ["a"]
    assert shop.rows("SELECT status FROM batch ORDER BY id") == [("expired",), ("draft",)]


@pytest.mark.slow
def test_a_campaign_has_caps_of_its_own(shop: Sender) -> None:
    shop.playbook(
        "campaigns:\n  问候: {to: everyone, channel: file, every: 1d, caps: [{max: 2, per: 7d}], approval: auto, text: 您好}\n"
    )
    shop.people(FRIEND)
    for day in (2, 3, 4):
        shop.run(f"2026-03-0{day}T10:00")
    assert shop.reasons("问候", "2026-03-04") == {"a": "campaign_cap:any:2/7d"}


@pytest.mark.parametrize(
    ("quota", "days", "reason"),
    [
        ("daily", ["2026-03-02T10:00"], "quota:wecom:daily"),
        ("weekly", [f"2026-03-0{day}T10:00" for day in (2, 3, 4, 5, 6, 7, 8)], "quota:wecom:weekly"),
    ],
)
@pytest.mark.slow
def test_the_quota_of_the_platform(shop: Sender, quota: str, days: list[str], reason: str) -> None:
    shop.playbook(
        f"policy: {{quota: {{wecom: {quota}}}}}\ncampaigns:\n"
        "  一: {to: everyone, channel: wecom, every: 1d, priority: 1, approval: auto, text: 一}\n"
        "  二: {to: everyone, channel: wecom, every: 1d, priority: 2, approval: auto, text: 二}\n"
    )
    shop.people(FRIEND)
    for day in days:
        shop.run(day)
    assert shop.reasons("二", days[-1][:10]) == {"a": reason}
    # A week begins on Monday, whatever Sunday is called.
    if quota == "weekly":
        shop.run("2026-03-09T10:00")
        assert list(shop.texts("二", "2026-03-09")) == ["a"]


@pytest.mark.slow
def test_the_platform_takes_as_many_a_month_as_it_has_days(shop: Sender) -> None:
    days = 28
    lines = (
        f"  第{number:02d}条: {{to: everyone, channel: wecom, every: 1d, priority: {number}, approval: auto, text: 您好}}\n"
        for number in range(1, days + 2)
    )
    shop.playbook("policy: {quota: {wecom: monthly}}\ncampaigns:\n" + "".join(lines))
    shop.people(FRIEND)
    shop.run("2026-02-28T10:00")
    assert shop.rows("SELECT count(*) FROM message WHERE status = 'planned'") == [(days,)]
    assert shop.reasons("第29条", "2026-02-28") == {"a": "quota:wecom:monthly"}
    shop.run("2026-03-01T10:00")
    assert list(shop.texts("第29条", "2026-03-01")) == ["a"]


@pytest.mark.slow
def test_a_chat_is_for_its_members(shop: Sender) -> None:
    shop.playbook(EVERYBODY % ("chat", ""))
    shop.people(FRIEND, "b,,,,s1,,是,", "c,,,,s1,,是,")
    shop.bring("chats", "chat_id,name\ng1,车厘子群\n")
    shop.bring("members", "chat_id,customer_id,joined_at,left_at\ng1,a,2026-01-05,\ng1,b,2026-01-05,2026-02-01\n")
    shop.run()
    assert list(shop.texts("问候")) == ["a"]
    assert shop.reasons("问候") == {"b": "not_member", "c": "not_member"}


def test_a_text_that_a_name_makes_too_long_is_withheld(shop: Sender) -> None:
    """4,000 bytes are taken: 1,331 characters of three bytes, and a name of two or three."""
    text = "长" * 1331 + "{{ name }}"
    shop.playbook(
        f'campaigns:\n  问候: {{to: everyone, channel: one_to_one, sender: owner, every: 1d, text: "{text}"}}\n'
    )
    shop.people(FRIEND, FRIEND.replace("a,王芳", "b,欧阳芳", 1))
    shop.run()
    assert list(shop.texts("问候")) == ["a"]
    assert shop.reasons("问候") == {"b": "too_long"}


def test_a_guide_does_so_many_a_day_and_the_rest_waits(shop: Sender) -> None:
    shop.playbook(
        "policy: {capacity: {one_to_one: 2, per: 1d}}\ncampaigns:\n"
        "  问候: {to: everyone, channel: one_to_one, sender: owner, approval: auto, text: 您好}\n"
    )
    shop.people(
        *(f"{key},,,,{owner},m1,是," for key, owner in zip("abcde", ["s1", "s1", "s1", "s2", "s1"], strict=True))
    )
    shop.run()
    assert list(shop.texts("问候")) == ["a", "b", "d"]
    assert shop.reasons("问候") == {"c": "capacity", "e": "capacity"}
    shop.run("2026-03-03T10:00")
    assert list(shop.texts("问候", "2026-03-03")) == ["c", "e"]


def test_of_an_exclusive_group_a_person_gets_one(shop: Sender) -> None:
    shop.playbook(
        "campaigns:\n"
        "  大促: {to: {city: 北京}, channel: file, priority: 1, exclusive: 三月, approval: auto, text: 大促}\n"
        "  上新: {to: everyone, channel: file, priority: 2, exclusive: 三月, approval: auto, text: 上新}\n"
    )
    shop.people("a,,,北京,,,,", "b,,,上海,,,,")
    shop.run()
    assert (list(shop.texts("大促")), list(shop.texts("上新"))) == (["a"], ["b"])
    assert shop.reasons("上新") == {"a": "exclusive:三月"}
    shop.run("2026-04-02T10:00")
    assert shop.reasons("上新", "2026-04-02") == {"a": "exclusive:三月"}


def test_control_people_are_held_back_and_stay_so(shop: Sender) -> None:
    shop.playbook(
        "campaigns:\n  问候: {to: everyone, channel: file, every: 1d, control: 50%, approval: auto, text: 您好}\n"
    )
    shop.people(*(f"c{number:02d},,,,,,," for number in range(40)))
    shop.run()
    held = shop.reasons("问候")
    assert set(held.values()) == {"control"}
    assert 8 <= len(held) <= 32
    shop.playbook(
        "campaigns:\n  问候: {to: everyone, channel: file, every: 1d, control: 10%, approval: auto, text: 您好}\n"
    )
    shop.run("2026-03-03T10:00")
    assert shop.reasons("问候", "2026-03-03") == held


# Traps that other systems fell into ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "planned", "reason"),
    [
        ("2026-03-02T23:30", None, "quiet_hours"),
        ("2026-03-02T02:00", "2026-03-02T01:00:00Z", None),
        ("2026-03-02T08:59", "2026-03-02T01:00:00Z", None),
        ("2026-03-02T09:00", "2026-03-02T01:00:00Z", None),
        ("2026-03-02T20:59", "2026-03-02T12:59:00Z", None),
        ("2026-03-02T21:00", None, "quiet_hours"),
    ],
)
@pytest.mark.slow
def test_trap_quiet_hours_across_midnight(shop: Sender, as_of: str, planned: str | None, reason: str | None) -> None:
    shop.playbook("policy: {quiet_hours: 21:00..09:00}\n" + EVERYBODY % ("file", ""))
    shop.people("a,,,,,,,")
    shop.run(as_of)
    assert shop.rows("SELECT planned_at, reason FROM v_message") == [(planned, reason)]


def test_trap_sunday_is_a_day_of_the_week(shop: Sender) -> None:
    shop.playbook("campaigns:\n  周日: {to: everyone, channel: file, every: 1d, on: [周日], text: 您好}\n")
    shop.people("a,,,,,,,")
    shop.run("2026-03-07T10:00")
    assert shop.rows("SELECT count(*) FROM message") == [(0,)]
    shop.run("2026-03-08T10:00")
    assert list(shop.texts("周日", "2026-03-08")) == ["a"]


def test_trap_the_first_match_is_not_lost(shop: Sender) -> None:
    shop.playbook(
        "tags:\n  新客: {when: {added_at: ..1d}}\ncampaigns:\n  欢迎: {to: {tag: 新客}, channel: file, text: 欢迎}\n"
    )
    shop.bring("customers", "customer_id,added_at\na,2026-03-02 09:00:00\n")
    shop.run()
    assert list(shop.texts("欢迎")) == ["a"]


def test_trap_no_date_is_not_expired(shop: Sender) -> None:
    shop.playbook(
        "offers: {券: {coupon: {pool: 券池}}}\n"
        'campaigns:\n  发券: {to: everyone, channel: file, offer: 券, text: "{{ offer.code }}"}\n'
    )
    shop.people("a,,,,,,,")
    shop.bring("coupons", "code,offer,expires_at\nOLD,券池,2026-03-01 00:00:00\nNEW,券池,\n")
    shop.run()
    assert shop.texts("发券") == {"a": "NEW"}


def test_trap_day_one_is_today(shop: Sender) -> None:
    shop.playbook(
        "offers: {价: {product: 苹果, price: 9.9, valid: 1d}}\n"
        'campaigns:\n  价: {to: everyone, channel: file, offer: 价, text: "{{ offer.price }} 元，{{ offer.until }} 止"}\n'
    )
    shop.people("a,,,,,,,")
    shop.run()
    assert shop.texts("价") == {"a": "9.9 元，2026-03-02 止"}


@pytest.mark.parametrize(
    ("today", "per", "first"),
    [
        ("2026-03-02", Duration(1, Unit.DAY), "2026-03-02"),
        ("2026-03-02", Duration(1, Unit.WEEK), "2026-02-24"),
        ("2026-03-31", Duration(1, Unit.MONTH), "2026-03-01"),
        ("2024-02-29", Duration(1, Unit.YEAR), "2023-03-01"),
    ],
)
def test_the_first_day_that_counts(today: str, per: Duration, first: str) -> None:
    assert date_of(first_day(day_number(date.fromisoformat(today)), per)).isoformat() == first


def test_the_last_day_on_which_something_holds() -> None:
    today = day_number(date(2026, 1, 31))
    lengths = {
        Duration(1, Unit.DAY): "2026-01-31",
        Duration(12, Unit.HOUR): "2026-01-31",
        Duration(1, Unit.MONTH): "2026-02-27",
    }
    assert {one: date_of(last_day(today, one)).isoformat() for one in lengths} == lengths
