"""Tags, stages, segments, RFM types, lists of customers and buckets."""

from __future__ import annotations

import pytest

from pdo.model.conditions import (
    AgeRange,
    All,
    AnyOf,
    BucketTest,
    Condition,
    Duration,
    ListTest,
    NoneOf,
    RfmTest,
    SegmentTest,
    StageTest,
    TagTest,
    Unit,
)
from tests.playbook.conftest import Ask, Read, Wrong

CUTS = "recency: {high: ..30d}, frequency: {high: 3..}, money: {high: 500..}"
TWO_SETTINGS = f"""\
rfm:
  全店: {{{CUTS}}}
  线上: {{{CUTS}, names: {{HHH: 一, HLH: 二, LHH: 三, LLH: 四, HHL: 五, HLL: 六, LHL: 七, LLL: 八}}}}
"""
SINCE_A_MONTH = AgeRange(Duration(30, Unit.DAY), None)


def only(condition: Condition) -> Condition:
    """What must not hold."""
    assert isinstance(condition, NoneOf)
    (part,) = condition.parts
    return part


def test_tags(ask: Ask) -> None:
    plain, every, held = ask("tag: [甲, 乙]"), ask("tag: {all: [甲, 乙]}"), ask("tag: {is: 甲, for: 30d..}")
    assert plain == TagTest(("甲", "乙"), plain.span)
    assert every == TagTest(("甲", "乙"), every.span, every=True)
    assert held == TagTest(("甲",), held.span, held=SINCE_A_MONTH)
    assert isinstance(only(ask("tag: {not: 甲}")), TagTest)
    young = only(ask("tag: {not: 甲, for: ..7d}"))
    assert isinstance(young, TagTest)
    assert young.held == AgeRange(None, Duration(7, Unit.DAY))


def test_stages(ask: Ask) -> None:
    bare, full = ask("stage: [新, 成交]"), ask("stage: {of: 客户阶段, is: 成交, for: 30d..}")
    assert bare == StageTest("客户阶段", ("新", "成交"), bare.span)
    assert full == StageTest("客户阶段", ("成交",), full.span, SINCE_A_MONTH)
    assert isinstance(only(ask("stage: {of: 客户阶段, not: 成交}")), StageTest)
    assert isinstance(ask("stage: [新, 老]"), AnyOf)


def test_a_stage_needs_its_lifecycle_only_where_two_have_it(ask: Ask) -> None:
    condition = ask("stage: {is: 成交, for: 30d..}")
    assert condition == StageTest("客户阶段", ("成交",), condition.span, SINCE_A_MONTH)


def test_segments(ask: Ask) -> None:
    plain = ask("segment: 名单")
    assert plain == SegmentTest(("名单",), plain.span)
    assert isinstance(only(ask("segment: {not: 名单}")), SegmentTest)


def test_rfm_types(ask: Ask, read: Read) -> None:
    condition = ask("rfm: {全店: [HHH, hlh]}")
    assert condition == RfmTest("全店", ("HHH", "HLH"), condition.span)
    project, found = read(f"{TWO_SETTINGS}tags: {{重: {{when: {{rfm: {{全店: HHH, 线上: LLL}}}}}}}}\n")
    assert not found
    both = project.tags["重"].when
    assert isinstance(both, All)
    assert [(part.setting, part.types) for part in both.parts if isinstance(part, RfmTest)] == [
        ("全店", ("HHH",)),
        ("线上", ("LLL",)),
    ]


def test_lists(ask: Ask) -> None:
    listed = ask("in_list: 老客.csv")
    assert listed == ListTest("老客.csv", ("a", "b"), listed.span)
    unlisted = only(ask("not_in_list: gbk.csv"))
    assert unlisted == ListTest("gbk.csv", ("c",), unlisted.span)
    assert isinstance(ask("in_list: [老客.csv, gbk.csv]"), AnyOf)


@pytest.mark.parametrize(
    ("text", "low", "high"), [("0..9", 0, 9), ("..9", 0, 9), ("90..", 90, 99), ("5", 5, 5), ("'<10'", 0, 9)]
)
def test_buckets(text: str, low: int, high: int, ask: Ask) -> None:
    condition = ask(f"bucket: {text}")
    assert condition == BucketTest(low, high, condition.span)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("tag: 丙", ["PB201"]),
        ("tag: 名单", ["PB201.kind"]),
        ("tag: 客户阶段", ["PB201.kind"]),
        ("tag: {is: 甲, all: [甲, 乙]}", ["PB311"]),
        ("tag: {is: 甲, fro: 30d}", ["PB114.near"]),
        ("tag: {for: 30d..}", ["PB117"]),
        ("tag: {}", ["PB117"]),
        ("tag: {is: 丙, for: 30}", ["PB302.unit", "PB201"]),
        ("tag: {is: 甲, for: 24h..}", ["PB302.hours"]),
        ("tag: {is: 甲, for: 30d}", ["PB903.for"]),
        ("stage: 成效", ["PB201.near"]),
        ("stage: 甲", ["PB201.kind"]),
        ("stage: {of: 客户阶段}", ["PB117"]),
        ("stage: {of: 客户阶段, is: 老}", ["PB201"]),
        ("stage: {of: 甲, is: 新}", ["PB201.kind"]),
        ("stage: {of: 客户阶段, is: 新, not: 成交}", ["PB311"]),
        ("segment: {all: [名单]}", ["PB114"]),
        ("segment: 甲", ["PB201.kind"]),
        ("rfm: {全店: HXH}", ["PB213"]),
        ("rfm: {全店: [重要价值客户, HHH]}", ["PB213.near"]),
        ("rfm: {全点: HHH}", ["PB201.near"]),
        ("rfm: {}", ["PB118"]),
        ("in_list: 没有.csv", ["PB221"]),
        ("in_list: ../../etc/passwd", ["PB221.outside"]),
        ("in_list: 卡号.csv", ["PB215"]),
        ("not_in_list: 空.csv", ["PB215.empty"]),
        ("bucket: 0..100", ["PB324"]),
        ("bucket: 10%", ["PB324.share"]),
        ("bucket: 9..0", ["PB304"]),
        ("bucket: [1, 2]", ["PB116.text_not_list"]),
        ("bucket: 一成", ["PB301.integer"]),
    ],
)
def test_mistakes(text: str, keys: list[str], wrong: Wrong) -> None:
    assert sorted(wrong(text)) == sorted(keys)


def test_two_settings_need_their_name(read: Read) -> None:
    _, found = read(f"{TWO_SETTINGS}tags: {{重: {{when: {{rfm: HHH}}}}}}\n")
    assert [each.key for each in found] == ["PB213.setting"]
