"""Every part of the language has its words in both languages, and different meanings have different words."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any, get_args

import pytest
from hypothesis import given, settings

from pdo.core.calendar import Moment
from pdo.core.source import Source, Span
from pdo.core.wording import Language
from pdo.model import conditions as model
from pdo.model.conditions import (
    AgeRange,
    Ages,
    All,
    Anchor,
    AnyOf,
    AttributeTest,
    BucketTest,
    Calendar,
    ColumnTest,
    Condition,
    Day,
    DayRange,
    Duration,
    Everyone,
    Following,
    LatestTest,
    Level,
    ListTest,
    Measure,
    MeasureName,
    MeasureTest,
    MetricTest,
    Middle,
    Negated,
    NoneOf,
    OneOf,
    Pieces,
    Range,
    RfmTest,
    Rows,
    SegmentTest,
    Since,
    StageTest,
    Streak,
    TagTest,
    Test,
    TextOperator,
    TextTest,
    Top,
    Unit,
    Window,
)
from pdo.model.fields import SUBJECTS, Type
from pdo.model.outreach import (
    FESTIVALS,
    WEEKDAYS,
    Again,
    AgainKind,
    Body,
    Cap,
    Capacity,
    Channel,
    Choice,
    Coupon,
    CouponSource,
    Days,
    Goal,
    Guard,
    Journey,
    Late,
    Offer,
    OutreachCampaign,
    OutreachPolicy,
    QuietHours,
    Quota,
    Step,
    StepMessage,
    StepTask,
    Template,
    Variant,
    Wait,
)
from pdo.model.playbook import Alert, Ask, Project, Ranking, Segment, Tag
from pdo.model.settings import Settings
from pdo.playbook.describing.blocks import Blocks
from pdo.playbook.describing.conditions import Conditions
from pdo.playbook.describing.measures import Measures
from pdo.playbook.describing.outreach import Outreach
from pdo.playbook.describing.tests import Voice
from pdo.playbook.measures import MEASURES
from tests.property import playbooks
from tests.support.project import ROOT

LANGUAGES: tuple[Language, ...] = ("zh", "en")
SETTINGS = Settings(ROOT, ROOT / "pdo.db")
SPAN = Span(Source("a.yaml", ""), 1, 1, 1, 1)
NOW = Moment(1_772_413_200, "Asia/Shanghai")
DAY, WEEK = Duration(1, Unit.DAY), Duration(7, Unit.DAY)
EVERYONE = Everyone(SPAN)
HAS_A, HAS_B, HAS_C = (TagTest((name,), SPAN) for name in "ABC")


def voice(language: Language) -> Voice:
    return Voice(language, SETTINGS)


def conditions(language: Language) -> Conditions:
    return Conditions(voice(language), Project())


def said(condition: Condition, language: Language) -> str:
    return "\n".join(conditions(language).who(condition).lines())


def check(text: str, language: Language) -> None:
    assert text.strip()
    assert "{" not in text.replace("{{", "")
    if language == "en":
        assert not re.search("[一-鿿]", re.sub("“[^”]*”", "", text)), text


# Each part has its words ------------------------------------------------------------------------------------------------

TESTS: dict[type, tuple[Test, Type]] = {
    OneOf: (OneOf(("a", "b", "c")), Type.TEXT),
    Range: (Range(1, None), Type.INTEGER),
    TextTest: (TextTest(TextOperator.CONTAINS, "a"), Type.TEXT),
    model.Filled: (model.Filled(exists=False), Type.TEXT),
    AgeRange: (AgeRange(DAY, WEEK), Type.INSTANT),
    model.AheadRange: (model.AheadRange(None, WEEK), Type.DATE),
    DayRange: (DayRange(Day(0, relative=True), None), Type.DATE),
    model.Anniversary: (model.Anniversary(None, WEEK), Type.DATE),
    model.Completed: (model.Completed(Duration(18, Unit.YEAR), None), Type.DATE),
    model.Turns: (model.Turns(Duration(6, Unit.MONTH), None, WEEK), Type.DATE),
    model.Has: (model.Has(("a", "b"), every=True), Type.LIST),
    model.InWindow: (model.InWindow(Calendar.THIS_WEEK), Type.INSTANT),
    Top: (Top(None, 1000), Type.MONEY),
    Level: (Level(above=True, middle=Middle.MEDIAN), Type.MONEY),
    Negated: (Negated(Range(1, None)), Type.INTEGER),
}
WINDOWS: dict[type, tuple[Window, ...]] = {
    Ages: (Ages((), (WEEK,)), Ages((DAY,), (Duration(8, Unit.DAY),)), Ages((WEEK,), ()), Ages((WEEK,), (WEEK, DAY))),
    Calendar: tuple(Calendar),
    DayRange: (DayRange(Day(1), Day(1)), DayRange(Day(1), Day(2)), DayRange(Day(1), None), DayRange(None, Day(1))),
    Since: tuple(Since(anchor, "vip_from") for anchor in Anchor),
}
ORDERS = Rows("orders")
CONDITIONS: dict[type, Condition] = {
    Everyone: EVERYONE,
    All: All((HAS_A, HAS_B), SPAN),
    AnyOf: AnyOf((HAS_A, HAS_B), SPAN),
    NoneOf: NoneOf((HAS_A, HAS_B), SPAN),
    AttributeTest: AttributeTest(ColumnTest("city", Type.TEXT, OneOf(("a",))), SPAN),
    MetricTest: MetricTest("a", Range(1000, None), SPAN),
    MeasureTest: MeasureTest(Measure(ORDERS, MeasureName.COUNT), Range(3, None), SPAN),
    LatestTest: LatestTest(ORDERS, (ColumnTest("channel", Type.TEXT, OneOf(("a",))),), SPAN),
    TagTest: TagTest(("A", "B"), SPAN, every=True, held=AgeRange(WEEK, None)),
    StageTest: StageTest("A", ("B",), SPAN),
    SegmentTest: SegmentTest(("A",), SPAN),
    RfmTest: RfmTest("A", ("HHH",), SPAN),
    ListTest: ListTest("lists/a.csv", ("1",), SPAN),
    BucketTest: BucketTest(0, 9, SPAN),
}


def test_every_test_window_and_condition_is_tried() -> None:
    named = {getattr(model, one) if isinstance(one, str) else one for one in get_args(Test)}
    assert set(TESTS) == named
    assert set(WINDOWS) == set(get_args(Window))
    assert set(CONDITIONS) == set(get_args(Condition))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_test_window_and_condition_has_words_of_its_own(language: Language) -> None:
    measures = Measures(voice(language))
    words = [measures.tests.predicate(test, type_) for test, type_ in TESTS.values()]
    words += [measures.tests.predicate(TextTest(operator, "a"), Type.TEXT) for operator in TextOperator][1:]
    words += [measures.window(window) for windows in WINDOWS.values() for window in windows]
    words += [said(condition, language) for condition in CONDITIONS.values()]
    words += [voice(language).length(Duration(2, unit)) for unit in Unit]
    for text in words:
        check(text, language)
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", [*SUBJECTS, "vip_terms"])
def test_every_measure_of_every_kind_of_row_has_words_of_its_own(subject: str, language: Language) -> None:
    measures = Measures(voice(language))
    rows = Rows(subject, window=Ages((), (WEEK,)), followed_by=Following(Rows("events"), DAY))
    shapes: dict[str, Any] = {"streak": Streak(1, 0), "regularly": Pieces((Ages((), (WEEK,)),), Range(1, None))}
    known = set(MEASURES.get(subject, MEASURES["events"])) | {"most", "latest"}
    names = [name for name in MeasureName if name in known or name in ("quantity", "orders")]
    found = [Measure(rows, name, "sku", Type.TEXT, shapes.get(name)) for name in names]
    words = [measures.value(measure) for measure in found]
    words += [measures.held(measure, Range(2, None)) or "" for measure in found]
    words += [measures.held(found[0], test) or "" for test in (Range(1, None), OneOf((0,)))]
    for text in words:
        check(text, language)
    assert len(set(words)) == len(words)


# Nothing is ambiguous ---------------------------------------------------------------------------------------------------


def test_a_group_in_a_group_stands_in_brackets() -> None:
    either = AnyOf((HAS_A, HAS_B), SPAN)
    assert said(All((either, HAS_C), SPAN), "zh") == "（有标签「A」，或者有标签「B」）、有标签「C」的客户"
    assert (
        said(AnyOf((All((HAS_A, HAS_C), SPAN), HAS_B), SPAN), "zh")
        == "（有标签「A」、有标签「C」），或者有标签「B」的客户"
    )
    assert said(NoneOf((HAS_A, HAS_B), SPAN), "zh") == "以下一条都不符合（有标签「A」，或者有标签「B」）的客户"


def test_what_is_nested_deeper_or_longer_stands_in_a_list() -> None:
    inner = AnyOf((All((HAS_A, HAS_B), SPAN), HAS_C), SPAN)
    assert said(All((inner, NoneOf((inner, HAS_A), SPAN)), SPAN), "zh").splitlines() == [
        "符合以下条件的客户：",
        "  - （有标签「A」、有标签「B」），或者有标签「C」",
        "  - 以下一条都不符合：",
        "    - （有标签「A」、有标签「B」），或者有标签「C」",
        "    - 有标签「A」",
    ]


def test_a_choice_among_several_tests_of_a_row_stands_in_brackets() -> None:
    where = (
        ColumnTest("channel", Type.TEXT, OneOf(("天猫", "抖音"))),
        ColumnTest("status", Type.TEXT, OneOf(("已付款",))),
    )
    rows = MeasureTest(Measure(Rows("orders", where), MeasureName.COUNT), Range(2, None), SPAN)
    assert said(rows, "zh") == "（渠道是「天猫」或「抖音」）且订单状态是「已付款」的订单至少 2 单的客户"
    last = LatestTest(Rows("orders"), where[:1], SPAN)
    assert said(last, "zh") == "订单的最近一单满足（渠道是「天猫」或「抖音」）的客户"


def test_opposites_have_words_of_their_own_or_say_what_does_not_hold() -> None:
    none = MeasureTest(Measure(ORDERS, MeasureName.COUNT), Range(1, None), SPAN)
    assert said(NoneOf((none,), SPAN), "zh") == said(replace(none, test=OneOf((0,))), "zh") == "没有下过单的客户"
    assert said(NoneOf((HAS_A,), SPAN), "zh") == "没有标签「A」的客户"
    many = replace(none, test=Range(3, None))
    assert said(NoneOf((many,), SPAN), "zh") == "不符合（至少 3 单）的客户"
    flag = AttributeTest(ColumnTest("is_friend", Type.BOOLEAN, Negated(OneOf((1,)))), SPAN)
    assert said(flag, "zh") == "是否好友不为“是”（没有填的也算）的客户"


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150, deadline=None)
@given(condition=playbooks.conditions(NOW))
@pytest.mark.slow
def test_any_condition_can_be_said(condition: Condition, language: Language) -> None:
    check(said(condition, language), language)


# Nothing is left out ----------------------------------------------------------------------------------------------------


def other(rule: Any, **changed: Any) -> Any:
    return replace(rule, **changed)


def template(text: str) -> Template:
    return Template(text, (), SPAN)


BODY = Body(template("a"), "", "")
TAG = Tag("A", "p", "", HAS_B, keep=False, span=SPAN)
ALERT = Alert(("owner",), None, "a", SPAN, None, None)
SEGMENT = Segment("A", "p", HAS_B, (), None, (), SPAN)
CAMPAIGN = OutreachCampaign(
    "A", "p", HAS_B, (Channel.FILE,), "", BODY, None, None, None, 1, 0, None, None, "manual", "", (), SPAN
)  # fmt: skip
MESSAGE = StepMessage((Channel.FILE,), "", BODY)
STEP = Step("a", None, False, None, None, None, MESSAGE, SPAN)
JOURNEY = Journey("A", "p", HAS_B, False, Again(AgainKind.NEVER), "", None, Late.SEND, (STEP,), "", SPAN)
OFFER = Offer("A", "p", None, "", None, "", None, None, SPAN)
CAP = Cap("any", 1, DAY, SPAN)
OTHERS: list[tuple[Any, dict[str, tuple[Any, ...]]]] = [
    (
        TAG,
        {
            "group": ("g",),
            "when": (HAS_C, None),
            "keep": (True,),
            "expires": (DAY,),
            "alert": (ALERT, *(other(ALERT, **{k: v}) for k, v in {"to": ("manager",), "due": DAY, "text": "b",
                      "at_most": (1, DAY), "escalate": (DAY, "manager")}.items())),
            "was": ("x",),
        },
    ),
    (
        replace(TAG, when=None),
        {
            **dict.fromkeys(("group", "when", "keep", "expires", "alert", "was"), ()),
            "ask": (Ask("", "q"), Ask("w", "q")),
        },
    ),
    (
        SEGMENT,
        {
            "when": (HAS_C,),
            "rank_by": ((Ranking("points", True, SPAN),), (Ranking("points", False, SPAN),)),
            "top": (3,),
            "columns": (("name",),),
            "share": (1000,),
            "per": ("owner",),
            "was": ("x",),
        },
    ),
    (
        CAMPAIGN,
        {
            "to": (HAS_C,),
            "channels": tuple((each,) for each in Channel if each is not Channel.FILE),
            "sender": ("owner", "manager", "robot", "s1"),
            "said": (
                Body(template("b"), "", ""), Body(None, "c", ""), Body(None, "", "o"), Body(template("a"), "", "o"),
                (Choice(HAS_C, BODY, "", SPAN), Choice(None, None, "why", SPAN)), (Choice(None, None, "", SPAN),),
                (Variant("V", 1, BODY, SPAN), Variant("W", 1, BODY, SPAN)),
            ),
            "days": (
                *(Days(frozenset((day,))) for day in range(len(WEEKDAYS))), Days(dates=(20_000,)),
                *(Days(festivals=(name,)) for name in FESTIVALS),
            ),
            "at": (600,),
            "every": (DAY, WEEK),
            "priority": (2,),
            "control": (1000,),
            "goal": (Goal(DAY, HAS_C), Goal(WEEK, HAS_C)),
            "valid": (DAY,),
            "approval": ("auto",),
            "exclusive": ("g",),
            "caps": ((CAP,),),
        },
    ),
    (
        JOURNEY,
        {
            "enter": (HAS_C,),
            "existing": (True,),
            "again": (Again(AgainKind.AFTER, DAY), Again(AgainKind.EACH_ANNIVERSARY), Again(AgainKind.EACH_ANCHOR)),
            "anchor": ("birthday",),
            "exit": (HAS_C,),
            "late": (Late.SKIP, Late.NEXT_WINDOW),
            "steps": tuple(
                (other(STEP, **{key: value}),)
                for key, value in [
                    ("name", "b"), ("offset", Duration(0, Unit.DAY)), ("offset", DAY), ("weekday", 5), ("at", 600),
                    ("when", HAS_C), ("action", replace(MESSAGE, sender="owner")), ("action", StepTask(template("t"), None)),
                    ("action", StepTask(template("t"), DAY)), ("action", Wait(HAS_C, DAY, "")), ("action", Wait(HAS_C, DAY, "x")),
                ]
            ),
            "end_tag": ("t",),
        },
    ),
    (
        OFFER,
        {
            "coupon": (Coupon(CouponSource.POOL, "c"), Coupon(CouponSource.GRANT, "c")),
            "product": ("p",),
            "price": (100,),
            "redeem": ("r",),
            "valid": (DAY,),
            "cost": (200,),
        },
    ),
    (
        OutreachPolicy(),
        {
            "consent": ({Channel.SMS: "sms_consent"},),
            "quiet_hours": (QuietHours(1260, 540),),
            "caps": ((CAP,), (replace(CAP, channel="file"),), (replace(CAP, max=2),)),
            "quota": tuple({Channel.WECOM: each} for each in Quota),
            "capacity": (Capacity({Channel.ONE_TO_ONE: 30}, DAY),),
            "guard": tuple(other(Guard(), **{one.name: DAY if one.name == "max_data_age" else 1000}) for one in fields(Guard)),
        },
    ),
]  # fmt: skip
TOLD_ELSEWHERE = {"name", "playbook", "span", "exclusive", "column", "ask"}
"""Fields that titles tell, or that hang on other rules: what is left is tried."""


def words_of(rule: Any, language: Language) -> str:
    blocks = Blocks(voice(language), Project())
    outreach = Outreach(blocks)
    writers: dict[type, Any] = {
        Tag: blocks.tag,
        Segment: blocks.segment,
        OutreachCampaign: outreach.campaign,
        Journey: outreach.journey,
        Offer: outreach.offer,
        OutreachPolicy: outreach.policy,
    }
    return "\n".join(line for clause in writers[type(rule)](rule) for line in clause.lines())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("rule", "others"), OTHERS, ids=lambda each: type(each).__name__)
def test_each_part_of_a_rule_changes_its_words(
    rule: Any, others: dict[str, tuple[Any, ...]], language: Language
) -> None:
    assert {one.name for one in fields(rule)} - TOLD_ELSEWHERE <= set(others)
    variants = [rule] + [replace(rule, **{name: value}) for name, values in others.items() for value in values]
    words = [words_of(each, language) for each in variants]
    for text in words:
        check(text, language)
    assert len(set(words)) == len(words)
