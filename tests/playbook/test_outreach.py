"""What is sent: offers, contents, campaigns, journeys and the policy, read whole; and what is wrong with them."""

from pathlib import Path

import pytest

from pdo.model.conditions import Anchor, Duration, Measure, MeasureName, MeasureTest, Rows, Since, Unit
from pdo.model.outreach import (
    Again,
    AgainKind,
    Channel,
    Choice,
    ContentOrder,
    Coupon,
    CouponSource,
    Days,
    Guard,
    Late,
    Match,
    MatchKind,
    QuietHours,
    Quota,
    StepMessage,
    StepTask,
    Variant,
    Wait,
)
from tests.playbook.test_blocks import clean, read

OFFERS = "offers: {券: {coupon: {pool: 券码}, valid: 7d, cost: 20}, 果: {product: 车厘子, price: 79.9, redeem: 自提}}\n"
SMS = "policy: {consent: {sms: sms_consent}}\n"


def days(count: int) -> Duration:
    return Duration(count, Unit.DAY)


def keys(folder: Path, text: str) -> list[str]:
    return [each.key for each in read(folder, text)[1]]


def campaign(rest: str) -> str:
    return "campaigns:\n  甲:\n    to: {is_friend: true}\n" + "".join(f"    {line}\n" for line in rest.split("\n"))


def journey(*steps: str, rest: str = "") -> str:
    head = "journeys:\n  甲:\n    enter: {is_friend: true}\n" + "".join(
        f"    {each}\n" for each in rest.split("\n") if each
    )
    return head + "    steps:\n" + "".join(f"      - {step}\n" for step in steps)


# Offers and contents ------------------------------------------------------------------------------------------------


def test_offers(tmp_path: Path) -> None:
    offers = clean(tmp_path, OFFERS).outreach.offers
    coupon, cherries = offers["券"], offers["果"]
    assert (coupon.coupon, coupon.valid, coupon.cost) == (Coupon(CouponSource.POOL, "券码"), days(7), 2000)
    assert (cherries.price, cherries.redeem) == (7990, "自提")
    assert coupon.variables == ("offer.name", "offer.code", "offer.until")
    assert cherries.variables == ("offer.name", "offer.product", "offer.price", "offer.redeem")


def test_a_pool_may_be_a_file_with_codes(tmp_path: Path) -> None:
    (tmp_path / "码.csv").write_text("券码\nA1\n", "utf-8")
    (tmp_path / "错.csv").write_text("号\nA1\n", "utf-8")
    assert keys(tmp_path, "offers: {券: {coupon: {pool: 码.csv}}}\n") == []
    assert keys(tmp_path, "offers: {券: {coupon: {pool: 错.csv}}}\n") == ["PB222.missing"]
    assert keys(tmp_path, "offers: {券: {coupon: {pool: 没有.csv}}}\n") == ["PB221"]


def test_contents_by_match(tmp_path: Path) -> None:
    (tmp_path / "方案.csv").write_text(
        "编号,阶段,标签,城市,标题,文案,权益\n"
        "a,新|老,甲,*,头,{{ content.标题 }}：您好,券\n"
        "b,新,不限,北京、上海,,{{ name | default('您') }}好,\n",
        "utf-8",
    )
    text = (
        f"{OFFERS}tags: {{甲: {{when: {{city: 北京}}}}}}\n"
        "lifecycles: {段: {derived: {新: {city: 北京}, 老: {city: 上海}}, otherwise: 无}}\n"
        "contents:\n  方案:\n    table: 方案.csv\n    match: {阶段: {stage: 段}, 标签: tag, 城市: city}\n"
        "    never_repeat: 90d\n    otherwise: skip\n"
    )
    content = clean(tmp_path, text).outreach.contents["方案"]
    first, second = content.rows
    assert content.order is ContentOrder.MATCH
    assert content.matches == (
        Match("阶段", MatchKind.STAGE, "段"),
        Match("标签", MatchKind.TAG),
        Match("城市", MatchKind.ATTRIBUTE, "city"),
    )
    assert (content.never_repeat, content.otherwise) == (days(90), None)
    assert (first.key, first.offer, first.text.variables) == ("a", "券", ("content.标题",))
    assert first.wanted == {"阶段": ("新", "老"), "标签": ("甲",)}
    assert second.wanted == {"阶段": ("新",), "城市": ("北京", "上海")}


def test_contents_by_date(tmp_path: Path) -> None:
    (tmp_path / "日历.csv").write_text("日期,文案\n2026-03-01,一\n2026/3/2,二\n", "utf-8")
    content = clean(tmp_path, "contents: {日历: {table: 日历.csv, by: date, otherwise: 您好}}\n").outreach.contents[
        "日历"
    ]
    assert [row.day for row in content.rows] == [20513, 20514]
    assert content.otherwise is not None
    assert len({row.key for row in content.rows}) == 2


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("新,甲,您好\n旧,甲,您好\n", ["PB201"]),
        ("新,没有这个标签,您好\n", ["PB201"]),
        ("新,甲,\n", ["PB514"]),
        ("新,甲,{{ nmae }}\n", ["PB502.near"]),
        ("新,甲,{{ name }\n", ["PB501.open"]),
        ("新,甲,{{ content.标题 }}\n", ["PB505.near"]),
        ("新,,您好\n", ["PB913"]),
    ],
)
def test_mistakes_in_contents_stand_in_their_line(lines: str, found: list[str], tmp_path: Path) -> None:
    (tmp_path / "方案.csv").write_text(f"阶段,标签,文案\n{lines}", "utf-8")
    text = (
        "tags: {甲: {when: {city: 北京}}}\nlifecycles: {段: {derived: {新: {city: 北京}}, otherwise: 无}}\n"
        "contents: {方案: {table: 方案.csv, match: {阶段: {stage: 段}, 标签: tag}}}\n"
    )
    _, diagnostics = read(tmp_path, text)
    assert [each.key for each in diagnostics] == found
    assert diagnostics[0].span is not None
    assert diagnostics[0].span.source.path.endswith("方案.csv")
    assert diagnostics[0].span.line == len(lines.splitlines()) + 1


# Campaigns ----------------------------------------------------------------------------------------------------------


def test_a_campaign_with_everything(tmp_path: Path) -> None:
    text = OFFERS + campaign(
        'channel: one_to_one\nsender: owner\nevery: 30d\non: [周一, 2026-05-01, 中秋节]\nat: "10:30"\npriority: 1\n'
        "control: 10%\noffer: 券\nvalid: 2d\napproval: auto\nexclusive: 节日\ncaps: [{max: 2, per: 30d}]\n"
        "variants:\n"
        '  A: {weight: 50, text: "{{ offer.name }}，{{ offer.until }}前有效"}\n'
        '  B: {weight: 30, offer: 果, text: "{{ offer.price }} 元"}\n'
        "goal: {within: 7d, when: {orders: {since: message}}}"
    )
    project = clean(tmp_path, text)
    found = project.outreach.campaigns["甲"]
    assert (found.channels, found.sender, found.every) == ((Channel.ONE_TO_ONE,), "owner", days(30))
    assert found.days == Days(frozenset((0,)), (20574,), ("中秋",))
    assert (found.at, found.priority, found.control, found.approval) == (630, 1, 1000, "auto")
    assert (found.exclusive, found.valid, found.caps[0].max) == ("节日", days(2), 2)
    assert isinstance(found.said, tuple)
    first, second = found.said
    assert isinstance(first, Variant)
    assert isinstance(second, Variant)
    assert (first.weight, first.body.offer, second.body.offer) == (50, "券", "果")
    assert first.body.text is not None
    assert first.body.text.variables == ("offer.name", "offer.until")
    assert found.goal is not None
    bought = Measure(Rows("orders", window=Since(Anchor.MESSAGE)), MeasureName.COUNT)
    assert isinstance(found.goal.when, MeasureTest)
    assert found.goal.when.measure == bought


def test_choices_and_several_channels(tmp_path: Path) -> None:
    text = (
        SMS
        + OFFERS
        + campaign(
            "channel: [wecom, sms]\nchoose:\n"
            '  - {when: {source_channel: 门店}, offer: 果, text: "【鲜果】自提价 {{ offer.price }} 元，拒收请回复R"}\n'
            "  - otherwise: {skip: 无渠道价}"
        )
    )
    found = clean(tmp_path, text).outreach.campaigns["甲"]
    assert found.channels == (Channel.WECOM, Channel.SMS)
    assert isinstance(found.said, tuple)
    line, rest = found.said
    assert isinstance(line, Choice)
    assert isinstance(rest, Choice)
    assert (rest.when, rest.body, rest.skip) == (None, None, "无渠道价")


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ("channel: wecom\ntext: \"{{ name | default('您') }}好\"", ["PB506"]),
        ('channel: moments\ntext: "{{ points | default(0) }} 分"', ["PB506"]),
        ("channel: wecom\nsender: owner\ntext: \"我是 {{ owner | default('小鲜') }}\"", []),
        ('channel: wecom\ntext: "今天是 {{ today }}"', []),
        ("channel: sms\ntext: 【鲜果】您好，退订回T", ["PB516"]),
        ("channel: call\ntext: 您好", ["PB516"]),
        ("channel: webhook\ntext: \"{{ name | default('您') }}好\"", []),
        ('channel: one_to_one\ntext: "{{ name }}好"', ["PB503"]),
        ('channel: one_to_one\noffer: 没有\ntext: "{{ offer.name }}"', ["PB201.none"]),
        ("channel: one_to_one\ncontent: 没有", ["PB201.none"]),
        ("channel: qq\ntext: 您好", ["PB314"]),
        ("channel: 朋友圈\ntext: 您好", ["PB314.near"]),
        ("channel: file\nsender: 店长\ntext: 您好", ["PB314.near"]),
        ("channel: file\ntext: 您好\nchoose: [{otherwise: {text: 您好}}]", ["PB510"]),
        ('channel: file\nat: "25:00"\ntext: 您好', ["PB343"]),
        ("channel: file\nevery: 2h\ntext: 您好", ["PB302.hours"]),
        ('channel: file\ntext: "{{ offer.name.upper }}"', ["PB504"]),
        ("channel: file\ngoal: {when: {orders: {}}}\ntext: 您好", ["PB117"]),
        ("channel: file\ngoal: {within: 7d, when: {orders: {since: entry}}}\ntext: 您好", ["PB210.entry"]),
    ],
)
def test_mistakes_in_campaigns(rest: str, found: list[str], tmp_path: Path) -> None:
    assert keys(tmp_path, campaign(rest)) == found


def test_contents_are_checked_for_the_channel_and_the_offer(tmp_path: Path) -> None:
    (tmp_path / "素材.csv").write_text("文案\n{{ name | default('您') }}好\n{{ offer.code }}\n", "utf-8")
    text = OFFERS + "contents: {素材: {table: 素材.csv, by: rotation}}\n"
    assert keys(tmp_path, text + campaign("channel: wecom\noffer: 果\ncontent: 素材")) == [
        "PB506",
        "PB505.row",
        "PB506",
    ]
    assert keys(tmp_path, text + campaign("channel: one_to_one\noffer: 券\ncontent: 素材")) == []


def test_a_wecom_text_is_measured_in_bytes(tmp_path: Path) -> None:
    assert keys(tmp_path, campaign(f"channel: wecom\ntext: {'新' * 1333}")) == []
    _, found = read(tmp_path, campaign(f"channel: wecom\ntext: {'新' * 1334}"))
    assert [each.params["size"] for each in found if each.code == "PB507"] == [4002]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("第一次来的您", []),
        ("全网最低价", ["PB509"]),
        ("本店独家唯一", ["PB509"]),
        ("最新到的车厘子", []),
    ],
)
def test_words_of_the_advertising_law(text: str, found: list[str], tmp_path: Path) -> None:
    assert keys(tmp_path, campaign(f"channel: file\ntext: {text}")) == found


# Journeys -----------------------------------------------------------------------------------------------------------


def test_a_journey_with_every_kind_of_step(tmp_path: Path) -> None:
    text = "tags: {没转化: {group: 行为}}\n" + journey(
        '{name: 开场, after: 0d, at: "10:00", channel: wecom, text: 您好}',
        "{name: 等, wait_for: {events: {type: 客户回复, since: entry}}, timeout: 2d, on: {timeout: 收尾}}",
        "{after: 7d, weekday: 周六, task: \"给 {{ name | default('客户') }} 打电话\", due: 1d}",
        "{name: 收尾, after: 30d, channel: file, when: {points: 1..}, text: 再见}",
        rest="existing: enter\nagain: 90d\nexit: {orders: {since: entry}}\nlate: skip\nend: {tag: 没转化}",
    )
    found = clean(tmp_path, text).outreach.journeys["甲"]
    first, wait, task, last = found.steps
    assert (found.existing, found.late, found.end_tag) == (True, Late.SKIP, "没转化")
    assert found.again == Again(AgainKind.AFTER, days(90))
    assert isinstance(found.exit, MeasureTest)
    assert found.exit.measure.rows.window == Since(Anchor.ENTRY, "甲")
    assert isinstance(first.action, StepMessage)
    assert (first.name, first.offset, first.at) == ("开场", Duration(0, Unit.DAY), 600)
    assert isinstance(wait.action, Wait)
    assert (wait.action.timeout, wait.action.on_timeout) == (days(2), "收尾")
    assert isinstance(task.action, StepTask)
    assert (task.name, task.weekday, task.action.due) == ("3", 5, days(1))
    assert last.when is not None


def test_a_journey_around_a_date(tmp_path: Path) -> None:
    text = (
        "journeys:\n  生日:\n    enter: {birthday: {anniversary_in: ..7d}}\n    anchor: birthday\n"
        "    again: each anniversary\n"
        "    steps: [{before: 7d, channel: file, text: 快到了}, {after: 0d, channel: file, text: 生日快乐}]\n"
    )
    found = clean(tmp_path, text).outreach.journeys["生日"]
    assert (found.anchor, found.again.kind) == ("birthday", AgainKind.EACH_ANNIVERSARY)
    assert [(step.offset, step.before) for step in found.steps] == [(days(7), True), (Duration(0, Unit.DAY), False)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (journey("{after: 0d, channel: file, text: 您好}", rest="again: each anchor"), ["PB117.anchor"]),
        (journey("{after: 0d, channel: file, text: 您好}", rest="again: sometimes"), ["PB314"]),
        (journey("{after: 0d, channel: file, text: 您好}", rest="anchor: city"), ["PB348.date"]),
        (journey("{after: 0d, text: 您好}"), ["PB117"]),
        (journey("{after: 0d, channel: file}"), ["PB117.said"]),
        (journey("{after: 1d, before: 1d, channel: file, text: 您好}"), ["PB510"]),
        (journey("{after: -1d, channel: file, text: 您好}"), ["PB302.negative"]),
        (journey("{after: 1d, wait_for: {orders: {}}}"), ["PB117"]),
        (journey("{wait_for: {orders: {}}, timeout: 1d, on: {timeout: 没有}}"), ["PB201"]),
        (journey("{after: 1d, channel: file, text: 您好}", rest="end: {tag: 没有}"), ["PB201.none"]),
        (
            "policy: {quiet_hours: 21:00..09:00}\n" + journey('{after: 1d, at: "08:59", channel: file, text: 您好}'),
            ["PB517"],
        ),
        ("policy: {quiet_hours: 21:00..09:00}\n" + journey('{after: 1d, at: "09:00", channel: file, text: 您好}'), []),
    ],
)
def test_mistakes_in_journeys(text: str, found: list[str], tmp_path: Path) -> None:
    assert keys(tmp_path, text) == found


def test_a_step_after_the_exit_is_found_inside_other_conditions(tmp_path: Path) -> None:
    step = "{after: 1d, channel: file, when: {points: 1.., orders: {since: entry}}, text: 您好}"
    assert keys(tmp_path, journey(step, rest="exit: {orders: {since: entry}}")) == ["PB522"]


def test_steps_on_one_day_under_a_cap(tmp_path: Path) -> None:
    two = ("{after: 1d, channel: file, text: 一}", "{after: 1d, channel: wecom, text: 二}")
    assert keys(tmp_path, "policy: {caps: [{max: 1, per: 1d}]}\n" + journey(*two)) == ["PB914"]
    assert keys(tmp_path, "policy: {caps: [{channel: file, max: 1, per: 1d}]}\n" + journey(*two)) == []
    assert keys(tmp_path, "policy: {caps: [{max: 2, per: 1d}]}\n" + journey(*two)) == []


# Policy -------------------------------------------------------------------------------------------------------------


def test_the_policy_whole(tmp_path: Path) -> None:
    text = (
        "policy:\n  consent: {sms: sms_consent, call: call_consent}\n  quiet_hours: 21:00..09:00\n"
        "  caps: [{channel: any, max: 1, per: 1d}, {channel: wecom, max: 3, per: 7d}]\n  quota: {wecom: monthly}\n"
        "  capacity: {one_to_one: 30, per: 1d}\n"
        "  guard: {max_share_changed: 30%, max_messages: 5000, max_data_age: 36h, max_shrink: 20%}\n"
    )
    project = clean(tmp_path, text)
    policy = project.outreach.policy
    assert policy.consent == {Channel.SMS: "sms_consent", Channel.CALL: "call_consent"}
    assert policy.quiet_hours == QuietHours(21 * 60, 9 * 60)
    assert policy.quota == {Channel.WECOM: Quota.MONTHLY}
    assert policy.capacity is not None
    assert (policy.capacity.by_channel, policy.capacity.per) == ({Channel.ONE_TO_ONE: 30}, days(1))
    assert policy.guard == Guard(3000, 5000, Duration(36, Unit.HOUR), 2000)
    assert [cap.channel for cap in policy.caps] == ["any", "wecom"]


@pytest.mark.parametrize(
    ("minute", "quiet"), [(20 * 60 + 59, False), (21 * 60, True), (0, True), (8 * 60 + 59, True), (9 * 60, False)]
)
def test_quiet_hours_across_midnight_are_half_open(minute: int, quiet: bool) -> None:
    assert QuietHours(21 * 60, 9 * 60).includes(minute) is quiet


def test_a_closed_channel_is_told_once(tmp_path: Path) -> None:
    said = campaign("channel: sms\ntext: 【鲜果】您好，退订回T")
    assert keys(tmp_path, "policy: {consent: {}}\n" + said) == ["PB516"]
    assert keys(tmp_path, "policy: {consent: [sms]}\n" + said) == ["PB116.example"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{quiet_hours: 21:00..21:00}", ["PB343.range"]),
        ("{quiet_hours: 21:00}", ["PB343.range"]),
        ("{consent: {sms: no_such_column}}", ["PB202"]),
        ("{consent: {pigeon: sms_consent}}", ["PB314"]),
        ("{quota: {wecom: yearly}}", ["PB314.near"]),
        ("{capacity: {one_to_one: 30}}", ["PB117"]),
        ("{guard: {max_share_changed: 0.3}}", ["PB342"]),
        ("{caps: [{channel: wecom, per: 1d}]}", ["PB117"]),
    ],
)
def test_mistakes_in_the_policy(text: str, found: list[str], tmp_path: Path) -> None:
    assert keys(tmp_path, f"policy: {text}\n") == found
