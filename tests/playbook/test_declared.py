"""What `pdo.yaml` declares: columns, tables, names of colleagues, categories."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdo.model.fields import Type
from pdo.model.settings import CategoryRule, Settings
from pdo.playbook.project import load_project
from pdo.playbook.settings import read_settings

TABLES = """\
tables:
  children:
    label: 孩子
    key: [customer_id, 小名]
    time: 生日
    columns: {小名: text, 生日: {type: date, label: 出生日期}}
  vip_terms:
    columns: {fee: money}
"""


def read(folder: Path, text: str) -> tuple[Settings, list[str]]:
    (folder / "pdo.yaml").write_text(text, encoding="utf-8")
    settings, findings = read_settings(folder)
    assert settings is not None
    return settings, [f"{found.code}@{found.span.line if found.span else 0}" for found in findings.sorted()]


def test_a_declared_table_is_a_kind_and_a_subject(tmp_path: Path) -> None:
    settings, found = read(tmp_path, TABLES)
    assert found == []
    children, terms = settings.kinds["children"], settings.kinds["vip_terms"]
    assert (children.label, children.key, children.made) == ("孩子", ("customer_id", "小名"), False)
    assert (terms.label, terms.key, terms.made) == ("vip_terms", (), True)
    subject = settings.subjects["children"]
    assert (subject.time, subject.time_type, subject.kind) == ("生日", Type.DATE, "children")
    assert settings.subjects["vip_terms"].time is None
    columns = [found.column for found in settings.declared("children")]
    assert [(column.name, column.type, column.label, column.required) for column in columns] == [
        ("小名", Type.TEXT, "小名", True),
        ("生日", Type.DATE, "出生日期", False),
    ]


def test_a_declared_consent_is_a_column_of_customers(tmp_path: Path) -> None:
    settings, found = read(tmp_path, "attributes: {customers: {email_consent: boolean}}\n")
    assert found == []
    column = settings.kinds["customers"].column("email_consent")
    assert column is not None
    assert column.consent == "email"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tables: {orders: {columns: {a: text}}}\n", ["PB208@1"]),
        ("tables: {city: {columns: {a: text}}}\n", ["PB208@1"]),
        ("attributes: {customers: {孩子: text}}\ntables: {孩子: {columns: {a: text}}}\n", ["PB208@2"]),
        ("tables: {a: {label: 甲}}\n", ["PB117@1"]),
        ("tables: {a: {key: c, columns: {b: text}}}\n", ["PB203@1"]),
        ("tables: {a: {time: c, columns: {b: text}}}\n", ["PB203@1"]),
        ("tables: {a: {columns: {customer_id: text}}}\n", ["PB208@1"]),
        ("attributes: {customers: {会员: {type: text, label: 姓名}}}\n", ["PB208@1"]),
        ("attributes: {customers: {甲: {type: text, label: 丙}, 乙: {type: text, label: 丙}}}\n", ["PB208@1"]),
        ("attributes: {tags: {甲: text}}\n", ["PB314@1"]),
        ("nightly: [run, sleep]\n", ["PB314@1"]),
        ("heartbeat: ping.me\n", ["PB314@1"]),
    ],
)
def test_what_cannot_be_declared_is_told(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert read(tmp_path, text)[1] == expected


def test_a_table_and_a_metric_share_one_name_space(tmp_path: Path) -> None:
    settings, _ = read(tmp_path, TABLES)
    text = "version: 1\nplaybook: p\nmetrics: {vip_terms: {orders: amount}}\n"
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    assert "PB208" in [found.code for found in load_project(settings)[1]]


RULES = (CategoryRule("水果", ("车厘子", "草莓"), ("P1",), 7), CategoryRule("海鲜", ("三文鱼",)))


def test_categories_are_written_out_or_stand_in_a_file(tmp_path: Path) -> None:
    written = "categories:\n  水果: {title: [车厘子, 草莓], sku: P1, cycle_days: 7}\n  海鲜: {title: 三文鱼}\n"
    settings, found = read(tmp_path, written)
    assert (settings.categories, found) == (RULES, [])
    (tmp_path / "品类.csv").write_text("品类,商品名称,周期天数\n水果,车厘子,7\n海鲜,三文鱼,\n", encoding="utf-8")
    settings, found = read(tmp_path, "categories: 品类.csv\n")
    assert found == []
    assert settings.categories == (CategoryRule("水果", ("车厘子",), (), 7), CategoryRule("海鲜", ("三文鱼",)))


@pytest.mark.parametrize(
    ("text", "file", "expected"),
    [
        ("categories: {水果: {cycle_days: 7}}\n", "", ["PB117@1"]),
        ("categories: {水果: {title: 桃, cycle_days: 0}}\n", "", ["PB301@1"]),
        ("categories: {水果: {tilte: 桃}}\n", "", ["PB114@1"]),
        ("categories: 没有.csv\n", "", ["PB221@1"]),
        ("categories: 品类.csv\n", "品类,别的\n水果,桃\n", ["PB203@1"]),
        ("categories: 品类.csv\n", "品类,商品名称\n水果,\n,桃\n", ["PB117@2", "PB117@3"]),
        ("categories: 品类.csv\n", "品类,商品名称,周期天数\n水果,桃,一周\n", ["PB301@2"]),
    ],
)
def test_what_is_wrong_with_categories_is_told(tmp_path: Path, text: str, file: str, expected: list[str]) -> None:
    (tmp_path / "品类.csv").write_text(file, encoding="utf-8")
    assert read(tmp_path, text)[1] == expected
