"""Blocks of a playbook: metrics, tags, RFM, scores, bands, segments, and the order of them all."""

from pathlib import Path

import pytest

from pdo.core.diagnostics import Diagnostic, Findings
from pdo.core.source import Source
from pdo.model.conditions import (
    AgeRange,
    Anchor,
    AttributeTest,
    Completed,
    Duration,
    Measure,
    MeasureName,
    MeasureTest,
    MetricTest,
    Middle,
    Range,
    RfmTest,
    Rows,
    Since,
    StageTest,
    Streak,
    TagTest,
    Unit,
)
from pdo.model.fields import Type
from pdo.model.playbook import Alert, Ask, Cut, Fading, Part, Project, Ratio
from pdo.playbook.project import parse_condition_text, read_project
from pdo.playbook.reading import Reading
from pdo.playbook.settings import read_settings

TABLES = """\
tables:
  children: {key: [customer_id, child_no], columns: {child_no: text, birthday: date}}
  vip_terms: {key: [customer_id, started_on], time: started_on, columns: {started_on: date, fee: money}}
"""


def days(count: int) -> Duration:
    return Duration(count, Unit.DAY)


def read(folder: Path, *texts: str, settings: str = TABLES) -> tuple[Project, tuple[Diagnostic, ...]]:
    """The project of playbooks `a.yaml`, `b.yaml` …, and what was found."""
    (folder / "pdo.yaml").write_text(settings, "utf-8")
    known, findings = read_settings(folder)
    assert known is not None
    assert not findings.sorted()
    reading = Reading(known, Findings())
    sources = tuple(
        Source(f"{name}.yaml", f"version: 1\nplaybook: {name}\n{text}")
        for name, text in zip("abc", texts, strict=False)
    )
    return read_project(sources, reading), reading.findings.sorted()


def clean(folder: Path, *texts: str, settings: str = TABLES) -> Project:
    project, found = read(folder, *texts, settings=settings)
    assert [(each.key, dict(each.params)) for each in found] == []
    return project


def keys(folder: Path, *texts: str) -> list[str]:
    return [each.key for each in read(folder, *texts)[1]]


# Metrics ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "measure", "type_"),
    [
        ("{orders: amount}", Measure(Rows("orders"), MeasureName.AMOUNT), Type.MONEY),
        ("{orders: gap}", Measure(Rows("orders"), MeasureName.GAP), Type.INTEGER),
        ("{orders: {most: store}}", Measure(Rows("orders"), MeasureName.MOST, "store", Type.TEXT), Type.TEXT),
        ("{items: {latest: product}}", Measure(Rows("items"), MeasureName.LATEST, "product", Type.TEXT), Type.TEXT),
        ("{orders: {sum: discount}}", Measure(Rows("orders"), MeasureName.SUM, "discount", Type.MONEY), Type.MONEY),
        ("{orders: {min: paid_at}}", Measure(Rows("orders"), MeasureName.MIN, "paid_at", Type.INSTANT), Type.INSTANT),
        ("{items: {distinct: sku}}", Measure(Rows("items"), MeasureName.DISTINCT, "sku", Type.TEXT), Type.INTEGER),
        ("{vip_terms: {latest: fee}}", Measure(Rows("vip_terms"), MeasureName.LATEST, "fee", Type.MONEY), Type.MONEY),
        (
            "{events: {streak: {per: 1w, grace: 1}}}",
            Measure(Rows("events"), MeasureName.STREAK, shape=Streak(7, 1)),
            Type.INTEGER,
        ),
        (
            "{orders: {since: vip_from, measure: count}}",
            Measure(Rows("orders", window=Since(Anchor.ATTRIBUTE, "vip_from", Type.DATE)), MeasureName.COUNT),
            Type.INTEGER,
        ),
    ],
)
def test_metrics(text: str, measure: Measure, type_: Type, tmp_path: Path) -> None:
    metric = clean(tmp_path, f"metrics: {{甲: {text}}}\n").metrics["甲"]
    assert (metric.measure, metric.type) == (measure, type_)


def test_a_ratio_may_stand_before_what_it_divides(tmp_path: Path) -> None:
    project = clean(tmp_path, "metrics: {比: {ratio: [甲, 乙]}, 甲: {orders: amount}, 乙: {orders: count}}\n")
    assert project.metrics["比"].measure == Ratio("甲", "乙")
    assert project.metrics["比"].type is Type.NUMBER
    assert list(project.metrics) == ["比", "甲", "乙"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{orders: {sum: store}}", ["PB323"]),
        ("{orders: {count: 3..}}", ["PB116.metric"]),
        ("{orders: last}", ["PB309.moment"]),
        ("{orders: sum}", ["PB117"]),
        ("{orders: {within: 30d}}", ["PB117"]),
        ("{orders: {since: stage, measure: count}}", ["PB210.stage"]),
        ("{orders: quantity}", ["PB309"]),
        ("{zzzzzz: count}", ["PB114"]),
        ("{ratio: [乙]}", ["PB220.two"]),
        ("{ratio: [乙, 丙丙丙丙]}", ["PB201"]),
        ("{ratio: [乙, city]}", ["PB201"]),
        ("{events: {streak: {per: 1mo}}}", ["PB321.days"]),
    ],
)
def test_mistakes_in_metrics(text: str, found: list[str], tmp_path: Path) -> None:
    assert keys(tmp_path, f"metrics: {{甲: {text}, 乙: {{orders: count}}}}\n") == found


# Tags -------------------------------------------------------------------------------------------------------------


def test_a_family_is_spelt_out(tmp_path: Path) -> None:
    (tmp_path / "品类.csv").write_text("序,品类\n1,水果\n2,海鲜\n3,\n4,水果\n", "utf-8")
    text = (
        "tags:\n"
        '  "{城市}爱{品类}":\n'
        "    each: {品类: 品类.csv, 城市: [北京, 上海]}\n"
        "    group: 爱{品类}\n"
        '    when: {city: "{城市}", items: {where: {category: "{品类}"}}}\n'
        "    alert: {to: owner, text: \"{品类}到了，{{ name | default('您') }}\"}\n"
    )
    project = clean(tmp_path, text)
    assert list(project.tags) == ["北京爱水果", "上海爱水果", "北京爱海鲜", "上海爱海鲜"]
    alert = project.tags["上海爱海鲜"].alert
    assert project.tags["上海爱海鲜"].group == "爱海鲜"
    assert alert is not None
    assert alert.text == "海鲜到了，{{ name | default('您') }}"


def test_findings_in_a_family_stand_at_its_line_and_name_the_member(tmp_path: Path) -> None:
    text = (
        'tags:\n  爱{品类}:\n    each: {品类: [水果, 海鲜]}\n    when: {points: "{品类}"}\n'
        "segments: {甲: {when: {tag: 爱水果}}}\n"
    )
    _, found = read(tmp_path, text)
    assert [(each.key, each.span and each.span.line) for each in found] == [("PB301.integer", 6)] * 2
    assert [each.related[0].message("zh") for each in found] == ["展开成“爱水果”时", "展开成“爱海鲜”时"]


def test_a_member_may_not_be_called_like_another_tag(tmp_path: Path) -> None:
    text = "tags:\n  爱水果: {when: {city: 北京}}\n  爱{品类}: {each: {品类: [水果]}, when: {city: 上海}}\n"
    assert keys(tmp_path, text) == ["PB204"]


def test_a_broken_family_makes_no_noise_about_its_members(tmp_path: Path) -> None:
    text = "tags:\n  爱{品类}: {each: {品类: 没有.csv}, when: {city: 北京}}\n  乙: {when: {tag: 爱水果}}\n"
    assert keys(tmp_path, text) == ["PB221", "PB201"]


def test_files_with_gb18030_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("品类\n水果\n".encode("gb18030"))
    project = clean(tmp_path, 'tags:\n  爱{品类}: {each: {品类: a.csv}, when: {city: "{品类}"}}\n')
    assert list(project.tags) == ["爱水果"]


def test_tags_that_expire_come_from_columns_or_hold_for_ever(tmp_path: Path) -> None:
    text = (
        "tags:\n  甲: {when: {added_at: ..3d}, expires: 3d}\n  渠道: {group: 来源, from: source_channel}\n"
        "  乙: {when: {city: 北京}, keep: true, was: 老名}\n  丙: {group: 行为}\n"
    )
    tags = clean(tmp_path, text).tags
    assert tags["甲"].expires == days(3)
    assert (tags["渠道"].column, tags["渠道"].when) == ("source_channel", None)
    assert (tags["乙"].keep, tags["乙"].was) == (True, "老名")
    assert tags["丙"].when is None


def test_a_question_makes_a_tag_of_each_answer(tmp_path: Path) -> None:
    text = (
        "tags:\n"
        "  过敏: {group: 健康, was: 旧, ask: {who: 育儿顾问, question: 过敏吗, answers: [是, 否, 不确定]}}\n"
        "  试过: {ask: {question: 试过吗}}\n"
        "  小心: {when: {tag: 过敏}}\n"
    )
    project = clean(tmp_path, text)
    assert project.exclusive["过敏"].tags == ("过敏:是", "过敏:否", "过敏:不确定")
    assert project.exclusive["试过"].tags == ("试过:是", "试过:否")
    tag = project.tags["过敏:否"]
    assert (tag.ask, tag.group, tag.exclusive, tag.was) == (Ask("育儿顾问", "过敏吗"), "健康", "过敏", "旧:否")
    assert isinstance(project.tags["小心"].when, TagTest)
    assert project.tags["小心"].when.tags == ("过敏:是",)
    condition, _ = parse_condition_text("tag: 过敏", read_settings(tmp_path)[0], project)  # type: ignore[arg-type]
    assert isinstance(condition, TagTest)
    assert condition.tags == ("过敏:是",)


def test_an_alert(tmp_path: Path) -> None:
    text = (
        "tags:\n  甲:\n    when: {orders: {count: 3..}}\n"
        "    alert: {to: [owner, manager], due: 2d, text: 请回访, at_most: {max: 1, per: 7d}, escalate: {after: 2d, to: 张三}}\n"
    )
    alert = clean(tmp_path, text).tags["甲"].alert
    assert isinstance(alert, Alert)
    assert (alert.to, alert.due, alert.text) == (("owner", "manager"), days(2), "请回访")
    assert (alert.at_most, alert.escalate) == ((1, days(7)), (days(2), "张三"))


def test_exclusive_groups_go_by_file_then_line(tmp_path: Path) -> None:
    first = "tag_groups: {价值: {exclusive: true}}\ntags: {丁: {group: 价值}, 丙: {group: 价值}, 无: {group: 别的}}\n"
    second = "tags: {甲: {group: 价值, when: {city: 北京}}}\n"
    project = clean(tmp_path, first, second)
    assert project.exclusive["价值"].tags == ("丁", "丙", "甲")
    assert project.tags["甲"].exclusive == "价值"
    assert project.tags["无"].exclusive == ""


# RFM --------------------------------------------------------------------------------------------------------------

RFM = """\
rfm:
  全店:
    recency: {high: ..30d}
    frequency: {high: top 40%}
    money: {high: above average}
    within: 365d
    names: {HHH: 大客户}
  五分:
    recency: {score: quintile, high: 4..}
    frequency: {high: 3..}
    money: {high: above median}
    names: {HHH: 一, HLH: 二, LHH: 三, LLH: 四, HHL: 五, HLL: 六, LHL: 七, LLL: 八}
"""


def test_rfm_settings_and_their_types_as_tags(tmp_path: Path) -> None:
    text = f"{RFM}tags: {{乙: {{when: {{rfm: {{全店: [HHH, HLH]}}, 五分.R: 5}}}}}}\n"
    project = clean(tmp_path, text)
    whole, scored = project.rfm["全店"], project.rfm["五分"]
    assert whole.cuts == {
        Part.RECENCY: Cut(test=AgeRange(None, days(30))),
        Part.FREQUENCY: Cut(share=4000),
        Part.MONEY: Cut(middle=Middle.AVERAGE),
    }
    assert scored.cuts[Part.RECENCY] == Cut(score=Range(4, None))
    assert scored.cuts[Part.MONEY] == Cut(middle=Middle.MEDIAN)
    assert (whole.names["HHH"], whole.names["LLL"], scored.names["LLL"]) == ("大客户", "一般挽留", "八")
    tag = project.tags["重要保持"]
    assert isinstance(tag.when, RfmTest)
    assert (tag.group, tag.exclusive, tag.when.types) == ("全店", "全店", ("LHH",))
    assert len(project.exclusive["五分"].tags) == 8


def test_standard_names_are_those_of_the_definitions(tmp_path: Path) -> None:
    names = clean(tmp_path, RFM.replace("    names: {HHH: 大客户}\n", "")).rfm["全店"].names
    assert list(names.items()) == [
        ("HHH", "重要价值"),
        ("HLH", "重要发展"),
        ("LHH", "重要保持"),
        ("LLH", "重要挽留"),
        ("HHL", "一般价值"),
        ("HLL", "一般发展"),
        ("LHL", "一般保持"),
        ("LLL", "一般挽留"),
    ]


# Scores -----------------------------------------------------------------------------------------------------------


def test_scores_in_thousandths_with_bands_as_tags(tmp_path: Path) -> None:
    text = (
        "scores:\n  分:\n    rules:\n"
        "      - {when: {events: {type: 询价}}, add: 50, because: 问过价}\n"
        "      - {each: {events: {type: 浏览商品, within: 30d}}, add: 0.5, up_to: 20, fades: {half_life: 1w}}\n"
        "      - {when: {city: 北京}, add: -10}\n"
        "    bands: {中: 30, 高: 60.5}\n"
    )
    project = clean(tmp_path, text)
    asked, browsed, city = project.scores["分"].rules
    assert (asked.add, asked.because, asked.each) == (50_000, "问过价", None)
    assert (browsed.add, browsed.up_to, browsed.fades) == (500, 20_000, (Fading.HALF_LIFE, 7))
    assert browsed.each is not None
    assert (browsed.each.subject, city.add) == ("events", -10_000)
    middle, high = project.tags["中"].when, project.tags["高"].when
    assert isinstance(middle, MetricTest)
    assert isinstance(high, MetricTest)
    assert middle.test == Range(30_000, 60_500, high_open=True)
    assert high.test == Range(60_500, None)
    assert project.exclusive["分"].tags == ("中", "高")


# Lifecycles by bands ----------------------------------------------------------------------------------------------


def test_stages_by_the_age_of_the_youngest_child(tmp_path: Path) -> None:
    text = (
        "lifecycles:\n  孩子:\n    by: {age_of: children.birthday, take: youngest}\n"
        "    bands: {孕期: before birth, 0-3月: 0mo, 3-12月: 3mo, 1岁起: 1y}\n    otherwise: 无\n"
    )
    lifecycle = clean(tmp_path, text).lifecycles["孩子"]
    months, year = Unit.MONTH, Duration(1, Unit.YEAR)
    measure = Measure(Rows("children"), MeasureName.MAX, "birthday", Type.DATE)
    tests = [condition for _, condition in lifecycle.derived]
    assert all(isinstance(each, MeasureTest) and each.measure == measure for each in tests)
    assert [each.test for each in tests if isinstance(each, MeasureTest)] == [
        Completed(None, Duration(0, months), below=True),
        Completed(Duration(0, months), Duration(3, months), below=True),
        Completed(Duration(3, months), year, below=True),
        Completed(year, None, below=True),
    ]
    assert lifecycle.stages == ("孕期", "0-3月", "3-12月", "1岁起", "无")
    assert lifecycle.is_derived


def test_stages_by_the_age_of_an_attribute_or_by_a_number(tmp_path: Path) -> None:
    text = (
        "metrics: {消费: {orders: amount}}\n"
        "lifecycles:\n"
        "  年龄: {by: {age_of: birthday}, bands: {少: 0y, 青: 18y}, otherwise: 无}\n"
        "  消费: {by: 消费, bands: {低: 0, 高: 99.5}, otherwise: 无}\n"
        "  积分: {by: points, bands: {低: 0, 高: 100}, otherwise: 无}\n"
    )
    found = clean(tmp_path, text).lifecycles
    age, money, points = (found[name].derived[0][1] for name in ("年龄", "消费", "积分"))
    assert isinstance(age, AttributeTest)
    assert age.test.test == Completed(Duration(0, Unit.YEAR), Duration(18, Unit.YEAR), below=True)
    assert isinstance(money, MetricTest)
    assert money.test == Range(0, 9950, high_open=True)
    assert isinstance(points, AttributeTest)
    assert points.test.test == Range(0, 100, high_open=True)


def test_renamed_stages(tmp_path: Path) -> None:
    head = (
        "lifecycles:\n  段: {stages: [新, 意向], initial: 新, transitions: [{from: 新, to: 意向, when: {city: 北京}}], "
    )
    assert clean(tmp_path, f"{head}was: {{意向: 有意向}}}}\n").lifecycles["段"].was == {"意向": "有意向"}
    assert keys(tmp_path, f"{head}was: {{意向: 新}}}}\n") == ["PB224"]
    assert keys(tmp_path, f"{head}was: {{没有: 旧}}}}\n") == ["PB402"]


# Segments and order -------------------------------------------------------------------------------------------------


def test_segments_per_owner_ranked_by_scores_and_parts(tmp_path: Path) -> None:
    text = (
        f"{RFM}scores: {{分: {{rules: [{{when: {{city: 北京}}, add: 1}}]}}}}\n"
        "segments:\n"
        "  甲: {when: {city: 北京}, per: owner, top: 20, rank_by: {分: desc, 五分.R: asc}, columns: [name, 分, 五分.R]}\n"
        "  乙: {when: {city: 北京}, top: 12.5%, was: 旧}\n"
    )
    project = clean(tmp_path, text)
    first, second = project.segments["甲"], project.segments["乙"]
    assert (first.per, first.top, first.share) == ("owner", 20, None)
    assert first.columns == ("name", "分", "五分.R")
    assert (second.top, second.share, second.was) == (None, 1250, "旧")
    assert keys(tmp_path, f"{RFM}segments: {{甲: {{when: {{city: 北京}}, rank_by: {{全店.R: desc}}}}}}\n") == ["PB214"]
    assert keys(tmp_path, "segments: {甲: {when: {city: 北京}, per: owner}}\n") == ["PB117"]
    assert keys(tmp_path, "segments: {甲: {when: {city: 北京}, top: 120%}}\n") == ["PB342"]


def test_every_rule_comes_after_what_it_refers_to(tmp_path: Path) -> None:
    text = (
        "segments: {群: {when: {tag: 大客户, 分: 1..}, rank_by: {五分.R: desc}, top: 3}}\n"
        "tags: {乙: {group: 组, when: {tag: 高}}, 甲: {group: 组, when: {stage: 老}}, 丙: {when: {tag: 乙}}}\n"
        "tag_groups: {组: {exclusive: true}}\n"
        "scores: {分: {rules: [{when: {rfm: {全店: HHH}}, add: 1}], bands: {高: 1}}}\n"
        f"lifecycles: {{段: {{derived: {{老: {{city: 北京}}}}, otherwise: 新}}}}\n{RFM}"
    )
    project = clean(tmp_path, text)
    place = {(rule.kind, rule.name): number for number, rule in enumerate(project.order)}
    for after, before in [
        (("segment", "群"), ("exclusive", "全店")),
        (("segment", "群"), ("rfm", "五分")),
        (("segment", "群"), ("score", "分")),
        (("exclusive", "全店"), ("tag", "大客户")),
        (("tag", "大客户"), ("rfm", "全店")),
        (("tag", "高"), ("score", "分")),
        (("score", "分"), ("rfm", "全店")),
        (("tag", "乙"), ("exclusive", "分")),
        (("tag", "甲"), ("lifecycle", "段")),
        (("tag", "丙"), ("exclusive", "组")),
        (("exclusive", "组"), ("tag", "甲")),
    ]:
        assert place[after] > place[before], (after, before)
    assert len(project.order) == len(set(project.order))


def test_a_tag_that_asks_for_another_of_its_exclusive_group_is_a_circle(tmp_path: Path) -> None:
    text = "tags: {甲: {group: 组, when: {tag: 乙}}, 乙: {group: 组}}\ntag_groups: {组: {exclusive: true}}\n"
    _, found = read(tmp_path, text)
    assert [each.params["path"] for each in found] == ["甲 → 组 → 甲"]


def test_since_the_stage_of_its_own_lifecycle(tmp_path: Path) -> None:
    text = (
        "lifecycles: {段: {stages: [新, 老], initial: 新, transitions: [{from: 新, to: 老, when: {orders: {since: stage}}}]}}\n"
        "tags: {甲: {when: {stage: 老, orders: {since: stage}}}}\n"
    )
    project = clean(tmp_path, text)
    when = project.lifecycles["段"].transitions[0].when
    assert isinstance(when, MeasureTest)
    assert when.measure.rows.window == Since(Anchor.STAGE, "段", None)
    assert [rule.name for rule in project.order] == ["段", "甲"]


def test_scores_and_metrics_share_a_name_space(tmp_path: Path) -> None:
    text = "metrics: {甲: {orders: count}}\nscores: {甲: {rules: [{when: {city: 北京}, add: 1}]}}\n"
    assert keys(tmp_path, text) == ["PB204"]
    assert keys(tmp_path, "scores: {city: {rules: [{when: {city: 北京}, add: 1}]}}\n") == ["PB208.attribute"]


def test_stage_conditions_of_bands(tmp_path: Path) -> None:
    text = "lifecycles: {档: {by: points, bands: {低: 0, 高: 100}, otherwise: 无}}\ntags: {甲: {when: {stage: 高}}}\n"
    when = clean(tmp_path, text).tags["甲"].when
    assert isinstance(when, StageTest)
    assert (when.lifecycle, when.stages) == ("档", ("高",))
