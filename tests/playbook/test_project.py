"""Projects: files read together, names, order, circles, lifecycles, campaigns."""

import subprocess
import sys
from pathlib import Path

import pytest

from pdo.core.errors import UsageError
from pdo.core.source import Source
from pdo.model.conditions import Duration, Everyone, SegmentTest, Unit
from pdo.model.settings import Settings
from pdo.playbook.project import load_project, parse_condition_text
from pdo.playbook.settings import find_project, read_mapping, read_settings
from tests.playbook.conftest import Read

ROOT = Path(__file__).parents[2]
WORKED = ROOT / "playbooks" / "fresh-retail"


def test_the_worked_project_is_clean() -> None:
    settings, findings = read_settings(WORKED)
    assert settings is not None
    project, found = load_project(settings)
    assert [*findings, *found] == []
    assert project is not None
    assert project.tags["爱水果"].group == "消费偏好"
    assert len(project.playbooks[0].digest) == 64


def test_rules_come_after_what_they_refer_to(read: Read) -> None:
    project, _ = read(
        "segments: {丁: {when: {tag: 丙}}}\n"
        "tags: {乙: {when: {tag: 丙}}, 甲: {when: {city: 北京}}, 丙: {when: {stage: 新}}}\n"
        "lifecycles: {阶段: {derived: {新: {city: 北京}}, otherwise: 无}}\n"
    )
    assert [rule.name for rule in project.order] == ["阶段", "丙", "丁", "乙", "甲"]


def test_a_circle_says_the_way_round(read: Read) -> None:
    _, found = read("tags: {甲: {when: {tag: 乙}}, 乙: {when: {tag: 丙}}, 丙: {when: {tag: 甲}}}\n")
    (circle,) = found
    assert circle.params["path"] == "甲 → 乙 → 丙 → 甲"
    assert len(circle.related) == 2


def test_a_tag_that_asks_for_itself_is_a_circle(read: Read) -> None:
    _, found = read("tags: {甲: {when: {tag: 甲}}}\n")
    assert [diagnostic.params["path"] for diagnostic in found] == ["甲 → 甲"]


def test_stateful_lifecycle(read: Read) -> None:
    project, found = read("""\
lifecycles:
  阶段:
    stages: [新, 熟, 成交]
    initial: 新
    final: 成交
    transitions:
      - {from: any, to: 成交, when: {orders: {}}}
      - {from: 新, to: 熟, after: 30d}
""")
    lifecycle = project.lifecycles["阶段"]
    assert not found
    assert lifecycle.final == ("成交",)
    assert [move.origins for move in lifecycle.transitions] == [("新", "熟"), ("新",)]
    assert lifecycle.transitions[1].after == Duration(30, Unit.DAY)
    assert not lifecycle.is_derived


def test_derived_lifecycle(read: Read) -> None:
    project, _ = read(
        "lifecycles: {L: {take: highest, derived: {一: {city: 北京}, 二: {city: 上海}}, otherwise: 零}}\n"
    )
    lifecycle = project.lifecycles["L"]
    assert (lifecycle.stages, lifecycle.highest, lifecycle.otherwise) == (("一", "二", "零"), True, "零")


def test_campaign_and_policy(read: Read) -> None:
    project, found = read("""\
segments: {圈: {when: {orders: {}}, rank_by: {points: asc}, top: 3, columns: [name]}}
metrics: {最近: {orders: days_since_last}}
campaigns:
  一: {to: 圈, channel: file, every: 30d, text: "{{ 最近 }} 天没来了"}
  二: {to: everyone, channel: file, text: "您好", approval: auto, priority: 1}
policy: {caps: [{max: 1, per: 1d}]}
""")
    first, second = project.outreach.campaigns["一"], project.outreach.campaigns["二"]
    assert not found  # who is in 圈 has an order, so 最近 has a value
    assert isinstance(first.to, SegmentTest)
    assert (first.every, first.approval) == (Duration(30, Unit.DAY), "manual")
    assert isinstance(second.to, Everyone)
    assert second.every is None
    assert project.outreach.policy.caps[0].channel == "any"


def test_broken_blocks_make_no_noise_about_their_names(read: Read) -> None:
    _, found = read("""\
tags:
  甲:
    group: 地域
     when: {city: 北京}
  乙: {when: {tag: 甲}}
  丙: {when: {points: abc}}
  丁: {when: {tag: 丙}}
""")
    assert [diagnostic.key for diagnostic in found] == ["PB101.indent", "PB301.integer"]


def test_places_of_variables_in_texts_of_several_lines(read: Read) -> None:
    _, found = read("""\
campaigns:
  一:
    to: everyone
    channel: file
    text: |
      您好
      {{ nmae }}
""")
    (unknown,) = found
    assert unknown.span is not None
    assert (unknown.span.line, unknown.span.column) == (9, 10)


def test_paths_that_do_not_exist(settings: Settings) -> None:
    with pytest.raises(UsageError):
        load_project(settings, [Path("nowhere.yaml")])
    with pytest.raises(UsageError):
        find_project(Path("/"))


def test_one_file_is_checked_with_the_names_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "pdo.yaml").write_text("timezone: Asia/Tokyo\n", "utf-8")
    (tmp_path / "a.yaml").write_text("version: 1\nplaybook: a\ntags: {甲: {when: {points: x}}}\n", "utf-8")
    (tmp_path / "b.yaml").write_text("version: 1\nplaybook: b\ntags: {乙: {when: {tag: 甲}}}\n", "utf-8")
    settings, _ = read_settings(tmp_path)
    assert settings is not None
    assert not load_project(settings, [tmp_path / "b.yaml"])[1].sorted()
    assert [found.code for found in load_project(settings, [tmp_path])[1]] == ["PB301"]


def test_playbooks_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "pdo.yaml").write_text("timezone: Asia/Tokyo\n", "utf-8")
    (tmp_path / "a.yml").write_text("version: 1\nplaybook: a\ntags: {甲: {group: x}}\n", "utf-8")
    settings, _ = read_settings(find_project(tmp_path))
    assert settings is not None
    assert settings.timezone == "Asia/Tokyo"
    project, _ = load_project(settings)
    assert project is not None
    assert list(project.tags) == ["甲"]


def test_settings(tmp_path: Path) -> None:
    (tmp_path / "pdo.yaml").write_text(
        "language: 中文\ndatabase: data/x.db\n"
        "attributes: {customers: {年龄: integer}, events: {material: {type: text, sensitive: 是}}}\n"
        "mappings:\n  小店: {kind: orders, columns: {order_id: 订单编号}, paid_is: net, statuses: {交易成功: 完成},"
        " required: [paid_at, paid]}\n",
        "utf-8",
    )
    settings, findings = read_settings(tmp_path)
    assert not findings.sorted()
    assert settings is not None
    assert settings.database == tmp_path / "data" / "x.db"
    assert settings.declared("customers")[0].column.name == "年龄"
    assert settings.declared("events")[0].sensitive
    mapping = settings.mappings["小店"]
    assert mapping.required == ("paid_at", "paid")
    assert (mapping.paid_is, mapping.columns, mapping.statuses) == (
        "net",
        {"order_id": "订单编号"},
        {"交易成功": "完成"},
    )


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("timezone: 北京", ["PB315"]),
        ("timezone: ../../etc/passwd", ["PB315"]),
        ("langauge: zh", ["PB114.near"]),
        ("nightly: [zzz]", ["PB314"]),
        ("attributes: {customers: {points: {type: text}}}", ["PB208.attribute"]),
        ("attributes: {customers: {a: {type: numbr}}}", ["PB314.near"]),
        ("attributes: {customer: {a: {type: text}}}", ["PB314.near"]),
        ("mappings: {m: {kind: order, columns: {order_id: a}}}", ["PB314.near"]),
        ("mappings: {m: {kind: orders, columns: {订单号: a, zzzzzzzz: b}}}", ["PB122.english", "PB203"]),
        ("mappings: {m: {kind: orders, required: [paid, 付款时间, zzzzzzzz]}}", ["PB203.near", "PB203"]),
        ("mappings: {m: {columns: {order_id: a}}}", ["PB117"]),
        ("- a", ["PB116.mapping_not_list"]),
    ],
)
def test_mistakes_in_settings(text: str, keys: list[str], tmp_path: Path) -> None:
    (tmp_path / "pdo.yaml").write_text(text, "utf-8")
    assert [found.key for found in read_settings(tmp_path)[1]] == keys


def test_mapping_of_its_own_file(tmp_path: Path) -> None:
    path = tmp_path / "小店.yaml"
    path.write_text("kind: orders\ncolumns: {order_id: 订单编号}\n", "utf-8")
    mapping, findings = read_mapping(path)
    assert not findings.sorted()
    assert mapping is not None
    assert (mapping.name, mapping.kind, mapping.paid_is) == ("小店", "orders", "gross")


def test_a_condition_of_the_command_line_sees_the_project(read: Read, settings: Settings) -> None:
    project, _ = read("tags: {甲: {when: {city: 北京}}}\n")
    condition, findings = parse_condition_text("tag: 甲", settings, project)
    assert condition is not None
    assert not findings.sorted()
    _, findings = parse_condition_text("tag: 乙乙乙", settings, project)
    (found,) = findings
    assert found.span is not None
    assert found.span.source == Source("<条件>", "tag: 乙乙乙")


def test_checking_loads_neither_database_nor_engine() -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from pdo.playbook.settings import read_settings\n"
        "from pdo.playbook.project import load_project\n"
        "settings, _ = read_settings(Path(sys.argv[1]))\n"
        "assert load_project(settings)[0]\n"
        "heavy = {'sqlmodel', 'sqlalchemy', 'duckdb', 'pyarrow', 'httpx', 'alembic', 'pydantic', 'rich', 'typer'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(WORKED)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"
