"""Journeys as their writers mean them, each told as an example: who, when, and what comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testing.tried import tried

SETTINGS = "timezone: Asia/Shanghai\nlanguage: zh\nattributes:\n  customers:\n    预约日: {type: date}\n"
"""`预约日` is a date that changes."""


def check(root: Path, journeys: str, examples: str, rest: str = "") -> None:
    """Run examples of journeys; each must hold."""
    (root / "pdo.yaml").write_text(SETTINGS, "utf-8")
    text = f"version: 1\nplaybook: 方案\n{rest}journeys:\n{journeys}examples:\n{examples}"
    (root / "方案.yaml").write_text(text, "utf-8")
    for verdict in tried(root).verdicts:
        wrong = [(one.moment, one.customer, one.name, one.got, one.withheld) for one in verdict.failures]
        assert (wrong, verdict.unchecked, verdict.unread) == ([], (), ())


def friend(key: str, **cells: str) -> str:
    told = "".join(f", {name}: {value}" for name, value in cells.items())
    return f"{{customer_id: {key}, owner: 张三, is_friend: true{told}}}"


WELCOME = """\
  新客:
    enter: {added_at: ..3d}
    steps:
      - {name: 当天, after: 0d, at: "10:00", channel: one_to_one, sender: owner, text: 欢迎}
      - {name: 次日, after: 1d, at: "10:00", channel: one_to_one, sender: owner, text: 第二天}
"""


@pytest.mark.slow
def test_day_one_is_the_day_after_entry(tmp_path: Path) -> None:
    check(
        tmp_path,
        WELCOME,
        f"""\
  - name: 第 0 天是进入那天
    now: 2026-03-02 02:00
    customers: [{friend("a", added_at="2026-03-01")}]
    expect: {{messages: {{新客/当天: [a]}}, exactly: true}}
    then:
      - now: 2026-03-02 03:00
        expect: {{absent: {{messages: {{新客/当天: [a], 新客/次日: [a]}}}}}}
      - now: 2026-03-03 02:00
        expect: {{messages: {{新客/次日: [a]}}, exactly: true}}
      - now: 2026-03-04 02:00
        expect: {{absent: {{messages: {{新客/当天: [a], 新客/次日: [a]}}}}}}
""",
    )


@pytest.mark.slow
def test_who_enters_after_the_hour_gets_day_zero_the_next_morning(tmp_path: Path) -> None:
    """`late: next_window` is what holds unless another thing is said."""
    check(
        tmp_path,
        WELCOME,
        f"""\
  - name: 下午进来
    now: 2026-03-02 14:00
    customers: [{friend("a", added_at="2026-03-02")}]
    expect: {{absent: {{messages: {{新客/当天: [a]}}}}}}
    then:
      - now: 2026-03-03 02:00
        expect: {{messages: {{新客/当天: [a]}}}}
""",
    )


@pytest.mark.parametrize(("late", "first", "reason"), [("send", "expect", ""), ("skip", "absent", "late")])
@pytest.mark.slow
def test_a_step_that_is_late(late: str, first: str, reason: str, tmp_path: Path) -> None:
    expected = "{messages: {新客/当天: [a]}}"
    told = expected if first == "expect" else f"{{absent: {expected}}}"
    check(
        tmp_path,
        WELCOME.replace("    steps:", f"    late: {late}\n    steps:"),
        f"""\
  - name: 下午进来
    now: 2026-03-02 14:00
    customers: [{friend("a", added_at="2026-03-02")}]
    expect: {told}
    then:
      - now: 2026-03-03 02:00
        expect: {{messages: {{新客/次日: [a]}}, absent: {{messages: {{新客/当天: [a]}}}}}}
""",
    )
    made = [one for one in tried(tmp_path).verdicts[0].messages if one.campaign == "新客/当天"]
    assert [one.reason for one in made] == [reason]


@pytest.mark.slow
def test_nights_that_were_missed_are_caught_up(tmp_path: Path) -> None:
    check(
        tmp_path,
        WELCOME,
        f"""\
  - name: 机器停了三天
    now: 2026-03-02 02:00
    customers: [{friend("a", added_at="2026-03-01")}]
    expect: {{messages: {{新客/当天: [a]}}}}
    then:
      - now: 2026-03-06 02:00
        expect: {{messages: {{新客/次日: [a]}}}}
""",
    )


@pytest.mark.slow
def test_sunday_is_the_last_day_of_the_week(tmp_path: Path) -> None:
    check(
        tmp_path,
        """\
  周日:
    enter: {added_at: ..3d}
    steps: [{name: 周末, after: 1d, weekday: 周日, at: "10:00", channel: one_to_one, sender: owner, text: 周末好}]
""",
        f"""\
  - name: 2026-03-08 是周日；周六进来的等到第二天，周日进来的等到下一个周日
    now: 2026-03-07 02:00
    customers: [{friend("周六", added_at="2026-03-06")}]
    expect: {{absent: {{messages: {{周日/周末: [周六]}}}}}}
    then:
      - now: 2026-03-08 02:00
        customers: [{friend("周日", added_at="2026-03-07")}]
        expect: {{messages: {{周日/周末: [周六]}}, absent: {{messages: {{周日/周末: [周日]}}}}}}
      - now: 2026-03-09 02:00
        expect: {{absent: {{messages: {{周日/周末: [周日]}}}}}}
      - now: 2026-03-15 02:00
        expect: {{messages: {{周日/周末: [周日]}}}}
""",
    )


@pytest.mark.slow
def test_a_window_across_midnight_is_kept(tmp_path: Path) -> None:
    """A run in the evening makes nothing for the night: the step waits for the morning, once."""
    check(
        tmp_path,
        """\
  夜里:
    enter: {added_at: ..3d}
    steps: [{name: 马上, after: 0d, channel: one_to_one, sender: owner, text: 您好}]
""",
        f"""\
  - name: 22 点进来
    now: 2026-03-02 22:00
    customers: [{friend("a", added_at="2026-03-02")}]
    expect: {{absent: {{messages: {{夜里/马上: [a]}}}}}}
    then:
      - now: 2026-03-03 02:00
        expect: {{messages: {{夜里/马上: [a]}}}}
""",
        "policy: {quiet_hours: 21:00..09:00}\n",
    )
    assert [one.reason for one in tried(tmp_path).verdicts[0].messages] == ["quiet_hours", ""]


@pytest.mark.slow
def test_what_the_gate_holds_back_is_passed_over(tmp_path: Path) -> None:
    """A cap withholds the second step for good, with its reason; the journey goes on."""
    check(
        tmp_path,
        """\
  两步:
    enter: {added_at: ..3d}
    steps:
      - {name: 一, after: 0d, channel: one_to_one, sender: owner, text: 一}
      - {name: 二, after: 1d, channel: one_to_one, sender: owner, text: 二}
      - {name: 三, after: 2d, channel: one_to_one, sender: owner, text: 三}
""",
        f"""\
  - name: 两天至多一条
    now: 2026-03-02 02:00
    customers: [{friend("a", added_at="2026-03-01")}]
    expect: {{messages: {{两步/一: [a]}}}}
    then:
      - now: 2026-03-03 02:00
        expect: {{absent: {{messages: {{两步/二: [a]}}}}}}
      - now: 2026-03-04 02:00
        expect: {{messages: {{两步/三: [a]}}, absent: {{messages: {{两步/二: [a]}}}}}}
""",
        "policy: {caps: [{max: 1, per: 2d}]}\n",
    )


BIRTHDAY = """\
  生日:
    enter: {birthday: {anniversary_in: ..7d}}
    anchor: birthday
    again: each anniversary
    steps:
      - {name: 前七天, before: 7d, at: "10:00", channel: one_to_one, sender: owner, text: 礼到}
      - {name: 前三天, before: 3d, at: "10:00", channel: one_to_one, sender: owner, text: 快了}
      - {name: 当天, after: 0d, at: "09:30", channel: one_to_one, sender: owner, text: 快乐}
"""


@pytest.mark.slow
def test_before_and_on_an_anniversary_each_year(tmp_path: Path) -> None:
    check(
        tmp_path,
        BIRTHDAY,
        f"""\
  - name: 2 月 29 日生的，平年在 28 日过，年年都有；没有生日的不进来
    now: 2026-02-21 02:00
    customers: [{friend("a", birthday="1992-02-29")}, {friend("b")}]
    expect: {{messages: {{生日/前七天: [a]}}, absent: {{messages: {{生日/前七天: [b]}}}}}}
    then:
      - {{now: 2026-02-25 02:00, expect: {{messages: {{生日/前三天: [a]}}}}}}
      - {{now: 2026-02-28 02:00, expect: {{messages: {{生日/当天: [a]}}}}}}
      - {{now: 2026-03-20 02:00, expect: {{absent: {{messages: {{生日/当天: [a]}}}}}}}}
      - {{now: 2027-02-21 02:00, expect: {{messages: {{生日/前七天: [a]}}}}}}
""",
    )


@pytest.mark.slow
def test_what_lay_before_the_entry_is_not_made_up_for(tmp_path: Path) -> None:
    """Who is found two days before gets neither the seventh nor the third day's message: no delay is negative."""
    check(
        tmp_path,
        BIRTHDAY,
        f"""\
  - name: 前两天才加上
    now: 2026-05-18 02:00
    customers: [{friend("a", birthday="1990-05-20")}]
    expect: {{absent: {{messages: {{生日/前七天: [a], 生日/前三天: [a]}}}}}}
    then:
      - {{now: 2026-05-20 02:00, expect: {{messages: {{生日/当天: [a]}}}}}}
""",
    )


@pytest.mark.slow
def test_again_with_each_new_date(tmp_path: Path) -> None:
    check(
        tmp_path,
        """\
  预约:
    enter: {预约日: {in: 0d..2d}}
    anchor: 预约日
    again: each anchor
    steps: [{name: 提醒, before: 1d, channel: one_to_one, sender: owner, text: 明天见}]
""",
        f"""\
  - name: 同一天只提醒一次，改了日子再提醒
    now: 2026-03-01 02:00
    customers: [{friend("a", 预约日="2026-03-02")}]
    expect: {{messages: {{预约/提醒: [a]}}}}
    then:
      - {{now: 2026-03-05 02:00, expect: {{absent: {{messages: {{预约/提醒: [a]}}}}}}}}
      - now: 2026-03-09 02:00
        customers: [{{customer_id: a, 预约日: 2026-03-10}}]
        expect: {{messages: {{预约/提醒: [a]}}}}
""",
    )


@pytest.mark.slow
@pytest.mark.parametrize(("again", "third"), [("never", "absent"), ("90d", "expect")])
def test_again_after_a_while(again: str, third: str, tmp_path: Path) -> None:
    wanted = "{messages: {沉默/叫醒: [a]}}"
    check(
        tmp_path,
        f"""\
  沉默:
    enter: {{events: {{type: 打开, within: 30d, count: 0}}}}
    again: {again}
    steps: [{{name: 叫醒, after: 0d, channel: one_to_one, sender: owner, text: 好久不见}}]
""",
        f"""\
  - name: 醒来又睡着
    now: 2026-01-01 02:00
    customers: [{friend("a")}]
    expect: {wanted}
    then:
      - now: 2026-01-10 02:00
        events: [{{customer_id: a, type: 打开, occurred_at: 2026-01-09 12:00}}]
        expect: {{absent: {wanted}}}
      - {{now: 2026-02-15 02:00, expect: {{absent: {wanted}}}}}
      - now: 2026-02-20 02:00
        events: [{{customer_id: a, type: 打开, occurred_at: 2026-02-19 12:00}}]
        expect: {{absent: {wanted}}}
      - now: 2026-04-05 02:00
        expect: {wanted if third == "expect" else f"{{absent: {wanted}}}"}
""",
    )


WAITING = """\
  跟进:
    enter: {added_at: ..3d}
    exit: {orders: {since: entry}}
    steps:
      - {name: 等, wait_for: {events: {type: 回复, since: entry}}, timeout: 2d, on: {timeout: 催}}
      - {name: 谢, channel: one_to_one, sender: owner, text: 谢谢}
      - {name: 催, after: 3d, channel: one_to_one, sender: owner, text: 还在吗}
      - {name: 打电话, after: 4d, task: "电话回访 {{ name | default('客户') }}", due: 1d}
    end: {tag: 跟进完}
"""
DONE = "tags: {跟进完: {group: 行为, keep: true}}\n"


def test_waiting_for_something_or_its_timeout(tmp_path: Path) -> None:
    check(
        tmp_path,
        WAITING,
        f"""\
  - name: 回了的谢，没回的催，买了的退出
    now: 2026-03-02 02:00
    customers:
      - {friend("回", added_at="2026-03-01", name="小回")}
      - {friend("没回", added_at="2026-03-01", name="没回")}
      - {friend("买", added_at="2026-03-01")}
    events: [{{customer_id: 没回, type: 回复, occurred_at: 2026-02-28 12:00}}]
    expect: {{absent: {{messages: {{跟进/谢: [回, 没回, 买], 跟进/催: [回, 没回, 买]}}}}}}
    then:
      - now: 2026-03-03 02:00
        events: [{{customer_id: 回, type: 回复, occurred_at: 2026-03-02 12:00}}]
        orders: [{{customer_id: 买, paid_at: 2026-03-02 12:00, paid: 10}}]
        expect: {{messages: {{跟进/谢: [回]}}, absent: {{messages: {{跟进/催: [回, 没回, 买]}}}}}}
      - now: 2026-03-05 02:00
        expect: {{messages: {{跟进/催: [回, 没回]}}, absent: {{messages: {{跟进/谢: [没回], 跟进/催: [买]}}}}}}
      - now: 2026-03-06 02:00
        expect:
          tasks: {{跟进/打电话: {{没回: {{contains: 没回}}}}}}
          tags: {{回: [跟进完], 没回: [跟进完]}}
          absent: {{tags: {{买: [跟进完]}}, tasks: {{跟进/打电话: [买]}}}}
      - {{now: 2026-04-06 02:00, expect: {{tags: {{没回: [跟进完]}}}}}}
""",
        DONE,
    )


@pytest.mark.slow
def test_when_and_choose_are_asked_at_the_step(tmp_path: Path) -> None:
    check(
        tmp_path,
        """\
  上新:
    enter: {added_at: ..3d}
    steps:
      - name: 报价
        after: 1d
        channel: one_to_one
        sender: owner
        choose:
          - {when: {source_channel: 门店}, text: 自提价}
          - {when: {source_channel: 抖音}, text: 包邮价}
          - otherwise: {skip: 无渠道价}
      - {name: 看过, after: 2d, when: {events: {type: 浏览, since: entry}}, channel: one_to_one, sender: owner, text: 还喜欢吗}
""",
        f"""\
  - name: 按渠道说，看过的再问
    now: 2026-03-02 02:00
    customers:
      - {friend("店", added_at="2026-03-01", source_channel="门店")}
      - {friend("抖", added_at="2026-03-01", source_channel="抖音")}
      - {friend("无", added_at="2026-03-01")}
    expect: {{absent: {{messages: {{上新/报价: [店, 抖, 无]}}}}}}
    then:
      - now: 2026-03-03 02:00
        events: [{{customer_id: 抖, type: 浏览, occurred_at: 2026-03-02 20:00}}]
        expect: {{messages: {{上新/报价: {{店: 自提价, 抖: 包邮价}}}}, absent: {{messages: {{上新/报价: [无]}}}}}}
      - now: 2026-03-04 02:00
        expect: {{messages: {{上新/看过: [抖]}}, absent: {{messages: {{上新/看过: [店, 无]}}}}}}
""",
    )


@pytest.mark.slow
def test_an_alert_comes_on_the_edge_and_at_most_so_often(tmp_path: Path) -> None:
    tag = (
        "tags:\n  要走了: {group: 价值, when: {events: {type: 打开, within: 3d, count: 0}}, alert: {to: owner, due: 1d, "
        "text: \"{{ name | default('客户') }}没来了\", at_most: {max: 1, per: 10d}}}\n"
    )
    check(
        tmp_path,
        WELCOME,
        f"""\
  - name: 来了又走，十天内只提醒一次
    now: 2026-03-01 02:00
    customers: [{friend("a", name="王芳")}]
    expect: {{tasks: {{要走了: {{a: 王芳没来了}}}}}}
    then:
      - {{now: 2026-03-02 02:00, expect: {{absent: {{tasks: {{要走了: [a]}}}}}}}}
      - now: 2026-03-03 02:00
        events: [{{customer_id: a, type: 打开, occurred_at: 2026-03-02 12:00}}]
        expect: {{absent: {{tags: {{a: [要走了]}}}}}}
      - {{now: 2026-03-06 02:00, expect: {{tags: {{a: [要走了]}}, absent: {{tasks: {{要走了: [a]}}}}}}}}
      - now: 2026-03-07 02:00
        events: [{{customer_id: a, type: 打开, occurred_at: 2026-03-06 12:00}}]
        expect: {{absent: {{tags: {{a: [要走了]}}}}}}
      - {{now: 2026-03-11 02:00, expect: {{tasks: {{要走了: [a]}}}}}}
""",
        tag,
    )
