"""`pdo test --record` writes an example that holds, without whom it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.inside import Shop

pytestmark = pytest.mark.slow

RULES = """\
version: 1
playbook: 规则
metrics:
  累计消费: {orders: amount}
tags:
  爱水果: {group: 偏好, when: {items: {where: {category: 水果}}}}
  久未来: {group: 行为, when: {orders: {last: 30d..}}}
  手选: {group: 手工}
lifecycles:
  阶段:
    stages: [新, 熟]
    initial: 新
    transitions: [{from: 新, to: 熟, when: {orders: {}}}]
scores:
  分: {rules: [{each: {events: {type: 看}}, add: 2}]}
segments:
  名单: {when: {tag: 爱水果}}
"""
SETTINGS = "language: zh\nattributes:\n  customers:\n    病史: {type: text, sensitive: true}\n    体型: {type: text}\n"
FILES = {
    "customers": """\
客户编号,姓名,手机号,备注名,跟进人,病史,体型
K1,赵钱孙,13711112222,老赵,店员甲,高血压,高
K2,李周吴,,,店员甲,,
K3,无关者,,,,,
""",
    "products": "商品编码,品类\nS1,水果\n",
    "orders": """\
订单编号,客户编号,支付时间,实付金额
TB99001,K1,2026-01-05,88.8
TB99002,K2,2026-03-01,5
TB99003,K3,2026-03-01,5
""",
    "items": "订单编号,商品编码,金额\nTB99001,S1,88.8\n",
    "events": "客户编号,类型,时间\nK2,看,2026-03-01 08:00\n",
    "tags": "客户编号,标签\nK2,手选\n",
}
PERSONAL = ("K1", "K2", "K3", "赵钱孙", "李周吴", "13711112222", "老赵", "店员甲", "高血压", "TB9900")


def test_it_holds_and_names_nobody(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path / "店")
    shop.write("pdo.yaml", SETTINGS)
    for path in (shop.root / "playbooks").iterdir():
        path.unlink()
    shop.write("playbooks/规则.yaml", RULES)
    for kind, text in FILES.items():
        shop.pdo("import", kind, str(shop.write(f"{kind}.csv", text)), "--allow-sensitive")
    shop.pdo("run", "--as-of", "2026-03-02T09:00")
    target = shop.root / "playbooks" / "录.cases.yaml"
    record = ("test", "--as-of", "2026-03-02T09:00", "--output", str(target), "--record")
    shop.pdo(*record, "K1", "K2")
    shop.pdo(*record, "13711112222")
    text = target.read_text("utf-8")
    assert [word for word in PERSONAL if word in text] == []
    assert text.count("- name:") == 2
    assert "tags: {客户1: [久未来, 爱水果], 客户2: [手选]}" in text
    assert "体型: 高" in text
    assert "累计消费: {客户1: 88.80, 客户2: 5.00}" in text
    assert shop.pdo("test").stdout == "2 个例子，全部通过。\n"
    assert shop.pdo("test", "--as-of", "2026-03-02T09:00", "--record", "K1").stdout.startswith("- name: ")
    assert shop.pdo("test", "--record", "没有", code=2).stderr
    assert shop.pdo(*record[:-2], str(shop.root / "规则.yaml"), "--record", "K1", code=2).stderr
