"""What the shop's playbook says, and how it is edited in the course of the year."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

SETTINGS = "timezone: Asia/Shanghai\nlanguage: zh\ndatabase: pdo.db\n"
POOL = "回店券码"


@dataclass(frozen=True)
class Said:
    """What is edited.

    Args:
        caps: of the policy: channel, max, days.
        own_caps: campaign → max and days.
        version: of the greeting.
        journey_on: whether the journey of regulars is in the playbook.
    """

    caps: tuple[tuple[str, int, int], ...] = (("any", 2, 1), ("any", 6, 7), ("wecom", 3, 7), ("sms", 2, 14))
    own_caps: dict[str, tuple[int, int]] = field(default_factory=lambda: {"短信促销": (3, 30)})
    version: int = 1
    journey_on: bool = True

    def policy(self) -> dict[str, Any]:
        """As the ledger notes it."""
        caps = [{"channel": channel, "max": most, "days": days} for channel, most, days in self.caps]
        own = {name: {"max": most, "days": days} for name, (most, days) in self.own_caps.items()}
        return {"caps": caps, "own": own, "quiet": [21 * 60, 9 * 60], "quota": {"wecom": 1}}


EDITS = (
    lambda said: replace(said, caps=(("any", 2, 1), ("any", 5, 7), ("wecom", 3, 7), ("sms", 2, 14))),
    lambda said: replace(said, version=said.version + 1),
    lambda said: replace(said, journey_on=not said.journey_on),
    lambda said: replace(said, caps=(("any", 2, 1), ("any", 6, 7), ("wecom", 2, 7), ("sms", 1, 7))),
    lambda said: replace(said, own_caps={"短信促销": (6, 60)}),
    lambda said: replace(said, journey_on=not said.journey_on, version=said.version + 1),
    lambda said: replace(said, caps=Said().caps, own_caps=Said().own_caps),
)
"""One after the other, round and round."""

RECIPES = "id,text\n" + "".join(f"食谱{number},今天的食谱是第{number}号，群里有做法\n" for number in range(1, 7))


def playbook(said: Said, width: int) -> str:
    """The file.

    Args:
        said: what is edited.
        width: hundredths of the customers in each of ten parts; neighbouring parts are meant by several campaigns, which so stand
            in each other's way.
    """

    def parts(first: int, last: int) -> str:
        return f"{{bucket: {first * width}..{min(last * width, 100) - 1}}}"

    caps = ", ".join(f"{{channel: {channel}, max: {most}, per: {days}d}}" for channel, most, days in said.caps)
    most, days = said.own_caps["短信促销"]
    return f"""\
version: 1
playbook: 小店
tags:
  新客: {{when: {{added_at: ..3d}}}}
  久未来: {{when: {{orders: {{last: 30d..}}, all: [{parts(0, 20)}]}}}}
  大客户: {{when: {{orders: {{within: 60d, count: 3..}}}}}}
  爱聊: {{when: {{tasks: {{where: {{result: 已回复}}}}}}}}
  要回访: {{when: {{orders: {{count: 2.., last: 40d..50d}}}}, alert: {{to: owner, due: 2d, text: 好久没来了}}}}
  奶粉过敏: {{ask: {{who: 导购, question: 宝宝过敏吗, answers: [是, 否]}}}}
offers:
  回店券: {{coupon: {{pool: {POOL}}}, valid: 7d}}
contents:
  食谱: {{table: contents/食谱.csv, by: rotation, never_repeat: 30d, otherwise: skip}}
campaigns:
  会员日:
    to: {parts(0, 8)}
    channel: wecom
    sender: owner
    on: [周二, 周五]
    every: 1d
    priority: 3
    control: 10%
    approval: auto
    text: 会员日到了，版本{said.version}
  上新:
    to: {parts(2, 10)}
    channel: wecom
    on: [周一, 周二, 周四, 周六]
    every: 2d
    priority: 4
    exclusive: 每日一条
    approval: auto
    choose:
      - {{when: {{city: 北京}}, text: 北京门店上新}}
      - {{when: {{city: 上海}}, text: 上海门店上新}}
      - otherwise: {{skip: 没有门店}}
  回店礼券:
    to: {{tag: 久未来}}
    channel: one_to_one
    sender: owner
    on: [周三, 周六]
    every: 14d
    priority: 5
    valid: 2d
    exclusive: 每日一条
    offer: 回店券
    text: "{{{{ name }}}}，给您留了一张{{{{ offer.name }}}}，券码 {{{{ offer.code }}}}，{{{{ offer.until }}}}前有效"
  短信促销:
    to: {parts(0, 6)}
    channel: sms
    on: [周二, 周四, 周日]
    every: 2d
    priority: 6
    control: 5%
    caps: [{{max: {most}, per: {days}d}}]
    valid: 2d
    variants:
      A: {{weight: 50, text: 【小店】今天全场有礼，回T退订}}
      B: {{weight: 50, text: 【小店】今天到店有礼，回T退订}}
  群食谱: {{to: {parts(4, 10)}, channel: chat, on: [周一, 周三, 周五], every: 1d, priority: 7, approval: auto, content: 食谱}}
  问候:
    to: {parts(0, 5)}
    channel: one_to_one
    sender: owner
    on: [周四, 周日]
    every: 5d
    priority: 8
    text: "{{{{ remark_name | default('您') }}}}，周末愉快"
journeys:
  新客首单:
    enter: {{tag: 新客}}
    late: skip
    steps:
      - {{name: 欢迎, after: 0d, at: "10:00", channel: one_to_one, sender: owner, text: 欢迎光临小店}}
      - {{name: 等回复, wait_for: {{events: {{type: 客户回复, since: entry}}}}, timeout: 2d, on: {{timeout: 首单价}}}}
      - {{name: 谢谢, after: 2d, at: "10:30", channel: one_to_one, sender: owner, text: 谢谢您的回复}}
      - {{name: 首单价, after: 3d, at: "19:30", channel: wecom, sender: owner, text: 新客首单八折}}
      - {{name: 回访, after: 7d, task: 电话回访, due: 1d}}
  生日礼:
    enter: {{birthday: {{anniversary_in: ..3d}}}}
    anchor: birthday
    again: each anniversary
    late: skip
    steps:
      - {{name: 预告, before: 3d, at: "10:00", channel: wecom, sender: owner, text: 生日礼已放到您的账户}}
      - {{name: 祝贺, after: 0d, at: "09:30", channel: one_to_one, sender: owner, text: "{{{{ name | default('您') }}}}，生日好"}}
{_REGULARS if said.journey_on else ""}policy:
  consent: {{sms: sms_consent}}
  quiet_hours: 21:00..09:00
  caps: [{caps}]
  quota: {{wecom: daily}}
  capacity: {{one_to_one: 6, per: 1d}}
"""


_REGULARS = """\
  老客关怀:
    enter: {tag: 大客户}
    again: 30d
    existing: enter
    late: send
    steps:
      - {name: 谢谢, after: 0d, channel: one_to_one, sender: owner, text: 谢谢您常来}
      - {name: 短信, after: 3d, at: "11:00", channel: sms, text: 【小店】老客有礼，回T退订}
"""
